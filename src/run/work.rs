//! How much work an iteration is, in multiplications, and how many iterations are made at once.
//!
//! While the CPU works, the page stands still; while the GPU works, it draws nothing else, and some
//! systems reset a GPU that is busy for 2 seconds. A network may need 4 thousand multiplications for an
//! image, or 64 million, so a fixed number of iterations would be too many or too few.

use crate::network::{Architecture, PIXELS, SIDE};
use crate::task::Parameterization;
use crate::task::Settings;

/// The most multiplications at once, unless a single iteration needs more. It is 45 iterations of ten
/// digits on LeNet-5, for which one core of a laptop takes 13 to 26 milliseconds in a browser.
const AT_ONCE: usize = 1 << 28;

/// The most iterations at once on the reference path: launching the operations of one iteration on
/// WebGPU takes the main thread 4 to 12 milliseconds.
const LONGEST_REFERENCE: usize = 8;
/// How many times as long a multiplication takes on the reference path as on the fused path, overhead
/// included.
const REFERENCE: usize = 8;

/// The number of pixels from which a pixel of a rotated or scaled image is interpolated.
const NEIGHBORS: usize = 4;

/// What the optimizer and the parameterization cost for each pixel, in multiplications.
const PIXEL: usize = 40;

/// The multiplications of one iteration, of all its rows, on each path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    fused: usize,
    reference: usize,
}

impl Work {
    /// The work of one iteration of `rows` rows.
    pub fn new(
        architecture: &Architecture,
        parameterization: &Parameterization,
        settings: &Settings,
        rows: usize,
    ) -> Self {
        // A product of an image with a 28 × 28 matrix from both sides.
        const BOTH_SIDES: usize = 2 * PIXELS * SIDE;
        let transforms = settings.transforms();
        let network = architecture.multiplications();
        // Forward and backward; with transforms, forward once more, for the transformed image.
        let passes = network.saturating_mul(if transforms.none() { 2 } else { 3 });
        let decoding = match parameterization {
            Parameterization::Pixels | Parameterization::Sigmoid => 0,
            Parameterization::Fourier => 2 * BOTH_SIDES,
            Parameterization::Pca(pca) => 2 * PIXELS * pca.rank(),
        };
        // Forward and backward. The fused path computes each pixel from its neighbors, the reference
        // path multiplies by matrices.
        let (sampled, multiplied) = match (transforms.rotation != 0.0, transforms.scale != 0.0) {
            (true, _) => (2 * NEIGHBORS * PIXELS, 2 * PIXELS * PIXELS),
            (false, true) => (2 * NEIGHBORS * PIXELS, 2 * BOTH_SIDES),
            (false, false) => (0, 0),
        };
        let blurred = match settings.gradient_blur() > 0.0 {
            true => BOTH_SIDES,
            false => 0,
        };
        // At most, if all rows have the same objective.
        let compared = match settings.regularizers().diversity > 0.0 {
            true => 2 * rows * PIXELS,
            false => 0,
        };
        let common = decoding + blurred + compared + PIXEL * PIXELS;
        let all = |transformed: usize| {
            let row = passes.saturating_add(common + transformed);
            row.saturating_mul(rows)
        };
        Self {
            fused: all(sampled),
            reference: all(multiplied),
        }
    }

    /// How many iterations are made at once on the fused path: one at least.
    pub fn fused(self) -> usize {
        usize::max(AT_ONCE / self.fused, 1)
    }

    /// How many iterations are made at once on the reference path: one at least.
    pub fn reference(self) -> usize {
        (AT_ONCE / self.reference.saturating_mul(REFERENCE)).clamp(1, LONGEST_REFERENCE)
    }
}
