//! The event in SQL: as each node stores it, and as an installation would write it.

use futures_util::future::join_all;

use super::definition::{Choices, Definition};
use super::error::Error;
use super::inspect::{Found, Sight, View, inspect};
use super::name::Name;
use super::plan::{Wanted, wanted};
use super::render::{SESSION, alter, create};
use super::rights;
use crate::cluster::{self, Cluster, Row};
use crate::schema::Table;

/// The event as one node stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The node's name.
    pub node: String,
    /// What it stores; `None` if it has no such event.
    pub event: Option<Found>,
    /// Its own words for that, as `SHOW CREATE EVENT` gives them.
    pub statement: Option<String>,
    /// Why nothing can be said of it.
    pub unseen: Option<String>,
}

/// The event in SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its name, as the servers have it if they do.
    pub event: Name,
    /// Each node, in the order of the configuration.
    pub nodes: Vec<Stored>,
    /// What an installation would make it do.
    pub definition: Definition,
    /// Whether that is what a node has enabled already.
    pub same: bool,
    /// The statements that an installation would send, in their order, to the node that is to run it.
    pub statements: Vec<String>,
}

/// Shows an event as it is stored, and as an installation with these choices would write it. Changes nothing.
///
/// # Errors
///
/// [`Error::Cluster`] if no node answers, [`Error::NotPermitted`] if none lets this account see events,
/// [`Error::Definition`] if what was chosen makes no event.
pub async fn show(cluster: &Cluster, event: &Name, table: &Table, choices: &Choices) -> Result<Shown, Error> {
    let sights = inspect(cluster, event, table).await?;
    let visible = |sight: &&Sight| matches!(&sight.seen, Ok(seen) if matches!(seen.view, View::Events(_)));
    if let (None, Some(denied)) = (sights.iter().find(visible), sights.iter().find(|sight| sight.seen.is_ok())) {
        rights::may_see_events(cluster, &denied.node).await?;
    }
    let Wanted { event, definition, clocks_apart: _ } = wanted(cluster, &sights, event, choices).await?;
    let same = sights.iter().filter_map(|sight| sight.event(event.as_str())).any(|found| {
        found.is_enabled()
            && found.definition().as_ref() == Some(&definition)
            && found.is_as_written(table) == Some(true)
            && found.time_zone == "+00:00"
    });
    let statements = vec![SESSION.to_owned(), create(&event, table, &definition), alter(&event, table, &definition)];
    let nodes = join_all(sights.into_iter().map(|sight| stored(cluster, sight, &event))).await;
    Ok(Shown { event, nodes, definition, same, statements })
}

async fn stored(cluster: &Cluster, sight: Sight, event: &Name) -> Stored {
    let found = sight.event(event.as_str()).cloned();
    let mut stored = Stored { node: sight.node, event: found, statement: None, unseen: None };
    match sight.seen {
        Err(refusal) => stored.unseen = Some(refusal.reason),
        Ok(seen) => match seen.view {
            View::Denied { grant } => stored.unseen = Some(format!("this account may not see events there ({grant})")),
            View::Events(_) if stored.event.is_none() => {}
            View::Events(_) => match words(cluster, &stored.node, event).await {
                Ok(statement) => stored.statement = statement,
                Err(error) => stored.unseen = Some(error.reason()),
            },
        },
    }
    stored
}

/// The server's own words for an event.
async fn words(cluster: &Cluster, node: &str, event: &Name) -> Result<Option<String>, cluster::Error> {
    let mut connection = cluster.node(node)?.connect(cluster.deadline()).await?;
    let sql = format!("SHOW CREATE EVENT {}", event.quoted());
    let row: Option<Row> = connection.first("asking for the event's statement", &sql, ()).await?;
    connection.close().await;
    // A character that no text may hold makes it none of ours to print.
    Ok(row.and_then(|row| row.get_opt::<String, _>("Create Event")).and_then(Result::ok))
}
