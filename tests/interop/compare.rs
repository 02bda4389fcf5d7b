//! What we and Go see in the same gob, laid side by side.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use csqlstore::gob::{Concrete, Map, Struct, Value};
use serde_json::{Value as Json, json};

/// The ways in which two readings of a gob may differ, each explained in tests/testdata/differential.md.
pub(crate) type Differences = BTreeSet<&'static str>;

/// Collects how Go's reading, as the Go program writes it, differs from ours.
pub(crate) fn compare(ours: &Value<'_>, go: &Json, found: &mut Differences) {
    if plain(ours) != *go {
        differ(ours, go, found);
    }
}

/// Our reading in the Go program's words: DESIGN's mapping, floats by their bits, maps without an order.
fn plain(value: &Value<'_>) -> Json {
    if let Some(time) = value.as_time().and_then(|time| time.rfc3339()) {
        return Json::from(time);
    }
    match value.concrete() {
        Concrete::Bool(it) => Json::from(*it),
        Concrete::Int(it) => Json::from(*it),
        Concrete::Uint(it) => Json::from(*it),
        Concrete::Float(it) => float(*it),
        Concrete::Complex(re, im) => json!({"$complex": [float(*re), float(*im)]}),
        Concrete::Bytes(bytes) => json!({"$bytes": STANDARD.encode(bytes)}),
        Concrete::String(text) => match std::str::from_utf8(text) {
            Ok(text) => Json::from(text),
            Err(_) => json!({"$bytes": STANDARD.encode(text)}),
        },
        Concrete::Slice(list) | Concrete::Array(list) => list.items().iter().map(plain).collect(),
        Concrete::Struct(it) => it.fields().map(|(field, it)| (field.name().into_owned(), plain(it))).collect(),
        Concrete::Map(map) => match text_keys(map) {
            Some(keys) => keys.into_iter().zip(map.entries()).map(|(key, (_, it))| (key, plain(it))).collect(),
            None => {
                json!({"$map": map.entries().iter().map(|(key, it)| json!([plain(key), plain(it)])).collect::<Json>()})
            }
        },
        Concrete::Opaque(it) => json!({"$gob": STANDARD.encode(it.bytes())}),
        _ => Json::Null,
    }
}

fn float(it: f64) -> Json {
    match it {
        it if it.is_nan() => Json::from("NaN"),
        it if it.is_infinite() => Json::from(if it > 0.0 { "+Inf" } else { "-Inf" }),
        it => json!({"$float": format!("{:016x}", it.to_bits())}),
    }
}

/// The keys of a map that is written as an object.
fn text_keys(map: &Map<'_>) -> Option<Vec<String>> {
    let keys: Option<Vec<String>> = map
        .entries()
        .iter()
        .map(|(key, _)| match key.concrete() {
            Concrete::String(_) => key.as_str().filter(|key| !key.starts_with('$')).map(str::to_owned),
            _ => None,
        })
        .collect();
    keys.filter(|keys| keys.iter().collect::<BTreeSet<_>>().len() == keys.len())
}

fn differ(ours: &Value<'_>, go: &Json, found: &mut Differences) {
    if ours.as_time().is_some_and(|time| time.rfc3339().is_some()) {
        if plain(ours) != *go {
            let west = ours.as_time().and_then(|time| time.offset).is_some_and(|offset| offset % 60 < 0);
            found.insert(if west { "seconds of an offset west of Greenwich" } else { "a time" });
        }
        return;
    }
    match ours.concrete() {
        Concrete::Slice(list) | Concrete::Array(list) => match go.as_array() {
            Some(items) if items.len() == list.items().len() => {
                for (ours, go) in list.items().iter().zip(items) {
                    differ(ours, go, found);
                }
            }
            _ => drop(found.insert("a list")),
        },
        Concrete::Struct(it) => structs(it, go, found),
        Concrete::Map(map) => maps(map, go, found),
        Concrete::Float(it) if plain(ours) != *go => {
            found.insert(if float(f64::from(*it as f32)) == *go { "rounded to float32" } else { "a float" });
        }
        Concrete::Opaque(it) if plain(ours) != *go => {
            let is_time = it.definition().name_bytes() == b"Time";
            found.insert(if is_time { "nanoseconds of a second or more" } else { "written anew" });
        }
        Concrete::Complex(re, im) if plain(ours) != *go => {
            let narrow = json!({"$complex": [float(f64::from(*re as f32)), float(f64::from(*im as f32))]});
            found.insert(if narrow == *go { "rounded to float32" } else { "a complex number" });
        }
        _ if plain(ours) != *go => drop(found.insert("a plain value")),
        _ => {}
    }
}

/// How structs differ because Go's type is another one.
const OF_STRUCTS: [&str; 3] = ["a zero field", "a struct or array that is not sent", "a field that Go's struct lacks"];

fn structs(ours: &Struct<'_>, go: &Json, found: &mut Differences) {
    let Some(fields) = go.as_object() else {
        found.insert("a struct");
        return;
    };
    let mut names = BTreeSet::new();
    // Of two fields of one name the last counts, for Go as well.
    for (field, value) in ours.fields().collect::<Vec<_>>().into_iter().rev() {
        if !names.insert(field.name().into_owned()) {
            found.insert("two fields of one name");
            continue;
        }
        match fields.get(&*field.name()) {
            Some(go) => differ(value, go, found),
            None if is_zero(&plain(value)) => drop(found.insert("a zero field")),
            None => drop(found.insert("a field that Go's struct lacks")),
        }
    }
    for (name, value) in fields {
        if !names.contains(name) {
            found.insert(if is_zero(value) { "a struct or array that is not sent" } else { "a field out of nothing" });
        }
    }
}

/// Whether a mapped value is what Go has before anything was decoded into it.
fn is_zero(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) => true,
        Json::Number(it) => it.as_u64() == Some(0),
        Json::String(it) => it.is_empty() || it == "0001-01-01T00:00:00Z",
        Json::Array(items) => items.iter().all(is_zero),
        Json::Object(it) => it.iter().all(|(key, value)| match key.as_str() {
            "$float" => *value == "0000000000000000" || *value == "8000000000000000",
            _ => is_zero(value),
        }),
        Json::Bool(true) => false,
    }
}

fn maps(ours: &Map<'_>, go: &Json, found: &mut Differences) {
    let pairs: Vec<(Json, &Json)> = match go {
        Json::Object(it) if it.len() == 1 && it.contains_key("$map") => {
            let pairs = it["$map"].as_array().unwrap();
            pairs.iter().map(|pair| (pair[0].clone(), &pair[1])).collect()
        }
        Json::Object(it) => it.iter().map(|(key, value)| (Json::from(key.as_str()), value)).collect(),
        _ => {
            found.insert("a map");
            return;
        }
    };
    let mut left: Vec<Option<(Json, &Json)>> = pairs.into_iter().map(Some).collect();
    // Of two equal keys the last counts, for Go as well.
    let mut seen: Vec<&Value<'_>> = Vec::new();
    for (key, value) in ours.entries().iter().rev() {
        if seen.contains(&key) {
            found.insert("a key twice");
            continue;
        }
        seen.push(key);
        let place = left
            .iter()
            .enumerate()
            .filter_map(|(at, pair)| Some((at, pair.as_ref()?)))
            .map(|(at, (other, go))| {
                let mut found = Differences::new();
                differ(key, other, &mut found);
                let keys = found.len();
                differ(value, go, &mut found);
                (keys, found.len(), at, found)
            })
            .min_by_key(|(keys, all, ..)| (*keys, *all));
        match place {
            Some((0, _, at, differences)) => {
                left[at] = None;
                found.extend(differences);
            }
            // A struct is a key of its own, and differs as any other struct does.
            Some((_, _, at, differences)) if differences.iter().all(|it| OF_STRUCTS.contains(it)) => {
                left[at] = None;
                found.extend(differences);
            }
            _ => drop(found.insert("a key that Go has not")),
        }
    }
    if left.iter().any(Option::is_some) {
        found.insert("a key that we have not");
    }
}
