//! Whole iterations at once, for speed: what [`Maximizer`] does in some ninety launches of Burn's
//! kernels a step, in one launch for any number of steps on the GPU, or one loop on the CPU.
//!
//! | module | what it holds |
//! |---|---|
//! | [`plan`] | the iteration as a list of steps, with its gradient worked out by hand |
//! | [`constants`] | weights and the like, at the places that the plan gave them |
//! | [`orders`] | what a call asks of its iterations |
//! | [`iterate`] | what makes iterations: one of the two that follow |
//! | [`host`] | the plan as loops |
//! | [`wgsl`], `programs`, `gpu` | the plan as a WebGPU kernel, and its launch on wgpu (feature `gpu`) |
//! | `cube`, `batch` | its launch through Burn (feature `webgpu`); either, between tensors of Burn's |
//!
//! [`Maximizer`] stays what it is held to: the tests compare every setting that a plan covers.
//!
//! [`Maximizer`]: crate::Maximizer

#[cfg(feature = "burn")]
mod batch;
pub mod constants;
#[cfg(feature = "webgpu")]
mod cube;
#[cfg(feature = "gpu")]
pub mod gpu;
pub mod host;
pub mod iterate;
pub mod orders;
pub mod plan;
#[cfg(any(feature = "gpu", feature = "webgpu"))]
mod programs;
pub mod wgsl;

use std::sync::{Arc, OnceLock};

#[cfg(feature = "burn")]
pub use self::batch::Batch;
#[cfg(feature = "gpu")]
use self::gpu::Gpu;
use self::host::Host;
use self::plan::Plan;
use crate::form::Form;
use crate::parameters::Parameters;
use crate::settings::Settings;
use crate::task::Task;
#[cfg(feature = "gpu")]
use crate::webgpu::WebGpu;

/// A network's fused iteration for a goal and a form: made once, for any number of runs.
#[derive(Clone)]
pub struct Fused {
    plan: Arc<Plan>,
    parameters: Parameters,
    form: Form,
    /// The constants, once they are needed on the CPU.
    packed: Arc<OnceLock<Vec<f32>>>,
    /// The constants, once they are needed on the GPU.
    #[cfg(feature = "gpu")]
    on_gpu: Arc<OnceLock<wgpu::Buffer>>,
    /// The constants, once Burn needs them on the GPU.
    #[cfg(feature = "webgpu")]
    uploaded: Arc<OnceLock<burn::tensor::Tensor<1>>>,
}

impl Fused {
    /// The fused iteration of a task, if there is one: see [`plan`] for what has none.
    pub fn new(parameters: &Parameters, task: &Task) -> Option<Self> {
        let plan = Plan::new(&parameters.architecture, &task.goal, &task.form)?;
        Some(Self {
            plan: Arc::new(plan),
            parameters: parameters.clone(),
            form: task.form.clone(),
            packed: Arc::default(),
            #[cfg(feature = "gpu")]
            on_gpu: Arc::default(),
            #[cfg(feature = "webgpu")]
            uploaded: Arc::default(),
        })
    }

    /// Whether it has all that these settings ask for.
    pub fn covers(&self, settings: &Settings) -> bool {
        self.plan.covers(settings)
    }

    fn constants(&self) -> Vec<f32> {
        constants::pack(&self.plan, &self.parameters, &self.form)
    }

    /// Ready to iterate on the CPU: a digit a row, and the start images, 784 pixels a row.
    pub fn host(&self, rows: &[u16], start: &[f32]) -> Host {
        let digits = rows.iter().map(|&digit| usize::from(digit)).collect();
        let plan = (*self.plan).clone();
        let constants = self.packed.get_or_init(|| self.constants());
        Host::new(plan, constants, digits, start.to_vec())
    }

    /// Ready to iterate on a GPU, which is the same every time: a digit a row, and the start images,
    /// 784 pixels a row.
    #[cfg(feature = "gpu")]
    pub fn gpu(&self, on: &WebGpu, rows: &[u16], start: &[f32]) -> Gpu {
        let constants = self.on_gpu.get_or_init(|| on.upload(&self.constants()));
        Gpu::new(on, self.plan.clone(), constants.clone(), rows, start)
    }
}
