//! The run in Burn, operation by operation, with Burn's autodiff. Tests compare the fused path with it,
//! and it makes the iterations where the fused path does not cover the settings.
//!
//! Start at [`Maximizer`]. The files of [`crate::task`] describe objectives, transforms and so on in plain
//! numbers; the files of the same names here compute them in tensors.
//!
//! | file | what it computes |
//! |---|---|
//! | [`device`] | the backend of this build |
//! | [`Network`] | images → activations, logits, log-probabilities |
//! | [`Loss`] | the objective: activations → one loss a row |
//! | [`regularizers`] | images → what is added to the loss |
//! | [`transforms`] | images → what the network is shown; the blur of the gradient |
//! | [`Decoder`] | the parameterization: parameters → images |
//! | [`Maximizer`] | the run: parameters, optimizer, trace |
//! | [`PendingSnapshot`] | a snapshot that is still on the device |

pub mod device;
mod maximizer;
mod network;
mod objective;
mod parameterization;
mod parameters;
mod pending_snapshot;
pub mod regularizers;
pub mod transforms;

pub use self::maximizer::Maximizer;
pub use self::network::{Activations, Network, images};
pub use self::objective::Loss;
pub use self::parameterization::Decoder;
pub use self::pending_snapshot::PendingSnapshot;
