//! Convolutions, each with the activation function and max pooling behind it.

use std::sync::Arc;

use super::activation::activate;
use super::buffer::Buffer;
use super::filters::Filters;
use super::lanes::{Lanes, load, store};
use super::layout::Layout;
use super::transposed::Transposed;
use super::values::Values;
use crate::fused::plan::{self, padded};
use crate::network::ActivationFunction;
use crate::network::parameters;

/// A convolution of stride 1, max pooling where `pool` is more than 1, and the activation function.
/// Clones share its weights.
#[derive(Clone)]
pub struct Convolution {
    shape: Shape,
    blocks: Arc<[Block]>,
    /// What a block computes before pooling, for a row of pooling windows: `[pool, pool · width]`.
    filtered: Buffer,
    /// The argmax indices of the pooling windows, `row · pool + column` within the window:
    /// `[n, height, width, padded(filters)]`. Floats, so that they are chosen with the same instructions
    /// as the values.
    argmax: Buffer,
    transposed: Transposed,
}

/// What a convolution reads and writes, without its weights.
#[derive(Clone, Copy)]
pub struct Shape {
    pub from: Layout,
    /// After pooling.
    pub to: Layout,
    pub kernel: [usize; 2],
    /// Side of the pooling windows, 1 where there is no max pooling.
    pub pool: usize,
    pub activation: ActivationFunction,
}

/// Up to eight filters, which are computed together.
struct Block {
    /// The index of the first one.
    first: usize,
    filters: usize,
    /// `[kernel height · kernel width · channels, 1 or 2 vectors of four filters]`.
    weights: Buffer,
    /// `[1 or 2 vectors of four filters]`.
    bias: Buffer,
}

impl Convolution {
    /// With a layer's parameters, for no images yet.
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
            transposed: Transposed::new(shape, weight),
            shape,
        }
    }

    /// The same convolution, with memory for so many images.
    pub fn for_images(&self, images: usize) -> Self {
        Self {
            argmax: Buffer::new(images * self.shape.argmax()),
            ..self.clone()
        }
    }

    /// Writes the outputs of all images.
    pub fn forward(&mut self, from: &Values, to: &mut Values) {
        let (shape, filtered) = (self.shape, &mut self.filtered);
        let inputs = from.activated.chunks_exact(from.layout.stride());
        let outputs = to.activated.chunks_exact_mut(to.layout.stride());
        let outputs = outputs.zip(self.argmax.chunks_exact_mut(shape.argmax()));
        for (input, (output, argmax)) in inputs.zip(outputs) {
            for block in &*self.blocks {
                match block.filters {
                    ..=4 => block.forward::<1>(shape, input, filtered, output, argmax),
                    _ => block.forward::<2>(shape, input, filtered, output, argmax),
                }
            }
        }
    }

    /// Writes the gradient for the inputs of all images.
    pub fn backward(&mut self, from: &mut Values, to: &Values) {
        let stride = to.layout.stride();
        let outputs = to.activated.chunks_exact(stride);
        let outputs = outputs.zip(to.gradient.chunks_exact(stride));
        let outputs = outputs.zip(self.argmax.chunks_exact(self.shape.argmax()));
        let inputs = from.gradient.chunks_exact_mut(from.layout.stride());
        for (((output, gradient), argmax), input) in outputs.zip(inputs) {
            self.transposed.backward(output, gradient, argmax, input);
        }
    }
}

impl Shape {
    /// The number of argmax indices of an image.
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

    /// Writes the outputs of its filters for one image. Pooling comes before the activation function,
    /// which is monotonic, so the largest value stays the largest; and there are fewer values to
    /// activate.
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
            row_stride: from.row_stride(),
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
                filters.row(&input[(row * pool + line) * from.row_stride()..], filtered);
            }
            for column in 0..width {
                let mut best = load(&filtered[column * pool]);
                let mut argmax_here = [Lanes::splat(0.0); V];
                let mut index = Lanes::splat(0.0);
                for line in filtered.chunks_exact(pool * width) {
                    for values in &line[column * pool..][..pool] {
                        for it in 0..V {
                            let value = Lanes::of(values[it]);
                            argmax_here[it] =
                                value.choose_where_larger(best[it], index, argmax_here[it]);
                            best[it] = value.choose_where_larger(best[it], value, best[it]);
                        }
                        index = index.add(Lanes::splat(1.0));
                    }
                }
                let mut activated = [[0.0; 4]; V];
                store(&best, &mut activated);
                activate(shape.activation, activated.as_flattened_mut());
                let start = to.at(row, column) + self.first;
                write(&activated, &mut output[start..start + self.filters]);
                let argmax = argmax.next().expect("every window has argmax indices");
                let argmax = argmax[self.first..].as_chunks_mut().0;
                for (to, argmax_here) in argmax.iter_mut().zip(argmax_here) {
                    *to = argmax_here.numbers();
                }
            }
        }
    }
}

/// Writes as many of the vectors' numbers as there is space for. Each remainder is copied by code of its
/// own, since a call of `memcpy` takes longer than computing the filters.
#[inline(always)]
fn write<const V: usize>(vectors: &[[f32; 4]; V], to: &mut [f32]) {
    let (whole, rest) = to.as_chunks_mut::<4>();
    for (to, vector) in whole.iter_mut().zip(vectors) {
        *to = *vector;
    }
    let [a, b, c, _] = vectors[V - 1];
    match rest {
        [x] => *x = a,
        [x, y] => [*x, *y] = [a, b],
        [x, y, z] => [*x, *y, *z] = [a, b, c],
        _ => {}
    }
}
