//! Which network a file holds: told from the shapes of its tensors and from their order, whatever
//! their names are.
//!
//! What shapes cannot tell is left open: how the convolutions are padded and pooled, if there is
//! more than one way to come to the numbers that the dense layers take ([`Inferred::candidates`]),
//! and what has no parameters at all ([`ImportOptions`]).

use serde::Serialize;

use self::geometry::candidates;
use self::order::{Layer, in_order};
use crate::import::options::{ImportOptions, OptionError};
use crate::import::tensor::NamedTensor;
use crate::network::architecture::{Architecture, Convolution, Input};

mod geometry;
mod order;

/// The most layers of a network.
pub const MAX_LAYERS: usize = 16;
/// The most units, or filters, of a layer.
pub const MAX_UNITS: usize = 4096;
/// The most parameters of a network.
pub const MAX_PARAMETERS: usize = 4 << 20;
/// The most multiplications for an image.
pub const MAX_PRODUCTS: usize = 64 << 20;

/// In which order the dimensions of weights stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Dense `[out, in]`, convolutions `[out, in, height, width]`; maps are flattened one after the
    /// other.
    Pytorch,
    /// Dense `[in, out]`, convolutions `[height, width, in, out]`; maps are flattened pixel by pixel.
    /// Flax has the same.
    Keras,
}

/// What a file was inferred to hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Inferred {
    /// Of all its weights.
    pub layout: Layout,
    /// Where in the file the layers are, from the image inwards: convolutions, then dense ones.
    pub layers: Vec<Source>,
    /// The ways to read the convolutions, the most usual first: one, and an empty one, where there
    /// are none.
    pub candidates: Vec<Vec<Convolution>>,
    /// The units of the dense layers.
    pub dense: Vec<usize>,
    /// How many numbers were trained.
    pub parameters: usize,
}

/// Where in a list of tensors a layer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The weight's place.
    pub weight: usize,
    /// The bias's, if the layer has one.
    pub bias: Option<usize>,
}

/// Tensors that are no network of this family, in words for the person who chose the file.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum InferError {
    #[error("The file holds no dense layer: a classifier of digits ends in one, with 10 outputs.")]
    NoDense,
    #[error(
        "The tensor \"{name}\" has the shape {shape:?}. The weights of dense layers have two dimensions, those of convolutions four, and biases one."
    )]
    Rank { name: String, shape: Vec<usize> },
    #[error(
        "The tensor \"{0}\" belongs to a batch normalization, which cannot be computed here. Fold it into the layer before it, with torch.nn.utils.fusion.fuse_conv_bn_eval or fuse_linear_bn_eval, or train without it."
    )]
    BatchNormalisation(String),
    #[error("The layers do not lead from 784 inputs (28 × 28 pixels) to 10 outputs: {0}.")]
    Chain(String),
    #[error(
        "The order of the layers cannot be told from their shapes: {0}. Name them so that they sort as they follow one another: fc1, fc2, fc3."
    )]
    Order(String),
    #[error(
        "The tensor \"{0}\" looks like a bias, but it is not clear of which layer. Name it like its weight: fc1.bias for fc1.weight."
    )]
    Bias(String),
    #[error("The bias \"{bias}\" is of size {found}; its layer \"{weight}\" needs {expected}.")]
    BiasSize {
        bias: String,
        weight: String,
        found: usize,
        expected: usize,
    },
    #[error(
        "The dense layer \"{name}\" takes {inputs} numbers. No padding and pooling of the convolutions before it gives so many, of 28 × 28 pixels: tried were none, all or the first padded to keep their size, and pooling by 2 or 3."
    )]
    Geometry { name: String, inputs: usize },
    #[error("The network has {found} {of}. There may be at most {most}.")]
    TooLarge {
        found: usize,
        of: &'static str,
        most: usize,
    },
}

/// Recognises the network that these tensors are the parameters of. Where shapes leave a choice,
/// layers follow one another in the order of the list.
///
/// # Errors
///
/// When they are not one that can be computed here.
pub fn infer(tensors: &[NamedTensor]) -> Result<Inferred, InferError> {
    let parameters = tensors.iter().map(|it| it.values.len()).sum();
    at_most(MAX_PARAMETERS, "parameters", parameters)?;
    let (mut weights, mut vectors) = (Vec::new(), Vec::new());
    for (index, NamedTensor { name, shape, .. }) in tensors.iter().enumerate() {
        if is_batch_normalization(name) {
            return Err(InferError::BatchNormalisation(name.clone()));
        }
        match (shape.len(), shape.contains(&0)) {
            (2 | 4, false) => weights.push(index),
            (1, false) => vectors.push(index),
            _ => {
                return Err(InferError::Rank {
                    name: name.clone(),
                    shape: shape.clone(),
                });
            }
        }
    }
    at_most(MAX_LAYERS, "layers", weights.len())?;

    let (layout, layers) = in_order(tensors, &weights)?;
    for it in &layers {
        at_most(MAX_UNITS, "units in a layer", it.outputs)?;
    }
    let biases = paired(tensors, &weights, &vectors)?;
    for it in &layers {
        check_bias(tensors, it, biases[it.index])?;
    }
    let (convolutions, dense): (Vec<&Layer>, Vec<&Layer>) =
        layers.iter().partition(|it| it.kernel.is_some());
    Ok(Inferred {
        layout,
        candidates: candidates(tensors, &convolutions, &dense)?,
        layers: (layers.iter())
            .map(|it| Source {
                weight: it.index,
                bias: biases[it.index],
            })
            .collect(),
        dense: dense.iter().map(|it| it.outputs).collect(),
        parameters,
    })
}

/// Whether a tensor of this name is no parameter, but what a batch normalization counted.
pub(crate) fn is_batch_normalization(name: &str) -> bool {
    ["running_mean", "running_var", "num_batches_tracked"]
        .iter()
        .any(|it| name.ends_with(it))
}

impl Inferred {
    /// The architecture, once everything is chosen.
    ///
    /// # Errors
    ///
    /// When there is no such candidate.
    pub fn architecture(&self, choices: &ImportOptions) -> Result<Architecture, OptionError> {
        let mut convolutions =
            (self.candidates.get(choices.candidate).cloned()).ok_or(OptionError::Candidate {
                found: choices.candidate,
                count: self.candidates.len(),
            })?;
        for pooling in convolutions.iter_mut().filter_map(|it| it.pooling.as_mut()) {
            pooling.kind = choices.pooling;
        }
        Ok(Architecture {
            input: Input {
                mean: choices.mean,
                std: choices.std,
            },
            convolutions,
            dense: self.dense.clone(),
            activation: choices.activation,
        })
    }
}

fn at_most(most: usize, of: &'static str, found: usize) -> Result<(), InferError> {
    match found <= most {
        true => Ok(()),
        false => Err(InferError::TooLarge { found, of, most }),
    }
}

/// For every tensor that is a weight the place of its bias, if it has one: that of the same name but
/// for the last part, or else the biases one by one.
fn paired(
    tensors: &[NamedTensor],
    weights: &[usize],
    vectors: &[usize],
) -> Result<Vec<Option<usize>>, InferError> {
    let mut biases = vec![None; tensors.len()];
    let partners = |vector: usize| -> Vec<usize> {
        let stem = stem(&tensors[vector].name);
        (weights.iter().copied())
            .filter(|&weight| stem.is_some() && self::stem(&tensors[weight].name) == stem)
            .collect()
    };
    let mut stray = None;
    for &vector in vectors {
        match partners(vector)[..] {
            [weight] if biases[weight].is_none() => biases[weight] = Some(vector),
            _ => stray = stray.or(Some(vector)),
        }
    }
    let Some(stray) = stray else {
        return Ok(biases);
    };
    if weights.len() != vectors.len() {
        return Err(InferError::Bias(tensors[stray].name.clone()));
    }
    biases.fill(None);
    for (&weight, &vector) in weights.iter().zip(vectors) {
        biases[weight] = Some(vector);
    }
    Ok(biases)
}

/// A parameter's name without its last part: `fc1` of `fc1.weight` and of `fc1/kernel:0`.
fn stem(name: &str) -> Option<&str> {
    let name = name.strip_suffix(":0").unwrap_or(name);
    let end = name.rfind(['.', '/']).or_else(|| name.rfind('_'))?;
    Some(&name[..end])
}

fn check_bias(
    tensors: &[NamedTensor],
    layer: &Layer,
    bias: Option<usize>,
) -> Result<(), InferError> {
    match bias.map(|it| &tensors[it]) {
        Some(bias) if bias.shape != [layer.outputs] => Err(InferError::BiasSize {
            bias: bias.name.clone(),
            weight: tensors[layer.index].name.clone(),
            found: bias.values.len(),
            expected: layer.outputs,
        }),
        _ => Ok(()),
    }
}
