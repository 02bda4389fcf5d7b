//! What every node says of the event, asked of all at once.

use std::time::Duration;

use futures_util::future::join_all;

use super::body::body;
use super::definition::Definition;
use super::documented::{DOCUMENTED_NAME, cleans};
use super::name::Name;
use super::rights::LIST;
use crate::Place;
use crate::cluster::{Cluster, Connection, Current, Error, Instant, Node, Refusal, Row, Vitals, WAITING_READ};
use crate::grant::{self, Object};
use crate::schema::Table;

/// An event as one node stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// The server's word: `ENABLED`, `DISABLED`, `SLAVESIDE_DISABLED` or `REPLICA_SIDE_DISABLED`.
    pub status: String,
    /// The account that it runs as.
    pub definer: String,
    /// Whether that account is there; `None` if this one may not see that.
    pub definer_there: Option<bool>,
    /// What it does.
    pub body: String,
    /// Its comment.
    pub comment: String,
    /// The interval between runs; `None` if it runs once, or in months.
    pub every: Option<Duration>,
    /// The zone that its body sees.
    pub time_zone: String,
    /// When this node last ran it, which proves nothing about what it did.
    pub last_executed: Option<jiff::Timestamp>,
}

/// What an account can see of the events of its database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// Those of the name asked for, and those whose body names the session table.
    Events(Vec<Found>),
    /// Nothing: it lacks the privilege EVENT. `information_schema` shows no row then, and no error.
    Denied {
        /// The statement that gives it the right, for somebody who may.
        grant: String,
    },
}

/// What a node that answered says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its state, the scheduler's switch included.
    pub vitals: Vitals,
    /// How the server names itself in the row of a lease: host name and port.
    pub server: String,
    /// The account that we are there.
    pub account: String,
    /// The events.
    pub view: View,
    /// Why what it says may be a moment old, if it could not catch up with the other nodes first.
    pub stale: Option<String>,
}

/// One node, and what was seen there or why nothing was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The node's name.
    pub node: String,
    /// What it says.
    pub seen: Result<Seen, Refusal>,
}

impl Sight {
    /// Returns the events that were seen; none too if they could not be seen.
    #[must_use]
    pub fn events(&self) -> &[Found] {
        match &self.seen {
            Ok(Seen { view: View::Events(events), .. }) => events,
            _ => &[],
        }
    }

    /// Returns the event of a name, if it was seen.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&Found> {
        self.events().iter().find(|found| found.name.eq_ignore_ascii_case(name))
    }
}

impl Found {
    /// Returns whether the node runs it.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.status == "ENABLED"
    }

    /// Returns what the event is to do, if one of ours says so.
    #[must_use]
    pub fn definition(&self) -> Option<Definition> {
        Definition::read(self.every?, &self.comment)
    }

    /// Returns whether it is the event of the Go package's documentation, as far as its name and its body tell.
    #[must_use]
    pub fn is_documented(&self, table: &Table) -> bool {
        self.name.eq_ignore_ascii_case(DOCUMENTED_NAME) && cleans(&self.body, table)
    }

    /// Returns whether its body is what [`body`] writes for what its comment says, but for white space; `None` if it was
    /// not made by csqlstore.
    #[must_use]
    pub fn is_as_written(&self, table: &Table) -> Option<bool> {
        let definition = self.definition()?;
        let Ok(name) = Name::new(self.name.as_str()) else { return Some(false) };
        Some(self.body.split_whitespace().eq(body(&name, table, &definition).split_whitespace()))
    }
}

const EVENTS: &str = "SELECT EVENT_NAME, STATUS, DEFINER, EVENT_DEFINITION, EVENT_COMMENT, INTERVAL_VALUE, \
    INTERVAL_FIELD, TIME_ZONE, CONVERT_TZ(LAST_EXECUTED, TIME_ZONE, '+00:00') FROM information_schema.EVENTS \
    WHERE EVENT_SCHEMA = DATABASE() AND (EVENT_NAME = ? OR LOCATE(?, EVENT_DEFINITION) > 0) ORDER BY EVENT_NAME LIMIT 100";

/// How a server names itself, as the row of a lease does, and us.
const NAMES: &str = "SELECT CONCAT(@@hostname, ':', @@port), CURRENT_USER()";

type EventRow =
    (String, String, String, String, Option<String>, Option<String>, Option<String>, String, Option<Instant>);

/// Asks every node for its state and for the events that matter to a table.
///
/// A node that is down or hangs is a [`Refusal`] in its place, and costs the cluster's deadline once.
///
/// # Errors
///
/// [`Error::NoUsableNode`] with every node's reason if none answers.
pub async fn inspect(cluster: &Cluster, event: &Name, table: &Table) -> Result<Vec<Sight>, Error> {
    let deadline = cluster.deadline();
    let sights = join_all(cluster.nodes().iter().map(|node| async move {
        let seen = look(node, event, table, deadline).await.map_err(|error| Refusal::new(node.name(), &error));
        Sight { node: node.name().to_owned(), seen }
    }))
    .await;
    if sights.iter().any(|sight| sight.seen.is_ok()) {
        return Ok(sights);
    }
    let refusals = sights.into_iter().filter_map(|sight| sight.seen.err()).collect();
    Err(Error::NoUsableNode { cluster: cluster.name().to_owned(), refusals, place: Place::here() })
}

async fn look(node: &Node, event: &Name, table: &Table, deadline: Duration) -> Result<Seen, Error> {
    // Or an event that another node has just installed is not there yet.
    let Current { mut connection, vitals, stale } = node.connect_current(deadline).await?;
    let named = connection.first("asking for the server's name", NAMES, ()).await?;
    let (server, account): (String, String) = named.unwrap_or_default();
    let view = view(&mut connection, event, table).await?;
    connection.close().await;
    Ok(Seen { vitals, server, account, view, stale })
}

/// Waits until the node has applied what the others had committed, on a connection whose reads do so.
///
/// Where another node hangs, all of them wait for it until they agree to go on without: some seconds, in which a node
/// that is well itself does not answer a causal read.
pub(super) async fn settled(connection: &mut Connection) -> Result<(), Error> {
    connection.first::<i64>("waiting for the other nodes", WAITING_READ, ()).await.map(|_| ())
}

/// Reads the events, and tells "there is none" from "this account may see none".
pub(super) async fn view(connection: &mut Connection, event: &Name, table: &Table) -> Result<View, Error> {
    match connection.rows::<Row>("listing events", LIST, ()).await {
        Ok(_) => {}
        Err(error) if grant::is_lacking(&error) => {
            return Ok(View::Denied { grant: grant::statement(connection, "EVENT", Object::Database).await });
        }
        Err(error) => return Err(error),
    }
    let rows: Vec<EventRow> = connection.rows("reading events", EVENTS, (event.as_str(), table.name())).await?;
    let mut events: Vec<Found> = rows.into_iter().map(found).collect();
    for found in &mut events {
        found.definer_there = is_there(connection, &found.definer).await?;
    }
    Ok(View::Events(events))
}

/// Returns whether an account is there; `None` if that is not for us to see.
async fn is_there(connection: &mut Connection, account: &str) -> Result<Option<bool>, Error> {
    // Whose rights an account has does not matter: it is there if it is our own.
    const SQL: &str = "SELECT CURRENT_USER() = ?";
    let ours: Option<bool> = connection.first("asking for the account's name", SQL, (account,)).await?;
    if ours == Some(true) {
        return Ok(Some(true));
    }
    let Some((user, host)) = account.rsplit_once('@') else { return Ok(None) };
    const ACCOUNTS: &str = "SELECT COUNT(*) FROM mysql.user WHERE User = ? AND Host = ?";
    match connection.first::<u64>("looking for the definer", ACCOUNTS, (user, host)).await {
        Ok(count) => Ok(count.map(|count| count > 0)),
        Err(error) if grant::is_lacking(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn found(row: EventRow) -> Found {
    let (name, status, definer, body, comment, value, field, time_zone, last_executed) = row;
    Found {
        name,
        status,
        definer,
        definer_there: None,
        body,
        comment: comment.unwrap_or_default(),
        every: value.zip(field).and_then(|(value, field)| interval(&value, &field)),
        time_zone,
        last_executed: last_executed.map(|Instant(at)| at),
    }
}

/// Returns the interval of an event; `None` for a composite one (`1:30` `HOUR_MINUTE`) or one of months.
fn interval(value: &str, field: &str) -> Option<Duration> {
    let seconds = match field.to_ascii_uppercase().as_str() {
        "SECOND" => 1,
        "MINUTE" => 60,
        "HOUR" => 3600,
        "DAY" => 86_400,
        "WEEK" => 604_800,
        _ => return None,
    };
    let value: u64 = value.trim_matches('\'').parse().ok()?;
    value.checked_mul(seconds).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_read_as_servers_write_it() {
        for (value, field, expected) in [
            ("3600", "SECOND", Some(3600)),
            ("1", "HOUR", Some(3600)),
            ("'2'", "DAY", Some(172_800)),
            ("1", "MONTH", None),
            ("'1:30'", "HOUR_MINUTE", None),
            ("x", "SECOND", None),
            ("18446744073709551615", "DAY", None),
        ] {
            assert_eq!(interval(value, field), expected.map(Duration::from_secs), "{value} {field}");
        }
    }
}
