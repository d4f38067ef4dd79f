//! From the tensors of a file to the parameters of a network.

use super::infer::{Layout, Source};
use super::network_file::NetworkFile;
use super::options::{ImportOptions, OptionError};
use super::tensor::NamedTensor;
use crate::network::parameters::{Layer, Parameters, transposed};

impl NetworkFile {
    /// The parameters that the file holds.
    ///
    /// # Errors
    ///
    /// When the choices name no candidate.
    pub fn parameters(&self, choices: &ImportOptions) -> Result<Parameters, OptionError> {
        let layers = self.inferred.layers.iter().enumerate();
        Ok(Parameters {
            architecture: self.inferred.architecture(choices)?,
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
            (Layout::Keras, [_, _]) => (self.flattened(values, index), shape.clone()),
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

    /// A dense weight of Keras, `[in, out]`: in the first layer behind convolutions, which sees
    /// their maps pixel by pixel, the inputs change places so that it sees map by map.
    fn flattened(&self, values: &[f32], index: usize) -> Vec<f32> {
        let maps = match self.inferred.candidates[0].last() {
            Some(last) if index == self.inferred.candidates[0].len() => last.filters,
            _ => return values.to_vec(),
        };
        let outputs = self.inferred.dense[0];
        let pixels = values.len() / (maps * outputs);
        permuted(values, &[pixels, maps, outputs], [1, 0, 2]).0
    }
}

/// Row-major values with their dimensions in another order, and the sizes in that order: the
/// first dimension of the result is `order[0]` of `shape`.
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
