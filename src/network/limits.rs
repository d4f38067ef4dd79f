//! The limits of a network file. A file can come from anywhere, so everything that decides how much
//! memory or time it takes is bounded; the bounds are far above any network of this family.

/// The most bytes of a file.
pub const MAX_FILE: usize = 32 << 20;
/// The most bytes of a safetensors header. The format itself allows a hundred million.
pub const MAX_HEADER: usize = 64 << 10;
/// The most tensors.
pub const MAX_TENSORS: usize = 64;
/// The most bytes of a tensor's name.
pub const MAX_NAME: usize = 128;
/// The most dimensions of a tensor.
pub const MAX_DIMENSIONS: usize = 4;
/// The most layers of a network.
pub const MAX_LAYERS: usize = 16;
/// The most units of a dense layer, and the most channels of a convolution.
pub const MAX_UNITS: usize = 4096;
/// The most parameters of a network.
pub const MAX_PARAMETERS: usize = 4 << 20;
/// The most multiplications that a network needs for an image.
pub const MAX_MULTIPLICATIONS: usize = 64 << 20;
