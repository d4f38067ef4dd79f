//! Four floats at a time: what a 128-bit SIMD register holds, and WebAssembly has no larger one.
//!
//! The registers are those of the crate `wide`. With arrays in their place, a step of the MLP took twice
//! as long on x86-64, and one of LeNet-5 a tenth longer. In WebAssembly `wide` was as fast as the
//! intrinsics. Loads and stores still take plain arrays, which LLVM compiles to single instructions.

use wide::f32x4;

/// A SIMD vector of four floats.
#[derive(Clone, Copy)]
pub struct Lanes(f32x4);

impl Lanes {
    #[inline(always)]
    pub fn of(numbers: [f32; 4]) -> Self {
        Self(f32x4::new(numbers))
    }

    /// The same number four times.
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self(f32x4::splat(value))
    }

    #[inline(always)]
    pub fn numbers(self) -> [f32; 4] {
        self.0.to_array()
    }

    #[inline(always)]
    pub fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// `self + a · b`, rounded twice on every platform.
    #[inline(always)]
    pub fn add_product(self, a: Self, b: Self) -> Self {
        Self(self.0 + a.0 * b.0)
    }

    /// In each lane the number of `a` if that of `self` is larger than that of `than`, else the number
    /// of `b`.
    #[inline(always)]
    pub fn choose_where_larger(self, than: Self, a: Self, b: Self) -> Self {
        Self(self.0.simd_gt(than.0).select(a.0, b.0))
    }

    /// The sum of the four.
    #[inline(always)]
    pub fn sum(self) -> f32 {
        let [a, b, c, d] = self.numbers();
        (a + c) + (b + d)
    }
}

/// Loads some vectors. This is a loop, since the closures that `map` and `from_fn` take are sometimes
/// compiled where they cannot be inlined, and then called for every vector.
#[inline(always)]
pub fn load<const V: usize>(vectors: &[[f32; 4]; V]) -> [Lanes; V] {
    let mut lanes = [Lanes::splat(0.0); V];
    for (lanes, vector) in lanes.iter_mut().zip(vectors) {
        *lanes = Lanes::of(*vector);
    }
    lanes
}

/// Stores some vectors.
#[inline(always)]
pub fn store<const V: usize>(lanes: &[Lanes; V], vectors: &mut [[f32; 4]; V]) {
    for (vector, lanes) in vectors.iter_mut().zip(lanes) {
        *vector = lanes.numbers();
    }
}
