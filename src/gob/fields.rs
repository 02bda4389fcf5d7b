//! Reading structs into Rust types: the fields that are on the wire, and those that are not.

use serde::de::value::{BorrowedBytesDeserializer, BorrowedStrDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::error::Step;
use super::read::{Entries, Items, Misfit, at};
use super::types::{At, Field, Form, Part};
use super::{Struct, Value};

/// The fields of a struct in the order of its type: those on the wire, and zeros for the others.
pub(super) struct Fields<'v, 'a> {
    ty: Option<At<'v>>,
    fields: std::slice::Iter<'v, Field>,
    number: u32,
    present: &'v [(u32, Value<'a>)],
    open: Option<(&'v Field, Option<&'v Value<'a>>)>,
}

impl<'v, 'a> Fields<'v, 'a> {
    pub(super) fn new(it: &'v Struct<'a>) -> Self {
        Self::of(it.ty.at(), &it.fields)
    }

    fn of(ty: Option<At<'v>>, present: &'v [(u32, Value<'a>)]) -> Self {
        let fields: &[Field] = match ty.and_then(At::shape).map(|shape| &shape.form) {
            Some(Form::Struct { fields }) => fields,
            _ => &[],
        };
        Self { ty, fields: fields.iter(), number: 0, present, open: None }
    }
}

impl<'v> MapAccess<'v> for Fields<'v, '_> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'v>>(&mut self, seed: K) -> Result<Option<K::Value>, Misfit> {
        let Some(field) = self.fields.next() else { return Ok(None) };
        let value = self.present.split_first().filter(|((number, _), _)| *number == self.number);
        let value = value.map(|((_, value), rest)| {
            self.present = rest;
            value
        });
        self.number += 1;
        self.open = Some((field, value));
        match std::str::from_utf8(&field.name) {
            Ok(name) => seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some),
            Err(_) => seed.deserialize(BorrowedBytesDeserializer::new(&field.name)).map(Some),
        }
    }

    fn next_value_seed<T: DeserializeSeed<'v>>(&mut self, seed: T) -> Result<T::Value, Misfit> {
        let (field, value) = self.open.take().ok_or_else(|| <Misfit as de::Error>::custom("a key comes first"))?;
        let step = Step::Field(&field.name);
        match value {
            Some(value) => seed.deserialize(at(value)).map_err(|fault| fault.of(value.go_type()).under(&step)),
            None => {
                let part = self.ty.map_or(Part::Undefined, |ty| ty.part(field.id));
                seed.deserialize(Zero(part)).map_err(|fault| fault.of(part).under(&step))
            }
        }
    }
}

/// A field that was left out: the zero of its type, or a pointer that was nil.
#[derive(Clone, Copy)]
struct Zero<'v>(Part<'v>);

impl<'v> Zero<'v> {
    fn form(self) -> Option<&'v Form> {
        match self.0 {
            Part::Defined(at) => at.shape().map(|shape| &shape.form),
            _ => None,
        }
    }

    /// Whether the type may be `time.Time`.
    fn is_time(self) -> bool {
        matches!(self.0, Part::Defined(at) if at.shape().is_some_and(|shape| &*shape.name == b"Time"))
            && matches!(self.form(), Some(Form::Opaque(_)))
    }
}

macro_rules! zero_integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
            match self.0 {
                // A visitor of any integer takes a zero of any other, a negative never being one.
                Part::Basic(2 | 3) => visitor.visit_u64(0),
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'v> Deserializer<'v> for Zero<'v> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Part::Basic(1) => visitor.visit_bool(false),
            Part::Basic(2) => visitor.visit_i64(0),
            Part::Basic(3) => visitor.visit_u64(0),
            Part::Basic(4) => visitor.visit_f64(0.0),
            Part::Basic(5) => visitor.visit_borrowed_bytes(&[]),
            Part::Basic(6) => visitor.visit_borrowed_str(""),
            Part::Basic(7) => visitor.visit_seq(SeqDeserializer::new([0.0, 0.0].into_iter())),
            Part::Basic(_) | Part::Undefined => visitor.visit_unit(),
            Part::Defined(_) if self.is_time() => visitor.visit_borrowed_str("0001-01-01T00:00:00Z"),
            Part::Defined(_) => match self.form() {
                Some(Form::Slice { .. }) => visitor.visit_seq(Items::new(&[])),
                Some(Form::Map { .. }) => visitor.visit_map(Entries::new(&[])),
                // Go sends structs and arrays even if they are zero: this was a nil pointer.
                _ => visitor.visit_unit(),
            },
        }
    }

    zero_integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    fn deserialize_char<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Part::Basic(2) => visitor.visit_char('\0'),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match (self.0, self.form()) {
            (Part::Basic(5), _) | (_, Some(Form::Opaque(_))) => visitor.visit_seq(Items::new(&[])),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_bytes<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match (self.0, self.form()) {
            (Part::Basic(6), _) | (_, Some(Form::Opaque(_))) => visitor.visit_borrowed_bytes(&[]),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'v>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    /// A struct that is asked for, and was a nil pointer, has its fields at zero: Go's code would see nothing else.
    fn deserialize_struct<V: Visitor<'v>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match (self.0, self.form()) {
            (Part::Defined(at), Some(Form::Struct { .. })) => visitor.visit_map(Fields::of(Some(at), &[])),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'v>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0 {
            Part::Basic(2 | 3) => visitor.visit_enum(0_u32.into_deserializer()),
            _ => visitor.visit_enum(StrDeserializer::new("")),
        }
    }

    forward_to_deserialize_any! {
        <V: Visitor<'v>>
        bool f32 f64 str string unit unit_struct tuple tuple_struct map identifier ignored_any
    }
}
