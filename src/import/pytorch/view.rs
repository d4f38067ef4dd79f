//! The values of a tensor: a view of a storage, which may skip numbers, repeat them, and share them
//! with other tensors.

use super::archive::Archive;
use super::error::PytorchError;
use super::pickle::{Id, Kind, Pickle, Tensor, Value};
use crate::import::tensor::NamedTensor;

const MOST_RANK: usize = 4;
/// Of all tensors together: a view can repeat the numbers of a storage, so the size of the file
/// alone is no bound.
pub(super) const MOST_NUMBERS: usize = 4 << 20;

/// The tensor with its values. `left` is how many numbers may still be asked for.
pub(super) fn read(
    archive: &Archive<'_>,
    pickle: &Pickle<'_>,
    name: &str,
    tensor: &Tensor,
    left: &mut usize,
) -> Result<NamedTensor, PytorchError> {
    let damaged = |what| PytorchError::Tensor {
        name: name.to_owned(),
        what,
    };
    let Value::Storage(storage) = pickle.get(tensor.storage) else {
        return Err(damaged("it is not a view of a storage"));
    };
    let size = storage.kind.size().map_err(|found| PytorchError::Dtype {
        name: name.to_owned(),
        found,
    })?;
    let view = View::new(pickle, tensor).ok_or_else(|| damaged("it is not a view of a storage"))?;
    let rank = view.shape.len();
    if rank > MOST_RANK {
        return Err(PytorchError::Rank {
            name: name.to_owned(),
            found: rank,
            most: MOST_RANK,
        });
    }

    let bytes = (archive.get("data/", storage.key)?)
        .ok_or_else(|| damaged("the file lacks the entry of its numbers"))?;
    let there = (usize::try_from(storage.count).ok())
        .filter(|count| count.checked_mul(size) == Some(bytes.len()))
        .ok_or_else(|| damaged("the entry of its numbers has another size than is said"))?;
    let (count, reach) = view.extent().ok_or_else(|| damaged("it is too large"))?;
    *left = left.checked_sub(count).ok_or(PytorchError::Many {
        what: "numbers in its tensors",
        most: MOST_NUMBERS,
    })?;
    if reach > there {
        return Err(damaged("it reaches beyond its numbers"));
    }
    Ok(NamedTensor {
        name: name.to_owned(),
        values: view.values(storage.kind, bytes, count),
        shape: view.shape,
    })
}

/// Where a tensor's numbers lie in a storage: from `offset` in steps of `strides`.
struct View {
    offset: usize,
    shape: Vec<usize>,
    strides: Vec<usize>,
}

impl View {
    fn new(pickle: &Pickle<'_>, tensor: &Tensor) -> Option<Self> {
        let whole = |id: &Id| match pickle.get(*id) {
            Value::Int(it) => usize::try_from(*it).ok(),
            _ => None,
        };
        let all = |id: Id| match pickle.get(id) {
            Value::Tuple(items) => items.iter().map(whole).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        let (shape, strides) = (all(tensor.shape)?, all(tensor.strides)?);
        (shape.len() == strides.len()).then_some(Self {
            offset: whole(&tensor.offset)?,
            shape,
            strides,
        })
    }

    /// How many numbers it has, and how many its storage must have for that; `None` if these are
    /// too many to be counted.
    fn extent(&self) -> Option<(usize, usize)> {
        let count = (self.shape.iter()).try_fold(1_usize, |count, it| count.checked_mul(*it))?;
        if count == 0 {
            return Some((0, 0));
        }
        let last = (self.shape.iter().zip(&self.strides))
            .try_fold(self.offset, |at, (length, stride)| {
                at.checked_add((length - 1).checked_mul(*stride)?)
            })?;
        Some((count, last.checked_add(1)?))
    }

    /// The place in the storage of the number at `index` in row-major order.
    fn place(&self, index: usize) -> usize {
        let (mut place, mut rest) = (self.offset, index);
        for (length, stride) in self.shape.iter().zip(&self.strides).rev() {
            place += rest % length * stride;
            rest /= length;
        }
        place
    }

    fn values(&self, kind: Kind, bytes: &[u8], count: usize) -> Vec<f32> {
        match kind {
            Kind::Float => self.gather(bytes, count, f32::from_le_bytes),
            Kind::Double => self.gather(bytes, count, |it| f64::from_le_bytes(it) as f32),
            Kind::Half => self.gather(bytes, count, |it| half(u16::from_le_bytes(it))),
            Kind::BFloat16 => self.gather(bytes, count, |[low, high]| {
                f32::from_le_bytes([0, 0, low, high])
            }),
            Kind::Other(_) => Vec::new(),
        }
    }

    fn gather<const N: usize>(
        &self,
        bytes: &[u8],
        count: usize,
        number: impl Fn([u8; N]) -> f32,
    ) -> Vec<f32> {
        let (numbers, _) = bytes.as_chunks::<N>();
        (0..count)
            .map(|index| number(numbers[self.place(index)]))
            .collect()
    }
}

impl Kind {
    /// Bytes of a number, or what the storage holds that are not floating-point numbers.
    fn size(self) -> Result<usize, &'static str> {
        match self {
            Self::Double => Ok(8),
            Self::Float => Ok(4),
            Self::Half | Self::BFloat16 => Ok(2),
            Self::Other(what) => Err(what),
        }
    }
}

/// Half precision: a bit of sign, 5 of exponent, 10 of fraction (IEEE 754, section 3.6).
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let fraction = f32::from(bits & 0x3ff) / 1024.0;
    sign * match i32::from(bits >> 10 & 0x1f) {
        0 => fraction * 2_f32.powi(-14),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        exponent => (1.0 + fraction) * 2_f32.powi(exponent - 15),
    }
}
