//! Fused iterations between tensors of Burn's, wherever these lie.

#[cfg(feature = "flex")]
use std::ops::Range;

use burn::tensor::{Device, Tensor};

use super::Fused;
#[cfg(feature = "webgpu")]
use super::gpu::Gpu;
#[cfg(feature = "flex")]
use super::host::Host;
use super::orders::Orders;
use crate::device::upload;

/// A batch of rows that fused iterations are made on.
pub enum Batch {
    #[cfg(feature = "flex")]
    Host {
        host: Box<Host>,
        /// Where a frame has its state.
        state: Range<usize>,
    },
    #[cfg(feature = "webgpu")]
    Gpu(Box<Gpu>),
}

impl Batch {
    /// Ready to iterate on a device: a digit a row, and the start images, 784 pixels a row.
    pub fn new(fused: &Fused, rows: &[u16], start: &[f32], device: &Device) -> Self {
        #[cfg(feature = "flex")]
        if crate::device::is_host(device) {
            let state = 3 * rows.len() * fused.plan.parameters();
            return Self::Host {
                host: Box::new(fused.host(rows, start)),
                state: start.len()..start.len() + state,
            };
        }
        #[cfg(feature = "webgpu")]
        return Self::on_gpu(fused, rows, start, device);
        #[cfg(not(feature = "webgpu"))]
        unreachable!("without a GPU, every device is the CPU");
    }

    #[cfg(feature = "webgpu")]
    fn on_gpu(fused: &Fused, rows: &[u16], start: &[f32], device: &Device) -> Self {
        let constants = (fused.uploaded).get_or_init(|| upload(fused.constants(), device));
        let gpu = Gpu::new(fused.plan.clone(), constants, rows, start);
        Self::Gpu(Box::new(gpu))
    }

    /// Makes the iterations that are ordered. `before` begins as a [`Frame`]'s values do, up to the end
    /// of its state; what comes back is all of a frame's values.
    ///
    /// [`Frame`]: crate::frame::Frame
    pub fn run(&mut self, before: Tensor<1>, orders: &Orders) -> Tensor<1> {
        match self {
            #[cfg(feature = "flex")]
            Self::Host { host, state } => {
                let device = before.device();
                let before: Vec<f32> =
                    (before.into_data().try_into_vec()).expect("the tensor holds f32");
                upload(host.run(&before[state.clone()], orders), &device)
            }
            #[cfg(feature = "webgpu")]
            Self::Gpu(gpu) => gpu.run(before, orders),
        }
    }
}
