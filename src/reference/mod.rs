//! The run in Burn, operation by operation, with Burn's autodiff: what everything faster is held to.

pub mod device;
pub mod maximizer;
pub mod network;
pub mod objective;
pub mod parameterization;
pub mod regularizers;
pub mod transforms;
pub mod weights;

pub use self::maximizer::{Maximizer, PendingSnapshot};
pub use self::network::Network;
pub use self::objective::Loss;
