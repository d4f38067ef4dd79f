//! Filters, laid on maps.
//!
//! A register holds the sums of four filters at one place, so that nothing is wasted whatever the
//! maps' width, and each weight is loaded once for several places.

use super::lanes::{Lanes, load, store};

/// `V` groups of four filters.
pub struct Filters<'a, const V: usize> {
    /// Floats from one row of the input to the next.
    pub line: usize,
    /// Floats from one place to the next: the channels.
    pub step: usize,
    /// Floats of a row that a filter covers: those of the kernel's width.
    pub run: usize,
    /// `[kernel height · run]`.
    pub weights: &'a [[[f32; 4]; V]],
    pub bias: &'a [[f32; 4]; V],
}

/// Places that are filtered at once: with two groups of filters, eight sums, which with what they are
/// made of fill the sixteen registers that most processors have.
const PLACES: usize = 4;

impl<const V: usize> Filters<'_, V> {
    /// A row of filtered maps, from the input above and to the left of its first place.
    pub fn row(&self, input: &[f32], output: &mut [[[f32; 4]; V]]) {
        let mut start = 0;
        let (several, rest) = output.as_chunks_mut::<PLACES>();
        for output in several {
            self.places(&input[start..], output);
            start += PLACES * self.step;
        }
        for output in rest.as_chunks_mut::<1>().0 {
            self.places(&input[start..], output);
            start += self.step;
        }
    }

    /// So many places side by side.
    #[inline(always)]
    fn places<const P: usize>(&self, input: &[f32], output: &mut [[[f32; 4]; V]; P]) {
        let mut sums = [load(self.bias); P];
        for (row, weights) in self.weights.chunks_exact(self.run).enumerate() {
            let input = &input[row * self.line..];
            let mut inputs = [input; P];
            for (place, it) in inputs.iter_mut().enumerate() {
                *it = &input[place * self.step..][..self.run];
            }
            for at in 0..self.run {
                // The compiler leaves this one index to be checked, and that is well: V8 transforms no load
                // ahead of a check. Without it, it loads for several turns of the loop at once, more
                // than there are registers, and LeNet-5's step takes an eighth longer.
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
