//! The loss of an image and its gradient: the goal's for the logits, the penalties' for the pixels.
//! See [`crate::objective`] and [`crate::penalty`].

use crate::architecture::{DIGITS, SIDE};
use crate::fused::orders::Orders;
use crate::fused::plan::LogitsGoal;

/// Ten logits or log-probabilities.
pub type Answer = [f32; DIGITS];

pub fn log_softmax(logits: &Answer) -> Answer {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|it| (it - largest).exp()).sum();
    let log = sum.ln();
    logits.map(|it| it - largest - log)
}

impl LogitsGoal {
    /// The loss of a row that is made for `digit`.
    pub fn loss(self, digit: usize, logits: &Answer, answer: &Answer, target: f32) -> f32 {
        match self {
            Self::Distance => (answer[digit] - target) * (answer[digit] - target),
            Self::LogProbability => -answer[digit],
            Self::Logit => -logits[digit],
            Self::Difference { other } => logits[other] - logits[digit],
        }
    }

    /// Its gradient for the logits.
    pub fn gradient(self, digit: usize, answer: &Answer, target: f32) -> Answer {
        // Of a function with this slope for the digit's log-probability.
        let through_softmax = |slope: f32| {
            let mut gradient = answer.map(|it| -slope * it.exp());
            gradient[digit] += slope;
            gradient
        };
        match self {
            Self::Distance => through_softmax(2.0 * (answer[digit] - target)),
            Self::LogProbability => through_softmax(-1.0),
            Self::Logit => {
                let mut gradient = [0.0; DIGITS];
                gradient[digit] = -1.0;
                gradient
            }
            Self::Difference { other } => {
                let mut gradient = [0.0; DIGITS];
                gradient[other] += 1.0;
                gradient[digit] -= 1.0;
                gradient
            }
        }
    }
}

/// The numbers of an image, by rows.
type Rows<'a> = &'a [[f32; SIDE]];

/// What an image is charged for its pixels.
pub fn charge(orders: &Orders, image: &[f32], start: &[f32]) -> f32 {
    let (image, start) = (image.as_chunks().0, start.as_chunks().0);
    let mut loss = 0.0;
    if orders.l1 > 0.0 {
        loss += orders.l1 * total(image, image, |x, _| x.abs());
    }
    if orders.l2 > 0.0 {
        loss += orders.l2 * total(image, image, |x, _| x * x);
    }
    if orders.variation > 0.0 {
        let down = total(&image[1..], image, |x, above| (x - above).abs());
        let mut across = 0.0;
        for row in image {
            across += (row.windows(2).map(|pair| (pair[1] - pair[0]).abs())).sum::<f32>();
        }
        loss += orders.variation * (across + down);
    }
    if orders.distance > 0.0 {
        loss += orders.distance * total(image, start, |x, start| (x - start) * (x - start));
    }
    loss
}

/// Adds the gradient of that.
pub fn add_slopes(orders: &Orders, image: &[f32], start: &[f32], gradient: &mut [f32]) {
    if orders.l1 > 0.0 {
        let slope = |x| orders.l1 * sign(x);
        add(gradient, image, |x, _| slope(x), image);
    }
    if orders.l2 > 0.0 {
        add(gradient, image, |x, _| 2.0 * orders.l2 * x, image);
    }
    if orders.variation > 0.0 {
        let slope = |x: f32, before: f32| orders.variation * sign(x - before);
        let (lower, upper) = (&image[SIDE..], image);
        add(&mut gradient[SIDE..], lower, slope, upper);
        add(gradient, upper, slope, lower);
        let rows = gradient.as_chunks_mut::<SIDE>().0.iter_mut();
        for (gradient, row) in rows.zip(image.as_chunks::<SIDE>().0) {
            add(&mut gradient[1..], &row[1..], slope, row);
            add(gradient, row, slope, &row[1..]);
        }
    }
    if orders.distance > 0.0 {
        let slope = |x, start| 2.0 * orders.distance * (x - start);
        add(gradient, image, slope, start);
    }
}

/// Σx².
pub fn squares(values: &[f32]) -> f32 {
    values.iter().map(|it| it * it).sum()
}

/// The sum over all pairs of pixels: by columns first, which is many sums at once.
fn total(images: Rows, others: Rows, value: impl Fn(f32, f32) -> f32) -> f32 {
    let mut sums = [0.0; SIDE];
    for (row, other) in images.iter().zip(others) {
        for ((sum, x), other) in sums.iter_mut().zip(row).zip(other) {
            *sum += value(*x, *other);
        }
    }
    sums.iter().sum()
}

/// Adds the slope of each pair of pixels, as far as there are pairs.
fn add(gradient: &mut [f32], image: &[f32], slope: impl Fn(f32, f32) -> f32, other: &[f32]) {
    for ((gradient, x), other) in gradient.iter_mut().zip(image).zip(other) {
        *gradient += slope(*x, *other);
    }
}

/// −1, 0 or 1.
fn sign(x: f32) -> f32 {
    f32::from(x > 0.0) - f32::from(x < 0.0)
}
