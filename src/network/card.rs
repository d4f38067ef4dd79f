//! What is known of a trained network.

use serde::{Deserialize, Serialize};

/// What is known of a trained network: the model card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// See `Model::description`.
    pub description: String,
    /// The optimizer and its schedule, in words.
    pub training: String,
    /// The day the network was trained, `YYYY-MM-DD`.
    pub date: String,
    /// Seed of initialization, order and dropout.
    pub seed: u64,
    /// Accuracies after each epoch.
    pub epochs: Vec<Epoch>,
    /// Accuracies of the finished network.
    pub accuracy: Accuracy,
    /// What it reads under attack, of a network that was trained for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robust: Option<Robust>,
}

/// How an epoch ended. Accuracies are fractions, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Mean loss while it lasted: negative log-likelihood in nats, dropout included.
    pub loss: f64,
    /// On the images it trained on.
    pub train: f64,
    /// On the validation images.
    pub validation: f64,
}

/// Fractions of images that the finished network reads right, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// On the 45,000 training images.
    pub train: f64,
    /// On the 15,000 validation images.
    pub validation: f64,
    /// On the 10,000 test images.
    pub test: f64,
}

/// What a network reads of images that were changed to mislead it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Robust {
    /// The fraction of the 10,000 test images, each of them attacked, that it reads right.
    pub accuracy: f64,
    /// The attack, in words.
    pub attack: String,
}
