//! Other people's files, made into networks: whichever format they have, whatever they leave open.

pub mod infer;
pub mod network_file;
pub mod options;
mod parameters;
pub mod pytorch;
mod safetensors;
pub mod tensor;

pub use self::network_file::NetworkFile;
pub use self::options::ImportOptions;
pub use self::tensor::NamedTensor;
