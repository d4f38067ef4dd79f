//! The kernel of [`super::wgsl`], launched through Burn's own client, CubeCL's, on Burn's own buffers.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use burn_wgpu::{CubeDim, CubeTensor, KernelSource, SourceKernel, SourceTemplate, Wgpu};
use cubecl::prelude::{CubeCount, KernelId};
use cubecl::server::KernelArguments;

use super::orders::Orders;
use super::plan::Plan;
use super::wgsl::{self, Buffer, Division, Kernel, numbers};
use crate::device::{self, upload};
use crate::frame::Frame;

/// Iterations on the GPU, for one batch of rows.
pub struct Cube {
    plan: Arc<Plan>,
    division: Division,
    constants: CubeTensor,
    /// See [`Buffer::Start`].
    start: CubeTensor,
    workspace: Option<CubeTensor>,
    plain: Option<Program>,
    blurring: Option<Program>,
    device: Device,
}

/// A kernel that knows its name.
#[derive(Clone)]
struct Program {
    kernel: Arc<Kernel>,
    hash: u64,
    lanes: usize,
}

impl Cube {
    /// Iterations of `plan`, with its constants, which lie on the GPU. `start` holds the start images,
    /// 784 pixels a row.
    pub fn new(plan: Arc<Plan>, constants: &Tensor<1>, rows: &[u16], start: &[f32]) -> Self {
        let device = constants.device();
        Self {
            plan,
            division: Division::on(device::simulated(), rows.len()),
            constants: on_gpu(constants.clone()),
            start: on_gpu(upload(numbers::start(rows, start), &device)),
            workspace: None,
            plain: None,
            blurring: None,
            device,
        }
    }

    /// Goes on from `before`, which begins as a frame does and holds its state; returns a frame. Waits
    /// for nothing.
    pub fn run(&mut self, before: Tensor<1>, orders: &Orders) -> Tensor<1> {
        let program = self.program(orders.blur.is_some());
        let length = Frame::length(
            self.division.rows,
            self.plan.parameters(),
            orders.iterations.len(),
        );
        let frame = on_gpu(Tensor::empty([length], &self.device));
        let before = on_gpu(before);
        let asked = numbers::orders(&self.plan, self.division.rows, orders);
        let asked = on_gpu(upload(asked, &self.device));
        let buffers = (program.kernel.buffers.iter())
            .map(|buffer| {
                let tensor = match buffer {
                    Buffer::Matrices | Buffer::Weights => &self.constants,
                    Buffer::Before => &before,
                    Buffer::Orders => &asked,
                    Buffer::Start => &self.start,
                    Buffer::Frame => &frame,
                    Buffer::Workspace => self.workspace.as_ref().expect("made with the program"),
                };
                tensor.handle.clone().binding()
            })
            .collect();
        frame.client.launch(
            Box::new(SourceKernel::new(
                program.clone(),
                CubeDim::new_1d(program.lanes as u32),
            )),
            CubeCount::Static(self.division.groups() as u32, 1, 1),
            KernelArguments::new().with_buffers(buffers),
        );
        Tensor::from_primitive::<Wgpu>(frame)
    }

    /// The kernel, with the blur or without, made when it is first needed.
    fn program(&mut self, blurs: bool) -> Program {
        let known = match blurs {
            true => &mut self.blurring,
            false => &mut self.plain,
        };
        let program = known
            .get_or_insert_with(|| {
                Program::new(
                    wgsl::kernel(&self.plan, self.division, blurs),
                    self.division.lanes,
                )
            })
            .clone();
        if let Some(each) = program.kernel.workspace {
            let length = each * self.division.groups();
            let enough = |it: &CubeTensor| it.meta.shape()[0] >= length;
            if !self.workspace.as_ref().is_some_and(enough) {
                self.workspace = Some(on_gpu(Tensor::empty([length], &self.device)));
            }
        }
        program
    }
}

impl Program {
    fn new(kernel: Kernel, lanes: usize) -> Self {
        let mut hasher = DefaultHasher::new();
        kernel.text.hash(&mut hasher);
        Self {
            kernel: Arc::new(kernel),
            hash: hasher.finish(),
            lanes,
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
