//! The layers of a plan, and where their numbers lie.

use super::places::{Places, padded};
use crate::network::{Architecture, DIGITS, PoolingKind, SIDE};

/// A step from one place of the workspace to another. Places are counted in floats from the start
/// of a row's workspace, `weight`, `back` and `bias` from the start of the network's constants, which are the
/// same for every objective and parameterization; all are multiples of four.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// y = activate(xW + b).
    Dense(Dense),
    /// Convolution, the activation function, and max pooling.
    Convolution(Convolution),
    /// Average pooling.
    Average(Average),
}

/// A dense layer. Its matrix is there twice, so that both passes read it along its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    /// How many numbers it reads.
    pub inputs: usize,
    /// How many it gives.
    pub units: usize,
    /// `[padded(inputs), padded(units)]`, zeros where padded.
    pub weight: usize,
    /// Its transpose, `[padded(units), padded(inputs)]`.
    pub back: usize,
    /// `[padded(units)]`.
    pub bias: usize,
    /// Where its inputs lie in the workspace.
    pub from: usize,
    /// Where its outputs lie.
    pub to: usize,
    /// Whether the activation function follows.
    pub activated: bool,
    /// Whether the values at `from` are activated, so that their gradient is multiplied by the activation
    /// function's derivative.
    pub from_activated: bool,
}

/// A convolution of stride 1, the activation function, and max pooling where `pool` is more than 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Convolution {
    /// The number of input channels.
    pub channels: usize,
    /// The number of filters, which is that of output channels.
    pub filters: usize,
    /// Height and width of a filter.
    pub kernel: [usize; 2],
    /// Zeros around the maps, above and to the left.
    pub padding: [usize; 2],
    /// Height and width of the input.
    pub size: [usize; 2],
    /// Height and width of the output, after pooling.
    pub pooled: [usize; 2],
    /// Side of the pooling windows.
    pub pool: usize,
    /// `[filters, channels, height, width]`, PyTorch's and Burn's order.
    pub weight: usize,
    /// `[filters]`.
    pub bias: usize,
    /// Where its inputs lie in the workspace, `[channels, height, width]`.
    pub from: usize,
    /// Where its outputs lie, `[filters, height, width]` after pooling.
    pub to: usize,
    /// Where the argmax indices lie, if there is pooling: `row * pool + column` within the window.
    pub argmax: usize,
    /// As [`Dense::from_activated`].
    pub from_activated: bool,
}

/// Average pooling.
#[derive(Clone, Debug, PartialEq)]
pub struct Average {
    /// The number of channels, the same in input and output.
    pub maps: usize,
    /// Height and width of the input.
    pub size: [usize; 2],
    /// Height and width of the output.
    pub pooled: [usize; 2],
    /// Side of the pooling windows.
    pub pool: usize,
    /// Where its inputs lie in the workspace, `[maps, height, width]`.
    pub from: usize,
    /// Where its outputs lie, likewise.
    pub to: usize,
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
    /// Where its outputs lie.
    pub fn to(&self) -> usize {
        match self {
            Self::Dense(it) => it.to,
            Self::Convolution(it) => it.to,
            Self::Average(it) => it.to,
        }
    }
}

/// The layers of a network, with places taken for their values and constants.
pub(super) fn layers(
    architecture: &Architecture,
    workspace: &mut Places,
    constants: &mut Places,
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
