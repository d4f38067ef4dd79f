//! A plan as one WebGPU kernel: any number of whole iterations (forward, loss, backward, step of the
//! optimizer) in a single launch.
//!
//! A workgroup takes one row, or a few, from start to end; rows do not influence each other, so
//! workgroups need not wait for one another. The workspace lies in workgroup memory where that is
//! large enough, and in a storage buffer where it is not. Everything that a network's shape decides
//! is written into the kernel as a number, so that the compiler can unroll and fold.
//!
//! WGSL rather than CubeCL: the text is what the browser compiles, so what was measured there can be
//! read here; and it is made at run time, from the shape of whatever network somebody brings.
//!
//! | module | what it holds |
//! |---|---|
//! | `iteration.wgsl` | the iteration, as far as it is the same for every network |
//! | `writer` | puts a kernel together: constants, workspace, layers, the two passes |
//! | `dense`, `convolution`, `average` | the layers' forward and backward passes |
//! | `product` | vectors times matrices |
//! | `hidden_unit`, `parameterization` | objectives of hidden units; parameters to images and back |
//! | [`workgroups`] | how the work is divided |
//! | [`buffers`], [`parameters`] | what a kernel reads |

mod average;
pub mod buffers;
mod convolution;
mod dense;
mod hidden_unit;
mod parameterization;
pub mod parameters;
mod product;
pub mod workgroups;
mod writer;

use self::buffers::{Buffer, ReadOnly};
use self::workgroups::Workgroups;
use self::writer::Writer;
use super::plan::{LogitsObjective, ObjectivePlan, Plan};

/// A kernel's text, and the buffers that it needs.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// WGSL.
    pub text: String,
    /// The buffers of the bindings 0, 1, ….
    pub buffers: Vec<Buffer>,
    /// Floats of the workspace's buffer, if there is one.
    pub workspace: Option<usize>,
}

/// The kernel of a plan. `blurs`: whether the gradient is blurred.
pub fn kernel(plan: &Plan, workgroups: Workgroups, blurs: bool, read_only: ReadOnly) -> Kernel {
    Writer::new(plan, workgroups, blurs).kernel(read_only)
}

/// The kernel's numbers for objectives.
const TARGET_PROBABILITY: u32 = 0;
const LOG_PROBABILITY: u32 = 1;
const LOGIT: u32 = 2;
const LOGIT_DIFFERENCE: u32 = 3;
const HIDDEN_UNIT: u32 = 4;

/// An objective as the kernel reads it: its number, and the other digit of a logit difference.
fn objective_numbers(objective: ObjectivePlan) -> [u32; 2] {
    match objective {
        ObjectivePlan::Logits(LogitsObjective::TargetProbability) => [TARGET_PROBABILITY, 0],
        ObjectivePlan::Logits(LogitsObjective::LogProbability) => [LOG_PROBABILITY, 0],
        ObjectivePlan::Logits(LogitsObjective::Logit) => [LOGIT, 0],
        ObjectivePlan::Logits(LogitsObjective::LogitDifference { other }) => {
            [LOGIT_DIFFERENCE, other as u32]
        }
        ObjectivePlan::HiddenUnit(_) => [HIDDEN_UNIT, 0],
    }
}
