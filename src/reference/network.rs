//! The classifiers: images `[n, 1, 28, 28]` in, log-probabilities `[n, 10]` out.
//!
//! A [`Network`] is a Burn module of convolutions and dense layers, put together as its
//! [`Architecture`] says: the lab's MLP, its LeNet-5, or a student's own network.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{AvgPool2dConfig, MaxPool2dConfig};
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::activation::{gelu, log_softmax, relu, sigmoid, tanh};
use burn::tensor::{Device, Tensor, TensorData};

use crate::network::{ActivationFunction, Convolution, Input, Pooling, PoolingKind};
use crate::network::{Architecture, SIDE};

/// A classifier of the family that [`Architecture`] describes.
#[derive(Module, Debug)]
pub struct Network {
    convolutions: Vec<Conv2d>,
    dense: Vec<Linear>,
    /// Applied to the dense layers' hidden activations during training.
    dropout: Dropout,
    #[module(skip)]
    architecture: Architecture,
}

impl Network {
    /// A network with random parameters, Burn's defaults, which are PyTorch's: uniform within
    /// ±1/√inputs.
    ///
    /// # Panics
    ///
    /// If the maps become too small for the architecture's convolutions.
    pub fn new(architecture: Architecture, device: &Device) -> Self {
        let mut channels = 1;
        let convolutions = (architecture.convolutions.iter())
            .map(|it| {
                let inputs = std::mem::replace(&mut channels, it.channels);
                Conv2dConfig::new([inputs, it.channels], it.kernel)
                    .with_padding(padding(it))
                    .init(device)
            })
            .collect();
        let mut width = architecture.features().expect("the maps are large enough");
        let dense = (architecture.dense.iter())
            .map(|&units| {
                let inputs = std::mem::replace(&mut width, units);
                LinearConfig::new(inputs, units).init(device)
            })
            .collect();
        Self {
            convolutions,
            dense,
            dropout: DropoutConfig::new(0.0).init(),
            architecture,
        }
    }

    /// The same network, which drops this fraction of its dense layers' hidden activations while
    /// it trains, against overfitting.
    pub fn with_dropout(self, fraction: f64) -> Self {
        Self {
            dropout: DropoutConfig::new(fraction).init(),
            ..self
        }
    }

    /// What it is made of.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// Log-probabilities `[n, 10]` of the digits for images `[n, 1, 28, 28]` with pixels in [0, 1].
    pub fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        self.activations(images).log_probabilities()
    }

    /// All that the network computes for images `[n, 1, 28, 28]`.
    pub fn activations(&self, images: Tensor<4>) -> Activations {
        let mut hidden = Vec::new();
        let mut maps = normalized(images, self.architecture.input);
        for (layer, it) in self
            .convolutions
            .iter()
            .zip(&self.architecture.convolutions)
        {
            let filtered = layer.forward(maps); // [n, filters, height, width]
            hidden.push(Hidden::Maps(filtered.clone()));
            maps = pooled(self.activate(filtered), it.pooling);
        }
        let mut units = maps.flatten::<2>(1, 3); // [n, inputs]
        let (last, layers) = self.dense.split_last().expect("there is a last layer");
        for layer in layers {
            let sums = layer.forward(units); // [n, units]
            hidden.push(Hidden::Units(sums.clone()));
            units = self.dropout.forward(self.activate(sums));
        }
        Activations {
            hidden,
            logits: last.forward(units), // [n, 10]
        }
    }

    fn activate<const D: usize>(&self, values: Tensor<D>) -> Tensor<D> {
        match self.architecture.activation {
            ActivationFunction::Relu => relu(values),
            ActivationFunction::Sigmoid => sigmoid(values),
            ActivationFunction::Tanh => tanh(values),
            ActivationFunction::Gelu => gelu(values),
        }
    }

    /// Where its parameters lie.
    pub fn device(&self) -> Device {
        self.devices().pop().expect("a network has parameters")
    }

    /// The same network with every bias of its hidden layers set to `value`, which training does not
    /// change. The last layer's biases stay as they are.
    pub fn with_hidden_biases(mut self, value: f64) -> Self {
        for layer in 0..self.architecture.hidden().len() {
            let bias = self.layer(layer).bias;
            let held = bias.val().full_like(value).detach();
            *bias = Param::from_tensor(held).set_require_grad(false);
        }
        self
    }

    /// The parameters of a layer, counted from the image.
    ///
    /// # Panics
    ///
    /// If there is no such layer.
    pub(crate) fn layer(&mut self, index: usize) -> Layer<'_> {
        let (weight, bias) = match index.checked_sub(self.convolutions.len()) {
            None => {
                let Conv2d { weight, bias, .. } = &mut self.convolutions[index];
                (Weight::Kernel(weight), bias)
            }
            Some(index) => {
                let Linear { weight, bias } = &mut self.dense[index];
                (Weight::Dense(weight), bias)
            }
        };
        let bias = bias.as_mut().expect("every layer is made with biases");
        Layer { weight, bias }
    }
}

/// If the convolution is padded, zeros on all sides, half a kernel wide.
fn padding(convolution: &Convolution) -> PaddingConfig2d {
    let [height, width] = convolution.kernel.map(|it| it / 2);
    match convolution.padded {
        true => PaddingConfig2d::Explicit(height, width, height, width),
        false => PaddingConfig2d::Valid,
    }
}

fn normalized(images: Tensor<4>, input: Input) -> Tensor<4> {
    match input == Input::default() {
        true => images,
        false => (images - input.mean) / input.std,
    }
}

fn pooled(maps: Tensor<4>, pooling: Option<Pooling>) -> Tensor<4> {
    match pooling {
        None => maps,
        Some(Pooling { kind, size }) => match kind {
            PoolingKind::Max => MaxPool2dConfig::new([size, size]).init().forward(maps),
            PoolingKind::Average => AvgPool2dConfig::new([size, size]).init().forward(maps),
        },
    }
}

/// What a network computes on the way to its log-probabilities.
#[derive(Clone, Debug)]
pub struct Activations {
    /// The hidden layers, before the activation function.
    hidden: Vec<Hidden>,
    /// The inputs of the softmax, `[n, 10]`.
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
    /// The activations of a dense layer's neurons, `[n, neurons]`, or of a convolution's channels,
    /// `[n, channels]`, at a `position` (row and column) of their maps or, without one, averaged over them; all
    /// before the activation function. `layer` is an index of [`Architecture::hidden`].
    ///
    /// # Panics
    ///
    /// If there is no such layer, or its maps do not have the position.
    pub fn hidden(&self, layer: usize, position: Option<[usize; 2]>) -> Tensor<2> {
        match (&self.hidden[layer], position) {
            (Hidden::Units(values), _) => values.clone(),
            (Hidden::Maps(maps), None) => {
                maps.clone().flatten::<3>(2, 3).mean_dim(2).squeeze_dim(2)
            }
            (Hidden::Maps(maps), Some([row, column])) => (maps.clone())
                .narrow(2, row, 1) // [n, channels, 1, width]
                .narrow(3, column, 1) // [n, channels, 1, 1]
                .flatten::<3>(2, 3)
                .squeeze_dim(2),
        }
    }

    /// Log-probabilities of the digits, `[n, 10]`.
    pub fn log_probabilities(&self) -> Tensor<2> {
        log_softmax(self.logits.clone(), 1)
    }
}

/// Images as the networks take them, from `rows` · 784 pixels: `[rows, 1, 28, 28]`.
pub fn images(pixels: Vec<f32>, rows: usize, device: &Device) -> Tensor<4> {
    Tensor::from_data(TensorData::new(pixels, [rows, 1, SIDE, SIDE]), device)
}

/// A layer's parameters.
pub(crate) struct Layer<'a> {
    pub(crate) weight: Weight<'a>,
    pub(crate) bias: &'a mut Param<Tensor<1>>,
}

/// A weight in Burn's layout.
pub(crate) enum Weight<'a> {
    /// `[in, out]`, the transpose of PyTorch's.
    Dense(&'a mut Param<Tensor<2>>),
    /// `[out, in, height, width]`.
    Kernel(&'a mut Param<Tensor<4>>),
}
