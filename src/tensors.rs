//! What the small files of data have in common: they are safetensors, and hold exactly the tensors
//! that are asked of them.

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError, SafeTensors};

/// A file without what was asked of it.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum FileError {
    #[error("The file of {of} is not a safetensors file ({reason}).")]
    Format { of: &'static str, reason: String },
    #[error(
        "The file of {of} holds no {dtype} tensor \"{name}\" of the shape {shape:?}. ./build.sh train writes one."
    )]
    Tensor {
        of: &'static str,
        dtype: Dtype,
        name: &'static str,
        shape: &'static [usize],
    },
}

/// A file that is being read; `of` names what it should hold, for messages.
pub(crate) struct File<'a> {
    of: &'static str,
    tensors: SafeTensors<'a>,
}

impl<'a> File<'a> {
    pub(crate) fn open(of: &'static str, bytes: &'a [u8]) -> Result<Self, FileError> {
        let tensors = SafeTensors::deserialize(bytes).map_err(|error| FileError::Format {
            of,
            reason: error.to_string(),
        })?;
        Ok(Self { of, tensors })
    }

    pub(crate) fn floats(
        &self,
        name: &'static str,
        shape: &'static [usize],
    ) -> Result<Vec<f32>, FileError> {
        let data = self.data(Dtype::F32, name, shape)?;
        Ok((data.as_chunks::<4>().0.iter())
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect())
    }

    pub(crate) fn bytes(
        &self,
        name: &'static str,
        shape: &'static [usize],
    ) -> Result<&'a [u8], FileError> {
        self.data(Dtype::U8, name, shape)
    }

    fn data(
        &self,
        dtype: Dtype,
        name: &'static str,
        shape: &'static [usize],
    ) -> Result<&'a [u8], FileError> {
        (self.tensors.tensor(name).ok())
            .filter(|tensor| tensor.dtype() == dtype && tensor.shape() == shape)
            .map(|tensor| tensor.data())
            .ok_or(FileError::Tensor {
                of: self.of,
                dtype,
                name,
                shape,
            })
    }
}

/// A tensor to be written.
pub(crate) struct Tensor {
    name: &'static str,
    dtype: Dtype,
    shape: &'static [usize],
    data: Vec<u8>,
}

impl Tensor {
    pub(crate) fn floats(name: &'static str, shape: &'static [usize], values: &[f32]) -> Self {
        Self {
            name,
            dtype: Dtype::F32,
            shape,
            data: values.iter().flat_map(|it| it.to_le_bytes()).collect(),
        }
    }

    pub(crate) fn bytes(name: &'static str, shape: &'static [usize], values: &[u8]) -> Self {
        Self {
            name,
            dtype: Dtype::U8,
            shape,
            data: values.to_vec(),
        }
    }
}

/// The bytes of a file of `tensors`.
pub(crate) fn write(tensors: &[Tensor]) -> Result<Vec<u8>, SafeTensorError> {
    let views = (tensors.iter())
        .map(|it| {
            let view = TensorView::new(it.dtype, it.shape.to_vec(), &it.data)?;
            Ok((it.name, view))
        })
        .collect::<Result<Vec<_>, SafeTensorError>>()?;
    safetensors::serialize(views, None)
}
