//! The mean training image of every class: what a typical digit looks like, to compare an
//! optimized image with. A file of 31 kB, made by the training program; no image of MNIST is in it.

use ::safetensors::SafeTensorError;

use crate::network::safetensors::{self, File, FileError, Tensor};
use crate::network::{DIGITS, SIDE};

/// The name of the tensor in the file.
const NAME: &str = "means";
const SHAPE: &[usize] = &[DIGITS, SIDE, SIDE];

/// A file of means that cannot be used.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum MeansError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(
        "The class means hold {value} at position {index}. Every pixel must lie within 0 to 1."
    )]
    Pixel { value: f32, index: usize },
}

/// Reads the means from a safetensors file: `[10, 28, 28]`, pixels in [0, 1].
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
/// When there are not 10 · 784 of them.
pub fn write(means: &[f32]) -> Result<Vec<u8>, SafeTensorError> {
    safetensors::write(&[Tensor::floats(NAME, SHAPE, means)])
}
