//! Writing values, as Go's encoder does.
//!
//! A type is defined before the first value of it. Where that is in the middle of a value, because the type is met in an
//! interface, the message that has been written so far ends with the definition, and another one goes on.

use super::error::Step;
use super::keys::Keys;
use super::known::Known;
use super::limits::LONGEST_NAME;
use super::stock;
use super::types::{At, Entries, Form, Part};
use super::{Concrete, Error, Fault, Limits, Map, Struct, Value, names, writer};

/// The first id that Go gives to a program's own types.
pub(super) const FIRST_ID: i32 = 65;
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

pub(super) struct Encoder<'v, 'o> {
    pub(super) out: &'o mut Vec<u8>,
    /// Where the innermost message starts.
    pub(super) start: usize,
    /// The types that have an id in this stream.
    pub(super) known: Vec<Known<'v>>,
    /// The place in `known` of each of the types that are known beforehand, counted from 1.
    pub(super) stock: [usize; stock::COUNT],
    /// The same for each table that other types are from.
    pub(super) tables: Vec<(&'v Entries, Vec<usize>)>,
    /// Types of two tables that were found to be the same.
    alike: Vec<(At<'v>, At<'v>)>,
    keys: Keys,
    depth: usize,
    pub(super) limits: Limits,
}

impl<'v, 'o> Encoder<'v, 'o> {
    fn new(out: &'o mut Vec<u8>) -> Self {
        let start = writer::begin(out);
        let limits = Limits::default();
        let (known, tables, alike) = (Vec::new(), Vec::new(), Vec::new());
        Self { out, start, known, stock: [0; stock::COUNT], tables, alike, keys: Keys::default(), depth: 0, limits }
    }

    pub(super) fn end(&mut self, start: usize) -> Result<(), Error> {
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
}
