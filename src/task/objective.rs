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
    /// −activation of a channel of a convolution, before the activation function, averaged over its
    /// map.
    Channel {
        /// `conv1`, `conv2`, …: see [`Architecture::hidden`].
        layer: String,
    },
}

impl Objective {
    /// The name of the hidden layer that the objective reads, if it reads one.
    pub fn layer(&self) -> Option<&str> {
        match self {
            Self::Neuron { layer } | Self::Channel { layer } => Some(layer),
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
