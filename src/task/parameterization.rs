//! What is optimized in place of the pixels: the parameterization of the image.
//!
//! "Preconditioning and Parameterization", Olah et al. 2017: the same images in other coordinates
//! have another steepest descent.

use std::sync::Arc;

use crate::network::architecture::{PIXELS, SIDE};
use crate::task::Pca;

/// The coordinates in which an image is moved.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameterization {
    /// The pixels themselves, unbounded. The lab's.
    Pixels,
    /// Pixels from 0 to 1: the sigmoid of each parameter.
    Sigmoid,
    /// The amplitudes of waves, those of long ones weighing more: a decorrelated image. Then the
    /// sigmoid.
    Fourier,
    /// The weights of the principal components of the training images.
    Pca(Arc<Pca>),
}

/// The waves of 28 pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct FourierBasis {
    /// Orthonormal, a row each, `[28, 28]`.
    pub rows: Vec<f32>,
    /// What each amplitude is multiplied by, `[28, 28]`.
    pub scale: Vec<f32>,
}

/// Makes a step of the slowest waves as large as several of a pixel.
const FOURIER_GAIN: f64 = 10.0;

impl FourierBasis {
    /// Computes them.
    pub fn new() -> Self {
        let mut rows = vec![0f32; SIDE * SIDE];
        let mut frequencies = [0.0; SIDE];
        for (row, wave) in rows.chunks_exact_mut(SIDE).enumerate() {
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
        let scale = (0..PIXELS)
            .map(|at| {
                let (down, across) = (frequencies[at / SIDE], frequencies[at % SIDE]);
                let frequency = libm::sqrt(down * down + across * across);
                (FOURIER_GAIN / f64::max(frequency * SIDE as f64, 1.0)) as f32
            })
            .collect();
        Self { rows, scale }
    }

    /// The amplitudes `[28, 28]` of a picture `[28, 28]`, before they are scaled.
    fn amplitudes(&self, picture: &[f64]) -> Vec<f64> {
        let along = |values: &[f64]| {
            // The wave's index takes the place of the row's, and the axes change places.
            let mut turned = vec![0.0; PIXELS];
            for (at, sum) in turned.iter_mut().enumerate() {
                let (column, wave) = (at / SIDE, at % SIDE);
                *sum = (0..SIDE)
                    .map(|row| {
                        f64::from(self.rows[wave * SIDE + row]) * values[row * SIDE + column]
                    })
                    .sum();
            }
            turned
        };
        along(&along(picture))
    }
}

impl Default for FourierBasis {
    fn default() -> Self {
        Self::new()
    }
}

/// Pixels are kept this far from 0 and 1 where a sigmoid has to reach them.
const EDGE: f64 = 0.01;

impl Parameterization {
    /// What start noise lies upon. A sigmoid hardly transforms near black, and where noise is cut off at
    /// black, neighbors are alike to the last bit, so that chance decides which way they go.
    pub fn ground(&self) -> f32 {
        match self {
            Self::Sigmoid | Self::Fourier => 0.2,
            Self::Pixels | Self::Pca(_) => 0.0,
        }
    }

    /// How many parameters an image has.
    pub fn parameters(&self) -> usize {
        match self {
            Self::Pca(prior) => prior.rank(),
            _ => PIXELS,
        }
    }

    /// Whether the gradient can be blurred: where the parameters lie as the pixels do.
    pub fn blurs(&self) -> bool {
        matches!(self, Self::Pixels | Self::Sigmoid)
    }

    /// What a run from these images, `[n, 784]`, begins with: [`Snapshot::state`], with moments of 0.
    ///
    /// [`Snapshot::state`]: crate::task::snapshot::Snapshot::state
    pub(crate) fn state_of(&self, images: &[f32]) -> Vec<f32> {
        let mut state = self.parameters_of(images);
        state.resize(3 * state.len(), 0.0);
        state
    }

    /// The parameters `[n, k]` whose images come nearest to these, `[n, 784]`. In double precision:
    /// a run begins with the same numbers everywhere.
    pub fn parameters_of(&self, images: &[f32]) -> Vec<f32> {
        match self {
            Self::Pixels => images.to_vec(),
            Self::Sigmoid => images.iter().map(|it| logit(*it) as f32).collect(),
            Self::Fourier => {
                let waves = FourierBasis::new();
                (images.chunks_exact(PIXELS))
                    .flat_map(|image| {
                        let logits: Vec<f64> = image.iter().map(|it| logit(*it)).collect();
                        let amplitudes = waves.amplitudes(&logits);
                        let scaled = amplitudes.into_iter().zip(&waves.scale);
                        (scaled.map(|(it, scale)| (it / f64::from(*scale)) as f32))
                            .collect::<Vec<_>>()
                    })
                    .collect()
            }
            Self::Pca(prior) => (images.chunks_exact(PIXELS))
                .flat_map(|image| {
                    let offset: Vec<f64> = (image.iter().zip(&prior.mean))
                        .map(|(pixel, mean)| f64::from(*pixel) - f64::from(*mean))
                        .collect();
                    (prior.components.chunks_exact(PIXELS))
                        .map(|axis| {
                            let along = axis.iter().zip(&offset);
                            let dot: f64 = along.map(|(axis, it)| f64::from(*axis) * it).sum();
                            let square: f64 = axis.iter().map(|it| f64::from(*it).powi(2)).sum();
                            match square > SHORTEST * SHORTEST {
                                true => (dot / square) as f32,
                                false => 0.0,
                            }
                        })
                        .collect::<Vec<_>>()
                })
                .collect(),
        }
    }
}

/// A component that is shorter than this changes no image that anybody sees, whatever its weight is; of
/// one that is all zeros, the weight would not even be a number.
const SHORTEST: f64 = 1e-6;

fn logit(pixel: f32) -> f64 {
    let inside = f64::from(pixel).clamp(EDGE, 1.0 - EDGE);
    libm::log(inside / (1.0 - inside))
}
