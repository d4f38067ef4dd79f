//! What a network learnt, in plain numbers; files ↔ parameters.
//!
//! The project's own files are safetensors with PyTorch's names and layout, so that PyTorch's
//! `model.load_state_dict(load_file(path))` takes them as they are, and a [`Card`] in the metadata.
//! A stranger's may have other names and another layout: see [`Contents`] and
//! [`crate::recognition`].

use std::collections::HashMap;
use std::sync::Arc;

use safetensors::Dtype;
use safetensors::tensor::TensorView;

use crate::architecture::Architecture;
use crate::card::Card;
use crate::choices::{ChoiceError, Choices};
use crate::contents::{CARD, Contents};
use crate::named::Named;
use crate::recognition::{Layout, Source};

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

impl Contents {
    /// The parameters that the file holds.
    ///
    /// # Errors
    ///
    /// When the choices name no candidate.
    pub fn parameters(&self, choices: &Choices) -> Result<Parameters, ChoiceError> {
        let layers = self.recognised.layers.iter().enumerate();
        Ok(Parameters {
            architecture: self.recognised.architecture(choices)?,
            layers: layers
                .map(|(index, source)| self.layer(index, *source))
                .collect(),
        })
    }

    fn layer(&self, index: usize, source: Source) -> Layer {
        let Named { shape, values, .. } = &self.tensors[source.weight];
        let (weight, shape) = match (self.recognised.layout, &shape[..]) {
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
        let maps = match self.recognised.candidates[0].last() {
            Some(last) if index == self.recognised.candidates[0].len() => last.filters,
            _ => return values.to_vec(),
        };
        let outputs = self.recognised.dense[0];
        let pixels = values.len() / (maps * outputs);
        permuted(values, &[pixels, maps, outputs], [1, 0, 2]).0
    }
}

/// A matrix and its sizes, the other way around.
fn transposed(values: &[f32], [rows, columns]: [usize; 2]) -> (Vec<f32>, Vec<usize>) {
    // Plain loops: a browser runs them before it has optimised anything.
    let mut transposed = vec![0.0; values.len()];
    for row in 0..rows {
        for column in 0..columns {
            transposed[column * rows + row] = values[row * columns + column];
        }
    }
    (transposed, vec![columns, rows])
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

/// Writes parameters and a card, with PyTorch's names and layout.
///
/// # Errors
///
/// When the file cannot be made.
pub fn write(
    parameters: &Parameters,
    card: &Card,
) -> Result<Vec<u8>, safetensors::SafeTensorError> {
    let mut tensors = Vec::new();
    for (name, layer) in names(&parameters.architecture)
        .iter()
        .zip(&*parameters.layers)
    {
        let (weight, shape) = match layer.shape[..] {
            [inputs, outputs] => transposed(&layer.weight, [inputs, outputs]),
            _ => (layer.weight.clone(), layer.shape.clone()),
        };
        tensors.push((format!("{name}.weight"), shape, bytes(&weight)));
        tensors.push((
            format!("{name}.bias"),
            vec![layer.bias.len()],
            bytes(&layer.bias),
        ));
    }
    let views = tensors.iter().map(|(name, shape, bytes)| {
        let view = TensorView::new(Dtype::F32, shape.clone(), bytes)
            .expect("a parameter has as many numbers as its shape says");
        (name, view)
    });
    // One entry alone: with two, their order in the file would be left to chance.
    let card = serde_json::to_string(card).expect("a card is JSON");
    let metadata = HashMap::from([(CARD.to_owned(), card)]);
    safetensors::serialize(views, Some(metadata))
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|it| it.to_le_bytes()).collect()
}

/// The layers' names: `conv1`, `fc1`, …
fn names(architecture: &Architecture) -> Vec<String> {
    let last = format!("fc{}", architecture.dense.len());
    let hidden = architecture.hidden().into_iter().map(|(name, _)| name);
    hidden.chain([last]).collect()
}
