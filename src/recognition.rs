//! Which network a file holds: told from the shapes of its tensors and from their order, whatever
//! their names are.
//!
//! What shapes cannot tell is left open: how the convolutions are padded and pooled, if there is
//! more than one way to come to the numbers that the dense layers take ([`Recognised::candidates`]),
//! and what has no parameters at all ([`Choices`]).

use serde::{Deserialize, Serialize};

use crate::architecture::{
    Architecture, Convolution, DIGITS, Input, Nonlinearity, PIXELS, Pooling, PoolingKind, SIDE,
};
use crate::named::Named;

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

/// What a file was recognised to hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognised {
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

/// What a file does not say of its network. The default is the lab's.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    /// Between the layers.
    pub activation: Nonlinearity,
    /// Where maps are pooled.
    pub pooling: PoolingKind,
    /// Which of [`Recognised::candidates`].
    pub candidate: usize,
    /// What was subtracted from pixels in [0, 1], −100 to 100.
    pub mean: f64,
    /// What they were then divided by, 0.001 to 100.
    pub deviation: f64,
}

impl Default for Choices {
    fn default() -> Self {
        let Input { mean, deviation } = Input::default();
        Self {
            activation: Nonlinearity::default(),
            pooling: PoolingKind::default(),
            candidate: 0,
            mean,
            deviation,
        }
    }
}

impl Choices {
    /// From JSON; what is left out is the lab's.
    ///
    /// # Errors
    ///
    /// When it is something else, or a number is out of its range.
    pub fn from_json(json: &str) -> Result<Self, ChoiceError> {
        let it: Self =
            serde_json::from_str(json).map_err(|error| ChoiceError::Json(error.to_string()))?;
        if !(-100.0..=100.0).contains(&it.mean) {
            return Err(ChoiceError::Mean(it.mean));
        }
        if !(0.001..=100.0).contains(&it.deviation) {
            return Err(ChoiceError::Deviation(it.deviation));
        }
        Ok(it)
    }
}

/// A choice that cannot be used, in words for the person who made it.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum ChoiceError {
    #[error("The choices for the network cannot be read ({0}).")]
    Json(String),
    #[error(
        "The mean of the input is {0}. It must lie between -100 and 100; for pixels from 0 to 1 it is 0."
    )]
    Mean(f64),
    #[error(
        "The deviation of the input is {0}. It must lie between 0.001 and 100; for pixels from 0 to 1 it is 1."
    )]
    Deviation(f64),
    #[error("The reading {found} of the network was chosen. There are {count}, counted from 0.")]
    Candidate { found: usize, count: usize },
}

/// Tensors that are no network of this family, in words for the person who chose the file.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum RecognitionError {
    #[error("The file holds no dense layer: a classifier of digits ends in one, with 10 outputs.")]
    NoDense,
    #[error(
        "The tensor \"{name}\" has the shape {shape:?}. The weights of dense layers have two dimensions, those of convolutions four, and biases one."
    )]
    Rank { name: String, shape: Vec<usize> },
    #[error(
        "The tensor \"{0}\" belongs to a batch normalisation, which cannot be computed here. Fold it into the layer before it, with torch.nn.utils.fusion.fuse_conv_bn_eval or fuse_linear_bn_eval, or train without it."
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
pub fn recognise(tensors: &[Named]) -> Result<Recognised, RecognitionError> {
    let parameters = tensors.iter().map(|it| it.values.len()).sum();
    at_most(MAX_PARAMETERS, "parameters", parameters)?;
    let (mut weights, mut vectors) = (Vec::new(), Vec::new());
    for (index, Named { name, shape, .. }) in tensors.iter().enumerate() {
        if is_batch_normalisation(name) {
            return Err(RecognitionError::BatchNormalisation(name.clone()));
        }
        match (shape.len(), shape.contains(&0)) {
            (2 | 4, false) => weights.push(index),
            (1, false) => vectors.push(index),
            _ => {
                return Err(RecognitionError::Rank {
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
    Ok(Recognised {
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

/// Whether a tensor of this name is no parameter, but what a batch normalisation counted.
pub(crate) fn is_batch_normalisation(name: &str) -> bool {
    ["running_mean", "running_var", "num_batches_tracked"]
        .iter()
        .any(|it| name.ends_with(it))
}

impl Recognised {
    /// The architecture, once everything is chosen.
    ///
    /// # Errors
    ///
    /// When there is no such candidate.
    pub fn architecture(&self, choices: &Choices) -> Result<Architecture, ChoiceError> {
        let mut convolutions =
            (self.candidates.get(choices.candidate).cloned()).ok_or(ChoiceError::Candidate {
                found: choices.candidate,
                count: self.candidates.len(),
            })?;
        for pooling in convolutions.iter_mut().filter_map(|it| it.pooling.as_mut()) {
            pooling.kind = choices.pooling;
        }
        Ok(Architecture {
            input: Input {
                mean: choices.mean,
                deviation: choices.deviation,
            },
            convolutions,
            dense: self.dense.clone(),
            nonlinearity: choices.activation,
        })
    }
}

fn at_most(most: usize, of: &'static str, found: usize) -> Result<(), RecognitionError> {
    match found <= most {
        true => Ok(()),
        false => Err(RecognitionError::TooLarge { found, of, most }),
    }
}

/// A weight, once it is known in which order its dimensions stand.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Layer {
    /// Its place in the file.
    index: usize,
    inputs: usize,
    outputs: usize,
    /// Height and width, of a convolution.
    kernel: Option<[usize; 2]>,
}

impl Layer {
    fn of(index: usize, shape: &[usize], layout: Layout) -> Self {
        let (outputs, inputs, kernel) = match (layout, shape) {
            (Layout::Pytorch, &[outputs, inputs, height, width])
            | (Layout::Keras, &[height, width, inputs, outputs]) => {
                (outputs, inputs, Some([height, width]))
            }
            (Layout::Pytorch, &[outputs, inputs]) | (Layout::Keras, &[inputs, outputs]) => {
                (outputs, inputs, None)
            }
            _ => unreachable!("a weight has two dimensions or four"),
        };
        Self {
            index,
            inputs,
            outputs,
            kernel,
        }
    }
}

/// The layers as they follow one another, and their layout. Only one layout can lead from 784
/// inputs to 10 outputs: read the other way round, the same weights lead from 10 to 784.
fn in_order(
    tensors: &[Named],
    weights: &[usize],
) -> Result<(Layout, Vec<Layer>), RecognitionError> {
    let listed = || {
        (weights.iter())
            .map(|&index| format!("{} {:?}", tensors[index].name, tensors[index].shape))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if !weights.iter().any(|&index| tensors[index].shape.len() == 2) {
        return Err(RecognitionError::NoDense);
    }
    for layout in [Layout::Pytorch, Layout::Keras] {
        let (kernels, matrices): (Vec<_>, Vec<_>) = (weights.iter())
            .map(|&index| Layer::of(index, &tensors[index].shape, layout))
            .partition(|it| it.kernel.is_some());
        let first = chain(&kernels, |inputs| inputs == 1, |_| true);
        let mut layers = match first {
            Chain::One(layers) => layers,
            Chain::None => continue,
            Chain::Several => return Err(RecognitionError::Order(listed())),
        };
        let second = match layers.last() {
            None => chain(&matrices, |it| it == PIXELS, |it| it == DIGITS),
            Some(last) => chain(
                &matrices,
                |it| it.is_multiple_of(last.outputs),
                |it| it == DIGITS,
            ),
        };
        match second {
            Chain::One(dense) => {
                layers.extend(dense);
                return Ok((layout, layers));
            }
            Chain::None => continue,
            Chain::Several => return Err(RecognitionError::Order(listed())),
        }
    }
    Err(RecognitionError::Chain(listed()))
}

/// In how many orders layers can follow one another.
enum Chain {
    None,
    One(Vec<Layer>),
    Several,
}

/// How many beginnings of chains are looked at. Enough for any network whose layers are named in
/// another order than they follow one another; a file that needs more was made to need more.
const MOST_TRIALS: usize = 10_000;

/// The order in which all of these layers follow one another: that of the list if it will do,
/// else the only one.
fn chain(layers: &[Layer], begins: impl Fn(usize) -> bool, ends: impl Fn(usize) -> bool) -> Chain {
    let follow = |layers: &[Layer]| {
        layers.first().is_none_or(|it| begins(it.inputs))
            && layers.windows(2).all(|it| it[0].outputs == it[1].inputs)
            && layers.last().is_none_or(|it| ends(it.outputs))
    };
    if follow(layers) {
        return Chain::One(layers.to_vec());
    }
    let mut found: Option<Vec<Layer>> = None;
    let mut trials = 0;
    // Beginnings of chains that are still to be continued, the latest first.
    let mut open: Vec<Vec<Layer>> = vec![Vec::new()];
    while let Some(beginning) = open.pop() {
        trials += 1;
        if trials > MOST_TRIALS {
            return Chain::Several;
        }
        if beginning.len() == layers.len() {
            if follow(&beginning) && found.replace(beginning).is_some() {
                return Chain::Several;
            }
            continue;
        }
        for it in layers {
            let fits = match beginning.last() {
                Some(last) => last.outputs == it.inputs,
                None => begins(it.inputs),
            };
            if fits && !beginning.contains(it) {
                open.push([&beginning[..], &[*it]].concat());
            }
        }
    }
    found.map_or(Chain::None, Chain::One)
}

/// For every tensor that is a weight the place of its bias, if it has one: that of the same name but
/// for the last part, or else the biases one by one.
fn paired(
    tensors: &[Named],
    weights: &[usize],
    vectors: &[usize],
) -> Result<Vec<Option<usize>>, RecognitionError> {
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
        return Err(RecognitionError::Bias(tensors[stray].name.clone()));
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
    tensors: &[Named],
    layer: &Layer,
    bias: Option<usize>,
) -> Result<(), RecognitionError> {
    match bias.map(|it| &tensors[it]) {
        Some(bias) if bias.shape != [layer.outputs] => Err(RecognitionError::BiasSize {
            bias: bias.name.clone(),
            weight: tensors[layer.index].name.clone(),
            found: bias.values.len(),
            expected: layer.outputs,
        }),
        _ => Ok(()),
    }
}

/// The ways to pad and pool these convolutions that give the dense layers what they take.
fn candidates(
    tensors: &[Named],
    convolutions: &[&Layer],
    dense: &[&Layer],
) -> Result<Vec<Vec<Convolution>>, RecognitionError> {
    let first = dense.first().ok_or(RecognitionError::NoDense)?;
    let mut found: Vec<Vec<Convolution>> = Vec::new();
    for pooling in poolings(convolutions.len()) {
        for padded in paddings(convolutions) {
            let candidate: Vec<_> = (convolutions.iter().zip(&padded).zip(&pooling))
                .map(|((layer, &padded), &size)| Convolution {
                    filters: layer.outputs,
                    kernel: layer.kernel.expect("it is a convolution"),
                    padded,
                    pooling: size.map(|size| Pooling {
                        kind: PoolingKind::default(),
                        size,
                    }),
                })
                .collect();
            let architecture = Architecture {
                convolutions: candidate.clone(),
                ..Architecture::mlp()
            };
            if architecture.features() == Some(first.inputs) && !found.contains(&candidate) {
                found.push(candidate);
            }
        }
    }
    if found.is_empty() {
        return Err(RecognitionError::Geometry {
            name: tensors[first.index].name.clone(),
            inputs: first.inputs,
        });
    }
    let fewest = (found.iter().map(|it| products(it, dense)).min()).unwrap_or_default();
    at_most(MAX_PRODUCTS, "multiplications for an image", fewest)?;
    found.retain(|it| products(it, dense) <= MAX_PRODUCTS);
    Ok(found)
}

/// What each of `count` convolutions is pooled by: all by 2, then only some of them, then all by 3.
fn poolings(count: usize) -> Vec<Vec<Option<usize>>> {
    // More would be too many ways, and leave nothing of 28 pixels.
    let free = count.min(6);
    let mut some: Vec<Vec<Option<usize>>> = (0..1u32 << free)
        .map(|pattern| {
            let pooled = |index: usize| index < free && pattern & (1 << index) != 0;
            (0..count).map(|index| pooled(index).then_some(2)).collect()
        })
        .collect();
    some.sort_by_key(|it| it.iter().filter(|it| it.is_none()).count());
    some.push(vec![Some(3); count]);
    some
}

/// Which convolutions are padded: none, all, the first.
fn paddings(convolutions: &[&Layer]) -> Vec<Vec<bool>> {
    let odd = |it: &&Layer| it.kernel.is_some_and(|it| it.iter().all(|it| it % 2 == 1));
    let count = convolutions.len();
    let mut ways = vec![vec![false; count]];
    if convolutions.iter().all(odd) {
        ways.push(vec![true; count]);
    }
    if convolutions.first().is_some_and(odd) {
        ways.push((0..count).map(|index| index == 0).collect());
    }
    ways
}

/// Multiplications for an image.
fn products(convolutions: &[Convolution], dense: &[&Layer]) -> usize {
    // In WebAssembly they may be more than a usize counts.
    let (mut size, mut inputs, mut total) = ([SIDE; 2], 1, 0usize);
    for it in convolutions {
        let unpooled = Convolution {
            pooling: None,
            ..*it
        };
        let area = |it: Option<[usize; 2]>| it.map_or(0, |[height, width]| height * width);
        let each = inputs * it.filters * it.kernel[0] * it.kernel[1];
        total = total.saturating_add(each.saturating_mul(area(unpooled.output(size))));
        size = it.output(size).unwrap_or_default();
        inputs = it.filters;
    }
    total.saturating_add(dense.iter().map(|it| it.inputs * it.outputs).sum())
}
