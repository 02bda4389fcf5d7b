//! Values for people to read.

use std::fmt;

use jiff::Timestamp;

use super::json::{self, Form, One};
use crate::gob::{Concrete, Field, Map, Value};

/// How many characters of a text, and bytes of a byte slice, are shown.
const SHOWN: usize = 60;
/// How many characters of the name of a field or of a type are shown.
const LONGEST_NAME: usize = 200;
/// The key under which gorilla keeps flashes, unless the program names another.
const FLASHES: &str = "_flash";
/// Go's zero time, which says that there is no time: the start of year 1, in seconds from it.
const ZERO_TIME: i64 = 0;

/// One value of a session, as a person reads it. `Display` writes it as `key  type  value`, indented by its depth.
///
/// A line borrows from the values, and makes the texts of key, type and value when it is asked for them.
#[derive(Clone, Copy, Debug)]
pub struct Line<'v> {
    depth: usize,
    key: Key<'v>,
    value: &'v Value<'v>,
}

/// What a value is called.
#[derive(Clone, Copy, Debug)]
enum Key<'v> {
    /// A text that is the key of a map.
    Text(&'v str),
    /// Another key of a map.
    Other(&'v Value<'v>),
    Field(&'v Field),
    /// The place in a list.
    Place(usize),
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

impl<'v> Line<'v> {
    /// Returns how deep the value is nested, 0 for those of the session itself.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Returns the value's key: a text as it is, another key as JSON, the name of a field, the place in a list. Control
    /// characters are escaped.
    #[must_use]
    pub fn key(&self) -> String {
        match self.key {
            Key::Text(text) => escape(text),
            Key::Other(key) => escape(&One(key).text()),
            Key::Field(field) => name(&field.name()),
            Key::Place(at) => at.to_string(),
        }
    }

    /// Returns the value's Go type, as far as the wire tells. Control characters are escaped.
    #[must_use]
    pub fn go_type(&self) -> String {
        name(&self.value.go_type())
    }

    /// Returns the value whole, for who has more room or less than [`shown`](Self::shown) takes.
    #[must_use]
    pub fn held(&self) -> Held {
        match (held(self.value), self.depth, self.key) {
            (Held::Inside(count), 0, Key::Text(FLASHES)) => Held::Flashes(count),
            (held, ..) => held,
        }
    }

    /// Returns the value; how many there are inside for a list, a map or a struct. Control characters are escaped. Long
    /// text and long bytes are cut.
    #[must_use]
    pub fn shown(&self) -> String {
        self.held().shown(Some(SHOWN))
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, go_type, shown) = (self.key(), self.go_type(), self.shown());
        write!(f, "{:indent$}{key}  {go_type}  {shown}", "", indent = self.depth * 2)
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

pub(super) fn of<'v>(map: &'v Map<'v>) -> Vec<Line<'v>> {
    // Counted first: a list that grew would take three times the room while it does.
    let mut lines = Vec::with_capacity(map.entries().iter().map(|(_, value)| count(value)).sum());
    entries(map, 0, &mut lines);
    lines
}

/// Returns how many lines a value takes, with those inside it.
fn count(value: &Value<'_>) -> usize {
    let inside: usize = match value.concrete() {
        Concrete::Slice(list) | Concrete::Array(list) => list.items().iter().map(count).sum(),
        Concrete::Map(map) => map.entries().iter().map(|(_, value)| count(value)).sum(),
        Concrete::Struct(it) => it.fields().map(|(_, value)| count(value)).sum(),
        _ => 0,
    };
    1 + inside
}

fn entries<'v>(map: &'v Map<'v>, depth: usize, lines: &mut Vec<Line<'v>>) {
    match json::form(map) {
        Form::Object(entries) => {
            entries.into_iter().for_each(|(key, value)| add(Line { depth, key: Key::Text(key), value }, lines));
        }
        Form::Pairs(pairs) => {
            pairs.into_iter().for_each(|pair| add(Line { depth, key: Key::Other(pair.key), value: pair.value }, lines));
        }
    }
}

/// Adds a value and those inside it.
fn add<'v>(line: Line<'v>, lines: &mut Vec<Line<'v>>) {
    lines.push(line);
    let depth = line.depth + 1;
    match line.value.concrete() {
        Concrete::Slice(list) | Concrete::Array(list) => {
            for (at, value) in list.items().iter().enumerate() {
                add(Line { depth, key: Key::Place(at), value }, lines);
            }
        }
        Concrete::Map(map) => entries(map, depth, lines),
        Concrete::Struct(it) => {
            it.fields().for_each(|(field, value)| add(Line { depth, key: Key::Field(field), value }, lines));
        }
        _ => {}
    }
}

fn held(value: &Value<'_>) -> Held {
    match value.concrete() {
        Concrete::Slice(list) | Concrete::Array(list) => Held::Inside(list.items().len()),
        Concrete::Map(map) => Held::Inside(map.entries().len()),
        Concrete::Struct(it) => Held::Inside(it.fields().count()),
        Concrete::String(text) => match text.as_str() {
            Some(text) => Held::Text(text.to_owned()),
            None => Held::Bytes(text.to_vec()),
        },
        Concrete::Bytes(bytes) => Held::Bytes(bytes.to_vec()),
        Concrete::Opaque(it) => match value.as_time().and_then(|time| Some((time, time.rfc3339()?))) {
            Some((time, text)) => {
                let zero = (time.seconds, time.nanoseconds) == (ZERO_TIME, 0);
                Held::Time { text, at: time.timestamp(), zero }
            }
            None => opaque(it.bytes()),
        },
        Concrete::Complex(re, im) => Held::Word(complex(*re, *im)),
        // A word of JSON's, without the quotes of those that it has none for.
        _ => Held::Word(One(value).text().trim_matches('"').to_owned()),
    }
}

/// What a type writes of itself is often text: a URL's bytes are the URL.
fn opaque(bytes: &[u8]) -> Held {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && !text.chars().any(char::is_control) => Held::Text(text.to_owned()),
        _ => Held::Bytes(bytes.to_vec()),
    }
}

/// Writes a complex number as Go does.
fn complex(re: f64, im: f64) -> String {
    let part = |it: f64| match it {
        it if it.is_nan() => "NaN".to_owned(),
        it if it.is_infinite() => if it > 0.0 { "+Inf" } else { "-Inf" }.to_owned(),
        it => serde_json::to_string(&it).unwrap_or_default(),
    };
    let (re, im) = (part(re), part(im));
    let sign = if im.starts_with(['-', '+']) { "" } else { "+" };
    format!("({re}{sign}{im}i)")
}

/// Writes the name of a field or of a type, cut where it is longer than any program's: it stands once on the wire, and in
/// a line for each of its values.
fn name(text: &str) -> String {
    let mut escaped = escape(text);
    if let Some((end, _)) = escaped.char_indices().nth(LONGEST_NAME) {
        escaped.truncate(end);
        escaped.push('…');
    }
    escaped
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
