//! [`Parameterization`] in tensors: from parameters to images.

use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor, TensorData};

use super::transforms::{matrix, times_both_sides};
use crate::network::{PIXELS, SIDE};
use crate::task::{FourierBasis, Parameterization};

/// Computes images from parameters, on a device.
#[derive(Clone, Debug)]
pub enum Decoder {
    /// See [`Parameterization::Pixels`].
    Pixels,
    /// See [`Parameterization::Sigmoid`].
    Sigmoid,
    /// See [`Parameterization::Fourier`].
    Fourier {
        /// Orthonormal waves of 28 pixels, a row each, `[28, 28]`.
        basis: Tensor<2>,
        /// What each amplitude is multiplied by, `[1, 1, 28, 28]`.
        scale: Tensor<4>,
    },
    /// See [`Parameterization::Pca`].
    Pca {
        /// The mean image, `[1, 784]`.
        mean: Tensor<2>,
        /// A component in each row, `[k, 784]`.
        axes: Tensor<2>,
    },
}

impl Decoder {
    /// The decoder of a parameterization.
    pub fn new(parameterization: &Parameterization, device: &Device) -> Self {
        match parameterization {
            Parameterization::Pixels => Self::Pixels,
            Parameterization::Sigmoid => Self::Sigmoid,
            Parameterization::Fourier => {
                let FourierBasis { rows, scale } = FourierBasis::new();
                Self::Fourier {
                    basis: matrix(&rows, SIDE, device),
                    scale: Tensor::from_data(TensorData::new(scale, [1, 1, SIDE, SIDE]), device),
                }
            }
            Parameterization::Pca(pca) => {
                let mean = TensorData::new(pca.mean.clone(), [1, PIXELS]);
                let axes = TensorData::new(pca.components.clone(), [pca.rank(), PIXELS]);
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
            Self::Fourier { basis, scale } => {
                let amplitudes = square(parameters) * scale.clone();
                let basis = basis.clone().transpose();
                sigmoid(times_both_sides(basis.clone(), amplitudes, basis))
            }
            Self::Pca { mean, axes } => square(parameters.matmul(axes.clone()) + mean.clone()),
        }
    }
}
