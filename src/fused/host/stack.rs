//! The layers of a network, with room for what they make of a batch.

use super::buffer::Buffer;
use super::convolution::{Average, Convolution, SLACK};
use super::dense::Dense;
use super::maps::Maps;
use super::matrix::room;
use super::objective::Answer;
use crate::architecture::{DIGITS, Input, PIXELS, SIDE};
use crate::fused::plan::{self, Plan};

/// A network, and what it last made of a batch.
pub struct Stack {
    input: Input,
    layers: Vec<Layer>,
    /// What the first layer is shown, then what each layer makes of it.
    values: Vec<Values>,
}

enum Layer {
    Dense(Dense),
    Convolution(Convolution),
    Average(Average),
}

/// What lies between two layers, of all rows.
struct Values {
    /// Where the numbers of a row are, if they are maps.
    maps: Option<Maps>,
    /// Floats of a row, with those that only fill it up.
    stride: usize,
    bent: Buffer,
    /// Of the loss.
    gradient: Buffer,
    /// Where in each square the largest value was, behind a convolution.
    winners: Vec<f32>,
}

impl Values {
    fn of_maps(maps: Maps, rows: usize, pooled: bool) -> Self {
        let stride = room(maps.len() + SLACK);
        Self {
            maps: Some(maps),
            stride,
            bent: Buffer::new(rows * stride),
            gradient: Buffer::new(rows * stride),
            winners: vec![0.0; if pooled { rows * stride } else { 0 }],
        }
    }

    fn of_units(units: usize, rows: usize) -> Self {
        let stride = room(units);
        Self {
            maps: None,
            stride,
            bent: Buffer::new(rows * stride),
            gradient: Buffer::new(rows * stride),
            winners: Vec::new(),
        }
    }
}

impl Stack {
    /// The plan's network, for so many rows.
    pub fn new(plan: &Plan, constants: &[f32], rows: usize) -> Self {
        let mut layers = Vec::new();
        let mut from = Maps {
            channels: 1,
            size: [SIDE, SIDE],
            border: border(plan.layers.first()),
        };
        let mut values = vec![Values::of_maps(from, rows, false)];
        for (index, layer) in plan.layers.iter().enumerate() {
            let border = border(plan.layers.get(index + 1));
            match layer {
                plan::Layer::Dense(it) => {
                    let maps = values[index].maps;
                    let dense = Dense::new(it, plan.nonlinearity, maps, constants);
                    layers.push(Layer::Dense(dense));
                    values.push(Values::of_units(it.units, rows));
                }
                plan::Layer::Convolution(it) => {
                    let to = Maps {
                        channels: it.filters,
                        size: it.pooled,
                        border,
                    };
                    let convolution = Convolution::new(it, plan.nonlinearity, from, to, constants);
                    layers.push(Layer::Convolution(convolution));
                    values.push(Values::of_maps(to, rows, true));
                    from = to;
                }
                plan::Layer::Average(it) => {
                    let to = Maps {
                        channels: it.maps,
                        size: it.pooled,
                        border,
                    };
                    let pool = it.pool;
                    layers.push(Layer::Average(Average { from, to, pool }));
                    values.push(Values::of_maps(to, rows, false));
                    from = to;
                }
            }
        }
        Self {
            input: plan.input,
            layers,
            values,
        }
    }

    /// What it makes of images, `[n, 784]`, that are moved so many pixels to the right, and down.
    pub fn forward(&mut self, images: &[f32], shift: [i32; 2]) {
        self.show(images, shift);
        for (index, layer) in self.layers.iter_mut().enumerate() {
            let [from, to] = &mut self.values[index..index + 2] else {
                unreachable!("there are values on both sides of a layer")
            };
            if let Layer::Dense(it) = layer {
                it.forward(&from.bent, from.stride, &mut to.bent, to.stride);
                continue;
            }
            let outputs = to.bent.chunks_exact_mut(to.stride);
            let mut winners = to.winners.chunks_exact_mut(to.stride);
            for (input, output) in from.bent.chunks_exact(from.stride).zip(outputs) {
                match layer {
                    Layer::Convolution(it) => {
                        let winners = winners.next().expect("a convolution has winners");
                        it.forward(input, output, winners);
                    }
                    Layer::Average(it) => it.forward(input, output),
                    Layer::Dense(_) => {}
                }
            }
        }
    }

    /// The logits of a row.
    pub fn logits(&self, row: usize) -> Answer {
        let Values { bent, stride, .. } = &self.values[self.layers.len()];
        std::array::from_fn(|digit| bent[row * stride + digit])
    }

    /// Sets the gradient for the logits of a row.
    pub fn set_gradient(&mut self, row: usize, gradient: &Answer) {
        let Values {
            gradient: to,
            stride,
            ..
        } = &mut self.values[self.layers.len()];
        to[row * *stride..][..DIGITS].copy_from_slice(gradient);
    }

    /// The gradient for the images that were shown, `[n, 784]`, from that for the logits.
    pub fn backward(&mut self, pixels: &mut [f32], shift: [i32; 2]) {
        for (index, layer) in self.layers.iter_mut().enumerate().rev() {
            let [from, to] = &mut self.values[index..index + 2] else {
                unreachable!("there are values on both sides of a layer")
            };
            let outputs = to.bent.chunks_exact(to.stride);
            let gradients = outputs.zip(to.gradient.chunks_exact(to.stride));
            let mut winners = to.winners.chunks_exact(to.stride);
            let inputs = from.gradient.chunks_exact_mut(from.stride);
            for (input, (output, gradient)) in inputs.zip(gradients) {
                match layer {
                    Layer::Dense(it) => it.backward(output, gradient, input),
                    Layer::Convolution(it) => {
                        let winners = winners.next().expect("a convolution has winners");
                        it.backward(output, winners, gradient, input);
                    }
                    Layer::Average(it) => it.backward(gradient, input),
                }
            }
        }
        let shown = &self.values[0];
        let maps = shown.maps.expect("images are maps");
        let deviation = self.input.deviation as f32;
        let rows = shown.gradient.chunks_exact(shown.stride);
        for (gradient, pixels) in rows.zip(pixels.chunks_exact_mut(PIXELS)) {
            for row in 0..SIDE {
                let to = &mut pixels[row * SIDE..][..SIDE];
                match moved(row, -shift[1]) {
                    Some(row) => copy_moved(&gradient[maps.row(row)], to, -shift[0]),
                    None => to.fill(0.0),
                }
            }
            if deviation != 1.0 {
                pixels.iter_mut().for_each(|it| *it /= deviation);
            }
        }
    }

    /// Shows images to the first layer: moved, then normalised.
    fn show(&mut self, images: &[f32], shift: [i32; 2]) {
        let (mean, deviation) = (self.input.mean as f32, self.input.deviation as f32);
        let shown = &mut self.values[0];
        let maps = shown.maps.expect("images are maps");
        let rows = shown.bent.chunks_exact_mut(shown.stride);
        for (shown, image) in rows.zip(images.chunks_exact(PIXELS)) {
            for row in 0..SIDE {
                let to = &mut shown[maps.row(row)];
                match moved(row, shift[1]) {
                    Some(row) => copy_moved(&image[row * SIDE..][..SIDE], to, shift[0]),
                    None => to.fill(0.0),
                }
                if self.input != Input::default() {
                    to.iter_mut().for_each(|it| *it = (*it - mean) / deviation);
                }
            }
        }
    }
}

/// The border that a layer reads its input with.
fn border(layer: Option<&plan::Layer>) -> [usize; 2] {
    match layer {
        Some(plan::Layer::Convolution(it)) => it.padding,
        _ => [0, 0],
    }
}

/// Where what is here came from, if it was within the image.
fn moved(place: usize, shift: i32) -> Option<usize> {
    let from = place as i32 - shift;
    (0..SIDE as i32).contains(&from).then_some(from as usize)
}

/// Copies a row, moved to the right; zeros come in.
fn copy_moved(from: &[f32], to: &mut [f32], shift: i32) {
    let apart = (shift.unsigned_abs() as usize).min(SIDE);
    let rest = SIDE - apart;
    if shift < 0 {
        to[..rest].copy_from_slice(&from[apart..]);
        to[rest..].fill(0.0);
    } else {
        to[apart..].copy_from_slice(&from[..rest]);
        to[..apart].fill(0.0);
    }
}
