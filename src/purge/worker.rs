//! A connection that deletes: its session's settings and its statements.

use jiff::Timestamp;

use super::plan::Plan;
use super::step::Step;
use crate::cluster::{Cluster, Connection, Error, On};
use crate::grant::{self, needs};
use crate::pacing::{RowImage, batching, watched};
use crate::schema::{Table, literal};

/// A connection to a node that is set up to delete.
pub(super) struct Worker {
    connection: Connection,
}

impl Worker {
    /// Takes a usable node, and tells what could not be had there.
    pub(super) async fn start(
        cluster: &Cluster,
        on: &On,
        image: RowImage,
        tell: &mut (dyn FnMut(Step<'_>) + Send),
    ) -> Result<Self, Error> {
        let connection = batching(cluster, on, image, &mut |beat| tell(Step::Beat(beat))).await?;
        Ok(Self { connection })
    }

    pub(super) fn node(&self) -> &str {
        self.connection.node()
    }

    pub(super) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Deletes at most `rows` rows past the cutoff, oldest first, and returns how many went.
    pub(super) async fn delete(&mut self, cluster: &Cluster, plan: &Plan, rows: u64) -> Result<u64, Error> {
        // As text: servers repeat a text statement by themselves after a conflict (wsrep_retry_autocommit), and a
        // prepared one they may not.
        let sql = batch(&plan.table, plan.cutoff, rows);
        let node = self.connection.node().to_owned();
        let work = self.connection.execute_unhurried("deleting expired sessions", &sql, ());
        Ok(watched(cluster, &node, work).await?.rows)
    }

    /// Counts the rows past the cutoff.
    pub(super) async fn count(&mut self, cluster: &Cluster, plan: &Plan) -> Result<u64, Error> {
        let node = self.connection.node().to_owned();
        watched(cluster, &node, count(&mut self.connection, &plan.table, plan.cutoff)).await
    }

    /// Writes the GRANT that an error asks for, if it says that the account lacks a right.
    pub(super) async fn grant(&mut self, error: &Error, table: &Table) -> Option<String> {
        if !grant::is_lacking(error) {
            return None;
        }
        Some(grant::statements(&mut self.connection, needs::DELETE, table).await)
    }

    pub(super) async fn close(self) {
        self.connection.close().await;
    }
}

/// Writes the statement of a batch of at most `rows` rows.
pub(super) fn batch(table: &Table, cutoff: Timestamp, rows: u64) -> String {
    format!("DELETE FROM {} WHERE expire_on < '{}' ORDER BY expire_on LIMIT {rows}", table.quoted(), literal(cutoff))
}

/// Counts the rows past a cutoff.
pub(super) async fn count(connection: &mut Connection, table: &Table, cutoff: Timestamp) -> Result<u64, Error> {
    let sql = format!("SELECT COUNT(*) FROM {} WHERE expire_on < '{}'", table.quoted(), literal(cutoff));
    let rows: Vec<(u64,)> = connection.rows_unhurried("counting expired sessions", &sql, ()).await?;
    // COUNT(*) without GROUP BY always has one row.
    Ok(rows.first().map_or(0, |(count,)| *count))
}
