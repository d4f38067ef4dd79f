//! What a run is for, from its first iteration to its last.

use crate::architecture::Architecture;
use crate::checks::{check_rows, check_state};
use crate::form::Form;
use crate::goal::Goal;
use crate::settings::{SettingError, Start};

/// A run's task.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// What is asked of every row.
    pub goal: Goal,
    /// The coordinates in which the images are moved.
    pub form: Form,
    /// Of the random moves in every iteration.
    pub seed: u32,
}

impl Default for Task {
    /// The lab's.
    fn default() -> Self {
        Self {
            goal: Goal::Distance,
            form: Form::Pixels,
            seed: 1,
        }
    }
}

/// What a run begins with, or goes on from, once all of it was checked.
pub(crate) struct Opening {
    /// The start images, `[n, 784]`.
    pub start: Vec<f32>,
    /// Iterations made.
    pub iteration: usize,
    /// As [`Frame::state`](crate::frame::Frame::state).
    pub state: Vec<f32>,
}

impl Task {
    /// Opens a run of this task, from the beginning or `from` the iteration and the state of another
    /// of the same rows, start and task.
    ///
    /// # Errors
    ///
    /// When the rows, the start image, the goal or the state cannot be used.
    pub(crate) fn open(
        &self,
        architecture: &Architecture,
        rows: &[u16],
        start: Start,
        from: Option<(usize, &[f32])>,
    ) -> Result<Opening, SettingError> {
        check_rows(rows, &self.goal, architecture)?;
        let start = start.on_ground(rows.len(), &self.form)?;
        let (iteration, state) = match from {
            Some((iteration, state)) => {
                check_state(state, rows.len(), self.form.parameters())?;
                (iteration, state.to_vec())
            }
            None => (0, self.form.state_of(&start)),
        };
        Ok(Opening {
            start,
            iteration,
            state,
        })
    }
}
