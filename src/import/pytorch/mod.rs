//! State dicts that `torch.save(model.state_dict(), path)` wrote: a ZIP archive (PyTorch 1.6 and
//! later) of one pickle, which names the tensors, and one entry of plain numbers a storage.
//!
//! Such a file can come from anywhere, and Python would run what its pickle says. This reader runs
//! nothing: see `pickle.rs`. It asks for no more memory than the file's own bytes account for and
//! its tensors' values need, which are counted first; it does not call itself and does not panic.
//! What it does not know it refuses by name, with the two lines of Python that write a safetensors
//! file instead.
//!
//! Read without burn-store, whose reader opens paths and no bytes (a browser has none), loses the
//! order of the tensors, which helps to know a network whose names are strange, and gives a hostile
//! file gigabytes. Read without the zip crate, which would add 64 kB to the download (brotli); this
//! reader, ZIP and all, is 15.

mod archive;
mod cursor;
mod error;
mod machine;
mod pickle;
mod view;

use crate::import::tensor::NamedTensor;
use archive::Archive;
pub use error::PytorchError;
use error::few;
use pickle::{Id, Pickle, Tensor, Value};

const MOST_BYTES: usize = 32 << 20;
const MOST_TENSORS: usize = 64;
const MOST_NAME: usize = 128;

/// What a file of PyTorch before 1.6 begins with: a pickle of 0x1950a86a20f9469cfc6c.
const LEGACY: &[u8] = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";

/// Whether a file is for [`read`], by how it begins. It may still be another kind of ZIP archive.
pub fn is_pytorch(bytes: &[u8]) -> bool {
    archive::is_archive(bytes) || bytes.starts_with(LEGACY)
}

/// The tensors of a state dict in its order, or of the only state dict in a checkpoint. Numbers of
/// half, bfloat16 and double precision are given as `f32`.
///
/// # Errors
///
/// When the file is damaged, is larger than a small network's, or holds anything that is not a
/// state dict of floating-point tensors.
pub fn read(bytes: &[u8]) -> Result<Vec<NamedTensor>, PytorchError> {
    if bytes.len() > MOST_BYTES {
        let (found, most) = (bytes.len(), MOST_BYTES);
        return Err(PytorchError::Size { found, most });
    }
    if bytes.starts_with(LEGACY) {
        return Err(PytorchError::Legacy);
    }
    let archive = Archive::open(bytes)?;
    // Written since PyTorch 2.1; before, there was one order.
    if (archive.get("", "byteorder")?).is_some_and(|order| order != b"little") {
        return Err(PytorchError::ByteOrder);
    }
    let pickle = Pickle::read(archive.pickle()?)?;
    let mut left = view::MOST_NUMBERS;
    (state_dict(&pickle)?.into_iter())
        .map(|(name, tensor)| view::read(&archive, &pickle, name, tensor, &mut left))
        .collect()
}

/// The names and tensors of the pickle's only state dict.
fn state_dict<'a>(pickle: &'a Pickle<'_>) -> Result<Vec<(&'a str, &'a Tensor)>, PytorchError> {
    let Value::Dict(outer) = pickle.root() else {
        return Err(PytorchError::NoStateDict(pickle.root().what()));
    };
    few("tensors", outer.len(), MOST_TENSORS)?;
    if (outer.iter()).any(|(_, value)| matches!(pickle.get(*value), Value::Tensor(_))) {
        return tensors(pickle, outer);
    }
    // A checkpoint: the epoch, the loss, what the optimizer needs, and the state dict.
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
    if name.len() > MOST_NAME {
        let (found, most) = (name.len(), MOST_NAME);
        return Err(PytorchError::Name { found, most });
    }
    Ok(name)
}

fn tensors<'a>(
    pickle: &'a Pickle<'_>,
    entries: &[(Id, Id)],
) -> Result<Vec<(&'a str, &'a Tensor)>, PytorchError> {
    few("tensors", entries.len(), MOST_TENSORS)?;
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
