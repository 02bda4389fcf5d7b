//! Making values, and changing those that were read.

use std::cmp::Ordering;

use super::error::Step;
use super::name::Name;
use super::text::Kept;
use super::types::{Form, Part};
use super::{Concrete, Definition, Error, Fault, List, Map, Opaque, Struct, Text, ToGo, Value};

impl<'a> Value<'a> {
    /// Makes what an interface holds (a session's values are such) of a Rust value, by the table at [`ToGo`].
    #[must_use]
    pub fn of(value: impl ToGo) -> Self {
        value.into_interface()
    }

    /// Makes a string that stands in no interface.
    #[must_use]
    pub fn string(text: impl Into<Text<'a>>) -> Self {
        Concrete::String(text.into()).into()
    }

    /// Makes a byte slice that stands in no interface.
    #[must_use]
    pub fn bytes(bytes: impl Into<Text<'a>>) -> Self {
        Concrete::Bytes(bytes.into()).into()
    }

    /// Puts a value into an interface, under the name by which Go knows its type.
    ///
    /// With no name it stands in none, and encoding refuses it where it should.
    #[must_use]
    pub fn interface(name: impl AsRef<[u8]>, value: impl Into<Self>) -> Self {
        let (name, value) = (Name::owned(name.as_ref()), value.into());
        match value.is_interface() {
            true if !name.is_empty() => Self { name, concrete: Concrete::Interface(Box::new(value)) },
            true => value,
            false => Self { name, concrete: value.concrete },
        }
    }

    /// Returns what the value is, through the interfaces that it stands in, to be changed.
    pub fn concrete_mut(&mut self) -> &mut Concrete<'a> {
        let mut concrete = &mut self.concrete;
        while let Concrete::Interface(inner) = concrete {
            concrete = &mut inner.concrete;
        }
        concrete
    }

    /// Takes the value out of the interfaces that it stands in.
    #[must_use]
    pub fn into_concrete(self) -> Concrete<'a> {
        let mut concrete = self.concrete;
        while let Concrete::Interface(inner) = concrete {
            concrete = inner.concrete;
        }
        concrete
    }

    /// Returns the struct, in an interface or not.
    #[must_use]
    pub fn as_struct(&self) -> Option<&Struct<'a>> {
        match self.concrete() {
            Concrete::Struct(it) => Some(it),
            _ => None,
        }
    }

    /// Returns the struct, in an interface or not, to be changed.
    pub fn as_struct_mut(&mut self) -> Option<&mut Struct<'a>> {
        match self.concrete_mut() {
            Concrete::Struct(it) => Some(it),
            _ => None,
        }
    }

    /// Returns the map, in an interface or not.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map<'a>> {
        match self.concrete() {
            Concrete::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Returns the map, in an interface or not, to be changed.
    pub fn as_map_mut(&mut self) -> Option<&mut Map<'a>> {
        match self.concrete_mut() {
            Concrete::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Returns the slice or array, in an interface or not.
    #[must_use]
    pub fn as_list(&self) -> Option<&List<'a>> {
        match self.concrete() {
            Concrete::Slice(list) | Concrete::Array(list) => Some(list),
            _ => None,
        }
    }

    /// Returns the slice or array, in an interface or not, to be changed.
    pub fn as_list_mut(&mut self) -> Option<&mut List<'a>> {
        match self.concrete_mut() {
            Concrete::Slice(list) | Concrete::Array(list) => Some(list),
            _ => None,
        }
    }

    /// Puts the entries of all maps in the order of their keys, so that equal values are encoded to equal bytes.
    pub fn sort_maps(&mut self) {
        match self.concrete_mut() {
            Concrete::Slice(list) | Concrete::Array(list) => list.items.iter_mut().for_each(Value::sort_maps),
            Concrete::Map(map) => map.sort(),
            Concrete::Struct(it) => it.fields.iter_mut().for_each(|(_, value)| value.sort_maps()),
            _ => {}
        }
    }

    /// Makes a value fit a place of a declared type: takes it out of its interface, and takes an integer for one of the
    /// other sign.
    ///
    /// # Errors
    ///
    /// [`Fault::Type`] if it is of another type all the same.
    pub(super) fn fit(self, declared: Part<'_>) -> Result<Self, Error> {
        if let Part::Basic(8) = declared {
            return match self.is_interface() || self.is_nil() {
                true => Ok(self),
                false => Err(Fault::unfit(declared, &self).error()),
            };
        }
        let concrete = match (declared, self.into_concrete()) {
            (Part::Basic(3), Concrete::Int(it)) if it >= 0 => Concrete::Uint(it.cast_unsigned()),
            (Part::Basic(2), Concrete::Uint(it)) if it <= i64::MAX.cast_unsigned() => Concrete::Int(it.cast_signed()),
            (_, concrete) => concrete,
        };
        let nil = matches!(concrete, Concrete::Nil);
        let fits = match (declared, concrete.part()) {
            (Part::Basic(a), Part::Basic(b)) => a == b || nil,
            (Part::Defined(_), Part::Basic(_)) => nil,
            (Part::Defined(a), Part::Defined(b)) => b.same(a),
            _ => false,
        };
        let value = concrete.into();
        if fits { Ok(value) } else { Err(Fault::unfit(declared, &value).error()) }
    }

    /// An order of the keys of maps, which means nothing but is always the same.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        self.name.cmp(&other.name).then_with(|| self.concrete.order(&other.concrete))
    }
}

impl Concrete<'_> {
    fn rank(&self) -> u8 {
        match self {
            Self::Nil => 0,
            Self::Bool(_) => 1,
            Self::Int(_) => 2,
            Self::Uint(_) => 3,
            Self::Float(_) => 4,
            Self::Complex(..) => 5,
            Self::Bytes(_) => 6,
            Self::String(_) => 7,
            Self::Interface(_) => 8,
            Self::Slice(_) => 9,
            Self::Array(_) => 10,
            Self::Map(_) => 11,
            Self::Struct(_) => 12,
            Self::Opaque(_) => 13,
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (Self::Uint(a), Self::Uint(b)) => a.cmp(b),
            (Self::Float(a), Self::Float(b)) => a.total_cmp(b),
            (Self::Complex(a, b), Self::Complex(c, d)) => a.total_cmp(c).then(b.total_cmp(d)),
            (Self::Bytes(a), Self::Bytes(b)) | (Self::String(a), Self::String(b)) => a.cmp(b),
            (Self::Interface(a), Self::Interface(b)) => a.order(b),
            (Self::Slice(a), Self::Slice(b)) | (Self::Array(a), Self::Array(b)) => {
                ordered(a.items.iter().zip(&b.items)).then(a.items.len().cmp(&b.items.len()))
            }
            (Self::Struct(a), Self::Struct(b)) => {
                let numbers = |it: &Struct<'_>| it.fields.iter().map(|(number, _)| *number).collect::<Vec<_>>();
                let values = a.fields.iter().map(|(_, value)| value).zip(b.fields.iter().map(|(_, value)| value));
                numbers(b).cmp(&numbers(a)).then_with(|| ordered(values))
            }
            (Self::Opaque(a), Self::Opaque(b)) => a.bytes.cmp(&b.bytes),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

fn ordered<'v, 'a: 'v>(pairs: impl Iterator<Item = (&'v Value<'a>, &'v Value<'a>)>) -> Ordering {
    pairs.map(|(a, b)| a.order(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

impl<'a> List<'a> {
    /// Makes a list of a slice or array type. What does not fit the type is an error when it is encoded.
    #[must_use]
    pub fn new(ty: Definition, items: Vec<Value<'a>>) -> Self {
        Self { ty, items }
    }

    /// Returns the elements, to be changed.
    pub fn items_mut(&mut self) -> &mut Vec<Value<'a>> {
        &mut self.items
    }
}

impl<'a> Map<'a> {
    /// Makes a map of a map type. What does not fit the type is an error when it is encoded.
    #[must_use]
    pub fn new(ty: Definition, entries: Vec<(Value<'a>, Value<'a>)>) -> Self {
        Self { ty, entries }
    }

    /// Returns the value under a key.
    #[must_use]
    pub fn get(&self, key: &Value<'_>) -> Option<&Value<'a>> {
        self.entries.iter().find(|(at, _)| at == key).map(|(_, value)| value)
    }

    /// Returns the value under a key, to be changed.
    pub fn get_mut(&mut self, key: &Value<'_>) -> Option<&mut Value<'a>> {
        self.entries.iter_mut().find(|(at, _)| at == key).map(|(_, value)| value)
    }

    /// Puts a value under a key, and returns the one that was there.
    pub fn insert(&mut self, key: Value<'a>, value: Value<'a>) -> Option<Value<'a>> {
        if let Some(at) = self.get_mut(&key) {
            return Some(std::mem::replace(at, value));
        }
        self.entries.push((key, value));
        None
    }

    /// Takes out the value under a key.
    pub fn remove(&mut self, key: &Value<'_>) -> Option<Value<'a>> {
        let at = self.entries.iter().position(|(at, _)| at == key)?;
        Some(self.entries.remove(at).1)
    }

    /// Returns the entries, to be changed.
    pub fn entries_mut(&mut self) -> &mut Vec<(Value<'a>, Value<'a>)> {
        &mut self.entries
    }

    /// Puts the entries in the order of their keys, those of maps within them too.
    pub fn sort(&mut self) {
        for (key, value) in &mut self.entries {
            key.sort_maps();
            value.sort_maps();
        }
        self.entries.sort_by(|(a, _), (b, _)| a.order(b));
    }
}

impl<'a> Struct<'a> {
    /// Makes a struct of a struct type, with all fields zero.
    #[must_use]
    pub fn new(ty: Definition) -> Self {
        Self { ty, fields: Vec::new() }
    }

    /// Makes a struct of the values of all fields, in the order of the type; those of zero are left out.
    ///
    /// What does not fit the type is an error when it is encoded.
    #[must_use]
    pub fn from_values(ty: Definition, values: impl IntoIterator<Item = Value<'a>>) -> Self {
        let fields = (0..).zip(values).filter(|(_, value)| !value.is_left_out()).collect();
        Self { ty, fields }
    }

    /// Sets a field by its Go name, whether it was zero or not.
    ///
    /// The Rust integer need not be of the field's width, which the wire does not tell: Go refuses one that is too large.
    ///
    /// # Errors
    ///
    /// [`Error::Encode`] if there is no such field, or the value is not of its type.
    pub fn set(&mut self, field: &str, value: impl ToGo) -> Result<(), Error> {
        let (number, declared) = self.place(field)?;
        let value = match declared {
            Part::Basic(8) => value.into_interface(),
            _ => value.into_value(),
        };
        let value = value.fit(declared).map_err(|error| error.under(&Step::Field(field.as_bytes())))?;
        let at = self.fields.binary_search_by_key(&number, |(at, _)| *at);
        match (at, value.is_left_out()) {
            (Ok(at), true) => drop(self.fields.remove(at)),
            (Ok(at), false) => self.fields[at].1 = value,
            (Err(_), true) => {}
            (Err(at), false) => self.fields.insert(at, (number, value)),
        }
        Ok(())
    }

    /// Makes a field zero, and returns the value that it had.
    pub fn unset(&mut self, field: &str) -> Option<Value<'a>> {
        let (number, _) = self.place(field).ok()?;
        let at = self.fields.binary_search_by_key(&number, |(at, _)| *at).ok()?;
        Some(self.fields.remove(at).1)
    }

    /// Returns the value of a field by its Go name, to be changed; `None` if it is zero or there is no such field.
    pub fn get_mut(&mut self, field: &str) -> Option<&mut Value<'a>> {
        let (number, _) = self.place(field).ok()?;
        let at = self.fields.binary_search_by_key(&number, |(at, _)| *at).ok()?;
        Some(&mut self.fields[at].1)
    }

    /// Returns the place of a field in the type, and the type that it has.
    fn place(&self, field: &str) -> Result<(u32, Part<'_>), Error> {
        let at = self.ty.at().ok_or_else(|| Fault::Undefined.error())?;
        let fields = match at.shape().map(|shape| &shape.form) {
            Some(Form::Struct { fields }) => fields,
            _ => &Box::default(),
        };
        let found = (0..).zip(fields).find(|(_, it)| *it.name == *field.as_bytes());
        let (number, it) = found.ok_or_else(|| {
            let go_type = self.ty.to_string();
            Fault::NoField { field: field.to_owned(), go_type }.error()
        })?;
        Ok((number, at.part(it.id)))
    }
}

impl<'a> Opaque<'a> {
    /// Makes what a type writes of itself.
    #[must_use]
    pub fn new(ty: Definition, bytes: impl Into<Text<'a>>) -> Self {
        Self { ty, bytes: Kept::from(bytes.into()) }
    }
}
