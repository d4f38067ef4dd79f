//! What a kernel reads, in numbers.

use super::{goal_numbers, schedule_at};
use crate::fused::hidden_unit::Linear;
use crate::fused::plan::Plan;
use crate::fused::schedule::{Schedule, StepParameters};

/// What a run begins with: the start images, `[n, 784]`, then the digits or units, `[n]`, then, where
/// units are asked for, their biases, `[n]`, and their weights, `[n, inputs]`.
pub fn start(rows: &[u16], start: &[f32], units: &[Linear]) -> Vec<f32> {
    let mut numbers = start.to_vec();
    numbers.extend(rows.iter().map(|&row| f32::from(row)));
    numbers.extend(units.iter().map(|it| it.bias));
    numbers.extend(units.iter().flat_map(|it| &it.weights));
    numbers
}

/// Schedule as the kernel reads them: a header, what blurs, and the iterations, of which there is one
/// more than are made: for the look at the end.
pub fn schedule(plan: &Plan, rows: usize, schedule: &Schedule) -> Vec<f32> {
    let [objective, other] = goal_numbers(plan.objective);
    let mut numbers = vec![
        schedule.iterations.len() as f32,
        schedule.target,
        schedule.l1,
        schedule.l2,
        schedule.variation,
        schedule.distance,
        schedule.density,
        rows as f32,
        objective as f32,
        other as f32,
        0.0,
        0.0,
    ];
    numbers.extend(schedule.blur.iter().flatten());
    debug_assert_eq!(numbers.len(), schedule_at(schedule.blur.is_some()));
    for it in schedule
        .iterations
        .iter()
        .chain([&StepParameters::default()])
    {
        numbers.extend([
            it.rate,
            it.epsilon,
            it.transform.jitter[0] as f32,
            it.transform.jitter[1] as f32,
        ]);
    }
    numbers
}
