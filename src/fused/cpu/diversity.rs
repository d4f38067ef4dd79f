//! Diversity: the mean squared cosine similarity of an image with the others that have the same digit,
//! neuron or channel, each minus its mean pixel. See [`crate::reference::regularizers`].

use super::buffer::Buffer;
use crate::network::PIXELS;

/// Added to the squared length of an image, so that it is never zero.
const EPSILON: f32 = 1e-8;

/// A batch of images as directions, and the cosines between them.
pub struct Diversity {
    /// The digit, neuron or channel of each row, `[n]`.
    objectives: Vec<usize>,
    /// The images minus their mean pixel, each divided by its length: `[n, 784]`.
    directions: Buffer,
    /// The lengths that the directions were divided by, `[n]`.
    lengths: Vec<f32>,
    /// `[n, n]`: 0 where two rows have different objectives, and for a row with itself.
    cosines: Vec<f32>,
    /// 1 / the number of other rows with the same objective, `[n]`. For a row without others the value
    /// does not matter.
    shares: Vec<f32>,
}

impl Diversity {
    /// The diversity of rows with these objectives.
    pub fn new(objectives: &[usize]) -> Self {
        let rows = objectives.len();
        let share = |one: &usize| {
            let same = objectives.iter().filter(|other| *other == one).count();
            1.0 / usize::max(same - 1, 1) as f32
        };
        Self {
            directions: Buffer::new(rows * PIXELS),
            lengths: vec![0.0; rows],
            cosines: vec![0.0; rows * rows],
            shares: objectives.iter().map(share).collect(),
            objectives: objectives.to_vec(),
        }
    }

    /// Compares images, `[n, 784]`. The other functions return values for the images last compared.
    pub fn compare(&mut self, images: &[f32]) {
        let directions = self.directions.chunks_exact_mut(PIXELS);
        let rows = directions.zip(images.chunks_exact(PIXELS));
        for ((direction, image), length) in rows.zip(&mut self.lengths) {
            let mean = mean(image);
            for (to, pixel) in direction.iter_mut().zip(image) {
                *to = pixel - mean;
            }
            *length = (dot(direction, direction) + EPSILON).sqrt();
            direction.iter_mut().for_each(|it| *it /= *length);
        }
        let rows = self.lengths.len();
        for one in 0..rows {
            for other in 0..one {
                if self.objectives[one] == self.objectives[other] {
                    let cosine = dot(self.direction(one), self.direction(other));
                    self.cosines[one * rows + other] = cosine;
                    self.cosines[other * rows + one] = cosine;
                }
            }
        }
    }

    /// The mean squared cosine similarity of a row with the others that have the same objective.
    pub fn of(&self, row: usize) -> f32 {
        let cosines = self.cosines(row);
        self.shares[row] * dot(cosines, cosines)
    }

    /// Adds the gradient, for the pixels of a row, of `weight` times the diversity of all rows.
    pub fn add_gradient(&self, row: usize, weight: f32, gradient: &mut [f32]) {
        // Each cosine counts in two rows, and its square's derivative has another factor of 2.
        let factor = 4.0 * weight * self.shares[row];
        let mut for_direction = [0.0; PIXELS];
        for (other, cosine) in self.cosines(row).iter().enumerate() {
            if *cosine != 0.0 {
                for (to, from) in for_direction.iter_mut().zip(self.direction(other)) {
                    *to += factor * cosine * from;
                }
            }
        }
        // Back through the normalization, which removes the gradient's component along the direction.
        // Subtracting the mean pixel needs no step of its own: every direction sums to 0, and so does this gradient.
        let direction = self.direction(row);
        let along = dot(&for_direction, direction);
        let both = for_direction.iter().zip(direction);
        for (to, (total, from)) in gradient.iter_mut().zip(both) {
            *to += (total - along * from) / self.lengths[row];
        }
    }

    fn direction(&self, row: usize) -> &[f32] {
        &self.directions[row * PIXELS..][..PIXELS]
    }

    /// The cosines of a row, `[n]`.
    fn cosines(&self, row: usize) -> &[f32] {
        let rows = self.lengths.len();
        &self.cosines[row * rows..][..rows]
    }
}

fn mean(image: &[f32]) -> f32 {
    image.iter().sum::<f32>() / image.len() as f32
}

/// Sixteen sums at once, of which none waits for another.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    let mut sums = [0.0; 16];
    for (a, b) in a.iter().zip(b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}
