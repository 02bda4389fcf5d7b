//! What a purge would delete, fixed to a moment of the server's clock.

use std::time::Duration;

use jiff::Timestamp;

use super::error::Error;
use super::worker::count;
use crate::Place;
use crate::cluster::{Causality, Cluster, Connection, Instant, Kind, On, Row, Usable};
use crate::schema::Table;

/// How long sessions are kept after they expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grace(pub Duration);

impl Default for Grace {
    /// One hour: longer than the writers' clocks are likely to be apart.
    fn default() -> Self {
        Self(Duration::from_secs(3600))
    }
}

/// What a purge would delete.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The table.
    pub table: Table,
    /// Rows whose `expire_on` lies before this moment go: the server's UTC time, less the grace, in whole seconds.
    pub cutoff: Timestamp,
    /// Rows past the cutoff.
    pub expired: u64,
    /// The `expire_on` of the oldest of them.
    pub oldest: Option<Timestamp>,
    /// The index that finds expired rows, if there is one: a usable index whose first column is `expire_on`.
    pub index: Option<String>,
    /// A key that tells rows apart, if there is one: the primary key, or another unique one.
    pub unique_key: Option<String>,
    /// The node that was asked.
    pub node: String,
    /// What kind of cluster it belongs to.
    pub kind: Kind,
    /// Whether the count saw what other nodes had committed.
    pub causality: Causality,
}

impl Plan {
    /// Looks whether the cluster could bear the purge.
    ///
    /// # Errors
    ///
    /// [`Error::NoKey`] if the table has no key and no index on `expire_on` and the server is a node of a Galera
    /// cluster. Each deleted row is then looked for in the whole table by every other node: 200 rows deleted from a
    /// table of 820,000 have stopped all writes for five minutes.
    #[track_caller]
    pub fn bearable(&self) -> Result<(), Error> {
        if self.kind == Kind::Galera && self.index.is_none() && self.unique_key.is_none() {
            return Err(Error::NoKey { table: self.table.clone(), node: self.node.clone(), place: Place::here() });
        }
        Ok(())
    }
}

/// Plans a purge: reads the server's clock once, and counts the rows that are past it by more than the grace.
///
/// Changes nothing.
///
/// # Errors
///
/// [`Error::Cluster`] if no node is usable, the table is missing or may not be read; [`Error::Grace`] if the grace is
/// longer than the calendar.
pub async fn plan(cluster: &Cluster, table: &Table, on: &On, grace: Grace) -> Result<Plan, Error> {
    let Usable { mut connection, vitals, causality } = cluster.usable(on).await?;
    let keys = Keys::read(&mut connection, table).await?;
    let now = now(&mut connection).await?;
    let cutoff = cutoff(now, grace.0)?;
    let expired = count(&mut connection, table, cutoff).await?;
    let oldest = oldest(&mut connection, table, cutoff).await?;
    let node = connection.node().to_owned();
    connection.close().await;
    let Keys { index, unique_key } = keys;
    let (table, kind) = (table.clone(), vitals.kind());
    Ok(Plan { table, cutoff, expired, oldest, index, unique_key, node, kind, causality })
}

/// Reads the server's clock in UTC; whole seconds, as `expire_on` has them.
async fn now(connection: &mut Connection) -> Result<Timestamp, Error> {
    let row: Option<(Instant,)> = connection.first("reading the server's clock", "SELECT UTC_TIMESTAMP()", ()).await?;
    row.map(|(now,)| now.0).ok_or_else(|| Error::NoAnswer {
        node: connection.node().to_owned(),
        question: "what its time is",
        place: Place::here(),
    })
}

/// Takes the grace off the server's time.
///
/// A server stores no year before 1000 (it may, but promises nothing).
fn cutoff(now: Timestamp, grace: Duration) -> Result<Timestamp, Error> {
    let refused = || Error::Grace { grace, place: Place::here() };
    let cutoff =
        jiff::SignedDuration::try_from(grace).ok().and_then(|grace| now.checked_sub(grace).ok()).ok_or_else(refused)?;
    if jiff::tz::Offset::UTC.to_datetime(cutoff).year() < 1000 { Err(refused()) } else { Ok(cutoff) }
}

async fn oldest(connection: &mut Connection, table: &Table, cutoff: Timestamp) -> Result<Option<Timestamp>, Error> {
    let sql = format!(
        "SELECT expire_on FROM {} WHERE expire_on < '{}' ORDER BY expire_on LIMIT 1",
        table.quoted(),
        super::worker::literal(cutoff)
    );
    let rows: Vec<Row> = connection.rows_unhurried("looking for the oldest expired session", &sql, ()).await?;
    // A zero date is a row past any cutoff, but no moment; the purge takes it all the same.
    Ok(rows.first().and_then(|row| row.get_opt::<Instant, _>(0)?.ok()).map(|instant| instant.0))
}

/// The keys of a table that matter to a purge.
#[derive(Debug, Default, PartialEq, Eq)]
struct Keys {
    index: Option<String>,
    unique_key: Option<String>,
}

/// One column of one index, as `SHOW INDEX` lists it.
struct KeyColumn {
    key: String,
    unique: bool,
    first: bool,
    column: String,
    nullable: bool,
    /// MySQL's invisible and MariaDB's ignored indexes are kept up to date and never used to find rows.
    usable: bool,
}

impl Keys {
    async fn read(connection: &mut Connection, table: &Table) -> Result<Self, Error> {
        // Not from information_schema: which column says that an index is not used depends on the server there too,
        // and SHOW answers 1146 for a table that is missing.
        let sql = format!("SHOW INDEX FROM {}", table.quoted());
        let rows: Vec<Row> = connection.rows("reading the table's indexes", &sql, ()).await?;
        Ok(Self::of(&rows.iter().map(KeyColumn::read).collect::<Vec<_>>()))
    }

    fn of(columns: &[KeyColumn]) -> Self {
        let index = columns
            .iter()
            .find(|c| c.usable && c.first && c.column.eq_ignore_ascii_case("expire_on"))
            .map(|c| c.key.clone());
        // A unique key with a column that may be NULL does not tell all rows apart.
        let unique_key = columns
            .iter()
            .filter(|c| c.usable && c.unique)
            .find(|c| columns.iter().all(|other| other.key != c.key || !other.nullable))
            .map(|c| c.key.clone());
        Self { index, unique_key }
    }
}

impl KeyColumn {
    fn read(row: &Row) -> Self {
        let text = |name: &str| row.get_opt::<Option<String>, _>(name).and_then(Result::ok).flatten();
        let number = |name: &str| row.get_opt::<Option<u64>, _>(name).and_then(Result::ok).flatten();
        let says = |name: &str, word: &str| text(name).is_some_and(|value| value.eq_ignore_ascii_case(word));
        Self {
            key: text("Key_name").unwrap_or_default(),
            unique: number("Non_unique") == Some(0),
            first: number("Seq_in_index") == Some(1),
            // The index of an expression has no column.
            column: text("Column_name").unwrap_or_default(),
            nullable: says("Null", "YES"),
            usable: !says("Visible", "NO") && !says("Ignored", "YES"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(key: &str, unique: bool, first: bool, column: &str) -> KeyColumn {
        KeyColumn { key: key.into(), unique, first, column: column.into(), nullable: false, usable: true }
    }

    #[test]
    fn an_index_counts_if_it_begins_with_expire_on_and_is_used() {
        let ignored = KeyColumn { usable: false, ..column("ignored", false, true, "expire_on") };
        let table = [
            ("none", vec![], None),
            ("the key alone", vec![column("PRIMARY", true, true, "id")], None),
            ("second column", vec![column("a", false, true, "id"), column("a", false, false, "expire_on")], None),
            ("ignored", vec![ignored], None),
            ("first column", vec![column("b", false, true, "Expire_On")], Some("b")),
        ];
        for (name, columns, expected) in table {
            assert_eq!(Keys::of(&columns).index.as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn a_unique_key_counts_if_no_column_of_it_may_be_null() {
        let nullable = KeyColumn { nullable: true, ..column("u", true, false, "x") };
        let table = [
            ("an index that is not unique", vec![column("a", false, true, "id")], None),
            ("primary", vec![column("PRIMARY", true, true, "id")], Some("PRIMARY")),
            ("partly nullable", vec![column("u", true, true, "id"), nullable], None),
        ];
        for (name, columns, expected) in table {
            assert_eq!(Keys::of(&columns).unique_key.as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn a_grace_is_taken_off_the_servers_time() {
        let now: Timestamp = "2026-11-22T01:02:03Z".parse().unwrap();
        assert_eq!(cutoff(now, Duration::from_secs(3600)).unwrap().to_string(), "2026-11-22T00:02:03Z");
        assert_eq!(cutoff(now, Duration::ZERO).unwrap(), now);
        for years in [1100, 9_000, 1_000_000] {
            let grace = Duration::from_secs(years * 31_557_600);
            assert!(matches!(cutoff(now, grace), Err(Error::Grace { .. })), "{years}");
        }
        assert!(cutoff(now, Duration::MAX).is_err());
    }
}
