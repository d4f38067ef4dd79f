//! Images of MNIST and their labels.

use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::network::{DIGITS, PIXELS, SIDE};

/// Labeled images, one byte for each pixel.
#[derive(Clone, Debug)]
pub struct Images {
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

impl Images {
    pub(super) fn new(pixels: Vec<u8>, labels: Vec<u8>) -> Self {
        Self { pixels, labels }
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// All pixels, 0 to 255, `[n, 28, 28]`.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The digit that each image shows, 0 to 9.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// Every `n`-th image. The first half of MNIST's test images comes from another source than the second
    /// and is easier, so a sample must have its share of both.
    pub fn every(&self, n: usize) -> Self {
        Self {
            pixels: (self
                .pixels
                .chunks_exact(PIXELS)
                .step_by(n)
                .flatten()
                .copied())
            .collect(),
            labels: self.labels.iter().copied().step_by(n).collect(),
        }
    }

    /// The first `count` images.
    pub fn first(&self, count: usize) -> Self {
        Self {
            pixels: self.pixels[..count * PIXELS].to_vec(),
            labels: self.labels[..count].to_vec(),
        }
    }

    /// The images at `indices` as `[n, 1, 28, 28]` with pixels in [0, 1], and their labels `[n]`.
    pub fn batch(&self, indices: &[usize], device: &Device) -> (Tensor<4>, Tensor<1, Int>) {
        let pixels: Vec<f32> = (indices.iter())
            .flat_map(|&index| &self.pixels[index * PIXELS..][..PIXELS])
            .map(|&pixel| f32::from(pixel) / 255.0)
            .collect();
        let labels: Vec<i32> = (indices.iter())
            .map(|&index| i32::from(self.labels[index]))
            .collect();
        let count = indices.len();
        (
            Tensor::from_data(TensorData::new(pixels, [count, 1, SIDE, SIDE]), device),
            Tensor::from_data(TensorData::new(labels, [count]), device),
        )
    }

    /// The mean image of each of the ten classes, `[10, 28, 28]`, pixels in [0, 1].
    pub fn class_means(&self) -> Vec<f32> {
        let mut sums = vec![0_u64; DIGITS * PIXELS];
        let mut counts = [0_u64; DIGITS];
        for (pixels, &label) in self.pixels.chunks_exact(PIXELS).zip(&self.labels) {
            let class = usize::from(label);
            counts[class] += 1;
            for (sum, &pixel) in sums[class * PIXELS..].iter_mut().zip(pixels) {
                *sum += u64::from(pixel);
            }
        }
        (sums.iter().enumerate())
            .map(|(at, &sum)| sum as f64 / (255 * counts[at / PIXELS].max(1)) as f64)
            .map(|mean| mean as f32)
            .collect()
    }

    /// Splits off the images from index `at` on.
    pub(super) fn split_off(&mut self, at: usize) -> Self {
        Self {
            pixels: self.pixels.split_off(at * PIXELS),
            labels: self.labels.split_off(at),
        }
    }
}
