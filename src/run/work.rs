//! How much work iterations are, in multiplications, and how many are made at once. A CPU does nothing
//! else meanwhile, and a GPU draws nothing else; some systems reset one that is busy for 2 seconds. A
//! network may need 4 thousand multiplications for an image, or 64 million: a number of iterations
//! says nothing of the time that they take.

use crate::network::architecture::{Architecture, PIXELS, SIDE};
use crate::task::Settings;
use crate::task::parameterization::Parameterization;

/// Multiplications that are made at once, at most, unless a single iteration needs more: those of 45
/// iterations of ten digits on LeNet-5. In a browser, one core of a laptop takes 13 to 26 milliseconds
/// for them.
const AT_ONCE: usize = 1 << 28;

/// Iterations at once where Burn makes them operation by operation, at most: launching those of one
/// iteration on WebGPU takes the main thread 4 to 12 milliseconds.
const LONGEST_PLAIN: usize = 8;
/// How many times as long as a fused multiplication one of Burn's operations takes, with all that goes
/// on around it.
const PLAIN: usize = 8;

/// What Adam and the form cost for each pixel, as so many multiplications.
const PIXEL: usize = 40;

/// The multiplications of an iteration, of all its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work(usize);

impl Work {
    /// Of so many rows, each of which is an image of this form.
    pub fn new(
        architecture: &Architecture,
        parameterization: &Parameterization,
        settings: &Settings,
        rows: usize,
    ) -> Self {
        // A product of an image with a 28 × 28 matrix from both sides.
        const BOTH_SIDES: usize = 2 * PIXELS * SIDE;
        let transforms = settings.transforms();
        let network = architecture.products();
        // Forwards and backwards; and once more forwards, where the network is shown the image moved.
        let passes = network.saturating_mul(if transforms.none() { 2 } else { 3 });
        let parameterization = match parameterization {
            Parameterization::Pixels | Parameterization::Sigmoid => 0,
            Parameterization::Fourier => 2 * BOTH_SIDES,
            Parameterization::Pca(prior) => 2 * PIXELS * prior.rank(),
        };
        let moved = match (transforms.rotation != 0.0, transforms.scale != 0.0) {
            (true, _) => 2 * PIXELS * PIXELS,
            (false, true) => 2 * BOTH_SIDES,
            (false, false) => 0,
        };
        let blurred = if settings.gradient_blur() > 0.0 {
            BOTH_SIDES
        } else {
            0
        };
        let row = passes.saturating_add(parameterization + moved + blurred + PIXEL * PIXELS);
        Self(row.saturating_mul(rows))
    }

    /// How many fused iterations are made at once: one at least.
    pub fn fused(self) -> usize {
        usize::max(AT_ONCE / self.0, 1)
    }

    /// How many iterations are made at once, operation by operation: one at least.
    pub fn plain(self) -> usize {
        (AT_ONCE / self.0.saturating_mul(PLAIN)).clamp(1, LONGEST_PLAIN)
    }
}
