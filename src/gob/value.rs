//! A decoded value, with all that writing it again needs.

use std::borrow::Cow;

use super::name::Name;
use super::text::{Kept, PAYLOAD};
use super::types::{At, Part};
use super::{Definition, Field, Kind, OpaqueKind, Text, Time};

/// One Go value; if it stands in an interface, with the name under which Go knows its type.
///
/// Text and bytes are borrowed from the input where they were decoded from one. Two values are equal if Go would see no
/// difference, but for the order of maps, which counts here; floats are compared by their bits, so NaN equals itself.
///
/// [`concrete`](Self::concrete) is what there is to match on:
///
/// ```
/// use csqlstore::gob::{Concrete, Value};
///
/// let value = Value::of(42_i64);
/// assert_eq!(value.name().as_deref(), Some("int64"));
/// assert!(matches!(value.concrete(), Concrete::Int(42)));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Value<'a> {
    pub(super) name: Name<'a>,
    pub(super) concrete: Concrete<'a>,
}

/// What a value is, whether it stands in an interface or not.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Concrete<'a> {
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
    /// An interface in an interface, which holds a value: what comes of a pointer to an interface.
    Interface(Box<Value<'a>>),
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
    pub(super) bytes: Kept<'a, PAYLOAD>,
}

impl<'a> Value<'a> {
    /// An interface that holds nothing.
    pub const NIL: Self = Self { name: Name::NONE, concrete: Concrete::Nil };

    /// Returns what the value is, through the interfaces that it stands in.
    #[must_use]
    pub fn concrete(&self) -> &Concrete<'a> {
        let mut concrete = &self.concrete;
        while let Concrete::Interface(inner) = concrete {
            concrete = &inner.concrete;
        }
        concrete
    }

    /// Returns the name under which the type is registered, where the value stands in an interface: `int64`,
    /// `[]interface {}`, `main.User`.
    #[must_use]
    pub fn name(&self) -> Option<Cow<'_, str>> {
        self.is_interface().then(|| String::from_utf8_lossy(&self.name))
    }

    /// Returns that name as the bytes that the wire has; none where the value stands in no interface.
    #[must_use]
    pub fn name_bytes(&self) -> &[u8] {
        &self.name
    }

    /// Returns whether this is an interface that holds nothing.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        !self.is_interface() && matches!(self.concrete, Concrete::Nil)
    }

    /// Returns what the value is if it stands in no interface; else gives it back.
    pub(crate) fn into_plain(self) -> Result<Concrete<'a>, Self> {
        if self.is_interface() { Err(self) } else { Ok(self.concrete) }
    }

    /// Whether this is an interface that holds something.
    pub(super) fn is_interface(&self) -> bool {
        !self.name.is_empty()
    }

    /// Returns the text of a string that is UTF-8, in an interface or not.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self.concrete() {
            Concrete::String(text) => text.as_str(),
            _ => None,
        }
    }

    /// Returns a `time.Time`, in an interface or not.
    #[must_use]
    pub fn as_time(&self) -> Option<Time> {
        let mut value = self;
        while let Concrete::Interface(inner) = &value.concrete {
            value = inner;
        }
        match &value.concrete {
            Concrete::Opaque(opaque) if !value.is_interface() => opaque.as_time(),
            // The registered name decides: `main.Time` may be anything.
            Concrete::Opaque(opaque) if matches!(&*value.name, b"time.Time" | b"*time.Time") => {
                Time::parse(&opaque.bytes)
            }
            _ => None,
        }
    }

    /// Returns the value without a tie to the input it was decoded from.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        Value { name: self.name.into_owned(), concrete: self.concrete.into_owned() }
    }
}

impl Concrete<'_> {
    fn into_owned(self) -> Concrete<'static> {
        match self {
            Self::Bool(value) => Concrete::Bool(value),
            Self::Int(value) => Concrete::Int(value),
            Self::Uint(value) => Concrete::Uint(value),
            Self::Float(value) => Concrete::Float(value),
            Self::Complex(re, im) => Concrete::Complex(re, im),
            Self::Bytes(bytes) => Concrete::Bytes(bytes.into_owned()),
            Self::String(text) => Concrete::String(text.into_owned()),
            Self::Nil => Concrete::Nil,
            Self::Interface(inner) => Concrete::Interface(Box::new(inner.into_owned())),
            Self::Slice(list) => Concrete::Slice(list.into_owned()),
            Self::Array(list) => Concrete::Array(list.into_owned()),
            Self::Map(map) => Concrete::Map(map.into_owned()),
            Self::Struct(it) => Concrete::Struct(Struct {
                ty: it.ty,
                fields: it.fields.into_iter().map(|(at, value)| (at, value.into_owned())).collect(),
            }),
            Self::Opaque(it) => Concrete::Opaque(Opaque { ty: it.ty, bytes: it.bytes.into_owned() }),
        }
    }

    /// Returns the definition of the type where it has one.
    pub(super) fn definition(&self) -> Option<&Definition> {
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

    /// Returns the type on the wire.
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
}

impl Value<'_> {
    /// Returns the Go type: as registered for what an interface holds, else in the words of the wire, which does not tell
    /// Go's integers apart by width.
    #[must_use]
    pub fn go_type(&self) -> Cow<'_, str> {
        match self.name() {
            Some(name) => name,
            None if matches!(self.concrete, Concrete::Nil) => "nil".into(),
            None => self.concrete.part().words(),
        }
    }

    /// Returns the definition of the type where it has one.
    #[must_use]
    pub fn definition(&self) -> Option<&Definition> {
        self.concrete().definition()
    }

    /// Returns whether Go leaves a field of this value out of a struct: zeros are, but for structs, arrays, maps and what
    /// writes itself.
    pub(super) fn is_left_out(&self) -> bool {
        if self.is_interface() {
            return false;
        }
        match &self.concrete {
            Concrete::Bool(it) => !it,
            Concrete::Int(it) => *it == 0,
            Concrete::Uint(it) => *it == 0,
            Concrete::Float(it) => *it == 0.0,
            Concrete::Complex(re, im) => *re == 0.0 && *im == 0.0,
            Concrete::Bytes(bytes) | Concrete::String(bytes) => bytes.is_empty(),
            Concrete::Slice(list) => list.items.is_empty(),
            Concrete::Nil => true,
            Concrete::Interface(_)
            | Concrete::Array(_)
            | Concrete::Map(_)
            | Concrete::Struct(_)
            | Concrete::Opaque(_) => false,
        }
    }
}

impl<'a> From<Concrete<'a>> for Value<'a> {
    /// Makes a value that stands in no interface.
    fn from(concrete: Concrete<'a>) -> Self {
        Self { name: Name::NONE, concrete }
    }
}

impl PartialEq for Concrete<'_> {
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
        // The bound on memory counts on it: no more than 64 bytes for each element, of which one can come from a single
        // byte.
        assert_eq!(size_of::<Value<'_>>(), 64);
        assert_eq!(size_of::<(u32, Value<'_>)>(), 72);
    }
}
