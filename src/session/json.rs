//! Values as JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map as Object, Number, Value as Json, json};

use crate::gob::{Concrete, Map, Value};

/// Writes one value.
pub(super) fn value(value: &Value<'_>) -> Json {
    if let Some(time) = value.as_time().and_then(|time| time.rfc3339()) {
        return Json::String(time);
    }
    match value.concrete() {
        Concrete::Bool(it) => Json::Bool(*it),
        Concrete::Int(it) => Json::from(*it),
        Concrete::Uint(it) => Json::from(*it),
        Concrete::Float(it) => float(*it),
        Concrete::Complex(re, im) => json!({"$complex": [float(*re), float(*im)]}),
        Concrete::Bytes(bytes) => json!({"$bytes": STANDARD.encode(bytes)}),
        Concrete::String(text) => match std::str::from_utf8(text) {
            Ok(text) => Json::from(text),
            Err(_) => json!({"$bytes": STANDARD.encode(text)}),
        },
        Concrete::Slice(list) | Concrete::Array(list) => list.items().iter().map(self::value).collect(),
        Concrete::Map(it) => map(it),
        Concrete::Struct(it) => {
            let fields = it.fields().map(|(field, it)| (field.name().into_owned(), value_of(it)));
            object(fields.collect())
        }
        Concrete::Opaque(it) => json!({"$gob": STANDARD.encode(it.bytes())}),
        // `concrete` goes through interfaces, and nil is null.
        Concrete::Nil | Concrete::Interface(_) => Json::Null,
    }
}

fn value_of(it: &Value<'_>) -> Json {
    value(it)
}

fn float(it: f64) -> Json {
    if it.is_nan() {
        return Json::from("NaN");
    }
    match Number::from_f64(it) {
        Some(number) => Json::Number(number),
        None => Json::from(if it > 0.0 { "+Inf" } else { "-Inf" }),
    }
}

/// Keys go in order, whatever map serde_json is built with.
fn object(mut entries: Vec<(String, Json)>) -> Json {
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Json::Object(entries.into_iter().collect::<Object<_, _>>())
}

/// A map as it is written: an object, or pairs in the order of their keys' JSON.
pub(super) enum Form<'m, 'a> {
    Object(Vec<(&'m str, &'m Value<'a>)>),
    Pairs(Vec<Pair<'m, 'a>>),
}

pub(super) struct Pair<'m, 'a> {
    text: String,
    pub(super) json: Json,
    pub(super) key: &'m Value<'a>,
    pub(super) value: &'m Value<'a>,
}

pub(super) fn form<'m, 'a>(map: &'m Map<'a>) -> Form<'m, 'a> {
    let plain = map.entries().iter().map(|(key, value)| {
        let key = key.as_str().filter(|key| !key.starts_with('$'))?;
        Some((key, value))
    });
    if let Some(mut entries) = plain.collect::<Option<Vec<_>>>() {
        entries.sort_by_key(|entry| entry.0);
        // Keys of two string types may read the same; an object would drop one of them.
        if entries.windows(2).all(|two| two[0].0 != two[1].0) {
            return Form::Object(entries);
        }
    }
    let mut pairs: Vec<Pair<'m, 'a>> = map
        .entries()
        .iter()
        .map(|(key, value)| {
            let json = self::value(key);
            Pair { text: json.to_string(), json, key, value }
        })
        .collect();
    // An int and an int64 of 1 read the same: the type goes second, so that the order does not change from run to run.
    pairs.sort_by(|a, b| (&a.text, a.key.go_type()).cmp(&(&b.text, b.key.go_type())));
    Form::Pairs(pairs)
}

pub(super) fn map(map: &Map<'_>) -> Json {
    match form(map) {
        Form::Object(entries) => object(entries.into_iter().map(|(key, it)| (key.to_owned(), value(it))).collect()),
        Form::Pairs(pairs) => {
            let pairs: Vec<Json> = pairs.into_iter().map(|pair| json!([pair.json, value(pair.value)])).collect();
            json!({"$map": pairs})
        }
    }
}

pub(super) fn types(map: &Map<'_>) -> Json {
    let name = |it: &Value<'_>| match it {
        it if it.is_nil() => Json::Null,
        it => Json::from(it.go_type().into_owned()),
    };
    match form(map) {
        Form::Object(entries) => object(entries.into_iter().map(|(key, it)| (key.to_owned(), name(it))).collect()),
        Form::Pairs(pairs) => pairs.into_iter().map(|pair| name(pair.value)).collect(),
    }
}
