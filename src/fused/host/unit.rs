//! Goals of units: see [`plan::Unit`].

use super::maps::Maps;
use super::values::Values;
use crate::fused::plan::{self, padded};

/// The unit of every row.
pub struct Units {
    /// Layers below.
    pub below: usize,
    units: Vec<Unit>,
}

/// What it says is a sum of what its layer reads.
struct Unit {
    bias: f32,
    /// How much each number counts, in the order of the maps.
    weights: Vec<f32>,
}

impl Units {
    /// One for each row, from where the plan has them. `from` is what their layer reads.
    pub fn new(it: &plan::Unit, rows: &[usize], from: Maps, constants: &[f32]) -> Self {
        let unit = |&unit: &usize| {
            let mut weights = vec![0.0; from.len()];
            let row = &constants[it.matrix + unit * padded(it.inputs)..][..it.inputs];
            for (place, weight) in row.iter().enumerate() {
                weights[from.of(place)] = *weight;
            }
            Unit {
                bias: constants[it.bias + unit],
                weights,
            }
        };
        Self {
            below: it.below,
            units: rows.iter().map(unit).collect(),
        }
    }

    /// What a row's unit says to what its layer reads.
    pub fn says(&self, row: usize, from: &Values) -> f32 {
        let Unit { bias, weights } = &self.units[row];
        let numbers = weights.iter().zip(&from.bent[row * from.stride..]);
        bias + numbers.map(|(weight, x)| weight * x).sum::<f32>()
    }

    /// Leaves the gradient of the loss, which is what the unit says with its sign flipped.
    pub fn blame(&self, from: &mut Values) {
        let rows = from.gradient.chunks_exact_mut(from.stride);
        for (Unit { weights, .. }, gradient) in self.units.iter().zip(rows) {
            for (to, weight) in gradient.iter_mut().zip(weights) {
                *to = -weight;
            }
        }
    }
}
