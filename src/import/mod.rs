//! Other people's files → a network of this crate: the formats ([`pytorch`] and safetensors), what the
//! shapes of the tensors say about the network ([`infer()`]), and what only a person can say
//! ([`ImportOptions`]).

mod infer;
mod network_file;
mod options;
mod parameters;
pub mod pytorch;
mod safetensors;
mod tensor;

pub use self::infer::{InferError, Inferred, Layout, Source, infer};
pub use self::network_file::{Candidate, Format, NetworkFile, NetworkFileError, Summary};
pub use self::options::{ImportOptions, OptionError};
pub use self::tensor::NamedTensor;
