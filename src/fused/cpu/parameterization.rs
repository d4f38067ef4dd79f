//! From parameters to images, and from the gradient for images to that for parameters. See
//! [`crate::task::parameterization`].

use std::array::from_fn;

use super::activation::sigmoid;
use super::lanes::Lanes;
use super::matrix::{Matrix, Term, room};
use crate::network::architecture::{PIXELS, SIDE};
use crate::task::parameterization::FourierBasis;

/// A 28×28 matrix.
type Square = [[f32; SIDE]; SIDE];

/// What images are made of.
pub enum Parameterization {
    Pixels,
    Sigmoid,
    Fourier(Box<Fourier>),
    Pca(Pca),
}

/// The waves, `[wave, pixel]`, and what the amplitudes are multiplied by.
pub struct Fourier {
    waves: Square,
    turned: Square,
    scale: Vec<f32>,
}

/// The principal components, a row each, which clones share.
#[derive(Clone)]
pub struct Pca {
    axes: Matrix,
    mean: Vec<f32>,
    terms: Vec<Term>,
    /// The gradient, with the room that [`Matrix::dots`] needs.
    dots: Vec<f32>,
}

impl Fourier {
    pub fn new() -> Self {
        let FourierBasis { rows, scale } = FourierBasis::new();
        let waves = *square(&rows);
        Self {
            turned: turned(&waves),
            waves,
            scale,
        }
    }
}

impl Pca {
    pub fn new(it: &crate::task::Pca) -> Self {
        let rank = it.rank();
        Self {
            axes: Matrix::new(rank, PIXELS, |row, column| {
                it.components[row * PIXELS + column]
            }),
            mean: it.mean.clone(),
            terms: Vec::with_capacity(rank),
            dots: vec![0.0; room(rank)],
        }
    }
}

impl Parameterization {
    /// The image of some parameters.
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
                let waves = product(&it.turned, &product(&amplitudes, &it.waves));
                for (pixel, sum) in image.iter_mut().zip(waves.as_flattened()) {
                    *pixel = sigmoid(*sum);
                }
            }
            Self::Pca(it) => {
                it.terms.clear();
                let terms = parameters.iter().copied().enumerate();
                (it.terms).extend(terms.map(|(row, factor)| Term { row, factor }));
                it.axes.combine(&it.terms, image);
                for (pixel, mean) in image.iter_mut().zip(&it.mean) {
                    *pixel += mean;
                }
            }
        }
    }

    /// The gradient for the parameters of an image, from that for its pixels, which is used up.
    pub fn gradient(&mut self, image: &[f32], pixels: &mut [f32], parameters: &mut [f32]) {
        if let Self::Sigmoid | Self::Fourier(_) = self {
            for (gradient, pixel) in pixels.iter_mut().zip(image) {
                *gradient *= pixel * (1.0 - pixel);
            }
        }
        match self {
            Self::Pixels | Self::Sigmoid => parameters.copy_from_slice(pixels),
            Self::Fourier(it) => {
                let amplitudes = product(&product(&it.waves, square(pixels)), &it.turned);
                let all = parameters.iter_mut().zip(amplitudes.as_flattened());
                for ((parameter, amplitude), scale) in all.zip(&it.scale) {
                    *parameter = amplitude * scale;
                }
            }
            Self::Pca(it) => {
                let room = it.dots.len();
                it.axes.dots(pixels, PIXELS, &mut it.dots, room);
                parameters.copy_from_slice(&it.dots[..it.axes.rows()]);
            }
        }
    }
}

/// Blurs a gradient, along rows and columns.
pub struct Blur {
    weights: Square,
    turned: Square,
}

impl Blur {
    /// With these weights, `[28 to, 28 from]`, but for those that are too small to matter: products
    /// with them would be denormal, which takes some processors a hundred times as long.
    pub fn new(weights: &[f32]) -> Self {
        let mut weights = *square(weights);
        for weight in weights.as_flattened_mut() {
            if *weight < 1e-12 {
                *weight = 0.0;
            }
        }
        Self {
            turned: turned(&weights),
            weights,
        }
    }

    /// In place.
    pub fn apply(&self, gradient: &mut [f32]) {
        let blurred = product(&self.weights, &product(square(gradient), &self.turned));
        gradient.copy_from_slice(blurred.as_flattened());
    }
}

fn square(values: &[f32]) -> &Square {
    let rows = values.as_chunks().0;
    rows.try_into().expect("there are 784")
}

fn turned(matrix: &Square) -> Square {
    from_fn(|row| from_fn(|column| matrix[column][row]))
}

/// A row at a time, in seven registers.
fn product(left: &Square, right: &Square) -> Square {
    let mut product = [[0.0; SIDE]; SIDE];
    for (left, product) in left.iter().zip(&mut product) {
        let mut sums = [Lanes::splat(0.0); SIDE / 4];
        for (left, right) in left.iter().zip(right) {
            let left = Lanes::splat(*left);
            for (sum, right) in sums.iter_mut().zip(right.as_chunks().0) {
                *sum = sum.add_product(left, Lanes::of(*right));
            }
        }
        for (to, sum) in product.as_chunks_mut().0.iter_mut().zip(sums) {
            *to = sum.numbers();
        }
    }
    product
}
