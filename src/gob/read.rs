//! Reading values into Rust types, by serde.

use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, SeqDeserializer};
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::error::Step;
use super::fields::Fields;
use super::variant::Variant;
use super::{Concrete, Error, Value};
use crate::Place;

impl<'a> Value<'a> {
    /// Reads the value into a Rust type.
    ///
    /// | Go | Rust |
    /// |---|---|
    /// | any integer | any integer that can hold it, a float that can hold it exactly, a fieldless enum by its place |
    /// | `float32` | `f32`, `f64` |
    /// | `float64` | `f64`; `f32` if that can hold it exactly, as it can 0.5 and not 0.1 |
    /// | `complex64`, `complex128` | `(f64, f64)` |
    /// | `string` | `String`, `&str`, an `enum` by the names of its variants |
    /// | `[]byte` | `Vec<u8>`, `&[u8]` |
    /// | `time.Time` | `String` in RFC 3339, [`jiff::Timestamp`] |
    /// | slice, array | `Vec<T>`, `[T; N]`, a tuple |
    /// | map | `HashMap<K, V>`, `BTreeMap<K, V>`; a struct, by its keys |
    /// | struct | a struct, by the Go names of the fields (`#[serde(rename_all = "PascalCase")]`) |
    /// | a nil pointer or interface | `None` |
    /// | another type that writes itself | `Vec<u8>`, `&[u8]` |
    ///
    /// gob leaves out fields that are zero, and nil pointers: the first read as the zero of their Go type, or as `None`
    /// into an `Option`, which cannot tell them from the second.
    ///
    /// ```
    /// use csqlstore::gob::Value;
    ///
    /// assert_eq!(Value::of(42_i64).read::<u8>()?, 42);
    /// let error = Value::of(300_i64).read::<u8>().unwrap_err();
    /// assert_eq!(error.to_string(), "the value is a Go int64, and u8 cannot hold it");
    /// # Ok::<(), csqlstore::gob::Error>(())
    /// ```
    ///
    /// Nothing is rounded, but where serde keeps what it reads before it knows the Rust type (`flatten`, untagged enums): from
    /// there it takes a `f64` for a `f32` by itself.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] names the way to the value that does not fit, its Go type and what Rust takes instead.
    pub fn read<'v, T: Deserialize<'v>>(&'v self) -> Result<T, Error> {
        T::deserialize(at(self)).map_err(|fault| fault.error(self))
    }
}

impl Value<'_> {
    /// Returns what a type makes of a value that is not there: `None` for an `Option`.
    pub(crate) fn missing<'v, T: Deserialize<'v>>() -> Option<T> {
        T::deserialize(Missing).ok()
    }
}

/// Why a value does not read, before it is known where it stands.
#[derive(Debug)]
pub(super) struct Misfit {
    go_type: Option<String>,
    reason: String,
    path: String,
}

impl Misfit {
    fn error(self, whole: &Value<'_>) -> Error {
        let Self { go_type, reason, path } = self;
        let go_type = go_type.unwrap_or_else(|| whole.go_type().into_owned());
        Error::Read { path, go_type, reason, place: Place::here() }
    }

    pub(super) fn under(self, step: &Step<'_>) -> Self {
        Self { path: step.before(&self.path), ..self }
    }

    /// Adds the type of the value where no value within it gave its own.
    pub(super) fn of(self, go_type: impl fmt::Display) -> Self {
        Self { go_type: self.go_type.or_else(|| Some(go_type.to_string())), ..self }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { go_type: None, reason: message.to_string(), path: String::new() }
    }
}

/// A value that is being read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'v, 'a>(&'v Value<'a>);

pub(super) fn at<'v, 'a>(value: &'v Value<'a>) -> Reading<'v, 'a> {
    Reading(value)
}

impl<'v, 'a> Reading<'v, 'a> {
    fn concrete(self) -> &'v Concrete<'a> {
        self.0.concrete()
    }

    /// Calls the visitor, and adds the type of the value to what it says against it.
    fn visit<T>(self, visit: impl FnOnce(&'v Concrete<'a>) -> Result<T, Misfit>) -> Result<T, Misfit> {
        visit(self.concrete()).map_err(|fault| fault.of(self.0.go_type()))
    }
}

/// Reads an integer of any Go type into one of Rust's.
macro_rules! integers {
    ($($method:ident $rust:ident $visit:ident;)*) => {$(
        fn $method<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
            let held = match self.concrete() {
                Concrete::Int(it) => $rust::try_from(*it).ok(),
                Concrete::Uint(it) => $rust::try_from(*it).ok(),
                _ => return self.deserialize_any(visitor),
            };
            self.visit(|_| match held {
                Some(it) => visitor.$visit(it),
                None => Err(de::Error::custom(concat!(stringify!($rust), " cannot hold it"))),
            })
        }
    )*};
}

impl<'v> Deserializer<'v> for Reading<'v, '_> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.visit(|value| {
            if let Some(time) = self.0.as_time().and_then(|time| time.rfc3339()) {
                return visitor.visit_string(time);
            }
            match value {
                Concrete::Bool(it) => visitor.visit_bool(*it),
                Concrete::Int(it) => visitor.visit_i64(*it),
                Concrete::Uint(it) => visitor.visit_u64(*it),
                Concrete::Float(it) => visitor.visit_f64(*it),
                Concrete::Complex(re, im) => visitor.visit_seq(SeqDeserializer::new([*re, *im].into_iter())),
                Concrete::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
                Concrete::String(text) => match text.as_str() {
                    Some(text) => visitor.visit_borrowed_str(text),
                    None => visitor.visit_borrowed_bytes(text),
                },
                Concrete::Slice(list) | Concrete::Array(list) => visitor.visit_seq(Items::new(&list.items)),
                Concrete::Map(map) => visitor.visit_map(Entries::new(&map.entries)),
                Concrete::Struct(it) => visitor.visit_map(Fields::new(it)),
                Concrete::Opaque(it) => visitor.visit_borrowed_bytes(&it.bytes),
                Concrete::Nil | Concrete::Interface(_) => visitor.visit_unit(),
            }
        })
    }

    integers! {
        deserialize_i8 i8 visit_i8;
        deserialize_i16 i16 visit_i16;
        deserialize_i32 i32 visit_i32;
        deserialize_i64 i64 visit_i64;
        deserialize_i128 i128 visit_i128;
        deserialize_u8 u8 visit_u8;
        deserialize_u16 u16 visit_u16;
        deserialize_u32 u32 visit_u32;
        deserialize_u64 u64 visit_u64;
        deserialize_u128 u128 visit_u128;
    }

    fn deserialize_f32<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        // Not the one that is nearest: a float32 is read as it was, and a float64 that is not one is another number.
        let exact = match self.concrete() {
            Concrete::Int(it) => i128::from(*it) == (*it as f32) as i128,
            Concrete::Uint(it) => i128::from(*it) == (*it as f32) as i128,
            Concrete::Float(it) => it.is_nan() || f64::from(*it as f32) == *it,
            _ => true,
        };
        match exact {
            true => self.deserialize_any(visitor),
            false => self.visit(|_| Err(de::Error::custom("f32 cannot hold it"))),
        }
    }

    fn deserialize_f64<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let exact = match self.concrete() {
            Concrete::Int(it) => i128::from(*it) == (*it as f64) as i128,
            Concrete::Uint(it) => i128::from(*it) == (*it as f64) as i128,
            _ => true,
        };
        match exact {
            true => self.deserialize_any(visitor),
            false => self.visit(|_| Err(de::Error::custom("f64 cannot hold it"))),
        }
    }

    fn deserialize_char<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let rune = match self.concrete() {
            Concrete::Int(it) => u32::try_from(*it).ok().and_then(char::from_u32),
            _ => None,
        };
        match rune {
            Some(rune) => self.visit(|_| visitor.visit_char(rune)),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let bytes = match self.concrete() {
            Concrete::Bytes(bytes) => &**bytes,
            Concrete::Opaque(it) if self.0.as_time().is_none() => &it.bytes,
            _ => return self.deserialize_any(visitor),
        };
        self.visit(|_| visitor.visit_seq(SeqDeserializer::new(bytes.iter().copied())))
    }

    fn deserialize_tuple<V: Visitor<'v>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'v>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_bytes<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let bytes = match self.concrete() {
            Concrete::String(bytes) => &**bytes,
            Concrete::Opaque(it) => &it.bytes,
            _ => return self.deserialize_any(visitor),
        };
        self.visit(|_| visitor.visit_borrowed_bytes(bytes))
    }

    fn deserialize_byte_buf<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.concrete() {
            Concrete::Nil => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'v>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'v>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.visit(|value| match value {
            Concrete::String(text) if text.as_str().is_some() => {
                visitor.visit_enum(BorrowedStrDeserializer::new(text.as_str().unwrap_or_default()))
            }
            Concrete::Int(it) => match u32::try_from(*it) {
                Ok(it) => visitor.visit_enum(it.into_deserializer()),
                Err(_) => Err(de::Error::custom(format!("{name} has no variant of this number"))),
            },
            Concrete::Uint(it) => match u32::try_from(*it) {
                Ok(it) => visitor.visit_enum(it.into_deserializer()),
                Err(_) => Err(de::Error::custom(format!("{name} has no variant of this number"))),
            },
            Concrete::Map(map) => match &map.entries[..] {
                [(key, value)] => visitor.visit_enum(Variant::new(key, value)),
                _ => Err(de::Error::custom(format!("{name} takes a map of one key, its variant"))),
            },
            _ => Err(de::Error::custom(format!("{name} takes the name of a variant"))),
        })
    }

    forward_to_deserialize_any! {
        <V: Visitor<'v>>
        bool str string unit unit_struct map struct identifier ignored_any
    }
}

pub(super) struct Items<'v, 'a> {
    items: std::slice::Iter<'v, Value<'a>>,
    at: usize,
}

impl<'v, 'a> Items<'v, 'a> {
    pub(super) fn new(items: &'v [Value<'a>]) -> Self {
        Self { items: items.iter(), at: 0 }
    }
}

impl<'v> SeqAccess<'v> for Items<'v, '_> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'v>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let step = Step::Index(self.at);
        self.at += 1;
        seed.deserialize(at(item)).map(Some).map_err(|fault| fault.of(item.go_type()).under(&step))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

pub(super) struct Entries<'v, 'a> {
    entries: std::slice::Iter<'v, (Value<'a>, Value<'a>)>,
    open: Option<(&'v Value<'a>, &'v Value<'a>)>,
}

impl<'v, 'a> Entries<'v, 'a> {
    pub(super) fn new(entries: &'v [(Value<'a>, Value<'a>)]) -> Self {
        Self { entries: entries.iter(), open: None }
    }
}

impl<'v> MapAccess<'v> for Entries<'v, '_> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'v>>(&mut self, seed: K) -> Result<Option<K::Value>, Misfit> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.open = Some((key, value));
        seed.deserialize(at(key)).map(Some).map_err(|fault| fault.of(key.go_type()).under(&Step::Key(key)))
    }

    fn next_value_seed<T: DeserializeSeed<'v>>(&mut self, seed: T) -> Result<T::Value, Misfit> {
        let (key, value) = self.open.take().ok_or_else(|| <Misfit as de::Error>::custom("a key comes first"))?;
        seed.deserialize(at(value)).map_err(|fault| fault.of(value.go_type()).under(&Step::Key(key)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// A value that is not there, which an `Option` alone can be read from.
struct Missing;

impl<'v> Deserializer<'v> for Missing {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'v>>(self, _: V) -> Result<V::Value, Misfit> {
        Err(de::Error::custom("it is not there"))
    }

    fn deserialize_option<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'v>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
