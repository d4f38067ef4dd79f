//! Whole iterations at once, for speed: what [`Maximizer`] does in some ninety launches of Burn's
//! kernels a step, in one launch for any number of steps on the GPU, or one loop on the CPU.
//!
//! | module | what it holds |
//! |---|---|
//! | [`plan`] | the iteration as a list of steps, with its gradient worked out by hand |
//! | [`Weights`] | a network's weights, as each device reads them, once for all its runs |
//! | [`linear`] | what units and filters say, where they are asked for |
//! | [`orders`] | what a call asks of its iterations |
//! | [`executor`] | what makes iterations: one of the two that follow |
//! | `host` | the plan as loops (feature `cpu`) |
//! | `wgsl`, `constants`, `launch` | the plan as a WebGPU kernel, what it reads, and its launch through Burn (feature `webgpu`) |
//!
//! [`Maximizer`] stays what it is held to: the tests compare every setting that a plan covers.
//!
//! [`Maximizer`]: crate::Maximizer

#[cfg(feature = "webgpu")]
mod constants;
pub mod executor;
#[cfg(feature = "cpu")]
pub mod host;
#[cfg(feature = "webgpu")]
mod launch;
pub mod linear;
pub mod orders;
pub mod plan;
mod weights;
#[cfg(feature = "webgpu")]
pub mod wgsl;

use std::sync::Arc;

use burn::tensor::Device;

pub use self::executor::Executor;
#[cfg(feature = "cpu")]
use self::host::Host;
#[cfg(feature = "webgpu")]
use self::launch::Kernels;
use self::linear::Linear;
#[cfg(feature = "webgpu")]
use self::plan::FormPlan;
use self::plan::{GoalPlan, Plan};
pub use self::weights::Weights;
#[cfg(feature = "webgpu")]
use self::wgsl::Division;
use crate::device;
use crate::form::Form;
use crate::settings::Settings;
use crate::task::Task;

/// A network's fused iteration for a goal and a form.
#[derive(Clone)]
pub struct Fused {
    plan: Arc<Plan>,
    weights: Weights,
    form: Form,
    #[cfg(feature = "webgpu")]
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
            #[cfg(feature = "webgpu")]
            hardware: false,
        })
    }

    /// The same, whose kernels share out their work as on a GPU that is not simulated, even on one that
    /// is: so that tests reach these where there is no other.
    #[cfg(feature = "webgpu")]
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

    /// An executor on a device: a digit or unit a row, and the start images, 784 pixels a row.
    pub fn executor(&self, rows: &[u16], start: &[f32], device: &Device) -> Box<dyn Executor> {
        #[cfg(feature = "cpu")]
        if device::is_cpu(device) {
            return Box::new(self.host(rows, start));
        }
        #[cfg(feature = "webgpu")]
        return Box::new(self.kernels(rows, start, device));
        #[cfg(not(feature = "webgpu"))]
        unreachable!("without a GPU, every device is the CPU");
    }

    #[cfg(feature = "cpu")]
    fn host(&self, rows: &[u16], start: &[f32]) -> Host {
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

    #[cfg(feature = "webgpu")]
    fn kernels(&self, rows: &[u16], start: &[f32], device: &Device) -> Kernels {
        let shared = self.weights.shared();
        let constants = (shared.uploaded).get_or_init(|| {
            let constants = constants::of_network(&self.plan, self.weights.parameters());
            device::upload(constants, device)
        });
        let components = match (&self.plan.form, &self.form) {
            (FormPlan::Prior(plan), Form::Prior(prior)) => {
                let upload = || device::upload(constants::of_prior(plan, prior), device);
                Some(shared.uploaded_components.get(prior, upload))
            }
            _ => None,
        };
        let start = wgsl::numbers::start(rows, start, &self.units(rows));
        let start = device::upload(start, device);
        let division = Division::on(device::simulated() && !self.hardware, rows.len());
        let plan = self.plan.clone();
        Kernels::new(plan, division, constants.clone(), components, start)
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
}
