//! Removing the event from every node that has it.

use super::error::Error;
use super::inspect::{Sight, View, inspect};
use super::name::Name;
use super::render::drop;
use super::rights::{self, permitted};
use crate::Place;
use crate::cluster::{Class, Cluster, On, Refusal};
use crate::schema::Table;

/// Where an event is, for somebody who wants to remove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The event's name, as the servers have it if they do.
    pub event: Name,
    /// The session table.
    pub table: Table,
    /// The nodes that have it, and the server's word for its state there.
    pub on: Vec<(String, String)>,
    /// The nodes that could not be asked, and why.
    pub unseen: Vec<Refusal>,
}

/// Looks for an event on every node. Changes nothing.
///
/// # Errors
///
/// [`Error::Cluster`] if no node answers, [`Error::NotPermitted`] if none lets this account see events.
pub async fn removal(cluster: &Cluster, event: &Name, table: &Table) -> Result<Removal, Error> {
    let sights = inspect(cluster, event, table).await?;
    let seen = |sight: &&Sight| matches!(&sight.seen, Ok(seen) if matches!(seen.view, View::Events(_)));
    if let (None, Some(denied)) = (sights.iter().find(seen), sights.iter().find(|sight| sight.seen.is_ok())) {
        rights::may_see_events(cluster, &denied.node).await?;
    }
    let found: Vec<_> = sights.iter().filter_map(|sight| Some((sight, sight.event(event.as_str())?))).collect();
    let name = found.first().map(|(_, found)| Name::new(found.name.as_str())).transpose()?;
    Ok(Removal {
        event: name.unwrap_or_else(|| event.clone()),
        table: table.clone(),
        on: found.iter().map(|(sight, found)| (sight.node.clone(), found.status.clone())).collect(),
        unseen: sights.iter().filter_map(unseen).collect(),
    })
}

/// Removes an event from every node that has it.
///
/// On a cluster one statement reaches all nodes, those that are down too once they are back. It is sent again where a node
/// has the event still: servers that do not replicate to each other, or one that the event was made on alone.
///
/// # Errors
///
/// [`Error::Cluster`] if no node that has it is usable or a statement fails, [`Error::NotPermitted`], and
/// [`Error::NotRemoved`] if a node that answers has it still.
pub async fn remove(cluster: &Cluster, removal: &Removal) -> Result<Removal, Error> {
    let mut left = removal.clone();
    for (node, _) in &removal.on {
        if !left.on.iter().any(|(still, _)| still == node) {
            continue;
        }
        let mut connection = match cluster.usable(&On::Named(node.clone())).await {
            Ok(usable) => usable.connection,
            // Another node's statement reaches it once it is back; if it does not, that is found out below.
            Err(error) if removal.on.len() > 1 && error.class() == Class::Node => continue,
            Err(error) => return Err(error.into()),
        };
        let dropped = connection.execute_unhurried("dropping the event", &drop(&removal.event), ()).await;
        permitted(dropped, &mut connection, Some(&removal.event)).await?;
        connection.close().await;
        left = self::removal(cluster, &removal.event, &removal.table).await?;
        if left.on.is_empty() {
            return Ok(left);
        }
    }
    if left.on.is_empty() {
        return Ok(left);
    }
    let nodes = left.on.into_iter().map(|(node, _)| node).collect();
    Err(Error::NotRemoved { event: removal.event.as_str().to_owned(), nodes, place: Place::here() })
}

fn unseen(sight: &Sight) -> Option<Refusal> {
    match &sight.seen {
        Err(refusal) => Some(refusal.clone()),
        Ok(seen) => match &seen.view {
            View::Denied { grant } => Some(Refusal {
                node: sight.node.clone(),
                reason: format!("this account may not see events there ({grant})"),
                code: None,
                obstacle: None,
                class: Class::Config,
                place: Place::here(),
            }),
            View::Events(_) => None,
        },
    }
}
