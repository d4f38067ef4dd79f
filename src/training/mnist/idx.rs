//! The IDX format of MNIST's four files, and the checks that a file is, byte for byte, one of them.
//!
//! The format is described at <http://yann.lecun.com/exdb/mnist/>: a magic number and the sizes, 32 bits
//! each and big-endian, then one byte for each pixel or label.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::MnistError;
use crate::network::PIXELS;

/// One of MNIST's four files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdxFile {
    /// The name, without `.gz`.
    pub name: &'static str,
    kind: Kind,
    items: usize,
    sha256: &'static str,
}

impl IdxFile {
    /// How many bytes the file has when it is not gzipped.
    pub(super) fn length(&self) -> usize {
        self.kind.header() + self.items * self.kind.item()
    }
}

/// What the items of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Images,
    Labels,
}

impl Kind {
    fn magic(self) -> u32 {
        match self {
            Self::Images => 2051,
            Self::Labels => 2049,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Labels => "labels",
        }
    }

    /// The bytes before the first item.
    fn header(self) -> usize {
        match self {
            Self::Images => 16,
            Self::Labels => 8,
        }
    }

    /// The bytes of an item.
    fn item(self) -> usize {
        match self {
            Self::Images => PIXELS,
            Self::Labels => 1,
        }
    }
}

/// The training images.
pub const TRAIN_IMAGES: IdxFile = IdxFile {
    name: "train-images-idx3-ubyte",
    kind: Kind::Images,
    items: 60_000,
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
};
/// The training labels.
pub const TRAIN_LABELS: IdxFile = IdxFile {
    name: "train-labels-idx1-ubyte",
    kind: Kind::Labels,
    items: 60_000,
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
};
/// The test images.
pub const TEST_IMAGES: IdxFile = IdxFile {
    name: "t10k-images-idx3-ubyte",
    kind: Kind::Images,
    items: 10_000,
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
};
/// The test labels.
pub const TEST_LABELS: IdxFile = IdxFile {
    name: "t10k-labels-idx1-ubyte",
    kind: Kind::Labels,
    items: 10_000,
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};
/// All four files.
pub(super) const FILES: [IdxFile; 4] = [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS];

/// Checks that `bytes` are MNIST's `file`, and returns its pixels or labels.
///
/// # Errors
///
/// When they are not. The message names `path`.
pub fn parse(path: &Path, mut bytes: Vec<u8>, file: IdxFile) -> Result<Vec<u8>, MnistError> {
    let path = path.to_owned();
    let IdxFile { name, kind, .. } = file;
    let expected = file.length();
    let length = MnistError::Length {
        path: path.clone(),
        name,
        found: bytes.len(),
        expected,
    };
    if bytes.len() < kind.header() {
        return Err(length);
    }
    let number =
        |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let magic = number(0);
    if magic != kind.magic() {
        let swapped = [Kind::Images, Kind::Labels]
            .iter()
            .any(|it| it.magic() == magic);
        return Err(MnistError::Magic {
            path,
            kind: kind.name(),
            found: magic,
            expected: kind.magic(),
            hint: match swapped {
                true => "Are images and labels swapped?",
                false => "This is not an IDX file.",
            },
        });
    }
    if number(4) as usize != file.items {
        return Err(MnistError::Count {
            path,
            name,
            kind: kind.name(),
            found: number(4) as usize,
            expected: file.items,
        });
    }
    if bytes.len() != expected {
        return Err(length);
    }
    let sha256 = hex(&Sha256::digest(&bytes));
    if sha256 != file.sha256 {
        return Err(MnistError::Checksum {
            path,
            name,
            found: sha256,
            expected: file.sha256,
        });
    }
    Ok(bytes.split_off(kind.header()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
