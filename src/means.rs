//! The mean training image of every class: what a typical digit looks like, to compare an
//! optimised image with. A file of 31 kB, made by the training program; no image of MNIST is in it.

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError, SafeTensors};

use crate::network::{DIGITS, SIDE};

/// The name of the tensor in the file.
const NAME: &str = "means";
const SHAPE: [usize; 3] = [DIGITS, SIDE, SIDE];

/// A file of means that cannot be used.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum MeansError {
    #[error("The file of class means is not a safetensors file ({0}).")]
    Format(String),
    #[error(
        "The file of class means holds no F32 tensor \"means\" of the shape [10, 28, 28]. ./build.sh train writes one."
    )]
    Tensor,
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
    let file = SafeTensors::deserialize(bytes).map_err(|it| MeansError::Format(it.to_string()))?;
    let tensor = file.tensor(NAME).map_err(|_| MeansError::Tensor)?;
    if tensor.dtype() != Dtype::F32 || tensor.shape() != SHAPE {
        return Err(MeansError::Tensor);
    }
    let means: Vec<f32> = (tensor.data().as_chunks::<4>().0.iter())
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect();
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
    let bytes: Vec<u8> = means.iter().flat_map(|it| it.to_le_bytes()).collect();
    let view = TensorView::new(Dtype::F32, SHAPE.to_vec(), &bytes)?;
    safetensors::serialize([(NAME, view)], None)
}
