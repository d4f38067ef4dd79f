//! Reads the bytes of a pickle from first to last.

use super::error::PytorchError::{self, Damaged};

const ENDS: PytorchError = Damaged("its data.pkl ends too early");
const TEXT: PytorchError = Damaged("a text in its data.pkl is not UTF-8");

pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were read so far.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn byte(&mut self) -> Result<u8, PytorchError> {
        self.take::<1>().map(|[it]| it)
    }

    pub(super) fn take<const N: usize>(&mut self) -> Result<[u8; N], PytorchError> {
        let chunk = self.bytes[self.at..].first_chunk().ok_or(ENDS)?;
        self.at += N;
        Ok(*chunk)
    }

    pub(super) fn skip(&mut self, count: usize) -> Result<(), PytorchError> {
        self.bytes[self.at..].get(..count).ok_or(ENDS)?;
        self.at += count;
        Ok(())
    }

    pub(super) fn length(&mut self) -> Result<usize, PytorchError> {
        usize::try_from(u32::from_le_bytes(self.take()?)).map_err(|_| ENDS)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, PytorchError> {
        let length = self.length()?;
        let text = self.bytes[self.at..].get(..length).ok_or(ENDS)?;
        self.at += length;
        str::from_utf8(text).map_err(|_| TEXT)
    }

    pub(super) fn line(&mut self) -> Result<&'a str, PytorchError> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|it| *it == b'\n').ok_or(ENDS)?;
        self.at += length + 1;
        str::from_utf8(&rest[..length]).map_err(|_| TEXT)
    }
}
