//! The backward pass of a convolution: the gradient for its input, a transposed convolution.
//!
//! Max pooling passes the gradient of a pooling window to one of its pixels, and after ReLU often to
//! none. So for each window the filters that have a gradient are collected, the weighted sum of their
//! kernels is computed over the patch of the input that they read, and the patch is added to the
//! gradient for the input.

use std::sync::Arc;

use super::activation::derivative;
use super::buffer::Buffer;
use super::convolution::Shape;
use super::lanes::Lanes;
use super::matrix::{Term, WeightedSum};
use crate::fused::plan::padded;

/// The kernels of a convolution as patches of its input, which clones share.
#[derive(Clone)]
pub struct Transposed {
    shape: Shape,
    /// What a patch covers.
    extent: Extent,
    /// Floats of a row of a patch, a multiple of four.
    run: usize,
    /// `[filters, rows, run]` with [`Extent::Pixel`], `[pool², filters, rows, run]` with
    /// [`Extent::Window`].
    patches: Arc<Buffer>,
    /// The weighted sum of some patches, `[rows, run]`.
    sum: Buffer,
    /// The filters that have a gradient in a window, and that gradient: `[groups, filters]`. Each group has
    /// a sum of its own. With [`Extent::Window`] there is one group, with [`Extent::Pixel`] one for each
    /// pixel of the window.
    terms: Vec<Term>,
    /// How many terms each group has.
    counts: Vec<usize>,
}

/// What a patch covers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// The receptive field of one pixel of the output before pooling.
    Pixel,
    /// The receptive field of a whole pooling window. Each filter has a patch for every pixel of the
    /// window, with its kernel in another position. One sum then serves the whole window.
    Window,
}

/// The most floats that the patches of whole windows may take. They save additions but take several
/// times as much memory as those of single pixels, which pays as long as they fit into the processor's
/// first cache. Those of LeNet-5's second convolution take 13,824.
const MOST_FLOATS: usize = 16_384;

impl Transposed {
    /// The patches of filters whose weights are `weight(filter, row, column, channel)`.
    pub fn new(shape: Shape, weight: impl Fn(usize, usize, usize, usize) -> f32) -> Self {
        let Shape { pool, .. } = shape;
        let [height, width] = shape.kernel;
        let (channels, filters) = (shape.from.channels, shape.to.channels);
        // The rows of a patch, and the floats of each.
        let patch = |more: usize| (height + more, padded((width + more) * channels));
        let (rows, run) = patch(pool - 1);
        let (extent, (rows, run), positions) = match pool * pool * filters * rows * run {
            ..=MOST_FLOATS => (Extent::Window, (rows, run), pool * pool),
            _ => (Extent::Pixel, patch(0), 1),
        };
        let mut patches = Buffer::new(positions * filters * rows * run);
        for (index, patch) in patches.chunks_exact_mut(rows * run).enumerate() {
            let (position, filter) = (index / filters, index % filters);
            let (down, right) = (position / pool, position % pool);
            for row in 0..height {
                let start = (row + down) * run + right * channels;
                for at in 0..width * channels {
                    let (column, channel) = (at / channels, at % channels);
                    patch[start + at] = weight(filter, row, column, channel);
                }
            }
        }
        let groups = match extent {
            Extent::Window => 1,
            Extent::Pixel => pool * pool,
        };
        Self {
            shape,
            extent,
            run,
            patches: Arc::new(patches),
            sum: Buffer::new(rows * run),
            terms: vec![Term::default(); groups * filters],
            counts: vec![0; groups],
        }
    }

    /// Writes one image's gradient for the input, from its activated outputs and their gradient.
    /// `argmax` has `[padded(filters)]` for each window.
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
                let argmax = argmax.next().expect("every window has argmax indices");
                self.collect(
                    &output[start..start + filters],
                    &gradient[start..start + filters],
                    &argmax[..filters],
                );
                let window = [row, column].map(|it| it * self.shape.pool);
                for group in 0..self.counts.len() {
                    self.add_patch(group, window, input_gradient);
                }
            }
        }
    }

    /// Collects the filters that have a gradient in a window. All slices are `[filters]`.
    fn collect(&mut self, output: &[f32], gradient: &[f32], argmax: &[f32]) {
        let filters = output.len();
        self.counts.fill(0);
        let values = output.iter().zip(gradient).zip(argmax);
        for (filter, ((value, gradient), argmax)) in values.enumerate() {
            let factor = gradient * derivative(self.shape.activation, *value);
            let position = *argmax as usize;
            let (group, row) = match self.extent {
                Extent::Window => (0, position * filters + filter),
                Extent::Pixel => (position, filter),
            };
            // Without a branch, which the processor would predict wrongly half the time: a term that
            // does not count is overwritten by the next one.
            let count = &mut self.counts[group];
            self.terms[group * filters + *count] = Term { row, factor };
            *count += usize::from(factor != 0.0);
        }
    }

    /// Adds the weighted sum of a group's patches to the gradient for the input. `row` and `column`
    /// are the top left of the window.
    fn add_patch(&mut self, group: usize, [row, column]: [usize; 2], input_gradient: &mut [f32]) {
        let first = group * self.shape.to.channels;
        let terms = &self.terms[first..first + self.counts[group]];
        if terms.is_empty() {
            return;
        }
        let size = self.sum.len();
        WeightedSum::of(&self.patches, size, terms).write(&mut self.sum);
        let (down, right) = match self.extent {
            Extent::Window => (0, 0),
            Extent::Pixel => (group / self.shape.pool, group % self.shape.pool),
        };
        let row_stride = self.shape.from.row_stride();
        let mut start = (row + down) * row_stride + (column + right) * self.shape.from.channels;
        for from in self.sum.chunks_exact(self.run) {
            let to = input_gradient[start..][..self.run].as_chunks_mut().0;
            for (to, from) in to.iter_mut().zip(from.as_chunks().0) {
                *to = Lanes::of(*to).add(Lanes::of(*from)).numbers();
            }
            start += row_stride;
        }
    }
}
