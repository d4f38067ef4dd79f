//! How a kernel's work is divided into workgroups and invocations.

/// Sums that an invocation of a convolution keeps at once, at most. With twice as many, SwiftShader's
/// compiler takes minutes.
pub(super) const MOST_SUMS: usize = 16;

/// How a run's rows are divided among workgroups, and a row's work among their invocations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Workgroups {
    /// Rows of the run.
    pub rows: usize,
    /// Rows of one workgroup, a divisor of `rows`.
    pub rows_each: usize,
    /// Invocations of a workgroup.
    pub size: usize,
    /// What the kernel runs on.
    pub adapter: Adapter,
}

/// A kind of GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Adapter {
    /// One with cores of its own.
    Hardware,
    /// Software on the CPU.
    Software,
}

impl Workgroups {
    /// For so many rows.
    pub fn new(adapter: Adapter, rows: usize) -> Self {
        match adapter {
            Adapter::Hardware => Self::hardware(rows),
            Adapter::Software => Self::software(rows),
        }
    }

    /// Hardware has more cores than there are rows, so each row gets one of its own, and as many
    /// invocations as a workgroup may have, to hide the latency of memory.
    fn hardware(rows: usize) -> Self {
        Self {
            rows,
            rows_each: 1,
            size: 256,
            adapter: Adapter::Hardware,
        }
    }

    /// Software has few cores, and loading numbers one by one takes most of its time, so several rows share
    /// a workgroup and load each weight once. It runs invocations one after the other, so there are few.
    /// Measured on two cores with SwiftShader.
    fn software(rows: usize) -> Self {
        let rows_each = (1..=5).rev().find(|it| rows.is_multiple_of(*it));
        Self {
            rows,
            rows_each: rows_each.expect("one divides all"),
            size: 16,
            adapter: Adapter::Software,
        }
    }

    /// How many workgroups there are.
    pub fn count(&self) -> usize {
        self.rows / self.rows_each
    }

    /// Whether the workspace may lie in workgroup memory. In a browser that is filled with zeros first,
    /// which SwiftShader compiles to one store for each number: 0.4 ms of compilation apiece, 1.4 s for
    /// LeNet-5.
    pub(super) fn workgroup_memory(&self) -> bool {
        self.adapter == Adapter::Hardware
    }

    /// Whether a convolution is written out row by row of its filter, so that all its loads can be under
    /// way at once, rather than as a loop, which SwiftShader compiles faster.
    pub(super) fn unrolled(&self) -> bool {
        self.adapter == Adapter::Hardware
    }

    /// How many invocations share a sum of `inputs` products (split-k), where there are `sums` of four
    /// at once and room for `room` partial sums: one on software, which is never short of work.
    pub(super) fn split_k(&self, inputs: usize, sums: usize, room: usize) -> usize {
        if self.adapter == Adapter::Software {
            return 1;
        }
        let most = usize::min(self.size, room) / sums;
        let worth = usize::max(inputs / 16, 1);
        usize::max(most.min(worth), 1)
    }

    /// How many of `count` neighboring outputs one invocation of a convolution computes, if each takes
    /// `sums` sums: one on hardware, which has invocations enough.
    pub(super) fn tile(&self, count: usize, sums: usize) -> usize {
        let most = match self.adapter {
            Adapter::Hardware => 1,
            Adapter::Software => usize::max(MOST_SUMS / sums, 1),
        };
        let tile = (1..=most).rev().find(|it| count.is_multiple_of(*it));
        tile.expect("one divides all")
    }
}
