//! One session's row, as it is stored.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use super::Error;
use super::statements::Statements;
use crate::Place;
use crate::cluster::{self, Connection, FromValue, Instant};
use crate::schema::Table;
use crate::session::{Id, State};

/// The longest `data` that is fetched, in bytes. gorilla writes 4096 unless told otherwise; `longblob` takes 4 GiB.
pub const LARGEST: u64 = 16 << 20;

/// How many characters the column `id` has.
const ID_LENGTH: usize = 40;

/// One session's row.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The session's id.
    pub id: Id,
    /// The securecookie of its values, as stored.
    pub data: Vec<u8>,
    /// When the session expires: `expire_on`, read as UTC.
    pub expires_at: Timestamp,
    /// When the row was written last: `modify_at`.
    pub modified_at: Timestamp,
    /// The server's time when it read the row, in whole seconds.
    pub read_at: Timestamp,
}

impl Row {
    /// Returns where the session stood in its life when the row was read, by the server's clock.
    #[must_use]
    pub fn state(&self, grace: Duration) -> State {
        State::at(self.expires_at, self.read_at, grace)
    }
}

impl fmt::Debug for Row {
    /// Leaves the data out: it is what the keys protect, and signed only it is readable by anybody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("id", &self.id)
            .field("data", &format_args!("{} bytes", self.data.len()))
            .field("expires_at", &self.expires_at)
            .field("modified_at", &self.modified_at)
            .field("read_at", &self.read_at)
            .finish()
    }
}

/// Reads the row of one session, expired or not; `None` if there is none.
///
/// The id is compared byte for byte. The column's collation would take `…z82802` for `…Z82802`, and blanks at the end for
/// nothing. An id that the column cannot hold (longer than 40 characters, or not ASCII) has no row, and is not asked for.
/// Of several rows with the same id, which a table without a key may have, one is read, as Go reads one.
///
/// # Errors
///
/// [`Error::Denied`] if the account may not read, [`Error::Cluster`] if the statement fails otherwise (1146: there is no
/// such table), [`Error::Column`] if a column holds NULL or
/// a date that is none, [`Error::TooLarge`] if `data` has more than [`LARGEST`] bytes.
///
/// # Source
///
/// clustersqlstore's `load`: `SELECT data, expire_on FROM session_cluster WHERE id = ? LIMIT 1`.
pub async fn row(connection: &mut Connection, table: &Table, id: &Id) -> Result<Option<Row>, Error> {
    Statements::new(table).read(connection, id).await
}

impl Statements {
    /// Reads a row, as [`row`] does.
    pub(super) async fn read(&self, connection: &mut Connection, id: &Id) -> Result<Option<Row>, Error> {
        let text = id.as_str();
        if !fits(id) {
            return Ok(None);
        }
        let found: Option<cluster::Row> =
            match connection.first("reading a session's row", &self.select, (text, text)).await {
                Err(source) => return Err(self.refused(connection, "SELECT", source).await),
                Ok(found) => found,
            };
        let Some(row) = found else { return Ok(None) };
        let columns = Columns { row, id: text, node: connection.node() };
        let bytes: u64 = columns.get(0, "data", "bytes")?;
        if bytes > LARGEST {
            return Err(Error::TooLarge { id: text.to_owned(), bytes, limit: LARGEST, place: Place::here() });
        }
        Ok(Some(Row {
            id: id.clone(),
            data: columns.get(1, "data", "bytes")?,
            expires_at: columns.get::<Instant>(2, "expire_on", "date")?.0,
            modified_at: columns.get::<Instant>(3, "modify_at", "date")?.0,
            read_at: columns.get::<Instant>(4, "UTC_TIMESTAMP()", "date")?.0,
        }))
    }
}

/// Returns whether the column can hold the id.
pub(super) fn fits(id: &Id) -> bool {
    id.as_str().len() <= ID_LENGTH && id.as_str().is_ascii()
}

/// A row whose columns are taken with care.
struct Columns<'a> {
    row: cluster::Row,
    id: &'a str,
    node: &'a str,
}

impl Columns<'_> {
    fn get<T: FromValue>(&self, at: usize, column: &'static str, expected: &'static str) -> Result<T, Error> {
        self.row.get_opt(at).and_then(Result::ok).ok_or_else(|| Error::Column {
            id: self.id.to_owned(),
            column,
            expected,
            node: self.node.to_owned(),
            place: Place::here(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row_expiring_at(expires_at: Timestamp) -> Row {
        let read_at = Timestamp::from_second(1_795_000_000).unwrap();
        let id = Id::new("2026-11-18T00:00:00Z12345");
        Row { id, data: b"very-private".to_vec(), expires_at, modified_at: read_at, read_at }
    }

    #[test]
    fn the_state_goes_by_the_clock_that_came_with_the_row() {
        let hour = Duration::from_secs(3600);
        for (second, state) in [
            (1_795_000_000, State::Active),
            (1_794_999_999, State::Expired),
            (1_794_996_400, State::Expired),
            (1_794_996_399, State::Purgeable),
        ] {
            assert_eq!(row_expiring_at(Timestamp::from_second(second).unwrap()).state(hour), state, "{second}");
        }
    }

    #[test]
    fn debug_leaves_the_data_out() {
        let text = format!("{:?}", row_expiring_at(Timestamp::UNIX_EPOCH));
        assert!(text.contains("12 bytes") && !text.contains("private") && !text.contains("118, 101"), "{text}");
    }
}
