//! What the network is asked to give for every image of a run.
//!
//! Erhan et al. 2009 maximize a neuron's activation; the lab minimizes the distance to a target
//! probability; Olah, Mordvintsev and Schubert, "Feature Visualization", Distill 2017, compare
//! several objectives.

use crate::network::{Architecture, DIGITS};

/// What the network is asked to give for every image (row) of a run. Each objective is a loss to
/// minimize, so a quantity to maximize has a minus sign.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Objective {
    /// The lab's: (ln p(digit) − ln target)².
    #[default]
    TargetProbability,
    /// −ln p(digit).
    LogProbability,
    /// −logit(digit). Unlike the probability, it does not fall when the logits of other digits fall.
    Logit,
    /// logit(other) − logit(digit): what distinguishes the digit from the other one.
    LogitDifference {
        /// The digit to be distinguished from.
        other: u8,
    },
    /// −activation of a neuron of a dense layer, before the activation function.
    Neuron {
        /// `fc1`, `fc2`, …: see [`Architecture::hidden`].
        layer: String,
    },
    /// −activation of a channel of a convolution, before the activation function: at one position of its
    /// map, or averaged over all of them. At one position it is the weighted sum of a patch of the layer's
    /// input, and the filter's kernel has the weights. On average only the sums of weights remain, except
    /// along the borders of the input, which not every weight of the kernel reaches.
    Channel {
        /// `conv1`, `conv2`, …: see [`Architecture::hidden`].
        layer: String,
        /// `None` for the average.
        position: Option<Position>,
    },
}

/// A position in a channel's map, before pooling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// The row and the column of half the map's height and width, rounded down.
    Center,
    /// A row and a column, both counted from 0.
    At([usize; 2]),
}

impl Position {
    /// Its row and column in a map of this height and width.
    pub fn within(self, map: [usize; 2]) -> [usize; 2] {
        match self {
            Self::Center => map.map(|side| side / 2),
            Self::At(position) => position,
        }
    }
}

impl Objective {
    /// The name of the hidden layer that the objective reads, if it reads one.
    pub fn layer(&self) -> Option<&str> {
        match self {
            Self::Neuron { layer } | Self::Channel { layer, .. } => Some(layer),
            _ => None,
        }
    }

    /// The index of that layer among the hidden layers of an architecture; `None` if there is no such
    /// layer, or if a neuron's layer is a convolution or a channel's is dense.
    pub fn layer_index(&self, architecture: &Architecture) -> Option<usize> {
        let layer = self.layer()?;
        let index = (architecture.hidden().iter()).position(|(name, _)| name == layer)?;
        let convolutional = index < architecture.convolutions.len();
        (convolutional == matches!(self, Self::Channel { .. })).then_some(index)
    }

    /// Height and width of the maps of the convolution that the objective reads, before pooling; `None` if it
    /// reads none, or if the architecture has no such layer.
    pub fn map(&self, architecture: &Architecture) -> Option<[usize; 2]> {
        architecture
            .maps()
            .get(self.layer_index(architecture)?)
            .copied()
    }

    /// Row and column of the one position of a channel's map that the objective reads; `None` if it reads
    /// something else.
    pub fn position(&self, architecture: &Architecture) -> Option<[usize; 2]> {
        match self {
            Self::Channel { position, .. } => Some((*position)?.within(self.map(architecture)?)),
            _ => None,
        }
    }

    /// How many different rows there can be: ten digits, the neurons of the dense layer or the
    /// channels of the convolution. `None` if the architecture has no such layer.
    pub fn options(&self, architecture: &Architecture) -> Option<usize> {
        match self {
            Self::Neuron { .. } | Self::Channel { .. } => {
                let index = self.layer_index(architecture)?;
                Some(architecture.hidden()[index].1)
            }
            _ => Some(DIGITS),
        }
    }
}
