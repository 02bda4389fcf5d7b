//! Writing values, as Go's encoder does.
//!
//! A type is defined before the first value of it. Where that is in the middle of a value, because the type is met in an
//! interface, the message that has been written so far ends with the definition, and another one goes on.

use super::error::Step;
use super::keys::Keys;
use super::limits::LONGEST_NAME;
use super::stock::{self, Stock};
use super::types::{At, Entries, Form, Part};
use super::{Concrete, Error, Fault, Limits, Map, Struct, Value, names, wire, writer};

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
    if value.is_interface() {
        writer::int(encoder.out, 8);
        encoder.out.push(0);
        encoder.value(value, 8, stock::entries())?;
    } else {
        let id = encoder.type_of(&value.concrete)?;
        writer::int(encoder.out, id.into());
        encoder.top(&value.concrete)?;
    }
    encoder.end(encoder.start)
}

/// Encodes a map that is no part of a value.
pub(crate) fn encode_map(map: &Map<'_>) -> Result<Vec<u8>, Error> {
    // Most keys and values take less than this, with the names of their types.
    let mut out = Vec::with_capacity(128 + 64 * map.entries.len());
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
    /// The place in `known` of each of the types that are known beforehand, counted from 1.
    stock: [usize; stock::COUNT],
    /// The same for each table that other types are from.
    tables: Vec<(&'v Entries, Vec<usize>)>,
    /// Types of two tables that were found to be the same.
    alike: Vec<(At<'v>, At<'v>)>,
    keys: Keys,
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
        let (known, tables, alike) = (Vec::new(), Vec::new(), Vec::new());
        Self { out, start, known, stock: [0; stock::COUNT], tables, alike, keys: Keys::default(), depth: 0, limits }
    }

    fn end(&mut self, start: usize) -> Result<(), Error> {
        match writer::end(self.out, start) {
            ..MESSAGE_LIMIT => Ok(()),
            _ => Err(Fault::TooLarge { limit: MESSAGE_LIMIT }.error()),
        }
    }

    /// Writes a value that stands alone or in an interface: a struct as it is, any other after a zero byte.
    fn top(&mut self, value: &'v Concrete<'_>) -> Result<(), Error> {
        if !matches!(value, Concrete::Struct(_)) {
            self.out.push(0);
        }
        match value {
            Concrete::Nil => self.nil(),
            Concrete::Interface(inner) => self.value(inner, 8, stock::entries()),
            _ if self.scalar(value) => Ok(()),
            _ => {
                let at = value.at().ok_or_else(|| Fault::Undefined.error())?;
                self.nested(|it| it.defined(value, at))
            }
        }
    }

    /// Writes a value whose type is that of the id in the table.
    fn value(&mut self, value: &'v Value<'_>, ty: i32, entries: &'v Entries) -> Result<(), Error> {
        if ty == 8 {
            return match &value.concrete {
                _ if value.is_interface() => self.nested(|it| it.interface(&value.name, &value.concrete)),
                Concrete::Nil => self.nil(),
                _ => Err(Fault::Nameless { found: value.go_type().into_owned() }.error()),
            };
        }
        match (ty, &value.concrete) {
            _ if value.is_interface() => Err(Fault::unfit(Part::of(ty, Some(entries)), value).error()),
            (1, Concrete::Bool(_))
            | (2, Concrete::Int(_))
            | (3, Concrete::Uint(_))
            | (4, Concrete::Float(_))
            | (5, Concrete::Bytes(_))
            | (6, Concrete::String(_))
            | (7, Concrete::Complex(..)) => {
                self.scalar(&value.concrete);
                Ok(())
            }
            (_, concrete) => match (Part::of(ty, Some(entries)), concrete.at()) {
                (Part::Defined(expected), Some(at)) if self.alike(at, expected) => {
                    self.nested(|it| it.defined(concrete, at))
                }
                (expected, _) => Err(Fault::unfit(expected, value).error()),
            },
        }
    }

    /// Writes a value of one of Go's own types; returns false if it is of another.
    fn scalar(&mut self, value: &Concrete<'_>) -> bool {
        let out = &mut *self.out;
        match value {
            Concrete::Bool(it) => out.push(u8::from(*it)),
            Concrete::Int(it) => writer::int(out, *it),
            Concrete::Uint(it) => writer::uint(out, *it),
            Concrete::Float(it) => writer::float(out, *it),
            Concrete::Bytes(bytes) | Concrete::String(bytes) => writer::bytes(out, bytes),
            Concrete::Complex(re, im) => {
                writer::float(out, *re);
                writer::float(out, *im);
            }
            _ => return false,
        }
        true
    }

    /// Writes an interface that holds nothing: an empty name.
    fn nil(&mut self) -> Result<(), Error> {
        self.nested(|it| {
            it.out.push(0);
            Ok(())
        })
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

    fn interface(&mut self, name: &[u8], value: &'v Concrete<'_>) -> Result<(), Error> {
        if self.usual(name, value) {
            return Ok(());
        }
        if name.len() > LONGEST_NAME {
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

    /// Writes what most interfaces hold, in one piece whose length the compiler knows, and the text: name, id, length, a
    /// zero and the value. Returns false if this is something else.
    #[inline(always)]
    fn usual(&mut self, name: &[u8], value: &Concrete<'_>) -> bool {
        /// Texts whose length takes a byte, and the length of the value too.
        const SHORT: usize = 126;
        let out = &mut *self.out;
        match value {
            Concrete::String(text) if text.len() < SHORT && name == b"string" => {
                let length = text.len() as u8;
                let mut head = *b"\x06string\x0c\x00\x00\x00";
                [head[8], head[10]] = [length + 2, length];
                out.extend_from_slice(&head);
                text.write(out);
            }
            Concrete::Int(it) if name == b"int64" => {
                out.extend_from_slice(b"\x05int64\x04");
                integer(out, writer::bits(*it));
            }
            Concrete::Int(it) if name == b"int" => {
                out.extend_from_slice(b"\x03int\x04");
                integer(out, writer::bits(*it));
            }
            Concrete::Bool(it) if name == b"bool" => {
                let mut whole = *b"\x04bool\x02\x02\x00\x00";
                whole[8] = u8::from(*it);
                out.extend_from_slice(&whole);
            }
            Concrete::Bytes(bytes) if bytes.len() < SHORT && name == b"[]uint8" => {
                let length = bytes.len() as u8;
                let mut head = *b"\x07[]uint8\x0a\x00\x00\x00";
                [head[9], head[11]] = [length + 2, length];
                out.extend_from_slice(&head);
                bytes.write(out);
            }
            _ => return false,
        }
        true
    }

    /// Writes a value of a defined type, which is `at`.
    fn defined(&mut self, value: &'v Concrete<'_>, at: At<'v>) -> Result<(), Error> {
        let entries = at.entries;
        match (value, &at.shape().ok_or_else(|| Fault::Undefined.error())?.form) {
            (Concrete::Slice(list), Form::Slice { elem }) => self.items(&list.items, *elem, entries),
            (Concrete::Array(list), Form::Array { elem, length }) => {
                let found = list.items.len();
                if found as u64 != *length {
                    return Err(Fault::ArrayLength { found, declared: *length }.error());
                }
                self.items(&list.items, *elem, entries)
            }
            (Concrete::Map(map), Form::Map { key, elem }) => self.map(map, *key, *elem, entries),
            (Concrete::Struct(it), Form::Struct { .. }) => self.structure(it, at),
            (Concrete::Opaque(it), Form::Opaque(_)) => {
                writer::bytes(self.out, &it.bytes);
                Ok(())
            }
            _ => {
                let (declared, found) = (Part::Defined(at).to_string(), value.part().to_string());
                Err(Fault::Type { declared, found }.error())
            }
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
            self.keys
                .check(at)
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
    fn type_of(&mut self, value: &'v Concrete<'_>) -> Result<i32, Error> {
        match value.part() {
            Part::Basic(id) => Ok(id),
            Part::Defined(at) => self.id_of(at),
            Part::Undefined => Err(Fault::Undefined.error()),
        }
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
        if let Some(stock) = self.known[known].at.stock() {
            return self.define_stock(known, stock);
        }
        let mut open = vec![known];
        while let Some(known) = open.pop() {
            let Known { at, id, ref mut sent } = self.known[known];
            if std::mem::replace(sent, true) {
                continue;
            }
            if let Some(stock) = at.stock() {
                self.define_stock(known, stock)?;
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

    fn define_stock(&mut self, known: usize, stock: Stock) -> Result<(), Error> {
        let Known { id, ref mut sent, .. } = self.known[known];
        *sent = true;
        writer::int(self.out, i64::from(-id));
        stock.write(self.out, id);
        self.end(self.start)?;
        self.start = writer::begin(self.out);
        Ok(())
    }

    /// Returns the place in `known` of a type, which has its id from then on.
    ///
    /// That is the id that it was read with, if no other type has it: what is read and not changed is written to the same
    /// bytes.
    fn know(&mut self, at: At<'v>) -> Result<usize, Error> {
        let slot = at.index as usize;
        let table = match at.stock() {
            Some(_) => None,
            None => Some(
                self.tables.iter().position(|(entries, _)| std::ptr::eq(*entries, at.entries)).unwrap_or_else(|| {
                    self.tables.push((at.entries, vec![0; at.entries.shapes.len()]));
                    self.tables.len() - 1
                }),
            ),
        };
        let place = match table {
            Some(table) => self.tables[table].1.get(slot),
            None => self.stock.get(slot),
        };
        match place {
            Some(0) => {}
            Some(known) => return Ok(known - 1),
            None => return Err(Fault::Undefined.error()),
        }
        let known = match self.known.iter().position(|known| !known.at.is_beside(at) && known.at.same(at)) {
            Some(known) => known,
            None => self.take_id(at)?,
        };
        match table {
            Some(table) => self.tables[table].1[slot] = known + 1,
            None => self.stock[slot] = known + 1,
        }
        Ok(known)
    }

    fn take_id(&mut self, at: At<'v>) -> Result<usize, Error> {
        let limit = self.limits.types;
        if self.known.len() >= limit {
            return Err(Fault::TooManyTypes { limit }.error());
        }
        let taken = |id: i32| self.known.iter().any(|known| known.id == id);
        let wanted = Some(at.id()).filter(|id| *id >= FIRST_ID && !taken(*id));
        let id = wanted.or_else(|| (FIRST_ID..).find(|id| !taken(*id))).ok_or_else(|| Fault::Undefined.error())?;
        self.known.push(Known { at, id, sent: false });
        Ok(self.known.len() - 1)
    }
}

/// Writes the length of an integer in an interface, a zero and the integer.
#[inline]
fn integer(out: &mut Vec<u8>, bits: u64) {
    match u8::try_from(bits) {
        Ok(short @ 0..128) => out.extend_from_slice(&[2, 0, short]),
        _ => {
            let wide = writer::Uint::new(bits);
            let wide = wide.as_slice();
            out.extend_from_slice(&[wide.len() as u8 + 1, 0]);
            out.extend_from_slice(wide);
        }
    }
}
