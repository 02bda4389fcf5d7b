//! A connection that deletes: its session's settings and its statements.

use jiff::Timestamp;

use super::plan::Plan;
use super::step::Step;
use crate::cluster::{Causality, Cluster, Connection, Error, On, Usable, Vitals};
use crate::grant::{self, Object};
use crate::pacing::watched;
use crate::schema::{Table, literal};

/// Under REPEATABLE READ a batch locks the gaps between rows too, and a long one that meets inserts ends in 1213.
const ISOLATION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
/// A batch waits 5 s for a lock; the server's own 50 s would make a purge deaf to signals and limits for as long.
const LOCK_WAIT: &str = "SET SESSION innodb_lock_wait_timeout=5";

/// What of a deleted row travels to the other nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RowImage {
    /// The key alone where the server lets us ask for that, else all columns.
    #[default]
    Auto,
    /// The key alone; it is an error if the server does not let us.
    Minimal,
    /// What the server is set to, which is all columns by default.
    Full,
}

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
        let Usable { mut connection, vitals, causality } = cluster.usable(on).await?;
        let node = connection.node().to_owned();
        connection.execute("setting up the session", ISOLATION, ()).await?;
        connection.execute("setting up the session", LOCK_WAIT, ()).await?;
        tell(Step::OnNode { node: &node });
        if let Causality::Refused(reason) = &causality {
            tell(Step::StaleReads { node: &node, reason });
        }
        if image == RowImage::Full {
            return Ok(Self { connection });
        }
        let minimal =
            connection.execute("asking for small row images", "SET SESSION binlog_row_image=MINIMAL", ()).await;
        match minimal {
            Ok(_) => {}
            // 1227: the account may not. 1193: a server without the variable.
            Err(error) if matches!(error.code(), Some(1227 | 1193)) && image == RowImage::Auto => {
                let grant = if error.code() == Some(1227) {
                    let right = if is_mariadb(&vitals) { "BINLOG ADMIN" } else { "SESSION_VARIABLES_ADMIN" };
                    Some(grant::statement(&mut connection, right, Object::Server).await)
                } else {
                    None
                };
                tell(Step::FullRowImage { node: &node, error: &error, grant: grant.as_deref() });
            }
            Err(error) => return Err(error),
        }
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
        let sql = format!(
            "DELETE FROM {} WHERE expire_on < '{}' ORDER BY expire_on LIMIT {rows}",
            plan.table.quoted(),
            literal(plan.cutoff)
        );
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
        Some(grant::statement(&mut self.connection, grant::RIGHTS_TO_DELETE, Object::Table(table.name())).await)
    }

    pub(super) async fn close(self) {
        self.connection.close().await;
    }
}

/// Which right is lacking goes by the family of the server; MySQL's version has no such word in it.
fn is_mariadb(vitals: &Vitals) -> bool {
    vitals.get("version").is_some_and(|version| version.to_ascii_lowercase().contains("mariadb"))
}

/// Counts the rows past a cutoff.
pub(super) async fn count(connection: &mut Connection, table: &Table, cutoff: Timestamp) -> Result<u64, Error> {
    let sql = format!("SELECT COUNT(*) FROM {} WHERE expire_on < '{}'", table.quoted(), literal(cutoff));
    let rows: Vec<(u64,)> = connection.rows_unhurried("counting expired sessions", &sql, ()).await?;
    // COUNT(*) without GROUP BY always has one row.
    Ok(rows.first().map_or(0, |(count,)| *count))
}
