//! Types that no stream has defined yet.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::stock::Stock;
use super::types::{At, Entries, Field, Form, OpaqueKind, Part, Shape, Table};
use super::{Definition, ToGo, Type};

/// A type within [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeRef(i32);

impl TypeRef {
    /// `bool`.
    pub const BOOL: Self = Self(1);
    /// Any signed integer.
    pub const INT: Self = Self(2);
    /// Any unsigned integer.
    pub const UINT: Self = Self(3);
    /// `float32` or `float64`.
    pub const FLOAT: Self = Self(4);
    /// `[]byte`.
    pub const BYTES: Self = Self(5);
    /// `string`.
    pub const STRING: Self = Self(6);
    /// `complex64` or `complex128`.
    pub const COMPLEX: Self = Self(7);
    /// Any interface.
    pub const INTERFACE: Self = Self(8);

    /// The place in the table; beyond any for Go's own types.
    fn index(self) -> u32 {
        self.0.checked_sub(FIRST_ID).and_then(|index| u32::try_from(index).ok()).unwrap_or(u32::MAX)
    }
}

/// Declares types as Go has them, which refer to each other as they like.
///
/// Pointers do not show on the wire: a `*Tree` is declared as a `Tree`, and a nil one is a field that is left out.
///
/// ```
/// use csqlstore::gob::{TypeRef, Types};
///
/// // type Tree struct { Label string; Kids []*Tree }
/// let mut types = Types::new();
/// let tree = types.declare("Tree");
/// let kids = types.slice(tree);
/// types.define(tree, [("Label", TypeRef::STRING), ("Kids", kids)]);
/// let tree = types.finish(tree).unwrap();
/// assert_eq!(tree.fields().len(), 2);
/// ```
///
/// What Go would refuse (a field with a small first letter, a type that is never defined) is an error when a value is
/// encoded.
#[derive(Debug, Default)]
pub struct Types {
    shapes: Vec<Shape>,
    /// Struct types by the names under which programs register them.
    registered: Vec<(&'static str, TypeRef)>,
}

const FIRST_ID: i32 = 65;

impl Types {
    /// Declares nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares `[]elem`. A slice of bytes is [`TypeRef::BYTES`], and of another kind on the wire.
    pub fn slice(&mut self, elem: TypeRef) -> TypeRef {
        self.add("", Form::Slice { elem: elem.0 })
    }

    /// Declares `[length]elem`.
    pub fn array(&mut self, elem: TypeRef, length: u64) -> TypeRef {
        self.add("", Form::Array { elem: elem.0, length })
    }

    /// Declares `map[key]elem`.
    pub fn map(&mut self, key: TypeRef, elem: TypeRef) -> TypeRef {
        self.add("", Form::Map { key: key.0, elem: elem.0 })
    }

    /// Declares a type that writes itself, by its name without its package (`Time` for `time.Time`).
    pub fn opaque(&mut self, name: &str, kind: OpaqueKind) -> TypeRef {
        self.add(name, Form::Opaque(kind))
    }

    /// Declares a struct type by its name without its package (`User` for `main.User`) and its fields in their order.
    pub fn structure<'f>(&mut self, name: &str, fields: impl IntoIterator<Item = (&'f str, TypeRef)>) -> TypeRef {
        let ty = self.declare(name);
        self.define(ty, fields);
        ty
    }

    /// Declares a struct type whose fields [`define`](Self::define) gives later, when the types that they are of are known.
    pub fn declare(&mut self, name: &str) -> TypeRef {
        self.add(name, Form::Struct { fields: Box::default() })
    }

    /// Gives a struct type its fields. A type that is no struct stays as it is.
    pub fn define<'f>(&mut self, ty: TypeRef, fields: impl IntoIterator<Item = (&'f str, TypeRef)>) {
        if let Some(Shape { form: Form::Struct { fields: own }, .. }) = self.shape(ty) {
            *own = fields.into_iter().map(|(name, ty)| Field { name: name.as_bytes().into(), id: ty.0 }).collect();
        }
    }

    /// Gives a slice, array or map type a name, as Go's `type Roles []string` does. Readers do not look at it.
    pub fn named(&mut self, ty: TypeRef, name: &str) -> TypeRef {
        if let Some(shape) = self.shape(ty) {
            shape.name = name.as_bytes().into();
        }
        ty
    }

    /// Declares the struct type that is registered under this name, once: where its fields lead back to it, they find it
    /// declared. This is what [`go_struct!`](crate::go_struct) does.
    pub fn registered(
        &mut self,
        name: &'static str,
        fields: impl FnOnce(&mut Self) -> Vec<(&'static str, TypeRef)>,
    ) -> TypeRef {
        if let Some((_, ty)) = self.registered.iter().find(|(registered, _)| *registered == name) {
            return *ty;
        }
        let plain = name.rsplit(['.', '/']).next().unwrap_or(name);
        let ty = self.declare(plain);
        self.registered.push((name, ty));
        let fields = fields(self);
        self.define(ty, fields);
        ty
    }

    /// Takes in a type that was defined elsewhere, with the types that it is made of.
    pub fn import(&mut self, ty: &Type) -> TypeRef {
        match ty.part() {
            Part::Basic(id) => TypeRef(id),
            Part::Undefined => TypeRef(0),
            Part::Defined(at) => self.import_defined(at),
        }
    }

    fn import_defined(&mut self, at: At<'_>) -> TypeRef {
        // The ids that the types have here. A list, not recursion, as types may go in circles.
        let mut ids: HashMap<(usize, u32), i32> = HashMap::new();
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            let (Some(shape), Entry::Vacant(id)) = (at.shape(), ids.entry(at.key())) else { continue };
            id.insert(self.push(&shape.name, shape.form.clone()).0);
            shape.form.each_part(|part| {
                if let Part::Defined(at) = at.part(part) {
                    open.push(at);
                }
            });
        }
        let here = |at: At<'_>| ids.get(&at.key()).copied().unwrap_or(0);
        for id in ids.values() {
            if let Some(shape) = self.shape(TypeRef(*id)) {
                shape.form.each_part_mut(|part| {
                    *part = match at.part(*part) {
                        Part::Basic(id) => id,
                        Part::Undefined => 0,
                        Part::Defined(at) => here(at),
                    };
                });
            }
        }
        TypeRef(here(at))
    }

    /// Ends the declarations, and returns one of the types; `None` for one of Go's own, which need no definition.
    #[must_use]
    pub fn finish(self, ty: TypeRef) -> Option<Definition> {
        self.shapes.get(ty.index() as usize)?;
        Some(Definition::new(Arc::new(self.into_table()), ty.index()))
    }

    fn into_table(self) -> Table {
        let ids = self.shapes.iter().zip(0..).map(|(shape, index)| (shape.id, index)).collect();
        Table::filled(Entries { shapes: self.shapes, ids, ..Entries::default() })
    }

    /// Declares the Go type that the field of a Rust struct is written as. The function picks the field, and is not called.
    pub fn of_field<S, T: ToGo>(&mut self, _: impl FnOnce(&S) -> &T) -> TypeRef {
        T::wire(self)
    }

    fn add(&mut self, name: &str, form: Form) -> TypeRef {
        self.push(name.as_bytes(), form)
    }

    fn push(&mut self, name: &[u8], form: Form) -> TypeRef {
        // Ids run out after two thousand million types, and memory before that.
        let id = i32::try_from(self.shapes.len()).unwrap_or(i32::MAX).saturating_add(FIRST_ID);
        self.shapes.push(Shape { name: name.into(), id, own_id: id, form });
        TypeRef(id)
    }

    fn shape(&mut self, ty: TypeRef) -> Option<&mut Shape> {
        self.shapes.get_mut(ty.index() as usize)
    }
}

impl Definition {
    /// Returns the definition of the Go type that a Rust type is written as; `None` for one of Go's own types.
    #[must_use]
    pub fn of<T: ToGo>() -> Option<Self> {
        let mut types = Types::new();
        let ty = T::wire(&mut types);
        types.finish(ty)
    }

    /// Returns the definition of `[]elem`.
    #[must_use]
    pub fn slice(elem: &Type) -> Self {
        match elem {
            Type::Interface => return Self::stock(Stock::AnySlice, 0),
            Type::String => return Self::stock(Stock::Strings, 0),
            _ => {}
        }
        Self::made(|types| {
            let elem = types.import(elem);
            types.slice(elem)
        })
    }

    /// Returns the definition of `[length]elem`.
    #[must_use]
    pub fn array(elem: &Type, length: u64) -> Self {
        Self::made(|types| {
            let elem = types.import(elem);
            types.array(elem, length)
        })
    }

    /// Returns the definition of `map[key]elem`.
    #[must_use]
    pub fn map(key: &Type, elem: &Type) -> Self {
        match (key, elem) {
            (Type::Interface, Type::Interface) => return Self::stock(Stock::AnyMap, 0),
            (Type::String, Type::Interface) => return Self::stock(Stock::StringMap, 0),
            _ => {}
        }
        Self::made(|types| {
            let key = types.import(key);
            let elem = types.import(elem);
            types.map(key, elem)
        })
    }

    /// Returns the definition of a struct type, by its name without its package and its fields in their order.
    #[must_use]
    pub fn structure(name: &str, fields: &[(&str, Type)]) -> Self {
        Self::made(|types| {
            let fields: Vec<_> = fields.iter().map(|(name, ty)| (*name, types.import(ty))).collect();
            types.structure(name, fields)
        })
    }

    /// Returns the definition of a type that writes itself, by its name without its package.
    #[must_use]
    pub fn opaque(name: &str, kind: OpaqueKind) -> Self {
        Self::made(|types| types.opaque(name, kind))
    }

    /// Returns the definition of the type that `declare` declares; that of an empty struct where it declares none.
    #[must_use]
    pub fn made(declare: impl FnOnce(&mut Types) -> TypeRef) -> Self {
        let mut types = Types::new();
        let mut ty = declare(&mut types);
        if types.shape(ty).is_none() {
            ty = types.declare("");
        }
        Self::new(Arc::new(types.into_table()), ty.index())
    }
}
