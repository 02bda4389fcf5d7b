//! The types that a stream defines, shared by the values that are of them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::mem::discriminant;
use std::sync::{Arc, OnceLock};

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
#[derive(Debug)]
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

    /// Returns the field's Go name as the bytes that the wire has.
    #[must_use]
    pub fn name_bytes(&self) -> &[u8] {
        &self.name
    }
}

#[derive(Debug)]
pub(super) struct Shape {
    pub(super) name: Box<[u8]>,
    pub(super) form: Form,
}

#[derive(Debug)]
pub(super) enum Form {
    Array { elem: i32, length: u64 },
    Slice { elem: i32 },
    Map { key: i32, elem: i32 },
    Struct { fields: Box<[Field]> },
    Opaque(OpaqueKind),
}

impl Form {
    fn kind(&self) -> Kind {
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
}

impl Entries {
    pub(super) fn index(&self, id: i32) -> Option<u32> {
        let at = self.ids.binary_search_by_key(&id, |entry| entry.0).ok()?;
        Some(self.ids[at].1)
    }
}

impl Table {
    pub(super) fn fill(&self, entries: Entries) {
        // Filled once, by the decoder that made it; a second filling would be dropped.
        self.0.set(entries).ok();
    }

    fn shape(&self, index: u32) -> Option<&Shape> {
        self.0.get()?.shapes.get(usize::try_from(index).ok()?)
    }
}

/// A handle on a type that the stream defines: a struct, map, slice or array type, or one that writes itself.
///
/// Cheap to clone. Two handles are equal if their types are the same in name and structure, whatever stream they are
/// from.
#[derive(Clone)]
pub struct Definition(Arc<Handle>);

struct Handle {
    table: Arc<Table>,
    index: u32,
}

impl Definition {
    /// What a new handle takes, for the decoder's account of memory.
    pub(super) const COST: usize = size_of::<Handle>() + 2 * size_of::<usize>();

    pub(super) fn new(table: Arc<Table>, index: u32) -> Self {
        Self(Arc::new(Handle { table, index }))
    }

    fn shape(&self) -> Option<&Shape> {
        self.0.table.shape(self.0.index)
    }

    fn resolve(&self, id: i32) -> Type {
        match id {
            1 => Type::Bool,
            2 => Type::Int,
            3 => Type::Uint,
            4 => Type::Float,
            5 => Type::Bytes,
            6 => Type::String,
            7 => Type::Complex,
            8 => Type::Interface,
            _ => match self.0.table.0.get().and_then(|entries| entries.index(id)) {
                Some(index) => Type::Defined(Self::new(Arc::clone(&self.0.table), index)),
                None => Type::Undefined,
            },
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

    /// Returns the types that this one is made of.
    fn parts(&self) -> impl Iterator<Item = Type> {
        self.fields().iter().map(|field| self.field_type(field)).chain(self.key()).chain(self.elem())
    }

    /// Whether two types are the same but for those that they are made of.
    fn looks_like(&self, other: &Self) -> bool {
        let names = self.fields().iter().map(Field::name_bytes);
        let same_fields = names.eq(other.fields().iter().map(Field::name_bytes));
        self.kind() == other.kind() && self.name_bytes() == other.name_bytes() && same_fields
    }

    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0.table, &other.0.table) && self.0.index == other.0.index
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
        // Pairs that were seen count as equal, or recursive types would be compared for ever. All types of a pair are
        // from the same two tables, so their places there tell pairs apart. A list, not recursion: a chain of a thousand
        // types must not take the stack.
        let mut seen = HashSet::from([(self.0.index, other.0.index)]);
        let mut open = vec![(self.clone(), other.clone())];
        while let Some((a, b)) = open.pop() {
            if a.is(&b) {
                continue;
            }
            if !a.looks_like(&b) {
                return false;
            }
            for pair in a.parts().zip(b.parts()) {
                if let (Type::Defined(x), Type::Defined(y)) = pair {
                    if seen.insert((x.0.index, y.0.index)) {
                        open.push((x, y));
                    }
                } else if !same_basic(&pair.0, &pair.1) {
                    return false;
                }
            }
        }
        true
    }
}

/// Whether two types that are not both defined are the same.
fn same_basic(a: &Type, b: &Type) -> bool {
    !matches!(a, Type::Defined(_)) && discriminant(a) == discriminant(b)
}

impl fmt::Display for Type {
    /// Writes the type in Go's words, as far as the wire has them: `int` for every signed integer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self, f, 8)
    }
}

impl fmt::Display for Definition {
    /// Writes the type in Go's words, as far as the wire has them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        define(self, f, 8)
    }
}

fn write(ty: &Type, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    f.write_str(match ty {
        Type::Bool => "bool",
        Type::Int => "int",
        Type::Uint => "uint",
        Type::Float => "float64",
        Type::Bytes => "[]uint8",
        Type::String => "string",
        Type::Complex => "complex128",
        Type::Interface => "interface {}",
        Type::Undefined => "?",
        Type::Defined(definition) => return define(definition, f, depth),
    })
}

/// Nameless types may go in circles (`type T []T` has no end without its name), hence the depth.
fn define(definition: &Definition, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    if !definition.name_bytes().is_empty() {
        return f.write_str(&definition.name());
    }
    let Some(depth) = depth.checked_sub(1) else {
        return f.write_str("…");
    };
    match definition.kind() {
        Kind::Array(length) => write!(f, "[{length}]")?,
        Kind::Slice => f.write_str("[]")?,
        Kind::Map => {
            f.write_str("map[")?;
            write(&definition.key().unwrap_or(Type::Undefined), f, depth)?;
            f.write_str("]")?;
        }
        Kind::Struct => return f.write_str("struct"),
        Kind::Opaque(OpaqueKind::GobEncoder) => return f.write_str("GobEncoder"),
        Kind::Opaque(OpaqueKind::BinaryMarshaler) => return f.write_str("BinaryMarshaler"),
        Kind::Opaque(OpaqueKind::TextMarshaler) => return f.write_str("TextMarshaler"),
    }
    write(&definition.elem().unwrap_or(Type::Undefined), f, depth)
}
