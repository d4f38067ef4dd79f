//! What a run can be asked for, checked where it comes in.

use serde::Deserialize;

use super::error::SettingError;
use super::regularizers::Regularizers;
use super::transforms::Transforms;

/// What every iteration obeys. May change from one iteration to the next.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    target: f64,
    learning_rate: f64,
    regularizers: Regularizers,
    transforms: Transforms,
    gradient_blur: f64,
}

impl Default for Settings {
    /// The lab's: 90% confidence, Adam at 5e-3, and nothing else.
    fn default() -> Self {
        Self {
            target: 0.9,
            learning_rate: 5e-3,
            regularizers: Regularizers::default(),
            transforms: Transforms::default(),
            gradient_blur: 0.0,
        }
    }
}

impl Settings {
    /// The probability to reach, 0 < `target` < 1, and Adam's step size, 0 < `learning_rate` ≤ 1.
    ///
    /// # Errors
    ///
    /// When either is out of its range or not a number.
    pub fn new(target: f64, learning_rate: f64) -> Result<Self, SettingError> {
        Self {
            target,
            learning_rate,
            ..Self::default()
        }
        .checked()
    }

    /// From JSON: `{"target": 0.9, "learningRate": 0.005, "regularizers": {"l1": …, "l2": …,
    /// "variation": …, "distance": …, "diversity": …}, "transforms": {"shift": …, "rotation": …,
    /// "scale": …}, "blur": …}`. What is left out is the lab's.
    ///
    /// # Errors
    ///
    /// When it is something else, or a number is out of its range.
    pub fn from_json(json: &str) -> Result<Self, SettingError> {
        serde_json::from_str::<Self>(json)
            .map_err(|error| SettingError::Json(error.to_string()))?
            .checked()
    }

    /// With regularizers, each weight from 0 to 1000.
    ///
    /// # Errors
    ///
    /// When one is out of its range.
    pub fn with_regularizers(self, regularizers: Regularizers) -> Result<Self, SettingError> {
        Self {
            regularizers,
            ..self
        }
        .checked()
    }

    /// With random transforms in every iteration: shifts to 8 pixels, rotations to 45 degrees, changes
    /// of scale to 0.5.
    ///
    /// # Errors
    ///
    /// When one is out of its range.
    pub fn with_transforms(self, transforms: Transforms) -> Result<Self, SettingError> {
        Self { transforms, ..self }.checked()
    }

    /// With a blur of the gradient, of a standard deviation of 0 to 5 pixels. For images that are
    /// made of pixels; where they are made of waves or components it has no effect.
    ///
    /// # Errors
    ///
    /// When it is out of its range.
    pub fn with_gradient_blur(self, gradient_blur: f64) -> Result<Self, SettingError> {
        Self {
            gradient_blur,
            ..self
        }
        .checked()
    }

    fn checked(self) -> Result<Self, SettingError> {
        if !(self.target > 0.0 && self.target < 1.0) {
            return Err(SettingError::Target(self.target));
        }
        if !(self.learning_rate > 0.0 && self.learning_rate <= 1.0) {
            return Err(SettingError::LearningRate(self.learning_rate));
        }
        let weights = self
            .regularizers
            .all()
            .map(|(name, weight)| (name, weight, 1000.0));
        let others = [
            ("jitter", self.transforms.jitter, 8.0),
            ("rotation", self.transforms.rotation, 45.0),
            ("scale", self.transforms.scale, 0.5),
            ("gradientBlur", self.gradient_blur, 5.0),
        ];
        match (weights.into_iter().chain(others)).find(|(_, it, most)| !(0.0..=*most).contains(it))
        {
            Some((name, value, most)) => Err(SettingError::Weight { name, value, most }),
            None => Ok(self),
        }
    }

    /// The probability to reach.
    pub fn target(&self) -> f64 {
        self.target
    }

    /// Adam's step size.
    pub fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// What the images are charged for.
    pub fn regularizers(&self) -> &Regularizers {
        &self.regularizers
    }

    /// How far they are moved before the network sees them.
    pub fn transforms(&self) -> &Transforms {
        &self.transforms
    }

    /// The blur of the gradient, a standard deviation in pixels; 0 for none.
    pub fn gradient_blur(&self) -> f64 {
        self.gradient_blur
    }
}
