//! The history: which migration was applied to which session table, and when.

use std::fmt;
use std::time::Duration;

use crate::Place;
use crate::cluster::{self, Connection, Instant, params};
use crate::lease::retried;
use crate::schema::{MIGRATIONS_TABLE, Table};

use super::catalog::Migration;
use super::error::Error;

/// How far a migration got, as the history has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Its statement was run.
    Applied,
    /// What it brings was there already.
    Adopted,
    /// Its statement was sent, and whoever sent it has not come back yet, or never will.
    Running,
    /// Its statement failed.
    Failed,
}

impl State {
    const ALL: [Self; 4] = [Self::Applied, Self::Adopted, Self::Running, Self::Failed];

    /// Reads a state as the history writes it; `None` for what nobody writes.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// Returns the state as the history writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Adopted => "adopted",
            Self::Running => "running",
            Self::Failed => "failed",
        }
    }

    /// Returns whether nothing is left to do.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Applied | Self::Adopted)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One row of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The migration's version; one that this program does not know was written by a later one.
    pub version: u32,
    /// Its name.
    pub name: String,
    /// The checksum of the text that was applied.
    pub checksum: String,
    /// How far it got.
    pub state: State,
    /// When it got there.
    pub applied_at: Option<Instant>,
    /// How long its statement took.
    pub elapsed: Duration,
}

/// Makes the table of the history, if it is not there.
pub(super) async fn create_table(connection: &mut Connection) -> Result<(), cluster::Error> {
    let sql = definition();
    retried(async || connection.execute_unhurried("creating the table of the history", &sql, ()).await).await.map(drop)
}

/// Returns the statement that makes the table of the history.
pub(super) fn definition() -> String {
    format!(
        "CREATE TABLE IF NOT EXISTS `{MIGRATIONS_TABLE}` (\
         `session_table` varchar(64) NOT NULL, \
         `version` int unsigned NOT NULL, \
         `name` varchar(64) NOT NULL, \
         `checksum` char(64) NOT NULL COMMENT 'SHA-256 of the template', \
         `state` varchar(16) NOT NULL COMMENT 'applied, adopted, running or failed', \
         `applied_at` datetime(6) NULL COMMENT 'UTC', \
         `elapsed_us` bigint unsigned NOT NULL, \
         `owner` varchar(255) NOT NULL COMMENT 'who held the lease', \
         `epoch` bigint unsigned NOT NULL, \
         PRIMARY KEY (`session_table`, `version`)\
         ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
    )
}

/// Reads the history of a session table, by version.
pub(super) async fn read(connection: &mut Connection, table: &Table) -> Result<Vec<Record>, Error> {
    type Columns = (u32, String, String, String, Option<Instant>, u64);
    let sql = format!(
        "SELECT version, name, checksum, state, applied_at, elapsed_us FROM `{MIGRATIONS_TABLE}` \
         WHERE session_table=? ORDER BY version LIMIT 1000"
    );
    let rows: Vec<Columns> = connection.rows_unhurried("reading the history", &sql, (table.name(),)).await?;
    let record = |(version, name, checksum, state, applied_at, elapsed_us): Columns| {
        let state = State::read(&state).ok_or_else(|| Error::State { version, state, place: Place::here() })?;
        Ok(Record { version, name, checksum, state, applied_at, elapsed: Duration::from_micros(elapsed_us) })
    };
    rows.into_iter().map(record).collect()
}

/// What becomes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It is made, or made anew, in this state.
    State(State),
    /// Its checksum is made that of this program's text; all else stays.
    Checksum,
    /// It goes.
    Strike,
}

/// Who writes a record, and what.
pub(super) struct Entry<'a> {
    pub(super) table: &'a Table,
    pub(super) migration: &'a Migration,
    pub(super) change: Change,
    pub(super) elapsed: Duration,
    pub(super) owner: &'a str,
    pub(super) epoch: u64,
}

/// Writes a record, in place of the one there may be; or changes or strikes that one.
pub(super) async fn write(connection: &mut Connection, entry: &Entry<'_>) -> Result<(), cluster::Error> {
    let Entry { table, migration, change, elapsed, owner, epoch } = entry;
    let state = match change {
        Change::State(state) => state,
        Change::Checksum => {
            let sql = format!("UPDATE `{MIGRATIONS_TABLE}` SET checksum=? WHERE session_table=? AND version=?");
            let params = (migration.checksum(), table.name(), migration.version);
            return connection.execute_unhurried("correcting the history", &sql, params).await.map(drop);
        }
        Change::Strike => {
            let sql = format!("DELETE FROM `{MIGRATIONS_TABLE}` WHERE session_table=? AND version=?");
            let params = (table.name(), migration.version);
            return connection.execute_unhurried("striking from the history", &sql, params).await.map(drop);
        }
    };
    // Named twice rather than VALUES(…): MySQL has given that up, and MariaDB has no other way to say it.
    let sql = format!(
        "INSERT INTO `{MIGRATIONS_TABLE}` \
         (session_table, version, name, checksum, state, applied_at, elapsed_us, owner, epoch) \
         VALUES (:table, :version, :name, :checksum, :state, UTC_TIMESTAMP(6), :elapsed, :owner, :epoch) \
         ON DUPLICATE KEY UPDATE name=:name, checksum=:checksum, state=:state, applied_at=UTC_TIMESTAMP(6), \
         elapsed_us=:elapsed, owner=:owner, epoch=:epoch"
    );
    let params = params! {
        "table" => table.name(), "version" => migration.version, "name" => migration.name,
        "checksum" => migration.checksum(), "state" => state.as_str(),
        "elapsed" => u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX), "owner" => *owner, "epoch" => *epoch,
    };
    connection.execute_unhurried("writing the history", &sql, params).await.map(drop)
}
