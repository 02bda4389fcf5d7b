//! Handles on types.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::stock::Stock;
use super::types::{At, Field, Form, Kind, Part, Shape, Table, Type};

/// A handle on a type that the stream defines: a struct, map, slice or array type, or one that writes itself.
///
/// Cheap to clone. Two handles are equal if their types are the same in name and structure, whatever stream they are
/// from.
#[derive(Clone)]
pub struct Definition(Handle);

#[derive(Clone)]
enum Handle {
    /// Known beforehand, and the id under which the stream defines it.
    Stock(Stock, i32),
    Table(Arc<Table>, u32),
}

impl Definition {
    pub(super) fn new(table: Arc<Table>, index: u32) -> Self {
        Self(Handle::Table(table, index))
    }

    /// Makes the handle of a type that is known beforehand; the id is 0 where no stream has defined it.
    pub(super) const fn stock(stock: Stock, id: i32) -> Self {
        Self(Handle::Stock(stock, id))
    }

    /// Returns which of the types it is that are known beforehand.
    #[inline]
    pub(super) fn as_stock(&self) -> Option<Stock> {
        match self.0 {
            Handle::Stock(stock, _) => Some(stock),
            Handle::Table(..) => None,
        }
    }

    /// Whether this is the type of a session's values as Go programs have it, at a glance.
    pub(crate) fn is_session(&self) -> bool {
        matches!(self.0, Handle::Stock(Stock::AnyMap, _))
    }

    /// Returns the type's place; `None` while its stream is being read.
    pub(super) fn at(&self) -> Option<At<'_>> {
        match &self.0 {
            Handle::Stock(stock, id) => Some(At::of_stock(*stock, *id)),
            Handle::Table(table, index) => Some(At { entries: table.entries()?, index: *index, stock_id: 0 }),
        }
    }

    fn shape(&self) -> Option<&Shape> {
        self.at()?.shape()
    }

    fn resolve(&self, id: i32) -> Type {
        let at = self.at();
        match Part::of(id, at.map(|at| at.entries)) {
            Part::Basic(id) => Type::basic(id),
            Part::Defined(at) => match (at.stock(), &self.0) {
                (Some(stock), _) => Type::Defined(Self::stock(stock, at.stock_id)),
                (None, Handle::Table(table, _)) => Type::Defined(Self::new(Arc::clone(table), at.index)),
                (None, Handle::Stock(..)) => Type::Undefined,
            },
            Part::Undefined => Type::Undefined,
        }
    }

    /// Returns what the type is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.shape().map_or(Kind::Struct, |shape| shape.form.kind())
    }

    /// Returns the type's name on the wire: `User` for Go's `main.User`, often empty for slices, maps and pointers.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.name_bytes())
    }

    /// Returns the type's name as the bytes that the wire has.
    #[must_use]
    pub fn name_bytes(&self) -> &[u8] {
        self.shape().map_or(&[], |shape| &shape.name)
    }

    /// Returns the type of the elements of an array, a slice or a map.
    #[must_use]
    pub fn elem(&self) -> Option<Type> {
        match self.shape()?.form {
            Form::Array { elem, .. } | Form::Slice { elem } | Form::Map { elem, .. } => Some(self.resolve(elem)),
            Form::Struct { .. } | Form::Opaque(_) => None,
        }
    }

    /// Returns the type of a map's keys.
    #[must_use]
    pub fn key(&self) -> Option<Type> {
        match self.shape()?.form {
            Form::Map { key, .. } => Some(self.resolve(key)),
            _ => None,
        }
    }

    /// Returns the fields of a struct type in their order, present in a value or not; none for another type.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        match self.shape().map(|shape| &shape.form) {
            Some(Form::Struct { fields }) => fields,
            _ => &[],
        }
    }

    /// Returns the type of a field of this struct type.
    #[must_use]
    pub fn field_type(&self, field: &Field) -> Type {
        self.resolve(field.id)
    }
}

impl fmt::Debug for Definition {
    /// Writes the kind and the name alone: types refer to themselves.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.kind(), self.name())
    }
}

impl PartialEq for Definition {
    fn eq(&self, other: &Self) -> bool {
        if let (Handle::Stock(a, _), Handle::Stock(b, _)) = (&self.0, &other.0) {
            return a == b;
        }
        match (self.at(), other.at()) {
            (Some(a), Some(b)) => a.same(b),
            // Streams that are being read.
            (None, None) => {
                matches!((&self.0, &other.0), (Handle::Table(a, i), Handle::Table(b, j)) if Arc::ptr_eq(a, b) && i == j)
            }
            _ => false,
        }
    }
}
