//! Whole iterations at once, for speed: what [`Maximizer`] does in some ninety launches of Burn's
//! kernels a step, in one launch for any number of steps on the GPU, or one loop on the CPU.
//!
//! | module | what it holds |
//! |---|---|
//! | [`plan`] | the iteration as a list of steps, with its gradient worked out by hand |
//! | [`Weights`] | a network's weights, as each device reads them, once for all its runs |
//! | [`hidden_unit`] | neurons and channels as linear functions of what their layer reads |
//! | [`schedule`] | settings and step parameters of some iterations, in numbers |
//! | [`executor`] | what computes iterations: one of the two that follow |
//! | `cpu` | the plan as loops (feature `cpu`) |
//! | `wgsl`, `constants`, `launch` | the plan as a WebGPU kernel, what it reads, and its launch through Burn (feature `webgpu`) |
//!
//! [`Maximizer`] is the reference: the tests compare both for every setting that an executor covers.
//!
//! [`Maximizer`]: crate::reference::Maximizer

#[cfg(feature = "webgpu")]
mod constants;
#[cfg(feature = "cpu")]
pub mod cpu;
pub mod executor;
pub mod hidden_unit;
#[cfg(feature = "webgpu")]
mod launch;
pub mod plan;
pub mod schedule;
mod weights;
#[cfg(feature = "webgpu")]
pub mod wgsl;

use std::sync::Arc;

use burn::tensor::Device;

#[cfg(feature = "cpu")]
use self::cpu::CpuExecutor;
pub use self::executor::Executor;
use self::hidden_unit::Linear;
#[cfg(feature = "webgpu")]
use self::launch::GpuExecutor;
#[cfg(feature = "webgpu")]
use self::plan::ParameterizationPlan;
use self::plan::{ObjectivePlan, Plan};
pub use self::weights::Weights;
#[cfg(feature = "webgpu")]
use self::wgsl::workgroups::{Adapter, Workgroups};
use crate::reference::device;
use crate::task::Parameterization;
use crate::task::Task;

/// A network's fused iteration for an objective and a parameterization.
#[derive(Clone)]
pub struct Fused {
    plan: Arc<Plan>,
    weights: Weights,
    parameterization: Parameterization,
    #[cfg(feature = "webgpu")]
    hardware: bool,
}

impl Fused {
    /// The fused iteration of a task, if there is one: see [`plan`] for the networks that have none.
    pub fn new(weights: &Weights, task: &Task) -> Option<Self> {
        let plan = Plan::new(
            &weights.parameters().architecture,
            &task.objective,
            &task.parameterization,
        )?;
        Some(Self {
            plan: Arc::new(plan),
            weights: weights.clone(),
            parameterization: task.parameterization.clone(),
            #[cfg(feature = "webgpu")]
            hardware: false,
        })
    }

    /// The same iteration, with the kernels for a hardware adapter even on a software one, so that tests
    /// reach these kernels without hardware.
    #[cfg(feature = "webgpu")]
    pub fn for_hardware(self) -> Self {
        Self {
            hardware: true,
            ..self
        }
    }

    /// An executor for a run on a device: `rows` has the digit or unit of each row, `start` the start images,
    /// 784 pixels a row.
    pub fn executor(&self, rows: &[u16], start: &[f32], device: &Device) -> Box<dyn Executor> {
        #[cfg(feature = "cpu")]
        if device::is_cpu(device) {
            return Box::new(self.cpu_executor(rows, start));
        }
        #[cfg(feature = "webgpu")]
        return Box::new(self.gpu_executor(rows, start, device));
        #[cfg(not(feature = "webgpu"))]
        unreachable!("without a GPU, every device is the CPU");
    }

    #[cfg(feature = "cpu")]
    fn cpu_executor(&self, rows: &[u16], start: &[f32]) -> CpuExecutor {
        let digits = rows.iter().map(|&digit| usize::from(digit)).collect();
        let shared = self.weights.shared();
        let layers =
            (shared.layers).get_or_init(|| cpu::Layers::new(&self.plan, self.weights.parameters()));
        let parameterization = match &self.parameterization {
            Parameterization::Pixels => cpu::Parameterization::Pixels,
            Parameterization::Sigmoid => cpu::Parameterization::Sigmoid,
            Parameterization::Fourier => {
                cpu::Parameterization::Fourier(Box::new(cpu::Fourier::new()))
            }
            Parameterization::Pca(pca) => {
                let components = (shared.components).get(pca, || cpu::Pca::new(pca));
                cpu::Parameterization::Pca(components)
            }
        };
        let (plan, start) = ((*self.plan).clone(), start.to_vec());
        CpuExecutor::new(
            plan,
            layers,
            parameterization,
            digits,
            start,
            self.units(rows),
        )
    }

    #[cfg(feature = "webgpu")]
    fn gpu_executor(&self, rows: &[u16], start: &[f32], device: &Device) -> GpuExecutor {
        let shared = self.weights.shared();
        let constants = (shared.uploaded).get_or_init(|| {
            let constants = constants::of_network(&self.plan, self.weights.parameters());
            device::upload(constants, device)
        });
        let components = match (&self.plan.parameterization, &self.parameterization) {
            (ParameterizationPlan::Pca(plan), Parameterization::Pca(pca)) => {
                let upload = || device::upload(constants::of_pca(plan, pca), device);
                Some(shared.uploaded_components.get(pca, upload))
            }
            _ => None,
        };
        let start = wgsl::parameters::start(rows, start, &self.units(rows));
        let start = device::upload(start, device);
        let adapter = match device::software() && !self.hardware {
            true => Adapter::Software,
            false => Adapter::Hardware,
        };
        let workgroups = Workgroups::new(adapter, rows.len());
        let plan = self.plan.clone();
        GpuExecutor::new(plan, workgroups, constants.clone(), components, start)
    }

    /// The units of these rows, for an objective of a hidden layer.
    fn units(&self, rows: &[u16]) -> Vec<Linear> {
        match &self.plan.objective {
            ObjectivePlan::Logits(_) => Vec::new(),
            ObjectivePlan::HiddenUnit(unit) => {
                Linear::of_rows(&self.plan, unit, self.weights.parameters(), rows)
            }
        }
    }
}
