//! The constants of a plan, in the one buffer that a fused iteration reads them from.

use super::plan::{Convolution, FormPlan, GoalPlan, Layer, Plan, padded};
use crate::architecture::PIXELS;
use crate::form::{Form, Waves};
use crate::parameters::Parameters;

/// Everything that stays the same, `[plan.constants]`: weights, biases, and what the form consists
/// of, each at the place that the plan gave it.
pub fn pack(plan: &Plan, parameters: &Parameters, form: &Form) -> Vec<f32> {
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
    if let GoalPlan::Unit(unit) = plan.goal
        && let Layer::Convolution(it) = &plan.layers[unit.below]
    {
        for row in averages(it, &packed.0[it.weight..]).chunks_exact(it.inputs()) {
            packed.push(row);
        }
    }
    match (&plan.form, form) {
        (FormPlan::Pixels | FormPlan::Sigmoid, _) => {}
        (FormPlan::Fourier { .. }, _) => {
            let Waves { rows, scale } = Waves::new();
            packed.push(&rows);
            packed.push(&scale);
        }
        (FormPlan::Prior(_), Form::Prior(prior)) => {
            packed.both_ways(&prior.components, PIXELS);
            packed.push(&prior.mean);
        }
        _ => unreachable!("the plan is of this form"),
    }
    debug_assert_eq!(packed.0.len(), plan.constants);
    packed.0
}

/// How much each number that a convolution reads counts for what its filters say on average over their
/// maps: `[filters, inputs]`. Their weights are the first of `weight`.
fn averages(it: &Convolution, weight: &[f32]) -> Vec<f32> {
    let [height, width] = it.size;
    let filtered = it.filtered();
    let share = 1.0 / (filtered[0] * filtered[1]) as f32;
    // What a number of the filter sees along an axis, as it moves from one end of the map to the other.
    let seen = |axis: usize, number: usize| {
        let first = number as isize - it.padding[axis] as isize;
        let end = first + filtered[axis] as isize;
        first.max(0) as usize..end.min(it.size[axis] as isize) as usize
    };
    let mut averages = vec![0.0; it.filters * it.inputs()];
    let maps = averages.chunks_exact_mut(height * width);
    let kernels = weight.chunks_exact(it.kernel[0] * it.kernel[1]);
    for (map, kernel) in maps.zip(kernels) {
        for (at, weight) in kernel.iter().enumerate() {
            for y in seen(0, at / it.kernel[1]) {
                for x in seen(1, at % it.kernel[1]) {
                    map[y * width + x] += weight * share;
                }
            }
        }
    }
    averages
}

struct Packed(Vec<f32>);

impl Packed {
    /// Puts numbers behind those that are there, and zeros up to a whole group of four.
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
