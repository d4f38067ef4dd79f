//! What is optimised in place of the pixels: the parameterisation of the image.
//!
//! "Preconditioning and Parameterization", Olah et al. 2017: the same images in other coordinates
//! have another steepest descent.

use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor, TensorData};

use crate::network::{PIXELS, SIDE};
use crate::transform::{both_sides, matrix};

/// The coordinates in which an image is moved.
#[derive(Clone, Debug)]
pub enum Form {
    /// The pixels themselves, unbounded. The lab's.
    Pixels,
    /// Pixels from 0 to 1: the sigmoid of each parameter.
    Sigmoid,
    /// The amplitudes of waves, those of long ones weighing more: a decorrelated image. Then the
    /// sigmoid.
    Fourier(Fourier),
    /// The weights of the principal components of the training images.
    Prior(Components),
}

/// The waves.
#[derive(Clone, Debug)]
pub struct Fourier {
    /// Orthonormal waves of 28 pixels, a row each, `[28, 28]`.
    pub(crate) waves: Tensor<2>,
    /// What each amplitude is multiplied by, `[1, 1, 28, 28]`.
    pub(crate) scale: Tensor<4>,
}

/// The components.
#[derive(Clone, Debug)]
pub struct Components {
    /// The mean image, `[1, 784]`.
    pub(crate) mean: Tensor<2>,
    /// A component each row, `[k, 784]`, orthogonal, as long as its standard deviation.
    pub(crate) axes: Tensor<2>,
}

/// Pixels are kept this far from 0 and 1 where a sigmoid has to reach them.
const EDGE: f32 = 0.01;

impl Fourier {
    /// The waves of 28 pixels.
    pub fn new(device: &Device) -> Self {
        let mut waves = vec![0f32; SIDE * SIDE];
        let mut frequencies = [0.0; SIDE];
        for (row, wave) in waves.chunks_exact_mut(SIDE).enumerate() {
            // Row 0 is constant, 1 and 2 are cosine and sine of frequency 1, …, 27 the fastest.
            let frequency = row.div_ceil(2);
            frequencies[row] = frequency as f64 / SIDE as f64;
            let length = match row {
                0 | 27 => SIDE as f64,
                _ => SIDE as f64 / 2.0,
            };
            for (at, value) in wave.iter_mut().enumerate() {
                let angle = std::f64::consts::TAU * (frequency * at) as f64 / SIDE as f64;
                let height = match row % 2 == 1 {
                    true => libm::cos(angle),
                    false if row == 0 => 1.0,
                    false => libm::sin(angle),
                };
                *value = (height / libm::sqrt(length)) as f32;
            }
        }
        // As in lucid: 1 / frequency, but the constant as much as the slowest wave.
        let scale: Vec<f32> = (0..PIXELS)
            .map(|at| {
                let (down, across) = (frequencies[at / SIDE], frequencies[at % SIDE]);
                let frequency = libm::sqrt(down * down + across * across);
                (FOURIER_GAIN / f64::max(frequency * SIDE as f64, 1.0)) as f32
            })
            .collect();
        Self {
            waves: matrix(&waves, SIDE, device),
            scale: Tensor::from_data(TensorData::new(scale, [1, 1, SIDE, SIDE]), device),
        }
    }
}

/// Makes a step of the slowest waves as large as several of a pixel.
const FOURIER_GAIN: f64 = 10.0;

impl Components {
    /// From the mean image, 784 pixels, and the components, 784 numbers each.
    pub fn new(mean: &[f32], axes: &[f32], device: &Device) -> Self {
        let mean = TensorData::new(mean.to_vec(), [1, PIXELS]);
        let axes = TensorData::new(axes.to_vec(), [axes.len() / PIXELS, PIXELS]);
        Self {
            mean: Tensor::from_data(mean, device),
            axes: Tensor::from_data(axes, device),
        }
    }
}

impl Form {
    /// What start noise lies upon. A sigmoid hardly moves near black, and where noise is cut off at
    /// black, neighbours are alike to the last bit, so that chance decides which way they go.
    pub fn ground(&self) -> f32 {
        match self {
            Self::Sigmoid | Self::Fourier(_) => 0.2,
            Self::Pixels | Self::Prior(_) => 0.0,
        }
    }

    /// How many parameters an image has.
    pub fn parameters(&self) -> usize {
        match self {
            Self::Prior(prior) => prior.axes.dims()[0],
            _ => PIXELS,
        }
    }

    /// Whether the gradient can be blurred: where the parameters lie as the pixels do.
    pub fn blurs(&self) -> bool {
        matches!(self, Self::Pixels | Self::Sigmoid)
    }

    /// The images of parameters `[n, k]`: `[n, 1, 28, 28]`.
    pub fn images(&self, parameters: Tensor<2>) -> Tensor<4> {
        let [n, _] = parameters.dims();
        let square = |flat: Tensor<2>| flat.reshape([n, 1, SIDE, SIDE]);
        match self {
            Self::Pixels => square(parameters),
            Self::Sigmoid => sigmoid(square(parameters)),
            Self::Fourier(Fourier { waves, scale }) => {
                let amplitudes = square(parameters) * scale.clone();
                let waves = waves.clone().transpose();
                sigmoid(both_sides(waves.clone(), amplitudes, waves))
            }
            Self::Prior(prior) => {
                square(parameters.matmul(prior.axes.clone()) + prior.mean.clone())
            }
        }
    }

    /// The parameters `[n, k]` whose images come nearest to these.
    pub fn parameters_of(&self, images: Tensor<4>) -> Tensor<2> {
        match self {
            Self::Pixels => images.flatten(1, 3),
            Self::Sigmoid => logit(images).flatten(1, 3),
            Self::Fourier(Fourier { waves, scale }) => {
                let amplitudes = both_sides(waves.clone(), logit(images), waves.clone());
                (amplitudes / scale.clone()).flatten(1, 3)
            }
            Self::Prior(Components { mean, axes }) => {
                let lengths = axes.clone().square().sum_dim(1).transpose(); // [1, k]
                let offset = images.flatten::<2>(1, 3) - mean.clone();
                offset.matmul(axes.clone().transpose()) / lengths
            }
        }
    }
}

fn logit(images: Tensor<4>) -> Tensor<4> {
    let inside = images.clamp(EDGE, 1.0 - EDGE);
    (inside.clone() / (inside.neg() + 1.0)).log()
}
