//! What a run is for, from its first iteration to its last.

use crate::form::Form;
use crate::goal::Goal;

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
