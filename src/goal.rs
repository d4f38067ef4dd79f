//! What a run is for: what is asked of every row.

use crate::architecture::{Architecture, DIGITS};

/// What a run is for. The rows of a run choose among ten digits, or among the units of a layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Goal {
    /// The lab's: (ln p(digit) − ln target)².
    #[default]
    Distance,
    /// −ln p(digit).
    LogProbability,
    /// −logit(digit), which, unlike a probability, does not gain from other digits' losses.
    Logit,
    /// logit(other) − logit(digit): what makes it the one and not the other.
    Difference {
        /// The digit that it is not to be.
        other: u8,
    },
    /// −activation of a unit before its nonlinearity, or of a filter, on average over the map.
    Unit {
        /// `fc1`, `conv2`, …: see [`Architecture::hidden`].
        layer: String,
    },
}

impl Goal {
    /// How many things a row can choose among; nothing, if the architecture has no such layer.
    pub fn choices(&self, architecture: &Architecture) -> Option<usize> {
        match self {
            Self::Unit { layer } => (architecture.hidden().into_iter())
                .find(|(name, _)| name == layer)
                .map(|(_, units)| units),
            _ => Some(DIGITS),
        }
    }
}
