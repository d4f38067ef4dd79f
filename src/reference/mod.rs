//! The run in Burn, operation by operation, with Burn's autodiff: what everything faster is compared
//! with, and what runs where nothing faster has what is asked for.
//!
//! Start at [`Maximizer`]. What is asked for, [`crate::task`] says in plain numbers; the files here have
//! the same names and do the same in tensors.
//!
//! | file | what it computes |
//! |---|---|
//! | [`device`] | the backend of this build |
//! | [`Network`] | images → activations, logits, log-probabilities |
//! | [`Loss`] | the objective: activations → one loss a row |
//! | [`regularizers`] | images → what is added to the loss |
//! | [`transforms`] | images → what the network is shown; the blur of the gradient |
//! | [`Decoder`] | the parameterization: parameters → images |
//! | [`Maximizer`] | the run: parameters, Adam, trace |
//! | [`PendingSnapshot`] | what was asked to be read, still on the device |

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
