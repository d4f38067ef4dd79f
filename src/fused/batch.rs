//! Fused iterations between tensors of Burn's, wherever these lie.

#[cfg(feature = "flex")]
use std::sync::Arc;

use burn::tensor::{Device, Tensor};

use super::Fused;
#[cfg(feature = "webgpu")]
use super::constants;
#[cfg(feature = "webgpu")]
use super::cube::Cube;
use super::orders::Orders;
#[cfg(feature = "webgpu")]
use super::wgsl::numbers;
#[cfg(feature = "flex")]
use super::{host::Host, iterate::Iterate};
use crate::device::upload;
#[cfg(feature = "webgpu")]
use crate::work::LONGEST_LAUNCH;

/// A batch of rows that fused iterations are made on.
pub enum Batch {
    #[cfg(feature = "flex")]
    Host(Box<Host>),
    #[cfg(feature = "webgpu")]
    Cube(Box<Cube>),
}

impl Batch {
    /// Ready to iterate on a device: a digit a row, and the start images, 784 pixels a row.
    pub fn new(fused: &Fused, rows: &[u16], start: &[f32], device: &Device) -> Self {
        #[cfg(feature = "flex")]
        if crate::device::is_host(device) {
            return Self::Host(Box::new(fused.host(rows, start)));
        }
        #[cfg(feature = "webgpu")]
        return Self::cube(fused, rows, start, device);
        #[cfg(not(feature = "webgpu"))]
        unreachable!("without a GPU, every device is the CPU");
    }

    #[cfg(feature = "webgpu")]
    fn cube(fused: &Fused, rows: &[u16], start: &[f32], device: &Device) -> Self {
        let shared = fused.weights.shared();
        let constants = (shared.uploaded).get_or_init(|| upload(fused.constants(), device));
        let components = fused.components().map(|(plan, prior)| {
            let upload = || upload(constants::of_prior(plan, prior), device);
            shared.uploaded_components.get(prior, upload)
        });
        let start = upload(numbers::start(rows, start, &fused.units(rows)), device);
        let division = fused.division(crate::device::simulated(), rows);
        let plan = fused.plan.clone();
        let cube = Cube::new(plan, division, constants.clone(), components, start);
        Self::Cube(Box::new(cube))
    }

    /// How many iterations are ordered at once, at most, however little work they are.
    pub fn longest_launch(&self) -> usize {
        match self {
            #[cfg(feature = "flex")]
            Self::Host(_) => Host::LONGEST_LAUNCH,
            #[cfg(feature = "webgpu")]
            Self::Cube(_) => LONGEST_LAUNCH,
        }
    }

    /// Makes the iterations that are ordered. `before` begins as a [`Frame`]'s values do, up to the end
    /// of its state; what comes back is all of a frame's values.
    ///
    /// [`Frame`]: crate::frame::Frame
    pub fn run(&mut self, before: Tensor<1>, orders: &Orders) -> Tensor<1> {
        match self {
            #[cfg(feature = "flex")]
            Self::Host(host) => {
                let device = before.device();
                let before = (before.into_data().try_into_vec()).expect("the tensor holds f32");
                let values = host.run(&Arc::new(before), orders);
                upload(Arc::unwrap_or_clone(values), &device)
            }
            #[cfg(feature = "webgpu")]
            Self::Cube(cube) => cube.run(before, orders),
        }
    }
}
