//! MNIST: four IDX files → images and labels, split as the lab does.

mod error;
mod idx;
mod images;
pub mod mirror;
mod read;

use std::path::Path;

pub use self::error::MnistError;
pub use self::idx::{IdxFile, TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS, parse};
pub use self::images::Images;
use self::read::read;

/// How many of the 60,000 training images train; the others validate.
pub const TRAIN: usize = 45_000;

/// The data set as the lab splits it.
#[derive(Clone, Debug)]
pub struct Mnist {
    /// The first 45,000 training images.
    pub train: Images,
    /// The other 15,000.
    pub validation: Images,
    /// The 10,000 test images.
    pub test: Images,
}

impl Mnist {
    /// Reads the four files, gzipped or not, from `directory`. Of a file that is there in both forms, the
    /// one that is not damaged is used.
    ///
    /// # Errors
    ///
    /// When a file is missing, or is not byte for byte MNIST's.
    pub fn load(directory: &Path) -> Result<Self, MnistError> {
        let images = |pixels, labels| -> Result<Images, MnistError> {
            Ok(Images::new(
                read(directory, pixels)?,
                read(directory, labels)?,
            ))
        };
        let mut train = images(TRAIN_IMAGES, TRAIN_LABELS)?;
        let validation = train.split_off(TRAIN);
        let test = images(TEST_IMAGES, TEST_LABELS)?;
        Ok(Self {
            train,
            validation,
            test,
        })
    }
}
