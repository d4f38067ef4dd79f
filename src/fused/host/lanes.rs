//! Four numbers at a time, and the functions that they are taken of.
//!
//! A 128-bit register holds four numbers, and WebAssembly has no larger one. The compiler makes one
//! instruction of what is written here for each of them.

use crate::architecture::Nonlinearity;

/// Four numbers that are computed with at once.
#[derive(Clone, Copy)]
pub struct Lanes(Register);

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use portable as register;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use wasm as register;

type Register = register::Register;

impl Lanes {
    #[inline(always)]
    pub fn of(numbers: [f32; 4]) -> Self {
        Self(register::of(numbers))
    }

    /// The same number four times.
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self(register::splat(value))
    }

    #[inline(always)]
    pub fn numbers(self) -> [f32; 4] {
        register::numbers(self.0)
    }

    /// `self + a · b`.
    #[inline(always)]
    pub fn add_product(self, a: Self, b: Self) -> Self {
        Self(register::add(self.0, register::mul(a.0, b.0)))
    }

    /// Of each lane `a`'s number where it is larger than `than`'s, `b`'s where it is not.
    #[inline(always)]
    pub fn choose_where_larger(self, than: Self, a: Self, b: Self) -> Self {
        Self(register::choose_where_larger(self.0, than.0, a.0, b.0))
    }

    /// The four of them together.
    #[inline(always)]
    pub fn sum(self) -> f32 {
        let [a, b, c, d] = self.numbers();
        (a + c) + (b + d)
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm {
    use std::arch::wasm32::{
        f32x4, f32x4_add, f32x4_extract_lane, f32x4_gt, f32x4_mul, f32x4_splat, v128,
        v128_bitselect,
    };

    pub type Register = v128;

    #[inline(always)]
    pub fn of([a, b, c, d]: [f32; 4]) -> v128 {
        f32x4(a, b, c, d)
    }

    #[inline(always)]
    pub fn splat(value: f32) -> v128 {
        f32x4_splat(value)
    }

    #[inline(always)]
    pub fn numbers(it: v128) -> [f32; 4] {
        [
            f32x4_extract_lane::<0>(it),
            f32x4_extract_lane::<1>(it),
            f32x4_extract_lane::<2>(it),
            f32x4_extract_lane::<3>(it),
        ]
    }

    #[inline(always)]
    pub fn add(a: v128, b: v128) -> v128 {
        f32x4_add(a, b)
    }

    #[inline(always)]
    pub fn mul(a: v128, b: v128) -> v128 {
        f32x4_mul(a, b)
    }

    #[inline(always)]
    pub fn choose_where_larger(this: v128, than: v128, a: v128, b: v128) -> v128 {
        v128_bitselect(a, b, f32x4_gt(this, than))
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable {
    use std::array::from_fn;

    pub type Register = [f32; 4];

    #[inline(always)]
    pub fn of(numbers: [f32; 4]) -> Register {
        numbers
    }

    #[inline(always)]
    pub fn splat(value: f32) -> Register {
        [value; 4]
    }

    #[inline(always)]
    pub fn numbers(it: Register) -> [f32; 4] {
        it
    }

    #[inline(always)]
    pub fn add(a: Register, b: Register) -> Register {
        from_fn(|lane| a[lane] + b[lane])
    }

    #[inline(always)]
    pub fn mul(a: Register, b: Register) -> Register {
        from_fn(|lane| a[lane] * b[lane])
    }

    #[inline(always)]
    pub fn choose_where_larger(
        this: Register,
        than: Register,
        a: Register,
        b: Register,
    ) -> Register {
        from_fn(|lane| {
            if this[lane] > than[lane] {
                a[lane]
            } else {
                b[lane]
            }
        })
    }
}

/// Bends sums in place.
#[inline]
pub fn bend(nonlinearity: Nonlinearity, values: &mut [f32]) {
    match nonlinearity {
        Nonlinearity::Relu => values.iter_mut().for_each(|it| *it = relu(*it)),
        Nonlinearity::Sigmoid => values.iter_mut().for_each(|it| *it = sigmoid(*it)),
        Nonlinearity::Tanh => values.iter_mut().for_each(|it| *it = tanh(*it)),
        Nonlinearity::Gelu => unreachable!("no plan has it"),
    }
}

/// The nonlinearity's slope, told from what it made.
#[inline(always)]
pub fn slope(nonlinearity: Nonlinearity, bent: f32) -> f32 {
    match nonlinearity {
        Nonlinearity::Relu => f32::from(bent > 0.0),
        Nonlinearity::Sigmoid => bent * (1.0 - bent),
        Nonlinearity::Tanh => 1.0 - bent * bent,
        Nonlinearity::Gelu => unreachable!("no plan has it"),
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

/// The hyperbolic tangent. Near 0, where the exponential would cancel, it is a polynomial: Moshier's,
/// from Cephes.
#[inline(always)]
fn tanh(x: f32) -> f32 {
    let square = x * x;
    let mut near = -5.704_988_7e-3;
    for factor in [
        2.063_908_9e-2,
        -5.373_971_6e-2,
        1.333_144_2e-1,
        -3.333_328_2e-1,
    ] {
        near = near * square + factor;
    }
    let near = near * square * x + x;
    let far = (1.0 - 2.0 / (exp(2.0 * x.abs()) + 1.0)).copysign(x);
    if x.abs() < 0.625 { near } else { far }
}

/// eˣ, to within two units in the last place: Moshier's, from Cephes. Unlike the standard library's
/// it has no branches, so that four are computed at once.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// Adding and subtracting it rounds to a whole number, since none of its bits are left for less.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let power = (x * std::f32::consts::LOG2_E + ROUND) - ROUND;
    // ln 2 in two parts, so that the product with the first is exact.
    let rest = x - power * 0.693_359_4 - power * -2.121_944_4e-4;
    let mut series = 1.987_569_2e-4;
    for factor in [
        1.398_2e-3,
        8.333_452e-3,
        4.166_579_6e-2,
        1.666_666_6e-1,
        5.000_000_1e-1,
    ] {
        series = series * rest + factor;
    }
    let series = series * rest * rest + rest + 1.0;
    series * f32::from_bits(((power as i32 + 127) << 23) as u32)
}
