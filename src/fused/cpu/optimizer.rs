//! The optimizers, as Burn and PyTorch have them.

use crate::fused::schedule::StepParameters;
use crate::task::Optimizer;

/// The state of an optimizer: `[n, p]` each.
pub struct OptimizerState<'a> {
    pub parameters: &'a mut [f32],
    pub first_moments: &'a mut [f32],
    pub second_moments: &'a mut [f32],
}

impl OptimizerState<'_> {
    /// Updates the parameters: the same formula for every [`Optimizer`], see [`StepParameters`].
    pub fn update(self, gradient: &[f32], step: &StepParameters) {
        const BETAS: [f32; 2] = Optimizer::BETAS;
        const LONGEST: f32 = Optimizer::LONGEST_STEP;
        let StepParameters {
            rate,
            average,
            scaling,
            epsilon,
            ..
        } = *step;
        let newest = 1.0 - average;
        let moments = self.first_moments.iter_mut().zip(self.second_moments);
        let parameters = self.parameters.iter_mut().zip(gradient);
        for ((parameter, gradient), (first, second)) in parameters.zip(moments) {
            *first = BETAS[0] * *first + (1.0 - BETAS[0]) * gradient;
            *second = BETAS[1] * *second + (1.0 - BETAS[1]) * (gradient * gradient);
            let direction = average * *first + newest * gradient;
            let change = rate * direction / (scaling * second.sqrt() + epsilon);
            *parameter -= change.clamp(-LONGEST, LONGEST);
        }
    }
}
