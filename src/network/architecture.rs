//! What a network is made of, apart from its parameters. An [`Architecture`] describes the lab's networks
//! and those that students bring; [`crate::reference::Network`] computes them.

use serde::{Deserialize, Serialize};

/// Height and width of an image, in pixels.
pub const SIDE: usize = 28;
/// Pixels in an image.
pub const PIXELS: usize = SIDE * SIDE;
/// How many classes there are: the digits 0 to 9.
pub const DIGITS: usize = 10;

/// First convolutions, if any, with or without pooling; then dense layers, of which the last has ten
/// units. The activation function follows every layer but the last, and log-softmax follows the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Architecture {
    /// How pixels are normalized before the first layer.
    pub input: Input,
    /// The convolutions, first to last.
    pub convolutions: Vec<Convolution>,
    /// The number of units of each dense layer, first to last.
    pub dense: Vec<usize>,
    /// The activation function between the layers.
    pub activation: ActivationFunction,
}

/// A convolution of stride 1, followed by the activation function and maybe by pooling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// The number of output channels.
    pub channels: usize,
    /// Height and width of the kernel, in pixels.
    pub kernel: [usize; 2],
    /// Whether the input is padded with zeros, so that the output is as large as the input. Needs a
    /// kernel of odd height and width.
    pub padded: bool,
    /// The pooling that follows, if any.
    pub pooling: Option<Pooling>,
}

impl Convolution {
    /// Height and width of the output, after pooling, of an input that is `height` by `width`; `None` if
    /// the input is too small.
    pub fn output(&self, size: [usize; 2]) -> Option<[usize; 2]> {
        let size = self.map(size)?;
        let pooled = size.map(|side| side / self.pooling.map_or(1, |it| it.size));
        (!pooled.contains(&0)).then_some(pooled)
    }

    /// The same before pooling.
    pub fn map(&self, [height, width]: [usize; 2]) -> Option<[usize; 2]> {
        let side = |from: usize, kernel: usize| {
            let convolved = match self.padded {
                true => from,
                false => (from + 1).checked_sub(kernel)?,
            };
            (convolved > 0).then_some(convolved)
        };
        Some([side(height, self.kernel[0])?, side(width, self.kernel[1])?])
    }
}

/// Pooling: each square of `size` × `size` values becomes one value. Squares do not overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pooling {
    /// Which value that is.
    pub kind: PoolingKind,
    /// Height and width of a square. Rows and columns at the end that do not fill a square are left out.
    pub size: usize,
}

/// What pooling makes of a square of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PoolingKind {
    /// Their maximum.
    #[default]
    Max,
    /// Their mean.
    Average,
}

/// The function that follows every layer but the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActivationFunction {
    /// max(x, 0).
    #[default]
    Relu,
    /// 1 / (1 + e⁻ˣ).
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// x · Φ(x), where Φ is the standard normal distribution function, not an approximation of it
    /// (Hendrycks and Gimpel, 2016).
    Gelu,
}

impl ActivationFunction {
    /// The name for people: `ReLU`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "ReLU",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Gelu => "GELU",
        }
    }
}

/// How pixels in [0, 1] are normalized: the network sees (pixel − mean) / std.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Input {
    /// What is subtracted from each pixel.
    pub mean: f64,
    /// What the difference is divided by.
    pub std: f64,
}

impl Default for Input {
    /// The lab's: no normalization.
    fn default() -> Self {
        Self {
            mean: 0.0,
            std: 1.0,
        }
    }
}

impl Architecture {
    /// The lab's MLP: 784-256-128-64-10.
    pub fn mlp() -> Self {
        Self {
            input: Input::default(),
            convolutions: Vec::new(),
            dense: vec![256, 128, 64, DIGITS],
            activation: ActivationFunction::Relu,
        }
    }

    /// LeNet-5 (LeCun et al. 1998) with ReLU and max pooling. MNIST's images are 28×28, not 32×32,
    /// so the maps that reach the dense layers are 4×4, not 5×5.
    pub fn lenet5() -> Self {
        let convolution = |channels| Convolution {
            channels,
            kernel: [5, 5],
            padded: false,
            pooling: Some(Pooling {
                kind: PoolingKind::Max,
                size: 2,
            }),
        };
        Self {
            convolutions: vec![convolution(6), convolution(16)],
            dense: vec![120, 84, DIGITS],
            ..Self::mlp()
        }
    }

    /// How many numbers the first dense layer takes; `None` if the maps become too small for a
    /// convolution.
    pub fn features(&self) -> Option<usize> {
        let [height, width] = (self.convolutions.iter())
            .try_fold([SIDE, SIDE], |size, convolution| convolution.output(size))?;
        let maps = self.convolutions.last().map_or(1, |it| it.channels);
        Some(maps * height * width)
    }

    /// How many multiplications an image takes, from its pixels to the ten logits.
    pub fn multiplications(&self) -> usize {
        // In WebAssembly, where usize has 32 bits, the number can be too large for it.
        let (mut size, mut inputs, mut total) = ([SIDE; 2], 1, 0usize);
        for it in &self.convolutions {
            let area = |it: Option<[usize; 2]>| it.map_or(0, |[height, width]| height * width);
            let each = inputs * it.channels * it.kernel[0] * it.kernel[1];
            total = total.saturating_add(each.saturating_mul(area(it.map(size))));
            size = it.output(size).unwrap_or_default();
            inputs = it.channels;
        }
        let mut inputs = inputs * size[0] * size[1];
        for units in &self.dense {
            total = total.saturating_add(inputs.saturating_mul(*units));
            inputs = *units;
        }
        total
    }

    /// The hidden layers `conv1`, `conv2`, …, `fc1`, …, and how many channels, or units, each has.
    pub fn hidden(&self) -> Vec<(String, usize)> {
        let channels = (self.convolutions.iter().enumerate())
            .map(|(index, it)| (format!("conv{}", index + 1), it.channels));
        let units = (self.dense.iter().enumerate())
            .take(self.dense.len() - 1)
            .map(|(index, units)| (format!("fc{}", index + 1), *units));
        channels.chain(units).collect()
    }

    /// The names of all layers that have parameters: the hidden ones, and the last.
    pub fn layers(&self) -> Vec<String> {
        let hidden = self.hidden().into_iter().map(|(name, _)| name);
        hidden.chain([format!("fc{}", self.dense.len())]).collect()
    }

    /// Height and width of the maps of each convolution, before pooling; none after the first convolution whose
    /// input is too small.
    pub fn maps(&self) -> Vec<[usize; 2]> {
        let mut size = Some([SIDE; 2]);
        (self.convolutions.iter())
            .map_while(|it| {
                let input = size?;
                size = it.output(input);
                it.map(input)
            })
            .collect()
    }

    /// The whole architecture in words: `784-256-128-64-10, ReLU`.
    pub fn description(&self) -> String {
        let mut words = self.words(|kind| match kind {
            PoolingKind::Max => "max-pool",
            PoolingKind::Average => "average-pool",
        });
        words.push(self.activation.name().to_owned());
        if self.input != Input::default() {
            let Input { mean, std } = self.input;
            words.push(format!("input normalized by {mean} and {std}"));
        }
        words.join(", ")
    }

    /// The part of the description that follows from the shapes of the parameters: `784-256-128-64-10`.
    pub fn shape(&self) -> String {
        self.words(|_| "pool").join(", ")
    }

    fn words(&self, pool: impl Fn(PoolingKind) -> &'static str) -> Vec<String> {
        let mut words = Vec::new();
        for it in &self.convolutions {
            let [height, width] = it.kernel;
            let padded = if it.padded { "padded " } else { "" };
            words.push(format!(
                "{padded}conv {height}×{width} to {} maps",
                it.channels
            ));
            if let Some(Pooling { kind, size }) = it.pooling {
                words.push(format!("{} {size}", pool(kind)));
            }
        }
        let inputs = self.features().unwrap_or_default();
        let units = (std::iter::once(&inputs).chain(&self.dense))
            .map(usize::to_string)
            .collect::<Vec<_>>()
            .join("-");
        words.push(match self.convolutions.is_empty() {
            true => units,
            false => format!("dense {units}"),
        });
        words
    }
}
