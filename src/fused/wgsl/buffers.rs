//! The buffers that a kernel is given.

/// A buffer, in the order of the bindings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Buffer {
    /// The network's constants, in fours.
    Matrices,
    /// The network's constants, one by one.
    Weights,
    /// The principal components, in fours, where images are made of them.
    Components,
    /// The snapshot that the iterations begin with, up to the end of its state.
    Before,
    /// See [`parameters::schedule`](super::parameters::schedule).
    Schedule,
    /// See [`parameters::start`](super::parameters::start).
    Start,
    /// The snapshot, which is written.
    Snapshot,
    /// The workspace, where it does not lie in workgroup memory.
    Workspace,
}

/// How buffers that are only read are bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadOnly {
    /// As read-only. A browser checks that, and gives each tensor a buffer of its own.
    Declared,
    /// As writable: native allocators put several tensors into one buffer, which must not be bound both
    /// ways.
    Writable,
}

impl ReadOnly {
    /// What this build needs.
    pub fn here() -> Self {
        match cfg!(target_family = "wasm") {
            true => Self::Declared,
            false => Self::Writable,
        }
    }
}

impl Buffer {
    /// Its declaration, without group and binding. `workspace` is the number of floats of the workspace, which
    /// is declared so that bounds checks compare with a constant.
    pub(super) fn declaration(self, read_only: ReadOnly, workspace: usize) -> String {
        let read = match read_only {
            ReadOnly::Declared => "read",
            ReadOnly::Writable => "read_write",
        };
        let (access, name, kind) = match self {
            Self::Matrices => (read, "matrices", "array<vec4<f32>>"),
            Self::Weights => (read, "weights", "array<f32>"),
            Self::Components => (read, "components", "array<vec4<f32>>"),
            Self::Before => (read, "before", "array<f32>"),
            Self::Schedule => (read, "schedule", "Schedule"),
            Self::Start => (read, "start", "array<f32>"),
            Self::Snapshot => ("read_write", "snapshot", "array<f32>"),
            Self::Workspace => {
                return format!("var<storage, read_write> work: array<f32, {workspace}>");
            }
        };
        format!("var<storage, {access}> {name}: {kind}")
    }
}
