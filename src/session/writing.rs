//! Sessions that are made or changed here.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Error, Id, Values, open_data, open_id, seal_data, seal_id};
use crate::gob::{self, Concrete, Value};
use crate::securecookie::{self, Codec, Keyring};

fn now() -> Timestamp {
    "2026-12-24T18:00:00Z".parse().unwrap()
}

fn codec() -> Codec {
    Codec::gorilla(Keyring::parse("raw:very-secret,raw:0123456789abcdef;raw:old").unwrap())
}

#[test]
fn what_is_sealed_opens_with_its_types() {
    let mut values = Values::new();
    values.insert("n", 5_isize);
    values.insert("user_id", 1_i64);
    assert_eq!(values.insert("user_id", 1_234_567_890_123_i64), Some(Value::of(1_i64)));
    values.insert("roles", vec!["admin".to_owned()]);
    values.map_mut().insert(Value::of(7_u8), Value::NIL);
    let data = seal_data(&codec(), "sid", &values, now()).unwrap();
    let opened = open_data(&codec(), &["sid"], &data, now()).unwrap();
    assert_eq!(opened.values, values);
    assert_eq!((opened.key, opened.encrypted, opened.signed_at), (1, true, now()));
    assert_eq!(values.remove("roles").unwrap().go_type(), "[]string");
    assert_eq!(values.remove("roles"), None);
    values.map_mut().remove(&Value::of(7_u8));
    assert_eq!(values.types(), serde_json::json!({"n": "int", "user_id": "int64"}));
    values.clear();
    assert_eq!((values.is_empty(), values), (true, Values::default()));
}

#[test]
fn an_id_is_sealed_for_its_cookie() {
    let id = Id::generate(now()).unwrap();
    let cookie = seal_id(&codec(), "sid", &id, now()).unwrap();
    assert_eq!(open_id(&codec(), &["sid"], &cookie, now()).unwrap().id, id);
    let error = open_data(&codec(), &["sid"], &cookie, now()).unwrap_err();
    assert!(matches!(error, Error::OtherValue { .. }), "{error:?}");
}

#[test]
fn values_are_read_by_their_keys() {
    let mut values = Values::new();
    values.insert("n", 300_i64);
    values.insert("list", vec![Value::of(1_i64), Value::of("x")]);
    assert_eq!(values.get_as::<u16>("n").unwrap(), 300);
    assert_eq!(values.get_as::<Option<u16>>("n").unwrap(), Some(300));
    assert_eq!(values.get_as::<Option<u16>>("m").unwrap(), None);
    let chain = |error: Error| {
        let source = std::error::Error::source(&error).map(ToString::to_string);
        (error.to_string(), source, error.place().to_string())
    };
    let (message, source, _) = chain(values.get_as::<u8>("n").unwrap_err());
    assert_eq!(message, "a value of the session is of another type");
    assert_eq!(source.unwrap(), "`n` is a Go int64, and u8 cannot hold it");
    let (_, source, place) = chain(values.get_as::<Vec<i64>>("list").unwrap_err());
    assert_eq!(source.unwrap(), "`list[1]` is a Go string, and invalid type: string \"x\", expected i64");
    assert!(place.starts_with("src/gob/read.rs:"), "{place}");
    let (message, source, place) = chain(values.get_as::<u8>("m").unwrap_err());
    assert_eq!((message.as_str(), source), ("there is nothing under `m` to be a u8", None));
    assert!(place.starts_with("src/session/values.rs:"), "{place}");
}

#[test]
fn flashes_are_shown_once() {
    let mut values = Values::new();
    assert_eq!(values.take_flashes().unwrap(), []);
    values.add_flash("saved").unwrap();
    values.add_flash(7_i64).unwrap();
    values.add_flash_under("custom_key", "other").unwrap();
    assert_eq!(values.types(), serde_json::json!({"_flash": "[]interface {}", "custom_key": "[]interface {}"}));
    let data = seal_data(&codec(), "sid", &values, now()).unwrap();
    let mut values = open_data(&codec(), &["sid"], &data, now()).unwrap().values;
    values.add_flash(true).unwrap();
    assert_eq!(values.take_flashes().unwrap(), [Value::of("saved"), Value::of(7_i64), Value::of(true)]);
    assert_eq!(values.take_flashes().unwrap(), []);
    assert_eq!(values.take_flashes_under("custom_key").unwrap(), [Value::of("other")]);
    assert!(values.is_empty());
    values.insert("_flash", vec!["not", "interfaces"]);
    let error = values.add_flash("x").unwrap_err();
    assert_eq!(error.to_string(), "`_flash` holds []string instead of flashes");
    assert!(matches!(values.take_flashes(), Err(Error::NotFlashes { .. })));
    assert_eq!(values.len(), 1);
}

#[test]
fn what_cannot_be_sealed_says_why() {
    let source = |error: &Error| std::error::Error::source(error).unwrap().to_string();
    let mut values = Values::new();
    values.insert("n", Value::interface("int8", Concrete::Int(300)));
    let error = seal_data(&codec(), "sid", &values, now()).unwrap_err();
    assert_eq!(error.to_string(), "the values cannot be encoded");
    assert_eq!(source(&error), "`n` cannot be written: the number does not fit int8");
    assert!(!error.is_content());
    values.insert("n", "x".repeat(4000));
    let error = seal_data(&codec(), "sid", &values, now()).unwrap_err();
    assert!(matches!(&error, Error::Sealing { source: securecookie::Error::TooLong { max: 4096, .. } }), "{error:?}");
    assert_eq!(error.to_string(), "the value cannot be sealed");
}

/// A struct that a Go program registered, with a field that was zero and is set here: no type is declared in Rust.
#[test]
fn a_struct_of_gos_is_changed_and_written_again() {
    let gob = {
        let fields = [("Name", gob::Type::String), ("Age", gob::Type::Int)];
        let mut user = gob::Struct::new(gob::Definition::structure("User", &fields));
        user.set("Name", "Ada").unwrap();
        let mut values = Values::new();
        values.insert("user", Value::interface("main.User", Concrete::Struct(user)));
        values.encode().unwrap()
    };
    let mut values = Values::decode(&gob).unwrap();
    let user = values.get_mut("user").and_then(Value::as_struct_mut).unwrap();
    assert_eq!(user.get("Age"), None);
    user.set("Age", 37).unwrap();
    let gob = values.encode().unwrap();
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "PascalCase")]
    struct User {
        name: String,
        age: u8,
    }
    let values = Values::decode_owned(&gob).unwrap();
    assert_eq!(values.get_as::<User>("user").unwrap(), User { name: "Ada".into(), age: 37 });
    assert_eq!(values.types(), serde_json::json!({"user": "main.User"}));
}

#[test]
fn sorted_values_do_not_depend_on_the_order_of_insertion() {
    let sealed = |keys: [&str; 3]| {
        let mut values = Values::new();
        keys.iter().for_each(|key| drop(values.insert(key, *key)));
        values.sort();
        values.encode().unwrap()
    };
    assert_eq!(sealed(["a", "b", "c"]), sealed(["c", "a", "b"]));
}
