//! Rows as they were seen, so that only those are changed that still are so.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::page::Filter;
use super::row::{COLUMNS, Row, Stored, row};
use crate::cluster::{self, Cluster, Connection, Error, FromValue as _};
use crate::pacing::watched;
use crate::schema::Table;
use crate::session::Id;

/// Ids of one look-up.
const LOOKED_UP: usize = 1000;

/// A row as it was seen: its id, and a digest of that and of its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub(super) id: Id,
    seen: [u8; 32],
}

/// What the server makes of a row to compare it with what was seen. The line feed is in no id, and is written so that it is
/// one whatever the session's mode.
const SEEN: &str = "SHA2(CONCAT(CAST(id AS BINARY), X'0A', data), 256)";

/// A backslash in our own text statements escapes, whatever the server's default is.
const MODE: &str = "SET SESSION sql_mode=REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')";

/// Lets a session read literals as [`quote`] writes them.
pub(super) async fn read_escapes(connection: &mut Connection) -> Result<(), Error> {
    connection.execute("setting up the session", MODE, ()).await.map(drop)
}

impl Target {
    /// Notes how a row was seen; `None` if its data was not fetched.
    #[must_use]
    pub fn of(stored: &Stored) -> Option<Self> {
        let id = stored.row.id.clone();
        let digest = Sha256::new().chain_update(id.as_str()).chain_update(b"\n").chain_update(stored.data.as_ref()?);
        Some(Self { id, seen: digest.finalize().into() })
    }
}

/// Writes the condition that is true of the rows that are still as they were seen. The key finds them, and each row's digest
/// is made once.
pub(super) fn unchanged(targets: &[Target]) -> String {
    let mut sql = format!("{} AND {SEEN} IN (", named(targets.iter().map(|target| &target.id)));
    for (at, target) in targets.iter().enumerate() {
        sql.push_str(if at == 0 { "'" } else { ",'" });
        for byte in target.seen {
            // A String takes whatever is written.
            let _ = write!(sql, "{byte:02x}");
        }
        sql.push('\'');
    }
    sql + ")"
}

/// Writes the condition that is true of rows with these ids, and of those that differ from them in case alone.
pub(super) fn named<'i>(ids: impl Iterator<Item = &'i Id>) -> String {
    let mut sql = String::from("id IN (");
    for (at, id) in ids.enumerate() {
        if at > 0 {
            sql.push(',');
        }
        quote(id, &mut sql);
    }
    sql + ")"
}

/// Writes an id as a literal of a session whose mode is one in which a backslash escapes.
pub(super) fn quote(id: &Id, sql: &mut String) {
    sql.push('\'');
    for character in id.as_str().chars() {
        if matches!(character, '\'' | '\\') {
            sql.push('\\');
        }
        sql.push(character);
    }
    sql.push('\'');
}

/// Looks up the rows of some ids, exactly these, as they are now, in a session that [reads escapes](read_escapes). Of one
/// that is not there nothing comes.
pub(super) async fn look_up(
    connection: &mut Connection,
    (cluster, table): (&Cluster, &Table),
    ids: &[Id],
    (filter, now): (&Filter, jiff::Timestamp),
) -> Result<Vec<(Row, Option<Target>)>, Error> {
    let mut found = Vec::new();
    let node = connection.node().to_owned();
    for ids in ids.chunks(LOOKED_UP) {
        let sql = format!("SELECT {COLUMNS}, {SEEN} FROM {} WHERE {} ORDER BY id", table.quoted(), named(ids.iter()));
        let rows = connection.rows_unhurried("looking sessions up", &sql, ());
        let rows: Vec<cluster::Row> = watched(cluster, &node, rows).await?;
        found.extend(rows.into_iter().filter_map(|columns| {
            let (row, seen) = row(columns, (filter, now));
            let target = seen.and_then(digest).map(|seen| Target { id: row.id.clone(), seen });
            ids.contains(&row.id).then_some((row, target))
        }));
    }
    Ok(found)
}

/// Reads what the server writes in hexadecimal digits.
fn digest(value: cluster::Value) -> Option<[u8; 32]> {
    let text = String::from_value_opt(value).ok()?;
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_end_its_quotes() {
        let ids = [Id::new("a'b"), Id::new("c\\"), Id::new("d")];
        assert_eq!(named(ids.iter()), r"id IN ('a\'b','c\\','d')");
    }

    #[test]
    fn a_digest_is_read_as_the_server_writes_it() {
        let value = |text: &str| cluster::Value::Bytes(text.as_bytes().to_vec());
        let expected: [u8; 32] = Sha256::digest(b"id\ndata").into();
        let hex: String = expected.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest(value(&hex)), Some(expected));
        for wrong in ["", "00", &"zz".repeat(32), &"ü".repeat(32)] {
            assert_eq!(digest(value(wrong)), None, "{wrong}");
        }
        assert_eq!(digest(cluster::Value::NULL), None);
    }
}
