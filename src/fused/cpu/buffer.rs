//! Memory for numbers.

use std::ops::{Deref, DerefMut};

/// Floats of a cache line.
const LINE: usize = 16;

/// Numbers that begin where a cache line does, so that no group of four lies in two of them.
pub struct Buffer {
    values: Vec<f32>,
    start: usize,
    length: usize,
}

impl Buffer {
    /// So many zeros.
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
    /// Numbers that begin where a cache line does, like these.
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
