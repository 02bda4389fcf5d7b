//! What the event's runs leave in the lease's row, and who holds the lease now.

use super::backlog::connection;
use super::rights;
use crate::cluster::{self, Cluster, Connection, Instant, Refusal};
use crate::grant::{self, Object};
use crate::lease::{self, Holder};
use crate::schema::{LEASE_TABLE, Table};

/// The last run of an event, as it wrote itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When it took the lease, by its server's clock.
    pub at: jiff::Timestamp,
    /// How many rows it has deleted.
    pub rows: u64,
    /// The server that it ran on: its host name and port.
    pub server: String,
}

/// What the lease's row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// It could be read.
    Known {
        /// The last run; `None` if no event has run yet.
        last: Option<Run>,
        /// Who holds the lease now.
        holder: Option<Box<Holder>>,
        /// When a purge that is no run of an event last took the lease.
        purged: Option<jiff::Timestamp>,
    },
    /// There is no table of leases: no event of ours can run.
    NoTable,
    /// This account may not read it.
    Denied {
        /// The statement that gives it the right, for somebody who may.
        grant: String,
    },
    /// It could not be read.
    Unknown(Refusal),
}

/// What a usable node says beside the events: the record of their runs, and what this account may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The lease's row.
    pub record: Record,
    /// The time, by that node's clock.
    pub now: Option<jiff::Timestamp>,
    /// This account.
    pub account: String,
    /// The statements that give this account what an event that runs as it needs and it lacks.
    pub lacking: Vec<String>,
}

/// Reads the lease's row from a usable node, and what this account could do as the definer of an event.
pub async fn standing(cluster: &Cluster, table: &Table) -> Standing {
    let unknown = |error: &cluster::Error| Standing {
        record: Record::Unknown(Refusal::new(error.node().unwrap_or_default(), error)),
        now: None,
        account: String::new(),
        lacking: Vec::new(),
    };
    let mut connection = match connection(cluster).await {
        Ok(connection) => connection,
        Err(error) => return unknown(&error),
    };
    let asked = async {
        let record = read(&mut connection, table).await?;
        let account = connection.first("asking for the account's name", "SELECT CURRENT_USER()", ()).await?;
        let now: Option<Instant> = connection.first("asking for the time", "SELECT UTC_TIMESTAMP(6)", ()).await?;
        let (account, now) = (account.unwrap_or_default(), now.map(|Instant(now)| now));
        // A table that is not there, the likeliest reason to refuse, is told by the record and by the backlog.
        let lacking = rights::lacking(&mut connection, table).await.unwrap_or_default();
        let lacking = lacking.into_iter().map(|lacking| lacking.grant).collect();
        Ok(Standing { record, now, account, lacking })
    };
    let standing = asked.await.unwrap_or_else(|error| unknown(&error));
    connection.close().await;
    standing
}

/// Reads the lease's row. It keeps when it was taken last, long after it was given back.
pub(super) async fn read(connection: &mut Connection, table: &Table) -> Result<Record, cluster::Error> {
    type Columns = (Option<Instant>, Option<u64>, Option<String>, Option<Instant>);
    let sql = format!(
        "SELECT last_run_at, last_rows, last_node, acquired_at FROM `{LEASE_TABLE}` WHERE session_table = ? AND name = ?"
    );
    let params = (table.name(), lease::Name::Purge.as_str());
    let row: Option<Columns> = match connection.first("reading the record of the last run", &sql, params).await {
        Ok(row) => row,
        Err(error) if error.code() == Some(1146) => return Ok(Record::NoTable),
        Err(error) if grant::is_lacking(&error) => {
            let grant = grant::statement(connection, "SELECT", Object::Table(LEASE_TABLE)).await;
            return Ok(Record::Denied { grant });
        }
        Err(error) => return Err(error),
    };
    let (at, rows, server, taken) = row.unwrap_or_default();
    let last = at.map(|at| Run { at: at.0, rows: rows.unwrap_or(0), server: server.unwrap_or_default() });
    // A run of an event writes both in one statement.
    let purged = taken.map(|at| at.0).filter(|taken| last.as_ref().is_none_or(|run| run.at != *taken));
    let holder = match lease::holder(connection, table, lease::Name::Purge).await {
        Ok(holder) => holder.map(Box::new),
        Err(lease::Error::Cluster(error)) => return Err(error),
        // Of what was read a moment ago: whoever dropped the table since is found out at the next look.
        Err(_) => None,
    };
    Ok(Record::Known { last, holder, purged })
}
