//! The pickle in a `.pt` file, read as a description and never run.
//!
//! A pickle is a program for a stack machine in Python. torch.save uses few of its instructions
//! (protocol 2), and a state dict needs few of Python's objects. Those are known here by name, and
//! everything else is refused. No Python function is ever called, so a hostile file cannot call one.
//! Python's `pickletools.py` documents the instructions.
//!
//! All values are in one list and refer to each other by index, as Python's objects share references. So a
//! file cannot multiply copies, and values of any depth are handled without recursion.

use super::error::{PytorchError, at_most};
use super::machine;

/// The most bytes of a pickle. A state dict of 64 tensors and the state of its optimizer take 40 kB.
const MAX_BYTES: usize = 256 << 10;

/// The index of a value in the list.
#[derive(Clone, Copy)]
pub(super) struct Id(pub(super) usize);

/// A value of the pickle, as far as it is needed.
pub(super) enum Value<'a> {
    /// None, True, False, a float or a large integer, which checkpoints hold and nobody reads; with its name
    /// for errors.
    Ignored(&'static str),
    Int(i64),
    Text(&'a str),
    Global(Global),
    Tuple(Vec<Id>),
    /// A list. Its items are dropped, because no state dict needs them.
    List,
    Dict(Vec<(Id, Id)>),
    Storage(Storage<'a>),
    Tensor(Tensor),
}

/// A Python object, imported by name, that a state dict needs.
#[derive(Clone, Copy)]
pub(super) enum Global {
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    Storage(Kind),
}

impl Global {
    /// The object named `module.name`; `None` if it is not one of these.
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

/// The type of the numbers in a storage.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Float,
    Double,
    Half,
    BFloat16,
    /// A type that is not floating-point, by PyTorch's name.
    Other(&'static str),
}

/// A flat array of numbers, in an entry of the archive of its own.
#[derive(Clone, Copy)]
pub(super) struct Storage<'a> {
    pub(super) kind: Kind,
    /// The name of the entry.
    pub(super) key: &'a str,
    /// How many numbers the storage has.
    pub(super) count: i64,
}

/// A view of a storage. Nothing has checked yet that these values have the right types.
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
        at_most("bytes in its data.pkl", bytes.len(), MAX_BYTES)?;
        let (values, root) = machine::run(bytes)?;
        Ok(Self { values, root })
    }

    /// The pickled value, which refers to the others.
    pub(super) fn root(&self) -> &Value<'a> {
        self.get(self.root)
    }

    pub(super) fn get(&self, id: Id) -> &Value<'a> {
        &self.values[id.0]
    }
}

impl Value<'_> {
    /// The kind of value, for error messages.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Self::Ignored(what) => what,
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
