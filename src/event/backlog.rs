//! How far the cleanup is behind: the only proof that it works.

use std::time::Duration;

use super::inspect::settled;
use crate::cluster::{self, Cluster, Connection, On, Refusal};
use crate::grant::{self, Object};
use crate::schema::Table;

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
/// The whole table is read where there is no index on `expire_on`; no deadline bounds that.
pub async fn backlog(cluster: &Cluster, table: &Table) -> Backlog {
    let mut connection = match connection(cluster).await {
        Ok(connection) => connection,
        Err(error) => return unknown(&error, None),
    };
    let sql = format!("SELECT {}", table.oldest_expired());
    let ages = connection.rows_unhurried("looking for the oldest expired row", &sql, ()).await;
    let backlog = match ages.map(|ages: Vec<Option<u64>>| ages.into_iter().flatten().next()) {
        Ok(None) => Backlog::Empty,
        Ok(Some(age)) => Backlog::Oldest(Duration::from_secs(age)),
        Err(error) => {
            let fix = match error.code() {
                Some(1146) => Some("csqlstore migrate up".to_owned()),
                _ if grant::is_lacking(&error) => {
                    Some(grant::statement(&mut connection, "SELECT", Object::Table(table.name())).await)
                }
                _ => None,
            };
            unknown(&error, fix)
        }
    };
    connection.close().await;
    backlog
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
