//! Prototypes: ten ways to write each digit, which are the centers of ten clusters of each class's
//! training images. The page shows the one nearest to an image, and tests imported networks with them. A
//! file of 78 kB, written by the training program. Each prototype is the mean of many images; the file
//! contains no image of MNIST.

use ::safetensors::SafeTensorError;

use crate::network::safetensors::{self, File, FileError, Tensor};
use crate::network::{DIGITS, PIXELS};

/// The number of prototypes of each class.
pub const PER_CLASS: usize = 10;
/// The number of all prototypes. The one at `index` belongs to the class `index / PER_CLASS`.
pub const PROTOTYPES: usize = DIGITS * PER_CLASS;

/// The name of the tensor in the file.
const NAME: &str = "prototypes";
const SHAPE: &[usize] = &[PROTOTYPES, PIXELS];

/// A file of prototypes that cannot be used. Its pixels are bytes, and every byte is a valid pixel.
#[derive(Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "each variant's message explains it")]
pub enum PrototypesError {
    #[error(transparent)]
    File(#[from] FileError),
}

/// Reads the prototypes from a safetensors file: `[100, 784]`, pixels in [0, 1], sorted by class.
///
/// # Errors
///
/// When the file does not hold exactly that.
pub fn read(bytes: &[u8]) -> Result<Vec<f32>, PrototypesError> {
    let pixels = File::open("prototypes", bytes)?.bytes(NAME, SHAPE)?;
    Ok(pixels.iter().map(|it| f32::from(*it) / 255.0).collect())
}

/// Writes prototypes, `[100, 784]`, pixels from 0 to 255, as a safetensors file.
///
/// # Errors
///
/// When there are not 100 · 784 pixels.
pub fn write(pixels: &[u8]) -> Result<Vec<u8>, SafeTensorError> {
    safetensors::write(&[Tensor::bytes(NAME, SHAPE, pixels)])
}
