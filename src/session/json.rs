//! Values as JSON.

use std::cmp::Ordering;
use std::fmt;
use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde::ser::{SerializeMap as _, SerializeSeq as _, Serializer};

use crate::gob::{Concrete, Map, Struct, Value};

/// The values of a session as JSON: what [`Values::to_json`](super::Values::to_json) returns.
///
/// Nothing is copied: it is written by `Display`, or by any serializer of serde's, as part of something larger too.
/// Comparing it with a [`serde_json::Value`] is for tests.
#[derive(Clone, Copy)]
pub struct Json<'v>(&'v Map<'v>);

impl<'v> Json<'v> {
    pub(super) fn of(map: &'v Map<'v>) -> Self {
        Self(map)
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        map(self.0, serializer)
    }
}

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        serde_json::to_writer(Text(f), self).map_err(|_| fmt::Error)
    }
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq<serde_json::Value> for Json<'_> {
    fn eq(&self, other: &serde_json::Value) -> bool {
        serde_json::to_value(self).is_ok_and(|json| json == *other)
    }
}

/// Where `Display` writes, for who writes bytes.
struct Text<'f, 'b>(&'f mut fmt::Formatter<'b>);

impl io::Write for Text<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // JSON is written in whole pieces of text.
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        self.0.write_str(text).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One value.
pub(super) struct One<'v>(pub(super) &'v Value<'v>);

impl One<'_> {
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the first bytes of the text, at most `most`.
    fn front(&self, most: usize) -> Box<[u8]> {
        let mut front = Front { bytes: Vec::new(), most };
        // It stops where there is no more room.
        serde_json::to_writer(&mut front, self).ok();
        front.bytes.into()
    }
}

/// The first bytes of what is written.
struct Front {
    bytes: Vec<u8>,
    most: usize,
}

impl io::Write for &mut Front {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.most - self.bytes.len());
        self.bytes.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Serialize for One<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(time) = self.0.as_time().and_then(|time| time.rfc3339()) {
            return serializer.serialize_str(&time);
        }
        match self.0.concrete() {
            Concrete::Bool(it) => serializer.serialize_bool(*it),
            Concrete::Int(it) => serializer.serialize_i64(*it),
            Concrete::Uint(it) => serializer.serialize_u64(*it),
            Concrete::Float(it) => Float(*it).serialize(serializer),
            Concrete::Complex(re, im) => marked(serializer, "$complex", &[Float(*re), Float(*im)]),
            Concrete::Bytes(bytes) => marked(serializer, "$bytes", &STANDARD.encode(bytes)),
            Concrete::String(text) => match text.as_str() {
                Some(text) => serializer.serialize_str(text),
                None => marked(serializer, "$bytes", &STANDARD.encode(text)),
            },
            Concrete::Slice(list) | Concrete::Array(list) => serializer.collect_seq(list.items().iter().map(One)),
            Concrete::Map(it) => map(it, serializer),
            Concrete::Struct(it) => structure(it, serializer),
            Concrete::Opaque(it) => marked(serializer, "$gob", &STANDARD.encode(it.bytes())),
            // `concrete` goes through interfaces, and nil is null.
            Concrete::Nil | Concrete::Interface(_) => serializer.serialize_unit(),
        }
    }
}

/// Writes what JSON has no word for, as an object of one key that says what it is.
fn marked<S: Serializer>(serializer: S, mark: &str, value: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(Some(1))?;
    object.serialize_entry(mark, value)?;
    object.end()
}

struct Float(f64);

impl Serialize for Float {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            it if it.is_nan() => serializer.serialize_str("NaN"),
            it if it.is_infinite() => serializer.serialize_str(if it > 0.0 { "+Inf" } else { "-Inf" }),
            it => serializer.serialize_f64(it),
        }
    }
}

/// Writes the fields in the order of their names. Of two of one name the last counts, as in Go.
fn structure<S: Serializer>(it: &Struct<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields: Vec<_> = it.fields().collect();
    fields.sort_by(|(a, _), (b, _)| a.name().cmp(&b.name()));
    let mut object = serializer.serialize_map(None)?;
    let mut fields = fields.into_iter().peekable();
    while let Some((field, value)) = fields.next() {
        if fields.peek().is_none_or(|(next, _)| next.name() != field.name()) {
            object.serialize_entry(&field.name(), &One(value))?;
        }
    }
    object.end()
}

/// Writes an object, or pairs where a key is no plain text.
fn map<S: Serializer>(map: &Map<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    match form(map) {
        Form::Object(entries) => serializer.collect_map(entries.into_iter().map(|(key, value)| (key, One(value)))),
        Form::Pairs(pairs) => marked(serializer, "$map", &Pairs(&pairs)),
    }
}

struct Pairs<'p, 'v>(&'p [Pair<'v>]);

impl Serialize for Pairs<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        self.0.iter().try_for_each(|pair| list.serialize_element(&(One(pair.key), One(pair.value))))?;
        list.end()
    }
}

/// A map as it is written: an object, or pairs in the order of their keys' JSON.
pub(super) enum Form<'v> {
    Object(Vec<(&'v str, &'v Value<'v>)>),
    Pairs(Vec<Pair<'v>>),
}

pub(super) struct Pair<'v> {
    /// The first bytes of the key's JSON, by which pairs are sorted. All of it may be long where the gob is short.
    front: Box<[u8]>,
    pub(super) key: &'v Value<'v>,
    pub(super) value: &'v Value<'v>,
}

/// How many bytes of a key's JSON are kept.
const FRONT: usize = 32;

impl Pair<'_> {
    /// Where the JSON begins alike, the keys themselves decide: the order does not change from run to run.
    fn order(&self, other: &Self) -> Ordering {
        self.front.cmp(&other.front).then_with(|| self.key.order(other.key))
    }
}

pub(super) fn form<'v>(map: &'v Map<'v>) -> Form<'v> {
    let plain = |key: &'v Value<'v>| key.as_str().filter(|key| !key.starts_with('$'));
    if map.entries().iter().all(|(key, _)| plain(key).is_some()) {
        let mut entries = Vec::with_capacity(map.entries().len());
        entries.extend(map.entries().iter().filter_map(|(key, value)| Some((plain(key)?, value))));
        entries.sort_by_key(|entry| entry.0);
        // Keys of two string types may read the same; an object would drop one of them.
        if entries.windows(2).all(|two| two[0].0 != two[1].0) {
            return Form::Object(entries);
        }
    }
    let pairs = map.entries().iter();
    let mut pairs: Vec<_> = pairs.map(|(key, value)| Pair { front: One(key).front(FRONT), key, value }).collect();
    pairs.sort_by(Pair::order);
    Form::Pairs(pairs)
}

/// The Go types of a session's values as JSON: what [`Values::to_types_json`](super::Values::to_types_json) returns.
#[derive(Clone, Copy)]
pub struct Types<'v>(&'v Map<'v>);

impl<'v> Types<'v> {
    pub(super) fn of(map: &'v Map<'v>) -> Self {
        Self(map)
    }
}

impl Serialize for Types<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = |it: &Value<'_>| (!it.is_nil()).then(|| it.go_type().into_owned());
        match form(self.0) {
            Form::Object(entries) => serializer.collect_map(entries.into_iter().map(|(key, it)| (key, name(it)))),
            Form::Pairs(pairs) => serializer.collect_seq(pairs.into_iter().map(|pair| name(pair.value))),
        }
    }
}
