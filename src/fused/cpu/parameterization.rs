//! From parameters to images, and from the gradient for the images back to the gradient for the
//! parameters. See [`crate::task::Parameterization`]. And the blur of that gradient.

use super::activation::sigmoid;
use super::matrix::{Matrix, Term, padded_rows};
use super::square::{Square, product, square, transposed};
use crate::network::{PIXELS, SIDE};
use crate::task::FourierBasis;

/// What the parameters of an image are.
pub enum Parameterization {
    Pixels,
    Sigmoid,
    Fourier(Box<Fourier>),
    Pca(Pca),
}

/// The Fourier basis, `[frequency, pixel]` along one axis, and the factor of each amplitude, `[784]`.
pub struct Fourier {
    basis: Square,
    transposed: Square,
    scale: Vec<f32>,
}

/// The principal components and the mean image. Clones share the components.
#[derive(Clone)]
pub struct Pca {
    /// `[rank, 784]`.
    components: Matrix,
    mean: Vec<f32>,
    /// The parameters, as weights of the components.
    terms: Vec<Term>,
    /// The gradient for the parameters, with as many numbers as [`Matrix::dots`] writes.
    gradient: Vec<f32>,
}

impl Fourier {
    pub fn new() -> Self {
        let FourierBasis { rows, scale } = FourierBasis::new();
        let basis = *square(&rows);
        Self {
            transposed: transposed(&basis),
            basis,
            scale,
        }
    }
}

impl Pca {
    pub fn new(it: &crate::task::Pca) -> Self {
        let rank = it.rank();
        Self {
            components: Matrix::new(rank, PIXELS, |row, column| {
                it.components[row * PIXELS + column]
            }),
            mean: it.mean.clone(),
            terms: Vec::with_capacity(rank),
            gradient: vec![0.0; padded_rows(rank)],
        }
    }
}

impl Parameterization {
    /// Writes the image of some parameters.
    pub fn image(&mut self, parameters: &[f32], image: &mut [f32]) {
        match self {
            Self::Pixels => image.copy_from_slice(parameters),
            Self::Sigmoid => {
                for (pixel, parameter) in image.iter_mut().zip(parameters) {
                    *pixel = sigmoid(*parameter);
                }
            }
            Self::Fourier(it) => {
                let mut amplitudes = [[0.0; SIDE]; SIDE];
                let all = amplitudes.as_flattened_mut().iter_mut().zip(parameters);
                for ((amplitude, parameter), scale) in all.zip(&it.scale) {
                    *amplitude = parameter * scale;
                }
                let sums = product(&it.transposed, &product(&amplitudes, &it.basis));
                for (pixel, sum) in image.iter_mut().zip(sums.as_flattened()) {
                    *pixel = sigmoid(*sum);
                }
            }
            Self::Pca(it) => {
                it.terms.clear();
                let terms = parameters.iter().copied().enumerate();
                (it.terms).extend(terms.map(|(row, factor)| Term { row, factor }));
                it.components.combine(&it.terms, image);
                for (pixel, mean) in image.iter_mut().zip(&it.mean) {
                    *pixel += mean;
                }
            }
        }
    }

    /// Writes the gradient for the parameters of an image, from that for its pixels, which is
    /// overwritten.
    pub fn gradient(&mut self, image: &[f32], pixels: &mut [f32], parameters: &mut [f32]) {
        if let Self::Sigmoid | Self::Fourier(_) = self {
            for (gradient, pixel) in pixels.iter_mut().zip(image) {
                *gradient *= pixel * (1.0 - pixel);
            }
        }
        match self {
            Self::Pixels | Self::Sigmoid => parameters.copy_from_slice(pixels),
            Self::Fourier(it) => {
                let amplitudes = product(&product(&it.basis, square(pixels)), &it.transposed);
                let all = parameters.iter_mut().zip(amplitudes.as_flattened());
                for ((parameter, amplitude), scale) in all.zip(&it.scale) {
                    *parameter = amplitude * scale;
                }
            }
            Self::Pca(it) => {
                let length = it.gradient.len();
                it.components.dots(pixels, PIXELS, &mut it.gradient, length);
                parameters.copy_from_slice(&it.gradient[..it.components.rows()]);
            }
        }
    }
}

/// A Gaussian blur of a gradient.
pub struct Blur {
    weights: Square,
    transposed: Square,
}

impl Blur {
    /// With these weights along each axis, `[28 to, 28 from]`. Those that are too small to matter become
    /// zero: products with them would be subnormal, which takes some processors a hundred times as
    /// long.
    pub fn new(weights: &[f32]) -> Self {
        let mut weights = *square(weights);
        for weight in weights.as_flattened_mut() {
            if *weight < 1e-12 {
                *weight = 0.0;
            }
        }
        Self {
            transposed: transposed(&weights),
            weights,
        }
    }

    /// Blurs a gradient, 784 numbers, in place.
    pub fn apply(&self, gradient: &mut [f32]) {
        let blurred = product(&self.weights, &product(square(gradient), &self.transposed));
        gradient.copy_from_slice(blurred.as_flattened());
    }
}
