//! What a kernel reads, in numbers.

use super::{goal_numbers, orders_at};
use crate::fused::linear::Linear;
use crate::fused::orders::{Iteration, Orders};
use crate::fused::plan::Plan;

/// What a run begins with: the start images, `[n, 784]`, then the digits or units, `[n]`, then, where
/// units are asked for, their biases, `[n]`, and their weights, `[n, inputs]`.
pub fn start(rows: &[u16], start: &[f32], units: &[Linear]) -> Vec<f32> {
    let mut numbers = start.to_vec();
    numbers.extend(rows.iter().map(|&row| f32::from(row)));
    numbers.extend(units.iter().map(|it| it.bias));
    numbers.extend(units.iter().flat_map(|it| &it.weights));
    numbers
}

/// Orders as the kernel reads them: a header, what blurs, and the iterations, of which there is one
/// more than are made: for the look at the end.
pub fn orders(plan: &Plan, rows: usize, orders: &Orders) -> Vec<f32> {
    let [goal, other] = goal_numbers(plan.goal);
    let mut numbers = vec![
        orders.iterations.len() as f32,
        orders.target,
        orders.l1,
        orders.l2,
        orders.variation,
        orders.distance,
        orders.density,
        rows as f32,
        goal as f32,
        other as f32,
        0.0,
        0.0,
    ];
    numbers.extend(orders.blur.iter().flatten());
    debug_assert_eq!(numbers.len(), orders_at(orders.blur.is_some()));
    for it in orders.iterations.iter().chain([&Iteration::default()]) {
        numbers.extend([it.rate, it.epsilon, it.shift[0] as f32, it.shift[1] as f32]);
    }
    numbers
}
