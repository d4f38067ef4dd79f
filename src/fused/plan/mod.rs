//! What a fused iteration computes, as a list of plain steps over one flat workspace a row.
//!
//! [`Maximizer`] builds a graph of Burn's operations and asks Burn's autodiff for the gradient: that
//! reads well and does everything. A plan holds the same iteration with the gradient worked out by
//! hand, in a form that a single kernel (`wgsl`) or a single loop (`cpu`) can run
//! any number of times without going back to Burn.
//!
//! There is a plan for every objective and every network without GELU. GELU's derivative cannot be
//! computed from the activated value, which is all that is kept for the backward pass; and GELU is not
//! monotonic, so max pooling cannot come before it. Which settings are covered differs between the
//! executors: see [`Executor::covers`](super::Executor::covers).
//!
//! # The workspace
//!
//! The kernel keeps the values of all layers one after another in a row's workspace. In the backward pass
//! each layer's gradient replaces its values: the parameters are frozen, so the values are needed only for
//! the derivative of the activation function, which is computed from the very number that is replaced.
//! (`cpu` has memory of its own.)
//!
//! [`Maximizer`]: crate::reference::Maximizer

mod layers;
mod places;

pub use self::layers::{Average, Convolution, Dense, Layer};
use self::places::Places;
pub use self::places::padded;
use crate::network::{ActivationFunction, Architecture, Input, PIXELS, SIDE};
use crate::task::{Objective, Parameterization};

/// The iteration of a network, an objective and a parameterization.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The layers, from the transformed and normalized images to the logits.
    pub layers: Vec<Layer>,
    /// The function that follows every convolution, and every dense layer that is `activated`.
    pub activation: ActivationFunction,
    /// How pixels are normalized before the first layer.
    pub input: Input,
    /// What images are computed from.
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

/// What images are computed from: [`Parameterization`], with places in the constants or, for principal
/// components, in constants of their own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParameterizationPlan {
    /// The parameters are the pixels.
    Pixels,
    /// A pixel is the sigmoid of its parameter.
    Sigmoid,
    /// The parameters are amplitudes of waves, sines and cosines.
    Fourier {
        /// Where the Fourier basis lies, `[28, 28]`.
        waves: usize,
        /// Where the scale of the amplitudes lies, `[784]`.
        scale: usize,
    },
    /// The image is a dense layer of the parameters.
    Pca(Pca),
}

/// The principal components.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pca {
    /// How many there are.
    pub rank: usize,
    /// `[padded(rank), 784]`.
    pub axes: usize,
    /// `[784, padded(rank)]`.
    pub back: usize,
    /// `[784]`.
    pub mean: usize,
    /// Floats of `axes`, `back` and `mean` together.
    pub constants: usize,
    /// Where the parameters, and their gradient, lie in the workspace.
    pub parameters: usize,
}

/// What is asked of the network: [`Objective`], by where its gradient begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectivePlan {
    /// At the logits: the gradient goes through all layers.
    Logits(LogitsObjective),
    /// At a hidden layer: the gradient goes through the layers below it alone.
    HiddenUnit(HiddenUnit),
}

/// An objective of the logits. Each row has a digit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogitsObjective {
    /// See [`Objective::TargetProbability`].
    TargetProbability,
    /// See [`Objective::LogProbability`].
    LogProbability,
    /// See [`Objective::Logit`].
    Logit,
    /// See [`Objective::LogitDifference`].
    LogitDifference {
        /// The digit to be distinguished from.
        other: usize,
    },
}

/// An objective of a hidden layer. Each row has a unit of its own. A neuron's value before its activation
/// function, and a channel's at a position of its map or on average, are linear functions of what the layer
/// reads, so the gradient there is constant: see [`Linear`](super::hidden_unit::Linear).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HiddenUnit {
    /// The number of layers below, which the gradient goes through.
    pub below: usize,
    /// How many numbers the layer reads.
    pub inputs: usize,
    /// Where the layer's inputs lie in the workspace.
    pub from: usize,
    /// As [`Dense::from_activated`].
    pub from_activated: bool,
    /// The row and the column of a channel's map that it reads; `None` for the average, and for a neuron.
    pub position: Option<[usize; 2]>,
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
        let mut workspace = Places::after(PIXELS);
        let mut constants = Places::after(0);
        let layers = layers::layers(architecture, &mut workspace, &mut constants)?;
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
                let position = objective.position(architecture);
                ObjectivePlan::HiddenUnit(HiddenUnit::new(&layers, hidden, position))
            }
        };
        let parameterization = match parameterization {
            Parameterization::Pixels => ParameterizationPlan::Pixels,
            Parameterization::Sigmoid => ParameterizationPlan::Sigmoid,
            Parameterization::Fourier => ParameterizationPlan::Fourier { waves, scale },
            Parameterization::Pca(pca) => {
                ParameterizationPlan::Pca(Pca::new(pca.rank(), &mut workspace))
            }
        };
        let logits = layers.last()?.to();
        Some(Self {
            layers,
            activation: architecture.activation,
            input: architecture.input,
            parameterization,
            objective,
            workspace: workspace.taken(),
            logits,
            constants: constants.taken(),
        })
    }

    /// Parameters of an image.
    pub fn parameters(&self) -> usize {
        match self.parameterization {
            ParameterizationPlan::Pca(pca) => pca.rank,
            _ => PIXELS,
        }
    }
}

impl Pca {
    fn new(rank: usize, workspace: &mut Places) -> Self {
        let mut constants = Places::after(0);
        Self {
            rank,
            axes: constants.take(padded(rank) * PIXELS),
            back: constants.take(PIXELS * padded(rank)),
            mean: constants.take(PIXELS),
            constants: constants.taken(),
            parameters: workspace.take(rank),
        }
    }
}

impl HiddenUnit {
    /// An objective of the hidden layer with the index `hidden`.
    fn new(layers: &[Layer], hidden: usize, position: Option<[usize; 2]>) -> Self {
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
            position,
        }
    }
}
