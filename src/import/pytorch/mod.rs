//! State dicts written by `torch.save(model.state_dict(), path)` of PyTorch 1.6 or later. Such a file is
//! a ZIP archive: one pickle names the tensors, and one entry for each storage holds its numbers.
//!
//! A file can come from anywhere, and Python would execute the program in its pickle. This reader
//! executes nothing: see `pickle.rs`. It counts the values of the tensors before it allocates memory for
//! them, allocates little else, does not recurse and does not panic. It refuses by name what it does not
//! know, and the error shows the two lines of Python that write a safetensors file instead.
//!
//! Why not burn-store: its reader needs paths, which a browser does not have; it loses the order of the
//! tensors, which is needed when their names do not tell the order of the layers; and it allocates
//! gigabytes for a hostile file. Why not the zip crate: it would add 64 kB to the download (brotli);
//! this whole reader is 15 kB.

mod archive;
mod cursor;
mod error;
mod machine;
mod pickle;
mod view;

use crate::import::NamedTensor;
use crate::network::limits::{MAX_FILE, MAX_NAME, MAX_PARAMETERS, MAX_TENSORS};
use archive::Archive;
pub use error::PytorchError;
use error::at_most;
use pickle::{Id, Pickle, Tensor, Value};

/// The first bytes of a file of PyTorch before 1.6: a pickle of the number 0x1950a86a20f9469cfc6c.
const LEGACY: &[u8] = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";

/// Whether a file is for [`read`], judged by its first bytes. It can still be another kind of ZIP archive.
pub fn is_pytorch(bytes: &[u8]) -> bool {
    archive::is_archive(bytes) || bytes.starts_with(LEGACY)
}

/// The tensors of a state dict, or of the only state dict in a checkpoint, in the order of the file.
/// Half, bfloat16 and double precision are converted to `f32`.
///
/// # Errors
///
/// When the file is damaged, exceeds the [`limits`](crate::network::limits), or holds anything but a
/// state dict of floating-point tensors.
pub fn read(bytes: &[u8]) -> Result<Vec<NamedTensor>, PytorchError> {
    if bytes.len() > MAX_FILE {
        let (found, most) = (bytes.len(), MAX_FILE);
        return Err(PytorchError::Size { found, most });
    }
    if bytes.starts_with(LEGACY) {
        return Err(PytorchError::Legacy);
    }
    let archive = Archive::open(bytes)?;
    // PyTorch writes this entry since version 2.1. Older files are little-endian.
    if (archive.get("", "byteorder")?).is_some_and(|order| order != b"little") {
        return Err(PytorchError::ByteOrder);
    }
    let pickle = Pickle::read(archive.pickle()?)?;
    let mut left = MAX_PARAMETERS;
    (state_dict(&pickle)?.into_iter())
        .map(|(name, tensor)| view::read(&archive, &pickle, name, tensor, &mut left))
        .collect()
}

/// The names and tensors of the only state dict in the pickle.
fn state_dict<'a>(pickle: &'a Pickle<'_>) -> Result<Vec<(&'a str, &'a Tensor)>, PytorchError> {
    let Value::Dict(outer) = pickle.root() else {
        return Err(PytorchError::NoStateDict(pickle.root().what()));
    };
    at_most("tensors", outer.len(), MAX_TENSORS)?;
    if (outer.iter()).any(|(_, value)| matches!(pickle.get(*value), Value::Tensor(_))) {
        return tensors(pickle, outer);
    }
    // A checkpoint is a dict of the epoch, the loss, the optimizer's state and the state dict.
    let inner: Vec<_> = (outer.iter())
        .filter_map(|(name, value)| match pickle.get(*value) {
            Value::Dict(inner) => Some((*name, inner)),
            _ => None,
        })
        .filter(|(_, inner)| {
            let is_tensor = |id: &Id| matches!(pickle.get(*id), Value::Tensor(_));
            !inner.is_empty() && inner.iter().all(|(_, value)| is_tensor(value))
        })
        .collect();
    match inner[..] {
        [] => Err(PytorchError::NoStateDict("a dict")),
        [(_, inner)] => tensors(pickle, inner),
        _ => {
            let names = (inner.iter())
                .map(|(name, _)| text(pickle, *name).map(|it| format!("{it:?}")))
                .collect::<Result<Vec<_>, _>>()?;
            Err(PytorchError::Several(names.join(", ")))
        }
    }
}

fn text<'a>(pickle: &'a Pickle<'_>, id: Id) -> Result<&'a str, PytorchError> {
    let Value::Text(name) = pickle.get(id) else {
        return Err(PytorchError::Damaged("a name in it is not a text"));
    };
    if name.len() > MAX_NAME {
        let (found, most) = (name.len(), MAX_NAME);
        return Err(PytorchError::Name { found, most });
    }
    Ok(name)
}

fn tensors<'a>(
    pickle: &'a Pickle<'_>,
    entries: &[(Id, Id)],
) -> Result<Vec<(&'a str, &'a Tensor)>, PytorchError> {
    at_most("tensors", entries.len(), MAX_TENSORS)?;
    let mut found: Vec<(&str, &Tensor)> = Vec::new();
    for &(name, value) in entries {
        let name = text(pickle, name)?;
        let Value::Tensor(tensor) = pickle.get(value) else {
            let (name, found) = (name.to_owned(), pickle.get(value).what());
            return Err(PytorchError::Entry { name, found });
        };
        if found.iter().any(|(other, _)| *other == name) {
            return Err(PytorchError::Twice(name.to_owned()));
        }
        found.push((name, tensor));
    }
    Ok(found)
}
