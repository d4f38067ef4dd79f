//! The two classifiers of the lab: images `[n, 1, 28, 28]` in, log-probabilities `[n, 10]` out.
//!
//! [`Mlp`] and [`LeNet5`] are ordinary Burn modules, [`Network`] is either of them. Parameters
//! bear PyTorch's names (`fc1.weight`, `conv1.bias`), which is what [`crate::weights`] stores.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::{Device, Tensor, TensorData};

/// Height and width of an image, in pixels.
pub const SIDE: usize = 28;
/// Pixels in an image.
pub const PIXELS: usize = SIDE * SIDE;
/// Classes: the digits 0 to 9.
pub const DIGITS: usize = 10;

/// Fraction of hidden activations that the MLP drops while it trains, against overfitting.
const DROPOUT: f64 = 0.1;

/// Which of the networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Architecture {
    /// Four dense layers: 784-256-128-64-10.
    Mlp,
    /// Two convolutions, three dense layers (LeCun et al. 1998), on 28×28 input.
    LeNet5,
}

impl Architecture {
    /// Both, in the order of the lab.
    pub const ALL: [Self; 2] = [Self::Mlp, Self::LeNet5];

    /// The name in files, commands and URLs: `mlp` or `lenet5`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mlp => "mlp",
            Self::LeNet5 => "lenet5",
        }
    }

    /// The layers, in words.
    pub fn description(self) -> &'static str {
        match self {
            Self::Mlp => "multi-layer perceptron 784-256-128-64-10, ReLU, dropout 0.1",
            Self::LeNet5 => {
                "LeNet-5: conv 5×5 to 6 maps, max-pool 2, conv 5×5 to 16 maps, max-pool 2, \
                 dense 256-120-84-10, ReLU"
            }
        }
    }

    /// The hidden layers and how many units, or filters, each has.
    pub fn hidden(self) -> &'static [(&'static str, usize)] {
        match self {
            Self::Mlp => &[("fc1", 256), ("fc2", 128), ("fc3", 64)],
            Self::LeNet5 => &[("conv1", 6), ("conv2", 16), ("fc1", 120), ("fc2", 84)],
        }
    }

    /// Names and shapes of the parameters, in PyTorch's layout: a dense weight is `[out, in]`, a
    /// convolution's `[out, in, height, width]`.
    pub fn parameters(self) -> &'static [(&'static str, &'static [usize])] {
        match self {
            Self::Mlp => &[
                ("fc1.weight", &[256, PIXELS]),
                ("fc1.bias", &[256]),
                ("fc2.weight", &[128, 256]),
                ("fc2.bias", &[128]),
                ("fc3.weight", &[64, 128]),
                ("fc3.bias", &[64]),
                ("fc4.weight", &[DIGITS, 64]),
                ("fc4.bias", &[DIGITS]),
            ],
            Self::LeNet5 => &[
                ("conv1.weight", &[6, 1, 5, 5]),
                ("conv1.bias", &[6]),
                ("conv2.weight", &[16, 6, 5, 5]),
                ("conv2.bias", &[16]),
                ("fc1.weight", &[120, 256]),
                ("fc1.bias", &[120]),
                ("fc2.weight", &[84, 120]),
                ("fc2.bias", &[84]),
                ("fc3.weight", &[DIGITS, 84]),
                ("fc3.bias", &[DIGITS]),
            ],
        }
    }
}

/// A multi-layer perceptron, 784-256-128-64-10, with ReLU and dropout.
#[derive(Module, Debug)]
pub struct Mlp {
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
    fc4: Linear,
    dropout: Dropout,
}

impl Mlp {
    fn new(device: &Device) -> Self {
        Self {
            fc1: LinearConfig::new(PIXELS, 256).init(device),
            fc2: LinearConfig::new(256, 128).init(device),
            fc3: LinearConfig::new(128, 64).init(device),
            fc4: LinearConfig::new(64, DIGITS).init(device),
            dropout: DropoutConfig::new(DROPOUT).init(),
        }
    }

    fn activations(&self, images: Tensor<4>) -> Activations {
        let x = images.flatten::<2>(1, 3); // [n, 1, 28, 28] → [n, 784]
        let fc1 = self.fc1.forward(x); // [n, 256]
        let fc2 = self.fc2.forward(self.dropout.forward(relu(fc1.clone()))); // [n, 128]
        let fc3 = self.fc3.forward(self.dropout.forward(relu(fc2.clone()))); // [n, 64]
        let logits = self.fc4.forward(self.dropout.forward(relu(fc3.clone()))); // [n, 10]
        Activations {
            hidden: vec![
                ("fc1", Hidden::Units(fc1)),
                ("fc2", Hidden::Units(fc2)),
                ("fc3", Hidden::Units(fc3)),
            ],
            logits,
        }
    }
}

/// LeNet-5 with ReLU and max pooling. MNIST's images are 28×28, not 32×32, so the maps that reach
/// the dense layers are 4×4, not 5×5.
#[derive(Module, Debug)]
pub struct LeNet5 {
    conv1: Conv2d,
    conv2: Conv2d,
    pool: MaxPool2d,
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
}

impl LeNet5 {
    fn new(device: &Device) -> Self {
        Self {
            conv1: Conv2dConfig::new([1, 6], [5, 5]).init(device),
            conv2: Conv2dConfig::new([6, 16], [5, 5]).init(device),
            pool: MaxPool2dConfig::new([2, 2]).init(),
            fc1: LinearConfig::new(16 * 4 * 4, 120).init(device),
            fc2: LinearConfig::new(120, 84).init(device),
            fc3: LinearConfig::new(84, DIGITS).init(device),
        }
    }

    fn activations(&self, images: Tensor<4>) -> Activations {
        let conv1 = self.conv1.forward(images); // [n, 6, 24, 24]
        let conv2 = self.conv2.forward(self.pool.forward(relu(conv1.clone()))); // [n, 16, 8, 8]
        let x = self.pool.forward(relu(conv2.clone())).flatten::<2>(1, 3); // [n, 16, 4, 4] → [n, 256]
        let fc1 = self.fc1.forward(x); // [n, 120]
        let fc2 = self.fc2.forward(relu(fc1.clone())); // [n, 84]
        let logits = self.fc3.forward(relu(fc2.clone())); // [n, 10]
        Activations {
            hidden: vec![
                ("conv1", Hidden::Maps(conv1)),
                ("conv2", Hidden::Maps(conv2)),
                ("fc1", Hidden::Units(fc1)),
                ("fc2", Hidden::Units(fc2)),
            ],
            logits,
        }
    }
}

/// What a network computes on the way to its answer.
#[derive(Clone, Debug)]
pub struct Activations {
    /// The hidden layers, before their nonlinearities, by PyTorch's names.
    hidden: Vec<(&'static str, Hidden)>,
    /// What softmax is taken of, `[n, 10]`.
    pub logits: Tensor<2>,
}

/// A layer's values.
#[derive(Clone, Debug)]
enum Hidden {
    /// `[n, units]`.
    Units(Tensor<2>),
    /// `[n, filters, height, width]`.
    Maps(Tensor<4>),
}

impl Activations {
    /// What the layer's units say, or its filters on average over their maps: `[n, units]`.
    ///
    /// # Panics
    ///
    /// If there is no such layer: see [`Architecture::hidden`].
    pub fn hidden(&self, layer: &str) -> Tensor<2> {
        let found = self.hidden.iter().find(|(name, _)| *name == layer);
        match &found.expect("the layer is one of the architecture's").1 {
            Hidden::Units(values) => values.clone(),
            Hidden::Maps(maps) => maps.clone().flatten::<3>(2, 3).mean_dim(2).squeeze_dim(2),
        }
    }

    /// Log-probabilities of the digits, `[n, 10]`.
    pub fn log_probabilities(&self) -> Tensor<2> {
        log_softmax(self.logits.clone(), 1)
    }
}

/// Either of the networks.
#[derive(Module, Debug)]
// On 64-bit targets. A run has one of them: a box would save nothing.
#[allow(clippy::large_enum_variant)]
pub enum Network {
    /// See [`Mlp`].
    Mlp(Mlp),
    /// See [`LeNet5`].
    LeNet5(LeNet5),
}

impl Network {
    /// A network with random parameters, Burn's defaults, which are PyTorch's: uniform within
    /// ±1/√inputs.
    pub fn new(architecture: Architecture, device: &Device) -> Self {
        match architecture {
            Architecture::Mlp => Self::Mlp(Mlp::new(device)),
            Architecture::LeNet5 => Self::LeNet5(LeNet5::new(device)),
        }
    }

    /// Which network this is.
    pub fn architecture(&self) -> Architecture {
        match self {
            Self::Mlp(_) => Architecture::Mlp,
            Self::LeNet5(_) => Architecture::LeNet5,
        }
    }

    /// Log-probabilities `[n, 10]` of the digits for images `[n, 1, 28, 28]` with pixels in [0, 1].
    pub fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        self.activations(images).log_probabilities()
    }

    /// All that the network computes for images `[n, 1, 28, 28]`.
    pub fn activations(&self, images: Tensor<4>) -> Activations {
        match self {
            Self::Mlp(network) => network.activations(images),
            Self::LeNet5(network) => network.activations(images),
        }
    }

    /// Where its parameters lie.
    pub fn device(&self) -> Device {
        self.devices().pop().expect("a network has parameters")
    }

    /// The same network with every bias of its hidden layers at `value`, where training leaves
    /// it. The last layer's biases are as they were.
    pub fn with_hidden_biases(mut self, value: f64) -> Self {
        let (_output, hidden) =
            (self.architecture().parameters().split_last()).expect("a network has parameters");
        for (name, _) in hidden {
            if let Some(Parameter::Bias(it)) = self.parameter(name) {
                let held = it.val().full_like(value).detach();
                *it = Param::from_tensor(held).set_require_grad(false);
            }
        }
        self
    }

    /// The parameter of that PyTorch name: a dense or a convolution's weight, or a bias.
    pub(crate) fn parameter(&mut self, name: &str) -> Option<Parameter<'_>> {
        let (layer, kind) = name.split_once('.')?;
        let layer = match (self, layer) {
            (Self::Mlp(it), "fc1") => Layer::Dense(&mut it.fc1),
            (Self::Mlp(it), "fc2") => Layer::Dense(&mut it.fc2),
            (Self::Mlp(it), "fc3") => Layer::Dense(&mut it.fc3),
            (Self::Mlp(it), "fc4") => Layer::Dense(&mut it.fc4),
            (Self::LeNet5(it), "conv1") => Layer::Convolution(&mut it.conv1),
            (Self::LeNet5(it), "conv2") => Layer::Convolution(&mut it.conv2),
            (Self::LeNet5(it), "fc1") => Layer::Dense(&mut it.fc1),
            (Self::LeNet5(it), "fc2") => Layer::Dense(&mut it.fc2),
            (Self::LeNet5(it), "fc3") => Layer::Dense(&mut it.fc3),
            _ => return None,
        };
        match (layer, kind) {
            (Layer::Dense(it), "weight") => Some(Parameter::Dense(&mut it.weight)),
            (Layer::Convolution(it), "weight") => Some(Parameter::Kernel(&mut it.weight)),
            (Layer::Dense(Linear { bias, .. }), "bias")
            | (Layer::Convolution(Conv2d { bias, .. }), "bias") => {
                bias.as_mut().map(Parameter::Bias)
            }
            _ => None,
        }
    }
}

/// Images as the networks take them, from `rows` · 784 pixels: `[rows, 1, 28, 28]`.
pub fn images(pixels: Vec<f32>, rows: usize, device: &Device) -> Tensor<4> {
    Tensor::from_data(TensorData::new(pixels, [rows, 1, SIDE, SIDE]), device)
}

enum Layer<'a> {
    Dense(&'a mut Linear),
    Convolution(&'a mut Conv2d),
}

/// A parameter in Burn's layout: a dense weight is `[in, out]`, the transpose of PyTorch's.
pub(crate) enum Parameter<'a> {
    Dense(&'a mut Param<Tensor<2>>),
    Kernel(&'a mut Param<Tensor<4>>),
    Bias(&'a mut Param<Tensor<1>>),
}
