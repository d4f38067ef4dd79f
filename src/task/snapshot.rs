//! What is read of a run: its images, all that it consists of, and how its iterations went.

use std::ops::Range;

use crate::network::architecture::{DIGITS, PIXELS};

/// Numbers that the trace holds for a row and an iteration: ten log-probabilities and the loss.
pub const TRACE_STRIDE: usize = DIGITS + 1;

/// What was read of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    values: Vec<f32>,
    rows: usize,
    parameters: usize,
    iteration: usize,
}

/// Where the parts of a [`Snapshot`] lie in its values.
pub struct Parts {
    /// See [`Snapshot::images`].
    pub images: Range<usize>,
    /// See [`Snapshot::state`].
    pub state: Range<usize>,
    /// See [`Snapshot::now`].
    pub now: Range<usize>,
    /// See [`Snapshot::trace`].
    pub trace: Range<usize>,
}

impl Snapshot {
    /// Of `rows` images of so many parameters each: `values` are its parts, one after the other.
    pub(crate) fn new(values: Vec<f32>, rows: usize, parameters: usize, iteration: usize) -> Self {
        Self {
            values,
            rows,
            parameters,
            iteration,
        }
    }

    /// How many numbers there are where the trace has so many iterations.
    pub fn length(rows: usize, parameters: usize, traced: usize) -> usize {
        rows * (PIXELS + 3 * parameters + TRACE_STRIDE * (traced + 1))
    }

    /// Iterations made.
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// All numbers, one part after the other.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Where the parts lie.
    pub fn parts(&self) -> Parts {
        let images = self.rows * PIXELS;
        let state = images + 3 * self.rows * self.parameters;
        let now = state + self.rows * TRACE_STRIDE;
        Parts {
            images: 0..images,
            state: images..state,
            now: state..now,
            trace: now..self.values.len(),
        }
    }

    /// Pixels, `[n, 28, 28]`.
    pub fn images(&self) -> &[f32] {
        &self.values[self.parts().images]
    }

    /// All that the run consists of, `[3, n, k]`: the parameters of the images, which are the pixels
    /// unless another form was asked for, and Adam's running means of the gradient and of its
    /// square. Hand it to `resume`, of whichever run.
    pub fn state(&self) -> &[f32] {
        &self.values[self.parts().state]
    }

    /// For the images as they are, `[n, 11]`: log-probabilities of 0 to 9, then the loss.
    pub fn now(&self) -> &[f32] {
        &self.values[self.parts().now]
    }

    /// The same for the `k` iterations since the last frame, before each moved the images:
    /// `[k, n, 11]`.
    pub fn trace(&self) -> &[f32] {
        &self.values[self.parts().trace]
    }
}
