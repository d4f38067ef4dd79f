//! The forward pass of up to eight filters of a convolution along one row.
//!
//! A SIMD vector holds the sums of four filters at one pixel, so that no part of it is unused whatever
//! the maps' width is, and each weight is loaded once for several pixels.

use super::lanes::{Lanes, load, store};

/// `V` vectors of four filters.
pub struct Filters<'a, const V: usize> {
    /// Floats from a pixel of the input to the one below it.
    pub row_stride: usize,
    /// Floats from a pixel to the next one: the number of channels.
    pub step: usize,
    /// Floats of a row of the receptive field: the kernel's width times the channels.
    pub run: usize,
    /// `[kernel height · run]`.
    pub weights: &'a [[[f32; 4]; V]],
    pub bias: &'a [[f32; 4]; V],
}

/// Pixels that are computed at once. With two vectors of filters these are eight sums, which together
/// with the inputs and weights fill the sixteen registers that most processors have.
const PIXELS: usize = 4;

impl<const V: usize> Filters<'_, V> {
    /// Computes a row of the outputs, before pooling and activation. `input` begins at the top left
    /// of the first pixel's receptive field.
    pub fn row(&self, input: &[f32], output: &mut [[[f32; 4]; V]]) {
        let mut start = 0;
        let (several, rest) = output.as_chunks_mut::<PIXELS>();
        for output in several {
            self.pixels(&input[start..], output);
            start += PIXELS * self.step;
        }
        for output in rest.as_chunks_mut::<1>().0 {
            self.pixels(&input[start..], output);
            start += self.step;
        }
    }

    /// Computes `P` pixels side by side.
    #[inline(always)]
    fn pixels<const P: usize>(&self, input: &[f32], output: &mut [[[f32; 4]; V]; P]) {
        let mut sums = [load(self.bias); P];
        for (row, weights) in self.weights.chunks_exact(self.run).enumerate() {
            let input = &input[row * self.row_stride..];
            let mut inputs = [input; P];
            for (pixel, it) in inputs.iter_mut().enumerate() {
                *it = &input[pixel * self.step..][..self.run];
            }
            for at in 0..self.run {
                // The compiler cannot omit this bounds check, which is an advantage: V8 moves no load
                // before a check. Without the check it loads the weights of several iterations of the
                // loop at once, more than fit into the registers, and a step of LeNet-5 takes an
                // eighth longer.
                let weights = load(&weights[at]);
                for (sums, input) in sums.iter_mut().zip(inputs) {
                    let input = Lanes::splat(input[at]);
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum = sum.add_product(input, weight);
                    }
                }
            }
        }
        for (sums, output) in sums.iter().zip(output) {
            store(sums, output);
        }
    }
}
