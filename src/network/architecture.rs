//! What a network is made of, apart from its parameters: the family that [`crate::reference::Network`] can
//! compute, from the lab's MLP to a student's own LeNet.

use serde::{Deserialize, Serialize};

/// Height and width of an image, in pixels.
pub const SIDE: usize = 28;
/// Pixels in an image.
pub const PIXELS: usize = SIDE * SIDE;
/// Classes: the digits 0 to 9.
pub const DIGITS: usize = 10;

/// Convolutions with or without pooling, if any; then dense layers, of which the last has ten
/// units. The activation stands behind every layer but the last; softmax behind that.
#[derive(Clone, Debug, PartialEq)]
pub struct Architecture {
    /// What is done to pixels before the first layer.
    pub input: Input,
    /// From the image inwards.
    pub convolutions: Vec<Convolution>,
    /// The units of the dense layers.
    pub dense: Vec<usize>,
    /// Between the layers.
    pub activation: ActivationFunction,
}

/// A convolution of stride 1: filters, the activation, and maybe pooling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// How many maps come out.
    pub filters: usize,
    /// Height and width of a filter, in pixels.
    pub kernel: [usize; 2],
    /// Whether zeros are put around the maps, so that they come out as large as they went in. For
    /// filters of odd size.
    pub padded: bool,
    /// What follows.
    pub pooling: Option<Pooling>,
}

impl Convolution {
    /// Height and width after the filters and the pooling, of maps that are `height` by `width`;
    /// nothing if there is not enough of them.
    pub fn output(&self, [height, width]: [usize; 2]) -> Option<[usize; 2]> {
        let side = |from: usize, kernel: usize| {
            let filtered = match self.padded {
                true => from,
                false => (from + 1).checked_sub(kernel)?,
            };
            let pooled = filtered / self.pooling.map_or(1, |it| it.size);
            (pooled > 0).then_some(pooled)
        };
        Some([side(height, self.kernel[0])?, side(width, self.kernel[1])?])
    }
}

/// What becomes of every square of `size` × `size` values, side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pooling {
    /// Its largest value, or their mean.
    pub kind: PoolingKind,
    /// Height and width of the square. Rows and columns that fill none are left out.
    pub size: usize,
}

/// See [`Pooling`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PoolingKind {
    /// The largest value.
    #[default]
    Max,
    /// The mean.
    Average,
}

/// What stands behind every layer but the last.
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
    /// x · Φ(x), with Φ the normal distribution's, not its approximation (Hendrycks and Gimpel,
    /// 2016).
    Gelu,
}

impl ActivationFunction {
    /// As people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "ReLU",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Gelu => "GELU",
        }
    }
}

/// How the network was shown pixels: (pixel − mean) / std, of pixels in [0, 1].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Input {
    /// Subtracted.
    pub mean: f64,
    /// Divided by, afterwards.
    pub std: f64,
}

impl Default for Input {
    /// As they are, which is the lab's way.
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
        let convolution = |filters| Convolution {
            filters,
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

    /// Numbers that reach the first dense layer, if the maps are large enough for the convolutions.
    pub fn features(&self) -> Option<usize> {
        let [height, width] = (self.convolutions.iter())
            .try_fold([SIDE, SIDE], |size, convolution| convolution.output(size))?;
        let maps = self.convolutions.last().map_or(1, |it| it.filters);
        Some(maps * height * width)
    }

    /// Multiplications for an image, from its pixels to the ten logits.
    pub fn products(&self) -> usize {
        // In WebAssembly they may be more than a usize counts.
        let (mut size, mut inputs, mut total) = ([SIDE; 2], 1, 0usize);
        for it in &self.convolutions {
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
        let mut inputs = inputs * size[0] * size[1];
        for units in &self.dense {
            total = total.saturating_add(inputs.saturating_mul(*units));
            inputs = *units;
        }
        total
    }

    /// The hidden layers, `conv1`, `conv2`, …, `fc1`, …, and how many filters, or units, each has.
    pub fn hidden(&self) -> Vec<(String, usize)> {
        let filters = (self.convolutions.iter().enumerate())
            .map(|(index, it)| (format!("conv{}", index + 1), it.filters));
        let units = (self.dense.iter().enumerate())
            .take(self.dense.len() - 1)
            .map(|(index, units)| (format!("fc{}", index + 1), *units));
        filters.chain(units).collect()
    }

    /// All that there is to say, in words: `784-256-128-64-10, ReLU`.
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

    /// What can be told from shapes, in words: `784-256-128-64-10`.
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
                it.filters
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
