//! Which Go type a Rust type is written as.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::sync::OnceLock;

use jiff::{Timestamp, Zoned};

use super::stock::Stock;
use super::types::{Form, Part};
use super::{Concrete, Definition, List, Map, Opaque, OpaqueKind, Text, Time, TypeRef, Types, Value};

/// A Rust type that can be written as a Go type.
///
/// | Rust | Go |
/// |---|---|
/// | `bool` | `bool` |
/// | `isize`, `i8`, `i16`, `i32`, `i64` | `int`, `int8`, `int16`, `int32`, `int64` |
/// | `usize`, `u8`, `u16`, `u32`, `u64` | `uint`, `uint8`, `uint16`, `uint32`, `uint64` |
/// | `f32`, `f64` | `float32`, `float64` |
/// | `char` | `int32`, which is Go's `rune` |
/// | `String`, `&str`, `Cow<str>` | `string` |
/// | `Vec<u8>`, `&[u8]` | `[]uint8`, which is Go's `[]byte` |
/// | [`Vec<Value>`](Value) | `[]interface {}` |
/// | `Vec<T>`, `&[T]` | `[]T` |
/// | `[T; N]` | `[N]T` |
/// | `HashMap<K, V>`, `BTreeMap<K, V>` | `map[K]V`, in the order of its keys |
/// | [`Timestamp`], [`Zoned`], [`Time`] | `time.Time` in UTC, or under its own offset |
/// | `Option<T>` | a `*T` in a struct, and `T` or nil in an interface |
/// | `Box<T>`, `&T` | `T` |
/// | [`Value`] | `interface {}`; one that is not in an interface is put there under its plain type, `int` for an integer |
/// | a struct declared by [`go_struct!`](crate::go_struct) | the struct of that name |
///
/// Go registers basic types, slices of them and `[]string` by itself. Everything else that stands in an interface, as all
/// values of a session do, has to be registered by the program that reads it: `gob.Register([]interface {}{})`,
/// `gob.Register(time.Time{})`, `gob.Register(User{})`. gorilla/sessions registers `[]interface {}`.
pub trait ToGo: Sized {
    /// Returns the name under which Go registers the type: `int64`, `[]string`, `main.User`.
    fn go_name() -> Cow<'static, str>;

    /// Declares the type.
    fn wire(types: &mut Types) -> TypeRef;

    /// Makes the value, as it stands where its type is declared: in a field, a list or a map.
    fn into_value(self) -> Value<'static>;

    /// Makes the value in an interface, as a session has its values.
    fn into_interface(self) -> Value<'static> {
        match self.into_value() {
            value if value.is_interface() || value.is_nil() => value,
            value => Value::interface(&*Self::go_name(), value),
        }
    }

    /// Makes a slice of such values.
    fn slice(items: Vec<Self>) -> Value<'static> {
        let items = items.into_iter().map(Self::into_value).collect();
        Concrete::Slice(List::new(Self::slice_definition(), items)).into()
    }

    /// Declares the type of such a slice.
    fn slice_wire(types: &mut Types) -> TypeRef {
        let elem = Self::wire(types);
        types.slice(elem)
    }

    /// Returns the definition of such a slice.
    fn slice_definition() -> Definition {
        Definition::made(|types| {
            let elem = Self::wire(types);
            types.slice(elem)
        })
    }
}

macro_rules! basic {
    ($($rust:ty => $name:literal $wire:ident |$it:ident| $value:expr;)*) => {$(
        impl ToGo for $rust {
            fn go_name() -> Cow<'static, str> {
                $name.into()
            }

            fn wire(_: &mut Types) -> TypeRef {
                TypeRef::$wire
            }

            fn into_value(self) -> Value<'static> {
                let $it = self;
                $value.into()
            }

            fn slice_definition() -> Definition {
                static DEFINITION: OnceLock<Definition> = OnceLock::new();
                DEFINITION.get_or_init(|| Definition::made(|types| types.slice(TypeRef::$wire))).clone()
            }
        }
    )*};
}

basic! {
    bool => "bool" BOOL |it| Concrete::Bool(it);
    isize => "int" INT |it| Concrete::Int(it as i64);
    i8 => "int8" INT |it| Concrete::Int(it.into());
    i16 => "int16" INT |it| Concrete::Int(it.into());
    i32 => "int32" INT |it| Concrete::Int(it.into());
    i64 => "int64" INT |it| Concrete::Int(it);
    usize => "uint" UINT |it| Concrete::Uint(it as u64);
    u16 => "uint16" UINT |it| Concrete::Uint(it.into());
    u32 => "uint32" UINT |it| Concrete::Uint(it.into());
    u64 => "uint64" UINT |it| Concrete::Uint(it);
    f32 => "float32" FLOAT |it| Concrete::Float(it.into());
    f64 => "float64" FLOAT |it| Concrete::Float(it);
    char => "int32" INT |it| Concrete::Int(u32::from(it).into());
    String => "string" STRING |it| Concrete::String(it.into());
    &str => "string" STRING |it| Concrete::String(Text::copied(it.as_bytes()));
    Cow<'_, str> => "string" STRING |it| Concrete::String(Text::copied(it.as_bytes()));
}

impl ToGo for u8 {
    fn go_name() -> Cow<'static, str> {
        "uint8".into()
    }

    fn wire(_: &mut Types) -> TypeRef {
        TypeRef::UINT
    }

    fn into_value(self) -> Value<'static> {
        Concrete::Uint(self.into()).into()
    }

    fn slice(items: Vec<Self>) -> Value<'static> {
        Concrete::Bytes(items.into()).into()
    }

    fn slice_wire(_: &mut Types) -> TypeRef {
        TypeRef::BYTES
    }
}

impl ToGo for Value<'_> {
    fn go_name() -> Cow<'static, str> {
        "interface {}".into()
    }

    fn wire(_: &mut Types) -> TypeRef {
        TypeRef::INTERFACE
    }

    fn into_value(self) -> Value<'static> {
        match self.into_owned() {
            value if value.is_interface() || value.is_nil() => value,
            value => Value::interface(plain_name(&value), value),
        }
    }

    /// One for whose type there is no name is in no interface then, and encoding refuses it where it should be.
    fn into_interface(self) -> Value<'static> {
        self.into_value()
    }

    fn slice_definition() -> Definition {
        Definition::stock(Stock::AnySlice, 0)
    }
}

impl<T: ToGo> ToGo for Vec<T> {
    fn go_name() -> Cow<'static, str> {
        format!("[]{}", T::go_name()).into()
    }

    fn wire(types: &mut Types) -> TypeRef {
        T::slice_wire(types)
    }

    fn into_value(self) -> Value<'static> {
        T::slice(self)
    }
}

impl<T: ToGo + Clone> ToGo for &[T] {
    fn go_name() -> Cow<'static, str> {
        Vec::<T>::go_name()
    }

    fn wire(types: &mut Types) -> TypeRef {
        Vec::<T>::wire(types)
    }

    fn into_value(self) -> Value<'static> {
        self.to_vec().into_value()
    }
}

impl<T: ToGo, const N: usize> ToGo for [T; N] {
    fn go_name() -> Cow<'static, str> {
        format!("[{N}]{}", T::go_name()).into()
    }

    fn wire(types: &mut Types) -> TypeRef {
        let elem = T::wire(types);
        types.array(elem, N as u64)
    }

    fn into_value(self) -> Value<'static> {
        let items = self.into_iter().map(T::into_value).collect();
        Concrete::Array(List::new(Definition::made(Self::wire), items)).into()
    }
}

/// Returns the name of a type that needs no name: Go's own, and lists and maps of these. There is none for others, which
/// encoding then refuses.
fn plain_name(value: &Value<'_>) -> String {
    let part = value.concrete.part();
    let plain = match part {
        Part::Basic(_) => true,
        Part::Undefined => false,
        Part::Defined(at) => at.shape().is_some_and(|shape| {
            let mut plain = shape.name.is_empty() && !matches!(shape.form, Form::Struct { .. } | Form::Opaque(_));
            shape.form.each_part(|part| plain &= matches!(at.part(part), Part::Basic(_)));
            plain
        }),
    };
    match plain {
        true => part.to_string(),
        false if value.as_time().is_some() => "time.Time".into(),
        false => String::new(),
    }
}

impl<T: ToGo> ToGo for Option<T> {
    fn go_name() -> Cow<'static, str> {
        format!("*{}", T::go_name()).into()
    }

    fn wire(types: &mut Types) -> TypeRef {
        T::wire(types)
    }

    fn into_value(self) -> Value<'static> {
        self.map_or(Value::NIL, T::into_value)
    }

    fn into_interface(self) -> Value<'static> {
        self.map_or(Value::NIL, T::into_interface)
    }
}

macro_rules! pointer {
    ($pointer:ty, $([$($bound:tt)*],)? |$it:ident| $inner:expr) => {
        impl<T: ToGo $($($bound)*)?> ToGo for $pointer {
            fn go_name() -> Cow<'static, str> {
                T::go_name()
            }

            fn wire(types: &mut Types) -> TypeRef {
                T::wire(types)
            }

            fn into_value(self) -> Value<'static> {
                let $it = self;
                $inner.into_value()
            }

            fn slice(items: Vec<Self>) -> Value<'static> {
                T::slice(items.into_iter().map(|$it| $inner).collect())
            }

            fn slice_wire(types: &mut Types) -> TypeRef {
                T::slice_wire(types)
            }
        }
    };
}

pointer!(Box<T>, |it| *it);
pointer!(&T, [+ Clone], |it| it.clone());

macro_rules! map {
    ([$($extra:tt)*] $map:ty) => {
        impl<K: ToGo, V: ToGo, $($extra)*> ToGo for $map {
            fn go_name() -> Cow<'static, str> {
                format!("map[{}]{}", K::go_name(), V::go_name()).into()
            }

            fn wire(types: &mut Types) -> TypeRef {
                let key = K::wire(types);
                let elem = V::wire(types);
                types.map(key, elem)
            }

            fn into_value(self) -> Value<'static> {
                let entries = self.into_iter().map(|(key, value)| (key.into_value(), value.into_value())).collect();
                let mut map = Map::new(Definition::made(Self::wire), entries);
                map.sort();
                Concrete::Map(map).into()
            }
        }
    };
}

map!([S: BuildHasher] HashMap<K, V, S>);
map!([] BTreeMap<K, V>);

impl ToGo for Time {
    fn go_name() -> Cow<'static, str> {
        "time.Time".into()
    }

    fn wire(types: &mut Types) -> TypeRef {
        types.opaque("Time", OpaqueKind::GobEncoder)
    }

    fn into_value(self) -> Value<'static> {
        // Nothing stands for a time that cannot be written: encoding refuses it.
        let bytes = self.to_bytes().map_or_else(|_| Text::default(), |bytes| Text::copied(&bytes));
        Concrete::Opaque(Opaque::new(Definition::stock(Stock::Time, 0), bytes)).into()
    }
}

impl ToGo for Timestamp {
    fn go_name() -> Cow<'static, str> {
        Time::go_name()
    }

    fn wire(types: &mut Types) -> TypeRef {
        Time::wire(types)
    }

    fn into_value(self) -> Value<'static> {
        Time::from(self).into_value()
    }
}

impl ToGo for Zoned {
    fn go_name() -> Cow<'static, str> {
        Time::go_name()
    }

    fn wire(types: &mut Types) -> TypeRef {
        Time::wire(types)
    }

    fn into_value(self) -> Value<'static> {
        Time::from(&self).into_value()
    }
}

/// Declares which Go struct a Rust struct is written as: its registered name, and the Go names of its fields.
///
/// Implements [`gob::ToGo`](crate::gob::ToGo) for it. The fields are of types that implement it too, and the struct may
/// contain itself, in a `Vec` or an `Option<Box<_>>`. In Go, the type has to be registered under the same name.
///
/// ```
/// use csqlstore::{go_struct, gob::Value};
///
/// // package main; type User struct { Name string; Age int; Friends []*User }; gob.Register(User{})
/// struct User {
///     name: String,
///     age: isize,
///     friends: Vec<User>,
/// }
/// go_struct!(User as "main.User" { name => "Name", age => "Age", friends => "Friends" });
///
/// let ada = User { name: "Ada".into(), age: 36, friends: Vec::new() };
/// assert_eq!(Value::of(ada).go_type(), "main.User");
/// ```
#[macro_export]
macro_rules! go_struct {
    ($rust:ty as $name:literal { $($field:ident => $go:literal),* $(,)? }) => {
        impl $crate::gob::ToGo for $rust {
            fn go_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed($name)
            }

            fn wire(types: &mut $crate::gob::Types) -> $crate::gob::TypeRef {
                types.registered($name, |types| {
                    ::std::vec![$(($go, types.of_field(|it: &$rust| &it.$field))),*]
                })
            }

            fn into_value(self) -> $crate::gob::Value<'static> {
                static DEFINITION: ::std::sync::OnceLock<$crate::gob::Definition> = ::std::sync::OnceLock::new();
                let definition = DEFINITION.get_or_init(|| $crate::gob::Definition::made(<$rust as $crate::gob::ToGo>::wire)).clone();
                let values = [$($crate::gob::ToGo::into_value(self.$field)),*];
                $crate::gob::Concrete::Struct($crate::gob::Struct::from_values(definition, values)).into()
            }
        }
    };
}
