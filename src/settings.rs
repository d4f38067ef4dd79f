//! What a run can be asked for, checked where it comes in.

use serde::Deserialize;

use crate::architecture::PIXELS;
use crate::checks::{self, MAX_ITERATIONS, MAX_ROWS};
use crate::form::Form;
use crate::moves::Moves;
use crate::penalties::Penalties;

/// What every iteration obeys. May change from one iteration to the next.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    target: f64,
    learning_rate: f64,
    penalties: Penalties,
    moves: Moves,
    blur: f64,
}

impl Default for Settings {
    /// The lab's: 90% confidence, Adam at 5e-3, and nothing else.
    fn default() -> Self {
        Self {
            target: 0.9,
            learning_rate: 5e-3,
            penalties: Penalties::default(),
            moves: Moves::default(),
            blur: 0.0,
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

    /// From JSON: `{"target": 0.9, "learningRate": 0.005, "penalties": {"l1": …, "l2": …,
    /// "variation": …, "distance": …, "diversity": …}, "moves": {"shift": …, "rotation": …,
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

    /// With penalties, each weight from 0 to 1000.
    ///
    /// # Errors
    ///
    /// When one is out of its range.
    pub fn with_penalties(self, penalties: Penalties) -> Result<Self, SettingError> {
        Self { penalties, ..self }.checked()
    }

    /// With random moves in every iteration: shifts to 8 pixels, rotations to 45 degrees, changes
    /// of scale to 0.5.
    ///
    /// # Errors
    ///
    /// When one is out of its range.
    pub fn with_moves(self, moves: Moves) -> Result<Self, SettingError> {
        Self { moves, ..self }.checked()
    }

    /// With a blur of the gradient, of a standard deviation of 0 to 5 pixels. For images that are
    /// made of pixels; where they are made of waves or components it has no effect.
    ///
    /// # Errors
    ///
    /// When it is out of its range.
    pub fn with_blur(self, blur: f64) -> Result<Self, SettingError> {
        Self { blur, ..self }.checked()
    }

    fn checked(self) -> Result<Self, SettingError> {
        if !(self.target > 0.0 && self.target < 1.0) {
            return Err(SettingError::Target(self.target));
        }
        if !(self.learning_rate > 0.0 && self.learning_rate <= 1.0) {
            return Err(SettingError::LearningRate(self.learning_rate));
        }
        let weights = self
            .penalties
            .all()
            .map(|(name, weight)| (name, weight, 1000.0));
        let others = [
            ("shift", self.moves.shift, 8.0),
            ("rotation", self.moves.rotation, 45.0),
            ("scale", self.moves.scale, 0.5),
            ("blur", self.blur, 5.0),
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
    pub fn penalties(&self) -> &Penalties {
        &self.penalties
    }

    /// How far they are moved before the network sees them.
    pub fn moves(&self) -> &Moves {
        &self.moves
    }

    /// The blur of the gradient, a standard deviation in pixels; 0 for none.
    pub fn blur(&self) -> f64 {
        self.blur
    }
}

/// The image that a run begins with.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// Every row gets the same draw from N(0, `deviation`²), so that the digits can be compared.
    Noise {
        /// Same seed, same noise, on every backend and platform.
        seed: u32,
        /// Standard deviation, 0 to 1.
        deviation: f64,
    },
    /// These pixels, row after row: 784 for all rows alike, or 784 for each of them.
    Image(Vec<f32>),
}

impl Default for Start {
    /// The lab's: N(0, 0.01²).
    fn default() -> Self {
        Self::Noise {
            seed: 1,
            deviation: 0.01,
        }
    }
}

impl Start {
    /// Pixels for `rows` rows, `rows` · 784 of them.
    ///
    /// # Errors
    ///
    /// When the deviation is out of range, the image has the wrong size or a pixel is not finite.
    pub(crate) fn pixels(self, rows: usize) -> Result<Vec<f32>, SettingError> {
        let pixels = match self {
            Self::Noise { seed, deviation } => {
                crate::noise::gaussian(seed, checks::deviation(deviation)?, PIXELS)
            }
            Self::Image(pixels) => {
                checks::check_pixels(&pixels)?;
                pixels
            }
        };
        match pixels.len() {
            PIXELS => Ok(pixels.repeat(rows)),
            length if length == rows * PIXELS => Ok(pixels),
            length => Err(SettingError::ImageSize { length, rows }),
        }
    }

    /// The same, for images of a form: noise lies on its ground.
    ///
    /// # Errors
    ///
    /// As [`Start::pixels`].
    pub(crate) fn on_ground(self, rows: usize, form: &Form) -> Result<Vec<f32>, SettingError> {
        let ground = match self {
            Self::Noise { .. } => form.ground(),
            Self::Image(_) => 0.0,
        };
        let mut pixels = self.pixels(rows)?;
        pixels.iter_mut().for_each(|pixel| *pixel += ground);
        Ok(pixels)
    }
}

/// A setting that cannot be used, in words for the person who chose it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SettingError {
    #[error(
        "The target probability is {0}. It must lie between 0 and 1, both excluded: 0.9 asks for 90% confidence."
    )]
    Target(f64),
    #[error("The learning rate is {0}. It must be above 0 and at most 1; the lab uses 0.005.")]
    LearningRate(f64),
    #[error(
        "The noise has a standard deviation of {0}. It must lie between 0 and 1; the lab uses 0.01."
    )]
    Deviation(f64),
    #[error("The settings cannot be read ({0}).")]
    Json(String),
    #[error(
        "The setting \"{name}\" is {value}. It must lie between 0 and {most}; 0 leaves it out."
    )]
    Weight {
        name: &'static str,
        value: f64,
        most: f64,
    },
    #[error(
        "The form \"prior\" needs the principal components of the training images: call usePrior first."
    )]
    NoPrior,
    #[error("There is no hidden layer \"{layer}\" in this network. There are: {known}.")]
    Layer { layer: String, known: String },
    #[error("The unit is {unit}. This layer has {choices}, counted from 0.")]
    Unit { unit: f64, choices: usize },
    #[error("The digit is {0}. It must be one of 0 to 9.")]
    Digit(f64),
    #[error("The run has {0} digits. It must have 1 to {MAX_ROWS}.")]
    Rows(usize),
    #[error(
        "The start image has {length} pixels for {rows} digit(s). It must have 784 (28 × 28), or 784 for each digit."
    )]
    ImageSize { length: usize, rows: usize },
    #[error(
        "There are {0} pixels. There must be 784 (28 × 28) for each of 1 to {MAX_ROWS} images."
    )]
    Images(usize),
    #[error(
        "There are {0} pixels. There must be 784 (28 × 28) for each image, and one image at least."
    )]
    Picture(usize),
    #[error(
        "The colors reach from {low} to {high}. Both must be finite numbers in single precision."
    )]
    Colors { low: f64, high: f64 },
    #[error("Pixel {1} of the image is {0}. Every pixel must be a finite number.")]
    Pixel(f32, usize),
    #[error("Pixel {1} of the image is {0}. No pixel may be further from 0 than 1000000000.")]
    Far(f32, usize),
    #[error("The seed is {0}. It must be a whole number from 0 to 4294967295.")]
    Seed(f64),
    #[error(
        "The number of iterations is {count}. It must be a whole number from 0 to {most}: what is more takes several steps."
    )]
    Count { count: f64, most: usize },
    #[error(
        "The run has made {made} iterations and was asked for {more} more. It can make {MAX_ITERATIONS} in all."
    )]
    Last { made: usize, more: usize },
    #[error(
        "There are {unread} iterations that no frame has shown, and {more} more were asked for. There can be {most}: read a frame in between."
    )]
    Unread {
        unread: usize,
        more: usize,
        most: usize,
    },
    #[error(
        "The iteration to resume from is {0}. It must be a whole number from 0 to {MAX_ITERATIONS}."
    )]
    Iteration(f64),
    #[error(
        "Number {index} of the state to resume is {value}. Every number of a state must be finite, and no second moment negative."
    )]
    StateNumber { value: f32, index: usize },
    #[error(
        "The state to resume has {found} numbers. For {rows} image(s) of this kind it must have {expected}: parameters, first and second moments."
    )]
    State {
        found: usize,
        expected: usize,
        rows: usize,
    },
}
