//! Networks as safetensors files, with PyTorch's names and layout.
//!
//! A file holds the parameters of one [`Network`] as `f32`, so that PyTorch's
//! `model.load_state_dict(load_file(path))` takes it as it is, and its [`Card`] in the metadata.
//! Read with the `safetensors` crate itself: burn-store would bring a regular expression engine
//! into the browser's download, and its errors speak to programmers.

use std::collections::HashMap;

use burn::module::Param;
use burn::tensor::{Device, TensorData};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use crate::network::{Architecture, Network, Parameter};

/// What is known of a trained network: the model card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// For example `784-256-128-64-10, ReLU, dropout 0.1`.
    pub description: String,
    /// The optimiser and its schedule, in words.
    pub training: String,
    /// The day the network was trained, `YYYY-MM-DD`.
    pub date: String,
    /// Seed of initialisation, order and dropout.
    pub seed: u64,
    /// Accuracies after each epoch.
    pub epochs: Vec<Epoch>,
    /// Accuracies of the finished network.
    pub accuracy: Accuracy,
    /// What it reads under attack, of a network that was trained for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robust: Option<Robust>,
}

/// How an epoch ended. Accuracies are fractions, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Mean loss while it lasted: negative log-likelihood in nats, dropout included.
    pub loss: f64,
    /// On the images it trained on.
    pub train: f64,
    /// On the validation images.
    pub validation: f64,
}

/// Fractions of images that the finished network reads right, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// On the 45,000 training images.
    pub train: f64,
    /// On the 15,000 validation images.
    pub validation: f64,
    /// On the 10,000 test images.
    pub test: f64,
}

/// What a network reads of images that were changed to mislead it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Robust {
    /// The fraction of the 10,000 test images, each of them attacked, that it reads right.
    pub accuracy: f64,
    /// The attack, in words.
    pub attack: String,
}

/// A file that cannot be used, in words for the person who chose it.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum WeightsError {
    #[error(
        "This is not a safetensors file ({0}). Write one in PyTorch with safetensors.torch.save_file(model.state_dict(), path)."
    )]
    Format(String),
    #[error("The tensor \"{name}\" is missing. A file for {architecture} must have: {expected}.")]
    Missing {
        name: &'static str,
        architecture: &'static str,
        expected: String,
    },
    #[error("The tensor \"{name}\" does not belong to {architecture}, which has: {expected}.")]
    Unexpected {
        name: String,
        architecture: &'static str,
        expected: String,
    },
    #[error(
        "The tensor \"{name}\" has the shape {found:?}; {architecture} needs {expected:?} (PyTorch's layout)."
    )]
    Shape {
        name: &'static str,
        architecture: &'static str,
        found: Vec<usize>,
        expected: &'static [usize],
    },
    #[error("The tensor \"{name}\" holds {found}; it must hold F32. Convert with model.float().")]
    Dtype { name: &'static str, found: Dtype },
    #[error(
        "The tensor \"{name}\" holds {value} at position {index}. Every parameter must be a finite number: did the training diverge?"
    )]
    NotFinite {
        name: &'static str,
        value: f32,
        index: usize,
    },
    #[error("The model card in the file's metadata cannot be read ({0}).")]
    Card(String),
}

/// The key of the card in the file's metadata; the value is JSON.
const CARD: &str = "card";

/// Reads a network onto `device`, and its card if the file has one.
///
/// # Errors
///
/// When the bytes are no safetensors file, or a tensor is missing, unknown, of the wrong shape or
/// type, or not finite.
pub fn read(bytes: &[u8], device: &Device) -> Result<(Network, Option<Card>), WeightsError> {
    let format = |error: safetensors::SafeTensorError| WeightsError::Format(error.to_string());
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(format)?;
    let file = SafeTensors::deserialize(bytes).map_err(format)?;
    let card = metadata
        .metadata()
        .as_ref()
        .and_then(|entries| entries.get(CARD))
        .map(|json| serde_json::from_str(json))
        .transpose()
        .map_err(|error| WeightsError::Card(error.to_string()))?;

    // A LeNet-5 is known by its convolutions; what is wrong with a file is then told for that one.
    let architecture = match file.names().iter().any(|name| name.starts_with("conv")) {
        true => Architecture::LeNet5,
        false => Architecture::Mlp,
    };
    if let Some(name) = (file.names().into_iter()).find(|name| !is_known(architecture, name)) {
        return Err(WeightsError::Unexpected {
            name: name.to_string(),
            architecture: architecture.name(),
            expected: names(architecture),
        });
    }

    let mut network = Network::new(architecture, device);
    for &(name, shape) in architecture.parameters() {
        let tensor = file.tensor(name).map_err(|_| WeightsError::Missing {
            name,
            architecture: architecture.name(),
            expected: names(architecture),
        })?;
        let values = checked(&tensor, architecture, name, shape)?;
        put(&mut network, name, values, shape, device);
    }
    Ok((network, card))
}

fn is_known(architecture: Architecture, name: &str) -> bool {
    (architecture.parameters().iter()).any(|(known, _)| *known == name)
}

fn names(architecture: Architecture) -> String {
    let names: Vec<_> = (architecture.parameters().iter())
        .map(|(name, _)| *name)
        .collect();
    names.join(", ")
}

/// The tensor's values, once its type, shape and every number are as they must be.
fn checked(
    tensor: &TensorView<'_>,
    architecture: Architecture,
    name: &'static str,
    expected: &'static [usize],
) -> Result<Vec<f32>, WeightsError> {
    if tensor.dtype() != Dtype::F32 {
        let found = tensor.dtype();
        return Err(WeightsError::Dtype { name, found });
    }
    if tensor.shape() != expected {
        return Err(WeightsError::Shape {
            name,
            architecture: architecture.name(),
            found: tensor.shape().to_vec(),
            expected,
        });
    }
    let values: Vec<f32> = (tensor.data().as_chunks::<4>().0.iter())
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect();
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(WeightsError::NotFinite {
            name,
            value: values[index],
            index,
        }),
        None => Ok(values),
    }
}

fn put(network: &mut Network, name: &str, values: Vec<f32>, shape: &[usize], device: &Device) {
    let parameter = network.parameter(name).expect("the name is the network's");
    match parameter {
        Parameter::Dense(it) => {
            let (outputs, inputs) = (shape[0], shape[1]);
            let data = TensorData::new(transposed(&values, outputs, inputs), [inputs, outputs]);
            *it = Param::from_data(data, device);
        }
        Parameter::Kernel(it) => *it = Param::from_data(TensorData::new(values, shape), device),
        Parameter::Bias(it) => *it = Param::from_data(TensorData::new(values, shape), device),
    }
}

/// Row-major `[rows, columns]` → `[columns, rows]`.
fn transposed(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..columns)
        .flat_map(|column| (0..rows).map(move |row| values[row * columns + column]))
        .collect()
}

/// Writes a network and its card.
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
    let tensors: Vec<_> = (network.architecture().parameters().iter())
        .map(|&(name, shape)| (name, shape, bytes(&mut network, name)))
        .collect();
    let views = (tensors.iter()).map(|(name, shape, bytes)| {
        let view = TensorView::new(Dtype::F32, shape.to_vec(), bytes)
            .expect("a parameter has as many numbers as its shape says");
        (*name, view)
    });
    // One entry alone: with two, their order in the file would be left to chance.
    let card = serde_json::to_string(card).expect("a card is JSON");
    let metadata = HashMap::from([(CARD.to_owned(), card)]);
    safetensors::serialize(views, Some(metadata))
}

/// The parameter's values in PyTorch's layout, little-endian.
fn bytes(network: &mut Network, name: &str) -> Vec<u8> {
    let data = match network.parameter(name).expect("the name is the network's") {
        Parameter::Dense(it) => it.val().transpose().into_data(),
        Parameter::Kernel(it) => it.val().into_data(),
        Parameter::Bias(it) => it.val().into_data(),
    };
    let values: Vec<f32> = data.try_to_vec().expect("parameters are f32");
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}
