//! Values for people to read.

use std::fmt;

use super::json::{self, Form};
use crate::gob::{Map, Value};

/// How many characters of a text, and bytes of a byte slice, are shown.
const SHOWN: usize = 60;

/// One value of a session, as a person reads it. `Display` writes it as `key  type  value`, indented by its depth.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// How deep the value is nested, 0 for those of the session itself.
    pub depth: usize,
    /// Its key: a text as it is, another key as JSON, the name of a field, the place in a list.
    pub key: String,
    /// Its Go type, as far as the wire tells.
    pub go_type: String,
    /// The value; how many there are inside for a list, a map or a struct. Control characters are escaped.
    pub value: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { depth, key, go_type, value } = self;
        write!(f, "{:indent$}{key}  {go_type}  {value}", "", indent = depth * 2)
    }
}

pub(super) fn of(map: &Map<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    entries(map, 0, &mut lines);
    lines
}

fn entries(map: &Map<'_>, depth: usize, lines: &mut Vec<Line>) {
    match json::form(map) {
        Form::Object(entries) => {
            for (key, value) in entries {
                add(depth, escape(key), value, lines);
            }
        }
        Form::Pairs(pairs) => {
            for pair in pairs {
                add(depth, escape(&pair.json.to_string()), pair.value, lines);
            }
        }
    }
}

fn add(depth: usize, key: String, value: &Value<'_>, lines: &mut Vec<Line>) {
    let go_type = escape(&value.go_type());
    lines.push(Line { depth, key, go_type, value: String::new() });
    let at = lines.len() - 1;
    let inside = |count: usize| if count == 1 { "1 value".to_owned() } else { format!("{count} values") };
    let shown = match value.concrete() {
        Value::Slice(list) | Value::Array(list) => {
            for (at, item) in list.items().iter().enumerate() {
                add(depth + 1, at.to_string(), item, lines);
            }
            inside(list.items().len())
        }
        Value::Map(map) => {
            entries(map, depth + 1, lines);
            inside(map.entries().len())
        }
        Value::Struct(it) => {
            for (field, value) in it.fields() {
                add(depth + 1, escape(&field.name()), value, lines);
            }
            inside(lines[at + 1..].iter().filter(|line| line.depth == depth + 1).count())
        }
        Value::String(text) => match std::str::from_utf8(text) {
            Ok(text) => quote(text),
            Err(_) => hex(text),
        },
        Value::Bytes(bytes) => hex(bytes),
        _ => match json::value(value) {
            serde_json::Value::String(text) => text,
            serde_json::Value::Object(object) if object.contains_key("$gob") => match value.concrete() {
                Value::Opaque(it) => hex(it.bytes()),
                _ => String::new(),
            },
            other => other.to_string(),
        },
    };
    lines[at].value = shown;
}

/// A cookie may hold what a terminal would obey, in keys and names too.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            escaped.extend(character.escape_debug());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

fn quote(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}… ({} bytes)", &text[..end], text.len()),
        None => format!("{text:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    let shown = &bytes[..bytes.len().min(SHOWN / 2)];
    let mut text: String = shown.iter().map(|byte| format!("{byte:02x}")).collect();
    if shown.len() < bytes.len() {
        text.push('…');
    }
    let unit = if bytes.len() == 1 { "byte" } else { "bytes" };
    if text.is_empty() { format!("0 {unit}") } else { format!("{text} ({} {unit})", bytes.len()) }
}
