//! The constants that kernels read: weights, biases, and the bases of parameterizations.

use super::plan::{Layer, Pca, Plan, padded};
use crate::network::PIXELS;
use crate::network::Parameters;
use crate::task::FourierBasis;

/// What is the same for all objectives and parameterizations of a network, `[plan.constants]`: weights,
/// biases and the Fourier basis, each at the place that the plan gave it.
pub fn of_network(plan: &Plan, parameters: &Parameters) -> Vec<f32> {
    let mut packed = Packed(Vec::with_capacity(plan.constants));
    let mut layers = parameters.layers.iter();
    for layer in &plan.layers {
        let mut next = || layers.next().expect("one for each in the plan");
        match layer {
            Layer::Convolution(_) => {
                let it = next();
                packed.push(&it.weight);
                packed.push(&it.bias);
            }
            Layer::Average(_) => {}
            Layer::Dense(dense) => {
                let it = next();
                packed.both_ways(&it.weight, dense.units);
                packed.push(&it.bias);
            }
        }
    }
    let FourierBasis { rows, scale } = FourierBasis::new();
    packed.push(&rows);
    packed.push(&scale);
    debug_assert_eq!(packed.0.len(), plan.constants);
    packed.0
}

/// The principal components, `[plan.constants]`, each part at the place that the plan gave it.
pub fn of_pca(plan: &Pca, pca: &crate::task::Pca) -> Vec<f32> {
    let mut packed = Packed(Vec::with_capacity(plan.constants));
    packed.both_ways(&pca.components, PIXELS);
    packed.push(&pca.mean);
    debug_assert_eq!(packed.0.len(), plan.constants);
    packed.0
}

struct Packed(Vec<f32>);

impl Packed {
    /// Appends numbers, and zeros up to a multiple of four.
    fn push(&mut self, values: &[f32]) {
        self.0.extend_from_slice(values);
        self.0.resize(padded(self.0.len()), 0.0);
    }

    /// A matrix `[k, n]` and its transpose, both padded in both dimensions.
    fn both_ways(&mut self, matrix: &[f32], n: usize) {
        let k = matrix.len() / n;
        for row in matrix.chunks_exact(n) {
            self.push(row);
        }
        self.0
            .resize(self.0.len() + (padded(k) - k) * padded(n), 0.0);
        let turned = self.0.len();
        self.0.resize(turned + padded(n) * padded(k), 0.0);
        for (at, row) in matrix.chunks_exact(n).enumerate() {
            for (value, to) in row
                .iter()
                .zip(self.0[turned + at..].iter_mut().step_by(padded(k)))
            {
                *to = *value;
            }
        }
    }
}
