//! What an image is charged for, beside its objective: one number a row, `[n, 1, 28, 28]` → `[n, 1]`.
//!
//! Each is a sum over the pixels. L1 and L2 keep the image dark; total variation (Rudin, Osher and
//! Fatemi 1992; Mahendran and Vedaldi 2015) keeps it smooth, L1's of neighbors' differences; the
//! distance to the start asks for the smallest change; diversity (Olah et al. 2017) pushes apart
//! images that are made for the same.

use burn::tensor::{Device, Tensor, TensorData};

use crate::reference::network::SIDE;

/// Σ|x|.
pub fn l1(images: Tensor<4>) -> Tensor<2> {
    per_row(images.abs())
}

/// Σx².
pub fn l2(images: Tensor<4>) -> Tensor<2> {
    per_row(images.square())
}

/// Σ|x − right neighbor| + Σ|x − lower neighbor|, within the image.
pub fn variation(images: Tensor<4>) -> Tensor<2> {
    let last = SIDE - 1;
    let across = images.clone().narrow(3, 1, last) - images.clone().narrow(3, 0, last);
    let down = images.clone().narrow(2, 1, last) - images.narrow(2, 0, last);
    per_row(across.abs()) + per_row(down.abs())
}

/// Σ(x − start)².
pub fn distance(images: Tensor<4>, start: Tensor<4>) -> Tensor<2> {
    per_row((images - start).square())
}

/// Which rows are made for the same, `[n, n]`: 1/(how many others), and 0 for a row and itself.
pub fn kinship(rows: &[u16], device: &Device) -> Tensor<2> {
    let n = rows.len();
    let mut values = vec![0f32; n * n];
    for (a, one) in rows.iter().enumerate() {
        let others = rows.iter().filter(|other| *other == one).count() - 1;
        for (b, other) in rows.iter().enumerate() {
            if a != b && one == other {
                values[a * n + b] = 1.0 / others as f32;
            }
        }
    }
    Tensor::from_data(TensorData::new(values, [n, n]), device)
}

/// The mean squared cosine of each image, less its mean pixel, with its kin.
pub fn likeness(images: Tensor<4>, kinship: Tensor<2>) -> Tensor<2> {
    let flat = images.flatten::<2>(1, 3); // [n, 784]
    let centered = flat.clone() - flat.mean_dim(1);
    let length = (centered.clone().square().sum_dim(1) + 1e-8).sqrt(); // [n, 1]
    let unit = centered / length;
    let cosines = unit.clone().matmul(unit.transpose()); // [n, n]
    (cosines.square() * kinship).sum_dim(1)
}

fn per_row(values: Tensor<4>) -> Tensor<2> {
    values.flatten::<2>(1, 3).sum_dim(1)
}
