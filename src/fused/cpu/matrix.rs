//! A matrix whose rows are products' one factor, or what is added up.

use std::array::from_fn;
use std::sync::Arc;

use super::buffer::Buffer;
use super::lanes::{Lanes, load, store};

/// A matrix of constants, `[rows, columns]`.
///
/// It serves both passes of a dense layer, forwards as dot products with its rows and backwards as
/// a sum of them, so that there is one copy to be fetched from memory: with one image, the time of a
/// step is that of reading the weights. Clones share it.
#[derive(Clone)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    /// Floats from one row to the next.
    stride: usize,
    values: Arc<Buffer>,
    /// Some inputs, four numbers of each in turn: the loop that reads them then has one place to go on
    /// from in place of one for each.
    packed: Buffer,
}

/// A row of a [`Matrix`] and what it is multiplied by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Term {
    pub row: usize,
    pub factor: f32,
}

/// Rows are made up to a multiple of this, with zeros.
const ROWS: usize = 8;

/// The most inputs that are multiplied at once.
const INPUTS: usize = 5;

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
            values: Arc::new(values),
            packed: Buffer::new(INPUTS * columns.next_multiple_of(4)),
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
                _ => self.dots_of::<INPUTS, 2>(&mut inputs, &mut outputs),
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
        let packed = self.packed.as_chunks::<4>().0.as_chunks::<N>().0;
        let mut outputs: [&mut [f32]; N] = from_fn(|_| outputs.next().expect("there are as many"));
        for row in (0..self.rows).step_by(M) {
            let weights: [&[[f32; 4]]; M] = from_fn(|it| {
                let row = &self.values[(row + it) * self.stride..][..self.stride];
                &row.as_chunks().0[..length]
            });
            let mut sums = [[Lanes::splat(0.0); M]; N];
            for at in 0..length {
                // Checked at every turn, on purpose: see `Filters`.
                let inputs = &packed[at];
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
        let (first, rest) = terms.split_at(terms.len().min(AT_ONCE));
        Sum::of(&self.values, self.stride, first).write(output);
        for terms in rest.chunks(AT_ONCE) {
            Sum::of(&self.values, self.stride, terms).add(output);
        }
    }
}

/// Rows that [`Matrix::combine`] goes along together: as many as a processor can tell apart when it
/// fetches ahead.
const AT_ONCE: usize = 16;

/// A sum of rows, each times its factor.
pub struct Sum<'a> {
    rows: &'a [f32],
    stride: usize,
    terms: &'a [Term],
}

impl<'a> Sum<'a> {
    /// Of these rows, `stride` floats apart.
    pub fn of(rows: &'a [f32], stride: usize, terms: &'a [Term]) -> Self {
        Self {
            rows,
            stride,
            terms,
        }
    }

    /// Writes it to a whole number of groups of four.
    pub fn write(&self, output: &mut [f32]) {
        self.along::<true>(output);
    }

    /// Adds it to a whole number of groups of four.
    pub fn add(&self, output: &mut [f32]) {
        self.along::<false>(output);
    }

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

    /// `V` groups of it, from so far along the rows.
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
