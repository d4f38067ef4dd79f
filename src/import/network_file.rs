//! Files of networks. They can come from anywhere, so everything in a file is checked before a network
//! is made of it.
//!
//! Safetensors files are read with the `safetensors` crate itself: burn-store would add a regular
//! expression engine to the browser's download, and its errors are written for programmers.

use ::safetensors::Dtype;
use serde::Serialize;

use super::infer::{self, InferError, Inferred, Layout};
use super::options::{ImportOptions, OptionError};
use super::pytorch::{self, PytorchError};
use super::safetensors;
use super::tensor::NamedTensor;
use crate::network::Card;

/// A network file that cannot be used, in words for the person who chose it.
#[derive(Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "each variant's message explains it")]
pub enum NetworkFileError {
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
    Pytorch(#[from] PytorchError),
    #[error(transparent)]
    Infer(#[from] InferError),
    #[error(transparent)]
    Options(#[from] OptionError),
}

/// The checked contents of a network file: finite tensors that make up a network.
pub struct NetworkFile {
    format: Format,
    pub(crate) tensors: Vec<NamedTensor>,
    pub(crate) inferred: Inferred,
    pub(crate) card: Option<Card>,
}

impl NetworkFile {
    /// Reads and checks the bytes of a safetensors or PyTorch file.
    ///
    /// # Errors
    ///
    /// When the bytes are not such a file, a number in it is not finite, or its tensors do not make up a
    /// network of the family that can be computed here.
    pub fn open(bytes: &[u8]) -> Result<Self, NetworkFileError> {
        let format = Format::of(bytes);
        let (tensors, card) = match format {
            Format::Pytorch => (pytorch::read(bytes)?, None),
            Format::Safetensors => safetensors::read(bytes)?,
        };
        for NamedTensor { name, values, .. } in &tensors {
            if let Some(index) = values.iter().position(|value| !value.is_finite()) {
                return Err(NetworkFileError::NotFinite {
                    name: name.clone(),
                    value: values[index],
                    index,
                });
            }
        }
        let inferred = infer::infer(&tensors)?;
        Ok(Self {
            format,
            tensors,
            inferred,
            card,
        })
    }

    /// The network that was inferred from the tensors.
    pub fn inferred(&self) -> &Inferred {
        &self.inferred
    }

    /// The model card, if the file has one.
    pub fn card(&self) -> Option<&Card> {
        self.card.as_ref()
    }

    /// A summary of the file for the person who chose it.
    pub fn summary(&self) -> Summary {
        let without_bias: Vec<_> = (self.inferred.layers.iter())
            .filter(|it| it.bias.is_none())
            .map(|it| self.tensors[it.weight].name.as_str())
            .collect();
        let note = match without_bias.is_empty() {
            true => String::new(),
            false => format!(", no bias beside {}", without_bias.join(", ")),
        };
        let candidate = |candidate| {
            let options = ImportOptions {
                candidate,
                ..ImportOptions::default()
            };
            let architecture =
                (self.inferred.architecture(&options)).expect("there is this candidate");
            Candidate {
                description: architecture.shape() + &note,
                pooled: architecture
                    .convolutions
                    .iter()
                    .any(|it| it.pooling.is_some()),
            }
        };
        Summary {
            format: self.format,
            layout: self.inferred.layout,
            parameters: self.inferred.parameters,
            candidates: (0..self.inferred.candidates.len()).map(candidate).collect(),
        }
    }
}

/// What a network file holds. Serialized, it is what `inspect` gives to JavaScript.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The format of the file.
    pub format: Format,
    /// The order of the dimensions of the weights.
    pub layout: Layout,
    /// How many parameters the network has.
    pub parameters: usize,
    /// The networks that the file can be read as, the most usual first.
    pub candidates: Vec<Candidate>,
}

/// The format of a network file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Safetensors: a header in JSON, and numbers.
    Safetensors,
    /// What `torch.save` writes.
    Pytorch,
}

impl Format {
    /// The format, told by the first bytes. Whatever is not PyTorch's is taken for safetensors.
    fn of(bytes: &[u8]) -> Self {
        match pytorch::is_pytorch(bytes) {
            true => Self::Pytorch,
            false => Self::Safetensors,
        }
    }
}

/// A network that a file can be read as.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// Its layers, in words.
    pub description: String,
    /// Whether it has pooling, so that the kind of pooling matters.
    pub pooled: bool,
}
