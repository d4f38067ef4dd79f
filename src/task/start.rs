//! The image that a run begins with.

use super::{Parameterization, SettingError, checks, gaussian};
use crate::network::PIXELS;

/// The image that a run begins with.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// Every row gets the same draw from N(0, `std`²), so that the digits can be compared.
    Noise {
        /// The same seed gives the same noise on every backend and platform.
        seed: u32,
        /// Standard deviation, 0 to 1.
        std: f64,
    },
    /// These pixels: 784 that all rows share, or 784 for each row, one row after the other.
    Image(Vec<f32>),
}

impl Default for Start {
    /// The lab's: N(0, 0.01²).
    fn default() -> Self {
        Self::Noise { seed: 1, std: 0.01 }
    }
}

impl Start {
    /// The start images, `[rows, 784]`. Noise gets the offset that the parameterization needs; given
    /// pixels stay as they are.
    ///
    /// # Errors
    ///
    /// When the standard deviation is out of range, the image has the wrong size, or a pixel is not
    /// finite or too large: see [`checks::check_pixels`].
    pub(crate) fn images(
        self,
        rows: usize,
        parameterization: &Parameterization,
    ) -> Result<Vec<f32>, SettingError> {
        let offset = match self {
            Self::Noise { .. } => parameterization.noise_offset(),
            Self::Image(_) => 0.0,
        };
        let mut pixels = self.pixels(rows)?;
        pixels.iter_mut().for_each(|pixel| *pixel += offset);
        Ok(pixels)
    }

    /// The pixels before any offset, `[rows, 784]`.
    fn pixels(self, rows: usize) -> Result<Vec<f32>, SettingError> {
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
}
