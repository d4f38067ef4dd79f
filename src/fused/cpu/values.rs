//! What lies between two layers.

use super::buffer::Buffer;
use super::layout::Layout;

/// The activated values that one layer writes and the next one reads, and the gradient of the loss
/// with respect to them: `[n, layout.stride()]`.
pub struct Values {
    pub layout: Layout,
    /// After the activation function, if the layer has one.
    pub activated: Buffer,
    pub gradient: Buffer,
}

impl Values {
    /// Zeros, for so many images.
    pub fn new(layout: Layout, images: usize) -> Self {
        Self {
            layout,
            activated: Buffer::new(images * layout.stride()),
            gradient: Buffer::new(images * layout.stride()),
        }
    }
}
