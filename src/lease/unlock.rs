//! Freeing a lease whose holder is gone, for an operator who does not want to wait until it has run out.
//!
//! [`trace`] says who holds it, and looks on the server where the holder works whether its connection is still there.
//! [`free`] takes the lease from exactly that holding: whoever took it meanwhile keeps it. A holder that was alive after
//! all finds its epoch gone when it renews the lease or records anything, and stops.

use futures_util::future::join_all;

use super::Name;
use super::error::{Error, Holder};
use super::margin::Margin;
use super::retry::retried;
use super::row::{SERVER, Seen, explain, first_at_once, look};
use crate::cluster::{self, Cluster, Connection, Node, Refusal, Row};
use crate::grant::{self, Object, needs};
use crate::schema::{LEASE_TABLE, Table};

/// A lease that somebody holds, and what is left of that somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Who holds it.
    pub holder: Holder,
    /// The number of the holder's connection on its server.
    pub connection_id: u64,
    /// The name of the node that is the holder's server, if it is one of those there are.
    pub node: Option<String>,
    /// What became of the connection.
    pub connection: Life,
}

/// What became of the connection of a holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Life {
    /// It is there, and so may the holder be; or the server still does what the holder last asked for.
    Alive {
        /// What it does: `Sleep`, `Query`, …
        command: String,
        /// For how many seconds it has done so.
        for_s: u64,
        /// What the server says of it: `Waiting for table metadata lock`, …
        state: String,
        /// The statement that runs, if one does.
        statement: Option<String>,
    },
    /// It is not there any more.
    Gone,
    /// The account may see its own connections alone. It is none of these, and may be alive.
    Unseen {
        /// The statement that gives the right.
        grant: String,
    },
    /// The server could not be asked.
    Unreached {
        /// Why not.
        reason: String,
    },
}

/// Finds out who holds a lease, and whether it is still there; `None` if it is free, or has run out and is anybody's.
///
/// The node of the holder is found by asking all of them for their host and port, at once.
///
/// # Errors
///
/// Those of [`holder`](super::holder()).
pub async fn trace(
    cluster: &Cluster,
    connection: &mut Connection,
    table: &Table,
    name: Name,
) -> Result<Option<Trace>, Error> {
    let holder = match look(connection, table, name, &Margin::default()).await {
        Ok(Seen::Held(holder)) => holder,
        Ok(Seen::Free | Seen::Stale(_) | Seen::NoRow) => return Ok(None),
        Err(error) => return Err(explain(connection, table, needs::FREE, error).await),
    };
    let Some(connection_id) = connection_of(connection, table, name, &holder).await? else {
        // It was given back, or changed hands, between the two looks.
        return Ok(None);
    };
    let (node, life) = life(cluster, &holder, connection_id).await;
    Ok(Some(Trace { holder, connection_id, node, connection: life }))
}

async fn connection_of(
    connection: &mut Connection,
    table: &Table,
    name: Name,
    holder: &Holder,
) -> Result<Option<u64>, Error> {
    let what = format!("connection_id FROM `{LEASE_TABLE}` WHERE session_table=? AND name=? AND owner=? AND epoch=?");
    let params = (table.name(), name.as_str(), &holder.owner, holder.epoch);
    Ok(first_at_once(connection, "looking for the holder's connection", &what, params).await?)
}

/// Looks for the holder's connection on the server that the row names.
async fn life(cluster: &Cluster, holder: &Holder, id: u64) -> (Option<String>, Life) {
    let asked = join_all(cluster.nodes().iter().map(|node| async move {
        let outcome = ask(cluster, node, &holder.node, (id, holder)).await;
        (node, outcome.map_err(|error| Refusal::new(node.name(), &error)))
    }))
    .await;
    let (mut silent, mut found) = (Vec::new(), Vec::new());
    for (node, outcome) in asked {
        match outcome {
            Ok(Some(life)) => found.push((node.name().to_owned(), life)),
            Ok(None) => {}
            Err(refusal) => silent.push(format!("{}: {}", refusal.node, refusal.reason)),
        }
    }
    the_one(found, &silent)
}

/// Takes the one node that is the holder's server. Of several that call themselves so, as containers of one image may,
/// none is known to be it; the connection that one of them lacks may be on another.
fn the_one(mut found: Vec<(String, Life)>, silent: &[String]) -> (Option<String>, Life) {
    if found.len() > 1 {
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        return (None, Life::Unreached { reason: format!("{} all call themselves so", names.join(", ")) });
    }
    if let Some((name, life)) = found.pop() {
        return (Some(name), life);
    }
    let reason = if silent.is_empty() {
        "it is none of the nodes".to_owned()
    } else {
        format!("it is none of the nodes that answer ({})", silent.join("; "))
    };
    (None, Life::Unreached { reason })
}

/// Asks one node; `None` if it is not the server that the row names.
async fn ask(
    cluster: &Cluster,
    node: &Node,
    server: &str,
    holding: (u64, &Holder),
) -> Result<Option<Life>, cluster::Error> {
    let mut connection = node.connect(cluster.deadline()).await?;
    let life = ask_over(&mut connection, server, holding).await;
    connection.close().await;
    life
}

async fn ask_over(
    connection: &mut Connection,
    server: &str,
    (id, holder): (u64, &Holder),
) -> Result<Option<Life>, cluster::Error> {
    let named: Option<String> =
        connection.first("asking for the server's name", &format!("SELECT {SERVER}"), ()).await?;
    if named.as_deref() != Some(server) {
        return Ok(None);
    }
    if has_restarted_since(connection, holder).await? {
        // Its numbers begin anew: a connection of that number is another one.
        return Ok(Some(Life::Gone));
    }
    let threads: Vec<Row> = connection.rows("reading the process list", "SHOW FULL PROCESSLIST", ()).await?;
    if let Some(life) = threads.iter().find_map(|row| alive(row, id)) {
        return Ok(Some(life));
    }
    // Who lacks PROCESS is shown his own connections alone, without an error. This tells anybody whether there is one
    // of that number: 1094 if not, else a refusal (1227) or no plan of what it runs. Of MariaDB before 10.9, 1064.
    let there = format!("EXPLAIN FOR CONNECTION {id}");
    match connection.rows::<Row>("looking for the holder's connection", &there, ()).await {
        Err(error) if error.code() == Some(1094) => Ok(Some(Life::Gone)),
        Err(error) if error.code().is_none() => Err(error),
        Ok(_) | Err(_) => {
            let grant = grant::statement(connection, "PROCESS", Object::Server).await;
            Ok(Some(Life::Unseen { grant }))
        }
    }
}

async fn has_restarted_since(connection: &mut Connection, holder: &Holder) -> Result<bool, cluster::Error> {
    let Some(since) = holder.since else { return Ok(false) };
    type Answer = (String, String);
    let uptime: Option<Answer> =
        connection.first("asking how long the server runs", "SHOW GLOBAL STATUS LIKE 'Uptime'", ()).await?;
    let now: Option<cluster::Instant> = connection.first("asking for the time", "SELECT UTC_TIMESTAMP(6)", ()).await?;
    let uptime = uptime.and_then(|(_, seconds)| seconds.parse::<i64>().ok());
    Ok(uptime.zip(now).is_some_and(|(uptime, now)| began_after(now.0.as_second(), uptime, since.0.as_second())))
}

/// Returns whether a server that runs for so long began after a moment; a second of doubt counts for the holder.
fn began_after(now_s: i64, uptime_s: i64, moment_s: i64) -> bool {
    now_s.saturating_sub(uptime_s) > moment_s.saturating_add(1)
}

/// Reads a row of the process list, if it is the one of this number. Columns are found by name, whatever their case.
fn alive(row: &Row, id: u64) -> Option<Life> {
    let text = |name: &str| -> Option<String> {
        let at = row.columns_ref().iter().position(|column| column.name_str().eq_ignore_ascii_case(name))?;
        row.get_opt::<Option<String>, _>(at)?.ok().flatten()
    };
    if text("Id")?.parse() != Ok(id) {
        return None;
    }
    Some(Life::Alive {
        command: text("Command").unwrap_or_default(),
        for_s: text("Time").and_then(|seconds| seconds.parse().ok()).unwrap_or(0),
        state: text("State").unwrap_or_default(),
        statement: text("Info"),
    })
}

/// Frees a lease of this holding and no other; false if it is not its any more.
///
/// # Errors
///
/// [`Error::Denied`], [`Error::NoTable`], [`Error::Cluster`].
pub async fn free(connection: &mut Connection, table: &Table, name: Name, holder: &Holder) -> Result<bool, Error> {
    // The epoch is raised: whoever holds on to it is told apart from whoever takes the lease next.
    let sql = format!(
        "UPDATE `{LEASE_TABLE}` SET owner='', phase='', epoch=epoch+1, expires_at=UTC_TIMESTAMP(6) \
         WHERE session_table=? AND name=? AND owner=? AND epoch=?"
    );
    let done = retried(async || {
        let params = (table.name(), name.as_str(), &holder.owner, holder.epoch);
        connection.execute_unhurried("freeing the lease", &sql, params).await
    })
    .await;
    match done {
        Ok(done) => Ok(done.rows > 0),
        Err(error) => Err(explain(connection, table, needs::FREE, error).await),
    }
}

impl Trace {
    /// Returns whether the holder is gone for certain.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.connection == Life::Gone
    }

    /// Returns whether the server still works on what the holder asked for, such as an ALTER.
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        matches!(&self.connection, Life::Alive { statement: Some(_), .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_servers_of_one_name_none_is_the_holders() {
        let gone = |name: &str| (name.to_owned(), Life::Gone);
        let unreached = |reason: &str| (None, Life::Unreached { reason: reason.to_owned() });
        let silent = ["n3: no answer".to_owned()];
        for (found, silent, expected) in [
            (vec![gone("n1")], &silent[..], (Some("n1".to_owned()), Life::Gone)),
            (vec![gone("n1"), gone("n2")], &[], unreached("n1, n2 all call themselves so")),
            (vec![], &[], unreached("it is none of the nodes")),
            (vec![], &silent, unreached("it is none of the nodes that answer (n3: no answer)")),
        ] {
            assert_eq!(the_one(found, silent), expected);
        }
    }

    #[test]
    fn a_server_that_began_after_the_lease_was_taken_has_other_connections() {
        for (now, uptime, taken, expected) in [
            (1000, 10, 900, true),
            (1000, 200, 900, false),
            (1000, 100, 900, false),
            (1000, 99, 900, false),
            (1000, 98, 900, true),
        ] {
            assert_eq!(began_after(now, uptime, taken), expected, "{now} {uptime} {taken}");
        }
    }
}
