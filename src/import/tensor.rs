//! What a file of a network holds, whichever format it has.

/// A tensor of a file: its name, its shape, and its values in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// As the file has it.
    pub name: String,
    /// Sizes of its dimensions, the slowest first.
    pub shape: Vec<usize>,
    /// As many as the shape says.
    pub values: Vec<f32>,
}
