//! What a run is for, from its first iteration to its last.

pub mod checks;
pub mod error;
pub mod noise;
pub mod objective;
pub mod parameterization;
pub mod pca;
pub mod regularizers;
pub mod request;
pub mod settings;
pub mod snapshot;
pub mod start;
pub mod transforms;

pub use self::error::SettingError;
pub use self::objective::Objective;
pub use self::parameterization::Parameterization;
pub use self::pca::Pca;
pub use self::regularizers::Regularizers;
pub use self::settings::Settings;
pub use self::snapshot::Snapshot;
pub use self::start::Start;
pub use self::transforms::Transforms;

use self::checks::{check_rows, check_state};
use crate::network::architecture::Architecture;

/// A run's task.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// What is asked of every row.
    pub objective: Objective,
    /// The coordinates in which the images are moved.
    pub parameterization: Parameterization,
    /// Of the random transforms in every iteration.
    pub seed: u32,
}

impl Default for Task {
    /// The lab's.
    fn default() -> Self {
        Self {
            objective: Objective::TargetProbability,
            parameterization: Parameterization::Pixels,
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
    /// As [`Snapshot::state`](crate::task::snapshot::Snapshot::state).
    pub state: Vec<f32>,
}

impl Task {
    /// Opens a run of this task, from the beginning or `from` the iteration and the state of another
    /// of the same rows, start and task.
    ///
    /// # Errors
    ///
    /// When the rows, the start image, the objective or the state cannot be used.
    pub(crate) fn open(
        &self,
        architecture: &Architecture,
        rows: &[u16],
        start: Start,
        from: Option<(usize, &[f32])>,
    ) -> Result<Opening, SettingError> {
        check_rows(rows, &self.objective, architecture)?;
        let start = start.images(rows.len(), &self.parameterization)?;
        let (iteration, state) = match from {
            Some((iteration, state)) => {
                check_state(state, rows.len(), self.parameterization.parameters())?;
                (iteration, state.to_vec())
            }
            None => (0, self.parameterization.state_of(&start)),
        };
        Ok(Opening {
            start,
            iteration,
            state,
        })
    }
}
