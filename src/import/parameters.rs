//! The tensors of a file → the parameters of a network, in this crate's layout.

use super::infer::{Layout, Source};
use super::network_file::NetworkFile;
use super::options::{ImportOptions, OptionError};
use super::tensor::NamedTensor;
use crate::network::parameters::transposed;
use crate::network::{Layer, Parameters};

impl NetworkFile {
    /// The parameters of the network that the options choose.
    ///
    /// # Errors
    ///
    /// When there is no candidate of this index.
    pub fn parameters(&self, options: &ImportOptions) -> Result<Parameters, OptionError> {
        let layers = self.inferred.layers.iter().enumerate();
        Ok(Parameters {
            architecture: self.inferred.architecture(options)?,
            layers: layers
                .map(|(index, source)| self.layer(index, *source))
                .collect(),
        })
    }

    fn layer(&self, index: usize, source: Source) -> Layer {
        let NamedTensor { shape, values, .. } = &self.tensors[source.weight];
        let (weight, shape) = match (self.inferred.layout, &shape[..]) {
            (Layout::Pytorch, [rows, columns]) => transposed(values, [*rows, *columns]),
            (Layout::Pytorch, _) => (values.clone(), shape.clone()),
            (Layout::Keras, [_, _]) => (self.dense_of_keras(values, index), shape.clone()),
            (Layout::Keras, _) => permuted(values, shape, [3, 2, 0, 1]),
        };
        let outputs = match shape[..] {
            [_, outputs] => outputs,
            _ => shape[0],
        };
        let bias = match source.bias {
            Some(bias) => self.tensors[bias].values.clone(),
            None => vec![0.0; outputs],
        };
        Layer {
            weight,
            shape,
            bias,
        }
    }

    /// A dense weight of Keras, `[in, out]`, with its rows in PyTorch's order. Only the first dense layer
    /// after convolutions differs: its inputs are `[height, width, channel]` in Keras and
    /// `[channel, height, width]` in PyTorch.
    fn dense_of_keras(&self, values: &[f32], index: usize) -> Vec<f32> {
        let channels = match self.inferred.candidates[0].last() {
            Some(last) if index == self.inferred.candidates[0].len() => last.channels,
            _ => return values.to_vec(),
        };
        let outputs = self.inferred.dense[0];
        let pixels = values.len() / (channels * outputs);
        permuted(values, &[pixels, channels, outputs], [1, 0, 2]).0
    }
}

/// Row-major values with their dimensions permuted, and the new shape: dimension `i` of the result is
/// dimension `order[i]` of `shape`.
fn permuted<const D: usize>(
    values: &[f32],
    shape: &[usize],
    order: [usize; D],
) -> (Vec<f32>, Vec<usize>) {
    let mut strides = [1; D];
    for index in (1..D).rev() {
        strides[index - 1] = strides[index] * shape[index];
    }
    let sizes = order.map(|it| shape[it]);
    let steps = order.map(|it| strides[it]);
    let mut at = [0; D];
    let permuted = (0..values.len())
        .map(|_| {
            let from: usize = at.iter().zip(steps).map(|(at, step)| at * step).sum();
            for index in (0..D).rev() {
                at[index] += 1;
                if at[index] < sizes[index] {
                    break;
                }
                at[index] = 0;
            }
            values[from]
        })
        .collect();
    (permuted, sizes.to_vec())
}
