//! What a fused iteration computes, as a list of plain steps over one flat workspace a row.
//!
//! [`Maximizer`] builds a graph of Burn's operations and asks Burn's autodiff for the gradient: that
//! reads well and does everything. A plan holds the same iteration with the gradient worked out by
//! hand, in a form that a single kernel (`wgsl`) or a single loop (`host`) can run
//! any number of times without going back to Burn.
//!
//! There is a plan for every objective and every network without GELU. GELU's derivative cannot be
//! computed from the activated value, which is all that is kept for the backward pass; and GELU is not
//! monotonic, so max pooling cannot come before it. Which settings are covered differs between the
//! executors: see [`Executor::covers`](super::Executor::covers).
//!
//! # The workspace
//!
//! Every layer's values lie behind one another, and in the backward pass each layer's gradient takes
//! the place of its values: the parameters are frozen, so nothing is needed of the values any more
//! but the derivative of the activation, which can be told from the very number that is replaced.
//!
//! [`Maximizer`]: crate::reference::Maximizer

use crate::network::{ActivationFunction, Architecture, DIGITS, Input, PIXELS, PoolingKind, SIDE};
use crate::task::Objective;
use crate::task::Parameterization;

/// The iteration of a network, for an objective and a parameterization.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// From what the network is shown to the logits.
    pub layers: Vec<Layer>,
    /// Behind every layer that is `activated`.
    pub activation: ActivationFunction,
    /// What is done to pixels before the first layer.
    pub input: Input,
    /// What images are made of.
    pub parameterization: ParameterizationPlan,
    /// What is asked of the network.
    pub objective: ObjectivePlan,
    /// Floats of the workspace of a row. The first 784 are what the network is shown.
    pub workspace: usize,
    /// Where the logits lie in it.
    pub logits: usize,
    /// Floats of the network's constants, which kernels read.
    pub constants: usize,
}

/// A step from one place of the workspace to another. Places are counted in floats from the start
/// of a row's workspace, `weight`, `back` and `bias` from the start of the constants, which a network
/// has the same for every objective and form; all are multiples of four.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// y = activate(xW + b).
    Dense(Dense),
    /// Maps of filters, the activation, and the largest value of every square.
    Convolution(Convolution),
    /// The mean of every square.
    Average(Average),
}

/// A dense layer. Its matrix is there twice, so that both passes read it along its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    pub inputs: usize,
    pub units: usize,
    /// `[padded(inputs), padded(units)]`, zeros where padded.
    pub weight: usize,
    /// Its transpose, `[padded(units), padded(inputs)]`.
    pub back: usize,
    /// `[padded(units)]`.
    pub bias: usize,
    pub from: usize,
    pub to: usize,
    /// Whether the activation follows.
    pub activated: bool,
    /// Whether the activation stood before `from`, so that the gradient there has its derivative.
    pub from_activated: bool,
}

/// A convolution of stride 1, the activation, and max pooling where `pool` is more than 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Convolution {
    pub channels: usize,
    pub filters: usize,
    pub kernel: [usize; 2],
    /// Zeros around the maps, above and to the left.
    pub padding: [usize; 2],
    /// Height and width of what comes in.
    pub size: [usize; 2],
    /// Height and width of what comes out.
    pub pooled: [usize; 2],
    /// Side of the squares of which the largest value stays.
    pub pool: usize,
    /// `[filters, channels, height, width]`, PyTorch's and Burn's order.
    pub weight: usize,
    /// `[filters]`.
    pub bias: usize,
    pub from: usize,
    pub to: usize,
    /// Where the place of the largest value within its square is kept, `row * pool + column`, if
    /// there is pooling.
    pub argmax: usize,
    /// As [`Dense::from_activated`].
    pub from_activated: bool,
}

/// Average pooling.
#[derive(Clone, Debug, PartialEq)]
pub struct Average {
    pub maps: usize,
    /// Height and width of what comes in.
    pub size: [usize; 2],
    /// Height and width of what comes out.
    pub pooled: [usize; 2],
    /// Side of the squares.
    pub pool: usize,
    pub from: usize,
    pub to: usize,
}

/// What images are made of: [`Parameterization`], with places in the constants or, of principal components, in
/// constants of their own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParameterizationPlan {
    Pixels,
    Sigmoid,
    /// The waves, `[28, 28]`, and the amplitudes' scale, `[784]`.
    Fourier {
        waves: usize,
        scale: usize,
    },
    /// The image is a dense layer of the parameters.
    Pca(Pca),
}

/// The principal components.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pca {
    pub rank: usize,
    /// `[padded(rank), 784]`.
    pub axes: usize,
    /// `[784, padded(rank)]`.
    pub back: usize,
    /// `[784]`.
    pub mean: usize,
    /// Floats of these three.
    pub constants: usize,
    /// Where the parameters, and their gradient, lie in the workspace.
    pub parameters: usize,
}

/// [`Objective`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectivePlan {
    Logits(LogitsObjective),
    HiddenUnit(HiddenUnit),
}

/// What is asked of the logits. The digit is the row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogitsObjective {
    TargetProbability,
    LogProbability,
    Logit,
    LogitDifference { other: usize },
}

/// What is asked of a layer. The unit is the row's. What it says before its activation, and what a
/// filter says on average over its map, is a linear function of what the layer reads, so its gradient
/// there is always the same: see [`Linear`](super::hidden_unit::Linear).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HiddenUnit {
    /// Layers below, which the gradient goes through.
    pub below: usize,
    /// How many numbers the layer reads.
    pub inputs: usize,
    /// Where what the layer reads lies.
    pub from: usize,
    /// As [`Dense::from_activated`].
    pub from_activated: bool,
}

/// Rounds up to whole groups of four, which is how numbers are loaded.
pub fn padded(count: usize) -> usize {
    count.next_multiple_of(4)
}

impl Plan {
    /// The plan of an iteration, if there is one.
    pub fn new(
        architecture: &Architecture,
        objective: &Objective,
        parameterization: &Parameterization,
    ) -> Option<Self> {
        if architecture.activation == ActivationFunction::Gelu {
            return None;
        }
        let mut workspace = Room(PIXELS);
        let mut constants = Room(0);
        let layers = layers(architecture, &mut workspace, &mut constants)?;
        let waves = constants.take(SIDE * SIDE);
        let scale = constants.take(PIXELS);
        let objective = match objective {
            Objective::TargetProbability => {
                ObjectivePlan::Logits(LogitsObjective::TargetProbability)
            }
            Objective::LogProbability => ObjectivePlan::Logits(LogitsObjective::LogProbability),
            Objective::Logit => ObjectivePlan::Logits(LogitsObjective::Logit),
            Objective::LogitDifference { other } => {
                ObjectivePlan::Logits(LogitsObjective::LogitDifference {
                    other: usize::from(*other),
                })
            }
            Objective::Neuron { .. } | Objective::Channel { .. } => {
                let hidden = objective.layer_index(architecture)?;
                ObjectivePlan::HiddenUnit(HiddenUnit::new(&layers, hidden))
            }
        };
        let parameterization = match parameterization {
            Parameterization::Pixels => ParameterizationPlan::Pixels,
            Parameterization::Sigmoid => ParameterizationPlan::Sigmoid,
            Parameterization::Fourier => ParameterizationPlan::Fourier { waves, scale },
            Parameterization::Pca(prior) => {
                ParameterizationPlan::Pca(Pca::new(prior.rank(), &mut workspace))
            }
        };
        let logits = layers.last()?.to();
        Some(Self {
            layers,
            activation: architecture.activation,
            input: architecture.input,
            parameterization,
            objective,
            workspace: workspace.0,
            logits,
            constants: constants.0,
        })
    }

    /// Parameters of an image.
    pub fn parameters(&self) -> usize {
        match self.parameterization {
            ParameterizationPlan::Pca(prior) => prior.rank,
            _ => PIXELS,
        }
    }
}

impl Pca {
    fn new(rank: usize, workspace: &mut Room) -> Self {
        let mut constants = Room(0);
        Self {
            rank,
            axes: constants.take(padded(rank) * PIXELS),
            back: constants.take(PIXELS * padded(rank)),
            mean: constants.take(PIXELS),
            constants: constants.0,
            parameters: workspace.take(rank),
        }
    }
}

impl HiddenUnit {
    /// Of the hidden layer that is the `hidden`th of them.
    fn new(layers: &[Layer], hidden: usize) -> Self {
        let with_weights = |(_, it): &(usize, &Layer)| !matches!(it, Layer::Average(_));
        let mut layers = layers.iter().enumerate().filter(with_weights);
        let (below, layer) = layers.nth(hidden).expect("the network has this layer");
        let (inputs, from, from_activated) = match layer {
            Layer::Dense(it) => (it.inputs, it.from, it.from_activated),
            Layer::Convolution(it) => (it.inputs(), it.from, it.from_activated),
            Layer::Average(_) => unreachable!("it has no weights"),
        };
        Self {
            below,
            inputs,
            from,
            from_activated,
        }
    }
}

impl Convolution {
    /// How many numbers it reads.
    pub fn inputs(&self) -> usize {
        self.channels * self.size[0] * self.size[1]
    }

    /// Height and width of the maps before they are pooled.
    pub fn filtered(&self) -> [usize; 2] {
        std::array::from_fn(|axis| self.size[axis] + 2 * self.padding[axis] + 1 - self.kernel[axis])
    }
}

impl Layer {
    /// Where its values lie.
    pub fn to(&self) -> usize {
        match self {
            Self::Dense(it) => it.to,
            Self::Convolution(it) => it.to,
            Self::Average(it) => it.to,
        }
    }
}

/// Gives out places, one behind the other.
struct Room(usize);

impl Room {
    fn take(&mut self, count: usize) -> usize {
        let place = self.0;
        self.0 += padded(count);
        place
    }
}

fn layers(
    architecture: &Architecture,
    workspace: &mut Room,
    constants: &mut Room,
) -> Option<Vec<Layer>> {
    let mut layers = Vec::new();
    let (mut from, mut size, mut channels, mut from_activated) = (0, [SIDE, SIDE], 1, false);
    for it in &architecture.convolutions {
        let pool = match it.pooling {
            Some(pooling) if pooling.kind == PoolingKind::Max => pooling.size,
            _ => 1,
        };
        let padding = it.kernel.map(|side| if it.padded { side / 2 } else { 0 });
        let filtered = match it.padded {
            true => size,
            false => [size[0] + 1 - it.kernel[0], size[1] + 1 - it.kernel[1]],
        };
        let pooled = filtered.map(|side| side / pool);
        let count = it.channels * pooled[0] * pooled[1];
        let to = workspace.take(count);
        layers.push(Layer::Convolution(Convolution {
            channels,
            filters: it.channels,
            kernel: it.kernel,
            padding,
            size,
            pooled,
            pool,
            weight: constants.take(it.channels * channels * it.kernel[0] * it.kernel[1]),
            bias: constants.take(it.channels),
            from,
            to,
            argmax: if pool > 1 { workspace.take(count) } else { 0 },
            from_activated,
        }));
        (from, size, channels, from_activated) = (to, pooled, it.channels, true);
        if let Some(pooling) = it.pooling
            && pooling.kind == PoolingKind::Average
        {
            let pooled = size.map(|side| side / pooling.size);
            let to = workspace.take(channels * pooled[0] * pooled[1]);
            layers.push(Layer::Average(Average {
                maps: channels,
                size,
                pooled,
                pool: pooling.size,
                from,
                to,
            }));
            (from, size, from_activated) = (to, pooled, false);
        }
    }
    let mut inputs = architecture.features()?;
    let last = architecture.dense.len() - 1;
    for (index, &units) in architecture.dense.iter().enumerate() {
        let to = workspace.take(units);
        layers.push(Layer::Dense(Dense {
            inputs,
            units,
            weight: constants.take(padded(inputs) * padded(units)),
            back: constants.take(padded(units) * padded(inputs)),
            bias: constants.take(units),
            from,
            to,
            activated: index < last,
            from_activated,
        }));
        (from, inputs, from_activated) = (to, units, true);
    }
    debug_assert_eq!(inputs, DIGITS);
    Some(layers)
}
