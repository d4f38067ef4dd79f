//! Executors: what makes the iterations of a [`Schedule`].

use burn::tensor::Tensor;

use super::schedule::Schedule;
use crate::task::Settings;

/// Makes the iterations of one run, on one device.
pub trait Executor {
    /// Whether it can do everything that these settings ask for. [`Maximizer`](crate::reference::Maximizer) does
    /// the iterations that it cannot do.
    fn covers(&self, settings: &Settings) -> bool;

    /// The most iterations in one launch, however little work they are.
    fn longest_launch(&self) -> usize;

    /// Makes the iterations that are asked for. `before` begins as the values of a [`Snapshot`] do, up to
    /// the end of its state; what comes back is all values of a frame. Waits for nothing.
    ///
    /// [`Snapshot`]: crate::task::Snapshot
    fn run(&mut self, before: Tensor<1>, schedule: &Schedule) -> Tensor<1>;
}
