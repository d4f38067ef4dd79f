//! The mean of all training images, and their 64 principal components: the directions in which they
//! differ most. With z drawn from N(0, 1), the images mean + z · components have nearly the covariance of
//! MNIST's images. A file of 204 kB, written by the training program; it contains no image of MNIST.

use std::sync::Arc;

use ::safetensors::SafeTensorError;

use crate::network::PIXELS;
use crate::network::safetensors::{self, File, FileError, Tensor};
use crate::task::Pca;

/// How many components the file has.
pub const RANK: usize = 64;

const MEAN: &str = "mean";
const MEAN_SHAPE: &[usize] = &[PIXELS];
const COMPONENTS: &str = "components";
const COMPONENTS_SHAPE: &[usize] = &[RANK, PIXELS];

/// The largest standard deviation of numbers within 0 to 1. A pixel's variance is the sum of the squares
/// of the components at that pixel, so no component can hold a larger number.
const MAX_STD: f32 = 0.5;

/// A file of principal components that cannot be used.
#[derive(Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "each variant's message explains it")]
pub enum PcaError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(
        "The mean image of the principal components holds {value} at position {index}. Every pixel must lie within 0 to 1."
    )]
    Mean { value: f32, index: usize },
    #[error(
        "Principal component {component} holds {value} at position {index}. Pixels within 0 to 1 deviate by 0.5 at most: are the axes multiplied by their standard deviations, of pixels in that range?"
    )]
    Component {
        component: usize,
        value: f32,
        index: usize,
    },
}

/// Reads mean and components from a safetensors file: `mean`, `[784]`, and `components`, `[64, 784]`.
///
/// # Errors
///
/// When the file does not hold exactly that, or has numbers that no images can have.
pub fn read(bytes: &[u8]) -> Result<Pca, PcaError> {
    let file = File::open("principal components", bytes)?;
    let mean = file.floats(MEAN, MEAN_SHAPE)?;
    if let Some(index) = mean.iter().position(|it| !(0.0..=1.0).contains(it)) {
        let value = mean[index];
        return Err(PcaError::Mean { value, index });
    }
    let components = file.floats(COMPONENTS, COMPONENTS_SHAPE)?;
    let unfit = |it: &f32| !(-MAX_STD..=MAX_STD).contains(it);
    if let Some(at) = components.iter().position(unfit) {
        return Err(PcaError::Component {
            component: at / PIXELS,
            value: components[at],
            index: at % PIXELS,
        });
    }
    Ok(Pca { mean, components })
}

/// The last file that was read. Reading the same bytes again returns the same components, without work and
/// without a second copy.
#[derive(Default)]
pub struct LastRead(Option<(Vec<u8>, Arc<Pca>)>);

impl LastRead {
    /// The state before any file is read.
    pub const fn new() -> Self {
        Self(None)
    }

    /// Like [`read`], but shares the result if these are the bytes that were read last.
    ///
    /// # Errors
    ///
    /// As [`read`]; the last result is then kept.
    pub fn read(&mut self, bytes: &[u8]) -> Result<Arc<Pca>, PcaError> {
        match &self.0 {
            Some((last, pca)) if last == bytes => Ok(pca.clone()),
            _ => {
                let pca = Arc::new(read(bytes)?);
                self.0 = Some((bytes.to_vec(), pca.clone()));
                Ok(pca)
            }
        }
    }
}

/// Writes mean and components as a safetensors file.
///
/// # Errors
///
/// When the mean is not of 784 pixels, or the components are not 64.
pub fn write(pca: &Pca) -> Result<Vec<u8>, SafeTensorError> {
    safetensors::write(&[
        Tensor::floats(MEAN, MEAN_SHAPE, &pca.mean),
        Tensor::floats(COMPONENTS, COMPONENTS_SHAPE, &pca.components),
    ])
}
