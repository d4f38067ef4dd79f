//! What the training images have in common, as files of data: means, principal components, prototypes.

#[cfg(feature = "train")]
pub mod compute;
pub mod means;
pub mod pca;
pub mod prototypes;
