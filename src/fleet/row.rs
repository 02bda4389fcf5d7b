//! A row as a scan reads it: whatever a column holds, it is a row.

use jiff::Timestamp;

use super::page::Filter;
use crate::cluster::{self, Instant, Value};
use crate::session::{Id, State};

/// A session's row without its data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The session's id.
    pub id: Id,
    /// Where it stands in its life, by the clock of the server that was asked first.
    pub state: State,
    /// When it expires; `None` for a date that is none, which counts as long past, as in SQL.
    pub expires_at: Option<Timestamp>,
    /// When it was written last; `None` for a date that is none.
    pub modified_at: Option<Timestamp>,
    /// The length of its data.
    pub bytes: u64,
    /// The server's time when it was first asked, in whole seconds.
    pub seen_at: Timestamp,
}

/// A row and its data, closed.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stored {
    /// The row.
    pub row: Row,
    /// The securecookie of its values as stored; `None` where it is NULL, or too long to be fetched.
    pub data: Option<Vec<u8>>,
}

impl std::fmt::Debug for Stored {
    /// Leaves the data out: it is what the keys protect, and signed only it is readable by anybody.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stored").field("row", &self.row).finish_non_exhaustive()
    }
}

/// The columns that [`stored`] takes; those before the last are [`row`]'s.
pub(super) const COLUMNS: &str = "id, expire_on, modify_at, LENGTH(data)";

/// Takes the columns of [`COLUMNS`], and the one behind them.
pub(super) fn row(row: cluster::Row, seen: (&Filter, Timestamp)) -> (Row, Option<Value>) {
    let mut columns = row.unwrap().into_iter();
    (take(&mut columns, seen, &mut Vec::new()), columns.next())
}

/// Takes the columns of [`COLUMNS`] and the data behind them; `id` becomes the id as the server has it.
pub(super) fn stored(row: cluster::Row, seen: (&Filter, Timestamp), id: &mut Vec<u8>) -> Stored {
    let mut columns = row.unwrap().into_iter();
    let row = take(&mut columns, seen, id);
    let data = match columns.next() {
        Some(Value::Bytes(data)) => Some(data),
        _ => None,
    };
    Stored { row, data }
}

fn take(columns: &mut impl Iterator<Item = Value>, (filter, now): (&Filter, Timestamp), own: &mut Vec<u8>) -> Row {
    let moment = |column: Option<Value>| column.and_then(|value| Instant::try_from(value).ok()).map(|it| it.0);
    let id = match columns.next() {
        Some(Value::Bytes(id)) => id,
        _ => Vec::new(),
    };
    let (expires_at, modified_at) = (moment(columns.next()), moment(columns.next()));
    let bytes = match columns.next() {
        Some(Value::Int(bytes)) => u64::try_from(bytes).unwrap_or(0),
        Some(Value::UInt(bytes)) => bytes,
        Some(Value::Bytes(text)) => std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok()).unwrap_or(0),
        _ => 0,
    };
    own.clear();
    own.extend_from_slice(&id);
    let text = String::from_utf8(id).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    let state = filter.state(expires_at, now);
    Row { id: Id::new(text), state, expires_at, modified_at, bytes, seen_at: now }
}
