//! Infers the network from the shapes and the order of the tensors in a file. Names decide only where
//! shapes do not.
//!
//! Two things cannot be inferred. More than one padding and pooling of the convolutions may fit the
//! inputs of the dense layers: all that fit are [`Inferred::candidates`]. And what has no parameters,
//! such as the activation function, leaves no trace: it comes from [`ImportOptions`].

use serde::Serialize;

use self::geometry::candidates;
use self::order::{Layer, in_order};
use crate::import::{ImportOptions, NamedTensor, OptionError};
use crate::network::limits::{MAX_LAYERS, MAX_PARAMETERS, MAX_UNITS};
use crate::network::{Architecture, Convolution, Input};

mod geometry;
mod order;

/// The order of the dimensions of weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Dense weights are `[out, in]`, convolutional ones `[out, in, height, width]`. Maps are flattened
    /// as `[channel, height, width]`.
    Pytorch,
    /// Dense weights are `[in, out]`, convolutional ones `[height, width, in, out]`. Maps are flattened
    /// as `[height, width, channel]`. Flax has the same layout.
    Keras,
}

/// The network that was inferred from a file, as far as it can be.
#[derive(Clone, Debug, PartialEq)]
pub struct Inferred {
    /// The layout of all weights.
    pub layout: Layout,
    /// Which tensors each layer has: the convolutions, then the dense layers, first to last.
    pub layers: Vec<Source>,
    /// The ways to pad and pool the convolutions, the most usual first. Without convolutions there is one
    /// candidate, which is empty.
    pub candidates: Vec<Vec<Convolution>>,
    /// The number of units of each dense layer.
    pub dense: Vec<usize>,
    /// How many parameters there are.
    pub parameters: usize,
}

/// The tensors of a layer, as indices into the list of tensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The weight.
    pub weight: usize,
    /// The bias, if the layer has one.
    pub bias: Option<usize>,
}

/// Why no network can be inferred from the tensors, in words for the person who chose the file.
#[derive(Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "each variant's message explains it")]
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
    BatchNormalization(String),
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

/// Infers the network that these tensors are the parameters of. Where the shapes allow several orders
/// of the layers, the layers are taken in the order of the list.
///
/// # Errors
///
/// When they are not the parameters of a network that can be computed here.
pub fn infer(tensors: &[NamedTensor]) -> Result<Inferred, InferError> {
    let parameters = tensors.iter().map(|it| it.values.len()).sum();
    at_most(MAX_PARAMETERS, "parameters", parameters)?;
    let (mut weights, mut vectors) = (Vec::new(), Vec::new());
    for (index, NamedTensor { name, shape, .. }) in tensors.iter().enumerate() {
        if is_batch_normalization(name) {
            return Err(InferError::BatchNormalization(name.clone()));
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
    let biases = match_biases(tensors, &weights, &vectors)?;
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

/// Whether a tensor of this name is a running statistic of a batch normalization.
pub(crate) fn is_batch_normalization(name: &str) -> bool {
    ["running_mean", "running_var", "num_batches_tracked"]
        .iter()
        .any(|it| name.ends_with(it))
}

impl Inferred {
    /// The architecture that the options choose.
    ///
    /// # Errors
    ///
    /// When there is no candidate of this index.
    pub fn architecture(&self, options: &ImportOptions) -> Result<Architecture, OptionError> {
        let mut convolutions =
            (self.candidates.get(options.candidate).cloned()).ok_or(OptionError::Candidate {
                found: options.candidate,
                count: self.candidates.len(),
            })?;
        for pooling in convolutions.iter_mut().filter_map(|it| it.pooling.as_mut()) {
            pooling.kind = options.pooling;
        }
        Ok(Architecture {
            input: Input {
                mean: options.mean,
                std: options.std,
            },
            convolutions,
            dense: self.dense.clone(),
            activation: options.activation,
        })
    }
}

fn at_most(most: usize, of: &'static str, found: usize) -> Result<(), InferError> {
    match found <= most {
        true => Ok(()),
        false => Err(InferError::TooLarge { found, of, most }),
    }
}

/// For every tensor that is a weight, the index of its bias, if it has one. Weights and biases are
/// matched by their names without the last part; if that leaves a bias without a weight, the biases are
/// taken in order, one for each weight.
fn match_biases(
    tensors: &[NamedTensor],
    weights: &[usize],
    vectors: &[usize],
) -> Result<Vec<Option<usize>>, InferError> {
    let mut biases = vec![None; tensors.len()];
    let same_stem = |vector: usize| -> Vec<usize> {
        let stem = stem(&tensors[vector].name);
        (weights.iter().copied())
            .filter(|&weight| stem.is_some() && self::stem(&tensors[weight].name) == stem)
            .collect()
    };
    let mut unmatched = None;
    for &vector in vectors {
        match same_stem(vector)[..] {
            [weight] if biases[weight].is_none() => biases[weight] = Some(vector),
            _ => unmatched = unmatched.or(Some(vector)),
        }
    }
    let Some(unmatched) = unmatched else {
        return Ok(biases);
    };
    if weights.len() != vectors.len() {
        return Err(InferError::Bias(tensors[unmatched].name.clone()));
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
