//! A session as one line of NDJSON.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;

use csqlstore::fleet::{Reason, Row};
use csqlstore::session::{Data, Types};

/// One session object, without an envelope.
#[derive(Serialize)]
pub(super) struct SessionLine<'a, V: Serialize> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    state: &'static str,
    expires_at: Option<Timestamp>,
    #[serde(flatten)]
    rest: Rest<'a, V>,
}

/// What follows.
#[derive(Serialize)]
#[serde(untagged)]
enum Rest<'a, V: Serialize> {
    /// What `find` shows.
    Values {
        values: V,
    },
    /// What `export` writes.
    Whole {
        modified_at: Option<Timestamp>,
        bytes: u64,
        signed_at: Timestamp,
        age_s: i64,
        key: usize,
        encrypted: bool,
        values: V,
        types: Types<'a>,
    },
    Unreadable {
        modified_at: Option<Timestamp>,
        bytes: u64,
        error: String,
    },
    Raw {
        modified_at: Option<Timestamp>,
        bytes: u64,
        data: Json,
    },
}

impl<'a, V: Serialize> SessionLine<'a, V> {
    fn of(row: &'a Row, name: Option<&'a str>, rest: Rest<'a, V>) -> Self {
        Self { id: row.id.as_str(), name, state: row.state.as_str(), expires_at: row.expires_at, rest }
    }

    /// Writes it behind what was written before.
    fn write(&self, into: &mut Vec<u8>) {
        // A Vec takes whatever is written, and what is written has text for keys.
        let _ = serde_json::to_writer(&mut *into, self);
        into.push(b'\n');
    }
}

/// Writes a session that was found: what it is, and what it holds.
pub(super) fn found(row: &Row, data: &Data, into: &mut Vec<u8>) {
    SessionLine::of(row, Some(&data.name), Rest::Values { values: data.values.to_json() }).write(into);
}

/// Writes all that is known of a session.
pub(super) fn whole(row: &Row, data: &Data, into: &mut Vec<u8>) {
    let rest = Rest::Whole {
        modified_at: row.modified_at,
        bytes: row.bytes,
        signed_at: data.signed_at,
        age_s: data.age_s,
        key: data.key,
        encrypted: data.encrypted,
        values: data.values.to_json(),
        types: data.values.to_types_json(),
    };
    SessionLine::of(row, Some(&data.name), rest).write(into);
}

/// Writes a row that does not open, and why.
pub(super) fn unreadable(row: &Row, reason: &Reason, into: &mut Vec<u8>) {
    let rest = Rest::Unreadable { modified_at: row.modified_at, bytes: row.bytes, error: reason.to_string() };
    SessionLine::<()>::of(row, None, rest).write(into);
}

/// Writes a row as it is stored.
pub(super) fn raw(row: &Row, data: Option<&[u8]>, into: &mut Vec<u8>) {
    use base64::Engine as _;
    let data = match data.map(std::str::from_utf8) {
        None => Json::Null,
        Some(Ok(text)) => text.into(),
        // As bytes are in values.
        Some(Err(_)) => serde_json::json!({
            "$bytes": base64::engine::general_purpose::STANDARD.encode(data.unwrap_or_default())
        }),
    };
    let rest = Rest::Raw { modified_at: row.modified_at, bytes: row.bytes, data };
    SessionLine::<()>::of(row, None, rest).write(into);
}
