//! The settings of an iteration, checked where they enter.

use serde::Deserialize;

use super::{Optimizer, Regularizers, SettingError, Transforms};

/// The settings of an iteration. They may change from one iteration to the next.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    target: f64,
    learning_rate: f64,
    optimizer: Optimizer,
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
            optimizer: Optimizer::default(),
            regularizers: Regularizers::default(),
            transforms: Transforms::default(),
            gradient_blur: 0.0,
        }
    }
}

impl Settings {
    /// The largest standard deviation of the gradient blur, in pixels.
    pub const MAX_BLUR: f64 = 5.0;

    /// Settings with a target probability, 0 < `target` < 1, and a learning rate, 0 < `learning_rate` ≤ 1; everything
    /// else has the lab's value.
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

    /// Reads settings from JSON: `{"target": 0.9, "learningRate": 0.005, "optimizer": "adam", "regularizers": {"l1": …,
    /// "l2": …, "totalVariation": …, "startDistance": …, "density": …, "diversity": …},
    /// "transforms": {"jitter": …, "rotation": …, "scale": …}, "gradientBlur": …}`. What is left out
    /// has the lab's value.
    ///
    /// # Errors
    ///
    /// When the JSON has another structure, or a number is out of its range.
    pub fn from_json(json: &str) -> Result<Self, SettingError> {
        serde_json::from_str::<Self>(json)
            .map_err(|error| SettingError::Json(error.to_string()))?
            .checked()
    }

    /// With another optimizer.
    #[must_use]
    pub fn with_optimizer(self, optimizer: Optimizer) -> Self {
        Self { optimizer, ..self }
    }

    /// With regularizers, each weight from 0 to [`Regularizers::MAX`].
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

    /// With random transforms in every iteration, up to the sizes given.
    ///
    /// # Errors
    ///
    /// When one is out of its range.
    pub fn with_transforms(self, transforms: Transforms) -> Result<Self, SettingError> {
        Self { transforms, ..self }.checked()
    }

    /// With a Gaussian blur of the gradient; `gradient_blur` is its standard deviation, 0 to
    /// [`Settings::MAX_BLUR`] pixels. It has no effect with the parameterizations Fourier and PCA, whose
    /// parameters do not lie on the grid of pixels.
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
            .map(|(name, weight)| (name, weight, Regularizers::MAX));
        let others = [
            ("jitter", self.transforms.jitter, Transforms::MAX_JITTER),
            (
                "rotation",
                self.transforms.rotation,
                Transforms::MAX_ROTATION,
            ),
            ("scale", self.transforms.scale, Transforms::MAX_SCALE),
            ("gradientBlur", self.gradient_blur, Self::MAX_BLUR),
        ];
        match (weights.into_iter().chain(others)).find(|(_, it, most)| !(0.0..=*most).contains(it))
        {
            Some((name, value, most)) => Err(SettingError::Weight { name, value, most }),
            None => Ok(self),
        }
    }

    /// The probability that the objective [target
    /// probability](crate::task::Objective::TargetProbability) asks for.
    pub fn target(&self) -> f64 {
        self.target
    }

    /// The factor of every step. Steps of Adam are about as long as it, others as long as it times the gradient.
    pub fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// The rule that turns the gradient into a step.
    pub fn optimizer(&self) -> Optimizer {
        self.optimizer
    }

    /// The weights of the regularizers.
    pub fn regularizers(&self) -> &Regularizers {
        &self.regularizers
    }

    /// The largest random transforms.
    pub fn transforms(&self) -> &Transforms {
        &self.transforms
    }

    /// The standard deviation of the gradient's blur in pixels; 0 for no blur.
    pub fn gradient_blur(&self) -> f64 {
        self.gradient_blur
    }
}
