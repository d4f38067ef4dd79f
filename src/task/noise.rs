//! Seeded Gaussian noise, the same to the last bit on every platform.
//!
//! Burn's own random tensors differ between backends, so the start image is drawn here: ChaCha8
//! gives random bits, the Box-Muller transform makes them Gaussian, and `libm` takes the place of the
//! platform's logarithm and cosine, which may round differently.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// `count` draws from N(0, `std`²).
pub fn gaussian(seed: u32, std: f64, count: usize) -> Vec<f32> {
    let mut bits = ChaCha8Rng::seed_from_u64(seed.into());
    std::iter::repeat_with(|| {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - bits.random::<f64>()));
        let angle = std::f64::consts::TAU * bits.random::<f64>();
        [radius * libm::cos(angle), radius * libm::sin(angle)]
    })
    .flatten()
    .map(|draw| (std * draw) as f32)
    .take(count)
    .collect()
}
