//! How the values of one image lie in memory between two layers.

use super::matrix::padded_rows;

/// How the values of one image lie in memory between the layer that writes them and the layer that
/// reads them.
///
/// The channels of a pixel lie side by side, so that a SIMD vector holds four channels of one pixel
/// whatever the width of the maps is. If the layer that reads them is a convolution with padding, a
/// border of zeros lies around the maps. Two rows and three columns with a border of one pixel, where
/// each cell holds `channels` floats:
///
/// ```text
///         ┌───────── row_stride ──────────┐
///         ┌─────┬─────┬─────┬─────┬───────┐ ┐
///  border │  0  │  0  │  0  │  0  │   0   │ │
///         ├─────╔═════╤═════╤═════╗───────┤ │
///  row 0  │  0  ║ 0,0 │ 0,1 │ 0,2 ║   0   │ │
///         ├─────╟─────┼─────┼─────╢───────┤ │ len
///  row 1  │  0  ║ 1,0 │ 1,1 │ 1,2 ║   0   │ │
///         ├─────╚═════╧═════╧═════╝───────┤ │
///  border │  0  │  0  │  0  │  0  │   0   │ │
///         └─────┴─────┴─────┴─────┴───────┘ ┘
///          slack: 3 floats or a few more     the next image begins `stride` floats after this one
/// ```
///
/// Loops that read and write whole SIMD vectors may touch up to three floats behind the last value of
/// an image, and a dense layer writes as many outputs as [`padded_rows`] says; the slack is for them.
///
/// The units of a dense layer are the channels of a single pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    pub channels: usize,
    /// Height and width, without the border.
    pub size: [usize; 2],
    /// Rows of the border above and below, columns to the left and to the right.
    pub border: [usize; 2],
}

/// Floats behind the last value that a SIMD vector of four, which begins with it, touches.
const SLACK: usize = 3;

impl Layout {
    /// The layout of a dense layer's units.
    pub fn of_units(units: usize) -> Self {
        Self {
            channels: units,
            size: [1, 1],
            border: [0, 0],
        }
    }

    /// Floats from a pixel to the one below it.
    pub fn row_stride(&self) -> usize {
        (self.size[1] + 2 * self.border[1]) * self.channels
    }

    /// Floats of an image, with the border and without the slack.
    pub fn len(&self) -> usize {
        (self.size[0] + 2 * self.border[0]) * self.row_stride()
    }

    /// Floats from the beginning of an image to the beginning of the next one.
    pub fn stride(&self) -> usize {
        padded_rows(self.len() + SLACK)
    }

    /// Where the channels of a pixel begin.
    pub fn at(&self, row: usize, column: usize) -> usize {
        (row + self.border[0]) * self.row_stride() + (column + self.border[1]) * self.channels
    }

    /// Where the value lies whose index is `index` in PyTorch's order, `[channels, height, width]`.
    pub fn of_pytorch(&self, index: usize) -> usize {
        let [height, width] = self.size;
        let (channel, pixel) = (index / (height * width), index % (height * width));
        self.at(pixel / width, pixel % width) + channel
    }
}
