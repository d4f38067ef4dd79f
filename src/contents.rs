//! The files of networks, looked through with suspicion: whoever wrote them, all that comes out of
//! here fits together.
//!
//! Safetensors are read with the `safetensors` crate itself: burn-store would bring a regular
//! expression engine into the browser's download, and its errors speak to programmers.

use safetensors::Dtype;
use serde::Serialize;

use crate::card::Card;
use crate::choices::{ChoiceError, Choices};
use crate::named::Named;
use crate::pytorch::{self, PytorchError};
use crate::recognition::{self, Layout, Recognised, RecognitionError};
use crate::tensors;

/// A file that cannot be used, in words for the person who chose it.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum ContentsError {
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
    Recognition(#[from] RecognitionError),
    #[error(transparent)]
    Choice(#[from] ChoiceError),
}

/// The key of the card in the file's metadata; the value is JSON.
pub(crate) const CARD: &str = "card";

/// A file that was looked through: everything in it fits together.
pub struct Contents {
    format: Format,
    pub(crate) tensors: Vec<Named>,
    pub(crate) recognised: Recognised,
    pub(crate) card: Option<Card>,
}

impl Contents {
    /// Looks through the bytes of a file.
    ///
    /// # Errors
    ///
    /// When they are no such file, or its tensors are not those of a network that can be computed
    /// here, complete and finite.
    pub fn open(bytes: &[u8]) -> Result<Self, ContentsError> {
        let format = Format::of(bytes);
        let (tensors, card) = match format {
            Format::Pytorch => (pytorch::read(bytes)?, None),
            Format::Safetensors => read_safetensors(bytes)?,
        };
        for Named { name, values, .. } in &tensors {
            if let Some(index) = values.iter().position(|value| !value.is_finite()) {
                return Err(ContentsError::NotFinite {
                    name: name.clone(),
                    value: values[index],
                    index,
                });
            }
        }
        let recognised = recognition::recognise(&tensors)?;
        Ok(Self {
            format,
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
            format: self.format,
            layout: self.recognised.layout,
            parameters: self.recognised.parameters,
            candidates: (0..self.recognised.candidates.len())
                .map(candidate)
                .collect(),
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

fn read_safetensors(bytes: &[u8]) -> Result<(Vec<Named>, Option<Card>), ContentsError> {
    let (file, metadata) = tensors::open(bytes).map_err(ContentsError::Format)?;
    let card = (metadata.get(CARD))
        .map(|json| serde_json::from_str(json))
        .transpose()
        .map_err(|error| ContentsError::Card(error.to_string()))?;
    let mut tensors = (file.iter())
        .map(|(name, tensor)| {
            if tensor.dtype() != Dtype::F32 && !recognition::is_batch_normalisation(name) {
                return Err(ContentsError::Dtype {
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
        .collect::<Result<Vec<_>, _>>()?;
    // The file has them in the order of their names as texts, where fc10 comes before fc2.
    tensors.sort_by_key(|it| natural(&it.name));
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
