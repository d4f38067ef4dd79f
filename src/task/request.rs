//! A run as JavaScript asks for it: JSON → where the images begin, and the task.

use std::sync::Arc;

use serde::Deserialize;

use crate::task::Pca;
use crate::task::Task;
use crate::task::checks;
use crate::task::objective::Objective;
use crate::task::parameterization::Parameterization;
use crate::task::{SettingError, Start};

/// What a run begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Of the start noise and of the random transforms.
    pub seed: u32,
    /// Standard deviation of the start noise.
    pub noise_std: f64,
    /// What is asked of every row.
    pub objective: Objective,
    /// The coordinates in which the images are moved.
    pub parameterization: ParameterizationName,
    /// How the iterations are made.
    pub path: PathName,
}

/// The same as JavaScript writes it, whose numbers may be any.
#[derive(Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    seed: f64,
    noise_std: f64,
    objective: WrittenObjective,
    parameterization: ParameterizationName,
    path: PathName,
}

/// An [`Objective`], likewise.
#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum WrittenObjective {
    #[default]
    TargetProbability,
    LogProbability,
    Logit,
    LogitDifference {
        other: f64,
    },
    Neuron {
        layer: String,
    },
    Channel {
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
    /// Operation by operation, with Burn's autodiff: see [`crate::reference::Maximizer`].
    Reference,
}

/// The parameterizations, by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterizationName {
    /// See [`Parameterization::Pixels`].
    #[default]
    Pixels,
    /// See [`Parameterization::Sigmoid`].
    Sigmoid,
    /// See [`Parameterization::Fourier`].
    Fourier,
    /// See [`Parameterization::Pca`].
    Pca,
}

impl Default for Request {
    /// The lab's.
    fn default() -> Self {
        Self {
            seed: 1,
            noise_std: 0.01,
            objective: Objective::default(),
            parameterization: ParameterizationName::default(),
            path: PathName::default(),
        }
    }
}

impl Default for Written {
    fn default() -> Self {
        let Request {
            seed, noise_std, ..
        } = Request::default();
        Self {
            seed: seed.into(),
            noise_std,
            objective: WrittenObjective::default(),
            parameterization: ParameterizationName::default(),
            path: PathName::default(),
        }
    }
}

impl WrittenObjective {
    fn checked(self) -> Result<Objective, SettingError> {
        Ok(match self {
            Self::TargetProbability => Objective::TargetProbability,
            Self::LogProbability => Objective::LogProbability,
            Self::Logit => Objective::Logit,
            Self::LogitDifference { other } => Objective::LogitDifference {
                other: checks::digit(other)?,
            },
            Self::Neuron { layer } => Objective::Neuron { layer },
            Self::Channel { layer } => Objective::Channel { layer },
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
            noise_std: checks::noise_std(written.noise_std)?,
            objective: written.objective.checked()?,
            parameterization: written.parameterization,
            path: written.path,
        })
    }

    /// Where the images begin: at `image`, or at noise.
    pub fn start(&self, image: Option<Vec<f32>>) -> Start {
        match image {
            Some(pixels) => Start::Image(pixels),
            None => Start::Noise {
                seed: self.seed,
                std: self.noise_std,
            },
        }
    }

    /// The task, in a form of that name.
    ///
    /// # Errors
    ///
    /// When it is to be made of principal components, and there are none.
    pub fn task(&self, prior: Option<&Arc<Pca>>) -> Result<Task, SettingError> {
        let parameterization = match self.parameterization {
            ParameterizationName::Pixels => Parameterization::Pixels,
            ParameterizationName::Sigmoid => Parameterization::Sigmoid,
            ParameterizationName::Fourier => Parameterization::Fourier,
            ParameterizationName::Pca => {
                Parameterization::Pca(prior.ok_or(SettingError::NoPca)?.clone())
            }
        };
        Ok(Task {
            objective: self.objective.clone(),
            parameterization,
            seed: self.seed,
        })
    }
}
