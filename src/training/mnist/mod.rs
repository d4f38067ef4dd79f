//! MNIST: four IDX files → images and labels, split as the lab does.
//!
//! The format is described at <http://yann.lecun.com/exdb/mnist/>: big-endian 32-bit magic number
//! and sizes, then one byte a pixel or label.

pub mod mirror;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Int, Tensor, TensorData};
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

use crate::network::{DIGITS, PIXELS, SIDE};

/// Images that train; the rest of the 60,000 validate.
pub const TRAIN: usize = 45_000;

/// One of the four files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdxFile {
    /// Its name, without `.gz`.
    pub name: &'static str,
    kind: Kind,
    items: usize,
    sha256: &'static str,
}

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

    fn header(self) -> usize {
        match self {
            Self::Images => 16,
            Self::Labels => 8,
        }
    }

    fn item(self) -> usize {
        match self {
            Self::Images => PIXELS,
            Self::Labels => 1,
        }
    }
}

/// Training images.
pub const TRAIN_IMAGES: IdxFile = IdxFile {
    name: "train-images-idx3-ubyte",
    kind: Kind::Images,
    items: 60_000,
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
};
/// Training labels.
pub const TRAIN_LABELS: IdxFile = IdxFile {
    name: "train-labels-idx1-ubyte",
    kind: Kind::Labels,
    items: 60_000,
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
};
/// Test images.
pub const TEST_IMAGES: IdxFile = IdxFile {
    name: "t10k-images-idx3-ubyte",
    kind: Kind::Images,
    items: 10_000,
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
};
/// Test labels.
pub const TEST_LABELS: IdxFile = IdxFile {
    name: "t10k-labels-idx1-ubyte",
    kind: Kind::Labels,
    items: 10_000,
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};
const FILES: [IdxFile; 4] = [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS];

/// Labelled images, one byte a pixel.
#[derive(Clone, Debug)]
pub struct Images {
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

impl Images {
    /// How many.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The pixels of all, 0 to 255, image after image and row after row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// What each shows, 0 to 9.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// Every `n`-th of them. MNIST's test images come from two sources, the one after the other, and
    /// are not equally easy: a sample must have its share of both.
    pub fn every(&self, n: usize) -> Self {
        Self {
            pixels: (self
                .pixels
                .chunks_exact(PIXELS)
                .step_by(n)
                .flatten()
                .copied())
            .collect(),
            labels: self.labels.iter().copied().step_by(n).collect(),
        }
    }

    /// The first `count` of them.
    pub fn first(&self, count: usize) -> Self {
        Self {
            pixels: self.pixels[..count * PIXELS].to_vec(),
            labels: self.labels[..count].to_vec(),
        }
    }

    /// The images at `indices` as `[n, 1, 28, 28]` with pixels in [0, 1], and their labels `[n]`.
    pub fn batch(&self, indices: &[usize], device: &Device) -> (Tensor<4>, Tensor<1, Int>) {
        let pixels: Vec<f32> = (indices.iter())
            .flat_map(|&index| &self.pixels[index * PIXELS..][..PIXELS])
            .map(|&pixel| f32::from(pixel) / 255.0)
            .collect();
        let labels: Vec<i32> = (indices.iter())
            .map(|&index| i32::from(self.labels[index]))
            .collect();
        let count = indices.len();
        (
            Tensor::from_data(TensorData::new(pixels, [count, 1, SIDE, SIDE]), device),
            Tensor::from_data(TensorData::new(labels, [count]), device),
        )
    }

    /// The mean image of each of the ten classes, `[10, 28, 28]`, pixels in [0, 1].
    pub fn class_means(&self) -> Vec<f32> {
        let mut sums = vec![0_u64; DIGITS * PIXELS];
        let mut counts = [0_u64; DIGITS];
        for (pixels, &label) in self.pixels.chunks_exact(PIXELS).zip(&self.labels) {
            let class = usize::from(label);
            counts[class] += 1;
            for (sum, &pixel) in sums[class * PIXELS..].iter_mut().zip(pixels) {
                *sum += u64::from(pixel);
            }
        }
        (sums.iter().enumerate())
            .map(|(at, &sum)| sum as f64 / (255 * counts[at / PIXELS].max(1)) as f64)
            .map(|mean| mean as f32)
            .collect()
    }

    fn split_off(&mut self, at: usize) -> Self {
        Self {
            pixels: self.pixels.split_off(at * PIXELS),
            labels: self.labels.split_off(at),
        }
    }
}

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
    /// Reads the four files, gzipped or not, from `directory`: where one is there both ways, that which
    /// is whole.
    ///
    /// # Errors
    ///
    /// When a file is missing or is not, byte for byte, MNIST's.
    pub fn load(directory: &Path) -> Result<Self, MnistError> {
        let images = |pixels, labels| -> Result<Images, MnistError> {
            Ok(Images {
                pixels: read(directory, pixels)?,
                labels: read(directory, labels)?,
            })
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

/// A data file that cannot be used, in words for the person who brought it.
#[derive(Debug, thiserror::Error)]
pub enum MnistError {
    #[error(
        "{directory}: neither {name} nor {name}.gz is there. Expected MNIST's four files: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte."
    )]
    Missing {
        directory: PathBuf,
        name: &'static str,
    },
    #[error("{0}: {1}")]
    Io(PathBuf, std::io::Error),
    #[error("{0}: the gzip data is corrupt or cut off ({1}). Download the file again.")]
    Gzip(PathBuf, std::io::Error),
    #[error("{path}: starts with the number {found}; MNIST {kind} start with {expected}. {hint}")]
    Magic {
        path: PathBuf,
        kind: &'static str,
        found: u32,
        expected: u32,
        hint: &'static str,
    },
    #[error(
        "{path}: says that it holds {found} {kind}; {name} holds {expected}. Are the training and test files swapped?"
    )]
    Count {
        path: PathBuf,
        name: &'static str,
        kind: &'static str,
        found: usize,
        expected: usize,
    },
    #[error("{path}: is {found} bytes long; {name} is {expected}. Download the file again.")]
    Length {
        path: PathBuf,
        name: &'static str,
        found: usize,
        expected: usize,
    },
    #[error(
        "{path}: has the right form, but its SHA-256 is {found}; MNIST's {name} has {expected}. Download the file again."
    )]
    NetworkFile {
        path: PathBuf,
        name: &'static str,
        found: String,
        expected: &'static str,
    },
    #[error("{url}: could not be downloaded ({reason}). Bring the files yourself with --data DIR.")]
    Download { url: String, reason: String },
}

fn read(directory: &Path, file: IdxFile) -> Result<Vec<u8>, MnistError> {
    let plain = directory.join(file.name);
    let zipped = directory.join(format!("{}.gz", file.name));
    match (plain.is_file(), zipped.is_file()) {
        (true, true) => {
            read_plain(&plain, file).or_else(|error| read_zipped(&zipped, file).map_err(|_| error))
        }
        (true, false) => read_plain(&plain, file),
        (false, true) => read_zipped(&zipped, file),
        (false, false) => Err(MnistError::Missing {
            directory: directory.to_owned(),
            name: file.name,
        }),
    }
}

fn read_plain(path: &Path, file: IdxFile) -> Result<Vec<u8>, MnistError> {
    let bytes = fs::read(path).map_err(|error| MnistError::Io(path.to_owned(), error))?;
    parse(path, bytes, file)
}

fn read_zipped(path: &Path, file: IdxFile) -> Result<Vec<u8>, MnistError> {
    let bytes = fs::read(path).map_err(|error| MnistError::Io(path.to_owned(), error))?;
    let bytes = unzip(&bytes, file).map_err(|error| MnistError::Gzip(path.to_owned(), error))?;
    parse(path, bytes, file)
}

/// Unzips, but never more than one byte over what the file may hold.
fn unzip(bytes: &[u8], file: IdxFile) -> std::io::Result<Vec<u8>> {
    let most = file.kind.header() + file.items * file.kind.item() + 1;
    let mut unzipped = Vec::new();
    GzDecoder::new(bytes)
        .take(most as u64)
        .read_to_end(&mut unzipped)?;
    Ok(unzipped)
}

/// The pixels or labels in the `bytes` of an IDX file, once they are known to be MNIST's.
///
/// # Errors
///
/// When they are not; `path` is for the message.
pub fn parse(path: &Path, mut bytes: Vec<u8>, file: IdxFile) -> Result<Vec<u8>, MnistError> {
    let path = path.to_owned();
    let IdxFile { name, kind, .. } = file;
    let expected = kind.header() + file.items * kind.item();
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
        return Err(MnistError::NetworkFile {
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
