//! Statistics of the training images, as data files: class means, principal components, prototypes.

#[cfg(feature = "train")]
pub mod compute;
pub mod means;
pub mod pca;
pub mod prototypes;
