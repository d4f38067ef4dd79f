//! A neuron's value before its activation function, or a channel's at a position of its map or averaged over
//! it, as a linear function of what its layer reads. Computed for a run's units alone: for all channels of a wide network
//! it would take hundreds of megabytes.

use super::plan::{Convolution, HiddenUnit, Layer, Plan};
use crate::network::parameters::{self, Parameters};

/// A weighted sum of what a layer reads.
pub struct Linear {
    /// What is added to the sum.
    pub bias: f32,
    /// `[inputs]`; for a convolution, the inputs are `[channels, height, width]`.
    pub weights: Vec<f32>,
}

impl Linear {
    /// The linear function of each row's unit.
    pub fn of_rows(
        plan: &Plan,
        unit: &HiddenUnit,
        parameters: &Parameters,
        rows: &[u16],
    ) -> Vec<Self> {
        // Pooling has no parameters.
        let below = &plan.layers[..unit.below];
        let with_weights = |it: &&Layer| !matches!(it, Layer::Average(_));
        let layer = &parameters.layers[below.iter().filter(with_weights).count()];
        let of = |&row: &u16| match &plan.layers[unit.below] {
            Layer::Convolution(it) => Self::of_filter(it, layer, usize::from(row), unit.position),
            _ => Self::of_unit(layer, usize::from(row)),
        };
        rows.iter().map(of).collect()
    }

    /// The linear function of a dense layer's unit: a column of the layer's weights, `[in, out]`.
    fn of_unit(layer: &parameters::Layer, unit: usize) -> Self {
        let column = layer.weight[unit..].iter().step_by(layer.bias.len());
        Self {
            bias: layer.bias[unit],
            weights: column.copied().collect(),
        }
    }

    /// The linear function of a channel, at a position of its map or averaged over it: each weight of the filter
    /// is multiplied with one number of the input, or with a rectangle of it.
    fn of_filter(
        it: &Convolution,
        layer: &parameters::Layer,
        filter: usize,
        position: Option<[usize; 2]>,
    ) -> Self {
        let [height, width] = it.size;
        let (first, count) = match position {
            Some(position) => (position, [1, 1]),
            None => ([0, 0], it.filtered()),
        };
        let share = 1.0 / (count[0] * count[1]) as f32;
        // The inputs that a weight of the filter is multiplied with along an axis, as the filter moves from the
        // first position to the last.
        let reached = |axis: usize, number: usize| {
            let first = (first[axis] + number) as isize - it.padding[axis] as isize;
            let end = first + count[axis] as isize;
            first.max(0) as usize..end.clamp(0, it.size[axis] as isize) as usize
        };
        let side = it.kernel[0] * it.kernel[1];
        let kernels = layer.weight[filter * it.channels * side..].chunks_exact(side);
        let mut weights = vec![0.0; it.inputs()];
        for (map, kernel) in weights.chunks_exact_mut(height * width).zip(kernels) {
            for (at, weight) in kernel.iter().enumerate() {
                for y in reached(0, at / it.kernel[1]) {
                    for x in reached(1, at % it.kernel[1]) {
                        map[y * width + x] += weight * share;
                    }
                }
            }
        }
        Self {
            bias: layer.bias[filter],
            weights,
        }
    }
}
