//! Aligned memory.

use std::ops::{Deref, DerefMut};

/// Floats of a cache line.
const LINE: usize = 16;

/// Floats that begin at a cache line, so that no SIMD vector of four crosses from one into the next.
pub struct Buffer {
    values: Vec<f32>,
    start: usize,
    length: usize,
}

impl Buffer {
    /// Zeros.
    pub fn new(length: usize) -> Self {
        let values = vec![0.0; length + LINE];
        let start = values.as_ptr().align_offset(LINE * size_of::<f32>());
        Self {
            start: start.min(LINE),
            values,
            length,
        }
    }
}

impl Clone for Buffer {
    /// A copy that begins at a cache line, too: a copied `start` would not be right for other memory.
    fn clone(&self) -> Self {
        let mut clone = Self::new(self.length);
        clone.copy_from_slice(self);
        clone
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values[self.start..][..self.length]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.values[self.start..][..self.length]
    }
}
