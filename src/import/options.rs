//! What a file does not say of its network, and a person has to.

use serde::Deserialize;

use crate::network::architecture::{ActivationFunction, Input, PoolingKind};
use crate::number::whole;

/// More readings than any file has.
const MAX_CANDIDATES: usize = 1000;

/// What a file does not say of its network. The default is the lab's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImportOptions {
    /// Between the layers.
    pub activation: ActivationFunction,
    /// Where maps are pooled.
    pub pooling: PoolingKind,
    /// Which of `Inferred::candidates`.
    pub candidate: usize,
    /// What was subtracted from pixels in [0, 1], −100 to 100.
    pub mean: f64,
    /// What they were then divided by, 0.001 to 100.
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

/// The same as JavaScript writes it, whose numbers may be any.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    activation: ActivationFunction,
    pooling: PoolingKind,
    candidate: f64,
    mean: f64,
    std: f64,
}

impl Default for Written {
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
    /// From JSON; what is left out is the lab's.
    ///
    /// # Errors
    ///
    /// When it is something else, or a number is out of its range.
    pub fn from_json(json: &str) -> Result<Self, OptionError> {
        let it: Written =
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
                .ok_or(OptionError::Reading(it.candidate))?,
            mean: it.mean,
            std: it.std,
        })
    }
}

/// A choice that cannot be used, in words for the person who made it.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum OptionError {
    #[error("The choices for the network cannot be read ({0}).")]
    Json(String),
    #[error(
        "The mean of the input is {0}. It must lie between -100 and 100; for pixels from 0 to 1 it is 0."
    )]
    Mean(f64),
    #[error(
        "The standard deviation of the input is {0}. It must lie between 0.001 and 100; for pixels from 0 to 1 it is 1."
    )]
    Std(f64),
    #[error("The reading {found} of the network was chosen. There are {count}, counted from 0.")]
    Candidate { found: usize, count: usize },
    #[error(
        "The reading {0} of the network was chosen. Readings are counted in whole numbers from 0."
    )]
    Reading(f64),
}
