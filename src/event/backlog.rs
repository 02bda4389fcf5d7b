//! How far the cleanup is behind: the only proof that it works.

use std::time::Duration;

use super::inspect::settled;
use crate::cluster::{self, Cluster, Connection, On, Refusal, select_within};
use crate::grant::{self, Object};
use crate::schema::{self, Table};

/// How far the cleanup is behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backlog {
    /// No session in the table has expired.
    Empty,
    /// The oldest expired row, counted from the moment when it expired.
    Oldest(Duration),
    /// The table could not be read.
    Unknown {
        /// Where and why.
        refusal: Refusal,
        /// The command or the SQL that mends it, where one does.
        fix: Option<String>,
    },
}

/// Asks a usable node for the oldest expired row.
///
/// The whole table is read where there is no index on `expire_on`. The server gives that up a little before the cluster's
/// deadline, and then nothing is known.
pub async fn backlog(cluster: &Cluster, table: &Table) -> Backlog {
    let mut connection = match connection(cluster).await {
        Ok(connection) => connection,
        Err(error) => return unknown(&error, None),
    };
    let sql = select_within(cluster.deadline() * 3 / 4, &table.oldest_expired());
    let age: Result<Option<Option<u64>>, _> = connection.first("looking for the oldest expired row", &sql, ()).await;
    let backlog = match age.map(Option::flatten) {
        Ok(None) => Backlog::Empty,
        Ok(Some(age)) => Backlog::Oldest(Duration::from_secs(age)),
        Err(error) => {
            let fix = match error.code() {
                Some(1146) => Some("csqlstore migrate up".to_owned()),
                _ if grant::is_lacking(&error) => {
                    Some(grant::statement(&mut connection, "SELECT", Object::Table(table.name())).await)
                }
                _ if is_out_of_time(&error) => {
                    Some(in_time(is_found_by_index(&mut connection, table).await).to_owned())
                }
                _ => None,
            };
            unknown(&error, fix)
        }
    };
    connection.close().await;
    backlog
}

/// Whether the server or this program gave up after a time.
fn is_out_of_time(error: &cluster::Error) -> bool {
    // 1969 MariaDB, 3024 MySQL: the time that the statement had.
    matches!(error.code(), Some(1969 | 3024)) || matches!(error, cluster::Error::Deadline { .. })
}

/// Whether an index finds expired rows; `None` if that is not to be known now.
async fn is_found_by_index(connection: &mut Connection, table: &Table) -> Option<bool> {
    let indexes = schema::indexes(connection, table).await.ok()?;
    Some(indexes.iter().any(|index| index.finds("expire_on")))
}

/// Returns what lets the question be answered in time: the index, where it is that which is missing, else more time.
fn in_time(indexed: Option<bool>) -> &'static str {
    if indexed == Some(false) { "csqlstore migrate up" } else { "csqlstore event status --timeout 30s" }
}

/// Connects to a usable node, one that has caught up if that can be had.
pub(super) async fn connection(cluster: &Cluster) -> Result<Connection, cluster::Error> {
    let mut connection = cluster.usable(&On::Auto).await?.connection;
    if settled(&mut connection).await.is_err() {
        // An answer that is a moment old is better than none; whoever holds the others up is in the sights.
        let node = connection.node().to_owned();
        connection = cluster.node(&node)?.connect(cluster.deadline()).await?;
    }
    Ok(connection)
}

fn unknown(error: &cluster::Error, fix: Option<String>) -> Backlog {
    Backlog::Unknown { refusal: Refusal::new(error.node().unwrap_or_default(), error), fix }
}
