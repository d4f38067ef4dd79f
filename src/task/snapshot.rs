//! What is read from a run: its images, the state to resume from, and the trace of its iterations.

use std::ops::Range;

use crate::network::{DIGITS, PIXELS};

/// How many numbers the trace holds for each row and iteration: ten log-probabilities and the loss.
pub const TRACE_STRIDE: usize = DIGITS + 1;

/// A run as it was at one iteration, with the trace of the iterations before.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    values: Vec<f32>,
    rows: usize,
    parameters: usize,
    iteration: usize,
}

/// The ranges of the parts of a [`Snapshot`] within its values.
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
    /// A snapshot of `rows` images with `parameters` parameters each. `values` holds its parts, one
    /// after the other.
    pub(crate) fn new(values: Vec<f32>, rows: usize, parameters: usize, iteration: usize) -> Self {
        Self {
            values,
            rows,
            parameters,
            iteration,
        }
    }

    /// How many values a snapshot has whose trace covers `traced` iterations.
    pub fn length(rows: usize, parameters: usize, traced: usize) -> usize {
        rows * (PIXELS + 3 * parameters + TRACE_STRIDE * (traced + 1))
    }

    /// Iterations made so far.
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// All values, one part after the other.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The ranges of the parts within [`Snapshot::values`].
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

    /// What `resume` needs, `[3, n, k]`: the parameters of the images (their pixels, unless another
    /// parameterization was asked for), then the first and second moments: the running
    /// means of the gradient and of its square, which every optimizer keeps.
    pub fn state(&self) -> &[f32] {
        &self.values[self.parts().state]
    }

    /// What the network gives for these images, `[n, 11]`: log-probabilities of 0 to 9, then the loss.
    pub fn now(&self) -> &[f32] {
        &self.values[self.parts().now]
    }

    /// The numbers of [`Snapshot::now`] for each of the `t` iterations since the last snapshot, as they
    /// were before that iteration changed the images: `[t, n, 11]`.
    pub fn trace(&self) -> &[f32] {
        &self.values[self.parts().trace]
    }
}
