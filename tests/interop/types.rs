//! The types that the Go program has, as it describes them itself.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::go;

/// All types that the Go program knows, by their names in Go's reflection and by those they are registered under.
pub(crate) struct GoTypes {
    registered: BTreeMap<String, String>,
    types: BTreeMap<String, Described>,
}

struct Described {
    kind: String,
    opaque: bool,
    elem: Option<String>,
    key: Option<String>,
    fields: Option<BTreeMap<String, String>>,
}

/// One of them. Pointers are passed over, as gob does.
#[derive(Clone, Copy)]
pub(crate) struct GoType<'t> {
    pub(crate) name: &'t str,
    /// Go's word for it: `struct`, `map`, `float32`.
    pub(crate) kind: &'t str,
    /// Whether it writes itself.
    pub(crate) opaque: bool,
    pub(crate) elem: Option<&'t str>,
    pub(crate) key: Option<&'t str>,
    /// The fields that gob sees, and their types.
    pub(crate) fields: Option<&'t BTreeMap<String, String>>,
}

impl GoTypes {
    /// Asks the Go program.
    pub(crate) fn ask() -> Self {
        let answer = go::say("types");
        let text = |json: &Json| json.as_str().map(str::to_owned);
        let names = |json: &Json| -> Option<BTreeMap<String, String>> {
            json.as_object()?.iter().map(|(name, ty)| Some((name.clone(), text(ty)?))).collect()
        };
        let described = |json: &Json| Described {
            kind: text(&json["kind"]).unwrap(),
            opaque: json["opaque"] == true,
            elem: text(&json["elem"]),
            key: text(&json["key"]),
            fields: names(&json["fields"]),
        };
        let types = answer["types"].as_object().unwrap().iter();
        Self {
            registered: names(&answer["registered"]).unwrap(),
            types: types.map(|(name, json)| (name.clone(), described(json))).collect(),
        }
    }

    /// Returns the type of a name that the description itself has.
    pub(crate) fn of(&self, name: &str) -> GoType<'_> {
        let (name, Described { kind, opaque, elem, key, fields }) = self.types.get_key_value(name).unwrap();
        let (elem, key) = (elem.as_deref(), key.as_deref());
        GoType { name, kind, opaque: *opaque, elem, key, fields: fields.as_ref() }
    }

    /// Returns the type that is registered under a name.
    pub(crate) fn registered(&self, name: &str) -> Option<GoType<'_>> {
        self.registered.get(name).map(|name| self.of(name))
    }
}
