//! [`Transform`] in tensors, and Gaussian blur.
//!
//! Small random transforms of the image before the network sees it make images that survive them:
//! "Transformation robustness", Olah et al. 2017. Jitter and scale are two products with 28×28 matrices,
//! one for the rows and one for the columns, and so is a blur. A rotation mixes rows and columns, so it
//! is one product with a 784×784 matrix.

use burn::tensor::{Device, Tensor, TensorData};

use crate::network::{PIXELS, SIDE};
use crate::task::{Transform, blur_weights};

impl Transform {
    /// Transforms images `[n, 1, 28, 28]`. Pixels from outside the image are 0.
    pub fn apply(&self, images: Tensor<4>, device: &Device) -> Tensor<4> {
        if self.rotation == 0.0 {
            let [right, down] = self.jitter;
            let rows = matrix(&axis(down, self.scale), SIDE, device);
            let columns = matrix(&axis(right, self.scale), SIDE, device);
            return times_both_sides(rows, images, columns);
        }
        let [n, ..] = images.dims();
        let plane = matrix(&self.plane(), PIXELS, device); // [from, to]
        (images.flatten::<2>(1, 3).matmul(plane)).reshape([n, 1, SIDE, SIDE])
    }

    /// The weight of each source pixel in each pixel of the transformed image, `[784 from, 784 to]`, bilinear.
    fn plane(&self) -> Vec<f32> {
        let source = self.source();
        let mut weights = vec![0f32; PIXELS * PIXELS];
        for to in 0..PIXELS {
            let [from_x, from_y] = source.of([(to % SIDE) as f64, (to / SIDE) as f64]);
            for (row, down) in neighbors(from_y) {
                for (column, right) in neighbors(from_x) {
                    weights[(row * SIDE + column) * PIXELS + to] += (down * right) as f32;
                }
            }
        }
        weights
    }
}

/// The weight of each source pixel along one axis in each pixel of the transformed image, `[28 to, 28 from]`.
fn axis(shift: f64, scale: f64) -> Vec<f32> {
    let center = (SIDE - 1) as f64 / 2.0;
    let mut weights = vec![0f32; SIDE * SIDE];
    for to in 0..SIDE {
        for (from, weight) in neighbors((to as f64 - center - shift) / scale + center) {
            weights[to * SIDE + from] += weight as f32;
        }
    }
    weights
}

/// The two pixels around a position on an axis, as far as they lie within the image, with their weights
/// for linear interpolation.
fn neighbors(place: f64) -> impl Iterator<Item = (usize, f64)> {
    let first = libm::floor(place);
    let part = place - first;
    [(first, 1.0 - part), (first + 1.0, part)]
        .into_iter()
        .filter(|&(at, weight)| weight > 0.0 && at >= 0.0 && at < SIDE as f64)
        .map(|(at, weight)| (at as usize, weight))
}

/// Gaussian blur of standard deviation `std` pixels.
pub fn blur(images: Tensor<4>, std: f64, device: &Device) -> Tensor<4> {
    let matrix = matrix(&blur_weights(std), SIDE, device);
    times_both_sides(matrix.clone(), images, matrix)
}

/// `rows` · image · `columns`ᵀ, for every image.
pub(crate) fn times_both_sides(
    rows: Tensor<2>,
    images: Tensor<4>,
    columns: Tensor<2>,
) -> Tensor<4> {
    let [n, ..] = images.dims();
    // One product for all rows of all images, and one for all columns.
    let x = images.reshape([n * SIDE, SIDE]).matmul(columns.transpose()); // [n·28, 28]
    let x = x
        .reshape([n, SIDE, SIDE])
        .swap_dims(1, 2)
        .reshape([n * SIDE, SIDE]);
    let x = x.matmul(rows.transpose()).reshape([n, SIDE, SIDE]);
    x.swap_dims(1, 2).reshape([n, 1, SIDE, SIDE])
}

pub(crate) fn matrix(values: &[f32], side: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [side, side]), device)
}
