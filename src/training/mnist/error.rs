//! The errors of data files, in words for the person who brought the files.

use std::path::PathBuf;

/// A data file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each variant's message explains it")]
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
        "{path}: has the right format, but its SHA-256 is {found}; MNIST's {name} has {expected}. Download the file again."
    )]
    Checksum {
        path: PathBuf,
        name: &'static str,
        found: String,
        expected: &'static str,
    },
    #[error("{url}: could not be downloaded ({reason}). Bring the files yourself with --data DIR.")]
    Download { url: String, reason: String },
}
