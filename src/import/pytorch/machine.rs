//! The stack machine that a pickle is written for: instructions in, a list of values out.

use super::cursor::Cursor;
use super::error::PytorchError::{self, Damaged, Instruction, Object};
use super::error::few;
use super::pickle::{Global, Id, Storage, Tensor, Value};

/// Python writes dictionaries in runs of a thousand names and values.
const MOST_STACKED: usize = 4096;
/// Bounds the memory that a pickle can ask for to about 2 MB.
const MOST_VALUES: usize = 1 << 14;

const STACK: PytorchError = Damaged("its data.pkl takes a value that is not there");
const MEANS: PytorchError = Damaged("its data.pkl does not describe tensors");

/// All values of the pickle, and which of them it is the pickle of.
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
    /// The stack's height at every open MARK.
    marks: Vec<usize>,
    /// Values kept to be taken again, numbered from 0 in the order of their keeping.
    memo: Vec<Id>,
}

impl<'a> Machine<'a> {
    /// Takes one instruction; false when it was the last.
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
                self.take_again(place.into())?;
            }
            b'j' => {
                let place = self.source.length()?;
                self.take_again(place)?;
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

    /// What the instruction puts on the stack; `None` of one that does something else.
    fn value(&mut self, code: u8) -> Result<Option<Value<'a>>, PytorchError> {
        Ok(Some(match code {
            // NONE, NEWTRUE, NEWFALSE, BINFLOAT
            b'N' => Value::Reference("None"),
            0x88 | 0x89 => Value::Reference("True or False"),
            b'G' => {
                self.source.skip(8)?;
                Value::Reference("a number")
            }
            // LONG1, of numbers above 2³¹: no size of a tensor that is read here
            0x8a => {
                let length = self.source.byte()?;
                self.source.skip(length.into())?;
                Value::Reference("a whole number")
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
        // Enough of the name to know it by; the file decides how long it is.
        Global::of(module, name)
            .ok_or_else(|| Object(format!("{module}.{name}").chars().take(100).collect()))
    }

    fn push(&mut self, value: Value<'a>) -> Result<(), PytorchError> {
        few("values in its data.pkl", self.values.len() + 1, MOST_VALUES)?;
        self.values.push(value);
        self.stacked(Id(self.values.len() - 1))
    }

    fn stacked(&mut self, id: Id) -> Result<(), PytorchError> {
        few(
            "values at a time in its data.pkl",
            self.stack.len() + 1,
            MOST_STACKED,
        )?;
        self.stack.push(id);
        Ok(())
    }

    fn mark(&mut self) -> Result<(), PytorchError> {
        few(
            "open groups in its data.pkl",
            self.marks.len() + 1,
            MOST_STACKED,
        )?;
        self.marks.push(self.stack.len());
        Ok(())
    }

    /// The lowest place of the stack that an instruction may take from.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn pop(&mut self) -> Result<Id, PytorchError> {
        let id = (self.stack.len() > self.floor()).then(|| self.stack.pop());
        id.flatten().ok_or(STACK)
    }

    /// `count` values, the lowest first.
    fn pop_many(&mut self, count: usize) -> Result<Vec<Id>, PytorchError> {
        let from = self.stack.len().checked_sub(count);
        let from = from.filter(|from| *from >= self.floor()).ok_or(STACK)?;
        Ok(self.stack.drain(from..).collect())
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Id>, PytorchError> {
        let from = self.marks.pop().ok_or(STACK)?;
        // Not split_off: from an empty stack that would hand over all its room.
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
            _ => Err(MEANS),
        }
    }

    fn dict(&mut self) -> Result<&mut Vec<(Id, Id)>, PytorchError> {
        let id = self.top()?;
        match &mut self.values[id.0] {
            Value::Dict(entries) => Ok(entries),
            _ => Err(MEANS),
        }
    }

    fn set(&mut self, items: &[Id]) -> Result<(), PytorchError> {
        let (pairs, []) = items.as_chunks::<2>() else {
            return Err(MEANS);
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

    fn take_again(&mut self, place: usize) -> Result<(), PytorchError> {
        let id = *self.memo.get(place).ok_or(STACK)?;
        self.stacked(id)
    }

    fn tuple(&self, id: Id) -> Result<&[Id], PytorchError> {
        match &self.values[id.0] {
            Value::Tuple(items) => Ok(items),
            _ => Err(MEANS),
        }
    }

    /// `("storage", torch.FloatStorage, "0", "cpu", 12)`; where it lay, "cpu", does not matter.
    fn storage(&self, id: Id) -> Result<Storage<'a>, PytorchError> {
        let &[what, kind, key, _, count] = self.tuple(id)? else {
            return Err(MEANS);
        };
        let value = |id: Id| &self.values[id.0];
        match (value(what), value(kind), value(key), value(count)) {
            (
                Value::Text("storage"),
                &Value::Global(Global::Storage(kind)),
                &Value::Text(key),
                &Value::Int(count),
            ) => Ok(Storage { kind, key, count }),
            _ => Err(MEANS),
        }
    }

    /// Puts in the place of a call what it would have made.
    fn rebuild(&mut self, callee: Id, arguments: Id) -> Result<(), PytorchError> {
        let Value::Global(callee) = self.values[callee.0] else {
            return Err(MEANS);
        };
        match (callee, self.tuple(arguments)?) {
            (Global::OrderedDict, []) => self.push(Value::Dict(Vec::new())),
            // Then whether it needs a gradient, and its hooks.
            (Global::RebuildTensor, &[storage, offset, shape, strides, _, _]) => {
                self.push(Value::Tensor(Tensor {
                    storage,
                    offset,
                    shape,
                    strides,
                }))
            }
            (Global::RebuildParameter, &[tensor, _, _]) => self.stacked(tensor),
            _ => Err(MEANS),
        }
    }
}
