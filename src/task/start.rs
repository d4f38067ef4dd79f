//! Where a run begins.

use super::checks;
use super::error::SettingError;
use super::noise::gaussian;
use super::parameterization::Parameterization;
use crate::network::architecture::PIXELS;

/// The image that a run begins with.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// Every row gets the same draw from N(0, `std`²), so that the digits can be compared.
    Noise {
        /// Same seed, same noise, on every backend and platform.
        seed: u32,
        /// Standard deviation, 0 to 1.
        std: f64,
    },
    /// These pixels, row after row: 784 for all rows alike, or 784 for each of them.
    Image(Vec<f32>),
}

impl Default for Start {
    /// The lab's: N(0, 0.01²).
    fn default() -> Self {
        Self::Noise { seed: 1, std: 0.01 }
    }
}

impl Start {
    /// Pixels for `rows` rows, `rows` · 784 of them.
    ///
    /// # Errors
    ///
    /// When the standard deviation is out of range, the image has the wrong size or a pixel is not finite.
    pub(crate) fn pixels(self, rows: usize) -> Result<Vec<f32>, SettingError> {
        let pixels = match self {
            Self::Noise { seed, std } => gaussian(seed, checks::noise_std(std)?, PIXELS),
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
    pub(crate) fn images(
        self,
        rows: usize,
        parameterization: &Parameterization,
    ) -> Result<Vec<f32>, SettingError> {
        let ground = match self {
            Self::Noise { .. } => parameterization.ground(),
            Self::Image(_) => 0.0,
        };
        let mut pixels = self.pixels(rows)?;
        pixels.iter_mut().for_each(|pixel| *pixel += ground);
        Ok(pixels)
    }
}
