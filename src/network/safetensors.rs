//! Safetensors files, which are checked before they are read because they can come from anywhere. Also
//! the project's own data files, each of which holds tensors of known names and shapes.

use std::collections::HashMap;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError, SafeTensors};

use super::limits::{MAX_DIMENSIONS, MAX_FILE, MAX_HEADER, MAX_NAME, MAX_TENSORS};

/// Opens a file after checking that it keeps the [`limits`](super::limits). Returns its tensors, and
/// the entries of its metadata.
///
/// # Errors
///
/// When the file is malformed or exceeds a limit. The error says what is wrong, for a message to quote in
/// parentheses.
pub(crate) fn open(bytes: &[u8]) -> Result<(SafeTensors<'_>, HashMap<String, String>), String> {
    if bytes.len() > MAX_FILE {
        return Err(format!(
            "it has {} bytes, and may have {MAX_FILE}",
            bytes.len()
        ));
    }
    if let Some((length, _)) = bytes.split_first_chunk::<8>() {
        let length = u64::from_le_bytes(*length);
        if length > bytes.len() as u64 {
            return Err("its header would be longer than the file".to_owned());
        }
        if length > MAX_HEADER as u64 {
            return Err(format!(
                "its header has {length} bytes, and may have {MAX_HEADER}"
            ));
        }
    }
    let in_words = |error: SafeTensorError| match error {
        SafeTensorError::MetadataIncompleteBuffer => {
            "it has more bytes, or fewer, than its header tells: was it cut short?".to_owned()
        }
        other => other.to_string(),
    };
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(in_words)?;
    let file = SafeTensors::deserialize(bytes).map_err(in_words)?;
    if file.len() > MAX_TENSORS {
        return Err(format!(
            "it has {} tensors, and may have {MAX_TENSORS}",
            file.len()
        ));
    }
    for (name, tensor) in file.iter() {
        if name.len() > MAX_NAME {
            return Err(format!(
                "a tensor's name has {} bytes, and may have {MAX_NAME}",
                name.len()
            ));
        }
        if tensor.shape().len() > MAX_DIMENSIONS {
            return Err(format!(
                "the tensor \"{name}\" has {} dimensions, and may have {MAX_DIMENSIONS}",
                tensor.shape().len()
            ));
        }
    }
    Ok((file, metadata.metadata().clone().unwrap_or_default()))
}

/// Converts little-endian bytes to numbers.
pub(crate) fn floats(bytes: &[u8]) -> Vec<f32> {
    (bytes.as_chunks::<4>().0.iter())
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect()
}

/// A data file that does not hold what it should.
#[derive(Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "each variant's message explains it")]
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

/// An open data file. `of` says what it should hold, for error messages.
pub(crate) struct File<'a> {
    of: &'static str,
    tensors: SafeTensors<'a>,
}

impl<'a> File<'a> {
    pub(crate) fn open(of: &'static str, bytes: &'a [u8]) -> Result<Self, FileError> {
        let (tensors, _) = open(bytes).map_err(|reason| FileError::Format { of, reason })?;
        Ok(Self { of, tensors })
    }

    pub(crate) fn floats(
        &self,
        name: &'static str,
        shape: &'static [usize],
    ) -> Result<Vec<f32>, FileError> {
        Ok(floats(self.data(Dtype::F32, name, shape)?))
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

/// A tensor to write.
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

/// The bytes of a file with these tensors.
pub(crate) fn write(tensors: &[Tensor]) -> Result<Vec<u8>, SafeTensorError> {
    let views = (tensors.iter())
        .map(|it| {
            let view = TensorView::new(it.dtype, it.shape.to_vec(), &it.data)?;
            Ok((it.name, view))
        })
        .collect::<Result<Vec<_>, SafeTensorError>>()?;
    safetensors::serialize(views, None)
}
