//! Four numbers at a time: what a 128-bit register holds, and WebAssembly has no larger one.
//!
//! With arrays in place of registers, LLVM takes sums apart and puts them together across the four
//! numbers: the MLP's step took 1.7 times as long. Loads and stores are plain arrays all the same, of
//! which it makes single instructions.

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

    #[inline(always)]
    pub fn add(self, other: Self) -> Self {
        Self(register::add(self.0, other.0))
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

/// Some groups of four. A loop, since the closures that `map` and `from_fn` take are sometimes compiled
/// where they cannot be inlined, and then called for every group.
#[inline(always)]
pub fn load<const V: usize>(groups: &[[f32; 4]; V]) -> [Lanes; V] {
    let mut lanes = [Lanes::splat(0.0); V];
    for (lanes, group) in lanes.iter_mut().zip(groups) {
        *lanes = Lanes::of(*group);
    }
    lanes
}

/// Writes them.
#[inline(always)]
pub fn store<const V: usize>(lanes: &[Lanes; V], groups: &mut [[f32; 4]; V]) {
    for (group, lanes) in groups.iter_mut().zip(lanes) {
        *group = lanes.numbers();
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
