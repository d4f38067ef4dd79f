//! The pickle in a `.pt` file, read as a description and never run.
//!
//! A pickle is a program for a stack machine of Python's. torch.save needs few of its instructions
//! (protocol 2), and a state dict few of Python's objects: those are known here by name, everything
//! else is refused where it appears. Nothing is called, so there is nothing that a hostile file
//! could have called. The instructions: `pickletools.py` in Python's library.
//!
//! Values lie in one list and name each other by their place in it, as Python's share objects: so a
//! file cannot make copies grow, and nothing here calls itself, however deep the values are nested.

use super::error::{PytorchError, few};
use super::machine;

/// A state dict of 64 tensors with its optimizer's takes 40 kB.
const MOST_BYTES: usize = 256 << 10;

/// A value's place in the list.
#[derive(Clone, Copy)]
pub(super) struct Id(pub(super) usize);

/// A value, as far as it matters here.
pub(super) enum Value<'a> {
    /// None, True, False or a float: parts of checkpoints, which nobody asks for.
    Reference(&'static str),
    Int(i64),
    Text(&'a str),
    Global(Global),
    Tuple(Vec<Id>),
    /// Its items are dropped: no state dict has any.
    List,
    Dict(Vec<(Id, Id)>),
    Storage(Storage<'a>),
    Tensor(Tensor),
}

/// An object of Python's that a state dict needs.
#[derive(Clone, Copy)]
pub(super) enum Global {
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    Storage(Kind),
}

impl Global {
    /// The one of the name `module.name`; `None` if it is none of these.
    pub(super) fn of(module: &str, name: &str) -> Option<Self> {
        Some(match (module, name) {
            ("collections", "OrderedDict") => Self::OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2") => Self::RebuildTensor,
            ("torch._utils", "_rebuild_parameter") => Self::RebuildParameter,
            ("torch", "FloatStorage") => Self::Storage(Kind::Float),
            ("torch", "DoubleStorage") => Self::Storage(Kind::Double),
            ("torch", "HalfStorage") => Self::Storage(Kind::Half),
            ("torch", "BFloat16Storage") => Self::Storage(Kind::BFloat16),
            ("torch", "LongStorage") => Self::Storage(Kind::Other("int64")),
            ("torch", "IntStorage") => Self::Storage(Kind::Other("int32")),
            ("torch", "ShortStorage") => Self::Storage(Kind::Other("int16")),
            ("torch", "CharStorage") => Self::Storage(Kind::Other("int8")),
            ("torch", "ByteStorage") => Self::Storage(Kind::Other("uint8")),
            ("torch", "BoolStorage") => Self::Storage(Kind::Other("bool")),
            _ => return None,
        })
    }
}

/// What a storage holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Float,
    Double,
    Half,
    BFloat16,
    /// No floating-point numbers, but PyTorch's name of what they are.
    Other(&'static str),
}

/// Numbers in a row, in an archive's entry of their own.
#[derive(Clone, Copy)]
pub(super) struct Storage<'a> {
    pub(super) kind: Kind,
    /// The entry's name.
    pub(super) key: &'a str,
    /// How many numbers it has.
    pub(super) count: i64,
}

/// A view of a storage. What the parts are is to be checked: see [`Pickle::get`].
#[derive(Clone, Copy)]
pub(super) struct Tensor {
    pub(super) storage: Id,
    pub(super) offset: Id,
    pub(super) shape: Id,
    pub(super) strides: Id,
}

/// All values of a pickle.
pub(super) struct Pickle<'a> {
    values: Vec<Value<'a>>,
    root: Id,
}

impl<'a> Pickle<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, PytorchError> {
        few("bytes in its data.pkl", bytes.len(), MOST_BYTES)?;
        let (values, root) = machine::run(bytes)?;
        Ok(Self { values, root })
    }

    /// What the pickle is the pickle of.
    pub(super) fn root(&self) -> &Value<'a> {
        self.get(self.root)
    }

    pub(super) fn get(&self, id: Id) -> &Value<'a> {
        &self.values[id.0]
    }
}

impl Value<'_> {
    /// For messages.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Self::Reference(what) => what,
            Self::Int(_) => "a whole number",
            Self::Text(_) => "a text",
            Self::Global(_) => "a class",
            Self::Tuple(_) => "a tuple",
            Self::List => "a list",
            Self::Dict(_) => "a dict",
            Self::Storage(_) => "a storage",
            Self::Tensor(_) => "a tensor",
        }
    }
}
