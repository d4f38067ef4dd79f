//! Convolutions, with the activation and max pooling.

use std::sync::Arc;

use super::activation::activate;
use super::buffer::Buffer;
use super::filters::Filters;
use super::lanes::{Lanes, load, store};
use super::maps::Maps;
use super::spread::Spread;
use super::values::Values;
use crate::fused::plan::{self, padded};
use crate::network::architecture::ActivationFunction;
use crate::network::parameters;

/// A convolution of stride 1, the activation, and max pooling where `pool` is more than 1. Clones share
/// its weights.
#[derive(Clone)]
pub struct Convolution {
    shape: Shape,
    blocks: Arc<[Block]>,
    /// The filtered maps of a block, as many rows of them as are pooled together.
    filtered: Buffer,
    /// Which place of its square was the largest: `[rows, height, width, padded(filters)]`.
    argmax: Buffer,
    spread: Spread,
}

/// All of it but weights and values.
#[derive(Clone, Copy)]
pub struct Shape {
    pub from: Maps,
    pub to: Maps,
    pub kernel: [usize; 2],
    pub pool: usize,
    pub activation: ActivationFunction,
}

/// Up to eight filters.
struct Block {
    /// The first.
    first: usize,
    filters: usize,
    /// `[kernel height · kernel width · channels, 1 or 2 groups of four filters]`.
    weights: Buffer,
    /// `[1 or 2 groups of four filters]`.
    bias: Buffer,
}

impl Convolution {
    /// With these weights and biases, for no rows yet.
    pub fn new(it: &plan::Convolution, shape: Shape, layer: &parameters::Layer) -> Self {
        let [height, width] = it.kernel;
        let weight = |filter: usize, row: usize, column: usize, channel: usize| {
            let map = filter * it.channels + channel;
            layer.weight[(map * height + row) * width + column]
        };
        Self {
            blocks: (0..it.filters)
                .step_by(8)
                .map(|first| Block::new(it, first, weight, &layer.bias))
                .collect(),
            filtered: Buffer::new(8 * it.pool * it.pool * it.pooled[1]),
            argmax: Buffer::new(0),
            spread: Spread::new(shape, weight),
            shape,
        }
    }

    /// The same for so many rows.
    pub fn for_rows(&self, rows: usize) -> Self {
        Self {
            argmax: Buffer::new(rows * self.shape.argmax()),
            ..self.clone()
        }
    }

    /// What comes out, of all rows.
    pub fn forward(&mut self, from: &Values, to: &mut Values) {
        let (shape, filtered) = (self.shape, &mut self.filtered);
        let outputs = to.activated.chunks_exact_mut(to.stride);
        let outputs = outputs.zip(self.argmax.chunks_exact_mut(shape.argmax()));
        for (input, (output, argmax)) in from.activated.chunks_exact(from.stride).zip(outputs) {
            for block in &*self.blocks {
                match block.filters {
                    ..=4 => block.forward::<1>(shape, input, filtered, output, argmax),
                    _ => block.forward::<2>(shape, input, filtered, output, argmax),
                }
            }
        }
    }

    /// The gradient for what came in.
    pub fn backward(&mut self, from: &mut Values, to: &Values) {
        let outputs = to.activated.chunks_exact(to.stride);
        let outputs = outputs.zip(to.gradient.chunks_exact(to.stride));
        let outputs = outputs.zip(self.argmax.chunks_exact(self.shape.argmax()));
        let inputs = from.gradient.chunks_exact_mut(from.stride);
        for (((output, gradient), argmax), input) in outputs.zip(inputs) {
            self.spread.backward(output, gradient, argmax, input);
        }
    }
}

impl Shape {
    /// Floats that the argmax of an image take.
    fn argmax(&self) -> usize {
        let [height, width] = self.to.size;
        height * width * padded(self.to.channels)
    }
}

impl Block {
    fn new(
        it: &plan::Convolution,
        first: usize,
        weight: impl Fn(usize, usize, usize, usize) -> f32,
        bias: &[f32],
    ) -> Self {
        let filters = (it.filters - first).min(8);
        let [height, width] = it.kernel;
        let run = width * it.channels;
        let side = padded(filters);
        let mut weights = Buffer::new(height * run * side);
        for (at, weights) in weights.chunks_exact_mut(side).enumerate() {
            let (row, at) = (at / run, at % run);
            for (filter, to) in (first..first + filters).zip(weights) {
                *to = weight(filter, row, at / it.channels, at % it.channels);
            }
        }
        let mut biases = Buffer::new(side);
        biases[..filters].copy_from_slice(&bias[first..first + filters]);
        Self {
            first,
            filters,
            weights,
            bias: biases,
        }
    }

    /// What comes out of its filters, of one image. Pooling goes before the activation, which never
    /// makes a larger number the smaller one.
    fn forward<const V: usize>(
        &self,
        shape: Shape,
        input: &[f32],
        filtered: &mut [f32],
        output: &mut [f32],
        argmax: &mut [f32],
    ) {
        let Shape { from, to, pool, .. } = shape;
        let [height, width] = to.size;
        let filters = Filters {
            line: from.line(),
            step: from.channels,
            run: shape.kernel[1] * from.channels,
            weights: self.weights.as_chunks().0.as_chunks().0,
            bias: &self.bias.as_chunks().0.as_chunks().0[0],
        };
        let filtered = filtered.as_chunks_mut().0.as_chunks_mut::<V>().0;
        let filtered = &mut filtered[..pool * pool * width];
        let mut argmax = argmax.chunks_exact_mut(padded(to.channels));
        for row in 0..height {
            for (line, filtered) in filtered.chunks_exact_mut(pool * width).enumerate() {
                filters.row(&input[(row * pool + line) * from.line()..], filtered);
            }
            for column in 0..width {
                let mut best = load(&filtered[column * pool]);
                let mut argmax_here = [Lanes::splat(0.0); V];
                let mut place = Lanes::splat(0.0);
                for line in filtered.chunks_exact(pool * width) {
                    for values in &line[column * pool..][..pool] {
                        for it in 0..V {
                            let value = Lanes::of(values[it]);
                            argmax_here[it] =
                                value.choose_where_larger(best[it], place, argmax_here[it]);
                            best[it] = value.choose_where_larger(best[it], value, best[it]);
                        }
                        place = place.add(Lanes::splat(1.0));
                    }
                }
                let mut activated = [[0.0; 4]; V];
                store(&best, &mut activated);
                activate(shape.activation, activated.as_flattened_mut());
                let start = to.at(row, column) + self.first;
                write(&activated, &mut output[start..start + self.filters]);
                let argmax = argmax.next().expect("every square has argmax");
                let argmax = argmax[self.first..].as_chunks_mut().0;
                for (to, argmax_here) in argmax.iter_mut().zip(argmax_here) {
                    *to = argmax_here.numbers();
                }
            }
        }
    }
}

/// Writes the first numbers of some groups. Every length has a copy of its own: a call of the
/// copying function for some bytes takes longer than the filter.
#[inline(always)]
fn write<const V: usize>(groups: &[[f32; 4]; V], to: &mut [f32]) {
    let (whole, rest) = to.as_chunks_mut::<4>();
    for (to, group) in whole.iter_mut().zip(groups) {
        *to = *group;
    }
    let [a, b, c, _] = groups[V - 1];
    match rest {
        [x] => *x = a,
        [x, y] => [*x, *y] = [a, b],
        [x, y, z] => [*x, *y, *z] = [a, b, c],
        _ => {}
    }
}
