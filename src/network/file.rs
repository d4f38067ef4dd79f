//! Writes the project's own network files: safetensors with PyTorch's names and layout, so that
//! PyTorch's `model.load_state_dict(load_file(path))` takes them as they are, and a [`Card`] in the
//! metadata. They are read like anybody else's, as a `NetworkFile`.

use std::collections::HashMap;

use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::parameters::transposed;
use super::{Card, Parameters};

/// The key of the card in the file's metadata; the value is JSON.
pub(crate) const CARD: &str = "card";

/// The bytes of a file with these parameters and this card.
///
/// # Errors
///
/// When the parameters cannot be serialized.
pub fn write(
    parameters: &Parameters,
    card: &Card,
) -> Result<Vec<u8>, safetensors::SafeTensorError> {
    let mut tensors = Vec::new();
    let names = parameters.architecture.layers();
    for (name, layer) in names.iter().zip(&*parameters.layers) {
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
    // One entry only: the order of several entries in the file would be random.
    let card = serde_json::to_string(card).expect("a card is JSON");
    let metadata = HashMap::from([(CARD.to_owned(), card)]);
    safetensors::serialize(views, Some(metadata))
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|it| it.to_le_bytes()).collect()
}
