//! Whole iterations at once, for speed: what [`Maximizer`] does in some ninety launches of Burn's
//! kernels a step, in one launch for any number of steps on the GPU, or one loop on the CPU.
//!
//! | module | what it holds |
//! |---|---|
//! | [`plan`] | the iteration as a list of steps, with its gradient worked out by hand |
//! | [`Weights`] | a network's weights, as each device reads them, once for all its runs |
//! | [`linear`] | what units and filters say, where they are asked for |
//! | [`orders`] | what a call asks of its iterations |
//! | [`iterate`] | what makes iterations: one of the two that follow |
//! | [`host`] | the plan as loops |
//! | [`wgsl`], `constants`, `programs`, `gpu` | the plan as a WebGPU kernel, what it reads, and its launch on wgpu (feature `gpu`) |
//! | `cube`, `batch` | its launch through Burn (feature `webgpu`); either, between tensors of Burn's |
//!
//! [`Maximizer`] stays what it is held to: the tests compare every setting that a plan covers.
//!
//! [`Maximizer`]: crate::Maximizer

#[cfg(feature = "burn")]
mod batch;
#[cfg(any(feature = "gpu", feature = "webgpu"))]
mod constants;
#[cfg(feature = "webgpu")]
mod cube;
#[cfg(feature = "gpu")]
pub mod gpu;
pub mod host;
pub mod iterate;
pub mod linear;
pub mod orders;
pub mod plan;
#[cfg(any(feature = "gpu", feature = "webgpu"))]
mod programs;
mod weights;
pub mod wgsl;

use std::sync::Arc;

#[cfg(feature = "burn")]
pub use self::batch::Batch;
#[cfg(feature = "gpu")]
use self::gpu::Gpu;
use self::host::Host;
use self::linear::Linear;
#[cfg(any(feature = "gpu", feature = "webgpu"))]
use self::plan::FormPlan;
use self::plan::{GoalPlan, Plan};
pub use self::weights::Weights;
#[cfg(any(feature = "gpu", feature = "webgpu"))]
use self::wgsl::Division;
use crate::form::Form;
#[cfg(any(feature = "gpu", feature = "webgpu"))]
use crate::prior::Prior;
use crate::settings::Settings;
use crate::task::Task;
#[cfg(feature = "gpu")]
use crate::webgpu::WebGpu;

/// A network's fused iteration for a goal and a form.
#[derive(Clone)]
pub struct Fused {
    plan: Arc<Plan>,
    weights: Weights,
    form: Form,
    #[cfg(any(feature = "gpu", feature = "webgpu"))]
    hardware: bool,
}

impl Fused {
    /// The fused iteration of a task, if there is one: see [`plan`] for what has none.
    pub fn new(weights: &Weights, task: &Task) -> Option<Self> {
        let plan = Plan::new(&weights.parameters().architecture, &task.goal, &task.form)?;
        Some(Self {
            plan: Arc::new(plan),
            weights: weights.clone(),
            form: task.form.clone(),
            #[cfg(any(feature = "gpu", feature = "webgpu"))]
            hardware: false,
        })
    }

    /// The same, whose kernels share out their work as on a GPU that is not simulated, even on one that
    /// is: so that tests reach these where there is no other.
    #[cfg(any(feature = "gpu", feature = "webgpu"))]
    pub fn for_hardware(self) -> Self {
        Self {
            hardware: true,
            ..self
        }
    }

    /// Whether it has all that these settings ask for.
    pub fn covers(&self, settings: &Settings) -> bool {
        self.plan.covers(settings)
    }

    /// Ready to iterate on the CPU: a digit a row, and the start images, 784 pixels a row.
    pub fn host(&self, rows: &[u16], start: &[f32]) -> Host {
        let digits = rows.iter().map(|&digit| usize::from(digit)).collect();
        let shared = self.weights.shared();
        let layers = (shared.layers)
            .get_or_init(|| host::Layers::new(&self.plan, self.weights.parameters()));
        let form = match &self.form {
            Form::Pixels => host::Form::Pixels,
            Form::Sigmoid => host::Form::Sigmoid,
            Form::Fourier => host::Form::Fourier(Box::new(host::Fourier::new())),
            Form::Prior(prior) => {
                let components = (shared.components).get(prior, || host::Prior::new(prior));
                host::Form::Prior(components)
            }
        };
        let (plan, start) = ((*self.plan).clone(), start.to_vec());
        Host::new(plan, layers, form, digits, start, self.units(rows))
    }

    /// Ready to iterate on a GPU, which is the same every time: a digit a row, and the start images,
    /// 784 pixels a row.
    #[cfg(feature = "gpu")]
    pub fn gpu(&self, on: &WebGpu, rows: &[u16], start: &[f32]) -> Gpu {
        let shared = self.weights.shared();
        let constants = (shared.on_gpu).get_or_init(|| on.upload(&self.constants()));
        let components = self.components().map(|(plan, prior)| {
            let upload = || on.upload(&constants::of_prior(plan, prior));
            shared.components_on_gpu.get(prior, upload)
        });
        let start = wgsl::numbers::start(rows, start, &self.units(rows));
        let division = self.division(on.simulated(), rows);
        let plan = self.plan.clone();
        Gpu::new(on, plan, division, constants.clone(), components, &start)
    }

    /// What the units of these rows say, where units are asked for.
    fn units(&self, rows: &[u16]) -> Vec<Linear> {
        match &self.plan.goal {
            GoalPlan::Logits(_) => Vec::new(),
            GoalPlan::Unit(unit) => {
                Linear::of_rows(&self.plan, unit, self.weights.parameters(), rows)
            }
        }
    }

    #[cfg(any(feature = "gpu", feature = "webgpu"))]
    fn constants(&self) -> Vec<f32> {
        constants::of_network(&self.plan, self.weights.parameters())
    }

    /// The principal components, if images are made of them.
    #[cfg(any(feature = "gpu", feature = "webgpu"))]
    fn components(&self) -> Option<(&plan::Prior, &Arc<Prior>)> {
        match (&self.plan.form, &self.form) {
            (FormPlan::Prior(plan), Form::Prior(prior)) => Some((plan, prior)),
            _ => None,
        }
    }

    #[cfg(any(feature = "gpu", feature = "webgpu"))]
    fn division(&self, simulated: bool, rows: &[u16]) -> Division {
        Division::on(simulated && !self.hardware, rows.len())
    }
}
