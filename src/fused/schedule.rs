//! What one call of an executor computes, in numbers: the settings, and the parameters of each iteration.

use crate::task::{Optimizer, Settings};
use crate::task::{Transform, blur_weights};

/// Adam's epsilon, PyTorch's default.
const EPSILON: f32 = 1e-8;

/// Settings of a call, and the parameters of its iterations.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// ln of the probability to reach.
    pub target: f32,
    /// The weight of Σ|x|: this and the next five are those of [`Regularizers`](crate::task::Regularizers).
    pub l1: f32,
    /// The weight of Σx².
    pub l2: f32,
    /// The weight of the total variation.
    pub variation: f32,
    /// The weight of the squared distance from the start.
    pub distance: f32,
    /// The weight of the density.
    pub density: f32,
    /// The weight of the diversity.
    pub diversity: f32,
    /// The weights that blur the gradient along one axis, `[28, 28]`; `None` for no blur.
    pub blur: Option<Vec<f32>>,
    /// One for each iteration.
    pub iterations: Vec<StepParameters>,
}

/// The parameters of one iteration. With the running means `m` of the gradient `g` and `v` of its square, which every
/// optimizer keeps, each parameter changes by
///
/// ```text
/// - rate · (average · m + (1 - average) · g) / (scaling · √v + epsilon)
/// ```
///
/// but by no more than [`Optimizer::LONGEST_STEP`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StepParameters {
    /// Of Adam, the learning rate with the bias corrections: η √(1 − β₂ᵗ) / (1 − β₁ᵗ). Of momentum η / (1 − β₁), since
    /// PyTorch sums the gradients where Adam takes their mean. Of plain gradient descent η.
    pub rate: f32,
    /// How much of the direction is the running mean of the gradient, 1 or 0; the rest is the gradient itself.
    pub average: f32,
    /// Whether the direction is divided by the root of the mean square: 1 with Adam, otherwise 0.
    pub scaling: f32,
    /// Of Adam, ε with the bias correction: ε √(1 − β₂ᵗ). Otherwise 1.
    pub epsilon: f32,
    /// What is done to the image before the network sees it.
    pub transform: Transform,
}

impl Schedule {
    /// The schedule of `count` iterations after the first `made`. `seed` is that of the random transforms, and
    /// `blurs` whether the parameterization allows a blur.
    pub fn new(settings: &Settings, blurs: bool, seed: u32, made: usize, count: usize) -> Self {
        let regularizers = settings.regularizers();
        let blur = settings.gradient_blur();
        Self {
            target: settings.target().ln() as f32,
            l1: regularizers.l1 as f32,
            l2: regularizers.l2 as f32,
            variation: regularizers.total_variation as f32,
            distance: regularizers.start_distance as f32,
            density: regularizers.density as f32,
            diversity: regularizers.diversity as f32,
            blur: (blurs && blur > 0.0).then(|| blur_weights(blur)),
            iterations: (made..made + count)
                .map(|iteration| StepParameters::new(settings, seed, iteration))
                .collect(),
        }
    }
}

impl StepParameters {
    fn new(settings: &Settings, seed: u32, iteration: usize) -> Self {
        let learning_rate = settings.learning_rate() as f32;
        let [rate, average, scaling, epsilon] = match settings.optimizer() {
            Optimizer::Adam => {
                // In single precision, as Burn does it.
                let time = iteration as i32 + 1;
                let [first, second] = Optimizer::BETAS.map(|beta| 1.0 - beta.powi(time));
                let root = second.sqrt();
                [learning_rate * (root / first), 1.0, 1.0, EPSILON * root]
            }
            Optimizer::Momentum => [learning_rate / (1.0 - Optimizer::BETAS[0]), 1.0, 0.0, 1.0],
            Optimizer::Sgd => [learning_rate, 0.0, 0.0, 1.0],
        };
        let transform = match settings.transforms().none() {
            true => Transform::default(),
            false => Transform::draw(settings.transforms(), seed, iteration),
        };
        Self {
            rate,
            average,
            scaling,
            epsilon,
            transform,
        }
    }
}
