//! What is asked of the input: a goal for every row, as a loss to descend on.
//!
//! Erhan et al. 2009 maximise a unit's activation; the lab descends on a distance to a target
//! probability; Olah, Mordvintsev and Schubert, "Feature Visualization", Distill 2017, compare
//! the choices. Everything to be maximised has its sign flipped here, once.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};

use crate::architecture::{Architecture, DIGITS};
use crate::goal::Goal;
use crate::network::Activations;

/// The goal of every row of a batch.
#[derive(Clone, Debug)]
pub struct Objective {
    goal: Goal,
    /// One-hot, `[n, choices]`.
    choice: Tensor<2>,
    /// One-hot, `[1, 10]`, for [`Goal::Difference`].
    other: Option<Tensor<2>>,
    /// Its place among the hidden layers, for [`Goal::Unit`].
    layer: Option<usize>,
}

impl Objective {
    /// One choice a row, of what [`Goal::choices`] counts in this architecture.
    ///
    /// # Panics
    ///
    /// If there is no such layer, or a row's choice is out of range.
    pub fn new(goal: Goal, rows: &[u16], architecture: &Architecture, device: &Device) -> Self {
        let choices = goal.choices(architecture).expect("there is such a layer");
        let other = match goal {
            Goal::Difference { other } => Some(one_hot(&[u16::from(other)], DIGITS, device)),
            _ => None,
        };
        let layer = match &goal {
            Goal::Unit { layer } => (architecture.hidden().iter()).position(|it| it.0 == *layer),
            _ => None,
        };
        Self {
            goal,
            choice: one_hot(rows, choices, device),
            other,
            layer,
        }
    }

    /// The loss of every row, `[n, 1]`. Rows stand for themselves: to descend on all of them, sum
    /// them up.
    pub fn loss(&self, activations: &Activations, target: f64) -> Tensor<2> {
        let chosen = |values: Tensor<2>| (values * self.choice.clone()).sum_dim(1); // [n, 1]
        let logits = activations.logits.clone();
        match &self.goal {
            Goal::Distance => (chosen(log_softmax(logits, 1)) - target.ln()).square(),
            Goal::LogProbability => chosen(log_softmax(logits, 1)).neg(),
            Goal::Logit => chosen(logits).neg(),
            Goal::Difference { .. } => {
                let other = self.other.clone().expect("a difference has another");
                (logits.clone() * other).sum_dim(1) - chosen(logits)
            }
            Goal::Unit { .. } => {
                let layer = self.layer.expect("a unit has a layer");
                chosen(activations.hidden(layer)).neg()
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
