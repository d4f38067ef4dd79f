//! Places in flat memory, given out one behind the other.

/// Rounds up to a multiple of four: numbers are loaded in fours.
pub fn padded(count: usize) -> usize {
    count.next_multiple_of(4)
}

/// Gives out places.
pub(super) struct Places(usize);

impl Places {
    /// Behind so many floats.
    pub(super) fn after(taken: usize) -> Self {
        Self(taken)
    }

    /// A place for so many floats, a multiple of four.
    pub(super) fn take(&mut self, count: usize) -> usize {
        let place = self.0;
        self.0 += padded(count);
        place
    }

    /// Floats taken so far.
    pub(super) fn taken(&self) -> usize {
        self.0
    }
}
