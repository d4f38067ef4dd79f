//! The loss of an image and its gradient: the objective with its gradient for the logits, the regularizers
//! with theirs for the pixels. For diversity, which compares images, see [`super::diversity`]. The
//! reference is in [`crate::reference::Loss`] and [`crate::reference::regularizers`].

use crate::fused::plan::LogitsObjective;
use crate::fused::schedule::Schedule;
use crate::network::{DIGITS, SIDE};

/// Ten logits, log-probabilities, or derivatives with respect to them.
pub type PerDigit = [f32; DIGITS];

/// The log-probabilities of some logits.
pub fn log_softmax(logits: &PerDigit) -> PerDigit {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|it| (it - largest).exp()).sum();
    let log = sum.ln();
    logits.map(|it| it - largest - log)
}

impl LogitsObjective {
    /// The loss of a row that is made for `digit`. `target` is the logarithm of the target probability.
    pub fn loss(self, digit: usize, logits: &PerDigit, log_p: &PerDigit, target: f32) -> f32 {
        match self {
            Self::TargetProbability => (log_p[digit] - target) * (log_p[digit] - target),
            Self::LogProbability => -log_p[digit],
            Self::Logit => -logits[digit],
            Self::LogitDifference { other } => logits[other] - logits[digit],
        }
    }

    /// The gradient of the loss for the logits, from the log-probabilities.
    pub fn gradient(self, digit: usize, log_p: &PerDigit, target: f32) -> PerDigit {
        // The gradient for the logits, from the derivative for the digit's log-probability.
        let through_softmax = |derivative: f32| {
            let mut gradient = log_p.map(|it| -derivative * it.exp());
            gradient[digit] += derivative;
            gradient
        };
        match self {
            Self::TargetProbability => through_softmax(2.0 * (log_p[digit] - target)),
            Self::LogProbability => through_softmax(-1.0),
            Self::Logit => {
                let mut gradient = [0.0; DIGITS];
                gradient[digit] = -1.0;
                gradient
            }
            Self::LogitDifference { other } => {
                let mut gradient = [0.0; DIGITS];
                gradient[other] += 1.0;
                gradient[digit] -= 1.0;
                gradient
            }
        }
    }
}

/// The rows of an image.
type Rows<'a> = &'a [[f32; SIDE]];

/// The sum of the regularizers of an image's pixels, each times its weight.
pub fn regularization(schedule: &Schedule, image: &[f32], start: &[f32]) -> f32 {
    let (image, start) = (image.as_chunks().0, start.as_chunks().0);
    let mut loss = 0.0;
    if schedule.l1 > 0.0 {
        loss += schedule.l1 * total(image, image, |x, _| x.abs());
    }
    if schedule.l2 > 0.0 {
        loss += schedule.l2 * total(image, image, |x, _| x * x);
    }
    if schedule.variation > 0.0 {
        let down = total(&image[1..], image, |x, above| (x - above).abs());
        let mut across = 0.0;
        for row in image {
            across += (row.windows(2).map(|pair| (pair[1] - pair[0]).abs())).sum::<f32>();
        }
        loss += schedule.variation * (across + down);
    }
    if schedule.distance > 0.0 {
        loss += schedule.distance * total(image, start, |x, start| (x - start) * (x - start));
    }
    loss
}

/// Adds the gradient of [`regularization`] for the pixels.
pub fn add_regularization_gradient(
    schedule: &Schedule,
    image: &[f32],
    start: &[f32],
    gradient: &mut [f32],
) {
    if schedule.l1 > 0.0 {
        let derivative = |x| schedule.l1 * sign(x);
        add(gradient, image, |x, _| derivative(x), image);
    }
    if schedule.l2 > 0.0 {
        add(gradient, image, |x, _| 2.0 * schedule.l2 * x, image);
    }
    if schedule.variation > 0.0 {
        let derivative = |x: f32, before: f32| schedule.variation * sign(x - before);
        let (lower, upper) = (&image[SIDE..], image);
        add(&mut gradient[SIDE..], lower, derivative, upper);
        add(gradient, upper, derivative, lower);
        let rows = gradient.as_chunks_mut::<SIDE>().0.iter_mut();
        for (gradient, row) in rows.zip(image.as_chunks::<SIDE>().0) {
            add(&mut gradient[1..], &row[1..], derivative, row);
            add(gradient, row, derivative, &row[1..]);
        }
    }
    if schedule.distance > 0.0 {
        let derivative = |x, start| 2.0 * schedule.distance * (x - start);
        add(gradient, image, derivative, start);
    }
}

/// Σx².
pub fn squares(values: &[f32]) -> f32 {
    values.iter().map(|it| it * it).sum()
}

/// The sum of `value` over all pairs of pixels. Columns are summed up side by side, in SIMD vectors.
fn total(images: Rows, others: Rows, value: impl Fn(f32, f32) -> f32) -> f32 {
    let mut sums = [0.0; SIDE];
    for (row, other) in images.iter().zip(others) {
        for ((sum, x), other) in sums.iter_mut().zip(row).zip(other) {
            *sum += value(*x, *other);
        }
    }
    sums.iter().sum()
}

/// Adds the derivative of each pair of pixels. Pixels without a partner are left out.
fn add(gradient: &mut [f32], image: &[f32], derivative: impl Fn(f32, f32) -> f32, other: &[f32]) {
    for ((gradient, x), other) in gradient.iter_mut().zip(image).zip(other) {
        *gradient += derivative(*x, *other);
    }
}

/// −1, 0 or 1: the derivative of |x|, as Burn has it.
fn sign(x: f32) -> f32 {
    f32::from(x > 0.0) - f32::from(x < 0.0)
}
