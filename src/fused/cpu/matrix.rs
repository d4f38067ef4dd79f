//! Row-major weights: dot products with the rows in the forward pass, weighted sums of the rows in the
//! backward pass.

use std::array::from_fn;
use std::sync::Arc;

use super::buffer::Buffer;
use super::lanes::{Lanes, load, store};

/// A matrix of constants, `[rows, columns]`.
///
/// One copy serves both passes, because with a single image the time of a step is the time it takes to
/// read the weights from memory. Clones share it.
#[derive(Clone)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    /// Floats from one row to the next.
    stride: usize,
    values: Arc<Buffer>,
    /// Up to [`INPUTS`] inputs, interleaved: four numbers of the first, four of the second, and so on.
    /// The inner loop then reads all of them from one address instead of one for each.
    interleaved: Buffer,
}

/// A term of a weighted sum of rows: the row's index, and its weight.
#[derive(Clone, Copy, Debug, Default)]
pub struct Term {
    pub row: usize,
    pub factor: f32,
}

/// Rows of zeros are added until their number is a multiple of this.
const ROWS: usize = 8;

/// The most inputs that one pass over the matrix serves.
const INPUTS: usize = 5;

/// The number of outputs that [`Matrix::dots`] writes for a matrix of `rows` rows: it may write zeros
/// behind the last one.
pub fn padded_rows(rows: usize) -> usize {
    rows.next_multiple_of(ROWS)
}

impl Matrix {
    /// The matrix of `value(row, column)`.
    pub fn new(rows: usize, columns: usize, value: impl Fn(usize, usize) -> f32) -> Self {
        // An odd number of cache lines. With a power of two, a column's numbers would all compete for
        // the same few sets of the cache.
        let stride = (columns.div_ceil(16) | 1) * 16;
        let mut values = Buffer::new(padded_rows(rows) * stride);
        for (row, to) in values.chunks_exact_mut(stride).take(rows).enumerate() {
            for (column, to) in to.iter_mut().take(columns).enumerate() {
                *to = value(row, column);
            }
        }
        Self {
            rows,
            columns,
            stride,
            values: Arc::new(values),
            interleaved: Buffer::new(INPUTS * columns.next_multiple_of(4)),
        }
    }

    /// The number of rows, without those that were added.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The dot product of every input with every row. `from` and `to` are the floats from the beginning
    /// of an input, or output, to the beginning of the next one.
    pub fn dots(&mut self, inputs: &[f32], from: usize, outputs: &mut [f32], to: usize) {
        let mut inputs = inputs.chunks_exact(from);
        let mut outputs = outputs.chunks_exact_mut(to);
        loop {
            match inputs.len() {
                0 => return,
                1 => self.dots_of::<1, 8>(&mut inputs, &mut outputs),
                2 => self.dots_of::<2, 4>(&mut inputs, &mut outputs),
                3 => self.dots_of::<3, 2>(&mut inputs, &mut outputs),
                4 => self.dots_of::<4, 2>(&mut inputs, &mut outputs),
                _ => self.dots_of::<INPUTS, 2>(&mut inputs, &mut outputs),
            }
        }
    }

    /// [`Matrix::dots`] for the next `N` inputs, with `M` rows at a time: as many independent sums as there
    /// are registers for.
    fn dots_of<'a, const N: usize, const M: usize>(
        &mut self,
        inputs: &mut impl Iterator<Item = &'a [f32]>,
        outputs: &mut impl Iterator<Item = &'a mut [f32]>,
    ) {
        let length = self.columns.div_ceil(4);
        let interleaved = &mut self
            .interleaved
            .as_chunks_mut::<4>()
            .0
            .as_chunks_mut::<N>()
            .0[..length];
        for index in 0..N {
            let input = inputs.next().expect("there are as many");
            for (to, from) in interleaved.iter_mut().zip(input.as_chunks::<4>().0) {
                to[index] = *from;
            }
        }
        let interleaved = self.interleaved.as_chunks::<4>().0.as_chunks::<N>().0;
        let mut outputs: [&mut [f32]; N] = from_fn(|_| outputs.next().expect("there are as many"));
        for row in (0..self.rows).step_by(M) {
            let weights: [&[[f32; 4]]; M] = from_fn(|it| {
                let row = &self.values[(row + it) * self.stride..][..self.stride];
                &row.as_chunks().0[..length]
            });
            let mut sums = [[Lanes::splat(0.0); M]; N];
            for at in 0..length {
                // The bounds check in every iteration is on purpose: see `Filters::pixels`.
                let inputs = &interleaved[at];
                let weights: [Lanes; M] = from_fn(|it| Lanes::of(weights[it][at]));
                for (input, sums) in inputs.iter().zip(&mut sums) {
                    let input = Lanes::of(*input);
                    for (weight, sum) in weights.iter().zip(sums) {
                        *sum = sum.add_product(input, *weight);
                    }
                }
            }
            for (output, sums) in outputs.iter_mut().zip(sums) {
                output[row..row + M].copy_from_slice(&sums.map(Lanes::sum));
            }
        }
    }

    /// Writes the weighted sum of some rows.
    pub fn combine(&self, terms: &[Term], output: &mut [f32]) {
        let output = &mut output[..self.columns.next_multiple_of(4)];
        let (first, rest) = terms.split_at(terms.len().min(STREAMS));
        WeightedSum::of(&self.values, self.stride, first).write(output);
        for terms in rest.chunks(STREAMS) {
            WeightedSum::of(&self.values, self.stride, terms).add(output);
        }
    }
}

/// How many rows [`Matrix::combine`] reads side by side: as many streams as a processor's prefetcher
/// can follow.
const STREAMS: usize = 16;

/// A weighted sum of rows.
pub struct WeightedSum<'a> {
    rows: &'a [f32],
    stride: usize,
    terms: &'a [Term],
}

impl<'a> WeightedSum<'a> {
    /// The weighted sum of the terms' rows. Rows begin `stride` floats after one another.
    pub fn of(rows: &'a [f32], stride: usize, terms: &'a [Term]) -> Self {
        Self {
            rows,
            stride,
            terms,
        }
    }

    /// Writes the sum to a slice whose length is a multiple of four.
    pub fn write(&self, output: &mut [f32]) {
        self.along::<true>(output);
    }

    /// Adds the sum to a slice whose length is a multiple of four.
    pub fn add(&self, output: &mut [f32]) {
        self.along::<false>(output);
    }

    /// Goes along the rows: as long as possible in steps of eight vectors, then in smaller ones.
    /// `FRESH`: the output is overwritten, not added to.
    #[inline(always)]
    fn along<const FRESH: bool>(&self, output: &mut [f32]) {
        let output = output.as_chunks_mut::<4>().0;
        let (eights, rest) = output.as_chunks_mut::<8>();
        let mut from = 0;
        for output in eights {
            self.part::<FRESH, 8>(&mut from, output);
        }
        let (fours, rest) = rest.as_chunks_mut::<4>();
        for output in fours {
            self.part::<FRESH, 4>(&mut from, output);
        }
        for output in rest.as_chunks_mut::<1>().0 {
            self.part::<FRESH, 1>(&mut from, output);
        }
    }

    /// Computes `V` vectors of the sum, the first of which is `from` floats from the beginning of the rows.
    #[inline(always)]
    fn part<const FRESH: bool, const V: usize>(
        &self,
        from: &mut usize,
        output: &mut [[f32; 4]; V],
    ) {
        let mut sums = match FRESH {
            true => [Lanes::splat(0.0); V],
            false => load(output),
        };
        let rows = &self.rows[*from..];
        for term in self.terms {
            let row = &rows[term.row * self.stride..][..4 * V];
            let factor = Lanes::splat(term.factor);
            for (sum, weight) in sums.iter_mut().zip(row.as_chunks().0) {
                *sum = sum.add_product(factor, Lanes::of(*weight));
            }
        }
        store(&sums, output);
        *from += 4 * V;
    }
}
