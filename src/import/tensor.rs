//! A named tensor, as every format of network files has them.

/// A tensor of a file: its name, its shape, and its values in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// The name in the file.
    pub name: String,
    /// The sizes of the dimensions, outermost first.
    pub shape: Vec<usize>,
    /// The values, as many as the shape says.
    pub values: Vec<f32>,
}
