//! The types that a stream defines, shared by the values that are of them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::OnceLock;

use super::Definition;
use super::stock::{self, Stock};

/// The type of a field, an element or a key, as the wire has it.
///
/// The wire does not tell Go's integers apart by width, nor pointers from what they point to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Type {
    /// `bool`.
    Bool,
    /// Any signed integer.
    Int,
    /// Any unsigned integer.
    Uint,
    /// `float32` or `float64`.
    Float,
    /// `[]byte`.
    Bytes,
    /// `string`.
    String,
    /// `complex64` or `complex128`.
    Complex,
    /// Any interface.
    Interface,
    /// A type that the stream defines.
    Defined(Definition),
    /// A type that the stream names and never defines.
    Undefined,
}

impl Type {
    /// Returns one of Go's own types by its id.
    pub(super) fn basic(id: i32) -> Self {
        match id {
            1 => Self::Bool,
            2 => Self::Int,
            3 => Self::Uint,
            4 => Self::Float,
            5 => Self::Bytes,
            6 => Self::String,
            7 => Self::Complex,
            8 => Self::Interface,
            _ => Self::Undefined,
        }
    }

    pub(super) fn part(&self) -> Part<'_> {
        Part::Basic(match self {
            Self::Bool => 1,
            Self::Int => 2,
            Self::Uint => 3,
            Self::Float => 4,
            Self::Bytes => 5,
            Self::String => 6,
            Self::Complex => 7,
            Self::Interface => 8,
            Self::Defined(definition) => return definition.at().map_or(Part::Undefined, Part::Defined),
            Self::Undefined => return Part::Undefined,
        })
    }
}

/// What a defined type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// An array of this length.
    Array(u64),
    /// A slice.
    Slice,
    /// A map.
    Map,
    /// A struct.
    Struct,
    /// A type that writes itself.
    Opaque(OpaqueKind),
}

/// By which of Go's interfaces a type writes itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OpaqueKind {
    /// `gob.GobEncoder`.
    GobEncoder,
    /// `encoding.BinaryMarshaler`.
    BinaryMarshaler,
    /// `encoding.TextMarshaler`.
    TextMarshaler,
}

/// One field of a struct type.
#[derive(Clone, Debug)]
pub struct Field {
    pub(super) name: Box<[u8]>,
    pub(super) id: i32,
}

impl Field {
    /// Returns the field's Go name.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.name)
    }

    /// Returns whether Go sends a field of this name: those that begin with a capital letter.
    pub(super) fn is_sent(&self) -> bool {
        self.name.first().is_some_and(u8::is_ascii_uppercase)
            || self.name().chars().next().is_some_and(char::is_uppercase)
    }

    /// Returns the field's Go name as the bytes that the wire has.
    #[must_use]
    pub fn name_bytes(&self) -> &[u8] {
        &self.name
    }
}

#[derive(Debug)]
pub(super) struct Shape {
    pub(super) name: Box<[u8]>,
    /// The id under which the type is defined.
    pub(super) id: i32,
    /// The id that the definition says of itself: another one for Go's pointers to types that write themselves.
    pub(super) own_id: i32,
    pub(super) form: Form,
}

#[derive(Clone, Debug)]
pub(super) enum Form {
    Array { elem: i32, length: u64 },
    Slice { elem: i32 },
    Map { key: i32, elem: i32 },
    Struct { fields: Box<[Field]> },
    Opaque(OpaqueKind),
}

impl Form {
    /// Returns whether two forms are the same, where `same` says whether the types behind two ids are.
    fn alike(&self, other: &Self, mut same: impl FnMut(i32, i32) -> bool) -> bool {
        match (self, other) {
            (Self::Array { elem: a, length }, Self::Array { elem: b, length: other }) => {
                length == other && same(*a, *b)
            }
            (Self::Slice { elem: a }, Self::Slice { elem: b }) => same(*a, *b),
            (Self::Map { key: a, elem: x }, Self::Map { key: b, elem: y }) => same(*a, *b) && same(*x, *y),
            (Self::Struct { fields: a }, Self::Struct { fields: b }) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.name == b.name && same(a.id, b.id))
            }
            (Self::Opaque(a), Self::Opaque(b)) => a == b,
            _ => false,
        }
    }

    /// Calls `visit` with the ids of the types that this one is made of, in Go's order.
    pub(super) fn each_part(&self, mut visit: impl FnMut(i32)) {
        match self {
            Self::Array { elem, .. } | Self::Slice { elem } => visit(*elem),
            Self::Map { key, elem } => {
                visit(*key);
                visit(*elem);
            }
            Self::Struct { fields } => fields.iter().for_each(|field| visit(field.id)),
            Self::Opaque(_) => {}
        }
    }

    pub(super) fn each_part_mut(&mut self, mut visit: impl FnMut(&mut i32)) {
        match self {
            Self::Array { elem, .. } | Self::Slice { elem } => visit(elem),
            Self::Map { key, elem } => {
                visit(key);
                visit(elem);
            }
            Self::Struct { fields } => fields.iter_mut().for_each(|field| visit(&mut field.id)),
            Self::Opaque(_) => {}
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Array { length, .. } => Kind::Array(*length),
            Self::Slice { .. } => Kind::Slice,
            Self::Map { .. } => Kind::Map,
            Self::Struct { .. } => Kind::Struct,
            Self::Opaque(kind) => Kind::Opaque(*kind),
        }
    }
}

/// All types of one stream.
///
/// Types refer to each other by id, in circles too (a tree has trees), so the table owns them and values hold handles.
/// It is filled when the stream has been read; before that nobody outside the decoder has a handle.
#[derive(Debug, Default)]
pub(super) struct Table(OnceLock<Entries>);

#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) shapes: Vec<Shape>,
    /// Ids in ascending order, each with its place in `shapes`.
    pub(super) ids: Vec<(i32, u32)>,
    /// The ids under which types that are known beforehand are defined, 0 for those that are not.
    pub(super) stock: [i32; stock::COUNT],
}

impl Entries {
    pub(super) fn index(&self, id: i32) -> Option<u32> {
        let at = self.ids.binary_search_by_key(&id, |entry| entry.0).ok()?;
        Some(self.ids[at].1)
    }

    /// Returns the type, of those that are known beforehand, that is defined under an id.
    #[inline]
    pub(super) fn stock(&self, id: i32) -> Option<Stock> {
        Stock::ALL.into_iter().find(|stock| id != 0 && self.stock[*stock as usize] == id)
    }
}

/// A type in the table of its stream.
#[derive(Clone, Copy)]
pub(super) struct At<'t> {
    pub(super) entries: &'t Entries,
    pub(super) index: u32,
    /// The id under which the type was defined where it is known beforehand, 0 if nowhere.
    pub(super) stock_id: i32,
}

/// What an id means in a table.
#[derive(Clone, Copy)]
pub(super) enum Part<'t> {
    /// One of Go's own, 1 to 8.
    Basic(i32),
    Defined(At<'t>),
    Undefined,
}

impl<'t> At<'t> {
    pub(super) fn of_stock(stock: Stock, id: i32) -> Self {
        At { entries: stock::entries(), index: stock as u32, stock_id: id }
    }

    /// Returns which of the types it is that are known beforehand.
    pub(super) fn stock(self) -> Option<Stock> {
        if !std::ptr::eq(self.entries, stock::entries()) {
            return None;
        }
        Stock::ALL.get(self.index as usize).copied()
    }

    /// Returns the id under which the type was defined; 0 if it was made here, and any will do.
    pub(super) fn id(self) -> i32 {
        if self.stock_id != 0 { self.stock_id } else { self.shape().map_or(0, |shape| shape.id) }
    }

    /// Tells types apart, whatever tables they are from.
    pub(super) fn key(self) -> (usize, u32) {
        (std::ptr::from_ref(self.entries).addr(), self.index)
    }

    /// Returns whether two types were defined by one stream.
    pub(super) fn is_beside(self, other: Self) -> bool {
        let beside = |stock: Self, it: Self| match stock.stock() {
            Some(stock_type) => stock.stock_id != 0 && it.entries.stock[stock_type as usize] == stock.stock_id,
            None => false,
        };
        std::ptr::eq(self.entries, other.entries) || beside(self, other) || beside(other, self)
    }

    pub(super) fn shape(self) -> Option<&'t Shape> {
        self.entries.shapes.get(usize::try_from(self.index).ok()?)
    }

    pub(super) fn part(self, id: i32) -> Part<'t> {
        Part::of(id, Some(self.entries))
    }

    pub(super) fn is(self, other: Self) -> bool {
        std::ptr::eq(self.entries, other.entries) && self.index == other.index
    }

    /// Returns whether two types are the same in name and structure.
    pub(super) fn same(self, other: Self) -> bool {
        if self.is(other) {
            return true;
        }
        // Pairs that were seen count as equal, or recursive types would be compared for ever. A list, not recursion: a
        // chain of a thousand types must not take the stack.
        let mut seen = HashSet::new();
        let mut open = Vec::new();
        let mut pair = Some((self, other));
        while let Some((a, b)) = pair.take().or_else(|| open.pop()) {
            let (Some(x), Some(y)) = (a.shape(), b.shape()) else { return false };
            if x.name != y.name {
                return false;
            }
            let equal = x.form.alike(&y.form, |x, y| match (a.part(x), b.part(y)) {
                (Part::Basic(x), Part::Basic(y)) => x == y,
                (Part::Undefined, Part::Undefined) => true,
                (Part::Defined(x), Part::Defined(y)) => {
                    if !x.is(y) && seen.insert((x.key(), y.key())) {
                        open.push((x, y));
                    }
                    true
                }
                _ => false,
            });
            if !equal {
                return false;
            }
        }
        true
    }
}

impl<'t> Part<'t> {
    pub(super) fn of(id: i32, entries: Option<&'t Entries>) -> Self {
        if (1..=8).contains(&id) {
            return Self::Basic(id);
        }
        let Some(entries) = entries else { return Self::Undefined };
        if let Some(index) = entries.index(id) {
            return Self::Defined(At { entries, index, stock_id: 0 });
        }
        entries.stock(id).map_or(Self::Undefined, |stock| Self::Defined(At::of_stock(stock, id)))
    }
}

impl Table {
    pub(super) fn fill(&self, entries: Entries) {
        // Filled once, by the decoder that made it; a second filling would be dropped.
        self.0.set(entries).ok();
    }

    /// Returns the types, once they are all known.
    pub(super) fn entries(&self) -> Option<&Entries> {
        self.0.get()
    }

    pub(super) fn filled(entries: Entries) -> Self {
        Self(OnceLock::from(entries))
    }
}
