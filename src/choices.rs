//! What a file does not say of its network, and a person has to.

use serde::Deserialize;

use crate::architecture::{Input, Nonlinearity, PoolingKind};
use crate::checks::whole;

/// More readings than any file has.
const MAX_CANDIDATES: usize = 1000;

/// What a file does not say of its network. The default is the lab's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choices {
    /// Between the layers.
    pub activation: Nonlinearity,
    /// Where maps are pooled.
    pub pooling: PoolingKind,
    /// Which of `Recognised::candidates`.
    pub candidate: usize,
    /// What was subtracted from pixels in [0, 1], −100 to 100.
    pub mean: f64,
    /// What they were then divided by, 0.001 to 100.
    pub deviation: f64,
}

impl Default for Choices {
    fn default() -> Self {
        let Input { mean, deviation } = Input::default();
        Self {
            activation: Nonlinearity::default(),
            pooling: PoolingKind::default(),
            candidate: 0,
            mean,
            deviation,
        }
    }
}

/// The same as JavaScript writes it, whose numbers may be any.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    activation: Nonlinearity,
    pooling: PoolingKind,
    candidate: f64,
    mean: f64,
    deviation: f64,
}

impl Default for Written {
    fn default() -> Self {
        let Choices {
            activation,
            pooling,
            candidate,
            mean,
            deviation,
        } = Choices::default();
        Self {
            activation,
            pooling,
            candidate: candidate as f64,
            mean,
            deviation,
        }
    }
}

impl Choices {
    /// From JSON; what is left out is the lab's.
    ///
    /// # Errors
    ///
    /// When it is something else, or a number is out of its range.
    pub fn from_json(json: &str) -> Result<Self, ChoiceError> {
        let it: Written =
            serde_json::from_str(json).map_err(|error| ChoiceError::Json(error.to_string()))?;
        if !(-100.0..=100.0).contains(&it.mean) {
            return Err(ChoiceError::Mean(it.mean));
        }
        if !(0.001..=100.0).contains(&it.deviation) {
            return Err(ChoiceError::Deviation(it.deviation));
        }
        Ok(Self {
            activation: it.activation,
            pooling: it.pooling,
            candidate: whole(it.candidate, MAX_CANDIDATES - 1)
                .ok_or(ChoiceError::Reading(it.candidate))?,
            mean: it.mean,
            deviation: it.deviation,
        })
    }
}

/// A choice that cannot be used, in words for the person who made it.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum ChoiceError {
    #[error("The choices for the network cannot be read ({0}).")]
    Json(String),
    #[error(
        "The mean of the input is {0}. It must lie between -100 and 100; for pixels from 0 to 1 it is 0."
    )]
    Mean(f64),
    #[error(
        "The deviation of the input is {0}. It must lie between 0.001 and 100; for pixels from 0 to 1 it is 1."
    )]
    Deviation(f64),
    #[error("The reading {found} of the network was chosen. There are {count}, counted from 0.")]
    Candidate { found: usize, count: usize },
    #[error(
        "The reading {0} of the network was chosen. Readings are counted in whole numbers from 0."
    )]
    Reading(f64),
}
