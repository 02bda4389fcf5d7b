//! What we do not write, Go does not read: a gob is written under a name that says less, and the name changed in its bytes.

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use csqlstore::go_struct;
use csqlstore::gob::{Concrete, Value};
use csqlstore::session::Values;
use serde_json::{Value as Json, json};

use crate::go;

/// A value that Go has no room for, or no way to have.
struct Refused {
    /// The name of its type, and one as long that allows everything.
    name: &'static str,
    loose: &'static str,
    place: Place,
    good: Concrete<'static>,
    bad: Concrete<'static>,
    /// What we say of it.
    says: &'static str,
}

/// Whether it is a value of the session, or a key.
#[derive(Clone, Copy)]
enum Place {
    Value,
    Key,
}

impl Refused {
    fn session(&self, name: &str, value: &Concrete<'static>) -> Values<'static> {
        let value = Value::interface(name, value.clone());
        let mut values = Values::new();
        match self.place {
            Place::Value => drop(values.insert("at", value)),
            Place::Key => drop(values.map_mut().insert(value, Value::of(1_isize))),
        }
        values
    }

    /// Writes a session under the loose name, and puts the right one in its place.
    fn smuggled(&self, value: &Concrete<'static>) -> String {
        let mut gob = self.session(self.loose, value).encode().unwrap();
        let at = gob.windows(self.loose.len()).position(|bytes| bytes == self.loose.as_bytes()).unwrap();
        gob[at..at + self.name.len()].copy_from_slice(self.name.as_bytes());
        json!({"gob": STANDARD.encode(gob)}).to_string()
    }
}

#[derive(Clone)]
struct Point {
    x: isize,
    y: isize,
}
go_struct!(Point as "main.Point" { x => "X", y => "Y" });

#[derive(Clone)]
struct Tagged {
    name: &'static str,
    tags: Vec<&'static str>,
}
go_struct!(Tagged as "main.Tagged" { name => "Name", tags => "Tags" });

fn cases() -> Vec<Refused> {
    let case = |name, loose, place, good: Value<'static>, bad: Value<'static>, says| {
        assert_eq!(str::len(name), str::len(loose));
        Refused { name, loose, place, good: good.into_concrete(), bad: bad.into_concrete(), says }
    };
    let at = |key: &'static str, number: i64| Value::of(HashMap::from([(key, number)]));
    let point = || Value::of(Point { x: 1, y: 2 });
    vec![
        case(
            "int16",
            "int64",
            Place::Value,
            Value::of(-32_768_i64),
            Value::of(-32_769_i64),
            "`at` cannot be written: the number does not fit int16",
        ),
        case(
            "[]int16",
            "[]int64",
            Place::Value,
            Value::of(vec![1_i64, 32_767]),
            Value::of(vec![1_i64, 32_768]),
            "`at[1]` cannot be written: the number does not fit int16",
        ),
        case(
            "[3]uint16",
            "[3]uint64",
            Place::Value,
            Value::of([1_u64, 65_535, 3]),
            Value::of([1_u64, 65_536, 3]),
            "`at[1]` cannot be written: the number does not fit uint16",
        ),
        case(
            "map[string]int16",
            "map[string]int64",
            Place::Value,
            at("k", 1),
            at("k", 40_000),
            "`at.k` cannot be written: the number does not fit int16",
        ),
        case(
            "map[uint16]bool",
            "map[uint64]bool",
            Place::Value,
            Value::of(BTreeMap::from([(1_u64, true)])),
            Value::of(BTreeMap::from([(65_536_u64, true)])),
            "`at.65536` cannot be written: the number does not fit uint16",
        ),
        case(
            "[][2]float32",
            "[][2]float64",
            Place::Value,
            Value::of(vec![[0.5, 3e38]]),
            Value::of(vec![[0.5, 4e38]]),
            "`at[0][1]` cannot be written: the number does not fit float32",
        ),
        case("main.Point", "*ain.Point", Place::Key, point(), point(), ""),
        case(
            "main.Tagged",
            "*ain.Tagged",
            Place::Key,
            point(),
            Value::of(Tagged { name: "a", tags: vec!["b"] }),
            "`?.Tags` cannot be written: a []string is no key for Go",
        ),
        // A slice that is nil makes it no key for Go either.
        case(
            "main.Tagged",
            "*ain.Tagged",
            Place::Key,
            point(),
            Value::of(Tagged { name: "a", tags: vec![] }),
            "`?.Tags` cannot be written: a []string is no key for Go",
        ),
        case(
            "[1][]string",
            "*1][]string",
            Place::Key,
            point(),
            Value::of([vec!["a"]]),
            "`?` cannot be written: a []string is no key for Go",
        ),
        case(
            "[]interface {}",
            "*]interface {}",
            Place::Key,
            point(),
            Value::of(vec![Value::of(1_isize)]),
            "`?` cannot be written: a []interface {} is no key for Go",
        ),
    ]
}

#[test]
fn go_does_not_read_what_we_do_not_write() {
    let cases = cases();
    let bad: Vec<String> = cases.iter().map(|case| case.smuggled(&case.bad)).collect();
    for (case, go) in cases.iter().zip(go::ask("accepts", &bad)) {
        let ours = case
            .session(case.name, &case.bad)
            .encode()
            .map_err(|error| std::error::Error::source(&error).unwrap().to_string());
        if case.says.is_empty() {
            // The way in which names are changed is itself no reason to refuse.
            assert_eq!((go["accepts"].as_bool(), ours.is_ok()), (Some(true), true), "{}: {go}", case.name);
            continue;
        }
        assert_eq!(go["accepts"], false, "{}", case.name);
        let panics = matches!(case.place, Place::Key);
        assert_eq!(go["panics"] == true, panics, "{}: {go}", case.name);
        assert_eq!(ours.unwrap_err(), case.says);
    }
    // What there is room for is read and written, so the refusals are about the numbers.
    let fits: Vec<&Refused> = cases.iter().filter(|case| matches!(case.place, Place::Value)).collect();
    let good: Vec<String> = fits.iter().map(|case| case.smuggled(&case.good)).collect();
    for (case, go) in fits.iter().zip(go::ask("accepts", &good)) {
        assert_eq!(go["error"], Json::Null, "{}", case.name);
        assert!(case.session(case.name, &case.good).encode().is_ok(), "{}", case.name);
    }
}
