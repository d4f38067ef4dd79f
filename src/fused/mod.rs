//! Whole iterations at once, for speed: what [`Maximizer`] does in some ninety launches of Burn's
//! kernels a step, in one launch for any number of steps on the GPU, or one loop on the CPU.
//!
//! | module | what it holds |
//! |---|---|
//! | [`plan`] | the iteration as a list of steps, with its gradient worked out by hand |
//! | [`constants`] | weights and the like, at the places that the plan gave them |
//! | [`orders`] | what a call asks of its iterations |
//! | `wgsl`, `gpu` | the plan as a WebGPU kernel, and its launch (feature `webgpu`) |
//! | `host` | the plan as loops (feature `cpu`) |
//!
//! [`Maximizer`] stays what it is held to: the tests compare every setting that a plan covers.
//!
//! [`Maximizer`]: crate::Maximizer

pub mod constants;
#[cfg(feature = "webgpu")]
mod gpu;
#[cfg(feature = "cpu")]
mod host;
pub mod orders;
pub mod plan;
#[cfg(feature = "webgpu")]
pub mod wgsl;

#[cfg(feature = "cpu")]
use std::ops::Range;
use std::sync::Arc;

use burn::tensor::Tensor;
#[cfg(feature = "cpu")]
use burn::tensor::TensorData;

#[cfg(feature = "webgpu")]
use self::gpu::Gpu;
#[cfg(feature = "cpu")]
use self::host::Host;
use self::orders::Orders;
use self::plan::{FormKind, Plan};
use crate::architecture::PIXELS;
use crate::form::Form;
use crate::maximizer::{RECORD, Task};
use crate::network::Network;
use crate::settings::Settings;

/// A network's fused iteration for a goal and a form: made once, for any number of runs.
#[derive(Clone)]
pub struct Fused {
    plan: Arc<Plan>,
    constants: Constants,
}

/// Where they lie.
#[derive(Clone)]
enum Constants {
    #[cfg(feature = "cpu")]
    Host(Arc<Vec<f32>>),
    #[cfg(feature = "webgpu")]
    Gpu(Tensor<1>),
}

impl Fused {
    /// The fused iteration of a task, if there is one: see [`plan`] for what has none.
    pub fn new(network: &Network, task: &Task) -> Option<Self> {
        let form = match &task.form {
            Form::Pixels => FormKind::Pixels,
            Form::Sigmoid => FormKind::Sigmoid,
            Form::Fourier(_) => FormKind::Fourier,
            Form::Prior(_) => FormKind::Prior {
                rank: task.form.parameters(),
            },
        };
        let plan = Plan::new(network.architecture(), &task.goal, form)?;
        let constants = constants::pack(&plan, network, &task.form);
        Some(Self {
            plan: Arc::new(plan),
            constants: Constants::new(constants),
        })
    }

    /// Whether it has all that these settings ask for.
    pub fn covers(&self, settings: &Settings) -> bool {
        self.plan.covers(settings)
    }

    /// Ready to iterate on a batch: a digit a row, and the start images, 784 pixels a row.
    pub fn batch(&self, rows: &[u16], start: &[f32]) -> Batch {
        match &self.constants {
            #[cfg(feature = "cpu")]
            Constants::Host(constants) => {
                let digits = rows.iter().map(|&digit| usize::from(digit)).collect();
                let state = 3 * rows.len() * self.plan.parameters();
                Batch::Host {
                    host: Box::new(Host::new(
                        (*self.plan).clone(),
                        constants,
                        digits,
                        start.to_vec(),
                    )),
                    state: start.len()..start.len() + state,
                }
            }
            #[cfg(feature = "webgpu")]
            Constants::Gpu(constants) => {
                let gpu = Gpu::new(self.plan.clone(), constants, rows, start);
                Batch::Gpu(Box::new(gpu))
            }
        }
    }
}

impl Constants {
    fn new(constants: Tensor<1>) -> Self {
        #[cfg(all(feature = "cpu", feature = "webgpu"))]
        return match crate::device::is_host(&constants.device()) {
            true => Self::Host(Arc::new(to_values(constants))),
            false => Self::Gpu(constants),
        };
        #[cfg(all(feature = "cpu", not(feature = "webgpu")))]
        return Self::Host(Arc::new(to_values(constants)));
        #[cfg(not(feature = "cpu"))]
        Self::Gpu(constants)
    }
}

/// A batch of rows that fused iterations are made on.
pub enum Batch {
    #[cfg(feature = "cpu")]
    Host {
        host: Box<Host>,
        /// Where a frame has its state.
        state: Range<usize>,
    },
    #[cfg(feature = "webgpu")]
    Gpu(Box<Gpu>),
}

impl Batch {
    /// Makes the iterations that are ordered. `before` begins as a [`Frame`]'s values do, up to the end
    /// of its state; what comes back is all of a frame's values.
    ///
    /// [`Frame`]: crate::maximizer::Frame
    pub fn run(&mut self, before: Tensor<1>, orders: &Orders) -> Tensor<1> {
        match self {
            #[cfg(feature = "cpu")]
            Self::Host { host, state } => {
                let device = before.device();
                let before = to_values(before);
                let values = host.run(&before[state.clone()], orders);
                let length = values.len();
                Tensor::from_data(TensorData::new(values, [length]), &device)
            }
            #[cfg(feature = "webgpu")]
            Self::Gpu(gpu) => gpu.run(before, orders),
        }
    }
}

/// How many numbers a frame of `steps` iterations has.
pub fn frame_length(rows: usize, parameters: usize, steps: usize) -> usize {
    rows * (PIXELS + 3 * parameters + RECORD * (steps + 1))
}

#[cfg(feature = "cpu")]
fn to_values(tensor: Tensor<1>) -> Vec<f32> {
    (tensor.into_data().try_into_vec()).expect("the tensor holds f32")
}
