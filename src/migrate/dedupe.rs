//! Leaving one row of each id, in a table that has no key to name a row by.
//!
//! A row is named by all that it holds (its data by their SHA-256), and deleted by a statement of its own that names
//! how many such rows may go. Whoever writes the session in between changes that, so the statement finds nothing, and the
//! next look sees the row as it is then. Rows that are alike in everything go by their number less one. Under Galera a
//! row without a key is certified by all that it holds too: of this DELETE and somebody's UPDATE on another node, one
//! fails.
//!
//! Each goes in a transaction that commits only while the lease is ours: two runs that both saw two rows alike would else
//! delete both.
//!
//! Without a key each of these statements reads the whole table, here and again on every node that applies it. So they
//! go one by one, and as much time as one takes is left to the others after it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::cluster::{self, Connection};
use crate::lease::{Lease, Phase, retried};
use crate::schema::Table;

use super::error::Error;
use super::fence::fenced;
use super::inspect::{Duplicate, Duplicates};
use super::pinned::Pinned;

/// How many rows are looked at in one go; an id with more of them takes several.
const ROWS: usize = 2_000;
/// The longest pause after a row.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What became of ids that more than one row had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deduped {
    /// How many rows were deleted.
    pub rows: u64,
    /// How many of them had expired.
    pub expired: u64,
}

/// Rows that are alike in everything.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Alike {
    /// What all ids have in common that the column's collation holds for equal.
    same: String,
    /// The id as text.
    text: String,
    /// The id, byte for byte, in hexadecimal: what is equal under a collation need not be alike.
    id: String,
    expire_on: String,
    modify_at: Option<String>,
    digest: Option<String>,
    expired: bool,
    rows: u64,
}

/// Rows that are to go.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Surplus {
    of: Alike,
    /// How many of those that are alike.
    rows: u64,
}

/// Deletes all but the newest row of each of these ids, those that have expired first.
///
/// Returns whether all of them were gone through; false if `on` broke off. Rows that came or changed meanwhile are left
/// for the next search for duplicates.
pub(super) async fn resolve(
    pinned: &mut Pinned,
    lease: &mut Lease,
    ids: &Duplicates,
    mut on: impl FnMut(Deduped) -> ControlFlow<()>,
) -> Result<bool, Error> {
    // Under REPEATABLE READ a DELETE that reads the whole table locks every row of it.
    let sql = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
    pinned.check().await?;
    pinned.connection.execute("preparing the session", sql, ()).await?;
    let found = alike(&mut pinned.connection, lease.table(), &ids.ids).await?;
    for surplus in surplus(found) {
        let began = Instant::now();
        let terms = (Phase::Work, lease.length());
        let rows =
            fenced(pinned, lease, terms, async |connection, lease| delete(connection, lease.table(), &surplus).await);
        let rows = rows.await?;
        let expired = if surplus.of.expired { rows } else { 0 };
        if on(Deduped { rows, expired }).is_break() {
            return Ok(false);
        }
        tokio::time::sleep(began.elapsed().min(LONGEST_PAUSE)).await;
    }
    Ok(true)
}

/// Reads the rows of these ids, without their data.
async fn alike(connection: &mut Connection, table: &Table, ids: &[Duplicate]) -> Result<Vec<Alike>, cluster::Error> {
    let marks = vec!["?"; ids.len()].join(", ");
    // Text of the dates, since a date of zeros is none for whoever reads it as one; the window's partition because only
    // the server knows which ids its collation holds for equal.
    let sql = format!(
        "SELECT MIN(HEX(id)) OVER (PARTITION BY id), id, HEX(id), CAST(expire_on AS CHAR), CAST(modify_at AS CHAR), \
         SHA2(data, 256), expire_on <= UTC_TIMESTAMP() \
         FROM {} WHERE id IN ({marks}) ORDER BY id LIMIT {ROWS}",
        table.quoted()
    );
    type Columns = (String, String, String, String, Option<String>, Option<String>, bool);
    let rows: Vec<Columns> = retried(async || {
        let ids: Vec<&str> = ids.iter().map(|duplicate| duplicate.id.as_str()).collect();
        connection.rows_unhurried("reading duplicate rows", &sql, ids).await
    })
    .await?;
    let mut all: Vec<Alike> = Vec::new();
    for (same, text, id, expire_on, modify_at, digest, expired) in rows {
        let one = Alike { same, text, id, expire_on, modify_at, digest, expired, rows: 1 };
        match all.iter_mut().rev().find(|other| Alike { rows: 1, ..(*other).clone() } == one) {
            Some(other) => other.rows += 1,
            None => all.push(one),
        }
    }
    Ok(all)
}

/// Says which rows are to go: all but one of each id, and those that have expired before all others.
fn surplus(found: Vec<Alike>) -> Vec<Surplus> {
    let mut ids: BTreeMap<String, Vec<Alike>> = BTreeMap::new();
    for alike in found {
        ids.entry(alike.same.clone()).or_default().push(alike);
    }
    let mut all = Vec::new();
    for mut rows in ids.into_values() {
        // Newest first; of what nothing tells apart but the data, any, and the same one every time.
        rows.sort_by(|a, b| newness(b).cmp(&newness(a)));
        for (at, of) in rows.into_iter().enumerate() {
            let surplus = of.rows - u64::from(at == 0);
            if surplus > 0 {
                all.push(Surplus { of, rows: surplus });
            }
        }
    }
    all.sort_by_key(|surplus| !surplus.of.expired);
    all
}

/// What decides which row of an id stays: one that has not expired, then the one modified last. Dates of the server sort
/// as text.
fn newness(row: &Alike) -> (bool, &Option<String>, &str, &Option<String>, &str) {
    (!row.expired, &row.modify_at, &row.expire_on, &row.digest, &row.id)
}

async fn delete(connection: &mut Connection, table: &Table, surplus: &Surplus) -> Result<u64, cluster::Error> {
    let Surplus { of: Alike { same: _, text, id, expire_on, modify_at, digest, expired: _, rows: _ }, rows } = surplus;
    let sql = format!(
        "DELETE FROM {} WHERE id=? AND HEX(id)=? AND CAST(expire_on AS CHAR)=? AND CAST(modify_at AS CHAR)<=>? \
         AND SHA2(data, 256)<=>? LIMIT {rows}",
        table.quoted()
    );
    let params = (text, id, expire_on, modify_at, digest);
    Ok(connection.execute_unhurried("deleting a duplicate row", &sql, params).await?.rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(same: &str, modify_at: &str, data: &str, expired: bool, rows: u64) -> Alike {
        Alike {
            same: same.into(),
            text: same.into(),
            id: same.into(),
            expire_on: "2026-01-01 00:00:00".into(),
            modify_at: Some(modify_at.into()),
            digest: Some(data.into()),
            expired,
            rows,
        }
    }

    /// What goes, in its order: `id data rows`.
    fn gone(found: Vec<Alike>) -> Vec<String> {
        let text = |it: Surplus| format!("{} {} {}", it.of.same, it.of.digest.unwrap_or_default(), it.rows);
        surplus(found).into_iter().map(text).collect()
    }

    #[test]
    fn one_row_of_each_id_stays_and_what_has_expired_goes_first() {
        for (name, found, expected) in [
            ("newest stays", vec![row("a", "1", "old", false, 1), row("a", "2", "new", false, 1)], &["a old 1"][..]),
            ("all alike", vec![row("a", "1", "x", false, 4)], &["a x 3"]),
            (
                "alike and older",
                vec![row("a", "1", "old", false, 2), row("a", "2", "new", false, 3)],
                &["a new 2", "a old 2"],
            ),
            // Whoever is signed in stays so, even if the expired row was touched later.
            ("live before newer", vec![row("a", "2", "gone", true, 1), row("a", "1", "live", false, 1)], &["a gone 1"]),
            ("all expired", vec![row("a", "1", "x", true, 1), row("a", "2", "y", true, 1)], &["a x 1"]),
            (
                "expired first, of all ids",
                vec![row("a", "1", "live", false, 2), row("b", "1", "gone", true, 1), row("b", "1", "live", false, 1)],
                &["b gone 1", "a live 1"],
            ),
            ("none", vec![row("a", "1", "x", false, 1)], &[]),
        ] {
            assert_eq!(gone(found), expected, "{name}");
        }
    }

    #[test]
    fn what_only_the_data_tell_apart_is_decided_alike_every_time() {
        let (one, other) = (row("a", "1", "x", false, 1), row("a", "1", "y", false, 1));
        assert_eq!(gone(vec![one.clone(), other.clone()]), gone(vec![other, one]));
    }
}
