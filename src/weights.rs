//! Networks as files.
//!
//! The project's own are safetensors with PyTorch's names and layout, so that PyTorch's
//! `model.load_state_dict(load_file(path))` takes them as they are, and a [`Card`] in the metadata.
//! A stranger's may have other names and another layout: see [`Contents`] and
//! [`crate::recognition`].

use std::collections::HashMap;

use burn::module::Param;
use burn::tensor::{Device, TensorData};
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use crate::architecture::Architecture;
use crate::card::Card;
use crate::choices::Choices;
use crate::contents::{CARD, Contents, ContentsError};
use crate::named::Named;
use crate::network::{Layer, Network, Weight};
use crate::recognition::{Layout, Source};

/// Reads a network onto `device` as the lab would mean it, and its card if the file has one.
///
/// # Errors
///
/// When the file cannot be used: see [`Contents::open`].
pub fn read(bytes: &[u8], device: &Device) -> Result<(Network, Option<Card>), ContentsError> {
    let contents = Contents::open(bytes)?;
    let network = contents.network(&Choices::default(), device)?;
    Ok((network, contents.card))
}

impl Contents {
    /// The network, on `device`.
    ///
    /// # Errors
    ///
    /// When the choices name no candidate.
    pub fn network(&self, choices: &Choices, device: &Device) -> Result<Network, ContentsError> {
        let architecture = self.recognised.architecture(choices)?;
        let mut network = Network::new(architecture, device);
        for (index, source) in self.recognised.layers.iter().enumerate() {
            self.put(network.layer(index), *source, index, device);
        }
        Ok(network)
    }

    fn put(&self, layer: Layer<'_>, source: Source, index: usize, device: &Device) {
        let Named { shape, values, .. } = &self.tensors[source.weight];
        let outputs = match layer.weight {
            Weight::Kernel(it) => {
                let (values, shape) = match self.recognised.layout {
                    Layout::Pytorch => (values.clone(), [shape[0], shape[1], shape[2], shape[3]]),
                    Layout::Keras => permuted(values, shape, [3, 2, 0, 1]),
                };
                *it = Param::from_data(TensorData::new(values, shape), device);
                shape[0]
            }
            Weight::Dense(it) => {
                let (values, [inputs, outputs]) = match self.recognised.layout {
                    Layout::Pytorch => transposed(values, [shape[0], shape[1]]),
                    Layout::Keras => (self.flattened(values, index), [shape[0], shape[1]]),
                };
                *it = Param::from_data(TensorData::new(values, [inputs, outputs]), device);
                outputs
            }
        };
        let bias = match source.bias {
            Some(bias) => self.tensors[bias].values.clone(),
            None => vec![0.0; outputs],
        };
        *layer.bias = Param::from_data(TensorData::new(bias, [outputs]), device);
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
fn transposed(values: &[f32], [rows, columns]: [usize; 2]) -> (Vec<f32>, [usize; 2]) {
    // Plain loops: a browser runs them before it has optimised anything.
    let mut transposed = vec![0.0; values.len()];
    for row in 0..rows {
        for column in 0..columns {
            transposed[column * rows + row] = values[row * columns + column];
        }
    }
    (transposed, [columns, rows])
}

/// Row-major values with their dimensions in another order, and the sizes in that order: the
/// first dimension of the result is `order[0]` of `shape`.
fn permuted<const D: usize>(
    values: &[f32],
    shape: &[usize],
    order: [usize; D],
) -> (Vec<f32>, [usize; D]) {
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
    (permuted, sizes)
}

/// Writes a network and its card, with PyTorch's names and layout.
///
/// # Errors
///
/// When the device cannot be read or the file cannot be made.
///
/// # Panics
///
/// In a browser, where the device cannot be read without waiting.
pub fn write(network: &Network, card: &Card) -> Result<Vec<u8>, safetensors::SafeTensorError> {
    let mut network = network.clone();
    let mut tensors = Vec::new();
    for (index, name) in names(network.architecture()).iter().enumerate() {
        let Layer { weight, bias } = network.layer(index);
        let weight = match weight {
            Weight::Kernel(it) => it.val().into_data(),
            Weight::Dense(it) => it.val().transpose().into_data(),
        };
        tensors.push((format!("{name}.weight"), weight));
        tensors.push((format!("{name}.bias"), bias.val().into_data()));
    }
    let bytes: Vec<_> = (tensors.iter())
        .map(|(_, data)| {
            let values: Vec<f32> = data.clone().try_into_vec().expect("parameters are f32");
            values
                .iter()
                .flat_map(|it| it.to_le_bytes())
                .collect::<Vec<u8>>()
        })
        .collect();
    let views = (tensors.iter().zip(&bytes)).map(|((name, data), bytes)| {
        let view = TensorView::new(Dtype::F32, data.shape().to_vec(), bytes)
            .expect("a parameter has as many numbers as its shape says");
        (name, view)
    });
    // One entry alone: with two, their order in the file would be left to chance.
    let card = serde_json::to_string(card).expect("a card is JSON");
    let metadata = HashMap::from([(CARD.to_owned(), card)]);
    safetensors::serialize(views, Some(metadata))
}

/// The layers' names: `conv1`, `fc1`, …
fn names(architecture: &Architecture) -> Vec<String> {
    let last = format!("fc{}", architecture.dense.len());
    let hidden = architecture.hidden().into_iter().map(|(name, _)| name);
    hidden.chain([last]).collect()
}
