//! Dense layers.

use super::activation::{activate, derivative};
use super::maps::Maps;
use super::matrix::{Matrix, Term};
use super::values::Values;
use crate::fused::plan;
use crate::network::architecture::ActivationFunction;
use crate::network::parameters;

/// y = activate(xW + b).
#[derive(Clone)]
pub struct Dense {
    /// A unit's weights in each row.
    weights: Matrix,
    bias: Vec<f32>,
    /// What follows, if anything.
    activation: Option<ActivationFunction>,
    terms: Vec<Term>,
}

impl Dense {
    /// With these weights and biases, the weights in the order of the maps that it reads.
    pub fn new(
        it: &plan::Dense,
        activation: ActivationFunction,
        from: Maps,
        layer: &parameters::Layer,
    ) -> Self {
        let mut order = vec![0; it.inputs];
        for place in 0..it.inputs {
            order[from.of(place)] = place;
        }
        Self {
            weights: Matrix::new(it.units, it.inputs, |unit, input| {
                layer.weight[order[input] * it.units + unit]
            }),
            bias: layer.bias.clone(),
            activation: it.activated.then_some(activation),
            terms: vec![Term::default(); it.units],
        }
    }

    /// What comes out, of all rows.
    pub fn forward(&mut self, from: &Values, to: &mut Values) {
        (self.weights).dots(&from.activated, from.stride, &mut to.activated, to.stride);
        for output in to.activated.chunks_exact_mut(to.stride) {
            let output = &mut output[..self.bias.len()];
            for (value, bias) in output.iter_mut().zip(&self.bias) {
                *value += bias;
            }
            if let Some(activation) = self.activation {
                activate(activation, output);
            }
        }
    }

    /// The gradient for what came in. Units without one, which after ReLU are about half, cost nothing.
    pub fn backward(&mut self, from: &mut Values, to: &Values) {
        let outputs = to.activated.chunks_exact(to.stride);
        let outputs = outputs.zip(to.gradient.chunks_exact(to.stride));
        let inputs = from.gradient.chunks_exact_mut(from.stride);
        for ((output, gradient), input) in outputs.zip(inputs) {
            let mut count = 0;
            let units = output.iter().zip(gradient).take(self.bias.len());
            for (row, (value, gradient)) in units.enumerate() {
                let factor = gradient * (self.activation).map_or(1.0, |it| derivative(it, *value));
                // Written in any case and kept if it counts: a branch would be foreseen half the time.
                self.terms[count] = Term { row, factor };
                count += usize::from(factor != 0.0);
            }
            self.weights.combine(&self.terms[..count], input);
        }
    }
}
