//! MNIST: what its images have in common (statistics, which are files of data), and, natively, how the
//! networks and these files come about (feature `train`).

#[cfg(feature = "train")]
pub mod attack;
#[cfg(feature = "train")]
pub mod fit;
#[cfg(feature = "train")]
pub mod mnist;
pub mod statistics;
