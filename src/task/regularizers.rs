//! Terms of the loss that depend on the image alone, not on the network: see
//! [`crate::reference::regularizers`] for how they are computed.

use serde::Deserialize;

/// The weight of each regularizer, 0 to [`Regularizers::MAX`]; 0 leaves it out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Regularizers {
    /// The weight of Σ|x|.
    pub l1: f64,
    /// The weight of Σx².
    pub l2: f64,
    /// The weight of Σ|x − its right neighbor| + |x − its lower neighbor|.
    pub total_variation: f64,
    /// The weight of Σ(x − start)².
    pub start_distance: f64,
    /// The weight of Σ(parameter²). With the parameterization by principal components, this sum is
    /// −2 ln of the density of a Gaussian fitted to the training images, up to a constant: the larger,
    /// the less likely the image.
    pub density: f64,
    /// The weight of the mean squared cosine similarity with the other rows that have the same digit,
    /// neuron or channel.
    pub diversity: f64,
}

impl Regularizers {
    /// The largest weight.
    pub const MAX: f64 = 1000.0;

    /// The weights and their names in JSON.
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

    /// Whether all weights are 0.
    pub fn none(&self) -> bool {
        self.all().iter().all(|(_, weight)| *weight == 0.0)
    }
}
