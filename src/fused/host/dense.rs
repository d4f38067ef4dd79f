//! Dense layers.

use super::lanes;
use super::maps::Maps;
use super::matrix::{Matrix, Term};
use crate::architecture::Nonlinearity;
use crate::fused::plan::{self, padded};

/// y = bend(xW + b).
pub struct Dense {
    /// A unit's weights in each row.
    weights: Matrix,
    bias: Vec<f32>,
    /// What follows, if anything.
    nonlinearity: Option<Nonlinearity>,
    terms: Vec<Term>,
}

impl Dense {
    /// With weights and biases from where the plan has them. If what it reads are maps, its weights
    /// are put into their order.
    pub fn new(
        it: &plan::Dense,
        nonlinearity: Nonlinearity,
        from: Option<Maps>,
        constants: &[f32],
    ) -> Self {
        let mut order: Vec<usize> = (0..it.inputs).collect();
        if let Some(maps) = from {
            for place in 0..it.inputs {
                order[maps.of(place)] = place;
            }
        }
        let stride = padded(it.inputs);
        Self {
            weights: Matrix::new(it.units, it.inputs, |unit, input| {
                constants[it.back + unit * stride + order[input]]
            }),
            bias: constants[it.bias..][..it.units].to_vec(),
            nonlinearity: it.bent.then_some(nonlinearity),
            terms: vec![Term::default(); it.units],
        }
    }

    /// For all rows, `from` and `to` floats apart.
    pub fn forward(&mut self, inputs: &[f32], from: usize, outputs: &mut [f32], to: usize) {
        self.weights.dots(inputs, from, outputs, to);
        for output in outputs.chunks_exact_mut(to) {
            let output = &mut output[..self.bias.len()];
            for (value, bias) in output.iter_mut().zip(&self.bias) {
                *value += bias;
            }
            if let Some(nonlinearity) = self.nonlinearity {
                lanes::bend(nonlinearity, output);
            }
        }
    }

    /// The gradient for one row's input, from that for its output. Units without one, which after
    /// ReLU are about half, cost nothing.
    pub fn backward(&mut self, output: &[f32], gradient: &[f32], input_gradient: &mut [f32]) {
        let mut count = 0;
        let units = output.iter().zip(gradient).take(self.bias.len());
        for (row, (value, gradient)) in units.enumerate() {
            let slope = (self.nonlinearity).map_or(1.0, |it| lanes::slope(it, *value));
            let factor = gradient * slope;
            // Written in any case and kept if it counts: chance decides, which no processor foresees.
            self.terms[count] = Term { row, factor };
            count += usize::from(factor != 0.0);
        }
        (self.weights).combine(&self.terms[..count], input_gradient);
    }
}
