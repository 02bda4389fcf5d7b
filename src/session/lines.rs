//! Values for people to read.

use std::fmt;

use jiff::Timestamp;

use super::json::{self, Form};
use crate::gob::{Concrete, Map, Value};

/// How many characters of a text, and bytes of a byte slice, are shown.
const SHOWN: usize = 60;
/// The key under which gorilla keeps flashes, unless the program names another.
const FLASHES: &str = "_flash";
/// Go's zero time, which says that there is no time: the start of year 1, in seconds from it.
const ZERO_TIME: i64 = 0;

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
    /// The value; how many there are inside for a list, a map or a struct. Control characters are escaped. Long text and
    /// long bytes are cut.
    pub value: String,
    /// The value whole, for who has more room or less.
    pub held: Held,
}

/// What a line is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Held {
    /// A text, nothing escaped.
    Text(String),
    /// Bytes: a `[]byte`, a string that is no UTF-8, or what a type wrote of itself.
    Bytes(Vec<u8>),
    /// A time.
    Time {
        /// In RFC 3339 under its own offset.
        text: String,
        /// The moment; `None` on the last day of year 9999, which is beyond what [`Timestamp`] knows.
        at: Option<Timestamp>,
        /// Whether it is Go's zero time, which means that there is none.
        zero: bool,
    },
    /// A list, a map or a struct, of so many values.
    Inside(usize),
    /// The session's flashes, so many: messages that are shown once. Only those under gorilla's own key are known.
    Flashes(usize),
    /// Anything else, in a word.
    Word(String),
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { depth, key, go_type, value, held: _ } = self;
        write!(f, "{:indent$}{key}  {go_type}  {value}", "", indent = depth * 2)
    }
}

impl Held {
    /// Writes the value with at most `most` characters of a text and half as many bytes; how long it is stands behind
    /// what was cut. Nothing is cut for `None`.
    #[must_use]
    pub fn shown(&self, most: Option<usize>) -> String {
        match self {
            Self::Text(text) => quote(text, most),
            Self::Bytes(bytes) => hex(bytes, most.map(|most| most / 2)),
            Self::Time { text, .. } | Self::Word(text) => text.clone(),
            Self::Inside(count) => counted(*count, "value", "values"),
            Self::Flashes(count) => counted(*count, "flash", "flashes"),
        }
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
                let at = add(depth, escape(key), value, lines);
                if let (0, FLASHES, Held::Inside(count)) = (depth, key, &lines[at].held) {
                    let held = Held::Flashes(*count);
                    lines[at].value = held.shown(Some(SHOWN));
                    lines[at].held = held;
                }
            }
        }
        Form::Pairs(pairs) => {
            for pair in pairs {
                add(depth, escape(&pair.json.to_string()), pair.value, lines);
            }
        }
    }
}

/// Adds a value and those inside it; returns the place of its own line.
fn add(depth: usize, key: String, value: &Value<'_>, lines: &mut Vec<Line>) -> usize {
    let at = lines.len();
    let held = Held::Inside(0);
    lines.push(Line { depth, key, go_type: escape(&value.go_type()), value: String::new(), held });
    let held = match value.concrete() {
        Concrete::Slice(list) | Concrete::Array(list) => {
            for (at, item) in list.items().iter().enumerate() {
                add(depth + 1, at.to_string(), item, lines);
            }
            Held::Inside(list.items().len())
        }
        Concrete::Map(map) => {
            entries(map, depth + 1, lines);
            Held::Inside(map.entries().len())
        }
        Concrete::Struct(it) => {
            for (field, value) in it.fields() {
                add(depth + 1, escape(&field.name()), value, lines);
            }
            Held::Inside(it.fields().count())
        }
        Concrete::String(text) => match std::str::from_utf8(text) {
            Ok(text) => Held::Text(text.to_owned()),
            Err(_) => Held::Bytes(text.to_vec()),
        },
        Concrete::Bytes(bytes) => Held::Bytes(bytes.to_vec()),
        Concrete::Opaque(it) => match value.as_time() {
            Some(time) => match time.rfc3339() {
                Some(text) => {
                    let zero = (time.seconds, time.nanoseconds) == (ZERO_TIME, 0);
                    Held::Time { text, at: time.timestamp(), zero }
                }
                None => opaque(it.bytes()),
            },
            None => opaque(it.bytes()),
        },
        _ => Held::Word(match json::value(value) {
            serde_json::Value::String(text) => text,
            serde_json::Value::Object(object) => complex(&object),
            other => other.to_string(),
        }),
    };
    lines[at].value = held.shown(Some(SHOWN));
    lines[at].held = held;
    at
}

/// What a type writes of itself is often text: a URL's bytes are the URL.
fn opaque(bytes: &[u8]) -> Held {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && !text.chars().any(char::is_control) => Held::Text(text.to_owned()),
        _ => Held::Bytes(bytes.to_vec()),
    }
}

/// Writes a complex number as Go does, from its JSON.
fn complex(object: &serde_json::Map<String, serde_json::Value>) -> String {
    let part = |at: usize| {
        let text = object.get("$complex").and_then(|parts| parts.get(at)).map(ToString::to_string).unwrap_or_default();
        text.trim_matches('"').to_owned()
    };
    let (re, im) = (part(0), part(1));
    let sign = if im.starts_with(['-', '+']) { "" } else { "+" };
    format!("({re}{sign}{im}i)")
}

/// A cookie may hold what a terminal would obey, in keys and names too.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || is_format(character) {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Whether a character turns the direction of others or takes no room, so that a line reads as what it is not.
fn is_format(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

fn quote(text: &str, most: Option<usize>) -> String {
    // Rust's escapes are longer than what they stand for, so that room is counted after them.
    let escapes = |character: char| match character {
        // No need within double quotes.
        '\'' => "'".to_owned(),
        _ => character.escape_debug().to_string(),
    };
    let Some(most) = most else {
        return format!("\"{}\"", text.chars().map(escapes).collect::<String>());
    };
    let mut quoted = String::from('"');
    let mut room = most;
    for character in text.chars() {
        let escaped = escapes(character);
        let Some(left) = room.checked_sub(escaped.chars().count()) else {
            return format!("{quoted}\"… ({})", counted(text.len(), "byte", "bytes"));
        };
        quoted.push_str(&escaped);
        room = left;
    }
    quoted + "\""
}

fn hex(bytes: &[u8], most: Option<usize>) -> String {
    let shown = &bytes[..bytes.len().min(most.unwrap_or(usize::MAX))];
    let mut text: String = shown.iter().map(|byte| format!("{byte:02x}")).collect();
    if shown.len() < bytes.len() {
        text.push('…');
    }
    let length = counted(bytes.len(), "byte", "bytes");
    if text.is_empty() { length } else { format!("{text} ({length})") }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_and_bytes_are_cut_with_their_length_or_not_at_all() {
        let text = |text: &str, most| Held::Text(text.into()).shown(most);
        assert_eq!(text("abcdef", Some(6)), "\"abcdef\"");
        assert_eq!(text("abcdefg", Some(6)), "\"abcdef\"… (7 bytes)");
        assert_eq!(text("a\u{1b}\u{1b}", Some(8)), "\"a\\u{1b}\"… (3 bytes)");
        assert_eq!(text("it's \"ü\"\n", Some(80)), "\"it's \\\"ü\\\"\\n\"");
        assert_eq!(text(&"x".repeat(500), None).len(), 502);
        let bytes = |bytes: &[u8], most| Held::Bytes(bytes.into()).shown(most);
        assert_eq!(bytes(b"\x00\xff\x10", Some(6)), "00ff10 (3 bytes)");
        assert_eq!(bytes(b"\x00\xff\x10", Some(4)), "00ff… (3 bytes)");
        assert_eq!(bytes(b"", Some(4)), "0 bytes");
        assert_eq!(bytes(b"a", None), "61 (1 byte)");
    }

    #[test]
    fn what_would_turn_a_line_round_is_escaped() {
        assert_eq!(escape("a\u{202e}b\u{1b}[2Jc\u{200b}"), "a\\u{202e}b\\u{1b}[2Jc\\u{200b}");
        assert_eq!(escape("naïve \"key\""), "naïve \"key\"");
        assert_eq!(Held::Text("a\u{202e}b".into()).shown(None), "\"a\\u{202e}b\"");
    }
}
