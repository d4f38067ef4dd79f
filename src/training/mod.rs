//! Everything that is made of MNIST: the data set, the training loop and the attack that trains the
//! robust network (natively, with the feature `train`), and the [`statistics`] of its training images,
//! which are small data files that the page reads.

#[cfg(feature = "train")]
pub mod attack;
#[cfg(feature = "train")]
pub mod fit;
#[cfg(feature = "train")]
pub mod mnist;
pub mod statistics;
