//! Adam, as Burn and PyTorch have it.

use crate::fused::schedule::{BETAS, StepParameters};

/// The state of the optimizer: `[n, p]` each.
pub struct Adam<'a> {
    pub parameters: &'a mut [f32],
    pub first_moments: &'a mut [f32],
    pub second_moments: &'a mut [f32],
}

impl Adam<'_> {
    /// Updates the parameters. The step's rate and epsilon contain the bias corrections.
    pub fn update(self, gradient: &[f32], step: &StepParameters) {
        let StepParameters { rate, epsilon, .. } = *step;
        let moments = self.first_moments.iter_mut().zip(self.second_moments);
        let parameters = self.parameters.iter_mut().zip(gradient);
        for ((parameter, gradient), (first, second)) in parameters.zip(moments) {
            *first = BETAS[0] * *first + (1.0 - BETAS[0]) * gradient;
            *second = BETAS[1] * *second + (1.0 - BETAS[1]) * (gradient * gradient);
            *parameter -= rate * *first / (second.sqrt() + epsilon);
        }
    }
}
