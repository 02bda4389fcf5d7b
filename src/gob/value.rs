//! A decoded value, with all that writing it again needs.

use std::borrow::Cow;

use super::types::{At, Part};
use super::{Definition, Field, Kind, OpaqueKind, Text, Time};

/// One Go value.
///
/// Text and bytes are borrowed from the input where they were decoded from one. Two values are equal if Go would see no
/// difference, but for the order of maps, which counts here; floats are compared by their bits, so NaN equals itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A `bool`.
    Bool(bool),
    /// Any signed integer.
    Int(i64),
    /// Any unsigned integer.
    Uint(u64),
    /// A `float64`, or a `float32` widened.
    Float(f64),
    /// A `complex128`, or a `complex64` widened: its real and its imaginary part.
    Complex(f64, f64),
    /// A `[]byte`.
    Bytes(Text<'a>),
    /// A `string`, which need not be UTF-8.
    String(Text<'a>),
    /// An interface that holds nothing.
    Nil,
    /// An interface that holds a value.
    Interface(Box<Interface<'a>>),
    /// A slice.
    Slice(List<'a>),
    /// An array.
    Array(List<'a>),
    /// A map.
    Map(Map<'a>),
    /// A struct.
    Struct(Struct<'a>),
    /// What a GobEncoder, BinaryMarshaler or TextMarshaler wrote of itself.
    Opaque(Opaque<'a>),
}

/// What an interface holds, and the name under which Go knows its type.
#[derive(Clone, Debug, PartialEq)]
pub struct Interface<'a> {
    pub(super) name: Text<'a>,
    pub(super) value: Value<'a>,
}

/// The elements of a slice or an array.
#[derive(Clone, Debug, PartialEq)]
pub struct List<'a> {
    pub(super) ty: Definition,
    pub(super) items: Vec<Value<'a>>,
}

/// The entries of a map, in the order of the wire, which Go leaves to chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Map<'a> {
    pub(super) ty: Definition,
    pub(super) entries: Vec<(Value<'a>, Value<'a>)>,
}

/// A struct: its type, and those of its fields that are not zero.
#[derive(Clone, Debug)]
pub struct Struct<'a> {
    pub(super) ty: Definition,
    /// By the field's place in the type, ascending.
    pub(super) fields: Vec<(u32, Value<'a>)>,
}

/// The bytes that a type wrote of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Opaque<'a> {
    pub(super) ty: Definition,
    pub(super) bytes: Text<'a>,
}

impl<'a> Value<'a> {
    /// Returns what an interface holds, through interfaces in interfaces; any other value as it is.
    #[must_use]
    pub fn concrete(&self) -> &Self {
        let mut value = self;
        while let Self::Interface(interface) = value {
            value = &interface.value;
        }
        value
    }

    /// Returns the text of a string that is UTF-8, in an interface or not.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self.concrete() {
            Self::String(text) => text.as_str(),
            _ => None,
        }
    }

    /// Returns a `time.Time`, in an interface or not.
    #[must_use]
    pub fn as_time(&self) -> Option<Time> {
        match self {
            Self::Interface(interface) => interface.as_time(),
            Self::Opaque(opaque) => opaque.as_time(),
            _ => None,
        }
    }

    /// Returns the value without a tie to the input it was decoded from.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Bool(value) => Value::Bool(value),
            Self::Int(value) => Value::Int(value),
            Self::Uint(value) => Value::Uint(value),
            Self::Float(value) => Value::Float(value),
            Self::Complex(re, im) => Value::Complex(re, im),
            Self::Bytes(bytes) => Value::Bytes(bytes.into_owned()),
            Self::String(text) => Value::String(text.into_owned()),
            Self::Nil => Value::Nil,
            Self::Interface(it) => {
                Value::Interface(Box::new(Interface { name: it.name.into_owned(), value: it.value.into_owned() }))
            }
            Self::Slice(list) => Value::Slice(list.into_owned()),
            Self::Array(list) => Value::Array(list.into_owned()),
            Self::Map(map) => Value::Map(map.into_owned()),
            Self::Struct(it) => Value::Struct(Struct {
                ty: it.ty,
                fields: it.fields.into_iter().map(|(at, value)| (at, value.into_owned())).collect(),
            }),
            Self::Opaque(it) => Value::Opaque(Opaque { ty: it.ty, bytes: it.bytes.into_owned() }),
        }
    }
}

impl Value<'_> {
    /// Returns the Go type: as registered for what an interface holds, else in the words of the wire, which does not tell
    /// Go's integers apart by width.
    #[must_use]
    pub fn go_type(&self) -> Cow<'_, str> {
        match self {
            Self::Interface(interface) => interface.name(),
            Self::Nil => "nil".into(),
            _ => self.wire_type().into(),
        }
    }

    /// Returns the type in the words of the wire.
    pub(super) fn wire_type(&self) -> String {
        self.part().to_string()
    }

    /// Returns the definition of the type where it has one.
    #[must_use]
    pub fn definition(&self) -> Option<&Definition> {
        match self {
            Self::Slice(list) | Self::Array(list) => Some(&list.ty),
            Self::Map(map) => Some(&map.ty),
            Self::Struct(it) => Some(&it.ty),
            Self::Opaque(it) => Some(&it.ty),
            _ => None,
        }
    }

    pub(super) fn at(&self) -> Option<At<'_>> {
        self.definition()?.at()
    }

    pub(super) fn part(&self) -> Part<'_> {
        Part::Basic(match self {
            Self::Bool(_) => 1,
            Self::Int(_) => 2,
            Self::Uint(_) => 3,
            Self::Float(_) => 4,
            Self::Bytes(_) => 5,
            Self::String(_) => 6,
            Self::Complex(..) => 7,
            Self::Nil | Self::Interface(_) => 8,
            _ => return self.at().map_or(Part::Undefined, Part::Defined),
        })
    }

    /// Returns whether Go leaves a field of this value out of a struct: zeros are, but for structs, arrays, maps and what
    /// writes itself.
    pub(super) fn is_left_out(&self) -> bool {
        match self {
            Self::Bool(it) => !it,
            Self::Int(it) => *it == 0,
            Self::Uint(it) => *it == 0,
            Self::Float(it) => *it == 0.0,
            Self::Complex(re, im) => *re == 0.0 && *im == 0.0,
            Self::Bytes(bytes) | Self::String(bytes) => bytes.is_empty(),
            Self::Slice(list) => list.items.is_empty(),
            Self::Nil => true,
            Self::Interface(_) | Self::Array(_) | Self::Map(_) | Self::Struct(_) | Self::Opaque(_) => false,
        }
    }
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Uint(a), Self::Uint(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Complex(a, b), Self::Complex(c, d)) => a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits(),
            (Self::Bytes(a), Self::Bytes(b)) | (Self::String(a), Self::String(b)) => a == b,
            (Self::Nil, Self::Nil) => true,
            (Self::Interface(a), Self::Interface(b)) => a == b,
            (Self::Slice(a), Self::Slice(b)) | (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Map(a), Self::Map(b)) => a == b,
            (Self::Struct(a), Self::Struct(b)) => a == b,
            (Self::Opaque(a), Self::Opaque(b)) => a == b,
            _ => false,
        }
    }
}

impl PartialEq for Struct<'_> {
    /// A field that is there and zero is no different from one that is left out.
    fn eq(&self, other: &Self) -> bool {
        self.ty == other.ty && self.sent().eq(other.sent())
    }
}

impl<'a> Interface<'a> {
    /// Returns the name under which the type is registered: `int64`, `[]interface {}`, `main.User`.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.name)
    }

    /// Returns that name as the bytes that the wire has.
    #[must_use]
    pub fn name_bytes(&self) -> &[u8] {
        &self.name
    }

    /// Returns the value.
    #[must_use]
    pub fn value(&self) -> &Value<'a> {
        &self.value
    }

    fn as_time(&self) -> Option<Time> {
        match &self.value {
            // The registered name decides: `main.Time` may be anything.
            Value::Opaque(opaque) if matches!(&*self.name, b"time.Time" | b"*time.Time") => Time::parse(&opaque.bytes),
            Value::Interface(inner) => inner.as_time(),
            _ => None,
        }
    }
}

impl<'a> List<'a> {
    /// Returns the type of the list.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.ty
    }

    /// Returns the elements.
    #[must_use]
    pub fn items(&self) -> &[Value<'a>] {
        &self.items
    }

    fn into_owned(self) -> List<'static> {
        List { ty: self.ty, items: self.items.into_iter().map(Value::into_owned).collect() }
    }
}

impl<'a> Map<'a> {
    /// Returns the type of the map.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.ty
    }

    /// Returns the entries, key and value, in the order of the wire.
    #[must_use]
    pub fn entries(&self) -> &[(Value<'a>, Value<'a>)] {
        &self.entries
    }

    pub(crate) fn into_owned(self) -> Map<'static> {
        let entries = self.entries.into_iter().map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
        Map { ty: self.ty, entries }
    }
}

impl<'a> Struct<'a> {
    /// The fields that are written.
    fn sent(&self) -> impl Iterator<Item = &(u32, Value<'a>)> {
        self.fields.iter().filter(|(_, value)| !value.is_left_out())
    }

    /// Returns the type of the struct, which has the zero fields too.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.ty
    }

    /// Returns the fields that are not zero, in the order of the type.
    pub fn fields(&self) -> impl Iterator<Item = (&Field, &Value<'a>)> {
        let fields = self.ty.fields();
        self.fields.iter().filter_map(move |(at, value)| Some((fields.get(usize::try_from(*at).ok()?)?, value)))
    }

    /// Returns the value of a field by its Go name; `None` if it is zero or there is no such field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.fields().find(|(field, _)| field.name_bytes() == name.as_bytes()).map(|(_, value)| value)
    }
}

impl<'a> Opaque<'a> {
    /// Returns the type.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.ty
    }

    /// Returns the bytes that the type wrote of itself.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Reads the bytes as a `time.Time` where the type can be one.
    ///
    /// Outside an interface the wire has no more than the name `Time`, and not even that where Go met the type first as
    /// the element of a map or an array. Nameless ones count as times in version 1 alone: the 15 bytes of it begin with
    /// a 1, which no number of `math/big` does at that length.
    fn as_time(&self) -> Option<Time> {
        if self.ty.kind() != Kind::Opaque(OpaqueKind::GobEncoder) {
            return None;
        }
        match self.ty.name_bytes() {
            b"Time" => Time::parse(&self.bytes),
            b"" if self.bytes.first() == Some(&1) => Time::parse(&self.bytes),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_size() {
        // The bound on memory counts on it: 40 bytes for each element, of which one can come from a single byte.
        assert_eq!(size_of::<Value<'_>>(), 40);
        assert_eq!(size_of::<(u32, Value<'_>)>(), 48);
    }
}
