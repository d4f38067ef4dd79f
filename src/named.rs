//! A tensor of a file that was not written for this program, before anything is known of the
//! network that it belongs to.

/// A tensor: its name, its shape and its values in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// As the file calls it, for example `fc1.weight`.
    pub name: String,
    /// The outermost dimension first; empty for a single number.
    pub shape: Vec<usize>,
    /// As many as the shape says. They need not be finite.
    pub values: Vec<f32>,
}
