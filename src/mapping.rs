//! From parameters to images, on a device: [`Form`] in tensors.

use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor, TensorData};

use crate::architecture::{PIXELS, SIDE};
use crate::form::{Form, Waves};
use crate::transform::{both_sides, matrix};

/// What images are made of, on a device.
#[derive(Clone, Debug)]
pub enum Mapping {
    /// See [`Form::Pixels`].
    Pixels,
    /// See [`Form::Sigmoid`].
    Sigmoid,
    /// See [`Form::Fourier`].
    Fourier {
        /// Orthonormal waves of 28 pixels, a row each, `[28, 28]`.
        waves: Tensor<2>,
        /// What each amplitude is multiplied by, `[1, 1, 28, 28]`.
        scale: Tensor<4>,
    },
    /// See [`Form::Prior`].
    Prior {
        /// The mean image, `[1, 784]`.
        mean: Tensor<2>,
        /// A component each row, `[k, 784]`.
        axes: Tensor<2>,
    },
}

impl Mapping {
    /// Of a form.
    pub fn new(form: &Form, device: &Device) -> Self {
        match form {
            Form::Pixels => Self::Pixels,
            Form::Sigmoid => Self::Sigmoid,
            Form::Fourier => {
                let Waves { rows, scale } = Waves::new();
                Self::Fourier {
                    waves: matrix(&rows, SIDE, device),
                    scale: Tensor::from_data(TensorData::new(scale, [1, 1, SIDE, SIDE]), device),
                }
            }
            Form::Prior(prior) => {
                let mean = TensorData::new(prior.mean.clone(), [1, PIXELS]);
                let axes = TensorData::new(prior.components.clone(), [prior.rank(), PIXELS]);
                Self::Prior {
                    mean: Tensor::from_data(mean, device),
                    axes: Tensor::from_data(axes, device),
                }
            }
        }
    }

    /// The images of parameters `[n, k]`: `[n, 1, 28, 28]`.
    pub fn images(&self, parameters: Tensor<2>) -> Tensor<4> {
        let [n, _] = parameters.dims();
        let square = |flat: Tensor<2>| flat.reshape([n, 1, SIDE, SIDE]);
        match self {
            Self::Pixels => square(parameters),
            Self::Sigmoid => sigmoid(square(parameters)),
            Self::Fourier { waves, scale } => {
                let amplitudes = square(parameters) * scale.clone();
                let waves = waves.clone().transpose();
                sigmoid(both_sides(waves.clone(), amplitudes, waves))
            }
            Self::Prior { mean, axes } => square(parameters.matmul(axes.clone()) + mean.clone()),
        }
    }
}
