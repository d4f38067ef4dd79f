//! The activation functions and their derivatives.
//!
//! None of them needs a branch, so that the compiler can use SIMD instructions for four values at once.

use crate::network::ActivationFunction;

/// Applies an activation function in place.
#[inline]
pub fn activate(activation: ActivationFunction, values: &mut [f32]) {
    match activation {
        ActivationFunction::Relu => values.iter_mut().for_each(|it| *it = relu(*it)),
        ActivationFunction::Sigmoid => values.iter_mut().for_each(|it| *it = sigmoid(*it)),
        ActivationFunction::Tanh => values.iter_mut().for_each(|it| *it = tanh(*it)),
        ActivationFunction::Gelu => unreachable!("there is no plan with GELU"),
    }
}

/// The derivative of an activation function, computed from the activated value.
#[inline(always)]
pub fn derivative(activation: ActivationFunction, activated: f32) -> f32 {
    match activation {
        ActivationFunction::Relu => f32::from(activated > 0.0),
        ActivationFunction::Sigmoid => activated * (1.0 - activated),
        ActivationFunction::Tanh => 1.0 - activated * activated,
        ActivationFunction::Gelu => unreachable!("there is no plan with GELU"),
    }
}

#[inline(always)]
fn relu(x: f32) -> f32 {
    if x > 0.0 { x } else { 0.0 }
}

/// 1 / (1 + e⁻ˣ).
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The hyperbolic tangent. Near 0, where the formula with the exponential would lose all precision to
/// cancellation, it is a polynomial of Moshier's (Cephes, `tanhf.c`).
#[inline(always)]
fn tanh(x: f32) -> f32 {
    let square = x * x;
    let mut near = -5.704_988_7e-3;
    for factor in [2.063_909e-2, -5.373_971_6e-2, 0.133_314_4, -0.333_332_8] {
        near = near * square + factor;
    }
    let near = near * square * x + x;
    let far = (1.0 - 2.0 / (exp(2.0 * x.abs()) + 1.0)).copysign(x);
    if x.abs() < 0.625 { near } else { far }
}

/// eˣ, to within two units in the last place, after Moshier (Cephes, `expf.c`).
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// 1.5 · 2²³. Adding and subtracting it rounds to a whole number, since a number of that size has
    /// no bits for fractions.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let power = (x * std::f32::consts::LOG2_E + ROUND) - ROUND;
    // ln 2 in two parts, so that the product with the first is exact.
    let rest = x - power * 0.693_359_4 - power * -2.121_944_4e-4;
    let mut series = 1.987_569_2e-4;
    for factor in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_66, 0.5] {
        series = series * rest + factor;
    }
    let series = series * rest * rest + rest + 1.0;
    series * f32::from_bits(((power as i32 + 127) << 23) as u32)
}
