//! The files of networks, looked through with suspicion: whoever wrote them, all that comes out of
//! here fits together.
//!
//! Safetensors are read with the `safetensors` crate itself: burn-store would bring a regular
//! expression engine into the browser's download, and its errors speak to programmers.

use ::safetensors::Dtype;
use serde::Serialize;

use super::safetensors;
use crate::import::infer::{self, InferError, Inferred, Layout};
use crate::import::options::{ImportOptions, OptionError};
use crate::import::pytorch::{self, PytorchError};
use crate::import::tensor::NamedTensor;
use crate::network::card::Card;

/// A file that cannot be used, in words for the person who chose it.
#[derive(Debug, PartialEq, thiserror::Error)]
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
    Recognition(#[from] InferError),
    #[error(transparent)]
    Choice(#[from] OptionError),
}

/// A file that was looked through: everything in it fits together.
pub struct NetworkFile {
    format: Format,
    pub(crate) tensors: Vec<NamedTensor>,
    pub(crate) inferred: Inferred,
    pub(crate) card: Option<Card>,
}

impl NetworkFile {
    /// Looks through the bytes of a file.
    ///
    /// # Errors
    ///
    /// When they are no such file, or its tensors are not those of a network that can be computed
    /// here, complete and finite.
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

    /// What it was inferred to hold.
    pub fn inferred(&self) -> &Inferred {
        &self.inferred
    }

    /// What is known of the network, if the file says so.
    pub fn card(&self) -> Option<&Card> {
        self.card.as_ref()
    }

    /// What there is to say of it to a person.
    pub fn findings(&self) -> Findings {
        let without_bias: Vec<_> = (self.inferred.layers.iter())
            .filter(|it| it.bias.is_none())
            .map(|it| self.tensors[it.weight].name.as_str())
            .collect();
        let remark = match without_bias.is_empty() {
            true => String::new(),
            false => format!(", no bias beside {}", without_bias.join(", ")),
        };
        let candidate = |candidate| {
            let choices = ImportOptions {
                candidate,
                ..ImportOptions::default()
            };
            let architecture = (self.inferred.architecture(&choices)).expect("it is one");
            Candidate {
                description: architecture.shape() + &remark,
                pooled: architecture
                    .convolutions
                    .iter()
                    .any(|it| it.pooling.is_some()),
            }
        };
        Findings {
            format: self.format,
            layout: self.inferred.layout,
            parameters: self.inferred.parameters,
            candidates: (0..self.inferred.candidates.len()).map(candidate).collect(),
        }
    }
}

/// What a file was found to hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Findings {
    /// Who wrote it.
    pub format: Format,
    /// The order of the dimensions of its weights.
    pub layout: Layout,
    /// How many numbers were trained.
    pub parameters: usize,
    /// The networks that it can be read as, the most usual first.
    pub candidates: Vec<Candidate>,
}

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A header in JSON, and numbers.
    Safetensors,
    /// What `torch.save` writes.
    Pytorch,
}

impl Format {
    /// By how the file begins; what is neither is taken for safetensors.
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
    /// Whether it pools maps.
    pub pooled: bool,
}
