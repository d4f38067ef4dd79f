//! The parameterization: which numbers are optimized, and how they become pixels.
//!
//! In other coordinates, the direction of steepest descent leads to other images (Olah et al. 2017,
//! section "Preconditioning and Parameterization").

use std::sync::Arc;

use super::Pca;
use crate::network::{PIXELS, SIDE};

/// The coordinates in which an image is optimized.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameterization {
    /// The lab's: the pixels themselves, unbounded.
    Pixels,
    /// Each pixel is the sigmoid of a parameter, and so lies between 0 and 1.
    Sigmoid,
    /// The parameters are amplitudes of waves, scaled so that long waves weigh more (a decorrelated
    /// image); pixels are the sigmoid of their sum.
    Fourier,
    /// The parameters are the weights of the principal components of the training images.
    Pca(Arc<Pca>),
}

/// The orthonormal Fourier basis of 28 pixels, with real numbers: sines and cosines.
#[derive(Clone, Debug, PartialEq)]
pub struct FourierBasis {
    /// A wave in each row, `[28, 28]`.
    pub rows: Vec<f32>,
    /// The factor of each amplitude, `[28, 28]`.
    pub scale: Vec<f32>,
}

/// The factor of the longest waves: a step of Adam changes their amplitudes this many times as much as
/// it changes a pixel.
const FOURIER_GAIN: f64 = 10.0;

impl FourierBasis {
    /// Computes the waves and their factors.
    pub fn new() -> Self {
        let mut rows = vec![0f32; SIDE * SIDE];
        let mut frequencies = [0.0; SIDE];
        for (row, wave) in rows.chunks_exact_mut(SIDE).enumerate() {
            // Row 0 is constant, rows 1 and 2 are cosine and sine of frequency 1, …, row 27 has the
            // highest frequency.
            let frequency = row.div_ceil(2);
            frequencies[row] = frequency as f64 / SIDE as f64;
            let norm_squared = match row {
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
                *value = (height / libm::sqrt(norm_squared)) as f32;
            }
        }
        // As in lucid: 1 / frequency, where the constant counts as frequency 1.
        let scale = (0..PIXELS)
            .map(|at| {
                let (down, across) = (frequencies[at / SIDE], frequencies[at % SIDE]);
                let frequency = libm::sqrt(down * down + across * across);
                (FOURIER_GAIN / f64::max(frequency * SIDE as f64, 1.0)) as f32
            })
            .collect();
        Self { rows, scale }
    }

    /// The amplitudes `[28, 28]` of an image `[28, 28]`, before they are scaled.
    fn amplitudes(&self, image: &[f64]) -> Vec<f64> {
        let along = |values: &[f64]| {
            // Transforms the columns, and transposes: [row, column] → [column, wave].
            let mut transposed = vec![0.0; PIXELS];
            for (at, sum) in transposed.iter_mut().enumerate() {
                let (column, wave) = (at / SIDE, at % SIDE);
                *sum = (0..SIDE)
                    .map(|row| {
                        f64::from(self.rows[wave * SIDE + row]) * values[row * SIDE + column]
                    })
                    .sum();
            }
            transposed
        };
        along(&along(image))
    }
}

impl Default for FourierBasis {
    fn default() -> Self {
        Self::new()
    }
}

/// Start pixels are kept this far from 0 and 1, which no sigmoid reaches.
const EDGE: f64 = 0.01;

impl Parameterization {
    /// What is added to the start noise. A sigmoid needs an offset, because its gradient is nearly 0 near
    /// black. And where negative noise is clamped to black, neighboring pixels are equal to the last bit,
    /// so that rounding decides which way they go.
    pub fn noise_offset(&self) -> f32 {
        match self {
            Self::Sigmoid | Self::Fourier => 0.2,
            Self::Pixels | Self::Pca(_) => 0.0,
        }
    }

    /// How many parameters an image has.
    pub fn parameters(&self) -> usize {
        match self {
            Self::Pca(pca) => pca.rank(),
            _ => PIXELS,
        }
    }

    /// Whether the gradient can be blurred: whether the parameters lie on the grid of pixels.
    pub fn blurs(&self) -> bool {
        matches!(self, Self::Pixels | Self::Sigmoid)
    }

    /// The state of a run that begins with these images, `[n, 784]`, in the layout of
    /// [`Snapshot::state`](super::Snapshot::state): their parameters, and moments of 0.
    pub(crate) fn initial_state(&self, images: &[f32]) -> Vec<f32> {
        let mut state = self.parameters_of(images);
        state.resize(3 * state.len(), 0.0);
        state
    }

    /// The parameters `[n, k]` whose images come closest to these, `[n, 784]`. Computed in double
    /// precision, so that a run begins with the same numbers on every platform.
    pub fn parameters_of(&self, images: &[f32]) -> Vec<f32> {
        match self {
            Self::Pixels => images.to_vec(),
            Self::Sigmoid => images.iter().map(|it| logit(*it) as f32).collect(),
            Self::Fourier => {
                let basis = FourierBasis::new();
                (images.chunks_exact(PIXELS))
                    .flat_map(|image| {
                        let logits: Vec<f64> = image.iter().map(|it| logit(*it)).collect();
                        let amplitudes = basis.amplitudes(&logits);
                        let scaled = amplitudes.into_iter().zip(&basis.scale);
                        (scaled.map(|(it, scale)| (it / f64::from(*scale)) as f32))
                            .collect::<Vec<_>>()
                    })
                    .collect()
            }
            Self::Pca(pca) => (images.chunks_exact(PIXELS))
                .flat_map(|image| {
                    let offset: Vec<f64> = (image.iter().zip(&pca.mean))
                        .map(|(pixel, mean)| f64::from(*pixel) - f64::from(*mean))
                        .collect();
                    (pca.components.chunks_exact(PIXELS))
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

/// A component shorter than this gets the weight 0: it changes no image visibly, and the weight of an
/// all-zero component would be 0 / 0.
const SHORTEST: f64 = 1e-6;

fn logit(pixel: f32) -> f64 {
    let inside = f64::from(pixel).clamp(EDGE, 1.0 - EDGE);
    libm::log(inside / (1.0 - inside))
}
