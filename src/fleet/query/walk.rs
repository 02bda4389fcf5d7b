//! The way to a value in a session, and how it lies to one that is asked for.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::parse::moment;
use super::{Literal, Number, Step, Word};
use crate::gob::{Concrete, Map, Value};
use crate::session::Values;

/// Calls `test` with each value that a path leads to until it is true of one. There is one at most, unless a map has keys
/// of several types that read the same.
pub(super) fn any(values: &Values<'_>, path: &[Step], test: &mut dyn FnMut(&Value<'_>) -> bool) -> bool {
    match path.split_first() {
        Some((first, rest)) => in_map(values.map(), first, rest, test),
        None => false,
    }
}

fn in_map(map: &Map<'_>, step: &Step, rest: &[Step], test: &mut dyn FnMut(&Value<'_>) -> bool) -> bool {
    map.entries().iter().any(|(key, value)| names(key, step) && follow(value, rest, test))
}

fn follow(value: &Value<'_>, path: &[Step], test: &mut dyn FnMut(&Value<'_>) -> bool) -> bool {
    let Some((step, rest)) = path.split_first() else { return test(value) };
    match value.concrete() {
        Concrete::Map(map) => in_map(map, step, rest, test),
        Concrete::Struct(it) => it.get(&step.text).is_some_and(|field| follow(field, rest, test)),
        Concrete::Slice(list) | Concrete::Array(list) => {
            let place = step.number.and_then(|number| usize::try_from(number).ok());
            place.and_then(|place| list.items().get(place)).is_some_and(|item| follow(item, rest, test))
        }
        _ => false,
    }
}

/// Whether a key is the one of a step.
fn names(key: &Value<'_>, step: &Step) -> bool {
    if let Some(text) = key.as_str() {
        return text == step.text;
    }
    match key.concrete() {
        Concrete::Int(it) => step.number == Some(i128::from(*it)),
        Concrete::Uint(it) => step.number == Some(i128::from(*it)),
        _ => false,
    }
}

/// Returns how a value lies to a literal, or nothing where they are of different kinds.
pub(super) fn compare(value: &Value<'_>, literal: &Literal) -> Option<Ordering> {
    if let Some(time) = value.as_time() {
        let asked = literal.moment?;
        // A time beyond the calendar of the asked is after all of it.
        return Some(time.timestamp().map_or(Ordering::Greater, |at| at.cmp(&asked)));
    }
    match value.concrete() {
        Concrete::String(text) | Concrete::Bytes(text) => {
            let own = literal.moment.and_then(|asked| Some(moment(std::str::from_utf8(text).ok()?)?.cmp(&asked)));
            own.or_else(|| Some((**text).cmp(literal.text.as_bytes())))
        }
        Concrete::Bool(it) => match literal.word? {
            Word::Bool(asked) => Some(it.cmp(&asked)),
            Word::Null => None,
        },
        _ if value.is_nil() => (literal.word == Some(Word::Null)).then_some(Ordering::Equal),
        _ => number(value)?.compare(literal.number?),
    }
}

fn number(value: &Value<'_>) -> Option<Number> {
    match value.concrete() {
        Concrete::Int(it) => Some(Number::Whole(i128::from(*it))),
        Concrete::Uint(it) => Some(Number::Whole(i128::from(*it))),
        Concrete::Float(it) => Some(Number::Float(*it)),
        _ => None,
    }
}

/// Whether a value has an order of its own, apart from text's.
pub(super) fn is_number_or_time(value: &Value<'_>) -> bool {
    value.as_time().is_some() || number(value).is_some()
}

/// Returns a value as it is written, if it is one piece.
pub(super) fn text<'v>(value: &'v Value<'_>) -> Option<Cow<'v, str>> {
    if let Some(time) = value.as_time() {
        return time.rfc3339().map(Cow::Owned);
    }
    match value.concrete() {
        Concrete::String(text) | Concrete::Bytes(text) => std::str::from_utf8(text).ok().map(Cow::Borrowed),
        Concrete::Bool(it) => Some(it.to_string().into()),
        Concrete::Int(it) => Some(it.to_string().into()),
        Concrete::Uint(it) => Some(it.to_string().into()),
        Concrete::Float(it) => Some(it.to_string().into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Query;
    use super::*;

    struct User {
        id: i64,
        name: String,
    }
    crate::go_struct!(User as "main.User" { id => "ID", name => "Name" });

    fn session() -> Values<'static> {
        let mut values = Values::new();
        values.insert("user", User { id: 42, name: "Ada".into() });
        values.insert("n", 42_i64);
        values.insert("u", u64::MAX);
        values.insert("text", "42");
        values.insert("f", 1.5_f64);
        values.insert("ok", true);
        values.insert("a.b", "dots");
        values.insert("nothing", Option::<i64>::None);
        values.insert("raw", b"\xff\x00".to_vec());
        values.insert("until", "2026-01-01T00:00:00Z");
        values.insert("names", std::collections::BTreeMap::from([("x y".to_owned(), 1_i64)]));
        values.insert("numbers", std::collections::BTreeMap::from([(7_i64, "seven".to_owned())]));
        values.add_flash("Welcome back").unwrap();
        values
    }

    #[test]
    fn a_session_holds_what_it_holds() {
        let values = session();
        for (condition, expected) in [
            ("user.ID=42", true),
            ("user.Name=Ada", true),
            ("user.Name=ada", false),
            ("user.id=42", false),
            ("user[\"ID\"]=42", true),
            ("n=42", true),
            ("n=\"42\"", false),
            ("text=42", true),
            ("text=\"42\"", true),
            ("n=42.0", true),
            ("n=43", false),
            ("n!=43", true),
            ("n!=42", false),
            ("missing!=42", false),
            ("n<43", true),
            ("n<=42", true),
            ("n>42", false),
            ("n>=42", true),
            ("n>41.5", true),
            ("text<43", false),
            ("text<\"43\"", true),
            ("text>a", false),
            ("text<a", true),
            ("u=18446744073709551615", true),
            ("u>9223372036854775807", true),
            ("f=1.5", true),
            ("f>1", true),
            ("ok=true", true),
            ("ok=false", false),
            ("ok!=false", true),
            ("ok=1", false),
            ("nothing=null", true),
            ("nothing exists", true),
            ("missing exists", false),
            ("missing=null", false),
            ("\"a.b\"=dots", true),
            ("a.b=dots", false),
            ("_flash[0]=Welcome back", true),
            ("_flash[0]~^welcome", false),
            ("_flash[0]~(?i)^welcome", true),
            ("_flash.0~back$", true),
            ("_flash[1] exists", false),
            ("_flash[\"0\"] exists", false),
            ("_flash[-1] exists", false),
            ("names[\"x y\"]=1", true),
            ("numbers[7]=seven", true),
            ("numbers.7=seven", true),
            ("numbers[\"7\"]=seven", false),
            ("n~^4", true),
            ("raw~x", false),
            ("until<2026-01-01T08:00:01+08:00", true),
            ("until=2026-01-01T08:00:00+08:00", true),
            ("until>2026-01-01T08:00:00+08:00", false),
            ("until=\"2026-01-01T00:00:00Z\"", true),
            ("user=42", false),
            ("user exists", true),
            ("user.ID.x exists", false),
        ] {
            assert_eq!(Query::parse(&[condition]).unwrap().holds(&values), expected, "{condition}");
        }
        assert!(Query::parse(&["n=42", "ok=true"]).unwrap().holds(&values));
        assert!(!Query::parse(&["n=42", "ok=false"]).unwrap().holds(&values));
    }

    #[test]
    fn times_that_go_wrote_are_compared_as_moments() {
        let line =
            include_str!("../../../tests/testdata/sessions.jsonl").lines().find(|line| line.contains("\"oauth\""));
        let case: serde_json::Value = serde_json::from_str(line.unwrap()).unwrap();
        let gob = {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.decode(case["gob"].as_str().unwrap()).unwrap()
        };
        let values = Values::decode_owned(&gob).unwrap();
        assert_eq!(case["values"]["expiry"], "2026-01-01T00:00:00Z");
        for (condition, expected) in [
            ("expiry=2026-01-01T00:00:00Z", true),
            ("expiry=2026-01-01T08:00:00+08:00", true),
            ("expiry<2026-01-01T00:00:01Z", true),
            ("expiry>2026-01-01T00:00:00.000000001Z", false),
            ("expiry=\"2026-01-01T00:00:00Z\"", false),
            ("expiry~^2026", true),
            ("expiry<3000", false),
            ("user_id=1234567890123", true),
            ("authenticated=true", true),
        ] {
            assert_eq!(Query::parse(&[condition]).unwrap().holds(&values), expected, "{condition}");
        }
    }
}
