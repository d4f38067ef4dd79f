//! Dense layers.

use super::activation::{activate, derivative};
use super::layout::Layout;
use super::matrix::{Matrix, Term};
use super::values::Values;
use crate::fused::plan;
use crate::network::ActivationFunction;
use crate::network::parameters;

/// y = activation(xW + b).
#[derive(Clone)]
pub struct Dense {
    /// `[outputs, inputs]`, the inputs in the order of the layout that they are read from.
    weights: Matrix,
    /// `[outputs]`.
    bias: Vec<f32>,
    /// None for the last layer, whose outputs are logits.
    activation: Option<ActivationFunction>,
    /// The outputs of an image that have a gradient, and that gradient: `[outputs]`.
    terms: Vec<Term>,
}

impl Dense {
    /// With a layer's parameters, whose weights are `[inputs, outputs]`.
    pub fn new(
        it: &plan::Dense,
        activation: ActivationFunction,
        from: Layout,
        layer: &parameters::Layer,
    ) -> Self {
        let mut order = vec![0; it.inputs];
        for index in 0..it.inputs {
            order[from.of_pytorch(index)] = index;
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

    /// Writes the outputs of all images.
    pub fn forward(&mut self, from: &Values, to: &mut Values) {
        let (from_stride, to_stride) = (from.layout.stride(), to.layout.stride());
        (self.weights).dots(&from.activated, from_stride, &mut to.activated, to_stride);
        for output in to.activated.chunks_exact_mut(to_stride) {
            let output = &mut output[..self.bias.len()];
            for (value, bias) in output.iter_mut().zip(&self.bias) {
                *value += bias;
            }
            if let Some(activation) = self.activation {
                activate(activation, output);
            }
        }
    }

    /// Writes the gradient for the inputs of all images. Outputs without a gradient, which after ReLU
    /// are about half of them, cost nothing.
    pub fn backward(&mut self, from: &mut Values, to: &Values) {
        let stride = to.layout.stride();
        let outputs = to.activated.chunks_exact(stride);
        let outputs = outputs.zip(to.gradient.chunks_exact(stride));
        let inputs = from.gradient.chunks_exact_mut(from.layout.stride());
        for ((output, gradient), input) in outputs.zip(inputs) {
            let mut count = 0;
            let units = output.iter().zip(gradient).take(self.bias.len());
            for (row, (value, gradient)) in units.enumerate() {
                let factor = gradient * (self.activation).map_or(1.0, |it| derivative(it, *value));
                // Without a branch, which the processor would predict wrongly half the time: a term
                // that does not count is overwritten by the next one.
                self.terms[count] = Term { row, factor };
                count += usize::from(factor != 0.0);
            }
            self.weights.combine(&self.terms[..count], input);
        }
    }
}
