//! What is asked of every image of a run.
//!
//! Erhan et al. 2009 maximize a neuron's activation; the lab descends on a distance to a target
//! probability; Olah, Mordvintsev and Schubert, "Feature Visualization", Distill 2017, compare the
//! choices.

use crate::network::architecture::{Architecture, DIGITS};

/// What is asked of every image (row) of a run. Each is written as a loss to descend on, so what is to
/// be maximized has a minus sign.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Objective {
    /// The lab's: (ln p(digit) − ln target)².
    #[default]
    TargetProbability,
    /// −ln p(digit).
    LogProbability,
    /// −logit(digit), which, unlike a probability, does not gain from other digits' losses.
    Logit,
    /// logit(other) − logit(digit): what makes it the one and not the other.
    LogitDifference {
        /// The digit that it is not to be.
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
    /// The hidden layer that it is about, if it is about one.
    pub fn layer(&self) -> Option<&str> {
        match self {
            Self::Neuron { layer } | Self::Channel { layer } => Some(layer),
            _ => None,
        }
    }

    /// Which of the hidden layers of an architecture that is; nothing if it has no such layer, or a
    /// layer of the other kind.
    pub fn layer_index(&self, architecture: &Architecture) -> Option<usize> {
        let layer = self.layer()?;
        let index = (architecture.hidden().iter()).position(|(name, _)| name == layer)?;
        let convolutional = index < architecture.convolutions.len();
        (convolutional == matches!(self, Self::Channel { .. })).then_some(index)
    }

    /// How many things a row can choose among: ten digits, the neurons of a dense layer or the channels
    /// of a convolution. Nothing, if the architecture has no such layer.
    pub fn choices(&self, architecture: &Architecture) -> Option<usize> {
        match self {
            Self::Neuron { .. } | Self::Channel { .. } => {
                let index = self.layer_index(architecture)?;
                Some(architecture.hidden()[index].1)
            }
            _ => Some(DIGITS),
        }
    }
}
