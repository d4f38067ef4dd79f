//! What is added to the loss for what an image is like, whatever the network says of it: see
//! [`crate::reference::regularizers`] for the formulas.

use serde::Deserialize;

/// The weight of each regularizer, 0 or more; 0 leaves it out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Regularizers {
    /// Of Σ|x|.
    pub l1: f64,
    /// Of Σx².
    pub l2: f64,
    /// Of Σ|x − its right neighbor| + |x − its lower neighbor|.
    pub total_variation: f64,
    /// Of Σ(x − start)².
    pub start_distance: f64,
    /// Of Σ(parameter²). For the parameterization by principal components that is −2 ln of the density
    /// of the training data's Gaussian, but for a constant: how unlike the data an image is.
    pub density: f64,
    /// Of the mean squared cosine with the other rows that have the same objective.
    pub diversity: f64,
}

impl Regularizers {
    /// The names, as JSON has them, and weights.
    pub fn all(&self) -> [(&'static str, f64); 6] {
        [
            ("l1", self.l1),
            ("l2", self.l2),
            ("totalVariation", self.total_variation),
            ("startDistance", self.start_distance),
            ("density", self.density),
            ("diversity", self.diversity),
        ]
    }

    /// Whether there are none.
    pub fn none(&self) -> bool {
        self.all().iter().all(|(_, weight)| *weight == 0.0)
    }
}
