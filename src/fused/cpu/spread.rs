//! A convolution's way back.
//!
//! Of each square of max pooling one place has a gradient, and after ReLU often none has. So filters
//! that have one are summed up, each times its gradient, over the patch of the input that they cover,
//! and the patch is added to the input's gradient.

use std::sync::Arc;

use super::activation::derivative;
use super::buffer::Buffer;
use super::convolution::Shape;
use super::lanes::Lanes;
use super::matrix::{Sum, Term};
use crate::fused::plan::padded;

/// The filters once more, as patches of the input, which clones share.
#[derive(Clone)]
pub struct Spread {
    shape: Shape,
    /// Whether there are patches for each place in a square, of all that the square covers; otherwise
    /// they are of what a filter covers, and the places of a square come one after another.
    whole: bool,
    /// Floats of a row of a patch.
    run: usize,
    /// `[places if whole, filters, rows, run]`.
    patches: Arc<Buffer>,
    patch: Buffer,
    /// Filters that have a gradient, `[1 if whole or places, filters]`, and how many.
    terms: Vec<Term>,
    counts: Vec<usize>,
}

/// Floats that patches of whole squares may take together. They save work but take more room than
/// the filters, several times: as long as that fits the cache it pays. LeNet-5's take 13,824.
const ROOM: usize = 16_384;

impl Spread {
    /// Of filters whose weights are `[filter, row, column, channel]`.
    pub fn new(shape: Shape, weight: impl Fn(usize, usize, usize, usize) -> f32) -> Self {
        let Shape { pool, .. } = shape;
        let [height, width] = shape.kernel;
        let (channels, filters) = (shape.from.channels, shape.to.channels);
        let places = pool * pool;
        // Rows, floats in each, and the places that there are patches for.
        let patch = |more: usize, places: usize| {
            let (rows, run) = (height + more, padded((width + more) * channels));
            (rows, run, places)
        };
        let size = |(rows, run, places): (usize, usize, usize)| places * filters * rows * run;
        let whole = size(patch(pool - 1, places)) <= ROOM;
        let (rows, run, variants) = match whole {
            true => patch(pool - 1, places),
            false => patch(0, 1),
        };
        let mut patches = Buffer::new(variants * filters * rows * run);
        for (index, patch) in patches.chunks_exact_mut(rows * run).enumerate() {
            let (place, filter) = (index / filters, index % filters);
            let (down, right) = (place / pool, place % pool);
            for row in 0..height {
                let start = (row + down) * run + right * channels;
                for at in 0..width * channels {
                    let (column, channel) = (at / channels, at % channels);
                    patch[start + at] = weight(filter, row, column, channel);
                }
            }
        }
        let groups = if whole { 1 } else { places };
        Self {
            shape,
            whole,
            run,
            patches: Arc::new(patches),
            patch: Buffer::new(rows * run),
            terms: vec![Term::default(); groups * filters],
            counts: vec![0; groups],
        }
    }

    /// One image's gradient for the input, from what came out and its gradient. `argmax` has a square
    /// after the other, `[padded(filters)]` each.
    pub fn backward(
        &mut self,
        output: &[f32],
        gradient: &[f32],
        argmax: &[f32],
        input_gradient: &mut [f32],
    ) {
        input_gradient.fill(0.0);
        let filters = self.shape.to.channels;
        let [height, width] = self.shape.to.size;
        let mut argmax = argmax.chunks_exact(padded(filters));
        for row in 0..height {
            for column in 0..width {
                let start = self.shape.to.at(row, column);
                let argmax = argmax.next().expect("every square has argmax");
                self.collect(
                    &output[start..start + filters],
                    &gradient[start..start + filters],
                    &argmax[..filters],
                );
                let square = [row, column].map(|it| it * self.shape.pool);
                for group in 0..self.counts.len() {
                    self.add(group, square, input_gradient);
                }
            }
        }
    }

    /// The filters that have a gradient in a square.
    fn collect(&mut self, output: &[f32], gradient: &[f32], argmax: &[f32]) {
        let filters = output.len();
        self.counts.fill(0);
        let values = output.iter().zip(gradient).zip(argmax);
        for (filter, ((value, gradient), argmax_here)) in values.enumerate() {
            let factor = gradient * derivative(self.shape.activation, *value);
            let place = *argmax_here as usize;
            let (group, row) = match self.whole {
                true => (0, place * filters + filter),
                false => (place, filter),
            };
            // Written in any case and kept if it counts: a branch would be foreseen half the time.
            let count = &mut self.counts[group];
            self.terms[group * filters + *count] = Term { row, factor };
            *count += usize::from(factor != 0.0);
        }
    }

    /// Adds their sum.
    fn add(&mut self, group: usize, [row, column]: [usize; 2], input_gradient: &mut [f32]) {
        let first = group * self.shape.to.channels;
        let terms = &self.terms[first..first + self.counts[group]];
        if terms.is_empty() {
            return;
        }
        let size = self.patch.len();
        Sum::of(&self.patches, size, terms).write(&mut self.patch);
        let (down, right) = match self.whole {
            true => (0, 0),
            false => (group / self.shape.pool, group % self.shape.pool),
        };
        let line = self.shape.from.line();
        let mut start = (row + down) * line + (column + right) * self.shape.from.channels;
        for from in self.patch.chunks_exact(self.run) {
            let to = input_gradient[start..][..self.run].as_chunks_mut().0;
            for (to, from) in to.iter_mut().zip(from.as_chunks().0) {
                *to = Lanes::of(*to).add(Lanes::of(*from)).numbers();
            }
            start += line;
        }
    }
}
