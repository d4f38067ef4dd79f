//! The terms that regularizers add to the loss: images `[n, 1, 28, 28]` → one number a row, `[n, 1]`. See
//! [`crate::task::Regularizers`] for their weights.
//!
//! L1 and L2 keep the image dark. Total variation (Rudin, Osher and Fatemi 1992; Mahendran and Vedaldi
//! 2015), here the anisotropic one, keeps it smooth. The distance to the start keeps the change small.
//! Diversity (Olah et al. 2017) pushes apart images that have the same objective.

use burn::tensor::{Device, Tensor, TensorData};

use crate::network::SIDE;

/// Σ|x|.
pub fn l1(images: Tensor<4>) -> Tensor<2> {
    sum_per_row(images.abs())
}

/// Σx².
pub fn l2(images: Tensor<4>) -> Tensor<2> {
    sum_per_row(images.square())
}

/// Σ|x − right neighbor| + Σ|x − lower neighbor|, within the image.
pub fn total_variation(images: Tensor<4>) -> Tensor<2> {
    let last = SIDE - 1;
    let across = images.clone().narrow(3, 1, last) - images.clone().narrow(3, 0, last);
    let down = images.clone().narrow(2, 1, last) - images.narrow(2, 0, last);
    sum_per_row(across.abs()) + sum_per_row(down.abs())
}

/// Σ(x − start)².
pub fn start_distance(images: Tensor<4>, start: Tensor<4>) -> Tensor<2> {
    sum_per_row((images - start).square())
}

/// The weight of each pair of rows in [`diversity`], `[n, n]`: 1 / (number of other rows with the same
/// objective) where two different rows have the same objective, else 0.
pub fn pair_weights(rows: &[u16], device: &Device) -> Tensor<2> {
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

/// The mean squared cosine similarity between an image and the others with the same objective, after each
/// image's mean is subtracted from its pixels.
pub fn diversity(images: Tensor<4>, pair_weights: Tensor<2>) -> Tensor<2> {
    let flat = images.flatten::<2>(1, 3); // [n, 784]
    let centered = flat.clone() - flat.mean_dim(1);
    let length = (centered.clone().square().sum_dim(1) + 1e-8).sqrt(); // [n, 1]
    let unit = centered / length;
    let cosines = unit.clone().matmul(unit.transpose()); // [n, n]
    (cosines.square() * pair_weights).sum_dim(1)
}

fn sum_per_row(values: Tensor<4>) -> Tensor<2> {
    values.flatten::<2>(1, 3).sum_dim(1)
}
