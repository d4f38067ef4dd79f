//! From parameters to images, on a device: [`Parameterization`] in tensors.

use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor, TensorData};

use crate::network::architecture::{PIXELS, SIDE};
use crate::reference::transforms::{both_sides, matrix};
use crate::task::parameterization::{FourierBasis, Parameterization};

/// What images are made of, on a device.
#[derive(Clone, Debug)]
pub enum Decoder {
    /// See [`Parameterization::Pixels`].
    Pixels,
    /// See [`Parameterization::Sigmoid`].
    Sigmoid,
    /// See [`Parameterization::Fourier`].
    Fourier {
        /// Orthonormal waves of 28 pixels, a row each, `[28, 28]`.
        waves: Tensor<2>,
        /// What each amplitude is multiplied by, `[1, 1, 28, 28]`.
        scale: Tensor<4>,
    },
    /// See [`Parameterization::Pca`].
    Pca {
        /// The mean image, `[1, 784]`.
        mean: Tensor<2>,
        /// A component each row, `[k, 784]`.
        axes: Tensor<2>,
    },
}

impl Decoder {
    /// Of a form.
    pub fn new(parameterization: &Parameterization, device: &Device) -> Self {
        match parameterization {
            Parameterization::Pixels => Self::Pixels,
            Parameterization::Sigmoid => Self::Sigmoid,
            Parameterization::Fourier => {
                let FourierBasis { rows, scale } = FourierBasis::new();
                Self::Fourier {
                    waves: matrix(&rows, SIDE, device),
                    scale: Tensor::from_data(TensorData::new(scale, [1, 1, SIDE, SIDE]), device),
                }
            }
            Parameterization::Pca(prior) => {
                let mean = TensorData::new(prior.mean.clone(), [1, PIXELS]);
                let axes = TensorData::new(prior.components.clone(), [prior.rank(), PIXELS]);
                Self::Pca {
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
            Self::Pca { mean, axes } => square(parameters.matmul(axes.clone()) + mean.clone()),
        }
    }
}
