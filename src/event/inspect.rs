//! What every node says of the event, asked of all at once.

use std::time::Duration;

use futures_util::future::join_all;

use super::definition::Name;
use crate::Place;
use crate::cluster::{Cluster, Connection, Error, Instant, Node, On, Refusal, Row, Vitals, Wait};
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

/// How far the cleanup is behind: the only proof that it works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backlog {
    /// No session in the table has expired.
    Empty,
    /// The oldest expired row, counted from the moment when it expired.
    Oldest(Duration),
    /// The table could not be read.
    Unknown(Refusal),
}

const EVENTS: &str = "SELECT EVENT_NAME, STATUS, DEFINER, EVENT_DEFINITION, EVENT_COMMENT, INTERVAL_VALUE, \
    INTERVAL_FIELD, TIME_ZONE, CONVERT_TZ(LAST_EXECUTED, TIME_ZONE, '+00:00') FROM information_schema.EVENTS \
    WHERE EVENT_SCHEMA = DATABASE() AND (EVENT_NAME = ? OR LOCATE(?, EVENT_DEFINITION) > 0) ORDER BY EVENT_NAME LIMIT 100";

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
        let seen = look(node, event, table, deadline).await.map_err(|error| refusal(node.name(), &error));
        Sight { node: node.name().to_owned(), seen }
    }))
    .await;
    if sights.iter().any(|sight| sight.seen.is_ok()) {
        return Ok(sights);
    }
    let refusals = sights.into_iter().filter_map(|sight| sight.seen.err()).collect();
    Err(Error::NoUsableNode { cluster: cluster.name().to_owned(), refusals, place: Place::here() })
}

/// Asks a usable node for the oldest expired row.
///
/// The whole table is read where there is no index on `expire_on`; no deadline bounds that.
pub async fn backlog(cluster: &Cluster, table: &Table) -> Backlog {
    // The floor is for a zero date, from which no difference can be taken.
    let sql = format!(
        "SELECT TIMESTAMPDIFF(SECOND, GREATEST(MIN(expire_on), TIMESTAMP'1000-01-01 00:00:00'), UTC_TIMESTAMP()) \
         FROM {} WHERE expire_on < UTC_TIMESTAMP()",
        table.quoted()
    );
    let ages = async {
        let mut connection = cluster.usable(&On::Auto).await?.connection;
        if settled(&mut connection).await.is_err() {
            // An age that is a moment old is better than none; whoever holds the others up is in the sights.
            let node = connection.node().to_owned();
            connection = cluster.node(&node)?.connect(cluster.deadline()).await?;
        }
        let ages = connection.rows_unhurried("looking for the oldest expired row", &sql, ()).await;
        connection.close().await;
        ages
    }
    .await;
    match ages.map(|ages: Vec<Option<u64>>| ages.into_iter().flatten().next()) {
        Ok(None) => Backlog::Empty,
        Ok(Some(age)) => Backlog::Oldest(Duration::from_secs(age)),
        Err(error) => Backlog::Unknown(refusal(error.node().unwrap_or_default(), &error)),
    }
}

async fn look(node: &Node, event: &Name, table: &Table, deadline: Duration) -> Result<Seen, Error> {
    let mut connection = node.connect(deadline).await?;
    let vitals = Vitals::read(&mut connection).await?;
    let mut stale = None;
    if let Some(sql) = vitals.kind().wait(Wait::Reads)
        && vitals.apart().is_none()
    {
        // Or an event that another node has just installed is not there yet.
        let caught_up = match connection.execute("asking for causal reads", sql, ()).await {
            Ok(_) => settled(&mut connection).await,
            Err(error) => Err(error),
        };
        if let Err(error) = caught_up {
            stale = Some(error.reason());
            connection = node.connect(deadline).await?;
        }
    }
    let view = view(&mut connection, event, table).await?;
    connection.close().await;
    Ok(Seen { vitals, view, stale })
}

/// Waits until the node has applied what the others had committed, on a connection whose reads do so.
///
/// Where another node hangs, all of them wait for it until they agree to go on without: some seconds, in which a node
/// that is well itself does not answer a causal read.
async fn settled(connection: &mut Connection) -> Result<(), Error> {
    connection.first::<i64>("waiting for the other nodes", "SELECT 1", ()).await.map(|_| ())
}

/// Reads the events, and tells "there is none" from "this account may see none".
pub(super) async fn view(connection: &mut Connection, event: &Name, table: &Table) -> Result<View, Error> {
    // Of all that lists events, this alone says no: 1044 (MariaDB, MySQL), whatever roles the account has.
    match connection.rows::<Row>("listing events", "SHOW EVENTS LIKE 'csqlstore'", ()).await {
        Ok(_) => {}
        Err(error) if grant::is_lacking(&error) => {
            return Ok(View::Denied { grant: grant::statement(connection, "EVENT", Object::Database).await });
        }
        Err(error) => return Err(error),
    }
    let rows: Vec<EventRow> = connection.rows("reading events", EVENTS, (event.as_str(), table.name())).await?;
    Ok(View::Events(rows.into_iter().map(found).collect()))
}

fn found(row: EventRow) -> Found {
    let (name, status, definer, body, comment, value, field, time_zone, last_executed) = row;
    Found {
        name,
        status,
        definer,
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

fn refusal(node: &str, error: &Error) -> Refusal {
    Refusal::new(node, error)
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
