//! The kernel of [`super::wgsl`], launched through Burn's own client, CubeCL's, on Burn's own buffers.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use burn_wgpu::{CubeDim, CubeTensor, KernelSource, SourceKernel, SourceTemplate, Wgpu};
use cubecl::prelude::{CubeCount, KernelId};
use cubecl::server::KernelArguments;

use super::orders::Orders;
use super::plan::Plan;
use super::programs::{Given, Programs};
use super::wgsl::{self, Division, Kernel, numbers};
use crate::device::upload;
use crate::frame::Frame;

/// Iterations on the GPU, for one batch of rows.
pub struct Cube {
    plan: Arc<Plan>,
    division: Division,
    constants: CubeTensor,
    components: Option<CubeTensor>,
    /// See [`wgsl::Buffer::Start`].
    start: CubeTensor,
    programs: Programs<Program>,
    device: Device,
}

/// A kernel that knows its name.
#[derive(Clone)]
struct Program {
    kernel: Arc<Kernel>,
    hash: u64,
    workspace: Option<CubeTensor>,
}

impl Cube {
    /// Iterations of `plan`, with its constants, the components that images are made of, if they are,
    /// and [`numbers::start`], all of which lie on the GPU.
    pub fn new(
        plan: Arc<Plan>,
        division: Division,
        constants: Tensor<1>,
        components: Option<Tensor<1>>,
        start: Tensor<1>,
    ) -> Self {
        Self {
            plan,
            division,
            device: constants.device(),
            constants: on_gpu(constants),
            components: components.map(on_gpu),
            start: on_gpu(start),
            programs: Programs::default(),
        }
    }

    /// Goes on from `before`, which begins as a frame does and holds its state; returns a frame. Waits
    /// for nothing.
    pub fn run(&mut self, before: Tensor<1>, orders: &Orders) -> Tensor<1> {
        let blurs = orders.blur.is_some();
        let program = (self.programs).get(blurs, || {
            let kernel = wgsl::kernel(&self.plan, self.division, blurs);
            Program::new(kernel, &self.device)
        });
        let length = Frame::length(
            self.division.rows,
            self.plan.parameters(),
            orders.iterations.len(),
        );
        let frame = on_gpu(Tensor::empty([length], &self.device));
        let before = on_gpu(before);
        let asked = numbers::orders(&self.plan, self.division.rows, orders);
        let asked = on_gpu(upload(asked, &self.device));
        let given = Given {
            constants: &self.constants,
            components: self.components.as_ref(),
            before: &before,
            orders: &asked,
            start: &self.start,
            frame: &frame,
            workspace: program.workspace.as_ref(),
        };
        let buffers = (program.kernel.buffers.iter())
            .map(|buffer| given.at(*buffer).handle.clone().binding())
            .collect();
        frame.client.launch(
            Box::new(SourceKernel::new(
                program.clone(),
                CubeDim::new_1d(self.division.lanes as u32),
            )),
            CubeCount::Static(self.division.groups() as u32, 1, 1),
            KernelArguments::new().with_buffers(buffers),
        );
        Tensor::from_primitive::<Wgpu>(frame)
    }
}

impl Program {
    fn new(kernel: Kernel, device: &Device) -> Self {
        let mut hasher = DefaultHasher::new();
        kernel.text.hash(&mut hasher);
        Self {
            hash: hasher.finish(),
            workspace: (kernel.workspace).map(|length| on_gpu(Tensor::empty([length], device))),
            kernel: Arc::new(kernel),
        }
    }
}

impl KernelSource for Program {
    fn source(&self) -> SourceTemplate {
        SourceTemplate::new(self.kernel.text.as_str())
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info(self.hash)
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}

/// A tensor's buffer.
fn on_gpu(tensor: Tensor<1>) -> CubeTensor {
    (tensor.try_into_primitive::<Wgpu>()).expect("the tensor lies on the GPU")
}
