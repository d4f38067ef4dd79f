//! The mean training image of every class, to compare optimized images with. A file of 31 kB, written by
//! the training program; it contains no image of MNIST.

use ::safetensors::SafeTensorError;

use crate::network::safetensors::{self, File, FileError, Tensor};
use crate::network::{DIGITS, SIDE};

/// The name of the tensor in the file.
const NAME: &str = "means";
const SHAPE: &[usize] = &[DIGITS, SIDE, SIDE];

/// A file of class means that cannot be used.
#[derive(Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "each variant's message explains it")]
pub enum MeansError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(
        "The class means hold {value} at position {index}. Every pixel must lie within 0 to 1."
    )]
    Pixel { value: f32, index: usize },
}

/// Reads class means from a safetensors file: `[10, 28, 28]`, pixels in [0, 1].
///
/// # Errors
///
/// When the file does not hold exactly that.
pub fn read(bytes: &[u8]) -> Result<Vec<f32>, MeansError> {
    let means = File::open("class means", bytes)?.floats(NAME, SHAPE)?;
    match means.iter().position(|it| !(0.0..=1.0).contains(it)) {
        Some(index) => Err(MeansError::Pixel {
            value: means[index],
            index,
        }),
        None => Ok(means),
    }
}

/// Writes means, `[10, 28, 28]`, as a safetensors file.
///
/// # Errors
///
/// When there are not 10 · 784 numbers.
pub fn write(means: &[f32]) -> Result<Vec<u8>, SafeTensorError> {
    safetensors::write(&[Tensor::floats(NAME, SHAPE, means)])
}
