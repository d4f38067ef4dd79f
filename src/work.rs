//! How much work iterations are, in multiplications, and how many are made at once. A CPU does nothing
//! else meanwhile, and a GPU draws nothing else; some systems reset one that is busy for 2 seconds. A
//! network may need 4 thousand multiplications for an image, or 64 million: a number of iterations
//! says nothing of the time that they take.

use crate::architecture::{Architecture, PIXELS, SIDE};
use crate::form::Form;
use crate::settings::Settings;

/// Multiplications that are made at once, at most, unless a single iteration needs more: those of 45
/// iterations of ten digits on LeNet-5. In a browser, one core of a laptop takes 13 to 26 milliseconds
/// for them.
const AT_ONCE: usize = 1 << 28;

/// Iterations in one launch on a GPU, at most: a slow GPU needs a millisecond for each, however little
/// there is to multiply.
pub const LONGEST_LAUNCH: usize = 100;

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
    pub fn new(architecture: &Architecture, form: &Form, settings: &Settings, rows: usize) -> Self {
        // A product of an image with a 28 × 28 matrix from both sides.
        const BOTH_SIDES: usize = 2 * PIXELS * SIDE;
        let moves = settings.moves();
        let network = architecture.products();
        // Forwards and backwards; and once more forwards, where the network is shown the image moved.
        let passes = network.saturating_mul(if moves.none() { 2 } else { 3 });
        let form = match form {
            Form::Pixels | Form::Sigmoid => 0,
            Form::Fourier => 2 * BOTH_SIDES,
            Form::Prior(prior) => 2 * PIXELS * prior.rank(),
        };
        let moved = match (moves.rotation != 0.0, moves.scale != 0.0) {
            (true, _) => 2 * PIXELS * PIXELS,
            (false, true) => 2 * BOTH_SIDES,
            (false, false) => 0,
        };
        let blurred = if settings.blur() > 0.0 { BOTH_SIDES } else { 0 };
        let row = passes.saturating_add(form + moved + blurred + PIXEL * PIXELS);
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
