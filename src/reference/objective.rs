//! [`Objective`] in tensors: a loss for every row of a batch.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};

use crate::network::{Architecture, DIGITS};
use crate::task::Objective;

use super::network::Activations;

/// The objective of every row of a batch, ready to compute losses.
#[derive(Clone, Debug)]
pub struct Loss {
    objective: Objective,
    /// One-hot, `[n, choices]`.
    chosen: Tensor<2>,
    /// One-hot, `[1, 10]`, for [`Objective::LogitDifference`].
    other: Option<Tensor<2>>,
    /// The index of the objective's hidden layer, for [`Objective::Neuron`] and [`Objective::Channel`].
    layer: Option<usize>,
    /// Row and column, for an [`Objective::Channel`] at one position.
    position: Option<[usize; 2]>,
}

impl Loss {
    /// The loss of an objective. Each of `rows` is a digit, neuron or channel, below
    /// [`Objective::options`] of the architecture.
    ///
    /// # Panics
    ///
    /// If the architecture lacks the objective's layer, or a row is out of range.
    pub fn new(
        objective: Objective,
        rows: &[u16],
        architecture: &Architecture,
        device: &Device,
    ) -> Self {
        let choices = objective
            .options(architecture)
            .expect("there is such a layer");
        let other = match objective {
            Objective::LogitDifference { other } => {
                Some(one_hot(&[u16::from(other)], DIGITS, device))
            }
            _ => None,
        };
        let layer = objective.layer_index(architecture);
        let position = objective.position(architecture);
        Self {
            objective,
            chosen: one_hot(rows, choices, device),
            other,
            layer,
            position,
        }
    }

    /// The loss of every row, `[n, 1]`. `target` is the probability that
    /// [`Objective::TargetProbability`] asks for.
    pub fn of(&self, activations: &Activations, target: f64) -> Tensor<2> {
        let chosen = |values: Tensor<2>| (values * self.chosen.clone()).sum_dim(1); // [n, 1]
        let logits = activations.logits.clone();
        match &self.objective {
            Objective::TargetProbability => (chosen(log_softmax(logits, 1)) - target.ln()).square(),
            Objective::LogProbability => chosen(log_softmax(logits, 1)).neg(),
            Objective::Logit => chosen(logits).neg(),
            Objective::LogitDifference { .. } => {
                let other = self.other.clone().expect("a difference has another");
                (logits.clone() * other).sum_dim(1) - chosen(logits)
            }
            Objective::Neuron { .. } | Objective::Channel { .. } => {
                let layer = self.layer.expect("neurons and channels have a layer");
                chosen(activations.hidden(layer, self.position)).neg()
            }
        }
    }
}

fn one_hot(rows: &[u16], choices: usize, device: &Device) -> Tensor<2> {
    let mut values = vec![0f32; rows.len() * choices];
    for (row, &choice) in rows.iter().enumerate() {
        assert!(
            usize::from(choice) < choices,
            "{choice} is not below {choices}"
        );
        values[row * choices + usize::from(choice)] = 1.0;
    }
    Tensor::from_data(TensorData::new(values, [rows.len(), choices]), device)
}
