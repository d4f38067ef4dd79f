//! Executors: what computes the iterations of a [`Schedule`].

use burn::tensor::Tensor;

use super::schedule::Schedule;
use crate::task::Settings;

/// Computes the iterations of one run, on one device.
pub trait Executor {
    /// Whether it can compute iterations with these settings. [`Maximizer`](crate::reference::Maximizer)
    /// computes those that it cannot.
    fn covers(&self, settings: &Settings) -> bool;

    /// The most iterations in one launch, however little work they are.
    fn longest_launch(&self) -> usize;

    /// Computes the iterations of a schedule. `before` begins as the values of a [`Snapshot`] do, up to the
    /// end of its state; what comes back is all values of a snapshot. Does not wait for the device.
    ///
    /// [`Snapshot`]: crate::task::Snapshot
    fn run(&mut self, before: Tensor<1>, schedule: &Schedule) -> Tensor<1>;
}
