//! How much an image is charged for what: see [`crate::penalty`] for the penalties themselves.

use serde::Deserialize;

/// The weight of each penalty, 0 or more; 0 leaves it out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Penalties {
    /// Of Σ|x|.
    pub l1: f64,
    /// Of Σx².
    pub l2: f64,
    /// Of Σ|x − its right neighbour| + |x − its lower neighbour|.
    pub variation: f64,
    /// Of Σ(x − start)².
    pub distance: f64,
    /// Of Σ(parameter²). For the form of principal components that is −2 ln of the density of the
    /// data's Gaussian, but for a constant: how unlike the data an image is.
    pub density: f64,
    /// Of the mean squared cosine with the other rows that are made for the same.
    pub diversity: f64,
}

impl Penalties {
    /// The names and weights.
    pub fn all(&self) -> [(&'static str, f64); 6] {
        [
            ("l1", self.l1),
            ("l2", self.l2),
            ("variation", self.variation),
            ("distance", self.distance),
            ("density", self.density),
            ("diversity", self.diversity),
        ]
    }

    /// Whether there are none.
    pub fn none(&self) -> bool {
        self.all().iter().all(|(_, weight)| *weight == 0.0)
    }
}
