//! Downloads MNIST's four files.

use std::fs;
use std::io::Read;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use super::idx::FILES;
use super::read::{read, unzip};
use super::{IdxFile, MnistError, parse};

/// Folders on the web that hold the four files, gzipped.
pub const MIRRORS: [&str; 2] = [
    "https://storage.googleapis.com/cvdf-datasets/mnist",
    "https://ossci-datasets.s3.amazonaws.com/mnist",
];

/// Downloads each of the four files that is missing from `directory`, or damaged there, and shows a
/// progress bar. Tries the second mirror where the first fails, and checks each file before it is kept.
///
/// # Errors
///
/// When neither mirror has a file, or the directory cannot be written.
pub fn fetch_missing(directory: &Path, mirrors: [&str; 2]) -> Result<(), MnistError> {
    let io = |error| MnistError::Io(directory.to_owned(), error);
    fs::create_dir_all(directory).map_err(io)?;
    let missing = FILES
        .into_iter()
        .filter(|file| read(directory, *file).is_err());
    for file in missing {
        let url = |mirror: &str| format!("{mirror}/{}.gz", file.name);
        let bytes = fetch(&url(mirrors[0]), file).or_else(|_| fetch(&url(mirrors[1]), file))?;
        // Renaming a complete file means that an interrupted download leaves no damaged file.
        let partial = directory.join(format!("{}.gz.part", file.name));
        let path = directory.join(format!("{}.gz", file.name));
        fs::write(&partial, bytes).map_err(io)?;
        fs::rename(&partial, &path).map_err(io)?;
    }
    Ok(())
}

fn fetch(url: &str, file: IdxFile) -> Result<Vec<u8>, MnistError> {
    let failed = |reason: String| MnistError::Download {
        url: url.to_owned(),
        reason,
    };
    let response = ureq::get(url).call().map_err(|it| failed(it.to_string()))?;
    let length = response.body().content_length();
    let bar = ProgressBar::new(length.unwrap_or_default())
        .with_message(file.name)
        .with_style(
            ProgressStyle::with_template("{msg:24} {bar:30} {bytes}/{total_bytes}")
                .expect("the template is valid"),
        );
    let mut bytes = Vec::new();
    // MNIST's largest file has 10 MB when gzipped.
    let body = response
        .into_body()
        .into_with_config()
        .limit(20_000_000)
        .reader();
    bar.wrap_read(body)
        .read_to_end(&mut bytes)
        .map_err(|it| failed(it.to_string()))?;
    bar.finish();
    let unzipped = unzip(&bytes, file).map_err(|it| failed(it.to_string()))?;
    parse(Path::new(url), unzipped, file)?;
    Ok(bytes)
}
