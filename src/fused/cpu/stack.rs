//! The layers of a network, and the values that lie between them.

use super::average::Average;
use super::convolution::{Convolution, Shape};
use super::dense::Dense;
use super::hidden_unit::HiddenUnits;
use super::layout::Layout;
use super::objective::PerDigit;
use super::square::square;
use super::transform::Sampling;
use super::values::Values;
use crate::fused::plan::{self, Plan};
use crate::network::Parameters;
use crate::network::{DIGITS, Input, PIXELS, SIDE};

/// The layers of a network, whose weights all its batches share.
pub struct Layers {
    input: Input,
    layers: Vec<Layer>,
    /// The layout of what the first layer reads, then of what each layer writes.
    layouts: Vec<Layout>,
}

/// A network, and the values that it last computed for a batch of images.
pub struct Stack {
    input: Input,
    layers: Vec<Layer>,
    /// What the first layer reads, then what each layer writes.
    values: Vec<Values>,
}

enum Layer {
    Dense(Dense),
    Convolution(Box<Convolution>),
    Average(Average),
}

impl Layers {
    /// The plan's layers, with these parameters.
    pub fn new(plan: &Plan, parameters: &Parameters) -> Self {
        let mut parameters = parameters.layers.iter();
        let mut next = || parameters.next().expect("one for each in the plan");
        let mut from = Layout {
            channels: 1,
            size: [SIDE, SIDE],
            border: border(plan.layers.first()),
        };
        let mut layers = Vec::new();
        let mut layouts = vec![from];
        for (index, layer) in plan.layers.iter().enumerate() {
            let layout = |channels, size| Layout {
                channels,
                size,
                border: border(plan.layers.get(index + 1)),
            };
            let (layer, to) = match layer {
                plan::Layer::Dense(it) => {
                    let dense = Dense::new(it, plan.activation, from, next());
                    (Layer::Dense(dense), Layout::of_units(it.units))
                }
                plan::Layer::Convolution(it) => {
                    let shape = Shape {
                        from,
                        to: layout(it.filters, it.pooled),
                        kernel: it.kernel,
                        pool: it.pool,
                        activation: plan.activation,
                    };
                    let convolution = Convolution::new(it, shape, next());
                    (Layer::Convolution(Box::new(convolution)), shape.to)
                }
                plan::Layer::Average(it) => {
                    let average = Average { pool: it.pool };
                    (Layer::Average(average), layout(it.maps, it.pooled))
                }
            };
            layers.push(layer);
            layouts.push(to);
            from = to;
        }
        Self {
            input: plan.input,
            layers,
            layouts,
        }
    }

    /// The network, with memory for what it computes for so many images.
    pub fn for_images(&self, images: usize) -> Stack {
        let layer = |layer: &Layer| match layer {
            Layer::Dense(it) => Layer::Dense(it.clone()),
            Layer::Convolution(it) => Layer::Convolution(Box::new(it.for_images(images))),
            Layer::Average(it) => Layer::Average(*it),
        };
        Stack {
            input: self.input,
            layers: self.layers.iter().map(layer).collect(),
            values: (self.layouts.iter())
                .map(|layout| Values::new(*layout, images))
                .collect(),
        }
    }
}

impl Stack {
    /// Runs the network on images, `[n, 784]`, that are transformed first.
    pub fn forward(&mut self, images: &[f32], sampling: &Sampling) {
        self.read(images, sampling);
        for (index, layer) in self.layers.iter_mut().enumerate() {
            let (before, behind) = self.values.split_at_mut(index + 1);
            let (from, to) = (&before[index], &mut behind[0]);
            match layer {
                Layer::Dense(it) => it.forward(from, to),
                Layer::Convolution(it) => it.forward(from, to),
                Layer::Average(it) => it.forward(from, to),
            }
        }
    }

    /// The logits of an image.
    pub fn logits(&self, image: usize) -> PerDigit {
        let last = &self.values[self.layers.len()];
        last.activated[image * last.layout.stride()..].as_chunks().0[0]
    }

    /// What layer `index` reads. For the index after that of the last layer: what the last layer writes.
    pub fn values(&self, index: usize) -> &Values {
        &self.values[index]
    }

    /// Writes the gradient for the images that [`Stack::forward`] was given, `[n, 784]`. `objective`
    /// computes the gradient for the logits from an image's index and its logits.
    pub fn backward(
        &mut self,
        objective: impl Fn(usize, &PerDigit) -> PerDigit,
        pixels: &mut [f32],
        sampling: &Sampling,
    ) {
        let last = &mut self.values[self.layers.len()];
        let stride = last.layout.stride();
        let images = last.activated.chunks_exact(stride);
        let images = images.zip(last.gradient.chunks_exact_mut(stride));
        for (image, (activated, gradient)) in images.enumerate() {
            let logits = activated.as_chunks().0[0];
            gradient[..DIGITS].copy_from_slice(&objective(image, &logits));
        }
        self.backward_through(self.layers.len(), pixels, sampling);
    }

    /// [`Stack::backward`] for an objective of hidden units.
    pub fn backward_from(&mut self, units: &HiddenUnits, pixels: &mut [f32], sampling: &Sampling) {
        units.write_gradient(&mut self.values[units.below]);
        self.backward_through(units.below, pixels, sampling);
    }

    /// Writes the gradient for the images, from the gradient for what the first `layers` layers write.
    fn backward_through(&mut self, layers: usize, pixels: &mut [f32], sampling: &Sampling) {
        for (index, layer) in self.layers[..layers].iter_mut().enumerate().rev() {
            let (before, behind) = self.values.split_at_mut(index + 1);
            let (from, to) = (&mut before[index], &behind[0]);
            match layer {
                Layer::Dense(it) => it.backward(from, to),
                Layer::Convolution(it) => it.backward(from, to),
                Layer::Average(it) => it.backward(from, to),
            }
        }
        let std = self.input.std as f32;
        let Values {
            layout, gradient, ..
        } = &self.values[0];
        let images = gradient.chunks_exact(layout.stride());
        for (gradient, pixels) in images.zip(pixels.chunks_exact_mut(PIXELS)) {
            let mut inputs = [[0.0; SIDE]; SIDE];
            for (row, to) in inputs.iter_mut().enumerate() {
                to.copy_from_slice(&gradient[layout.at(row, 0)..][..SIDE]);
            }
            if std != 1.0 {
                (inputs.as_flattened_mut().iter_mut()).for_each(|it| *it /= std);
            }
            pixels.copy_from_slice(sampling.backward(&inputs).as_flattened());
        }
    }

    /// Writes what the first layer reads: the images, transformed and then normalized.
    fn read(&mut self, images: &[f32], sampling: &Sampling) {
        let (mean, std) = (self.input.mean as f32, self.input.std as f32);
        let Values {
            layout, activated, ..
        } = &mut self.values[0];
        let images = images.chunks_exact(PIXELS);
        for (to, image) in activated.chunks_exact_mut(layout.stride()).zip(images) {
            let mut inputs = sampling.apply(square(image));
            if self.input != Input::default() {
                (inputs.as_flattened_mut().iter_mut()).for_each(|it| *it = (*it - mean) / std);
            }
            for (row, inputs) in inputs.iter().enumerate() {
                to[layout.at(row, 0)..][..SIDE].copy_from_slice(inputs);
            }
        }
    }
}

/// The border of zeros that a layer needs around its input.
fn border(layer: Option<&plan::Layer>) -> [usize; 2] {
    match layer {
        Some(plan::Layer::Convolution(it)) => it.padding,
        _ => [0, 0],
    }
}
