//! Average pooling.

use super::layout::Layout;
use super::values::Values;

/// Each output is the mean of a window of `pool` × `pool` inputs. Windows do not overlap.
#[derive(Clone, Copy)]
pub struct Average {
    pub pool: usize,
}

impl Average {
    /// Writes the means of all images.
    pub fn forward(&self, from: &Values, to: &mut Values) {
        let share = 1.0 / (self.pool * self.pool) as f32;
        let inputs = from.activated.chunks_exact(from.layout.stride());
        let outputs = to.activated.chunks_exact_mut(to.layout.stride());
        for (input, output) in inputs.zip(outputs) {
            self.windows(from.layout, to.layout, |to, window| {
                let channels = &mut output[to..to + from.layout.channels];
                channels.fill(0.0);
                for pixel in window {
                    for (sum, value) in channels.iter_mut().zip(&input[pixel..]) {
                        *sum += value;
                    }
                }
                channels.iter_mut().for_each(|it| *it *= share);
            });
        }
    }

    /// Writes the gradient for the inputs: each has an equal share of the gradient of its mean.
    pub fn backward(&self, from: &mut Values, to: &Values) {
        let share = 1.0 / (self.pool * self.pool) as f32;
        let inputs = from.gradient.chunks_exact_mut(from.layout.stride());
        let outputs = to.gradient.chunks_exact(to.layout.stride());
        for (output, input) in outputs.zip(inputs) {
            input.fill(0.0);
            self.windows(from.layout, to.layout, |to, window| {
                let channels = &output[to..to + from.layout.channels];
                for pixel in window {
                    for (value, mean) in input[pixel..].iter_mut().zip(channels) {
                        *value = mean * share;
                    }
                }
            });
        }
    }

    /// Calls `each` with the place of every output pixel and the window of inputs that it averages.
    fn windows(&self, from: Layout, to: Layout, mut each: impl FnMut(usize, Window)) {
        let [height, width] = to.size;
        for row in 0..height {
            for column in 0..width {
                let window = Window {
                    from,
                    start: [row, column].map(|it| it * self.pool),
                    pool: self.pool,
                    next: 0,
                };
                each(to.at(row, column), window);
            }
        }
    }
}

/// Iterates over the places of a window's pixels.
struct Window {
    from: Layout,
    start: [usize; 2],
    pool: usize,
    next: usize,
}

impl Iterator for Window {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let (down, right) = (self.next / self.pool, self.next % self.pool);
        self.next += 1;
        (down < self.pool).then(|| self.from.at(self.start[0] + down, self.start[1] + right))
    }
}
