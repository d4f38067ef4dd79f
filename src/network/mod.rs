//! What is asked: a network's architecture and parameters, and the files that hold them.

pub mod architecture;
pub mod card;
pub mod file;
pub mod parameters;
pub mod pretrained;
pub mod safetensors;

pub use self::architecture::Architecture;
pub use self::parameters::Parameters;
pub use self::pretrained::Model;
pub use self::safetensors::FileError;
