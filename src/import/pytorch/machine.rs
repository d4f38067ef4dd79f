//! The stack machine that executes a pickle's instructions: bytes in, a list of values out.

use super::cursor::Cursor;
use super::error::PytorchError::{self, Damaged, Instruction, Object};
use super::error::at_most;
use super::pickle::{Global, Id, Storage, Tensor, Value};

/// The most values on the stack. Python writes a dict in batches of a thousand names and values.
const MAX_STACK: usize = 4096;
/// Limits the memory that a pickle can allocate to about 2 MB.
const MAX_VALUES: usize = 1 << 14;

const STACK: PytorchError = Damaged("its data.pkl takes a value that is not there");
const NOT_TENSORS: PytorchError = Damaged("its data.pkl does not describe tensors");

/// All values of the pickle, and the index of the pickled one.
pub(super) fn run(bytes: &[u8]) -> Result<(Vec<Value<'_>>, Id), PytorchError> {
    let mut machine = Machine {
        source: Cursor::new(bytes),
        values: Vec::new(),
        stack: Vec::new(),
        marks: Vec::new(),
        memo: Vec::new(),
    };
    while machine.step()? {}
    let root = machine.pop()?;
    Ok((machine.values, root))
}

struct Machine<'a> {
    source: Cursor<'a>,
    values: Vec<Value<'a>>,
    stack: Vec<Id>,
    /// The height of the stack at every open MARK.
    marks: Vec<usize>,
    /// Values stored for later use, numbered from 0 in the order in which they were stored.
    memo: Vec<Id>,
}

impl<'a> Machine<'a> {
    /// Executes one instruction; returns false after the last.
    fn step(&mut self) -> Result<bool, PytorchError> {
        let at = self.source.at();
        let code = self.source.byte()?;
        if let Some(value) = self.value(code)? {
            self.push(value)?;
            return Ok(true);
        }
        match code {
            // PROTO and its version
            0x80 => drop(self.source.byte()?),
            // MARK
            b'(' => self.mark()?,
            // APPEND
            b'a' => {
                self.pop()?;
                self.list()?;
            }
            // APPENDS
            b'e' => {
                self.pop_to_mark()?;
                self.list()?;
            }
            // SETITEM
            b's' => {
                let items = self.pop_many(2)?;
                self.set(&items)?;
            }
            // SETITEMS
            b'u' => {
                let items = self.pop_to_mark()?;
                self.set(&items)?;
            }
            // BINPUT and LONG_BINPUT
            b'q' => {
                let place = self.source.byte()?;
                self.keep(place.into())?;
            }
            b'r' => {
                let place = self.source.length()?;
                self.keep(place)?;
            }
            // BINGET and LONG_BINGET
            b'h' => {
                let place = self.source.byte()?;
                self.recall(place.into())?;
            }
            b'j' => {
                let place = self.source.length()?;
                self.recall(place)?;
            }
            // REDUCE
            b'R' => {
                let (arguments, callee) = (self.pop()?, self.pop()?);
                self.rebuild(callee, arguments)?;
            }
            // BUILD, which gives a state dict its _metadata
            b'b' => {
                self.pop()?;
                self.dict()?;
            }
            // STOP
            b'.' => return Ok(false),
            _ => return Err(Instruction { code, at }),
        }
        Ok(true)
    }

    /// The value that the instruction pushes onto the stack; `None` if it is another kind of instruction.
    fn value(&mut self, code: u8) -> Result<Option<Value<'a>>, PytorchError> {
        Ok(Some(match code {
            // NONE, NEWTRUE, NEWFALSE, BINFLOAT
            b'N' => Value::Ignored("None"),
            0x88 | 0x89 => Value::Ignored("True or False"),
            b'G' => {
                self.source.skip(8)?;
                Value::Ignored("a number")
            }
            // LONG1, for numbers above 2³¹, which no size of a tensor that is read here reaches
            0x8a => {
                let length = self.source.byte()?;
                self.source.skip(length.into())?;
                Value::Ignored("a whole number")
            }
            // BININT1, BININT2, BININT
            b'K' => Value::Int(self.source.byte()?.into()),
            b'M' => Value::Int(u16::from_le_bytes(self.source.take()?).into()),
            b'J' => Value::Int(i32::from_le_bytes(self.source.take()?).into()),
            // BINUNICODE, GLOBAL
            b'X' => Value::Text(self.source.text()?),
            b'c' => Value::Global(self.global()?),
            // EMPTY_LIST, EMPTY_DICT, EMPTY_TUPLE, TUPLE1 to TUPLE3, TUPLE
            b']' => Value::List,
            b'}' => Value::Dict(Vec::new()),
            b')' => Value::Tuple(Vec::new()),
            0x85..=0x87 => Value::Tuple(self.pop_many(usize::from(code - 0x84))?),
            b't' => Value::Tuple(self.pop_to_mark()?),
            // BINPERSID
            b'Q' => {
                let id = self.pop()?;
                Value::Storage(self.storage(id)?)
            }
            _ => return Ok(None),
        }))
    }

    fn global(&mut self) -> Result<Global, PytorchError> {
        let (module, name) = (self.source.line()?, self.source.line()?);
        // The file can make the name of any length: the error shows its beginning.
        Global::of(module, name)
            .ok_or_else(|| Object(format!("{module}.{name}").chars().take(100).collect()))
    }

    fn push(&mut self, value: Value<'a>) -> Result<(), PytorchError> {
        at_most("values in its data.pkl", self.values.len() + 1, MAX_VALUES)?;
        self.values.push(value);
        self.push_id(Id(self.values.len() - 1))
    }

    fn push_id(&mut self, id: Id) -> Result<(), PytorchError> {
        at_most(
            "values at a time in its data.pkl",
            self.stack.len() + 1,
            MAX_STACK,
        )?;
        self.stack.push(id);
        Ok(())
    }

    fn mark(&mut self) -> Result<(), PytorchError> {
        at_most(
            "open groups in its data.pkl",
            self.marks.len() + 1,
            MAX_STACK,
        )?;
        self.marks.push(self.stack.len());
        Ok(())
    }

    /// The lowest index of the stack that an instruction may pop: values below the MARK are out of reach.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn pop(&mut self) -> Result<Id, PytorchError> {
        let id = (self.stack.len() > self.floor()).then(|| self.stack.pop());
        id.flatten().ok_or(STACK)
    }

    /// Pops `count` values; the lowest comes first.
    fn pop_many(&mut self, count: usize) -> Result<Vec<Id>, PytorchError> {
        let from = self.stack.len().checked_sub(count);
        let from = from.filter(|from| *from >= self.floor()).ok_or(STACK)?;
        Ok(self.stack.drain(from..).collect())
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Id>, PytorchError> {
        let from = self.marks.pop().ok_or(STACK)?;
        // Not split_off: with `from` 0 it would also take the stack's capacity.
        Ok(self.stack.drain(from..).collect())
    }

    fn top(&mut self) -> Result<Id, PytorchError> {
        let id = self.pop()?;
        self.stack.push(id);
        Ok(id)
    }

    fn list(&mut self) -> Result<(), PytorchError> {
        let id = self.top()?;
        match self.values[id.0] {
            Value::List => Ok(()),
            _ => Err(NOT_TENSORS),
        }
    }

    fn dict(&mut self) -> Result<&mut Vec<(Id, Id)>, PytorchError> {
        let id = self.top()?;
        match &mut self.values[id.0] {
            Value::Dict(entries) => Ok(entries),
            _ => Err(NOT_TENSORS),
        }
    }

    fn set(&mut self, items: &[Id]) -> Result<(), PytorchError> {
        let (pairs, []) = items.as_chunks::<2>() else {
            return Err(NOT_TENSORS);
        };
        let entries = self.dict()?;
        entries.extend(pairs.iter().map(|[name, value]| (*name, *value)));
        Ok(())
    }

    fn keep(&mut self, place: usize) -> Result<(), PytorchError> {
        let id = self.top()?;
        if place != self.memo.len() {
            return Err(Damaged("its data.pkl keeps values out of order"));
        }
        self.memo.push(id);
        Ok(())
    }

    fn recall(&mut self, place: usize) -> Result<(), PytorchError> {
        let id = *self.memo.get(place).ok_or(STACK)?;
        self.push_id(id)
    }

    fn tuple(&self, id: Id) -> Result<&[Id], PytorchError> {
        match &self.values[id.0] {
            Value::Tuple(items) => Ok(items),
            _ => Err(NOT_TENSORS),
        }
    }

    /// `("storage", torch.FloatStorage, "0", "cpu", 12)`; the device, "cpu", does not matter.
    fn storage(&self, id: Id) -> Result<Storage<'a>, PytorchError> {
        let &[what, kind, key, _, count] = self.tuple(id)? else {
            return Err(NOT_TENSORS);
        };
        let value = |id: Id| &self.values[id.0];
        match (value(what), value(kind), value(key), value(count)) {
            (
                Value::Text("storage"),
                &Value::Global(Global::Storage(kind)),
                &Value::Text(key),
                &Value::Int(count),
            ) => Ok(Storage { kind, key, count }),
            _ => Err(NOT_TENSORS),
        }
    }

    /// Pushes the value that the call would have returned; nothing is called.
    fn rebuild(&mut self, callee: Id, arguments: Id) -> Result<(), PytorchError> {
        let Value::Global(callee) = self.values[callee.0] else {
            return Err(NOT_TENSORS);
        };
        match (callee, self.tuple(arguments)?) {
            (Global::OrderedDict, []) => self.push(Value::Dict(Vec::new())),
            // The last two arguments are `requires_grad` and the hooks.
            (Global::RebuildTensor, &[storage, offset, shape, strides, _, _]) => {
                self.push(Value::Tensor(Tensor {
                    storage,
                    offset,
                    shape,
                    strides,
                }))
            }
            (Global::RebuildParameter, &[tensor, _, _]) => self.push_id(tensor),
            _ => Err(NOT_TENSORS),
        }
    }
}
