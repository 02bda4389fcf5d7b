//! Reading maps into enums.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor};

use super::Value;
use super::error::Step;
use super::read::{Misfit, Reading, at};

/// A map of one key, which is the name of a variant.
pub(super) struct Variant<'v, 'a> {
    key: &'v Value<'a>,
    value: &'v Value<'a>,
}

impl<'v, 'a> Variant<'v, 'a> {
    pub(super) fn new(key: &'v Value<'a>, value: &'v Value<'a>) -> Self {
        Self { key, value }
    }
}

impl<'v, 'a> EnumAccess<'v> for Variant<'v, 'a> {
    type Error = Misfit;
    type Variant = Content<'v, 'a>;

    fn variant_seed<T: DeserializeSeed<'v>>(self, seed: T) -> Result<(T::Value, Self::Variant), Misfit> {
        Ok((seed.deserialize(at(self.key))?, Content(self)))
    }
}

pub(super) struct Content<'v, 'a>(Variant<'v, 'a>);

impl<'v, 'a> Content<'v, 'a> {
    fn read<T>(self, read: impl FnOnce(Reading<'v, 'a>) -> Result<T, Misfit>) -> Result<T, Misfit> {
        let Self(Variant { key, value }) = self;
        read(at(value)).map_err(|fault| fault.of(value.go_type()).under(&Step::Key(key)))
    }
}

impl<'v> VariantAccess<'v> for Content<'v, '_> {
    type Error = Misfit;

    fn unit_variant(self) -> Result<(), Misfit> {
        self.read(<()>::deserialize)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'v>>(self, seed: T) -> Result<T::Value, Misfit> {
        self.read(|it| seed.deserialize(it))
    }

    fn tuple_variant<V: Visitor<'v>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.read(|it| it.deserialize_seq(visitor))
    }

    fn struct_variant<V: Visitor<'v>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Misfit> {
        self.read(|it| it.deserialize_any(visitor))
    }
}
