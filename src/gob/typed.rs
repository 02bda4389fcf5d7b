//! Reading Go values into Rust types, and writing Rust types as Go values.

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, Zoned};
use proptest::prelude::*;
use serde::Deserialize;

use super::{Concrete, Definition, Limits, Struct, Time, Type, Types, Value, decode_owned, encode};
use crate::go_struct;

/// What becomes of a value on its way through a gob.
fn sent(value: Value<'static>) -> Value<'static> {
    decode_owned(&encode(&value).unwrap(), &Limits::default()).unwrap()
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "PascalCase")]
struct User {
    name: String,
    age: u8,
    roles: Vec<String>,
    scores: BTreeMap<String, f64>,
    avatar: Vec<u8>,
    friend: Option<Box<User>>,
    seen: Option<Timestamp>,
    any: Option<i64>,
    active: bool,
}

go_struct!(User as "example.com/app.User" {
    name => "Name",
    age => "Age",
    roles => "Roles",
    scores => "Scores",
    avatar => "Avatar",
    friend => "Friend",
    seen => "Seen",
    any => "Any",
    active => "Active",
});

fn ada() -> User {
    User {
        name: "Ada".into(),
        age: 36,
        roles: vec!["admin".into(), String::new()],
        scores: BTreeMap::from([("a".into(), 0.5), ("b".into(), 0.0)]),
        avatar: b"\0\xff".to_vec(),
        friend: Some(Box::new(User { name: "Bob".into(), ..User::default() })),
        seen: Some("1969-07-20T20:17:40.5Z".parse().unwrap()),
        any: Some(-7),
        active: true,
    }
}

#[test]
fn a_struct_comes_back_as_it_was() {
    let value = sent(Value::of(ada()));
    assert_eq!(value.go_type(), "example.com/app.User");
    assert_eq!(value.read::<User>().unwrap(), ada());
    let it = value.as_struct().unwrap();
    assert_eq!(it.definition().name(), "User");
    let types: Vec<_> =
        it.definition().fields().iter().map(|field| it.definition().field_type(field).to_string()).collect();
    let expected = ["string", "uint", "[]string", "map[string]float64", "[]uint8", "User", "Time", "int", "bool"]
        .map(String::from);
    assert_eq!(types, expected);
}

#[test]
fn fields_that_were_left_out_are_zero() {
    let value = sent(Value::of(User { friend: Some(Box::default()), ..User::default() }));
    assert_eq!(value.as_struct().unwrap().fields().count(), 2, "the empty map and the struct");
    let read = value.read::<User>().unwrap();
    assert_eq!(read, User { friend: Some(Box::default()), ..User::default() });
    let zero = Value::from(Concrete::Struct(Struct::new(value.concrete().definition().unwrap().clone())));
    assert_eq!(zero.read::<User>().unwrap(), User::default());
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "PascalCase")]
    struct Strict {
        age: i128,
        friend: Nested,
        seen: Timestamp,
        any: Option<u8>,
    }
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "PascalCase")]
    struct Nested {
        name: String,
    }
    let seen = "0001-01-01T00:00:00Z".parse().unwrap();
    let expected = Strict { age: 0, friend: Nested { name: String::new() }, seen, any: None };
    assert_eq!(zero.read::<Strict>().unwrap(), expected);
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Loose {
        friend: serde_json::Value,
        age: serde_json::Value,
        roles: serde_json::Value,
    }
    let loose: Loose = zero.read().unwrap();
    assert_eq!((loose.friend, loose.age, loose.roles), (serde_json::Value::Null, 0.into(), serde_json::json!([])));
}

#[test]
fn every_integer_fits_any_that_can_hold_it() {
    macro_rules! reads {
        ($value:expr, $($rust:ty)*) => {$(
            let value = sent(Value::of($value));
            assert_eq!(i128::from(value.read::<$rust>().unwrap()), i128::from($value), "{}", stringify!($rust));
        )*};
    }
    reads!(127_i8, i8 i16 i32 i64 i128 u8 u16 u32 u64);
    reads!(255_u8, i16 i32 i64 i128 u8 u16 u32 u64);
    reads!(-128_i64, i8 i16 i32 i64 i128);
    reads!(u64::MAX, u64 i128);
    reads!(i64::MIN, i64 i128);
    assert_eq!(Value::of(5_isize).read::<usize>().unwrap(), 5);
    assert_eq!(Value::of(5_usize).read::<f64>().unwrap(), 5.0);
    assert_eq!(Value::of(-(1_i64 << 53)).read::<f32>().unwrap(), -9_007_199_254_740_992.0);
    for (error, message) in [
        (Value::of(128_i16).read::<i8>().map(drop), "the value is a Go int16, and i8 cannot hold it"),
        (Value::of(-1_i64).read::<u64>().map(drop), "the value is a Go int64, and u64 cannot hold it"),
        (Value::of(u64::MAX).read::<i64>().map(drop), "the value is a Go uint64, and i64 cannot hold it"),
        (Value::of((1_i64 << 53) + 1).read::<f64>().map(drop), "the value is a Go int64, and f64 cannot hold it"),
        (
            Value::of(1.5).read::<i64>().map(drop),
            "the value is a Go float64, and invalid type: floating point `1.5`, expected i64",
        ),
    ] {
        assert_eq!(error.unwrap_err().to_string(), message);
    }
}

/// A float32 comes widened, and is read as it was. What is no float32 is not rounded to one.
#[test]
fn a_float_is_read_as_it_is_or_not_at_all() {
    for float in [0.1_f32, f32::MAX, f32::MIN_POSITIVE, 1e-45, -0.0, f32::INFINITY] {
        let value = sent(Value::of(float));
        assert_eq!(value.read::<f32>().unwrap().to_bits(), float.to_bits());
        assert_eq!(value.read::<f64>().unwrap(), f64::from(float));
        // A program that computes in float64 has numbers that a float32 holds, too.
        assert_eq!(sent(Value::of(f64::from(float))).read::<f32>().unwrap().to_bits(), float.to_bits());
    }
    assert!(sent(Value::of(f32::NAN)).read::<f32>().unwrap().is_nan());
    assert!(sent(Value::of(f64::NAN)).read::<f32>().unwrap().is_nan());
    for float in [0.1, 1e300, 1e-60, f64::from(f32::MAX) * (1.0 + f64::EPSILON)] {
        let value = sent(Value::of(float));
        assert_eq!(value.read::<f64>().unwrap(), float);
        let error = value.read::<f32>().unwrap_err().to_string();
        assert_eq!(error, "the value is a Go float64, and f32 cannot hold it", "{float}");
    }
    let error = sent(Value::of(vec![0.5, 0.1])).read::<Vec<f32>>().unwrap_err();
    assert_eq!(error.to_string(), "`[1]` is a Go float64, and f32 cannot hold it");
    assert_eq!(sent(Value::of([0.5_f32, 0.1])).read::<[f32; 2]>().unwrap(), [0.5, 0.1]);
    // The integers of each float.
    assert_eq!(Value::of((1_i64 << 24) + 1).read::<f64>().unwrap(), 16_777_217.0);
    let error = Value::of((1_i64 << 24) + 1).read::<f32>().unwrap_err();
    assert_eq!(error.to_string(), "the value is a Go int64, and f32 cannot hold it");
    assert_eq!(Value::of(1_u64 << 63).read::<f64>().unwrap(), 9_223_372_036_854_775_808.0);
    for wide in [Value::of(u64::MAX), Value::of(i64::MAX), Value::of(i64::MIN + 1)] {
        assert!(wide.read::<f64>().is_err() && wide.read::<f32>().is_err());
    }
}

#[test]
fn a_value_of_another_type_is_named_by_the_way_to_it() {
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Narrow {
        #[expect(dead_code, reason = "read, and not looked at")]
        friend: Inner,
    }
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Inner {
        #[expect(dead_code, reason = "read, and not looked at")]
        roles: Vec<u8>,
    }
    let friend = User { roles: vec!["x".into()], ..User::default() };
    let value = Value::of(User { friend: Some(Box::new(friend)), ..User::default() });
    let error = value.read::<Narrow>().unwrap_err();
    assert_eq!(error.to_string(), "`Friend.Roles[0]` is a Go string, and invalid type: string \"x\", expected u8");
    let value = Value::of(HashMap::from([("k", vec![1_i64, 300])]));
    let error = value.read::<HashMap<String, [u8; 2]>>().unwrap_err();
    assert_eq!(error.to_string(), "`k[1]` is a Go int, and u8 cannot hold it");
    assert!(error.place().to_string().starts_with("src/gob/read.rs:"), "{}", error.place());
}

#[test]
fn every_row_of_the_table_reads_back() {
    let list = vec![Value::of(1_i8), Value::NIL, Value::of("x")];
    let zoned: Zoned = "2026-01-02T03:04:05.000000006+05:30[+05:30]".parse().unwrap();
    let time = Time { seconds: 5, nanoseconds: 0, offset: Some(8434) };
    for (value, name, json) in [
        (Value::of(true), "bool", serde_json::json!(true)),
        (Value::of(-5_isize), "int", (-5).into()),
        (Value::of(-5_i8), "int8", (-5).into()),
        (Value::of(-5_i16), "int16", (-5).into()),
        (Value::of(-5_i32), "int32", (-5).into()),
        (Value::of(-5_i64), "int64", (-5).into()),
        (Value::of(5_usize), "uint", 5.into()),
        (Value::of(5_u8), "uint8", 5.into()),
        (Value::of(5_u16), "uint16", 5.into()),
        (Value::of(5_u32), "uint32", 5.into()),
        (Value::of(5_u64), "uint64", 5.into()),
        (Value::of(1.5_f32), "float32", 1.5.into()),
        (Value::of(1.5_f64), "float64", 1.5.into()),
        (Value::of('é'), "int32", 233.into()),
        (Value::of("text"), "string", "text".into()),
        (Value::of(String::from("text")), "string", "text".into()),
        (Value::of(b"hi".to_vec()), "[]uint8", serde_json::json!([104, 105])),
        (Value::of(&[1_u16, 2][..]), "[]uint16", serde_json::json!([1, 2])),
        (Value::of(list), "[]interface {}", serde_json::json!([1, null, "x"])),
        (Value::of(vec![vec![1_i64]]), "[][]int64", serde_json::json!([[1]])),
        (Value::of(vec![Box::new(7_u8)]), "[]uint8", serde_json::json!([7])),
        (Value::of(vec![&7_u8]), "[]uint8", serde_json::json!([7])),
        (Value::of([1_i64, 2]), "[2]int64", serde_json::json!([1, 2])),
        (Value::of(HashMap::from([(1_isize, "x")])), "map[int]string", serde_json::json!({"1": "x"})),
        (Value::of(BTreeMap::from([("k", Value::of(1_u8))])), "map[string]interface {}", serde_json::json!({"k": 1})),
        (Value::of(Timestamp::UNIX_EPOCH), "time.Time", "1970-01-01T00:00:00Z".into()),
        (Value::of(zoned), "time.Time", "2026-01-02T03:04:05.000000006+05:30".into()),
        (Value::of(time), "time.Time", "0001-01-01T02:20:39+02:20:34".into()),
        (Value::of(vec![time]), "[]time.Time", serde_json::json!(["0001-01-01T02:20:39+02:20:34"])),
        (Value::of(Some(5_i64)), "int64", 5.into()),
        (Value::of(None::<i64>), "nil", serde_json::Value::Null),
        (Value::of(Box::new(5_i64)), "int64", 5.into()),
        (Value::of(Value::from(Concrete::Int(5))), "int", 5.into()),
        (Value::of(Value::of(5_u8)), "uint8", 5.into()),
        (Value::of(Value::from(Value::of(vec![1.5]).into_concrete())), "[]float64", serde_json::json!([1.5])),
        (Value::of(Value::from(Value::of(time).into_concrete())), "time.Time", "0001-01-01T02:20:39+02:20:34".into()),
    ] {
        assert_eq!(value.go_type(), name);
        let value = sent(value);
        assert_eq!(value.go_type(), name);
        let read: serde_json::Value = match &json {
            serde_json::Value::Object(_) if name == "map[int]string" => {
                serde_json::to_value(value.read::<BTreeMap<i8, String>>().unwrap()).unwrap()
            }
            serde_json::Value::Array(_) if name == "[]uint8" => value.read::<Vec<u8>>().unwrap().into(),
            _ => value.read().unwrap(),
        };
        assert_eq!(read, json, "{name}");
    }
    let nameless = encode(&Value::of(vec![Value::from(Value::of(ada()).into_concrete())])).unwrap_err();
    assert_eq!(
        nameless.to_string(),
        "`[0]` cannot be written: a User stands in an interface without its registered name"
    );
}

#[test]
fn pointers_and_slices_of_them_have_gos_names() {
    let value = Value::of(vec![Some(1_i64), Some(2)]);
    assert_eq!(value.go_type(), "[]*int64");
    assert_eq!(sent(value).read::<Vec<Option<i64>>>().unwrap(), [Some(1), Some(2)]);
    let error = encode(&Value::of(vec![Some(1_i64), None])).unwrap_err();
    assert_eq!(error.to_string(), "`[1]` cannot be written: its type is int, and the value is nil");
}

#[test]
fn enums_are_read_as_go_programs_write_them() {
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Role {
        Admin,
        Guest,
        Named(String),
        Pair(u8, u8),
        Point { x: i8 },
    }
    assert_eq!(Value::of("admin").read::<Role>().unwrap(), Role::Admin);
    assert_eq!(Value::of(1_isize).read::<Role>().unwrap(), Role::Guest);
    assert_eq!(Value::of(0_u8).read::<Role>().unwrap(), Role::Admin);
    let tagged = |value: Value<'static>, key: &'static str| Value::of(BTreeMap::from([(key, value)]));
    assert_eq!(tagged(Value::of("x"), "named").read::<Role>().unwrap(), Role::Named("x".into()));
    assert_eq!(tagged(Value::of([1_u8, 2]), "pair").read::<Role>().unwrap(), Role::Pair(1, 2));
    let point = tagged(Value::of(BTreeMap::from([("x", -1_i64)])), "point");
    assert_eq!(point.read::<Role>().unwrap(), Role::Point { x: -1 });
    for value in [Value::of("root"), Value::of(9_i64), Value::of(-1_i64), Value::of(true), tagged(Value::NIL, "pair")] {
        assert!(value.read::<Role>().is_err(), "{value:?}");
    }
}

#[test]
fn text_is_borrowed_and_bytes_need_not_be_text() {
    let value = sent(Value::of("ada"));
    assert_eq!(value.read::<&str>().unwrap(), "ada");
    assert!(value.read::<char>().is_err());
    assert_eq!(Value::of('é').read::<char>().unwrap(), 'é');
    assert_eq!(value.read::<Option<&str>>().unwrap(), Some("ada"));
    let bad = Value::interface("string", Value::string(b"\xff"));
    assert!(bad.read::<String>().unwrap_err().to_string().starts_with("the value is a Go string, and invalid"));
    let bytes = Value::of(b"hi".to_vec());
    assert_eq!(bytes.read::<&[u8]>().unwrap(), b"hi");
    assert_eq!(bytes.read::<[u8; 2]>().unwrap(), *b"hi");
    assert_eq!(Value::from(Concrete::Complex(1.0, -2.0)).read::<(f64, f64)>().unwrap(), (1.0, -2.0));
    let opaque = Value::from(Concrete::Opaque(super::Opaque::new(
        Definition::opaque("Int", super::OpaqueKind::GobEncoder),
        b"\x02\x07",
    )));
    assert_eq!(opaque.read::<Vec<u8>>().unwrap(), b"\x02\x07");
    assert_eq!(opaque.read::<&[u8]>().unwrap(), b"\x02\x07");
}

#[test]
fn maps_with_any_keys_are_read() {
    let entries = vec![(Value::of(1_i64), Value::of("a")), (Value::of(2_u8), Value::of("b"))];
    let map = Value::from(Concrete::Map(super::Map::new(Definition::map(&Type::Interface, &Type::Interface), entries)));
    assert_eq!(map.read::<BTreeMap<u64, String>>().unwrap(), BTreeMap::from([(1, "a".into()), (2, "b".into())]));
    #[derive(Debug, Deserialize)]
    struct Tokens<'a> {
        access_token: &'a str,
        refresh: Option<String>,
    }
    let value = Value::of(BTreeMap::from([("access_token", Value::of("t"))]));
    let tokens = value.read::<Tokens<'_>>().unwrap();
    assert_eq!((tokens.access_token, tokens.refresh), ("t", None));
}

#[test]
fn times_are_written_as_go_writes_them() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    for (time, bytes) in [
        (Time::from(at("2026-11-22T01:02:03.456789Z")), &b"\x01\0\0\0\x0e\xe2\x946\x0b\x1b:\x0c\x08\xff\xff"[..]),
        (Time::from(at("0001-01-01T00:00:00Z")), b"\x01\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff"),
        (Time { seconds: 1, nanoseconds: 2, offset: Some(8434) }, b"\x02\0\0\0\0\0\0\0\x01\0\0\0\x02\0\x8c\x22"),
        (
            Time { seconds: -1, nanoseconds: 0, offset: Some(-21_178) },
            b"\x02\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\xfe\xa0\xc6",
        ),
        (Time { seconds: 0, nanoseconds: 0, offset: Some(0) }, b"\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    ] {
        let written = time.to_bytes().unwrap();
        assert_eq!(*written, *bytes, "{time:?}");
        assert_eq!(Time::parse(&written), Some(time));
    }
    for text in
        ["1969-12-31T23:59:59.75Z", "-009999-01-02T01:59:59Z", "9999-12-30T22:00:00.999999999Z", "1970-01-01T00:00:00Z"]
    {
        assert_eq!(Time::from(at(text)).timestamp().unwrap(), at(text));
    }
    for seconds in [-60, -119, 32_768 * 60, -32_769 * 60] {
        let time = Time { seconds: 0, nanoseconds: 0, offset: Some(seconds) };
        let expected = format!("the value cannot be written: an offset of {seconds} seconds cannot be written");
        assert_eq!(time.to_bytes().unwrap_err().to_string(), expected);
        assert_eq!(
            encode(&Value::of(time)).unwrap_err().to_string(),
            "the value cannot be written: the bytes are no time.Time"
        );
    }
    assert!(Time { seconds: 0, nanoseconds: 1_000_000_000, offset: None }.to_bytes().is_err());
}

proptest! {
    /// Every time that Go can have, under every offset that it can write: version 2 where that has seconds.
    #[test]
    fn every_time_goes_through_a_gob(
        seconds in prop_oneof![any::<i64>(), -100_000_000_000..400_000_000_000_i64],
        nanoseconds in 0..1_000_000_000_u32,
        offset in prop::option::of(-1_966_080..=1_966_020_i32),
    ) {
        let time = Time { seconds, nanoseconds, offset };
        prop_assume!(!offset.is_some_and(|offset| offset / 60 == -1 || i16::try_from(offset / 60).is_err()));
        let bytes = time.to_bytes().unwrap();
        prop_assert_eq!(bytes[0], if offset.unwrap_or(0) % 60 == 0 { 1 } else { 2 });
        prop_assert_eq!(Time::parse(&bytes), Some(time));
        let value = sent(Value::of(vec![Value::of(time)]));
        let [read] = value.as_list().unwrap().items() else { panic!() };
        prop_assert_eq!((read.as_time(), read.go_type()), (Some(time), "time.Time".into()));
        let Concrete::Opaque(payload) = read.concrete() else { panic!() };
        prop_assert_eq!(payload.bytes(), &*bytes);
        if let Some(text) = time.rfc3339() {
            prop_assert_eq!(read.read::<String>().unwrap(), text.clone());
            // jiff knows no year 0000 by another offset, nor the last day of 9999.
            if let (Some(at), Ok(parsed)) = (time.timestamp(), text.parse::<Timestamp>()) {
                prop_assert_eq!(at, parsed);
            }
        }
    }
}

#[test]
fn types_that_lead_back_to_themselves_are_declared_once() {
    let user = Definition::of::<User>().unwrap();
    let friend = user.fields().iter().find(|field| field.name() == "Friend").unwrap();
    assert_eq!(user.field_type(friend), Type::Defined(user.clone()));
    let mut types = Types::new();
    let copy = types.import(&Type::Defined(user.clone()));
    let list = types.slice(copy);
    let list = types.finish(list).unwrap();
    assert_eq!(list.elem(), Some(Type::Defined(user)));
}
