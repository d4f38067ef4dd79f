//! A run as JavaScript asks for it: JSON → the start image, the task and the path.

use std::sync::Arc;

use serde::Deserialize;

use super::{Objective, Parameterization, Pca, Position, SettingError, Start, Task, checks};

/// What JavaScript asks of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The seed of the start noise and of the random transforms.
    pub seed: u32,
    /// Standard deviation of the start noise.
    pub noise_std: f64,
    /// What the network is asked to give for every row.
    pub objective: Objective,
    /// The coordinates in which the images are optimized.
    pub parameterization: ParameterizationName,
    /// How the iterations are computed.
    pub path: PathName,
}

/// A [`Request`] as JSON has it: JavaScript's numbers are `f64` and not checked yet.
#[derive(Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct JsonRequest {
    seed: f64,
    noise_std: f64,
    objective: JsonObjective,
    parameterization: ParameterizationName,
    path: PathName,
}

/// An [`Objective`] as JSON has it.
#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum JsonObjective {
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
        position: Option<JsonPosition>,
    },
}

/// A [`Position`] as JSON has it: `"center"`, or the row and the column.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a position must be \"center\", or a row and a column like [4, 4]"
)]
enum JsonPosition {
    Named(NamedPosition),
    At([f64; 2]),
}

/// The positions that have a name.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum NamedPosition {
    Center,
}

/// The ways to compute iterations, by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathName {
    /// Whole iterations fused, where the fused path can do what is asked: see [`crate::fused`].
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
    /// The lab's values.
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

impl Default for JsonRequest {
    fn default() -> Self {
        let Request {
            seed, noise_std, ..
        } = Request::default();
        Self {
            seed: seed.into(),
            noise_std,
            objective: JsonObjective::default(),
            parameterization: ParameterizationName::default(),
            path: PathName::default(),
        }
    }
}

impl JsonObjective {
    fn checked(self) -> Result<Objective, SettingError> {
        Ok(match self {
            Self::TargetProbability => Objective::TargetProbability,
            Self::LogProbability => Objective::LogProbability,
            Self::Logit => Objective::Logit,
            Self::LogitDifference { other } => Objective::LogitDifference {
                other: checks::digit(other)?,
            },
            Self::Neuron { layer } => Objective::Neuron { layer },
            Self::Channel { layer, position } => Objective::Channel {
                layer,
                position: position.map(JsonPosition::checked).transpose()?,
            },
        })
    }
}

impl JsonPosition {
    fn checked(self) -> Result<Position, SettingError> {
        match self {
            Self::Named(NamedPosition::Center) => Ok(Position::Center),
            Self::At(position) => checks::position(position),
        }
    }
}

impl Request {
    /// Reads a request from JSON; what is left out has the lab's value.
    ///
    /// # Errors
    ///
    /// When the JSON has another structure, or a number is out of its range.
    pub fn from_json(json: &str) -> Result<Self, SettingError> {
        let json: JsonRequest =
            serde_json::from_str(json).map_err(|error| SettingError::Json(error.to_string()))?;
        Ok(Self {
            seed: checks::seed(json.seed)?,
            noise_std: checks::noise_std(json.noise_std)?,
            objective: json.objective.checked()?,
            parameterization: json.parameterization,
            path: json.path,
        })
    }

    /// The start image: `image`, or noise without it.
    pub fn start(&self, image: Option<Vec<f32>>) -> Start {
        match image {
            Some(pixels) => Start::Image(pixels),
            None => Start::Noise {
                seed: self.seed,
                std: self.noise_std,
            },
        }
    }

    /// The task. `pca` is needed for the parameterization of that name alone.
    ///
    /// # Errors
    ///
    /// When the parameterization is `pca`, and `pca` is `None`.
    pub fn task(&self, pca: Option<&Arc<Pca>>) -> Result<Task, SettingError> {
        let parameterization = match self.parameterization {
            ParameterizationName::Pixels => Parameterization::Pixels,
            ParameterizationName::Sigmoid => Parameterization::Sigmoid,
            ParameterizationName::Fourier => Parameterization::Fourier,
            ParameterizationName::Pca => {
                Parameterization::Pca(pca.ok_or(SettingError::NoPca)?.clone())
            }
        };
        Ok(Task {
            objective: self.objective.clone(),
            parameterization,
            seed: self.seed,
        })
    }
}
