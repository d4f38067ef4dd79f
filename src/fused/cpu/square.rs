//! 28×28 matrices: images, and what they are multiplied by from both sides.

use std::array::from_fn;

use super::lanes::Lanes;
use crate::network::SIDE;

/// A 28×28 matrix, row by row.
pub type Square = [[f32; SIDE]; SIDE];

/// 784 numbers as a matrix.
///
/// # Panics
///
/// If there are more numbers, or fewer.
pub fn square(values: &[f32]) -> &Square {
    let rows = values.as_chunks().0;
    rows.try_into().expect("there are 784")
}

pub fn transposed(matrix: &Square) -> Square {
    from_fn(|row| from_fn(|column| matrix[column][row]))
}

/// The product of two matrices. Each row of it is summed up in seven SIMD registers.
pub fn product(left: &Square, right: &Square) -> Square {
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
