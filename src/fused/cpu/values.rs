//! What lies between two layers.

use super::buffer::Buffer;
use super::maps::Maps;
use super::matrix::room;

/// The numbers that one layer makes and the next one reads, of all rows, and their gradient.
pub struct Values {
    /// Where the numbers of a row are.
    pub maps: Maps,
    /// Floats of a row, with those that only fill it up.
    pub stride: usize,
    /// Behind the activation, if there is one.
    pub activated: Buffer,
    /// Of the loss.
    pub gradient: Buffer,
}

impl Values {
    /// Zeros, with what the layers on both sides need behind each row.
    pub fn new(maps: Maps, rows: usize) -> Self {
        let stride = room(maps.len() + SLACK);
        Self {
            maps,
            stride,
            activated: Buffer::new(rows * stride),
            gradient: Buffer::new(rows * stride),
        }
    }
}

/// What reads and writes whole groups of four may touch so many floats behind the last.
const SLACK: usize = 3;
