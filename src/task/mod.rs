//! What a run is asked to do, in plain numbers: objective, parameterization, regularizers,
//! transforms, start image and settings, and the [`Snapshot`] that is read from it. Everything that
//! comes from outside is checked here ([`checks`]). Nothing in this room knows of tensors.

pub mod checks;
mod error;
mod noise;
mod objective;
mod optimizer;
mod parameterization;
mod pca;
mod regularizers;
mod request;
mod settings;
mod snapshot;
mod start;
mod transforms;

pub use self::error::SettingError;
pub use self::noise::gaussian;
pub use self::objective::{Objective, Position};
pub use self::optimizer::Optimizer;
pub use self::parameterization::{FourierBasis, Parameterization};
pub use self::pca::Pca;
pub use self::regularizers::Regularizers;
pub use self::request::{ParameterizationName, PathName, Request};
pub use self::settings::Settings;
pub use self::snapshot::{Parts, Snapshot, TRACE_STRIDE};
pub use self::start::Start;
pub use self::transforms::{Source, Transform, Transforms, blur_weights};

use self::checks::{check_rows, check_state};
use crate::network::Architecture;

/// What stays the same from a run's first iteration to its last.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// What the network is asked to give for every row.
    pub objective: Objective,
    /// The coordinates in which the images are optimized.
    pub parameterization: Parameterization,
    /// The seed of the random transforms.
    pub seed: u32,
}

impl Default for Task {
    /// The lab's task: the target probability, with the pixels as the parameters.
    fn default() -> Self {
        Self {
            objective: Objective::TargetProbability,
            parameterization: Parameterization::Pixels,
            seed: 1,
        }
    }
}

/// What a run begins with or resumes from, already checked.
pub(crate) struct InitialState {
    /// The start images, `[n, 784]`.
    pub(crate) start: Vec<f32>,
    /// Iterations already made.
    pub(crate) iteration: usize,
    /// Parameters and moments, as [`Snapshot::state`] has them.
    pub(crate) state: Vec<f32>,
}

impl Task {
    /// Checks what a run of this task needs and returns its first state. `from` is the iteration and
    /// the state of an earlier run with the same rows, start and task; without it the run begins at
    /// iteration 0.
    ///
    /// # Errors
    ///
    /// When the rows, the start image, the objective or the state cannot be used.
    pub(crate) fn initial_state(
        &self,
        architecture: &Architecture,
        rows: &[u16],
        start: Start,
        from: Option<(usize, &[f32])>,
    ) -> Result<InitialState, SettingError> {
        check_rows(rows, &self.objective, architecture)?;
        let start = start.images(rows.len(), &self.parameterization)?;
        let (iteration, state) = match from {
            Some((iteration, state)) => {
                check_state(state, rows.len(), self.parameterization.parameters())?;
                (iteration, state.to_vec())
            }
            None => (0, self.parameterization.initial_state(&start)),
        };
        Ok(InitialState {
            start,
            iteration,
            state,
        })
    }
}
