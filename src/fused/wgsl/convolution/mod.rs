//! Convolutions, with the activation function and max pooling. Loading numbers one by one takes most of
//! the time, so an invocation computes a tile of neighboring outputs from what it has loaded.

mod backward;
mod forward;

use super::buffers::Buffer;
use super::writer::Writer;
use crate::fused::plan::Convolution;

impl Writer<'_> {
    pub(super) fn convolution(&mut self, index: usize, it: &Convolution) {
        self.buffers.insert(Buffer::Weights);
        let body = self.convolution_forward(it);
        self.pass_forward(index, &body);
        let body = self.convolution_backward(it);
        self.pass_backward(index, &body);
    }
}
