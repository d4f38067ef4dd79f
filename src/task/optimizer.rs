//! Which rule turns the gradient into a step.

use serde::Deserialize;

/// The optimizer of an iteration. It may change from one iteration to the next: all three keep the same state, the
/// running means of the gradient and of its square ([`Optimizer::BETAS`]), so a run that is switched goes on as if it
/// had had the new optimizer's means all along. In particular, Adam and momentum hand their speed over to each other.
///
/// No step changes a parameter by more than [`Optimizer::LONGEST_STEP`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Optimizer {
    /// Adam (Kingma and Ba, 2015): the mean of the gradient over the root of that of its square, so that all
    /// parameters move alike, however small their gradients are.
    #[default]
    Adam,
    /// Gradient descent with momentum 0.9, as PyTorch's `SGD(momentum=0.9)`: the sum of all gradients, each of which
    /// weighs 0.9 times as much as the one after it. That is ten times their running mean.
    Momentum,
    /// Plain gradient descent, as PyTorch's `SGD`: the gradient itself.
    Sgd,
}

impl Optimizer {
    /// The weights of what came before in the running means of the gradient and of its square: PyTorch's and Burn's
    /// defaults for Adam.
    pub const BETAS: [f32; 2] = [0.9, 0.999];

    /// The most that a step changes a parameter. Adam's steps are at most 7.3 times the learning rate long, which is
    /// at most 1 (Cauchy and Schwarz, for the worst gradients), so this bounds only the others: without it, gradient
    /// descent with large regularizers and a large learning rate gives numbers that are not finite.
    pub const LONGEST_STEP: f32 = 10.0;
}
