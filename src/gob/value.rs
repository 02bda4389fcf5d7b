//! A decoded value, with all that writing it again needs.

use std::borrow::Cow;

use super::{Definition, Field, Kind, OpaqueKind, Time};

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
    Bytes(Cow<'a, [u8]>),
    /// A `string`, which need not be UTF-8.
    String(Cow<'a, [u8]>),
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
    pub(super) name: Cow<'a, [u8]>,
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
#[derive(Clone, Debug, PartialEq)]
pub struct Struct<'a> {
    pub(super) ty: Definition,
    /// By the field's place in the type, ascending.
    pub(super) fields: Vec<(u32, Value<'a>)>,
}

/// The bytes that a type wrote of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Opaque<'a> {
    pub(super) ty: Definition,
    pub(super) bytes: Cow<'a, [u8]>,
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
            Self::String(text) => std::str::from_utf8(text).ok(),
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
            Self::Bytes(bytes) => Value::Bytes(own(bytes)),
            Self::String(text) => Value::String(own(text)),
            Self::Nil => Value::Nil,
            Self::Interface(it) => {
                Value::Interface(Box::new(Interface { name: own(it.name), value: it.value.into_owned() }))
            }
            Self::Slice(list) => Value::Slice(list.into_owned()),
            Self::Array(list) => Value::Array(list.into_owned()),
            Self::Map(map) => Value::Map(map.into_owned()),
            Self::Struct(it) => Value::Struct(Struct {
                ty: it.ty,
                fields: it.fields.into_iter().map(|(at, value)| (at, value.into_owned())).collect(),
            }),
            Self::Opaque(it) => Value::Opaque(Opaque { ty: it.ty, bytes: own(it.bytes) }),
        }
    }
}

fn own(bytes: Cow<'_, [u8]>) -> Cow<'static, [u8]> {
    Cow::Owned(bytes.into_owned())
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
