//! What is written reads the same; what Go would refuse is not written.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;

use super::{
    Concrete, Definition, Error, Fault, Kind, Limits, List, Map, Opaque, OpaqueKind, Struct, Time, Type, TypeRef,
    Types, Value, decode, decode_owned, encode,
};

/// Makes types and values of what a test case chooses; once the choices are used up, the smallest that there are.
struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    fn below(&mut self, bound: u8) -> u8 {
        self.0.next().map_or(0, |byte| byte % bound)
    }

    fn number(&mut self) -> u64 {
        let bytes = [(); 8].map(|()| self.below(255));
        u64::from_be_bytes(bytes) >> (8 * self.below(8))
    }

    fn basic(&mut self) -> TypeRef {
        use TypeRef as T;
        [T::STRING, T::INT, T::INTERFACE, T::BOOL, T::UINT, T::FLOAT, T::BYTES, T::COMPLEX][usize::from(self.below(8))]
    }

    /// Declares a few types that are made of each other, structs of themselves too, and returns one of them.
    fn types(&mut self) -> Definition {
        let mut types = Types::new();
        let tree = types.declare("Tree");
        let keys = [TypeRef::STRING, TypeRef::INT, TypeRef::INTERFACE, TypeRef::BOOL, TypeRef::FLOAT];
        let mut made =
            vec![tree, types.opaque("Time", OpaqueKind::GobEncoder), types.opaque("", OpaqueKind::TextMarshaler)];
        for _ in 0..=self.below(6) {
            let part = |this: &mut Self| match this.below(3) {
                0 => this.basic(),
                _ => made[usize::from(this.below(u8::try_from(made.len()).unwrap()))],
            };
            let ty = match self.below(4) {
                0 => {
                    let elem = part(self);
                    types.slice(elem)
                }
                1 => {
                    let key = keys[usize::from(self.below(5))];
                    let elem = part(self);
                    types.map(key, elem)
                }
                2 => {
                    let fields: Vec<_> = ["A", "B", "Ö"].map(|name| (name, part(self))).into();
                    types.structure("S", fields)
                }
                // An array of trees that has no end would be one that no value has.
                _ => {
                    let elem = self.basic();
                    types.array(elem, u64::from(self.below(4)))
                }
            };
            made.push(ty);
        }
        let kids = types.slice(tree);
        let fields: Vec<_> = made.iter().rev().take(3).copied().chain([tree, kids]).collect();
        types.define(tree, ["Data", "More", "Other", "Left", "Kids"].into_iter().zip(fields));
        let last = made.into_iter().nth(usize::from(self.below(3))).unwrap();
        let top = if self.below(2) == 0 { last } else { kids };
        types.finish(top).unwrap()
    }

    fn value(&mut self, ty: &Type, depth: usize) -> Value<'static> {
        let definition = match ty {
            Type::Bool => return Value::from(Concrete::Bool(self.below(2) == 1)),
            Type::Int => return Value::from(Concrete::Int(self.number().cast_signed())),
            Type::Uint => return Value::from(Concrete::Uint(self.number())),
            Type::Float => return Value::from(Concrete::Float(f64::from_bits(self.number()))),
            Type::Bytes => return Value::bytes(self.text()),
            Type::String => return Value::string(self.text()),
            Type::Complex => {
                return Value::from(Concrete::Complex(f64::from_bits(self.number()), f64::from(self.below(3))));
            }
            Type::Interface => return self.interface(depth),
            Type::Defined(definition) => definition.clone(),
            Type::Undefined => panic!(),
        };
        let deep = depth > 10;
        let count = if deep { 0 } else { self.below(4) };
        match definition.kind() {
            Kind::Slice => {
                let elem = definition.elem().unwrap();
                let items = (0..count).map(|_| self.value(&elem, depth + 1)).collect();
                Value::from(Concrete::Slice(List::new(definition, items)))
            }
            Kind::Array(length) => {
                let elem = definition.elem().unwrap();
                let items = (0..length).map(|_| self.value(&elem, depth + 1)).collect();
                Value::from(Concrete::Array(List::new(definition, items)))
            }
            Kind::Map => {
                let (key, elem) = (definition.key().unwrap(), definition.elem().unwrap());
                let mut map = Map::new(definition, Vec::new());
                for _ in 0..count {
                    let key =
                        if key == Type::Interface { Value::of(self.below(9)) } else { self.value(&key, depth + 1) };
                    map.insert(key, self.value(&elem, depth + 1));
                }
                Value::from(Concrete::Map(map))
            }
            Kind::Struct => {
                let mut it = Struct::new(definition.clone());
                for field in definition.fields().iter().take(if deep { 0 } else { usize::MAX }) {
                    if self.below(2) == 1 {
                        let value = self.value(&definition.field_type(field), depth + 1);
                        it.set(&field.name(), value).unwrap();
                    }
                }
                Value::from(Concrete::Struct(it))
            }
            Kind::Opaque(_) => {
                Value::from(Concrete::Opaque(Opaque::new(definition, [&b"\x01"[..], &self.text()].concat())))
            }
        }
    }

    fn interface(&mut self, depth: usize) -> Value<'static> {
        match self.below(8) {
            _ if depth > 10 => Value::NIL,
            0 => Value::NIL,
            1 => Value::of(self.number().cast_signed()),
            2 => Value::of(String::from_utf8_lossy(&self.text()).into_owned()),
            3 => Value::of(vec![Value::of(true), self.interface(depth + 2)]),
            4 => Value::of([self.number(), 7]),
            5 => Value::of(BTreeMap::from([("k", self.interface(depth + 2))])),
            6 => Value::interface("main.Interface", self.interface(depth + 2)),
            _ => {
                let ty = self.types();
                Value::interface("main.T", self.value(&Type::Defined(ty), depth + 1))
            }
        }
    }

    fn text(&mut self) -> Vec<u8> {
        let length = [0, 1, 5, 22, 23, 200][usize::from(self.below(6))];
        (0..length).map(|_| self.below(255)).collect()
    }
}

fn assert_round_trip(value: &Value<'_>) {
    let gob = encode(value).unwrap();
    assert_eq!(&decode(&gob).unwrap(), value);
    let owned = decode_owned(&gob, &Limits::default()).unwrap();
    assert_eq!(&owned, value);
    assert_eq!(encode(&owned).unwrap(), gob, "what is read and not changed is written to the same bytes");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 1000 } else { 20_000 }))]

    #[test]
    fn every_value_is_read_as_it_was_written(choices in prop::collection::vec(any::<u8>(), 0..600)) {
        let mut choices = Choices(choices.iter());
        let ty = choices.types();
        assert_round_trip(&choices.value(&Type::Defined(ty), 0));
        assert_round_trip(&choices.interface(0));
    }

    #[test]
    fn sorted_maps_do_not_depend_on_the_order_of_insertion(keys in prop::collection::hash_map(any::<i64>(), any::<u8>(), 0..20)) {
        let ty = Definition::map(&Type::Interface, &Type::Interface);
        let mut entries: Vec<_> = keys.iter().map(|(key, value)| (Value::of(*key), Value::of(*value))).collect();
        let mut map = Value::from(Concrete::Map(Map::new(ty.clone(), entries.clone())));
        entries.reverse();
        let mut reversed = Value::from(Concrete::Map(Map::new(ty, entries)));
        map.sort_maps();
        reversed.sort_maps();
        prop_assert_eq!(encode(&map).unwrap(), encode(&reversed).unwrap());
    }
}

/// Values that Go 1.19 wrote to these bytes.
#[test]
fn basic_values_are_written_as_go_writes_them() {
    for (value, gob) in [
        (Value::string("hi"), &b"\x05\x0c\x00\x02hi"[..]),
        (Value::from(Concrete::Int(-129)), b"\x05\x04\x00\xfe\x01\x01"),
        (Value::from(Concrete::Bool(true)), b"\x03\x02\x00\x01"),
        (Value::from(Concrete::Float(17.0)), b"\x05\x08\x00\xfe\x31\x40"),
        (Value::NIL, b"\x03\x10\x00\x00"),
    ] {
        assert_eq!(encode(&value).unwrap(), gob, "{value:?}");
        assert_round_trip(&value);
    }
}

fn fault(value: &Value<'_>) -> (String, Fault) {
    match encode(value) {
        Err(Error::Encode { path, fault, place }) => {
            assert!(place.to_string().starts_with("src/gob/"), "{place}");
            (path, fault)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_go_would_refuse_is_an_error_that_says_where() {
    let any = || Definition::slice(&Type::Interface);
    let list = |items: Vec<Value<'static>>| Value::from(Concrete::Slice(List::new(any(), items)));
    let ints = |items| Value::from(Concrete::Slice(List::new(Definition::slice(&Type::Int), items)));
    let pair = |value| Value::from(Concrete::Array(List::new(Definition::array(&Type::Bool, 2), value)));
    let small =
        |fields: &[(&str, Type)]| Value::from(Concrete::Struct(Struct::new(Definition::structure("S", fields))));
    let declared = {
        let mut types = Types::new();
        let (slice, other) = (types.slice(TypeRef::INT), Types::new().slice(TypeRef::INT));
        let structure = types.structure("S", [("A", slice), ("B", other)]);
        let undefined = types.import(&Type::Undefined);
        types.define(structure, [("A", undefined)]);
        Value::from(Concrete::Struct(Struct::new(types.finish(structure).unwrap())))
    };
    let map = |key| {
        Value::from(Concrete::Map(Map::new(
            Definition::map(&Type::Interface, &Type::Int),
            vec![(key, Value::from(Concrete::Int(1)))],
        )))
    };
    let time = |bytes: &'static [u8]| {
        let ty = Definition::opaque("Time", OpaqueKind::GobEncoder);
        Value::interface("time.Time", Value::from(Concrete::Opaque(Opaque::new(ty, bytes))))
    };
    let deep = (0..200).fold(Value::NIL, |value, _| Value::of(vec![value]));
    let no_time = Time { seconds: 0, nanoseconds: 0, offset: Some(-60) };
    let named = |name: &str, value: Value<'static>| Value::interface(name, value.into_concrete());
    let key = |fields: &[(&str, Type)]| Value::interface("main.Key", small(fields));
    let inner = Type::Defined(Definition::structure("Inner", &[("Raw", Type::Bytes)]));
    let mut any_key = Struct::new(Definition::structure("Any", &[("Any", Type::Interface)]));
    any_key.set("Any", vec![1_i64]).unwrap();
    let any_key = Value::interface("main.Any", Concrete::Struct(any_key));
    let cases: Vec<(&str, &str, Value<'static>)> = vec![
        ("Nameless", "[1]", list(vec![Value::NIL, Value::interface("", Value::from(Concrete::Int(1)))])),
        ("Name", "[0]", list(vec![Value::interface("x".repeat(1025), Value::from(Concrete::Int(1)))])),
        ("Type", "[1]", ints(vec![Value::from(Concrete::Int(1)), Value::NIL])),
        ("Type", "[0]", ints(vec![Value::from(Concrete::Uint(1))])),
        ("Nameless", "[0]", list(vec![Value::from(Concrete::Int(1))])),
        ("Type", "[0]", list(vec![Value::interface("string", Value::from(Concrete::Int(1)))])),
        ("Type", "[0]", list(vec![Value::interface("[]int64", Value::of(vec!["x"]).into_concrete())])),
        ("Type", "[0]", list(vec![Value::interface("map[string]int", Value::of(vec![1_i64]).into_concrete())])),
        ("Type", "[0]", list(vec![Value::interface("time.Time", Value::string("2026"))])),
        ("Range", "[0]", list(vec![Value::interface("int8", Value::from(Concrete::Int(128)))])),
        ("Range", "[0]", list(vec![Value::interface("uint16", Value::from(Concrete::Uint(65_536)))])),
        ("Range", "[0]", list(vec![Value::interface("float32", Value::from(Concrete::Float(1e300)))])),
        (
            "Range",
            "[0][1]",
            list(vec![Value::interface(
                "[]int16",
                ints(vec![Value::from(Concrete::Int(1)), Value::from(Concrete::Int(40_000))]),
            )]),
        ),
        ("ArrayLength", "", pair(vec![Value::from(Concrete::Bool(true))])),
        ("Key", "?", map(Value::interface("[]uint8", Value::bytes(b"k")))),
        ("Key", "?", map(Value::of(vec![1_i64]))),
        ("Key", "?", map(Value::of([b"in an array".to_vec()]))),
        (
            "Key",
            "?.Tags",
            map(key(&[("Name", Type::String), ("Tags", Type::Defined(Definition::slice(&Type::String)))])),
        ),
        ("Key", "?.At.Raw", map(key(&[("A", Type::Int), ("At", Type::Defined(Definition::array(&inner, 2)))]))),
        ("Key", "?.Any", map(any_key.clone())),
        ("Range", "[0][1]", list(vec![named("[3]uint8", Value::of([1_u16, 256, 3]))])),
        (
            "Range",
            "[0].b",
            list(vec![named("map[string]int8", Value::of(BTreeMap::from([("a", 1_i64), ("b", -129)])))]),
        ),
        ("Range", "[0].70000", list(vec![named("map[uint16]bool", Value::of(BTreeMap::from([(70_000_u32, true)])))])),
        (
            "Range",
            "[0][0].k[1]",
            list(vec![named("[]map[string][2]float32", Value::of(vec![BTreeMap::from([("k", [0.1, 1e300])])]))]),
        ),
        ("Type", "[0]", list(vec![named("[2]int64", Value::of([1_i64]))])),
        ("Type", "[0]", list(vec![named("[1]string", Value::of([1_i64]))])),
        ("Time", "[0][1]", list(vec![named("[]time.Time", Value::of(vec![Timestamp::UNIX_EPOCH.into(), no_time]))])),
        ("Time", "[0]", list(vec![time(b"")])),
        ("Time", "[0]", list(vec![time(b"\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0")])),
        ("TooDeep { limit: 128 }", "", deep),
        ("Undefined", "", declared),
        ("FieldName", "", small(&[("a", Type::Int)])),
        ("FieldName", "", small(&[("", Type::Int)])),
    ];
    for (name, path, value) in cases {
        let (at, fault) = fault(&value);
        assert!(format!("{fault:?}").starts_with(name), "{name}: {fault:?}");
        assert!(at == path || (name.starts_with("TooDeep") && at.starts_with("[0][0]")), "{name}: {at}");
    }
    let mut wrong = map(Value::of("k"));
    wrong.as_map_mut().unwrap().entries_mut()[0].1 = Value::string("x");
    let error = encode(&wrong).unwrap_err();
    assert_eq!(error.to_string(), "`k` cannot be written: its type is int, and the value is string");
}

/// What holds no slice is a key, and so is what is a pointer.
#[test]
fn keys_that_go_can_have_are_written() {
    let any = |key: Value<'static>| {
        let ty = Definition::map(&Type::Interface, &Type::Interface);
        Concrete::Map(Map::new(ty, vec![(key, Value::of(1_i64))])).into()
    };
    let mut types = Types::new();
    let node = types.declare("Node");
    types.define(node, [("Name", TypeRef::STRING), ("Next", node)]);
    let mut node = Struct::new(types.finish(node).unwrap());
    node.set("Name", "first").unwrap();
    let list = Struct::new(Definition::structure("List", &[("Items", Type::Defined(Definition::slice(&Type::Int)))]));
    let mut point = Struct::new(Definition::structure("Point", &[("X", Type::Int), ("Any", Type::Interface)]));
    point.set("Any", "text").unwrap();
    for key in [
        Value::of([1_u8, 2]),
        Value::of([["a"], ["b"]]),
        Value::of(1.5),
        Value::of(Timestamp::UNIX_EPOCH),
        Value::interface("main.Node", Concrete::Struct(node)),
        Value::interface("*main.List", Concrete::Struct(list)),
        Value::interface("main.Point", Concrete::Struct(point)),
        Value::NIL,
    ] {
        assert_round_trip(&any(key));
    }
}

/// A type that is made of the next one twice, and so on: each is looked at once, or this would never end.
#[test]
fn the_types_of_keys_are_looked_at_once() {
    let mut types = Types::new();
    let mut ty = types.structure("Last", [("A", TypeRef::INT)]);
    for _ in 0..900 {
        ty = types.structure("S", [("A", ty), ("B", ty)]);
    }
    let key = Value::interface("main.S", Concrete::Struct(Struct::new(types.finish(ty).unwrap())));
    let map = Map::new(Definition::map(&Type::Interface, &Type::Int), vec![(key, Concrete::Int(1).into())]);
    assert_round_trip(&Concrete::Map(map).into());
}

#[test]
fn names_that_say_no_type_are_left_alone() {
    for (name, value) in [
        ("main.Count", Value::from(Concrete::Int(1 << 40))),
        ("*int8", Value::from(Concrete::Int(1 << 40))),
        ("[]main.Role", Value::from(Value::of(vec!["admin"]).into_concrete())),
        ("map[[2]string]main.Any", Value::from(Value::of(BTreeMap::from([(["a", "b"], 1_i64)])).into_concrete())),
        ("map[broken", Value::from(Concrete::Int(1))),
    ] {
        assert_round_trip(&Value::interface(name, value));
    }
}

#[test]
fn more_types_than_are_read_are_not_written() {
    let of = |count: usize| {
        let items = (0..count).map(|at| {
            let ty = Definition::structure(&format!("T{at}"), &[("A", Type::Int)]);
            Value::interface("main.T", Value::from(Concrete::Struct(Struct::new(ty))))
        });
        Value::from(Concrete::Slice(List::new(Definition::slice(&Type::Interface), items.collect())))
    };
    assert_round_trip(&of(1023));
    let (path, fault) = fault(&of(1024));
    assert_eq!((path.as_str(), fault), ("[1023]", Fault::TooManyTypes { limit: 1024 }));
}

#[test]
fn equal_types_of_many_tables_are_defined_once() {
    let items: Vec<_> = (0..50).map(|at| Value::of([at, 1_i64])).collect();
    let value = Value::of(items);
    let gob = encode(&value).unwrap();
    assert_eq!(gob.windows(2).filter(|two| two == b"\xff\x83").count(), 1, "{}", gob.escape_ascii());
    assert_round_trip(&value);
}

#[test]
fn fields_are_set_whether_they_were_zero_or_not() {
    let ty = Definition::structure(
        "User",
        &[("Name", Type::String), ("Age", Type::Uint), ("Any", Type::Interface), ("Sub", Type::Defined(sub()))],
    );
    let mut user = Struct::new(ty.clone());
    user.set("Any", 5_i64).unwrap();
    user.set("Age", 36_i32).unwrap();
    user.set("Name", "Ada").unwrap();
    let shown: Vec<_> = user.fields().map(|(field, value)| (field.name().into_owned(), value.clone())).collect();
    let expected =
        [("Name", Value::string("Ada")), ("Age", Value::from(Concrete::Uint(36))), ("Any", Value::of(5_i64))];
    assert_eq!(shown, expected.map(|(name, value)| (name.to_owned(), value)));
    assert_round_trip(&Value::from(Concrete::Struct(user.clone())));
    user.set("Age", 0_u8).unwrap();
    assert_eq!(user.get("Age"), None);
    assert_eq!(user.unset("Name"), Some(Value::string("Ada")));
    *user.get_mut("Any").unwrap().concrete_mut() = Concrete::Int(6);
    assert_eq!(user.get("Any"), Some(&Value::of(6_i64)));
    for (field, value, expected) in [
        ("Age", Value::of(-1_i64), "`Age` cannot be written: its type is uint, and the value is int"),
        ("Sub", Value::of("x"), "`Sub` cannot be written: its type is Sub, and the value is string"),
        ("Nope", Value::of(1_i64), "the value cannot be written: there is no field `Nope` in User"),
    ] {
        assert_eq!(user.set(field, value).unwrap_err().to_string(), expected);
    }
    user.set("Sub", Value::interface("main.Sub", Value::from(Concrete::Struct(Struct::new(sub()))))).unwrap();
    user.set("Any", Value::NIL).unwrap();
    let mut zero = Struct::new(ty);
    zero.set("Sub", Value::interface("main.Sub", Value::from(Concrete::Struct(Struct::new(sub()))))).unwrap();
    assert_eq!(user, zero);
}

fn sub() -> Definition {
    Definition::structure("Sub", &[("A", Type::Bool)])
}

#[test]
fn a_field_of_zero_that_is_there_equals_one_that_is_not() {
    let gob = b"\x12\xff\x81\x03\x01\x02\xff\x82\x00\x01\x01\x01\x01A\x01\x04\x00\x00\x00\x05\xff\x82\x01\x00\x00";
    let value = decode(gob).unwrap();
    let it = value.as_struct().unwrap();
    assert_eq!(it.fields().count(), 1);
    assert_round_trip(&value);
}
