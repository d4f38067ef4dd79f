//! The kernel of [`super::wgsl`], launched through CubeCL, Burn's own client, on Burn's own buffers.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use burn_wgpu::{CubeDim, CubeTensor, KernelSource, SourceKernel, SourceTemplate, Wgpu};
use cubecl::prelude::{CubeCount, KernelId};
use cubecl::server::KernelArguments;

use super::executor::Executor;
use super::plan::Plan;
use super::schedule::Schedule;
use super::wgsl::buffers::{Buffer, ReadOnly};
use super::wgsl::workgroups::Workgroups;
use super::wgsl::{self, Kernel, parameters};
use crate::reference::device::upload;
use crate::task::Settings;
use crate::task::Snapshot;

/// Iterations in one launch on a GPU, at most: a slow GPU needs a millisecond for each, however little
/// there is to multiply.
const LONGEST_LAUNCH: usize = 100;

/// Iterations on the GPU, for one batch of rows.
pub struct GpuExecutor {
    plan: Arc<Plan>,
    workgroups: Workgroups,
    constants: CubeTensor,
    components: Option<CubeTensor>,
    /// See [`parameters::start`].
    start: CubeTensor,
    /// The kernel without a blur of the gradient. Made when it is first needed.
    plain: Option<Program>,
    /// The kernel with a blur of the gradient. Made when it is first needed.
    blurring: Option<Program>,
    device: Device,
}

/// A kernel, and the hash that Burn knows it by.
#[derive(Clone)]
struct Program {
    kernel: Arc<Kernel>,
    hash: u64,
    workspace: Option<CubeTensor>,
}

impl GpuExecutor {
    /// Iterations of `plan` with its constants. `components` are the principal components, if the plan needs
    /// them; `start` is [`parameters::start`]. All tensors lie on the GPU.
    pub fn new(
        plan: Arc<Plan>,
        workgroups: Workgroups,
        constants: Tensor<1>,
        components: Option<Tensor<1>>,
        start: Tensor<1>,
    ) -> Self {
        Self {
            plan,
            workgroups,
            device: constants.device(),
            constants: on_gpu(constants),
            components: components.map(on_gpu),
            start: on_gpu(start),
            plain: None,
            blurring: None,
        }
    }

    /// The kernel that blurs the gradient, or the one that does not.
    fn program(&mut self, blurs: bool) -> Program {
        let known = match blurs {
            true => &mut self.blurring,
            false => &mut self.plain,
        };
        let (plan, workgroups, device) = (&self.plan, self.workgroups, &self.device);
        let make = || {
            let kernel = wgsl::kernel(plan, workgroups, blurs, ReadOnly::here());
            Program::new(kernel, device)
        };
        known.get_or_insert_with(make).clone()
    }
}

impl Executor for GpuExecutor {
    /// Covers everything but diversity, which makes rows depend on each other: rows are in different
    /// workgroups, which cannot wait for one another.
    fn covers(&self, settings: &Settings) -> bool {
        settings.regularizers().diversity == 0.0
    }

    fn longest_launch(&self) -> usize {
        LONGEST_LAUNCH
    }

    fn run(&mut self, before: Tensor<1>, schedule: &Schedule) -> Tensor<1> {
        let program = self.program(schedule.blur.is_some());
        let rows = self.workgroups.rows;
        let length = Snapshot::length(rows, self.plan.parameters(), schedule.iterations.len());
        let snapshot = on_gpu(Tensor::empty([length], &self.device));
        let before = on_gpu(before);
        let asked = parameters::schedule(&self.plan, rows, schedule);
        let asked = on_gpu(upload(asked, &self.device));
        let bound = |buffer: &Buffer| match buffer {
            Buffer::Matrices | Buffer::Weights => &self.constants,
            Buffer::Components => (self.components.as_ref()).expect("images are made of them"),
            Buffer::Before => &before,
            Buffer::Schedule => &asked,
            Buffer::Start => &self.start,
            Buffer::Snapshot => &snapshot,
            Buffer::Workspace => (program.workspace.as_ref()).expect("made with the program"),
        };
        let buffers = (program.kernel.buffers.iter())
            .map(|buffer| bound(buffer).handle.clone().binding())
            .collect();
        snapshot.client.launch(
            Box::new(SourceKernel::new(
                program.clone(),
                CubeDim::new_1d(self.workgroups.size as u32),
            )),
            CubeCount::Static(self.workgroups.count() as u32, 1, 1),
            KernelArguments::new().with_buffers(buffers),
        );
        Tensor::from_primitive::<Wgpu>(snapshot)
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
