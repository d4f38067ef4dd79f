//! Convolutions with what follows them, and average pooling.
//!
//! Forwards, a register holds four filters' sums at one place, so that nothing is wasted whatever the
//! maps' width. Backwards, after max pooling, one place of each square has a gradient and after ReLU
//! often none has: what remains is the sum of those filters, laid over the input.

use std::array::from_fn;

use super::lanes::{self, Lanes};
use super::maps::Maps;
use super::matrix::{Term, accumulate};
use crate::architecture::Nonlinearity;
use crate::fused::plan;

/// A convolution of stride 1, the nonlinearity, and max pooling where `pool` is more than 1.
pub struct Convolution {
    from: Maps,
    to: Maps,
    kernel: [usize; 2],
    pool: usize,
    nonlinearity: Nonlinearity,
    blocks: Vec<Block>,
    /// The filters once more, for the way back: `[kernel height, filters, kernel width · channels]`,
    /// the last padded to groups of four.
    lines: Vec<f32>,
    /// The filtered maps of a block, as many rows of them as are pooled together.
    filtered: Vec<[f32; 4]>,
    /// For each place in a square, the filters whose gradient stands there.
    terms: Vec<Term>,
    patch: Vec<f32>,
}

/// Up to eight filters.
struct Block {
    /// The first.
    first: usize,
    filters: usize,
    /// `[kernel height · kernel width · channels, 1 or 2 groups of four filters]`.
    weights: Vec<[f32; 4]>,
    bias: Vec<[f32; 4]>,
}

/// Places that are filtered at once.
const PLACES: usize = 4;

impl Convolution {
    /// With weights and biases from where the plan has them; `from` and `to` have the borders that
    /// they are read with.
    pub fn new(
        it: &plan::Convolution,
        nonlinearity: Nonlinearity,
        from: Maps,
        to: Maps,
        constants: &[f32],
    ) -> Self {
        let [height, width] = it.kernel;
        let weight = |filter: usize, row: usize, column: usize, channel: usize| {
            let map = filter * it.channels + channel;
            constants[it.weight + (map * height + row) * width + column]
        };
        let run = width * it.channels;
        let blocks = (0..it.filters)
            .step_by(8)
            .map(|first| {
                let filters = (it.filters - first).min(8);
                let groups = filters.div_ceil(4);
                let four = |group: usize, value: &dyn Fn(usize) -> f32| {
                    from_fn(|lane| match 4 * group + lane {
                        filter if filter < filters => value(first + filter),
                        _ => 0.0,
                    })
                };
                let mut weights = Vec::new();
                for row in 0..height {
                    for at in 0..run {
                        weights.extend((0..groups).map(|group| {
                            four(group, &|filter| {
                                weight(filter, row, at / it.channels, at % it.channels)
                            })
                        }));
                    }
                }
                let bias = |filter: usize| constants[it.bias + filter];
                Block {
                    first,
                    filters,
                    weights,
                    bias: (0..groups).map(|group| four(group, &bias)).collect(),
                }
            })
            .collect();
        let line = ((width + it.pool - 1) * it.channels).next_multiple_of(4);
        let patch = (height + it.pool - 1) * line;
        let mut lines = vec![0.0; it.pool * it.pool * it.filters * patch];
        for (index, patch) in lines.chunks_exact_mut(patch).enumerate() {
            let (place, filter) = (index / it.filters, index % it.filters);
            let (down, right) = (place / it.pool, place % it.pool);
            for row in 0..height {
                for at in 0..run {
                    patch[(row + down) * line + right * it.channels + at] =
                        weight(filter, row, at / it.channels, at % it.channels);
                }
            }
        }
        Self {
            kernel: it.kernel,
            pool: it.pool,
            nonlinearity,
            blocks,
            lines,
            filtered: vec![[0.0; 4]; 2 * it.pool * it.pool * it.pooled[1]],
            terms: vec![Term::default(); it.filters],
            patch: vec![0.0; patch],
            from,
            to,
        }
    }

    /// The maps of one image; `winners` has the place of the largest value in each square.
    pub fn forward(&mut self, input: &[f32], output: &mut [f32], winners: &mut [f32]) {
        for index in 0..self.blocks.len() {
            match self.blocks[index].bias.len() {
                1 => self.block_forward::<1>(index, input, output, winners),
                _ => self.block_forward::<2>(index, input, output, winners),
            }
        }
    }

    fn block_forward<const V: usize>(
        &mut self,
        index: usize,
        input: &[f32],
        output: &mut [f32],
        winners: &mut [f32],
    ) {
        let Self { from, to, pool, .. } = *self;
        let block = &self.blocks[index];
        let [height, width] = to.size;
        let filtered = &mut self.filtered.as_chunks_mut::<V>().0[..pool * pool * width];
        let filters = Filters {
            line: from.line(),
            step: from.channels,
            run: self.kernel[1] * from.channels,
            weights: block.weights.as_chunks().0,
            bias: from_fn(|it| Lanes::of(block.bias[it])),
        };
        for row in 0..height {
            for (line, filtered) in filtered.chunks_exact_mut(pool * width).enumerate() {
                let start = (row * pool + line) * from.line();
                filters.row(&input[start..], filtered);
            }
            for column in 0..width {
                let mut best = [Lanes::splat(f32::NEG_INFINITY); V];
                let mut winner = [Lanes::splat(0.0); V];
                for place in 0..pool * pool {
                    let (down, right) = (place / pool, place % pool);
                    let values = &filtered[(down * width + column) * pool + right];
                    let place = Lanes::splat(place as f32);
                    for ((best, winner), value) in best.iter_mut().zip(&mut winner).zip(values) {
                        let value = Lanes::of(*value);
                        *winner = value.choose_where_larger(*best, place, *winner);
                        *best = value.choose_where_larger(*best, value, *best);
                    }
                }
                let start = to.at(row, column) + block.first;
                let mut best = best.map(Lanes::numbers);
                lanes::bend(self.nonlinearity, best.as_flattened_mut());
                let winner = winner.map(Lanes::numbers);
                let places = start..start + block.filters;
                output[places.clone()].copy_from_slice(&best.as_flattened()[..block.filters]);
                winners[places].copy_from_slice(&winner.as_flattened()[..block.filters]);
            }
        }
    }

    /// The gradient for the input, from that for the output.
    pub fn backward(
        &mut self,
        output: &[f32],
        winners: &[f32],
        gradient: &[f32],
        input_gradient: &mut [f32],
    ) {
        let Self { from, to, pool, .. } = *self;
        let filters = to.channels;
        let run = ((self.kernel[1] + pool - 1) * from.channels).next_multiple_of(4);
        let [height, width] = to.size;
        input_gradient.fill(0.0);
        for row in 0..height {
            for column in 0..width {
                let start = to.at(row, column);
                let places = start..start + filters;
                let values = output[places.clone()].iter().zip(&gradient[places.clone()]);
                let mut count = 0;
                for (filter, ((value, gradient), winner)) in
                    values.zip(&winners[places]).enumerate()
                {
                    let factor = gradient * lanes::slope(self.nonlinearity, *value);
                    let row = *winner as usize * filters + filter;
                    self.terms[count] = Term { row, factor };
                    count += usize::from(factor != 0.0);
                }
                if count == 0 {
                    continue;
                }
                self.patch.fill(0.0);
                accumulate(
                    &self.lines,
                    self.patch.len(),
                    &self.terms[..count],
                    &mut self.patch,
                );
                let mut start = row * pool * from.line() + column * pool * from.channels;
                for patch in self.patch.chunks_exact(run) {
                    let to = input_gradient[start..][..run]
                        .as_chunks_mut::<4>()
                        .0
                        .iter_mut();
                    for (to, from) in to.zip(patch.as_chunks::<4>().0) {
                        *to = Lanes::of(*to)
                            .add_product(Lanes::splat(1.0), Lanes::of(*from))
                            .numbers();
                    }
                    start += from.line();
                }
            }
        }
    }
}

/// Floats that [`Convolution::backward`] may touch behind the maps.
pub const SLACK: usize = 4;

/// `V` groups of four filters.
struct Filters<'a, const V: usize> {
    /// Floats from one row of the input to the next.
    line: usize,
    /// Floats from one place to the next.
    step: usize,
    /// Floats of a row that a filter covers.
    run: usize,
    weights: &'a [[[f32; 4]; V]],
    bias: [Lanes; V],
}

impl<const V: usize> Filters<'_, V> {
    /// A row of filtered maps, from the input above and to the left of its first place.
    #[inline(never)]
    fn row(&self, input: &[f32], output: &mut [[[f32; 4]; V]]) {
        match self.run {
            3 => self.row_with(
                input,
                output,
                Self::places::<PLACES, 3>,
                Self::places::<1, 3>,
            ),
            5 => self.row_with(
                input,
                output,
                Self::places::<PLACES, 5>,
                Self::places::<1, 5>,
            ),
            _ => self.row_with(input, output, Self::long_places, Self::long_places),
        }
    }

    #[inline(always)]
    fn row_with(
        &self,
        input: &[f32],
        output: &mut [[[f32; 4]; V]],
        places: impl Fn(&Self, &[f32], &mut [[[f32; 4]; V]; PLACES]),
        place: impl Fn(&Self, &[f32], &mut [[[f32; 4]; V]; 1]),
    ) {
        let mut start = 0;
        let (fours, rest) = output.as_chunks_mut();
        for output in fours {
            places(self, &input[start..], output);
            start += PLACES * self.step;
        }
        for output in rest.as_chunks_mut().0 {
            place(self, &input[start..], output);
            start += self.step;
        }
    }

    /// Some places side by side, where a filter's row covers `RUN` floats.
    #[inline(always)]
    fn places<const P: usize, const RUN: usize>(
        &self,
        input: &[f32],
        output: &mut [[[f32; 4]; V]; P],
    ) {
        let mut sums = [self.bias; P];
        for (row, weights) in self.weights.as_chunks::<RUN>().0.iter().enumerate() {
            let inputs = self.inputs::<P>(input, row, RUN);
            let inputs = inputs.map(|it| &it.as_chunks::<RUN>().0[0]);
            add_products(&mut sums, weights, inputs);
        }
        *output = sums.map(|sums| sums.map(Lanes::numbers));
    }

    /// The same of any length.
    #[inline(always)]
    fn long_places<const P: usize>(&self, input: &[f32], output: &mut [[[f32; 4]; V]; P]) {
        let mut sums = [self.bias; P];
        for (row, weights) in self.weights.chunks_exact(self.run).enumerate() {
            let inputs = self.inputs::<P>(input, row, self.run);
            let (fours, rest) = weights.as_chunks::<4>();
            let heads = inputs.map(|it| &it.as_chunks::<4>().0[..fours.len()]);
            for (at, weights) in fours.iter().enumerate() {
                add_products(&mut sums, weights, heads.map(|it| &it[at]));
            }
            let tails = inputs.map(|it| &it.as_chunks::<4>().1[..rest.len()]);
            for (at, weights) in rest.iter().enumerate() {
                let inputs = tails.map(|it| std::array::from_ref(&it[at]));
                add_products(&mut sums, std::array::from_ref(weights), inputs);
            }
        }
        *output = sums.map(|sums| sums.map(Lanes::numbers));
    }

    /// What a row of the filters covers at each of the places.
    #[inline(always)]
    fn inputs<'a, const P: usize>(
        &self,
        input: &'a [f32],
        row: usize,
        run: usize,
    ) -> [&'a [f32]; P] {
        let input = &input[row * self.line..];
        from_fn(|place| &input[place * self.step..][..run])
    }
}

#[inline(always)]
fn add_products<const P: usize, const V: usize, const N: usize>(
    sums: &mut [[Lanes; V]; P],
    weights: &[[[f32; 4]; V]; N],
    inputs: [&[f32; N]; P],
) {
    for (at, weights) in weights.iter().enumerate() {
        let weights = weights.map(Lanes::of);
        for (sums, input) in sums.iter_mut().zip(inputs) {
            let input = Lanes::splat(input[at]);
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum = sum.add_product(input, weight);
            }
        }
    }
}

/// Average pooling.
pub struct Average {
    pub from: Maps,
    pub to: Maps,
    pub pool: usize,
}

impl Average {
    /// The means of one image's squares.
    pub fn forward(&self, input: &[f32], output: &mut [f32]) {
        let part = 1.0 / (self.pool * self.pool) as f32;
        self.squares(|to, from| {
            output[to] = 0.0;
            from.for_each(|from| output[to] += input[from]);
            output[to] *= part;
        });
    }

    /// The gradient for the input, from that for the output.
    pub fn backward(&self, gradient: &[f32], input_gradient: &mut [f32]) {
        let part = 1.0 / (self.pool * self.pool) as f32;
        input_gradient.fill(0.0);
        self.squares(|to, from| from.for_each(|from| input_gradient[from] = gradient[to] * part));
    }

    /// Calls `each` with every output's place and its inputs' places.
    fn squares(&self, mut each: impl FnMut(usize, &mut dyn Iterator<Item = usize>)) {
        let Self { from, to, pool } = *self;
        let [height, width] = to.size;
        for row in 0..height {
            for column in 0..width {
                for channel in 0..to.channels {
                    let mut places = (0..pool * pool).map(|place| {
                        let (down, right) = (place / pool, place % pool);
                        from.at(row * pool + down, column * pool + right) + channel
                    });
                    each(to.at(row, column) + channel, &mut places);
                }
            }
        }
    }
}
