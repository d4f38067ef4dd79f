//! The layers of a network, and what lies between them.

use super::average::Average;
use super::convolution::{Convolution, Shape};
use super::dense::Dense;
use super::hidden_unit::Units;
use super::maps::Maps;
use super::objective::Answer;
use super::values::Values;
use crate::fused::plan::{self, Plan};
use crate::network::architecture::{DIGITS, Input, PIXELS, SIDE};
use crate::network::parameters::Parameters;

/// The layers of a network, which all its batches share.
pub struct Layers {
    input: Input,
    layers: Vec<Layer>,
    /// Of what the first layer is shown, then of what each layer makes of it.
    maps: Vec<Maps>,
}

/// A network, and what it last made of a batch.
pub struct Stack {
    input: Input,
    layers: Vec<Layer>,
    /// What the first layer is shown, then what each layer makes of it.
    values: Vec<Values>,
}

enum Layer {
    Dense(Dense),
    Convolution(Box<Convolution>),
    Average(Average),
}

impl Layers {
    /// The plan's, with these parameters.
    pub fn new(plan: &Plan, parameters: &Parameters) -> Self {
        let mut parameters = parameters.layers.iter();
        let mut next = || parameters.next().expect("one for each in the plan");
        let mut from = Maps {
            channels: 1,
            size: [SIDE, SIDE],
            border: border(plan.layers.first()),
        };
        let mut layers = Vec::new();
        let mut all = vec![from];
        for (index, layer) in plan.layers.iter().enumerate() {
            let maps = |channels, size| Maps {
                channels,
                size,
                border: border(plan.layers.get(index + 1)),
            };
            let (layer, to) = match layer {
                plan::Layer::Dense(it) => {
                    let dense = Dense::new(it, plan.activation, from, next());
                    (Layer::Dense(dense), Maps::units(it.units))
                }
                plan::Layer::Convolution(it) => {
                    let shape = Shape {
                        from,
                        to: maps(it.filters, it.pooled),
                        kernel: it.kernel,
                        pool: it.pool,
                        activation: plan.activation,
                    };
                    let convolution = Convolution::new(it, shape, next());
                    (Layer::Convolution(Box::new(convolution)), shape.to)
                }
                plan::Layer::Average(it) => {
                    let average = Average { pool: it.pool };
                    (Layer::Average(average), maps(it.maps, it.pooled))
                }
            };
            layers.push(layer);
            all.push(to);
            from = to;
        }
        Self {
            input: plan.input,
            layers,
            maps: all,
        }
    }

    /// With room for what they make of so many rows.
    pub fn for_rows(&self, rows: usize) -> Stack {
        let layer = |layer: &Layer| match layer {
            Layer::Dense(it) => Layer::Dense(it.clone()),
            Layer::Convolution(it) => Layer::Convolution(Box::new(it.for_rows(rows))),
            Layer::Average(it) => Layer::Average(*it),
        };
        Stack {
            input: self.input,
            layers: self.layers.iter().map(layer).collect(),
            values: (self.maps.iter())
                .map(|maps| Values::new(*maps, rows))
                .collect(),
        }
    }
}

impl Stack {
    /// What it makes of images, `[n, 784]`, that are moved so many pixels to the right, and down.
    pub fn forward(&mut self, images: &[f32], shift: [i32; 2]) {
        self.show(images, shift);
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

    /// The logits of a row.
    pub fn logits(&self, row: usize) -> Answer {
        let Values {
            activated, stride, ..
        } = &self.values[self.layers.len()];
        std::array::from_fn(|digit| activated[row * stride + digit])
    }

    /// What a layer reads, or what the last one makes.
    pub fn values(&self, layer: usize) -> &Values {
        &self.values[layer]
    }

    /// The gradient for the images that were shown, `[n, 784]`. `objective` tells that for a row's logits,
    /// from the logits.
    pub fn backward(
        &mut self,
        objective: impl Fn(usize, &Answer) -> Answer,
        pixels: &mut [f32],
        shift: [i32; 2],
    ) {
        let last = &mut self.values[self.layers.len()];
        let rows = last.activated.chunks_exact(last.stride);
        let rows = rows.zip(last.gradient.chunks_exact_mut(last.stride));
        for (row, (activated, gradient)) in rows.enumerate() {
            let logits = activated.as_chunks().0[0];
            gradient[..DIGITS].copy_from_slice(&objective(row, &logits));
        }
        self.go_back(self.layers.len(), pixels, shift);
    }

    /// The same, where units are asked for.
    pub fn backward_from(&mut self, units: &Units, pixels: &mut [f32], shift: [i32; 2]) {
        units.blame(&mut self.values[units.below]);
        self.go_back(units.below, pixels, shift);
    }

    /// From the gradient of what the first `layers` of them make to that of the images.
    fn go_back(&mut self, layers: usize, pixels: &mut [f32], shift: [i32; 2]) {
        for (index, layer) in self.layers[..layers].iter_mut().enumerate().rev() {
            let (before, behind) = self.values.split_at_mut(index + 1);
            let (from, to) = (&mut before[index], &behind[0]);
            match layer {
                Layer::Dense(it) => it.backward(from, to),
                Layer::Convolution(it) => it.backward(from, to),
                Layer::Average(it) => it.backward(from, to),
            }
        }
        let Values {
            maps,
            stride,
            gradient,
            ..
        } = &self.values[0];
        let std = self.input.std as f32;
        let mut line = Line::default();
        let images = gradient.chunks_exact(*stride);
        for (gradient, pixels) in images.zip(pixels.chunks_exact_mut(PIXELS)) {
            for (row, to) in pixels.as_chunks_mut::<SIDE>().0.iter_mut().enumerate() {
                *to = match moved(row, -shift[1]) {
                    Some(row) => line.moved(&gradient[maps.at(row, 0)..], -shift[0]),
                    None => [0.0; SIDE],
                };
                if std != 1.0 {
                    to.iter_mut().for_each(|it| *it /= std);
                }
            }
        }
    }

    /// Shows images to the first layer: moved, then normalized.
    fn show(&mut self, images: &[f32], shift: [i32; 2]) {
        let (mean, std) = (self.input.mean as f32, self.input.std as f32);
        let Values {
            maps,
            stride,
            activated,
            ..
        } = &mut self.values[0];
        let mut line = Line::default();
        let images = images.chunks_exact(PIXELS);
        for (shown, image) in activated.chunks_exact_mut(*stride).zip(images) {
            for row in 0..SIDE {
                let mut pixels = match moved(row, shift[1]) {
                    Some(row) => line.moved(&image[row * SIDE..], shift[0]),
                    None => [0.0; SIDE],
                };
                if self.input != Input::default() {
                    (pixels.iter_mut()).for_each(|it| *it = (*it - mean) / std);
                }
                shown[maps.at(row, 0)..][..SIDE].copy_from_slice(&pixels);
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

/// A row of pixels between zeros.
struct Line([f32; 3 * SIDE]);

impl Default for Line {
    fn default() -> Self {
        Self([0.0; 3 * SIDE])
    }
}

impl Line {
    /// The row that begins these pixels, moved to the right.
    fn moved(&mut self, pixels: &[f32], shift: i32) -> [f32; SIDE] {
        self.0[SIDE..2 * SIDE].copy_from_slice(&pixels[..SIDE]);
        let start = (SIDE as i32 - shift).clamp(0, 2 * SIDE as i32) as usize;
        self.0[start..].as_chunks().0[0]
    }
}
