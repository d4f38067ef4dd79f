//! Safetensors files of networks.

use ::safetensors::Dtype;

use super::infer;
use super::network_file::NetworkFileError;
use super::tensor::NamedTensor;
use crate::network::Card;
use crate::network::file::CARD;
use crate::network::safetensors::{floats, open};

/// The tensors of a file, in the natural order of their names, and its model card, if it has one.
pub(super) fn read(bytes: &[u8]) -> Result<(Vec<NamedTensor>, Option<Card>), NetworkFileError> {
    let (file, metadata) = open(bytes).map_err(NetworkFileError::Format)?;
    let card = (metadata.get(CARD))
        .map(|json| serde_json::from_str(json))
        .transpose()
        .map_err(|error| NetworkFileError::Card(error.to_string()))?;
    let mut tensors = (file.iter())
        .map(|(name, tensor)| {
            if tensor.dtype() != Dtype::F32 && !infer::is_batch_normalization(name) {
                return Err(NetworkFileError::Dtype {
                    name: name.to_owned(),
                    found: tensor.dtype(),
                });
            }
            Ok(NamedTensor {
                name: name.to_owned(),
                shape: tensor.shape().to_vec(),
                values: floats(tensor.data()),
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    // The file sorts the names as texts, where fc10 comes before fc2.
    tensors.sort_by_key(|it| natural(&it.name));
    Ok((tensors, card))
}

/// The sort key of a name. Runs of digits compare as numbers, so that fc2 comes before fc10.
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
