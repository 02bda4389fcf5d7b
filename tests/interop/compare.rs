//! What we and Go see in the same gob, laid side by side. A difference has a name only where its cause is seen to be there:
//! in the types that Go has, in the bytes, or by doing the same once more.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use csqlstore::gob::{Concrete, Map, Struct, Time, Value};
use serde_json::{Value as Json, json};

use crate::types::{GoType, GoTypes};

/// The ways in which two readings of a gob may differ, each explained in tests/testdata/differential.md.
pub(crate) type Differences = BTreeSet<&'static str>;

/// What is found when a gob's two readings are compared.
pub(crate) struct Comparison<'t> {
    types: &'t GoTypes,
    pub(crate) found: Differences,
    /// Opaque values that Go shows otherwise than the bytes have them: that this is how Go writes what it reads of them is
    /// for Go to say.
    pub(crate) anew: Vec<Anew>,
}

/// An opaque value, as the bytes have it and as Go shows it.
#[derive(Clone, Debug)]
pub(crate) struct Anew {
    pub(crate) ty: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) shown: Json,
}

impl<'t> Comparison<'t> {
    /// Collects how Go's reading of session values, as the Go program writes it, differs from ours.
    pub(crate) fn of_values(ours: &Value<'_>, go: &Json, types: &'t GoTypes) -> Self {
        let mut this = Self::nothing(types);
        if plain(ours) != *go {
            this.differ(ours, go, types.of("map[interface {}]interface {}"));
        }
        this
    }

    fn nothing(types: &'t GoTypes) -> Self {
        Self { types, found: Differences::new(), anew: Vec::new() }
    }

    fn add(&mut self, other: Self) {
        self.found.extend(other.found);
        self.anew.extend(other.anew);
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

impl<'t> Comparison<'t> {
    fn note(&mut self, difference: &'static str) {
        self.found.insert(difference);
    }

    /// `ty` is the type that Go has in this place.
    fn differ(&mut self, ours: &Value<'_>, go: &Json, ty: GoType<'t>) {
        let ty = match ours.name() {
            Some(name) if ty.kind == "interface" => match self.types.registered(&name) {
                Some(ty) => ty,
                None => return self.note("a name that Go has not registered"),
            },
            _ => ty,
        };
        if plain(ours) == *go {
            return;
        }
        match ours.concrete() {
            Concrete::Slice(list) | Concrete::Array(list) => match (go.as_array(), ty.elem) {
                (Some(items), Some(elem)) if items.len() == list.items().len() => {
                    for (ours, go) in list.items().iter().zip(items) {
                        self.differ(ours, go, self.types.of(elem));
                    }
                }
                _ => self.note("a list"),
            },
            Concrete::Struct(it) => self.structs(it, go, ty),
            Concrete::Map(map) => self.maps(map, go, ty),
            Concrete::Float(it) => {
                let narrow = ty.kind == "float32" && float(f64::from(*it as f32)) == *go;
                self.note(if narrow { "rounded to float32" } else { "a float" });
            }
            Concrete::Complex(re, im) => {
                let narrow = json!({"$complex": [float(f64::from(*re as f32)), float(f64::from(*im as f32))]});
                self.note(if ty.kind == "complex64" && narrow == *go {
                    "rounded to float32"
                } else {
                    "a complex number"
                });
            }
            Concrete::Opaque(it) if ty.opaque => {
                self.anew.push(Anew { ty: ty.name.to_owned(), bytes: it.bytes().to_vec(), shown: go.clone() });
                self.note(match ty.name {
                    "time.Time" => time(it.bytes(), ours.as_time().is_some(), go),
                    _ => "written anew",
                });
            }
            _ => self.note("a plain value"),
        }
    }

    fn structs(&mut self, ours: &Struct<'_>, go: &Json, ty: GoType<'t>) {
        let (Some(shown), Some(fields)) = (go.as_object(), ty.fields) else { return self.note("a struct") };
        let mut names = BTreeSet::new();
        // Of two fields of one name the last counts, for Go as well.
        for (field, value) in ours.fields().collect::<Vec<_>>().into_iter().rev() {
            let name = field.name().into_owned();
            if !names.insert(name.clone()) {
                self.note("two fields of one name");
                continue;
            }
            match (fields.get(&name), shown.get(&name)) {
                (None, None) => self.note("a field that Go's struct lacks"),
                (Some(ty), Some(go)) => self.differ(value, go, self.types.of(ty)),
                (Some(_), None) if is_zero(&plain(value)) => self.note("a zero field"),
                _ => self.note("a field that is lost"),
            }
        }
        for (name, value) in shown.iter().filter(|(name, _)| !names.contains(*name)) {
            let always_sent = fields
                .get(name)
                .map(|ty| self.types.of(ty))
                .is_some_and(|ty| !ty.opaque && matches!(ty.kind, "struct" | "array"));
            self.note(match always_sent && is_zero(value) {
                true => "a struct or array that is not sent",
                false => "a field out of nothing",
            });
        }
    }

    fn maps(&mut self, ours: &Map<'_>, go: &Json, ty: GoType<'t>) {
        let (Some(key_type), Some(elem_type)) = (ty.key, ty.elem) else { return self.note("a map") };
        let (key_type, elem_type) = (self.types.of(key_type), self.types.of(elem_type));
        let pairs: Vec<(Json, &Json)> = match go {
            Json::Object(it) if it.len() == 1 && it.contains_key("$map") => {
                let pairs = it["$map"].as_array().unwrap();
                pairs.iter().map(|pair| (pair[0].clone(), &pair[1])).collect()
            }
            Json::Object(it) => it.iter().map(|(key, value)| (Json::from(key.as_str()), value)).collect(),
            _ => return self.note("a map"),
        };
        let mut left: Vec<Option<(Json, &Json)>> = pairs.into_iter().map(Some).collect();
        // Of two equal keys the last counts, for Go as well.
        let mut seen: Vec<&Value<'_>> = Vec::new();
        for (key, value) in ours.entries().iter().rev() {
            if seen.contains(&key) {
                self.note("a key twice");
                continue;
            }
            seen.push(key);
            let place = left
                .iter()
                .enumerate()
                .filter_map(|(at, pair)| Some((at, pair.as_ref()?)))
                .map(|(at, (other, go))| {
                    let mut pair = Self::nothing(self.types);
                    pair.differ(key, other, key_type);
                    let keys = pair.found.len();
                    pair.differ(value, go, elem_type);
                    (keys, pair.found.len(), at, pair)
                })
                .min_by_key(|(keys, all, ..)| (*keys, *all));
            match place {
                Some((keys, _, at, pair)) if keys == 0 || pair.found.iter().all(|it| OF_STRUCTS.contains(it)) => {
                    left[at] = None;
                    self.add(pair);
                }
                _ => self.note("a key that Go has not"),
            }
        }
        if left.iter().any(Option::is_some) {
            self.note("a key that we have not");
        }
    }
}

/// How structs differ because Go's type is another one. A struct is a key of its own, and differs as any other does.
const OF_STRUCTS: [&str; 3] = ["a zero field", "a struct or array that is not sent", "a field that Go's struct lacks"];

/// Tells why Go shows a time otherwise than its bytes have it.
fn time(bytes: &[u8], taken_for_one: bool, go: &Json) -> &'static str {
    let shows = |time: Time| match time.rfc3339() {
        Some(text) => go.as_str() == Some(&text),
        None => time.to_bytes().is_ok_and(|bytes| *go == json!({"$gob": STANDARD.encode(&*bytes)})),
    };
    if !taken_for_one && Time::parse(bytes).is_some_and(shows) {
        return "a time by another definition";
    }
    let part = |range: std::ops::Range<usize>| bytes.get(range).unwrap_or_default();
    let nanoseconds = <[u8; 4]>::try_from(part(9..13)).map(u32::from_be_bytes);
    match (bytes.first(), bytes.len(), nanoseconds) {
        (Some(1), 15, Ok(1_000_000_000..)) | (Some(2), 16, Ok(1_000_000_000..)) => "nanoseconds of a second or more",
        (Some(2), 16, Ok(nanoseconds)) if bytes[15] >= 0x80 => {
            // As Go 1.19 reads it: the seconds are a byte without a sign.
            let minutes = i32::from(i16::from_be_bytes([bytes[13], bytes[14]]));
            let offset = minutes * 60 + i32::from(bytes[15]);
            let seconds = part(1..9).try_into().map(i64::from_be_bytes).unwrap();
            let offset = (offset != -60).then_some(offset);
            if shows(Time { seconds, nanoseconds, offset }) {
                "seconds of an offset west of Greenwich"
            } else {
                "a time"
            }
        }
        _ => "a time",
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
