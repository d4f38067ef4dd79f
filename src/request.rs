//! A run as JavaScript asks for it: JSON → where the images begin, and the task.

use std::sync::Arc;

use serde::Deserialize;

use crate::checks;
use crate::form::Form;
use crate::goal::Goal;
use crate::prior::Prior;
use crate::settings::{SettingError, Start};
use crate::task::Task;

/// What a run begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Of the start noise and of the random moves.
    pub seed: u32,
    /// Of the start noise.
    pub deviation: f64,
    /// What is asked of every row.
    pub goal: Goal,
    /// The coordinates in which the images are moved.
    pub form: FormName,
    /// How the iterations are made.
    pub path: PathName,
}

/// The same as JavaScript writes it, whose numbers may be any.
#[derive(Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    seed: f64,
    deviation: f64,
    goal: WrittenGoal,
    form: FormName,
    path: PathName,
}

/// A [`Goal`], likewise.
#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum WrittenGoal {
    #[default]
    Distance,
    LogProbability,
    Logit,
    Difference {
        other: f64,
    },
    Unit {
        layer: String,
    },
}

/// The ways to make iterations, by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathName {
    /// Fused, where a plan covers what is asked: see [`crate::fused`].
    #[default]
    Fused,
    /// Operation by operation, with Burn's autodiff: see [`crate::maximizer`].
    Plain,
}

/// The forms, by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormName {
    /// See [`Form::Pixels`].
    #[default]
    Pixels,
    /// See [`Form::Sigmoid`].
    Sigmoid,
    /// See [`Form::Fourier`].
    Fourier,
    /// See [`Form::Prior`].
    Prior,
}

impl Default for Request {
    /// The lab's.
    fn default() -> Self {
        Self {
            seed: 1,
            deviation: 0.01,
            goal: Goal::default(),
            form: FormName::default(),
            path: PathName::default(),
        }
    }
}

impl Default for Written {
    fn default() -> Self {
        let Request {
            seed, deviation, ..
        } = Request::default();
        Self {
            seed: seed.into(),
            deviation,
            goal: WrittenGoal::default(),
            form: FormName::default(),
            path: PathName::default(),
        }
    }
}

impl WrittenGoal {
    fn checked(self) -> Result<Goal, SettingError> {
        Ok(match self {
            Self::Distance => Goal::Distance,
            Self::LogProbability => Goal::LogProbability,
            Self::Logit => Goal::Logit,
            Self::Difference { other } => Goal::Difference {
                other: checks::digit(other)?,
            },
            Self::Unit { layer } => Goal::Unit { layer },
        })
    }
}

impl Request {
    /// From JSON; what is left out is the lab's.
    ///
    /// # Errors
    ///
    /// When it is something else, or a number is out of its range.
    pub fn from_json(json: &str) -> Result<Self, SettingError> {
        let written: Written =
            serde_json::from_str(json).map_err(|error| SettingError::Json(error.to_string()))?;
        Ok(Self {
            seed: checks::seed(written.seed)?,
            deviation: checks::deviation(written.deviation)?,
            goal: written.goal.checked()?,
            form: written.form,
            path: written.path,
        })
    }

    /// Where the images begin: at `image`, or at noise.
    pub fn start(&self, image: Option<Vec<f32>>) -> Start {
        match image {
            Some(pixels) => Start::Image(pixels),
            None => Start::Noise {
                seed: self.seed,
                deviation: self.deviation,
            },
        }
    }

    /// The task, in a form of that name.
    ///
    /// # Errors
    ///
    /// When it is to be made of principal components, and there are none.
    pub fn task(&self, prior: Option<&Arc<Prior>>) -> Result<Task, SettingError> {
        let form = match self.form {
            FormName::Pixels => Form::Pixels,
            FormName::Sigmoid => Form::Sigmoid,
            FormName::Fourier => Form::Fourier,
            FormName::Prior => Form::Prior(prior.ok_or(SettingError::NoPrior)?.clone()),
        };
        Ok(Task {
            goal: self.goal.clone(),
            form,
            seed: self.seed,
        })
    }
}
