//! Goals of units: see [`plan::HiddenUnit`].

use super::maps::Maps;
use super::values::Values;
use crate::fused::hidden_unit::Linear;

/// The unit of every row.
pub struct Units {
    /// Layers below.
    pub below: usize,
    /// With their weights in the order of the maps.
    units: Vec<Linear>,
}

impl Units {
    /// One for each row. `from` is what their layer, which has so many `below` it, reads.
    pub fn new(below: usize, units: Vec<Linear>, from: Maps) -> Self {
        let in_order = |Linear { bias, weights }| {
            let mut ordered = vec![0.0; from.len()];
            for (place, weight) in weights.iter().enumerate() {
                ordered[from.of(place)] = *weight;
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

    /// What a row's unit says to what its layer reads.
    pub fn says(&self, row: usize, from: &Values) -> f32 {
        let Linear { bias, weights } = &self.units[row];
        let numbers = weights.iter().zip(&from.activated[row * from.stride..]);
        bias + numbers.map(|(weight, x)| weight * x).sum::<f32>()
    }

    /// Leaves the gradient of the loss, which is what the unit says with its sign flipped.
    pub fn blame(&self, from: &mut Values) {
        let rows = from.gradient.chunks_exact_mut(from.stride);
        for (Linear { weights, .. }, gradient) in self.units.iter().zip(rows) {
            for (to, weight) in gradient.iter_mut().zip(weights) {
                *to = -weight;
            }
        }
    }
}
