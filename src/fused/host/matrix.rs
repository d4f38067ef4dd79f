//! A matrix whose rows are products' one factor, or what is added up.

use std::array::from_fn;

use super::buffer::Buffer;
use super::lanes::Lanes;

/// A matrix of constants, `[rows, columns]`.
///
/// It serves both passes of a dense layer, forwards as dot products with its rows and backwards as
/// a sum of them, so that there is one copy to be fetched from memory: with one image, the time of a
/// step is that of reading the weights.
pub struct Matrix {
    rows: usize,
    columns: usize,
    /// Floats from one row to the next.
    stride: usize,
    values: Buffer,
    packed: Buffer,
}

/// A row of a [`Matrix`] and what it is multiplied by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Term {
    pub row: usize,
    pub factor: f32,
}

const STEP: usize = 2;
/// Rows are made up to a multiple of this, with zeros.
const ROWS: usize = 8;

/// Room for a dot product with each row of a matrix, `rows` of them.
pub fn room(rows: usize) -> usize {
    rows.next_multiple_of(ROWS)
}

impl Matrix {
    /// Of what `value` says for each row and column.
    pub fn new(rows: usize, columns: usize, value: impl Fn(usize, usize) -> f32) -> Self {
        // An odd number of cache lines, so that a column's numbers do not all lie in the same few
        // places of the cache.
        let stride = (columns.div_ceil(16) | 1) * 16;
        let mut values = Buffer::new(room(rows) * stride);
        for (row, to) in values.chunks_exact_mut(stride).take(rows).enumerate() {
            for (column, to) in to.iter_mut().take(columns).enumerate() {
                *to = value(row, column);
            }
        }
        Self {
            rows,
            columns,
            stride,
            values,
            packed: Buffer::new(5 * columns.next_multiple_of(4)),
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The dot products of every input with every row: inputs and outputs lie `from` and `to` floats
    /// apart.
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
                _ => self.dots_of::<5, 2>(&mut inputs, &mut outputs),
            }
        }
    }

    /// Those of the next `N` inputs, with `M` rows at a time: as many sums at once as the registers
    /// hold, of which none waits for another.
    fn dots_of<'a, const N: usize, const M: usize>(
        &mut self,
        inputs: &mut impl Iterator<Item = &'a [f32]>,
        outputs: &mut impl Iterator<Item = &'a mut [f32]>,
    ) {
        let length = self.columns.div_ceil(4);
        let packed = &mut self.packed.as_chunks_mut::<4>().0.as_chunks_mut::<N>().0[..length];
        for index in 0..N {
            let input = inputs.next().expect("there are as many");
            for (to, from) in packed.iter_mut().zip(input.as_chunks::<4>().0) {
                to[index] = *from;
            }
        }
        let packed = &self.packed.as_chunks::<4>().0.as_chunks::<N>().0[..length];
        let mut outputs: [&mut [f32]; N] = from_fn(|_| outputs.next().expect("there are as many"));
        for row in (0..self.rows).step_by(M) {
            let weights: [&[[f32; 4]]; M] = from_fn(|it| {
                let row = &self.values[(row + it) * self.stride..][..self.stride];
                &row.as_chunks().0[..length]
            });
            let mut sums = [[Lanes::splat(0.0); M]; N];
            for (at, inputs) in packed.iter().enumerate() {
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

    /// The sum of some rows, each times its factor.
    pub fn combine(&self, terms: &[Term], output: &mut [f32]) {
        let output = &mut output[..self.columns.next_multiple_of(4)];
        output.fill(0.0);
        for terms in terms.chunks(AT_ONCE) {
            accumulate(&self.values, self.stride, terms, output);
        }
    }
}

/// Rows that [`Matrix::combine`] goes along together: as many as the processor can tell apart when
/// it fetches ahead.
const AT_ONCE: usize = 16;

/// Adds rows of `weights`, `stride` floats apart, each times its factor, to a whole number of groups
/// of four.
#[inline]
pub fn accumulate(weights: &[f32], stride: usize, terms: &[Term], output: &mut [f32]) {
    let output = output.as_chunks_mut::<4>().0;
    let (wide, rest) = output.as_chunks_mut::<8>();
    let mut from = 0;
    for output in wide {
        add_terms(&weights[from..], stride, terms, output);
        from += 32;
    }
    let (middle, rest) = rest.as_chunks_mut::<4>();
    for output in middle {
        add_terms(&weights[from..], stride, terms, output);
        from += 16;
    }
    for output in rest.as_chunks_mut::<1>().0 {
        add_terms(&weights[from..], stride, terms, output);
        from += 4;
    }
}

#[inline(always)]
fn add_terms<const V: usize>(
    weights: &[f32],
    stride: usize,
    terms: &[Term],
    output: &mut [[f32; 4]; V],
) {
    let mut sums = output.map(Lanes::of);
    for term in terms {
        let weights = &weights[term.row * stride..][..4 * V];
        let factor = Lanes::splat(term.factor);
        for (sum, weight) in sums.iter_mut().zip(weights.as_chunks().0) {
            *sum = sum.add_product(factor, Lanes::of(*weight));
        }
    }
    *output = sums.map(Lanes::numbers);
}
