//! The parameters of a network, in plain numbers.

use std::sync::Arc;

use super::Architecture;

/// The parameters of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// The network that has these parameters.
    pub architecture: Architecture,
    /// The convolutions, then the dense layers, first to last. Clones share them.
    pub layers: Arc<[Layer]>,
}

/// The parameters of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The weights in Burn's layout: `[out, in, height, width]` for a convolution, `[in, out]` for a dense
    /// layer.
    pub weight: Vec<f32>,
    /// The sizes of the weight's dimensions.
    pub shape: Vec<usize>,
    /// The biases, `[out]`.
    pub bias: Vec<f32>,
}

/// The transposed matrix and its shape.
pub(crate) fn transposed(values: &[f32], [rows, columns]: [usize; 2]) -> (Vec<f32>, Vec<usize>) {
    // Plain loops, because a browser runs this before it has optimized any code.
    let mut transposed = vec![0.0; values.len()];
    for row in 0..rows {
        for column in 0..columns {
            transposed[column * rows + row] = values[row * columns + column];
        }
    }
    (transposed, vec![columns, rows])
}
