//! The ZIP archive of a `.pt` file, as far as torch.save uses ZIP: uncompressed entries, and a central
//! directory at the end that lists them.
//!
//! The format: APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16. torch.save writes ZIP64
//! records too, but in files of less than 4 GiB the ordinary records say the same. Checksums are not
//! verified: PyTorch does not verify them either, and has an option to omit them.

use super::error::PytorchError::{self, Archive as NotTorch, Compressed, Damaged};
use super::error::at_most;

/// The most entries, more than any state dict has. Bounds the time that it takes to find an entry.
const MAX_ENTRIES: usize = 1024;

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const LOCAL_BYTES: usize = 30;
const CENTRAL_BYTES: usize = 46;
const END_BYTES: usize = 22;

const PICKLE: &str = "data.pkl";

/// Whether `bytes` begin as a ZIP archive does.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(LOCAL)
}

/// An open archive.
pub(super) struct Archive<'a> {
    bytes: &'a [u8],
    entries: Vec<Entry<'a>>,
    /// The folder of all entries: `archive/`, or the name of the file.
    root: &'a [u8],
}

struct Entry<'a> {
    name: &'a [u8],
    stored: bool,
    size: usize,
    /// The offset of the entry's local header.
    at: usize,
}

impl<'a> Archive<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, PytorchError> {
        let end = end(bytes).ok_or(Damaged("its end is missing"))?;
        let (count, directory) =
            (u16_at(end, 10).zip(u32_at(end, 16))).ok_or(Damaged("its end is missing"))?;
        let count = usize::from(count);
        at_most("entries", count, MAX_ENTRIES)?;

        let mut entries = Vec::new();
        let mut at = directory;
        for _ in 0..count {
            let (entry, length) =
                central(bytes, at).ok_or(Damaged("its directory cannot be read"))?;
            entries.push(entry);
            at += length;
        }

        let mut roots = (entries.iter())
            .filter_map(|entry| entry.name.strip_suffix(PICKLE.as_bytes()))
            .filter(|root| root.is_empty() || root.ends_with(b"/"));
        let root = roots.next().ok_or(NotTorch)?;
        if roots.next().is_some() {
            return Err(Damaged("it has two entries data.pkl"));
        }
        Ok(Self {
            bytes,
            entries,
            root,
        })
    }

    /// The pickle, which describes the contents of the file.
    pub(super) fn pickle(&self) -> Result<&'a [u8], PytorchError> {
        self.get("", PICKLE)?.ok_or(NotTorch)
    }

    /// The bytes of the entry named `folder` + `name`; `None` if there is no such entry.
    pub(super) fn get(&self, folder: &str, name: &str) -> Result<Option<&'a [u8]>, PytorchError> {
        let is_it = |entry: &&Entry<'_>| {
            (entry.name.strip_prefix(self.root))
                .and_then(|it| it.strip_prefix(folder.as_bytes()))
                .is_some_and(|it| it == name.as_bytes())
        };
        let Some(entry) = self.entries.iter().find(is_it) else {
            return Ok(None);
        };
        if !entry.stored {
            return Err(Compressed(format!("{folder}{name}")));
        }
        let data = data_of(self.bytes, entry);
        data.map(Some)
            .ok_or(Damaged("an entry lies beyond its end"))
    }
}

/// The end-of-central-directory record, with the comment of up to 65,535 bytes that may follow it.
fn end(bytes: &[u8]) -> Option<&[u8]> {
    let last = bytes.len().checked_sub(END_BYTES)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    ((first..=last).rev()).map(|at| &bytes[at..]).find(|it| {
        it.starts_with(END) && u16_at(it, 20).map(usize::from) == Some(it.len() - END_BYTES)
    })
}

/// The entry of the central directory at offset `at`, and the length of its record.
fn central(bytes: &[u8], at: usize) -> Option<(Entry<'_>, usize)> {
    let record = bytes.get(at..)?;
    let size = u32_at(record, 24)?;
    let (name, extra, comment) = (
        u16_at(record, 28)?,
        u16_at(record, 30)?,
        u16_at(record, 32)?,
    );
    let entry = Entry {
        name: record.get(CENTRAL_BYTES..)?.get(..usize::from(name))?,
        stored: u16_at(record, 10)? == 0 && u32_at(record, 20)? == size,
        size,
        at: u32_at(record, 42)?,
    };
    let length = CENTRAL_BYTES + usize::from(name) + usize::from(extra) + usize::from(comment);
    record.starts_with(CENTRAL).then_some((entry, length))
}

/// The data of an entry, which follows its local header. Sizes come from the directory, because the local
/// header may lack them; the lengths of name and extra field may differ from those in the directory.
fn data_of<'a>(bytes: &'a [u8], entry: &Entry<'_>) -> Option<&'a [u8]> {
    let local = bytes.get(entry.at..).filter(|it| it.starts_with(LOCAL))?;
    let (name, extra) = (u16_at(local, 26)?, u16_at(local, 28)?);
    let start = LOCAL_BYTES + usize::from(name) + usize::from(extra);
    local.get(start..)?.get(..entry.size)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let chunk = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*chunk))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let chunk = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*chunk)).ok()
}
