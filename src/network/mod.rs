//! What a run optimizes images for: a network's architecture and parameters in plain numbers, its model
//! card, and the project's own files.

mod architecture;
mod card;
pub mod file;
pub mod limits;
pub(crate) mod parameters;
mod pretrained;
pub(crate) mod safetensors;

pub use self::architecture::{
    ActivationFunction, Architecture, Convolution, DIGITS, Input, PIXELS, Pooling, PoolingKind,
    SIDE,
};
pub use self::card::{Accuracy, Card, Epoch, Robust};
pub use self::parameters::{Layer, Parameters};
pub use self::pretrained::Model;
pub use self::safetensors::FileError;
