//! Reading what is there: the table's columns, keys and size, its duplicate ids, and the history.

use std::time::{Duration, Instant};

use crate::Place;
use crate::cluster::{self, Connection, Kind, Row, number};
use crate::grant::{self, needs};
use crate::schema::{self, Index, LEASE_TABLE, MIGRATIONS_TABLE, Table, quote};

use super::catalog::{EXPIRE_ON_INDEX, PRIMARY_KEY, TABLE};
use super::error::Error;
use super::guard::{self, Misfit};
use super::ledger::{self, Record};

/// How many duplicate ids are looked for; nobody mends more by hand.
const DUPLICATES: usize = 100;
/// What a row takes beside its id and its data: its header, the two dates, and what a page leaves empty.
const ROW_OVERHEAD: u32 = 50;

/// How far to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// At the schema and the history, which is quick on a table of any size.
    Schema,
    /// At the rows too: a table without the primary key is read from end to end for duplicate ids, and one without it
    /// or without the index on `expire_on` to find how large it is.
    Rows,
}

/// What was found in the database of one node.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// The database that the DSN names.
    pub database: String,
    /// What kind of cluster the node belongs to.
    pub kind: Kind,
    /// The session table, if it is there.
    pub table: Option<Found>,
    /// Ids that more than one row has; only looked for at [`Depth::Rows`], while the table has no primary key.
    pub duplicates: Duplicates,
    /// The history of this session table, by version; `None` if there is no table of the history.
    pub history: Option<Vec<Record>>,
    /// Whether the table of leases is there.
    pub leases: bool,
    /// How long it took to read the rows, if they were read.
    pub read: Option<Duration>,
}

/// A table as `information_schema` describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What the server calls it: `BASE TABLE`, `VIEW`, `SYSTEM VERSIONED`, …
    pub kind: String,
    /// Its engine, if it has one that the server could open.
    pub engine: Option<String>,
    /// How many rows it has: counted at [`Depth::Rows`] while a key is missing, else by the server's estimate.
    pub rows: u64,
    /// How many bytes its data and indexes take, by the server's estimate; at [`Depth::Rows`], while a key is missing,
    /// no less than the rows themselves take.
    pub bytes: u64,
    /// Whether it is partitioned.
    pub partitioned: bool,
    /// Its columns in their order.
    pub columns: Vec<Column>,
    /// Its indexes by name, the primary key (`PRIMARY`) among them.
    pub indexes: Vec<Index>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type without a length: `char`.
    pub data_type: String,
    /// Its whole type: `char(40)`.
    pub column_type: String,
    /// Its length in characters, where it has one.
    pub length: Option<u64>,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// What else the server says of it: `auto_increment`, `INVISIBLE`, `on update current_timestamp()`, …
    pub extra: String,
}

/// Ids that more than one row has, under the collation of the column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duplicates {
    /// Them, those of most rows first, 100 at most.
    pub ids: Vec<Duplicate>,
    /// Whether there are more.
    pub more: bool,
}

/// An id that more than one row has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The id as one of the rows has it; bytes that are no UTF-8 are replaced.
    pub id: String,
    /// How many rows have it.
    pub rows: u64,
}

/// Reads what is there. Writes nothing.
///
/// The history is read before the table: seen the other way round, a migration that ends in between would look as if
/// it were recorded and not done.
///
/// # Errors
///
/// [`Error::NoDatabase`] if the DSN names none, [`Error::State`] if the history holds what nobody writes,
/// [`Error::Denied`] if the account may not read, [`Error::Cluster`].
pub async fn inspect(connection: &mut Connection, kind: Kind, table: &Table, depth: Depth) -> Result<Inspected, Error> {
    match read(connection, kind, table, depth).await {
        Err(Error::Cluster(error)) if grant::is_lacking(&error) => {
            let grant = grant::statements(connection, needs::LOOK, table).await;
            Err(Error::Denied { grant, source: Box::new(error) })
        }
        outcome => outcome,
    }
}

/// Looks whether a table is one that the migrations cannot be applied to; `None` if they can, or if it is not there.
///
/// For those who would send people to `migrate up`. Writes nothing.
///
/// # Errors
///
/// [`cluster::Error`] if the server fails.
pub async fn misfit(connection: &mut Connection, table: &Table) -> Result<Option<Misfit>, cluster::Error> {
    Ok(guard::misfit(found(connection, table).await?.as_ref()))
}

async fn read(connection: &mut Connection, kind: Kind, table: &Table, depth: Depth) -> Result<Inspected, Error> {
    let database: Option<Option<String>> =
        connection.rows_unhurried("asking for the database", "SELECT DATABASE()", ()).await?.pop();
    let Some(database) = database.flatten() else {
        return Err(Error::NoDatabase { node: connection.node().to_owned(), place: Place::here() });
    };
    let ours: Vec<String> = connection
        .rows_unhurried(
            "looking for the tables of csqlstore",
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME IN (?, ?)",
            (MIGRATIONS_TABLE, LEASE_TABLE),
        )
        .await?;
    let listed = |name| ours.iter().any(|listed| listed == name);
    let has_history = listed(MIGRATIONS_TABLE) || is_there(connection, MIGRATIONS_TABLE).await?;
    let history = if has_history { Some(ledger::read(connection, table).await?) } else { None };
    let leases = listed(LEASE_TABLE) || is_there(connection, LEASE_TABLE).await?;
    let mut found = found(connection, table).await?;
    if found.is_none() && is_there(connection, table.name()).await? {
        // It came between the two looks; the next one finds it listed.
        found = self::found(connection, table).await?;
    }
    if guard::misfit(found.as_ref()).is_some() {
        may_see_all(connection, table).await?;
    }
    let mut duplicates = Duplicates::default();
    let mut read = None;
    if depth == Depth::Rows
        && let Some(found) = &mut found
        && guard::is_there(TABLE, Some(found)).is_ok()
    {
        let keyless = guard::is_there(PRIMARY_KEY, Some(found)) == Ok(false);
        let began = Instant::now();
        if keyless {
            duplicates = look_for_duplicates(connection, table).await?;
        }
        // What is about to be rebuilt is measured: the server's own numbers may be a day old, or of an empty table.
        if keyless || guard::is_there(EXPIRE_ON_INDEX, Some(found)) == Ok(false) {
            let (rows, bytes) = measure(connection, table).await?;
            found.rows = rows;
            found.bytes = found.bytes.max(bytes);
            read = Some(began.elapsed());
        }
    }
    Ok(Inspected { database, kind, table: found, duplicates, history, leases, read })
}

/// Returns whether there is a table that `information_schema` does not list, which shows an account only what it has a
/// right on: "not listed" alone is "missing or not to be seen".
async fn is_there(connection: &mut Connection, name: &str) -> Result<bool, cluster::Error> {
    let sql = format!("SELECT 1 FROM {} LIMIT 0", quote(name));
    match connection.rows_unhurried::<Row>("looking for a table", &sql, ()).await {
        Ok(_) => Ok(true),
        // The account may look, and there is none.
        Err(error) if error.code() == Some(number::NO_SUCH_TABLE) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes sure that a table which does not look as it should looks so to everybody: of one that the account may not read,
/// `information_schema` lists no columns, and of one that it may read in part, those alone.
async fn may_see_all(connection: &mut Connection, table: &Table) -> Result<(), cluster::Error> {
    let sql = format!("SELECT * FROM {} LIMIT 0", table.quoted());
    match connection.rows_unhurried::<Row>("looking at the session table", &sql, ()).await {
        Err(error) if grant::is_lacking(&error) => Err(error),
        // What else is wrong with it, such as a view of what is gone, is a misfit of its own.
        _ => Ok(()),
    }
}

/// Counts the rows and their bytes, by reading all of them.
async fn measure(connection: &mut Connection, table: &Table) -> Result<(u64, u64), cluster::Error> {
    let sql = format!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(LENGTH(id) + LENGTH(data) + {ROW_OVERHEAD}), 0) AS UNSIGNED) FROM {}",
        table.quoted()
    );
    let measured: Vec<(u64, u64)> = connection.rows_unhurried("measuring the table", &sql, ()).await?;
    Ok(measured.into_iter().next().unwrap_or_default())
}

async fn found(connection: &mut Connection, table: &Table) -> Result<Option<Found>, cluster::Error> {
    schema::ask_for_all_there_is(connection).await?;
    type Columns = (String, Option<String>, Option<u64>, Option<u64>, Option<u64>, Option<String>);
    let about: Vec<Columns> = connection
        .rows_unhurried(
            "looking for the session table",
            "SELECT TABLE_TYPE, ENGINE, TABLE_ROWS, DATA_LENGTH, INDEX_LENGTH, CREATE_OPTIONS \
             FROM information_schema.TABLES WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME=?",
            (table.name(),),
        )
        .await?;
    let Some((kind, engine, rows, data, index, options)) = about.into_iter().next() else { return Ok(None) };
    Ok(Some(Found {
        kind,
        engine,
        rows: rows.unwrap_or(0),
        bytes: data.unwrap_or(0).saturating_add(index.unwrap_or(0)),
        partitioned: options.is_some_and(|options| options.contains("partitioned")),
        columns: columns(connection, table).await?,
        indexes: schema::indexes(connection, table).await?,
    }))
}

async fn columns(connection: &mut Connection, table: &Table) -> Result<Vec<Column>, cluster::Error> {
    type Columns = (String, String, String, Option<u64>, String, String);
    let rows: Vec<Columns> = connection
        .rows_unhurried(
            "reading the table's columns",
            "SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_MAXIMUM_LENGTH, IS_NULLABLE, EXTRA \
             FROM information_schema.COLUMNS WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME=? ORDER BY ORDINAL_POSITION",
            (table.name(),),
        )
        .await?;
    let column = |(name, data_type, column_type, length, nullable, extra): Columns| Column {
        name,
        data_type,
        column_type,
        length,
        nullable: nullable == "YES",
        extra,
    };
    Ok(rows.into_iter().map(column).collect())
}

async fn look_for_duplicates(connection: &mut Connection, table: &Table) -> Result<Duplicates, cluster::Error> {
    // Plain GROUP BY: the collation of the column decides what is equal, as it does for a primary key.
    let sql = format!(
        "SELECT id, COUNT(*) FROM {} GROUP BY id HAVING COUNT(*) > 1 ORDER BY 2 DESC, 1 LIMIT {}",
        table.quoted(),
        DUPLICATES + 1
    );
    let rows: Vec<(Vec<u8>, u64)> = connection.rows_unhurried("looking for duplicate ids", &sql, ()).await?;
    let more = rows.len() > DUPLICATES;
    let duplicate = |(id, rows): (Vec<u8>, u64)| Duplicate { id: String::from_utf8_lossy(&id).into_owned(), rows };
    Ok(Duplicates { ids: rows.into_iter().take(DUPLICATES).map(duplicate).collect(), more })
}

/// Tables for the tests of the pure half.
#[cfg(test)]
pub(super) mod samples {
    use std::time::Duration;

    use super::super::catalog::{Migration, all};
    use super::super::ledger::State;
    use super::*;

    /// A history that has each of the three migrations in a state, or not at all.
    pub(in super::super) fn recorded(states: [Option<State>; 3]) -> Option<Vec<Record>> {
        let record = |(migration, state): (&Migration, Option<State>)| {
            state.map(|state| Record {
                version: migration.version,
                name: migration.name.into(),
                checksum: migration.checksum(),
                state,
                applied_at: None,
                elapsed: Duration::ZERO,
            })
        };
        Some(all().iter().zip(states).filter_map(record).collect())
    }

    pub(in super::super) fn documented() -> Found {
        let column = |name: &str, data_type: &str, length: Option<u64>| Column {
            name: name.into(),
            data_type: data_type.into(),
            column_type: length.map_or(data_type.into(), |length| format!("{data_type}({length})")),
            length,
            nullable: false,
            extra: String::new(),
        };
        Found {
            kind: "BASE TABLE".into(),
            engine: Some("InnoDB".into()),
            rows: 1000,
            bytes: 300_000,
            partitioned: false,
            columns: vec![
                column("id", "char", Some(40)),
                column("data", "longblob", Some(4_294_967_295)),
                column("expire_on", "datetime", None),
                column("modify_at", "timestamp", None),
            ],
            indexes: Vec::new(),
        }
    }

    pub(in super::super) fn with(indexes: &[Index]) -> Found {
        Found { indexes: indexes.to_vec(), ..documented() }
    }

    /// The documented table with the key that the server made for it.
    pub(in super::super) fn generated(indexes: &[Index]) -> Found {
        let mut found = documented();
        let mut column = found.columns[0].clone();
        (column.name, column.extra) = ("my_row_id".into(), "auto_increment INVISIBLE".into());
        found.columns.push(column);
        found.indexes = [schema::sample("PRIMARY", &["my_row_id"])].iter().chain(indexes).cloned().collect();
        found
    }

    pub(in super::super) fn inspected(table: Option<Found>, history: Option<Vec<Record>>) -> Inspected {
        Inspected {
            database: "sessions".into(),
            kind: Kind::Galera,
            table,
            duplicates: Duplicates::default(),
            history,
            leases: true,
            read: None,
        }
    }
}
