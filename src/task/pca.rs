//! The mean and the principal components of the training images, in numbers.

use crate::network::PIXELS;

/// The mean and the principal components of the training images.
#[derive(Clone, Debug, PartialEq)]
pub struct Pca {
    /// The mean image, 784 pixels in [0, 1].
    pub mean: Vec<f32>,
    /// `[rank, 784]`: orthogonal images, sorted by length, longest first. The length of each is the
    /// standard deviation of the training images in its direction. Its largest number is positive.
    pub components: Vec<f32>,
}

impl Pca {
    /// How many components there are.
    pub fn rank(&self) -> usize {
        self.components.len() / PIXELS
    }
}
