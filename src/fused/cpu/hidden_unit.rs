//! Objectives of hidden layers: see [`plan::HiddenUnit`](crate::fused::plan::HiddenUnit).

use super::layout::Layout;
use super::values::Values;
use crate::fused::hidden_unit::Linear;

/// A neuron or a channel for each row, all of the same layer. What it computes before its activation
/// function is a weighted sum of what the layer reads.
pub struct HiddenUnits {
    /// The number of layers below the units' layer.
    pub below: usize,
    /// `[n]`, each with its weights in the order of the layout that the layer reads.
    units: Vec<Linear>,
}

impl HiddenUnits {
    /// Units whose weights are in PyTorch's order. Their layer has `below` layers below it and reads the
    /// layout `from`.
    pub fn new(below: usize, units: Vec<Linear>, from: Layout) -> Self {
        let in_order = |Linear { bias, weights }| {
            let mut ordered = vec![0.0; from.len()];
            for (index, weight) in weights.iter().enumerate() {
                ordered[from.of_pytorch(index)] = *weight;
            }
            Linear {
                bias,
                weights: ordered,
            }
        };
        Self {
            below,
            units: units.into_iter().map(in_order).collect(),
        }
    }

    /// The value of a row's unit before its activation function. `from` is what its layer reads.
    pub fn value(&self, row: usize, from: &Values) -> f32 {
        let Linear { bias, weights } = &self.units[row];
        let inputs = &from.activated[row * from.layout.stride()..];
        let products = weights.iter().zip(inputs).map(|(weight, x)| weight * x);
        bias + products.sum::<f32>()
    }

    /// Writes the gradient of the loss for what the layer reads. The loss is the negative of the
    /// unit's value, so this is the negative of its weights.
    pub fn write_gradient(&self, from: &mut Values) {
        let rows = from.gradient.chunks_exact_mut(from.layout.stride());
        for (Linear { weights, .. }, gradient) in self.units.iter().zip(rows) {
            for (to, weight) in gradient.iter_mut().zip(weights) {
                *to = -weight;
            }
        }
    }
}
