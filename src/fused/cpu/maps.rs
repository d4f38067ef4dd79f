//! Where the numbers of maps lie.

/// Maps with their channels side by side: `[height, width, channels]`, with a border of zeros for the
/// convolution that reads them, if it wants one. The units of a dense layer are maps of one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maps {
    pub channels: usize,
    /// Height and width, without the border.
    pub size: [usize; 2],
    /// Rows above and below, columns left and right.
    pub border: [usize; 2],
}

impl Maps {
    /// So many units.
    pub fn units(units: usize) -> Self {
        Self {
            channels: units,
            size: [1, 1],
            border: [0, 0],
        }
    }

    /// Floats from one row to the next.
    pub fn line(&self) -> usize {
        (self.size[1] + 2 * self.border[1]) * self.channels
    }

    /// Floats of all.
    pub fn len(&self) -> usize {
        (self.size[0] + 2 * self.border[0]) * self.line()
    }

    /// Where the channels of a place lie.
    pub fn at(&self, row: usize, column: usize) -> usize {
        (row + self.border[0]) * self.line() + (column + self.border[1]) * self.channels
    }

    /// Where the number is that stands at this place in PyTorch's order, `[channels, height, width]`.
    pub fn of(&self, place: usize) -> usize {
        let [height, width] = self.size;
        let (channel, place) = (place / (height * width), place % (height * width));
        self.at(place / width, place % width) + channel
    }
}
