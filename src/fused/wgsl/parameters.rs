//! What a kernel reads besides constants: a run's start, and the schedule of a launch. The structs of
//! the schedule are declared once, for Rust and for WGSL.

use bytemuck::{Pod, Zeroable, cast_slice};

use super::objective_numbers;
use crate::fused::hidden_unit::Linear;
use crate::fused::plan::Plan;
use crate::fused::schedule::{self, Schedule};

/// Declares a struct for Rust and, as `WGSL`, the same one for kernels. Every field has four bytes,
/// so both lay it out alike: `Pod` refuses a struct with padding.
macro_rules! shared_struct {
    ($(#[$about:meta])* $name:ident { $($(#[$of:meta])* $field:ident: $kind:ident,)* }) => {
        $(#[$about])*
        #[repr(C)]
        #[derive(Clone, Copy, Debug, Pod, Zeroable)]
        pub struct $name {
            $($(#[$of])* pub $field: $kind,)*
        }

        impl $name {
            /// The declaration in WGSL.
            pub const WGSL: &str = concat!(
                "struct ", stringify!($name), " {\n",
                $("  ", stringify!($field), ": ", stringify!($kind), ",\n",)*
                "}\n",
            );
        }

        const _: () = assert!(size_of::<$name>() == 4 * [$(stringify!($field)),*].len());
    };
}

shared_struct! {
    /// What stays the same for all iterations of a launch.
    Settings {
        /// The number of iterations in the launch.
        iterations: u32,
        /// The number of rows of the run, in all workgroups together.
        rows: u32,
        /// See `objective_numbers`.
        objective: u32,
        /// The other digit of a logit difference.
        other_digit: u32,
        /// ln of the probability to reach.
        target_log_probability: f32,
        /// The weight of Σ|x|: this and the next four are those of [`Schedule`].
        l1: f32,
        /// The weight of Σx².
        l2: f32,
        /// The weight of the total variation.
        total_variation: f32,
        /// The weight of the squared distance from the start.
        start_distance: f32,
        /// The weight of the density.
        density: f32,
    }
}

shared_struct! {
    /// The parameters of one iteration: [`schedule::StepParameters`], with the transform as the
    /// [`Source`](crate::task::Source) of each pixel.
    StepParameters {
        /// The learning rate, as the optimizer has it.
        rate: f32,
        /// How much of the direction is the running mean of the gradient.
        average: f32,
        /// The factor of the root of the mean square.
        scaling: f32,
        /// What is added to that.
        epsilon: f32,
        /// The cosine of the rotation, over the scale.
        a: f32,
        /// The sine of the rotation, over the scale.
        b: f32,
        /// Added to the column.
        right: f32,
        /// Added to the row.
        down: f32,
    }
}

impl From<&schedule::StepParameters> for StepParameters {
    fn from(it: &schedule::StepParameters) -> Self {
        let source = it.transform.source();
        Self {
            rate: it.rate,
            average: it.average,
            scaling: it.scaling,
            epsilon: it.epsilon,
            a: source.a as f32,
            b: source.b as f32,
            right: source.right as f32,
            down: source.down as f32,
        }
    }
}

/// The declaration of the schedule's buffer: settings, the `[28, 28]` weights that blur the gradient if
/// it is blurred, and the step parameters.
pub(super) fn schedule_wgsl(blurs: bool) -> String {
    let blur = match blurs {
        true => "  blur: array<f32, 784>,\n",
        false => "",
    };
    format!(
        "{}{}struct Schedule {{\n  settings: Settings,\n{blur}  steps: array<StepParameters>,\n}}\n",
        Settings::WGSL,
        StepParameters::WGSL,
    )
}

/// The contents of the schedule's buffer. There is one step more than there are iterations: the kernel
/// reads it where it computes the last losses. Integers are stored as their bits; nothing computes
/// with the floats that these look like.
pub fn schedule(plan: &Plan, rows: usize, schedule: &Schedule) -> Vec<f32> {
    let [objective, other_digit] = objective_numbers(plan.objective);
    let settings = Settings {
        iterations: schedule.iterations.len() as u32,
        rows: rows as u32,
        objective,
        other_digit,
        target_log_probability: schedule.target,
        l1: schedule.l1,
        l2: schedule.l2,
        total_variation: schedule.variation,
        start_distance: schedule.distance,
        density: schedule.density,
    };
    let last = schedule::StepParameters::default();
    let steps: Vec<StepParameters> =
        (schedule.iterations.iter().chain([&last]).map(Into::into)).collect();
    let mut numbers = cast_slice(&[settings]).to_vec();
    numbers.extend(schedule.blur.iter().flatten());
    numbers.extend_from_slice(cast_slice(&steps));
    numbers
}

/// What a run begins with: the start images, `[n, 784]`, then the digits or units, `[n]`, then, for
/// objectives of hidden units, their biases, `[n]`, and their weights, `[n, inputs]`.
pub fn start(rows: &[u16], start: &[f32], units: &[Linear]) -> Vec<f32> {
    let mut numbers = start.to_vec();
    numbers.extend(rows.iter().map(|&row| f32::from(row)));
    numbers.extend(units.iter().map(|it| it.bias));
    numbers.extend(units.iter().flat_map(|it| &it.weights));
    numbers
}
