//! What makes fused iterations, wherever it does.

use std::ops::Range;

use super::orders::Orders;

/// A device's memory could not be read: it may be lost.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The device could not be read: {0}.")]
pub struct Unreadable(pub String);

/// Fused iterations of a batch of rows.
pub trait Iterate {
    /// Numbers, where these iterations have theirs. Cloning copies none.
    type Values: Clone;

    /// How many iterations are ordered at once, at most, however little work they are.
    const LONGEST_LAUNCH: usize;

    /// Brings numbers to where they are needed.
    fn bring(&self, values: Vec<f32>) -> Self::Values;

    /// Makes the iterations that are ordered. `before` begins as a [`Frame`]'s values do, up to the end
    /// of its state; what comes back is all of a frame's values. Waits for nothing.
    ///
    /// [`Frame`]: crate::frame::Frame
    fn run(&mut self, before: &Self::Values, orders: &Orders) -> Self::Values;

    /// Fetches parts of some values, one behind the other.
    ///
    /// The future fails when the device cannot be read.
    fn read(
        &mut self,
        parts: &[(Self::Values, Range<usize>)],
    ) -> impl Future<Output = Result<Vec<f32>, Unreadable>> + use<Self>;
}
