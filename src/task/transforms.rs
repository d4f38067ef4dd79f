//! Random transforms of the image before the network sees it, and the blur of the gradient, in
//! numbers. Transforms are drawn here, from the seed and the iteration, so they are the same on every
//! backend. [`crate::reference::transforms`] applies them.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use crate::network::SIDE;

/// The largest transforms. Every iteration draws its own from a uniform distribution up to these;
/// jitter is a whole number of pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Transforms {
    /// Pixels to the left or right, and up or down, 0 to [`Transforms::MAX_JITTER`].
    pub jitter: f64,
    /// Degrees in either direction, 0 to [`Transforms::MAX_ROTATION`].
    pub rotation: f64,
    /// Relative change of size, 0 to [`Transforms::MAX_SCALE`].
    pub scale: f64,
}

impl Transforms {
    /// The largest jitter, in pixels.
    pub const MAX_JITTER: f64 = 8.0;
    /// The largest rotation, in degrees.
    pub const MAX_ROTATION: f64 = 45.0;
    /// The largest relative change of size.
    pub const MAX_SCALE: f64 = 0.5;

    /// Whether the image is left as it is.
    pub fn none(&self) -> bool {
        *self == Self::default()
    }
}

/// The transform of one iteration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transform {
    /// Pixels to the right, and down.
    pub jitter: [f64; 2],
    /// Degrees, clockwise.
    pub rotation: f64,
    /// Factor of the size.
    pub scale: f64,
}

impl Default for Transform {
    /// Leaves the image as it is.
    fn default() -> Self {
        Self {
            jitter: [0.0; 2],
            rotation: 0.0,
            scale: 1.0,
        }
    }
}

/// Where the pixels of a transformed image come from: the pixel at (x, y), in columns and rows, shows
/// what was at (a·x + b·y + right, a·y − b·x + down).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Source {
    /// cos(rotation) / scale.
    pub a: f64,
    /// sin(rotation) / scale.
    pub b: f64,
    /// Added to the column.
    pub right: f64,
    /// Added to the row.
    pub down: f64,
}

impl Source {
    /// Column and row that the pixel at column `x` and row `y` comes from.
    pub fn of(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [
            self.a * x + self.b * y + self.right,
            self.a * y - self.b * x + self.down,
        ]
    }
}

impl Transform {
    /// Whether it only shifts the image, by whole pixels.
    pub fn only_jitters(&self) -> bool {
        self.rotation == 0.0 && self.scale == 1.0
    }

    /// Where the pixels of the transformed image come from. The image is rotated and scaled about its
    /// center, then shifted.
    pub fn source(&self) -> Source {
        let center = (SIDE - 1) as f64 / 2.0;
        let radians = self.rotation.to_radians();
        let [a, b] = [libm::cos(radians), libm::sin(radians)].map(|it| it / self.scale);
        let [x, y] = self.jitter.map(|it| center + it); // The center's new place.
        Source {
            a,
            b,
            right: center - a * x - b * y,
            down: center - a * y + b * x,
        }
    }

    /// Draws the transform of an iteration.
    pub fn draw(transforms: &Transforms, seed: u32, iteration: usize) -> Self {
        let mut bits = ChaCha8Rng::seed_from_u64(seed.into());
        bits.set_stream(iteration as u64 + 1); // The start noise uses stream 0.
        let mut uniform = || bits.random::<f64>(); // 0 ≤ it < 1
        let most = libm::floor(transforms.jitter);
        let mut pixels = || libm::floor((2.0 * most + 1.0) * uniform()) - most;
        let jitter = [pixels(), pixels()];
        let mut within = |most: f64| most * (2.0 * uniform() - 1.0);
        Self {
            jitter,
            rotation: within(transforms.rotation),
            scale: 1.0 + within(transforms.scale),
        }
    }
}

/// The weight of each source pixel in each blurred pixel, along one axis: `[28 to, 28 from]`. `std` is
/// the blur's standard deviation in pixels. Near the border, where part of the bell curve lies
/// outside, the remaining weights are scaled so that they add up to 1.
pub fn blur_weights(std: f64) -> Vec<f32> {
    let mut weights = vec![0f32; SIDE * SIDE];
    for (to, row) in weights.chunks_exact_mut(SIDE).enumerate() {
        let bell = |from: usize| {
            // Dividing comes before squaring: the square of a very small `std` would be 0.
            let distance = (from as f64 - to as f64) / std;
            libm::exp(-distance * distance / 2.0)
        };
        let sum: f64 = (0..SIDE).map(bell).sum();
        for (from, weight) in row.iter_mut().enumerate() {
            *weight = (bell(from) / sum) as f32;
        }
    }
    weights
}
