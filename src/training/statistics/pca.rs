//! What images of digits are like, whatever the digit: the mean of all training images and the 64
//! directions in which they differ most (their principal components). With z drawn from N(0, 1),
//! mean + z · components is an image with the covariance of MNIST's, as far as 64 numbers can tell.
//! A file of 204 kB, made by the training program; no image of MNIST is in it.

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

/// The largest standard deviation that numbers within 0 to 1 can have. A pixel's is the root of the
/// sum of the squares of what the components hold there, so none of them holds more.
const WIDEST: f32 = 0.5;

/// A file of the prior that cannot be used.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum PcaError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(
        "The mean image of the data prior holds {value} at position {index}. Every pixel must lie within 0 to 1."
    )]
    Mean { value: f32, index: usize },
    #[error(
        "Component {component} of the data prior holds {value} at position {index}. Pixels within 0 to 1 deviate by 0.5 at most: are the axes multiplied by their standard deviations, of pixels in that range?"
    )]
    Component {
        component: usize,
        value: f32,
        index: usize,
    },
}

/// Reads the prior from a safetensors file: `mean`, `[784]`, and `components`, `[64, 784]`.
///
/// # Errors
///
/// When the file does not hold exactly that, or numbers that cannot be an image's.
pub fn read(bytes: &[u8]) -> Result<Pca, PcaError> {
    let file = File::open("the data prior", bytes)?;
    let mean = file.floats(MEAN, MEAN_SHAPE)?;
    if let Some(index) = mean.iter().position(|it| !(0.0..=1.0).contains(it)) {
        let value = mean[index];
        return Err(PcaError::Mean { value, index });
    }
    let components = file.floats(COMPONENTS, COMPONENTS_SHAPE)?;
    let unfit = |it: &f32| !(-WIDEST..=WIDEST).contains(it);
    if let Some(at) = components.iter().position(unfit) {
        return Err(PcaError::Component {
            component: at / PIXELS,
            value: components[at],
            index: at % PIXELS,
        });
    }
    Ok(Pca { mean, components })
}

/// The file that was read last, so that it is read once, however often it is given.
#[derive(Default)]
pub struct LastRead(Option<(Vec<u8>, Arc<Pca>)>);

impl LastRead {
    /// None yet.
    pub const fn new() -> Self {
        Self(None)
    }

    /// What [`read`] gives: of the same bytes the same, which is not read again.
    ///
    /// # Errors
    ///
    /// As [`read`]; what was read last is then kept.
    pub fn read(&mut self, bytes: &[u8]) -> Result<Arc<Pca>, PcaError> {
        match &self.0 {
            Some((last, prior)) if last == bytes => Ok(prior.clone()),
            _ => {
                let prior = Arc::new(read(bytes)?);
                self.0 = Some((bytes.to_vec(), prior.clone()));
                Ok(prior)
            }
        }
    }
}

/// Writes the prior as a safetensors file.
///
/// # Errors
///
/// When the mean is not of 784 pixels, or the components are not 64.
pub fn write(prior: &Pca) -> Result<Vec<u8>, SafeTensorError> {
    safetensors::write(&[
        Tensor::floats(MEAN, MEAN_SHAPE, &prior.mean),
        Tensor::floats(COMPONENTS, COMPONENTS_SHAPE, &prior.components),
    ])
}
