//! What is asked of the input: how far the network's answer is from the one wanted.

use burn::tensor::{Device, Tensor, TensorData};

use crate::network::DIGITS;

/// The digits asked for, one a row of the batch.
#[derive(Clone, Debug)]
pub struct Objective {
    /// One-hot, `[n, 10]`.
    choice: Tensor<2>,
}

impl Objective {
    /// One digit (0 to 9) a row.
    ///
    /// # Panics
    ///
    /// If a digit is above 9.
    pub fn new(digits: &[u8], device: &Device) -> Self {
        let mut choice = vec![0f32; digits.len() * DIGITS];
        for (row, &digit) in digits.iter().enumerate() {
            assert!(usize::from(digit) < DIGITS, "digit {digit} is not 0 to 9");
            choice[row * DIGITS + usize::from(digit)] = 1.0;
        }
        let choice = TensorData::new(choice, [digits.len(), DIGITS]);
        Self {
            choice: Tensor::from_data(choice, device),
        }
    }

    /// The lab's loss for every row, `[n, 10]` → `[n, 1]`: the squared error between the
    /// log-probability of the row's digit and the logarithm of the `target` probability,
    /// (ln p(digit | image) − ln target)².
    ///
    /// Rows stand for themselves: to descend on all of them, sum them up.
    pub fn distance(&self, log_probabilities: Tensor<2>, target: f64) -> Tensor<2> {
        let log_probability = (log_probabilities * self.choice.clone()).sum_dim(1); // [n, 1]
        (log_probability - target.ln()).square()
    }
}
