//! The row that is the lease: its table, what it says, and what a refusal to read it means.

use std::time::Duration;

use super::error::{Error, Holder};
use super::retry::retried;
use super::{Margin, Name};
use crate::cluster::{self, Connection, FromRow, Instant, Params, number, select_at_once};
use crate::grant::needs::{self, Right};
use crate::grant::{self, Object};
use crate::schema::{LEASE_TABLE, Table};

/// What the row calls a server, and whoever looks for the holder's connection there.
pub(super) const SERVER: &str = "LEFT(CONCAT(@@hostname, ':', @@port), 255)";

/// Makes the table of leases, if it is not there.
///
/// Only `migrate` does this; on a cluster every CREATE TABLE waits in line with everyone's writes, so look first.
///
/// # Errors
///
/// [`Error::Denied`] if the account may not, [`Error::Cluster`].
pub async fn create_table(connection: &mut Connection) -> Result<(), Error> {
    const DOING: &str = "creating the table of leases";
    let sql = definition();
    match retried(async || connection.execute_unhurried(DOING, &sql, ()).await).await {
        Ok(_) => Ok(()),
        Err(error) if grant::is_lacking(&error) => {
            let grant =
                grant::statement(connection, &needs::MAKING_LEASES.1.join(", "), Object::Table(LEASE_TABLE)).await;
            Err(Error::Denied { grant, source: Box::new(error) })
        }
        Err(error) => Err(error.into()),
    }
}

/// Returns the statement that makes the table of leases.
pub(crate) fn definition() -> String {
    format!(
        "CREATE TABLE IF NOT EXISTS `{LEASE_TABLE}` (\
         `session_table` varchar(64) NOT NULL, \
         `name` varchar(16) NOT NULL, \
         `owner` varchar(255) NOT NULL COMMENT 'empty: free', \
         `epoch` bigint unsigned NOT NULL COMMENT 'raised whenever the lease changes hands', \
         `phase` varchar(16) NOT NULL, \
         `node` varchar(255) NOT NULL COMMENT 'server of the owner', \
         `connection_id` bigint unsigned NOT NULL COMMENT 'connection of the owner on that server', \
         `acquired_at` datetime(6) NULL COMMENT 'UTC', \
         `expires_at` datetime(6) NULL COMMENT 'UTC', \
         `note` varchar(255) NOT NULL, \
         `last_run_at` datetime(6) NULL COMMENT 'UTC; written by the cleanup event', \
         `last_rows` bigint unsigned NULL, \
         `last_node` varchar(255) NULL, \
         PRIMARY KEY (`session_table`, `name`)\
         ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
    )
}

/// Returns who holds a lease at this moment, as far as this node and its clock know; `None` if it is free, or ran out
/// longer than [`MARGIN`](super::MARGIN) ago.
///
/// Does not wait for what other nodes committed: during somebody's DDL it could wait for as long as that takes.
///
/// # Errors
///
/// [`Error::NoTable`], [`Error::Denied`], [`Error::Cluster`].
pub async fn holder(connection: &mut Connection, table: &Table, name: Name) -> Result<Option<Holder>, Error> {
    match look(connection, table, name, &Margin::default()).await {
        Ok(Seen::Held(holder)) => Ok(Some(holder)),
        Ok(Seen::Free | Seen::Stale(_) | Seen::NoRow) => Ok(None),
        Err(error) => Err(explain(connection, table, needs::TAKE, error).await),
    }
}

/// Returns whether a lease has its row, which whoever takes it first makes.
pub(crate) async fn has_row(connection: &mut Connection, table: &Table, name: Name) -> Result<bool, cluster::Error> {
    Ok(!matches!(look(connection, table, name, &Margin::default()).await?, Seen::NoRow))
}

/// What a lease's row says.
pub(super) enum Seen {
    NoRow,
    Free,
    /// Not given back, and past its end by more than the margin.
    Stale(Holder),
    Held(Holder),
}

/// Reads the row as this node has it.
pub(super) async fn look(
    connection: &mut Connection,
    table: &Table,
    name: Name,
    margin: &Margin,
) -> Result<Seen, cluster::Error> {
    let what = format!(
        "owner, epoch, phase, node, acquired_at, expires_at, \
         COALESCE(expires_at < UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND, TRUE) \
         FROM `{LEASE_TABLE}` WHERE session_table=? AND name=?"
    );
    let params = (micros(margin.length), table.name(), name.as_str());
    type Columns = (String, u64, String, String, Option<Instant>, Option<Instant>, bool);
    let row: Option<Columns> = first_at_once(connection, "reading the lease", &what, params).await?;
    let Some((owner, epoch, phase, node, since, until, stale)) = row else { return Ok(Seen::NoRow) };
    if owner.is_empty() {
        return Ok(Seen::Free);
    }
    let holder = Holder { owner, epoch, phase, node, since, until, margin: margin.clone() };
    Ok(if stale { Seen::Stale(holder) } else { Seen::Held(holder) })
}

/// Reads a row of the table of leases without waiting for somebody's DDL to be applied here.
pub(super) async fn first_at_once<T: FromRow + Send + 'static>(
    connection: &mut Connection,
    doing: &'static str,
    what: &str,
    params: impl Into<Params>,
) -> Result<Option<T>, cluster::Error> {
    let params = params.into();
    match connection.first(doing, &select_at_once(what), params.clone()).await {
        // A MariaDB that was not built with Galera: there is nobody to wait for.
        Err(error) if error.code() == Some(number::NO_SUCH_VARIABLE) => {
            connection.first(doing, &format!("SELECT {what}"), params).await
        }
        outcome => outcome,
    }
}

/// Says what an error of the server means for somebody who wants to do with a lease what these rights are for.
pub(super) async fn explain(
    connection: &mut Connection,
    table: &Table,
    rights: &[Right],
    error: cluster::Error,
) -> Error {
    if error.code() == Some(number::NO_SUCH_TABLE) {
        return Error::NoTable { table: table.clone(), place: error.place() };
    }
    if grant::is_lacking(&error) {
        let grant = grant::statements(connection, rights, table).await;
        return Error::Denied { grant, source: Box::new(error) };
    }
    error.into()
}

/// As servers count in `INTERVAL … MICROSECOND`.
pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
