//! The mean and the principal components of the training images, in numbers.

use crate::network::architecture::PIXELS;

/// The mean and the principal components of the training images.
#[derive(Clone, Debug, PartialEq)]
pub struct Pca {
    /// The mean image, 784 pixels in [0, 1].
    pub mean: Vec<f32>,
    /// `[rank, 784]`: orthogonal images, each as long as the standard deviation of the training
    /// images in its direction, the longest first. The largest number in each is positive.
    pub components: Vec<f32>,
}

impl Pca {
    /// How many components there are.
    pub fn rank(&self) -> usize {
        self.components.len() / PIXELS
    }
}
