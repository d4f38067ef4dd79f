//! Reads MNIST's files from a folder, gzipped or not.

use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;

use super::idx::parse;
use super::{IdxFile, MnistError};

/// The pixels or labels of a file in `directory`.
pub(super) fn read(directory: &Path, file: IdxFile) -> Result<Vec<u8>, MnistError> {
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

/// Unzips at most one byte more than the file has, so that a hostile archive cannot fill the memory.
pub(super) fn unzip(bytes: &[u8], file: IdxFile) -> std::io::Result<Vec<u8>> {
    let most = file.length() + 1;
    let mut unzipped = Vec::new();
    GzDecoder::new(bytes)
        .take(most as u64)
        .read_to_end(&mut unzipped)?;
    Ok(unzipped)
}
