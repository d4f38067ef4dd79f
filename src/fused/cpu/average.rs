//! Average pooling.

use super::maps::Maps;
use super::values::Values;

/// The mean of every square of `pool` × `pool` values.
#[derive(Clone, Copy)]
pub struct Average {
    pub pool: usize,
}

impl Average {
    /// The means, of all rows.
    pub fn forward(&self, from: &Values, to: &mut Values) {
        let part = 1.0 / (self.pool * self.pool) as f32;
        let outputs = to.activated.chunks_exact_mut(to.stride);
        for (input, output) in from.activated.chunks_exact(from.stride).zip(outputs) {
            self.squares(from.maps, to.maps, |to, square| {
                let channels = &mut output[to..to + from.maps.channels];
                channels.fill(0.0);
                for place in square {
                    for (sum, value) in channels.iter_mut().zip(&input[place..]) {
                        *sum += value;
                    }
                }
                channels.iter_mut().for_each(|it| *it *= part);
            });
        }
    }

    /// The gradient for what came in.
    pub fn backward(&self, from: &mut Values, to: &Values) {
        let part = 1.0 / (self.pool * self.pool) as f32;
        let inputs = from.gradient.chunks_exact_mut(from.stride);
        for (output, input) in to.gradient.chunks_exact(to.stride).zip(inputs) {
            input.fill(0.0);
            self.squares(from.maps, to.maps, |to, square| {
                let channels = &output[to..to + from.maps.channels];
                for place in square {
                    for (value, mean) in input[place..].iter_mut().zip(channels) {
                        *value = mean * part;
                    }
                }
            });
        }
    }

    /// Where each mean lies, and the numbers that it is of.
    fn squares(&self, from: Maps, to: Maps, mut each: impl FnMut(usize, Square)) {
        let [height, width] = to.size;
        for row in 0..height {
            for column in 0..width {
                let square = Square {
                    from,
                    start: [row, column].map(|it| it * self.pool),
                    pool: self.pool,
                    next: 0,
                };
                each(to.at(row, column), square);
            }
        }
    }
}

/// The places of a square.
struct Square {
    from: Maps,
    start: [usize; 2],
    pool: usize,
    next: usize,
}

impl Iterator for Square {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let (down, right) = (self.next / self.pool, self.next % self.pool);
        self.next += 1;
        (down < self.pool).then(|| self.from.at(self.start[0] + down, self.start[1] + right))
    }
}
