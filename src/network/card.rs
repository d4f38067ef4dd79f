//! The model card: what is known about a trained network.

use serde::{Deserialize, Serialize};

/// What is known about a trained network: how it was trained, and how well it reads digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// What the network is, in words: see [`Model::description`](super::Model::description).
    pub description: String,
    /// The optimizer and its schedule, in words.
    pub training: String,
    /// The day the network was trained, `YYYY-MM-DD`.
    pub date: String,
    /// The seed of initialization, order, dropout and attacks.
    pub seed: u64,
    /// Accuracies after each epoch.
    pub epochs: Vec<Epoch>,
    /// Accuracies of the finished network.
    pub accuracy: Accuracy,
    /// How well it reads attacked images, if that was measured: of the robust network and its control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robust: Option<Robust>,
}

/// The result of an epoch. Accuracies are fractions, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// The mean loss during the epoch: negative log-likelihood in nats, with dropout.
    pub loss: f64,
    /// The accuracy on the training images.
    pub train: f64,
    /// The accuracy on the validation images.
    pub validation: f64,
}

/// The fractions of images that the trained network classifies correctly, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// On the 45,000 training images.
    pub train: f64,
    /// On the 15,000 validation images.
    pub validation: f64,
    /// On the 10,000 test images.
    pub test: f64,
}

/// How well a network classifies images that were changed to mislead it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Robust {
    /// The fraction of the 10,000 test images, each of them attacked, that it classifies correctly.
    pub accuracy: f64,
    /// The attack, in words.
    pub attack: String,
}
