//! What a run can be asked for, checked where it comes in.

use crate::network::{DIGITS, PIXELS};

/// What every iteration obeys. May change from one iteration to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    target: f64,
    learning_rate: f64,
}

impl Default for Settings {
    /// The lab's: 90% confidence, Adam at 5e-3.
    fn default() -> Self {
        Self {
            target: 0.9,
            learning_rate: 5e-3,
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
        if !(target > 0.0 && target < 1.0) {
            return Err(SettingError::Target(target));
        }
        if !(learning_rate > 0.0 && learning_rate <= 1.0) {
            return Err(SettingError::LearningRate(learning_rate));
        }
        Ok(Self {
            target,
            learning_rate,
        })
    }

    /// The probability to reach.
    pub fn target(&self) -> f64 {
        self.target
    }

    /// Adam's step size.
    pub fn learning_rate(&self) -> f64 {
        self.learning_rate
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
                if !(0.0..=1.0).contains(&deviation) {
                    return Err(SettingError::Deviation(deviation));
                }
                crate::noise::gaussian(seed, deviation, PIXELS)
            }
            Self::Image(pixels) => {
                check_finite(&pixels)?;
                pixels
            }
        };
        match pixels.len() {
            PIXELS => Ok(pixels.repeat(rows)),
            length if length == rows * PIXELS => Ok(pixels),
            length => Err(SettingError::ImageSize { length, rows }),
        }
    }
}

/// The most rows that one run may have.
pub const MAX_ROWS: usize = 100;

/// Checks that there are 1 to [`MAX_ROWS`] digits and that each is 0 to 9.
///
/// # Errors
///
/// When they are not.
pub fn check_digits(digits: &[u8]) -> Result<(), SettingError> {
    if digits.is_empty() || digits.len() > MAX_ROWS {
        return Err(SettingError::Rows(digits.len()));
    }
    match digits.iter().find(|&&digit| usize::from(digit) >= DIGITS) {
        Some(&digit) => Err(SettingError::Digit(digit)),
        None => Ok(()),
    }
}

/// How many images these pixels make up: 1 to [`MAX_ROWS`], of 784 pixels each.
///
/// # Errors
///
/// When they do not, or a pixel is not finite.
pub fn check_images(pixels: &[f32]) -> Result<usize, SettingError> {
    let rows = pixels.len() / PIXELS;
    if rows == 0 || rows > MAX_ROWS || pixels.len() != rows * PIXELS {
        return Err(SettingError::Images(pixels.len()));
    }
    check_finite(pixels)?;
    Ok(rows)
}

fn check_finite(pixels: &[f32]) -> Result<(), SettingError> {
    match pixels.iter().position(|pixel| !pixel.is_finite()) {
        Some(index) => Err(SettingError::Pixel(pixels[index], index)),
        None => Ok(()),
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
    #[error("The digit is {0}. It must be one of 0 to 9.")]
    Digit(u8),
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
    #[error("Pixel {1} of the image is {0}. Every pixel must be a finite number.")]
    Pixel(f32, usize),
    #[error(
        "The state to resume has {found} numbers. For {rows} digit(s) it must have {expected}: image, first and second moments, 784 each a digit."
    )]
    State {
        found: usize,
        expected: usize,
        rows: usize,
    },
}
