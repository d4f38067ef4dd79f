//! Networks as files.
//!
//! The project's own are safetensors with PyTorch's names and layout, so that PyTorch's
//! `model.load_state_dict(load_file(path))` takes them as they are, and a [`Card`] in the metadata.
//! A stranger's may have any names, and either layout: see [`crate::recognition`]. Read with the
//! `safetensors` crate itself: burn-store would bring a regular expression engine into the browser's
//! download, and its errors speak to programmers.

use std::collections::HashMap;

use burn::module::Param;
use burn::tensor::{Device, TensorData};
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde::{Deserialize, Serialize};

use crate::architecture::Architecture;
use crate::named::Named;
use crate::network::{Layer, Network, Weight};
use crate::recognition::{
    self, ChoiceError, Choices, Layout, Recognised, RecognitionError, Source,
};
use crate::tensors;

/// What is known of a trained network: the model card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// See `Model::description`.
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
    #[error("The tensor \"{name}\" holds {found}; it must hold F32. Convert with model.float().")]
    Dtype { name: String, found: Dtype },
    #[error(
        "The tensor \"{name}\" holds {value} at position {index}. Every parameter must be a finite number: did the training diverge?"
    )]
    NotFinite {
        name: String,
        value: f32,
        index: usize,
    },
    #[error("The model card in the file's metadata cannot be read ({0}).")]
    Card(String),
    #[error(transparent)]
    Recognition(#[from] RecognitionError),
    #[error(transparent)]
    Choice(#[from] ChoiceError),
}

/// The key of the card in the file's metadata; the value is JSON.
const CARD: &str = "card";

/// A file that was looked through: everything in it fits together.
pub struct Weights {
    tensors: Vec<Named>,
    recognised: Recognised,
    card: Option<Card>,
}

impl Weights {
    /// Looks through the bytes of a file.
    ///
    /// # Errors
    ///
    /// When they are no such file, or its tensors are not those of a network that can be computed
    /// here, complete and finite.
    pub fn open(bytes: &[u8]) -> Result<Self, WeightsError> {
        let (mut tensors, card) = read_safetensors(bytes)?;
        // The file has them in the order of their names as texts, where fc10 comes before fc2.
        tensors.sort_by(|a, b| natural(&a.name).cmp(&natural(&b.name)));
        for Named { name, values, .. } in &tensors {
            if let Some(index) = values.iter().position(|value| !value.is_finite()) {
                return Err(WeightsError::NotFinite {
                    name: name.clone(),
                    value: values[index],
                    index,
                });
            }
        }
        let recognised = recognition::recognise(&tensors)?;
        Ok(Self {
            tensors,
            recognised,
            card,
        })
    }

    /// What it was recognised to hold.
    pub fn recognised(&self) -> &Recognised {
        &self.recognised
    }

    /// What is known of the network, if the file says so.
    pub fn card(&self) -> Option<&Card> {
        self.card.as_ref()
    }

    /// What there is to say of it to a person.
    pub fn findings(&self) -> Findings {
        let without_bias: Vec<_> = (self.recognised.layers.iter())
            .filter(|it| it.bias.is_none())
            .map(|it| self.tensors[it.weight].name.as_str())
            .collect();
        let remark = match without_bias.is_empty() {
            true => String::new(),
            false => format!(", no bias beside {}", without_bias.join(", ")),
        };
        let candidate = |candidate| {
            let choices = Choices {
                candidate,
                ..Choices::default()
            };
            let architecture = (self.recognised.architecture(&choices)).expect("it is one");
            Candidate {
                description: architecture.shape() + &remark,
                pooled: architecture
                    .convolutions
                    .iter()
                    .any(|it| it.pooling.is_some()),
            }
        };
        Findings {
            layout: self.recognised.layout,
            parameters: self.recognised.parameters,
            candidates: (0..self.recognised.candidates.len())
                .map(candidate)
                .collect(),
        }
    }

    /// The network, on `device`.
    ///
    /// # Errors
    ///
    /// When the choices name no candidate.
    pub fn network(&self, choices: &Choices, device: &Device) -> Result<Network, WeightsError> {
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
                    Layout::Pytorch => permuted(values, shape, [1, 0]),
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

/// What a file was found to hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Findings {
    /// The order of the dimensions of its weights.
    pub layout: Layout,
    /// How many numbers were trained.
    pub parameters: usize,
    /// The networks that it can be read as, the most usual first.
    pub candidates: Vec<Candidate>,
}

/// A network that a file can be read as.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// Its layers, in words.
    pub description: String,
    /// Whether it pools maps.
    pub pooled: bool,
}

/// Reads a network onto `device` as the lab would mean it, and its card if the file has one.
///
/// # Errors
///
/// When the file cannot be used: see [`Weights::open`].
pub fn read(bytes: &[u8], device: &Device) -> Result<(Network, Option<Card>), WeightsError> {
    let weights = Weights::open(bytes)?;
    let network = weights.network(&Choices::default(), device)?;
    Ok((network, weights.card))
}

fn read_safetensors(bytes: &[u8]) -> Result<(Vec<Named>, Option<Card>), WeightsError> {
    let (file, metadata) = tensors::open(bytes).map_err(WeightsError::Format)?;
    let card = (metadata.get(CARD))
        .map(|json| serde_json::from_str(json))
        .transpose()
        .map_err(|error| WeightsError::Card(error.to_string()))?;
    let tensors = (file.iter())
        .map(|(name, tensor)| {
            if tensor.dtype() != Dtype::F32 && !recognition::is_batch_normalisation(name) {
                return Err(WeightsError::Dtype {
                    name: name.to_owned(),
                    found: tensor.dtype(),
                });
            }
            Ok(Named {
                name: name.to_owned(),
                shape: tensor.shape().to_vec(),
                values: tensors::floats(tensor.data()),
            })
        })
        .collect::<Result<_, _>>()?;
    Ok((tensors, card))
}

/// What a name is compared by, so that fc2 comes before fc10: its runs of digits count as numbers.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let digits = rest
            .find(|it: char| it.is_ascii_digit())
            .unwrap_or(rest.len());
        let (text, after) = rest.split_at(digits);
        let end = after
            .find(|it: char| !it.is_ascii_digit())
            .unwrap_or(after.len());
        let (number, after) = after.split_at(end);
        parts.push((text.to_owned(), number.parse().unwrap_or(u64::MAX)));
        rest = after;
    }
    parts
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
