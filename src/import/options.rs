//! Import options: what a file does not say about its network, so that a person has to.

use serde::Deserialize;

use crate::network::{ActivationFunction, Input, PoolingKind};
use crate::number::whole;

/// More candidates than any file has.
const MAX_CANDIDATES: usize = 1000;

/// What a file does not say about its network. The default is what the lab's networks have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImportOptions {
    /// The activation function between the layers.
    pub activation: ActivationFunction,
    /// The kind of pooling, where there is pooling.
    pub pooling: PoolingKind,
    /// The index of one of [`Inferred::candidates`](super::Inferred::candidates).
    pub candidate: usize,
    /// What is subtracted from pixels in [0, 1], −100 to 100.
    pub mean: f64,
    /// What the difference is divided by, 0.001 to 100.
    pub std: f64,
}

impl Default for ImportOptions {
    fn default() -> Self {
        let Input { mean, std } = Input::default();
        Self {
            activation: ActivationFunction::default(),
            pooling: PoolingKind::default(),
            candidate: 0,
            mean,
            std,
        }
    }
}

/// [`ImportOptions`] as JSON has them: JavaScript's numbers are `f64` and not checked yet.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct JsonOptions {
    activation: ActivationFunction,
    pooling: PoolingKind,
    candidate: f64,
    mean: f64,
    std: f64,
}

impl Default for JsonOptions {
    fn default() -> Self {
        let ImportOptions {
            activation,
            pooling,
            candidate,
            mean,
            std,
        } = ImportOptions::default();
        Self {
            activation,
            pooling,
            candidate: candidate as f64,
            mean,
            std,
        }
    }
}

impl ImportOptions {
    /// Reads options from JSON; what is left out has its default value.
    ///
    /// # Errors
    ///
    /// When the JSON has another structure, or a number is out of its range.
    pub fn from_json(json: &str) -> Result<Self, OptionError> {
        let it: JsonOptions =
            serde_json::from_str(json).map_err(|error| OptionError::Json(error.to_string()))?;
        if !(-100.0..=100.0).contains(&it.mean) {
            return Err(OptionError::Mean(it.mean));
        }
        if !(0.001..=100.0).contains(&it.std) {
            return Err(OptionError::Std(it.std));
        }
        Ok(Self {
            activation: it.activation,
            pooling: it.pooling,
            candidate: whole(it.candidate, MAX_CANDIDATES - 1)
                .ok_or(OptionError::CandidateNumber(it.candidate))?,
            mean: it.mean,
            std: it.std,
        })
    }
}

/// An import option that cannot be used, in words for the person who chose it.
#[derive(Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "each variant's message explains it")]
pub enum OptionError {
    #[error("The import options cannot be read ({0}).")]
    Json(String),
    #[error(
        "The mean of the input is {0}. It must lie between -100 and 100; for pixels from 0 to 1 it is 0."
    )]
    Mean(f64),
    #[error(
        "The standard deviation of the input is {0}. It must lie between 0.001 and 100; for pixels from 0 to 1 it is 1."
    )]
    Std(f64),
    #[error("The candidate is {found}. The file has {count}, counted from 0.")]
    Candidate { found: usize, count: usize },
    #[error("The candidate is {0}. Candidates are counted in whole numbers from 0.")]
    CandidateNumber(f64),
}
