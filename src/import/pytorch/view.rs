//! The values of a tensor. A tensor is a view of a storage: it can skip numbers, repeat them, and share
//! them with other tensors.

use super::archive::Archive;
use super::error::PytorchError;
use super::pickle::{Id, Kind, Pickle, Tensor, Value};
use crate::import::NamedTensor;
use crate::network::limits::{MAX_DIMENSIONS, MAX_PARAMETERS};

/// The tensor with its values. `left` is how many numbers this and all further tensors together may have: a
/// view can repeat the numbers of a storage, so the size of the file does not bound them.
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
    if rank > MAX_DIMENSIONS {
        return Err(PytorchError::Rank {
            name: name.to_owned(),
            found: rank,
            most: MAX_DIMENSIONS,
        });
    }

    let bytes = (archive.get("data/", storage.key)?)
        .ok_or_else(|| damaged("the file lacks the entry of its numbers"))?;
    let available = (usize::try_from(storage.count).ok())
        .filter(|count| count.checked_mul(size) == Some(bytes.len()))
        .ok_or_else(|| damaged("the entry of its numbers has another size than is said"))?;
    let (count, reach) = view.extent().ok_or_else(|| damaged("it is too large"))?;
    *left = left.checked_sub(count).ok_or(PytorchError::Many {
        what: "numbers in its tensors",
        most: MAX_PARAMETERS,
    })?;
    if reach > available {
        return Err(damaged("it reaches beyond its numbers"));
    }
    Ok(NamedTensor {
        name: name.to_owned(),
        values: view.values(storage.kind, bytes, count),
        shape: view.shape,
    })
}

/// The positions of a tensor's numbers in a storage: from `offset` on, in steps of `strides`.
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

    /// How many numbers the view has, and how many its storage must have for that; `None` if a `usize`
    /// cannot hold these counts.
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

    /// The position in the storage of the number that is at `index` in row-major order.
    fn position(&self, index: usize) -> usize {
        let (mut position, mut rest) = (self.offset, index);
        for (length, stride) in self.shape.iter().zip(&self.strides).rev() {
            position += rest % length * stride;
            rest /= length;
        }
        position
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
            .map(|index| number(numbers[self.position(index)]))
            .collect()
    }
}

impl Kind {
    /// How many bytes a number takes; for a type that is not floating-point, its name as the error.
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
