//! What a network learned, in plain numbers.

use std::sync::Arc;

use super::architecture::Architecture;

/// The parameters of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// What they are the parameters of.
    pub architecture: Architecture,
    /// From the image inwards: the convolutions, then the dense layers. Clones share them.
    pub layers: Arc<[Layer]>,
}

/// Those of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Of a convolution `[out, in, height, width]`, PyTorch's layout and Burn's; of a dense layer
    /// `[in, out]`, Burn's.
    pub weight: Vec<f32>,
    /// The sizes of the weight's dimensions.
    pub shape: Vec<usize>,
    /// `[out]`.
    pub bias: Vec<f32>,
}

/// A matrix and its sizes, the other way around.
pub(crate) fn transposed(values: &[f32], [rows, columns]: [usize; 2]) -> (Vec<f32>, Vec<usize>) {
    // Reference loops: a browser runs them before it has optimized anything.
    let mut transposed = vec![0.0; values.len()];
    for row in 0..rows {
        for column in 0..columns {
            transposed[column * rows + row] = values[row * columns + column];
        }
    }
    (transposed, vec![columns, rows])
}
