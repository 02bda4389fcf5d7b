//! Writing values, as Go's encoder does.
//!
//! A type is defined before the first value of it. Where that is in the middle of a value, because the type is met in an
//! interface, the message that has been written so far ends with the definition, and another one goes on.

use super::error::Step;
use super::types::{At, Entries, Form, Part};
use super::{Error, Fault, Interface, Limits, Map, Struct, Value, names, wire, writer};

/// The first id that Go gives to a program's own types.
const FIRST_ID: i32 = 65;
/// Go's decoder takes no message of a GiB or more.
const MESSAGE_LIMIT: usize = 1 << 30;

/// Encodes a value as a gob that Go reads: the types that it needs, then the value.
///
/// Type names, registered names and payloads are written as they are in the value, and maps keep their order, so the same
/// value always yields the same bytes ([`Value::sort_maps`] makes that independent of the order of insertion). Fields
/// that are zero are left out, as in Go.
///
/// # Errors
///
/// [`Error::Encode`] where Go would refuse the gob: it names the way to the value, and what is wrong there.
///
/// # Source
///
/// Go's package documentation of `encoding/gob`, "Encoding Details"; `encoder.go` and `encode.go` of Go 1.19.
pub fn encode(value: &Value<'_>) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(1024);
    encode_into(value, &mut out)?;
    Ok(out)
}

/// Encodes a value at the end of `out`.
///
/// # Errors
///
/// As [`encode`]; `out` then has a part of the gob at its end.
pub fn encode_into(value: &Value<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
    let mut encoder = Encoder::new(out);
    let id = encoder.type_of(value)?;
    writer::int(encoder.out, id.into());
    encoder.top(value)?;
    encoder.end(encoder.start)
}

/// Encodes a map that is no part of a value.
pub(crate) fn encode_map(map: &Map<'_>) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(1024);
    let mut encoder = Encoder::new(&mut out);
    let at = map.ty.at().ok_or_else(|| Fault::Undefined.error())?;
    let id = encoder.id_of(at)?;
    writer::int(encoder.out, id.into());
    encoder.out.push(0);
    match at.shape().map(|shape| &shape.form) {
        Some(Form::Map { key, elem }) => encoder.nested(|it| it.map(map, *key, *elem, at.entries))?,
        _ => return Err(Fault::Undefined.error()),
    }
    encoder.end(encoder.start)?;
    Ok(out)
}

struct Encoder<'v, 'o> {
    out: &'o mut Vec<u8>,
    /// Where the innermost message starts.
    start: usize,
    /// The types that have an id in this stream.
    known: Vec<Known<'v>>,
    /// For each table that types are from, the place in `known` of each of its types, counted from 1.
    tables: Vec<(&'v Entries, Vec<usize>)>,
    /// Types of two tables that were found to be the same.
    alike: Vec<(At<'v>, At<'v>)>,
    depth: usize,
    limits: Limits,
}

struct Known<'v> {
    at: At<'v>,
    id: i32,
    sent: bool,
}

impl<'v, 'o> Encoder<'v, 'o> {
    fn new(out: &'o mut Vec<u8>) -> Self {
        let start = writer::begin(out);
        let limits = Limits::default();
        Self { out, start, known: Vec::new(), tables: Vec::new(), alike: Vec::new(), depth: 0, limits }
    }

    fn end(&mut self, start: usize) -> Result<(), Error> {
        match writer::end(self.out, start) {
            ..MESSAGE_LIMIT => Ok(()),
            _ => Err(Fault::TooLarge { limit: MESSAGE_LIMIT }.error()),
        }
    }

    /// Writes a value that stands alone or in an interface: a struct as it is, any other after a zero byte.
    fn top(&mut self, value: &'v Value<'_>) -> Result<(), Error> {
        if !matches!(value, Value::Struct(_)) {
            self.out.push(0);
        }
        match value {
            Value::Nil | Value::Interface(_) => self.nested(|it| it.interface(value)),
            Value::Slice(_) | Value::Array(_) | Value::Map(_) | Value::Struct(_) | Value::Opaque(_) => {
                let at = value.at().ok_or_else(|| Fault::Undefined.error())?;
                self.nested(|it| it.defined(value, at))
            }
            _ => self.scalar(value),
        }
    }

    /// Writes a value whose type is that of the id in the table.
    fn value(&mut self, value: &'v Value<'_>, ty: i32, entries: &'v Entries) -> Result<(), Error> {
        match (ty, value) {
            (1, Value::Bool(_))
            | (2, Value::Int(_))
            | (3, Value::Uint(_))
            | (4, Value::Float(_))
            | (5, Value::Bytes(_))
            | (6, Value::String(_))
            | (7, Value::Complex(..)) => self.scalar(value),
            (8, Value::Nil | Value::Interface(_)) => self.nested(|it| it.interface(value)),
            _ => match (Part::of(ty, Some(entries)), value.at()) {
                (Part::Defined(expected), Some(at)) if self.alike(at, expected) => {
                    self.nested(|it| it.defined(value, at))
                }
                (expected, _) => Err(Fault::unfit(expected, value).error()),
            },
        }
    }

    fn scalar(&mut self, value: &Value<'_>) -> Result<(), Error> {
        let out = &mut *self.out;
        match value {
            Value::Bool(it) => out.push(u8::from(*it)),
            Value::Int(it) => writer::int(out, *it),
            Value::Uint(it) => writer::uint(out, *it),
            Value::Float(it) => writer::float(out, *it),
            Value::Bytes(bytes) | Value::String(bytes) => writer::bytes(out, bytes),
            Value::Complex(re, im) => {
                writer::float(out, *re);
                writer::float(out, *im);
            }
            _ => return Err(Fault::Undefined.error()),
        }
        Ok(())
    }

    /// Counts a level of nesting, as the decoder does.
    fn nested(&mut self, write: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        if self.depth >= self.limits.depth {
            return Err(Fault::TooDeep { limit: self.limits.depth }.error());
        }
        self.depth += 1;
        write(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn interface(&mut self, value: &'v Value<'_>) -> Result<(), Error> {
        let Value::Interface(interface) = value else {
            // Nil is an empty name.
            self.out.push(0);
            return Ok(());
        };
        let Interface { name, value } = &**interface;
        if !(1..=1024).contains(&name.len()) {
            return Err(Fault::Name { length: name.len() }.error());
        }
        names::check(name, value)?;
        writer::bytes(self.out, name);
        let id = self.type_of(value)?;
        writer::int(self.out, id.into());
        let outer = self.start;
        self.start = writer::begin(self.out);
        self.top(value)?;
        self.end(self.start)?;
        self.start = outer;
        Ok(())
    }

    /// Writes a value of a defined type, which is `at`.
    fn defined(&mut self, value: &'v Value<'_>, at: At<'v>) -> Result<(), Error> {
        let entries = at.entries;
        match (value, &at.shape().ok_or_else(|| Fault::Undefined.error())?.form) {
            (Value::Slice(list), Form::Slice { elem }) => self.items(&list.items, *elem, entries),
            (Value::Array(list), Form::Array { elem, length }) => {
                let found = list.items.len();
                if found as u64 != *length {
                    return Err(Fault::ArrayLength { found, declared: *length }.error());
                }
                self.items(&list.items, *elem, entries)
            }
            (Value::Map(map), Form::Map { key, elem }) => self.map(map, *key, *elem, entries),
            (Value::Struct(it), Form::Struct { .. }) => self.structure(it, at),
            (Value::Opaque(it), Form::Opaque(_)) => {
                writer::bytes(self.out, &it.bytes);
                Ok(())
            }
            _ => Err(Fault::unfit(Part::Defined(at), value).error()),
        }
    }

    fn items(&mut self, items: &'v [Value<'_>], elem: i32, entries: &'v Entries) -> Result<(), Error> {
        writer::uint(self.out, items.len() as u64);
        for (at, item) in items.iter().enumerate() {
            self.value(item, elem, entries).map_err(|error| error.under(&Step::Index(at)))?;
        }
        Ok(())
    }

    fn map(&mut self, map: &'v Map<'_>, key: i32, elem: i32, entries: &'v Entries) -> Result<(), Error> {
        writer::uint(self.out, map.entries.len() as u64);
        for (at, value) in &map.entries {
            names::check_key(at)
                .and_then(|()| self.value(at, key, entries))
                .and_then(|()| self.value(value, elem, entries))
                .map_err(|error| error.under(&Step::Key(at)))?;
        }
        Ok(())
    }

    fn structure(&mut self, it: &'v Struct<'_>, at: At<'v>) -> Result<(), Error> {
        let fields = match at.shape().map(|shape| &shape.form) {
            Some(Form::Struct { fields }) => fields,
            _ => return Err(Fault::Undefined.error()),
        };
        let mut last = 0;
        for (number, value) in it.fields.iter().filter(|(_, value)| !value.is_left_out()) {
            let Some(field) = usize::try_from(*number).ok().and_then(|at| fields.get(at)) else {
                return Err(Fault::Undefined.error());
            };
            // Counted from 1, and each as the distance from the last.
            let delta = number + 1 - last;
            last = number + 1;
            writer::uint(self.out, delta.into());
            self.value(value, field.id, at.entries).map_err(|error| error.under(&Step::Field(&field.name)))?;
        }
        self.out.push(0);
        Ok(())
    }

    /// Returns whether a type is, in name and structure, the one that was declared.
    fn alike(&mut self, at: At<'v>, expected: At<'v>) -> bool {
        if at.is(expected) || self.alike.iter().any(|(a, b)| a.is(at) && b.is(expected)) {
            return true;
        }
        let same = at.same(expected);
        if same {
            self.alike.push((at, expected));
        }
        same
    }

    /// Returns the id of a value's type, defining the type if it was not yet.
    fn type_of(&mut self, value: &'v Value<'_>) -> Result<i32, Error> {
        Ok(match value {
            Value::Bool(_) => 1,
            Value::Int(_) => 2,
            Value::Uint(_) => 3,
            Value::Float(_) => 4,
            Value::Bytes(_) => 5,
            Value::String(_) => 6,
            Value::Complex(..) => 7,
            Value::Nil | Value::Interface(_) => 8,
            _ => self.id_of(value.at().ok_or_else(|| Fault::Undefined.error())?)?,
        })
    }

    /// Returns the id of a defined type, defining it if it was not yet.
    fn id_of(&mut self, at: At<'v>) -> Result<i32, Error> {
        let known = self.know(at)?;
        if !self.known[known].sent {
            self.define(known)?;
        }
        Ok(self.known[known].id)
    }

    /// Defines a type and those that it is made of, each in a message of its own, but for the first if a message has
    /// begun already: it takes that to its end.
    fn define(&mut self, known: usize) -> Result<(), Error> {
        let mut open = vec![known];
        while let Some(known) = open.pop() {
            let Known { at, id, ref mut sent } = self.known[known];
            if std::mem::replace(sent, true) {
                continue;
            }
            let shape = at.shape().ok_or_else(|| Fault::Undefined.error())?;
            if let Form::Struct { fields } = &shape.form
                && let Some(field) = fields.iter().find(|field| !field.is_sent())
            {
                return Err(Fault::FieldName { field: field.name().into_owned() }.error());
            }
            let first = open.len();
            let mut parts = Vec::new();
            shape.form.each_part(|part| parts.push(part));
            let mut ids = Vec::with_capacity(parts.len());
            for part in parts {
                ids.push(match at.part(part) {
                    Part::Basic(id) => id,
                    Part::Undefined => return Err(Fault::Undefined.error()),
                    Part::Defined(at) => {
                        let part = self.know(at)?;
                        open.push(part);
                        self.known[part].id
                    }
                });
            }
            // The first part is to be the next that is defined.
            open[first..].reverse();
            writer::int(self.out, i64::from(-id));
            wire::write_definition(self.out, shape, id, &ids);
            self.end(self.start)?;
            self.start = writer::begin(self.out);
        }
        Ok(())
    }

    /// Returns the place in `known` of a type, which has its id from then on.
    ///
    /// That is the id that it was read with, if no other type has it: what is read and not changed is written to the same
    /// bytes.
    fn know(&mut self, at: At<'v>) -> Result<usize, Error> {
        let table = match self.tables.iter().position(|(entries, _)| std::ptr::eq(*entries, at.entries)) {
            Some(table) => table,
            None => {
                self.tables.push((at.entries, vec![0; at.entries.shapes.len()]));
                self.tables.len() - 1
            }
        };
        let slot = at.index as usize;
        match self.tables[table].1.get(slot) {
            Some(0) => {}
            Some(known) => return Ok(known - 1),
            None => return Err(Fault::Undefined.error()),
        }
        let foreign = |known: &Known<'_>| !std::ptr::eq(known.at.entries, at.entries);
        let known = match self.known.iter().position(|known| foreign(known) && known.at.same(at)) {
            Some(known) => known,
            None => self.take_id(at)?,
        };
        self.tables[table].1[slot] = known + 1;
        Ok(known)
    }

    fn take_id(&mut self, at: At<'v>) -> Result<usize, Error> {
        let limit = self.limits.types;
        if self.known.len() >= limit {
            return Err(Fault::TooManyTypes { limit }.error());
        }
        let taken = |id: i32| self.known.iter().any(|known| known.id == id);
        let wanted = at.shape().map(|shape| shape.id).filter(|id| *id >= FIRST_ID && !taken(*id));
        let id = wanted.or_else(|| (FIRST_ID..).find(|id| !taken(*id))).ok_or_else(|| Fault::Undefined.error())?;
        self.known.push(Known { at, id, sent: false });
        Ok(self.known.len() - 1)
    }
}
