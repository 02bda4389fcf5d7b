//! Reading values.

use std::marker::PhantomData;
use std::sync::Arc;

use super::keep::{Borrow, Copy, Keep};
use super::limits::LONGEST_NAME;
use super::name::{Name, Recent};
use super::reader::Reader;
use super::stock::Stock;
use super::types::{Entries, Form, Shape, Table};
use super::usual::{NO_BYTES, NO_STRING};
use super::{Concrete, Definition, Error, Limits, List, Map, Opaque, Text, Value};
use crate::Place;

/// Ids from here up are a program's own types; Go keeps the ones below.
const FIRST_ID: i32 = 64;
/// What decoding may allocate: so many bytes for each byte of input, and a constant.
const MEMORY_PER_BYTE: usize = 64;
const MEMORY_CONSTANT: usize = 64 * 1024;

/// Decodes the first value of a gob stream, within the default [`Limits`].
///
/// Bytes after the value are not looked at, as in Go: a stream may hold more values.
///
/// # Errors
///
/// [`Error::Truncated`] and [`Error::Length`] if the input ends too soon; [`Error::TooDeep`], [`Error::TooManyTypes`],
/// [`Error::Count`] and [`Error::TooLarge`] if it asks for too much; the others if it is no gob at all.
///
/// # Source
///
/// Go's package documentation of `encoding/gob`, "Encoding Details".
pub fn decode(input: &[u8]) -> Result<Value<'_>, Error> {
    decode_with(input, &Limits::default())
}

/// Decodes the first value of a gob stream, within the limits given.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_with<'a>(input: &'a [u8], limits: &Limits) -> Result<Value<'a>, Error> {
    decode_keeping::<Borrow>(input, limits).map_err(|error| *error)
}

/// Decodes the first value of a gob stream, within the limits given, into one that has no tie to the input.
///
/// The same as [`Value::into_owned`] of what [`decode_with`] returns, at less cost.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_owned(input: &[u8], limits: &Limits) -> Result<Value<'static>, Error> {
    decode_keeping::<Copy>(input, limits).map_err(|error| *error)
}

/// Errors go boxed through the decoder: they are four times as large as what they are instead of.
fn decode_keeping<'i, 'v, K: Keep<'i, 'v>>(input: &'i [u8], limits: &Limits) -> Result<Value<'v>, Box<Error>> {
    let mut decoder = Decoder::<K>::new(input, limits);
    let id = decoder.next_id(Within::Stream)?;
    let mut value = Value::NIL;
    if id == 8 {
        decoder.zero()?;
        decoder.value(id, &mut value)?;
    } else {
        decoder.top(id, &mut value.concrete)?;
    }
    if let Some(table) = decoder.table {
        table.fill(decoder.types);
    }
    Ok(value)
}

/// Where a value's type is named, which decides what may follow a type definition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Stream,
    Interface,
}

pub(super) struct Decoder<'i, 'v, K> {
    pub(super) reader: Reader<'i>,
    keep: PhantomData<K>,
    pub(super) limits: Limits,
    pub(super) types: Entries,
    /// What the handles of types are of; none before the first type is defined that is not known beforehand.
    table: Option<Arc<Table>>,
    /// The last registered names that are not known to everybody.
    names: Recent,
    /// Fields of structs that are being read; a struct takes its own from the end when it is complete.
    pub(super) fields: Vec<(u32, Value<'v>)>,
    depth: usize,
    /// How many more elements the input can hold. Each takes at least a byte of its own, so all counts together cannot
    /// be more than the input has bytes.
    elements: usize,
    /// How many more bytes may be allocated.
    pub(super) memory: usize,
}

impl<'i, 'v, K: Keep<'i, 'v>> Decoder<'i, 'v, K> {
    fn new(input: &'i [u8], limits: &Limits) -> Self {
        Self {
            reader: Reader::new(input),
            keep: PhantomData,
            limits: limits.clone(),
            types: Entries::default(),
            table: None,
            names: Recent::default(),
            fields: Vec::new(),
            depth: 0,
            elements: input.len(),
            memory: Self::memory_limit(input.len()),
        }
    }

    fn memory_limit(input: usize) -> usize {
        input.saturating_mul(MEMORY_PER_BYTE).saturating_add(MEMORY_CONSTANT)
    }

    /// Takes memory off the account, before it is allocated.
    #[inline(always)]
    #[track_caller]
    pub(super) fn charge(&mut self, count: usize, each: usize) -> Result<(), Box<Error>> {
        match count.checked_mul(each).and_then(|bytes| self.memory.checked_sub(bytes)) {
            Some(left) => {
                self.memory = left;
                Ok(())
            }
            None => Err(self.too_large()),
        }
    }

    #[cold]
    #[track_caller]
    fn too_large(&self) -> Box<Error> {
        let limit = Self::memory_limit(self.reader.total());
        Box::new(Error::TooLarge { offset: self.reader.offset(), limit, place: Place::here() })
    }

    /// Checks a count of things that take at least `each` elements of the input's bytes.
    #[track_caller]
    pub(super) fn count(&mut self, count: u64, each: usize, what: &'static str) -> Result<usize, Box<Error>> {
        let elements = usize::try_from(count).ok().and_then(|count| Some((count, count.checked_mul(each)?)));
        match elements.and_then(|(count, all)| Some((count, self.elements.checked_sub(all)?))) {
            Some((count, left)) => {
                self.elements = left;
                Ok(count)
            }
            None => Err(Box::new(Error::Count { offset: self.reader.offset(), what, count, place: Place::here() })),
        }
    }

    /// Reads type definitions up to the id of the type of the next value, and returns that id.
    #[inline]
    fn next_id(&mut self, within: Within) -> Result<i32, Box<Error>> {
        // A type that was defined before, in the message that goes on: all but the first of each type.
        if self.reader.left() > 0 {
            let id = self.reader.id()?;
            if id >= 0 {
                return Ok(id);
            }
            self.define_and_go_on(id, within)?;
        }
        self.next_defined_id(within)
    }

    fn next_defined_id(&mut self, within: Within) -> Result<i32, Box<Error>> {
        loop {
            if self.reader.left() == 0 {
                self.reader.message()?;
            }
            let id = self.reader.id()?;
            if id >= 0 {
                return Ok(id);
            }
            self.define_and_go_on(id, within)?;
        }
    }

    fn define_and_go_on(&mut self, id: i32, within: Within) -> Result<(), Box<Error>> {
        self.define(id)?;
        if self.reader.left() > 0 {
            if within == Within::Stream {
                return Err(Box::new(Error::ExtraData { offset: self.reader.offset(), place: Place::here() }));
            }
            // The length of the message that goes on here, after a definition in the middle of a value.
            self.reader.uint("the length of a message")?;
        }
        Ok(())
    }

    fn define(&mut self, id: i32) -> Result<(), Box<Error>> {
        let offset = self.reader.offset();
        let id = id.checked_neg().filter(|id| *id >= FIRST_ID);
        let Some(id) = id else {
            return Err(self.reader.range("the id of a type definition"));
        };
        let Err(at) = self.types.ids.binary_search_by_key(&id, |entry| entry.0) else {
            return Err(self.duplicate(offset, id));
        };
        if self.types.stock(id).is_some() {
            return Err(self.duplicate(offset, id));
        }
        let limit = self.limits.types;
        let stock = self.types.stock.iter().filter(|id| **id != 0).count();
        let index = match u32::try_from(self.types.shapes.len()) {
            Ok(index) if self.types.shapes.len() + stock < limit => index,
            _ => return Err(Box::new(Error::TooManyTypes { offset, limit, place: Place::here() })),
        };
        if let Some((stock, length)) = Stock::read(self.reader.rest(), id)
            && self.types.stock[stock as usize] == 0
        {
            self.types.stock[stock as usize] = id;
            self.reader.skip(length);
            return Ok(());
        }
        // Two lists grow by doubling: over their lives they allocate at most four times what they end up with.
        self.charge(4, size_of::<Shape>() + size_of::<(i32, u32)>())?;
        let shape = self.read_definition(id)?;
        self.types.shapes.push(shape);
        self.types.ids.insert(at, (id, index));
        self.table.get_or_insert_default();
        Ok(())
    }

    #[cold]
    #[track_caller]
    fn duplicate(&self, offset: usize, id: i32) -> Box<Error> {
        Box::new(Error::DuplicateType { offset, id, place: Place::here() })
    }

    /// Reads a value that stands alone or in an interface: a struct as it is, any other after a zero byte.
    fn top(&mut self, id: i32, slot: &mut Concrete<'v>) -> Result<(), Box<Error>> {
        if id < 9 || !self.is_struct(id) {
            self.zero()?;
        }
        if id == 8 {
            // An interface in an interface: what it holds has a name of its own.
            let mut inner = Value::NIL;
            self.value(id, &mut inner)?;
            if inner.is_interface() {
                self.charge(1, size_of::<Value<'_>>())?;
                put(slot, Concrete::Interface(Box::new(inner)));
            }
            return Ok(());
        }
        self.plain(id, slot)
    }

    #[inline]
    fn zero(&mut self) -> Result<(), Box<Error>> {
        match self.reader.uint("the zero before a value")? {
            0 => Ok(()),
            _ => Err(Box::new(Error::Singleton { offset: self.reader.offset(), place: Place::here() })),
        }
    }

    fn is_struct(&self, id: i32) -> bool {
        let index = self.types.index(id).and_then(|index| usize::try_from(index).ok());
        let form = index.and_then(|index| self.types.shapes.get(index)).map(|shape| &shape.form);
        matches!(form, Some(Form::Struct { .. }))
    }

    /// Reads a value to where it is to be, which holds a nil: on the way of each through results, from a field to a
    /// struct to an interface, it would be copied as often.
    ///
    /// Kept small, as are the other functions on the way from a value to the values in it: in a debug build each takes
    /// its whole frame for every level of nesting.
    #[inline]
    pub(super) fn value(&mut self, id: i32, slot: &mut Value<'v>) -> Result<(), Box<Error>> {
        if id != 8 {
            return self.plain(id, &mut slot.concrete);
        }
        self.descend()?;
        if !self.usual(slot) {
            self.interface(slot)?;
        }
        self.depth -= 1;
        Ok(())
    }

    /// Reads a value that is no interface.
    #[inline]
    fn plain(&mut self, id: i32, slot: &mut Concrete<'v>) -> Result<(), Box<Error>> {
        if (1..8).contains(&id) {
            return self.scalar(id, slot);
        }
        self.descend()?;
        put(slot, self.defined(id)?);
        self.depth -= 1;
        Ok(())
    }

    #[inline]
    fn scalar(&mut self, id: i32, slot: &mut Concrete<'v>) -> Result<(), Box<Error>> {
        match id {
            1 => put(slot, Concrete::Bool(self.reader.uint("a bool")? != 0)),
            2 => put(slot, Concrete::Int(self.reader.int("an integer")?)),
            3 => put(slot, Concrete::Uint(self.reader.uint("an integer")?)),
            4 => put(slot, Concrete::Float(self.reader.float()?)),
            5 => {
                put(slot, NO_BYTES);
                if let Concrete::Bytes(text) = slot {
                    self.text(text, "a byte slice")?;
                }
            }
            6 => {
                put(slot, NO_STRING);
                if let Concrete::String(text) = slot {
                    self.text(text, "a string")?;
                }
            }
            _ => put(slot, Concrete::Complex(self.reader.float()?, self.reader.float()?)),
        }
        Ok(())
    }

    #[inline]
    #[track_caller]
    fn text(&mut self, slot: &mut Text<'v>, what: &'static str) -> Result<(), Box<Error>> {
        let (rest, length) = self.reader.bytes_and_rest(what)?;
        self.charge(1, K::text_cost(length))?;
        K::text(slot, rest, length);
        Ok(())
    }

    fn descend(&mut self) -> Result<(), Box<Error>> {
        let limit = self.limits.depth;
        if self.depth >= limit {
            return Err(Box::new(Error::TooDeep { offset: self.reader.offset(), limit, place: Place::here() }));
        }
        self.depth += 1;
        Ok(())
    }

    fn interface(&mut self, slot: &mut Value<'v>) -> Result<(), Box<Error>> {
        let name = self.reader.bytes("the name of a type")?;
        if name.is_empty() {
            return Ok(());
        }
        // As in Go, and for the same reason: no program has such a name.
        if name.len() > LONGEST_NAME {
            return Err(self.reader.range("the length of a type's name"));
        }
        let (kept, allocated) = K::name(name, &mut self.names);
        slot.name = kept;
        if allocated {
            self.charge(1, Name::COST + name.len())?;
        }
        let id = self.next_id(Within::Interface)?;
        // The value's length, for readers that skip it. Definitions within the value make it useless as a bound.
        self.reader.uint("the length of a value")?;
        self.top(id, &mut slot.concrete)
    }

    fn defined(&mut self, id: i32) -> Result<Concrete<'v>, Box<Error>> {
        if let Some(stock) = self.types.stock(id) {
            return self.stock(stock, id);
        }
        let (index, ty) = self.lookup(id)?;
        match self.types.shapes[index].form {
            Form::Slice { elem } => self.slice(ty, elem),
            Form::Array { elem, length } => self.array(ty, elem, length),
            Form::Map { key, elem } => self.map(ty, key, elem),
            Form::Struct { .. } => self.structure(ty, index),
            Form::Opaque(_) => self.opaque(ty),
        }
    }

    /// Reads a value of a type that is known beforehand.
    fn stock(&mut self, stock: Stock, id: i32) -> Result<Concrete<'v>, Box<Error>> {
        let ty = Definition::stock(stock, id);
        match stock {
            Stock::AnyMap => self.map(ty, 8, 8),
            Stock::AnySlice => self.slice(ty, 8),
            Stock::Time => self.opaque(ty),
            Stock::Strings => self.slice(ty, 6),
            Stock::StringMap => self.map(ty, 6, 8),
        }
    }

    fn lookup(&self, id: i32) -> Result<(usize, Definition), Box<Error>> {
        match (self.types.index(id), &self.table) {
            (Some(index), Some(table)) => Ok((index as usize, Definition::new(Arc::clone(table), index))),
            _ => Err(Box::new(Error::UndefinedType { offset: self.reader.offset(), id, place: Place::here() })),
        }
    }

    fn slice(&mut self, ty: Definition, elem: i32) -> Result<Concrete<'v>, Box<Error>> {
        let count = self.reader.uint("the length of a slice")?;
        let items = self.items(elem, count, "a slice")?;
        Ok(Concrete::Slice(List { ty, items }))
    }

    fn array(&mut self, ty: Definition, elem: i32, declared: u64) -> Result<Concrete<'v>, Box<Error>> {
        let found = self.reader.uint("the length of an array")?;
        if found != declared {
            let offset = self.reader.offset();
            return Err(Box::new(Error::ArrayLength { offset, found, declared, place: Place::here() }));
        }
        let items = self.items(elem, found, "an array")?;
        Ok(Concrete::Array(List { ty, items }))
    }

    fn opaque(&mut self, ty: Definition) -> Result<Concrete<'v>, Box<Error>> {
        let bytes = self.reader.bytes("what a GobEncoder wrote")?;
        self.charge(1, K::payload_cost(bytes.len()))?;
        Ok(Concrete::Opaque(Opaque { ty, bytes: K::payload(bytes) }))
    }

    fn items(&mut self, elem: i32, count: u64, what: &'static str) -> Result<Vec<Value<'v>>, Box<Error>> {
        let count = self.count(count, 1, what)?;
        self.charge(count, size_of::<Value<'_>>())?;
        let mut items = Vec::with_capacity(count);
        items.resize_with(count, || Value::NIL);
        for item in &mut items {
            self.element(elem, what, item)?;
        }
        Ok(items)
    }

    fn map(&mut self, ty: Definition, key: i32, elem: i32) -> Result<Concrete<'v>, Box<Error>> {
        let what = "a map";
        let count = self.reader.uint("the length of a map")?;
        let count = self.count(count, 2, what)?;
        self.charge(count, size_of::<(Value<'_>, Value<'_>)>())?;
        let mut entries = Vec::with_capacity(count);
        entries.resize_with(count, || (Value::NIL, Value::NIL));
        for (at, value) in &mut entries {
            self.element(key, what, at)?;
            self.element(elem, what, value)?;
        }
        Ok(Concrete::Map(Map { ty, entries }))
    }

    /// Reads an element, which has to take a byte at least: a struct could otherwise be read from nothing at the end of
    /// a message, as often as a count says.
    fn element(&mut self, id: i32, what: &'static str, slot: &mut Value<'v>) -> Result<(), Box<Error>> {
        if self.reader.left() == 0 {
            return Err(self.reader.truncated(what));
        }
        self.value(id, slot)
    }
}

/// Puts a value where a nil is, which needs no dropping.
#[inline(always)]
pub(super) fn put<'v>(slot: &mut Concrete<'v>, value: Concrete<'v>) {
    std::mem::forget(std::mem::replace(slot, value));
}
