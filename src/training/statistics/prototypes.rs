//! Ten ways to write each digit: the centers of ten clusters of every class's training images, to
//! find the one nearest to an image, and to see whether a network somebody brings reads digits at
//! all. A file of 78 kB, made by the training program; each is the mean of many images, and no image
//! of MNIST is in it.

use ::safetensors::SafeTensorError;

use crate::network::safetensors::{self, File, FileError, Tensor};
use crate::network::{DIGITS, PIXELS};

/// Prototypes of each class.
pub const PER_CLASS: usize = 10;
/// All prototypes. That at `index` is of the class `index / PER_CLASS`.
pub const PROTOTYPES: usize = DIGITS * PER_CLASS;

/// The name of the tensor in the file.
const NAME: &str = "prototypes";
const SHAPE: &[usize] = &[PROTOTYPES, PIXELS];

/// A file of prototypes that cannot be used. Bytes are pixels, whichever they are, so there is
/// nothing more that could be wrong with one.
#[derive(Debug, PartialEq, thiserror::Error)]
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
/// When there are not 100 · 784 of them.
pub fn write(pixels: &[u8]) -> Result<Vec<u8>, SafeTensorError> {
    safetensors::write(&[Tensor::bytes(NAME, SHAPE, pixels)])
}
