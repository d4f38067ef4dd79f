//! The errors of `.pt` files, in words for the person who chose the file.

/// What to do with a file that is not damaged, but not a state dict in today's format either.
const REMEDY: &str = "Write the network with these two lines of Python and use that file:\n\
    from safetensors.torch import save_file\n\
    save_file(model.state_dict(), \"network.safetensors\")";

/// A `.pt` or `.pth` file that cannot be used.
#[derive(Debug, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "each variant's message explains it")]
pub enum PytorchError {
    #[error("The file has {found} bytes; at most {most} are read.")]
    Size { found: usize, most: usize },
    #[error("The file holds more than {most} {what}. A state dict of a small network has fewer.")]
    Many { what: &'static str, most: usize },
    #[error("The file is damaged: {0}. Save it or copy it once more.")]
    Damaged(&'static str),
    #[error(
        "This file has the format of PyTorch before version 1.6, which is not read here. {remedy}",
        remedy = REMEDY
    )]
    Legacy,
    #[error(
        "This is a ZIP archive, but torch.save did not write it: it has no data.pkl. {remedy}",
        remedy = REMEDY
    )]
    Archive,
    #[error(
        "The file's entry {0:?} is compressed, which torch.save never does. {remedy}",
        remedy = REMEDY
    )]
    Compressed(String),
    #[error(
        "The file was written on a big-endian machine. {remedy}",
        remedy = REMEDY
    )]
    ByteOrder,
    #[error(
        "The file holds the Python object {0:?}. To make it, Python would run code; here only the tensors of a state dict are read, and nothing in a file is run. {remedy}",
        remedy = REMEDY
    )]
    Object(String),
    #[error(
        "The file's data.pkl has the instruction 0x{code:02x} at byte {at}, which torch.save does not write for a state dict. {remedy}",
        remedy = REMEDY
    )]
    Instruction { code: u8, at: usize },
    #[error("The file holds {0} and no state dict. {remedy}", remedy = REMEDY)]
    NoStateDict(&'static str),
    #[error(
        "The file holds several state dicts, {0}: which one is meant is not guessed. {remedy}",
        remedy = REMEDY
    )]
    Several(String),
    #[error("The file's entry {name:?} is {found} and not a tensor. {remedy}", remedy = REMEDY)]
    Entry { name: String, found: &'static str },
    #[error("The file has a name of {found} bytes for a tensor; at most {most} are read.")]
    Name { found: usize, most: usize },
    #[error("The file has two tensors with the name {0:?}.")]
    Twice(String),
    #[error(
        "The tensor {name:?} holds {found}, but weights and biases are floating-point numbers: it belongs to no dense or convolutional layer."
    )]
    Dtype { name: String, found: &'static str },
    #[error("The tensor {name:?} has {found} dimensions; at most {most} are read.")]
    Rank {
        name: String,
        found: usize,
        most: usize,
    },
    #[error("The tensor {name:?} is damaged: {what}. Save the file or copy it once more.")]
    Tensor { name: String, what: &'static str },
}

/// Checks that there are at most `most` of `what`.
pub(super) fn at_most(what: &'static str, count: usize, most: usize) -> Result<(), PytorchError> {
    match count > most {
        true => Err(PytorchError::Many { what, most }),
        false => Ok(()),
    }
}
