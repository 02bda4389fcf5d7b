//! What an installation would do: which node, what becomes of an event of that name, and whether it can be done at all.

mod choose;

use std::time::Duration;

use super::definition::{Choices, Definition};
use super::documented::cleans;
use super::error::Error;
use super::inspect::{Found, Seen, Sight, View, inspect};
use super::name::Name;
use super::rights;
use crate::Place;
use crate::cluster::{self, Class, Cluster, Connection, Kind, On, Refusal, clocks_exceed};
use crate::grant::{self, Lacking};
use crate::lease;
use crate::migrate::{self, Misfit};
use crate::schema::{self, Index, Table};
use choose::{State, Switch, best, changes, choose, may_be, states};

/// What somebody wishes for.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// The event's name.
    pub event: Name,
    /// The session table.
    pub table: Table,
    /// What was chosen of what the event is to do; the rest stays as it was.
    pub choices: Choices,
    /// The node that is to run it. [`On::Auto`] leaves it where it runs, else takes the first usable node whose
    /// scheduler is on, else the first usable one.
    pub on: On,
    /// What becomes of the event of the Go package's documentation.
    pub documented: Documented,
    /// What becomes of an event that is as it should be.
    pub unchanged: Unchanged,
}

/// What becomes of an event that is as it should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unchanged {
    /// It is left alone, so that its schedule goes on.
    #[default]
    Keep,
    /// It is written all the same: it runs at once, and as the account that installs it.
    WriteAnew,
}

/// What becomes of the event of the Go package's documentation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Documented {
    /// It is dropped, since the new one does what it was meant to do.
    #[default]
    Replace,
    /// It stays.
    Keep,
}

/// What becomes of an event of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// There is none yet.
    Create,
    /// It is as it should be, and stays untouched.
    Keep,
    /// It is given all its clauses anew, on the node that runs it or because none does.
    Replace,
    /// It is taken over.
    Move {
        /// The node that ran it; or those, one of which did.
        from: Vec<String>,
        /// Whether that is because they do not answer.
        gone: bool,
    },
}

/// Something about an event that an installation changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is.
    pub what: &'static str,
    /// How it is now.
    pub from: String,
    /// How it will be.
    pub to: String,
}

impl Change {
    fn new(what: &'static str, from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { what, from: from.into(), to: to.into() }
    }
}

/// The scheduler of the chosen node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheduler {
    /// It is on.
    On,
    /// It is off, and will be turned on, until the server restarts.
    TurnOn,
}

/// Another event that deletes from the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Its name.
    pub name: String,
    /// The server's word for its state: on the node that runs it, if one does, else on the chosen one.
    pub status: String,
    /// Whether it is the one of the Go package's documentation.
    pub documented: bool,
}

/// What an installation would do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The event's name, as the servers have it if they do.
    pub event: Name,
    /// The session table.
    pub table: Table,
    /// What the event is to do.
    pub definition: Definition,
    /// The node that is to run the event.
    pub node: String,
    /// What becomes of an event of that name.
    pub action: Action,
    /// What that changes; nothing where there was no event.
    pub changes: Vec<Change>,
    /// The scheduler there.
    pub scheduler: Scheduler,
    /// The event of the Go package's documentation, if it is to go.
    pub drops: Option<Other>,
    /// Other events that delete from the table, and stay.
    pub others: Vec<Other>,
    /// Whether deletes will read the whole table, for want of an index on `expire_on`.
    pub scans: bool,
    /// Why `migrate` could not give the table the keys it lacks; nothing if it could, or nothing is lacking.
    pub misfit: Option<Misfit>,
    /// How far the nodes' clocks are apart, if that is further than the grace that the event has and keeps.
    pub too_short: Option<Duration>,
}

impl Plan {
    /// Returns whether there is nothing to do.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.action == Action::Keep && self.scheduler == Scheduler::On && self.drops.is_none()
    }
}

/// Looks at all nodes and says what an installation would do. Changes nothing.
///
/// # Errors
///
/// [`Error::Cluster`] if no node is usable, or the one asked for is not; [`Error::Definition`] if what was chosen makes
/// no event; [`Error::NotPermitted`] if the account may not make events, or could not do what its event does;
/// [`Error::NoLease`] if there is no table of leases; [`Error::Unkeyed`] on Galera if the table lacks the keys without
/// which a delete blocks the cluster; [`Error::Misfit`] if it is no table of sessions at all;
/// [`Error::SchedulerDisabled`] if the chosen node's scheduler can never run; [`Error::Skew`] if the nodes' clocks are
/// further apart than the grace that is asked for, or that a new event would have.
pub async fn plan(cluster: &Cluster, wishes: &Wishes) -> Result<Plan, Error> {
    let Wishes { event, table, choices, on, documented, unchanged } = wishes;
    if let On::Named(name) = on {
        cluster.node(name)?;
    }
    let sights = inspect(cluster, event, table).await?;
    let states = states(&sights, event, on);
    let Some(chosen) = choose(&states).map(|state| (state.at, state.scheduler)) else {
        return Err(none(cluster, &sights, &states, on));
    };
    let (chosen, switch) = chosen;
    let node = sights[chosen].node.clone();
    let mut connection = cluster.usable(&On::Named(node.clone())).await?.connection;
    let checked = check(cluster, &mut connection, &sights[chosen], table).await;
    connection.close().await;
    let Checked { scans, misfit } = checked?;

    let Wanted { event, definition, clocks_apart } = wanted(cluster, &sights, event, choices).await?;
    let (action, changes) = changes(&sights, chosen, (&event, table), &definition, *unchanged);
    // What is there already is not refused to whoever asks for no other grace: an event whose node is gone would clean
    // nothing any more.
    let too_short = match timely(&definition, clocks_apart) {
        Err(error) if choices.grace.is_some() || action == Action::Create => return Err(error),
        Err(_) => Some(clocks_apart),
        Ok(()) => None,
    };
    let (drops, others) = others(&sights, chosen, &event, table)
        .into_iter()
        .partition::<Vec<Other>, _>(|other| other.documented && *documented == Documented::Replace);
    Ok(Plan {
        event,
        table: table.clone(),
        definition,
        node,
        action,
        changes,
        scheduler: if switch == Switch::On { Scheduler::On } else { Scheduler::TurnOn },
        drops: drops.into_iter().next(),
        others,
        scans,
        misfit,
        too_short,
    })
}

/// What an installation would write.
pub(super) struct Wanted {
    /// The event's name, as the servers have it if they do.
    pub(super) event: Name,
    pub(super) definition: Definition,
    /// How far the clocks that are known are apart at most.
    pub(super) clocks_apart: Duration,
}

/// Returns what the event is to do: what was chosen, over what it does now.
pub(super) async fn wanted(
    cluster: &Cluster,
    sights: &[Sight],
    event: &Name,
    choices: &Choices,
) -> Result<Wanted, Error> {
    let found = best(sights, event, None);
    // Servers know no upper and lower case in the name of an event; the one that it has goes on.
    let event = found.map_or_else(|| Ok(event.clone()), |found| Name::new(found.name.as_str()))?;
    let before = found.and_then(Found::definition);
    let definition = choices.over(before.as_ref())?;
    let margin = lease::Margin::of(&cluster.clocks().await);
    let definition = enduring(definition, before.as_ref(), &margin);
    Ok(Wanted { event, definition, clocks_apart: margin.spread })
}

/// Looks whether the grace covers how far the nodes' clocks are apart, as a purge does.
#[track_caller]
fn timely(definition: &Definition, apart: Duration) -> Result<(), Error> {
    let grace = definition.grace();
    if clocks_exceed(grace, apart) {
        return Err(Error::Skew { grace, apart, place: Place::here() });
    }
    Ok(())
}

/// Gives a definition its margin: the one that is written already as long as it suffices, since clocks that are read
/// again are never quite the same, and a node that is down just now is no reason to begin the schedule anew.
fn enduring(definition: Definition, before: Option<&Definition>, margin: &lease::Margin) -> Definition {
    match before {
        Some(before) if before.margin() >= margin.spread => definition.with_margin(before.margin()),
        _ => definition.with_margin(margin.length),
    }
}

/// Returns why no node could be chosen.
fn none(cluster: &Cluster, sights: &[Sight], states: &[State], on: &On) -> Error {
    if let Some(state) = states.iter().find(|state| state.eligible) {
        return Error::SchedulerDisabled { node: sights[state.at].node.clone(), place: Place::here() };
    }
    let refused = |sight: &Sight| match &sight.seen {
        Err(refusal) => Some(refusal.clone()),
        Ok(seen) => seen.vitals.objection().map(|reason| Refusal {
            node: sight.node.clone(),
            reason,
            code: None,
            obstacle: None,
            class: Class::Node,
            place: Place::here(),
        }),
    };
    let refusals = sights.iter().filter(|sight| may_be(on, &sight.node)).filter_map(refused).collect();
    cluster::Error::NoUsableNode { cluster: cluster.name().to_owned(), refusals, place: Place::here() }.into()
}

/// Returns the other events that delete from the table, each once.
fn others(sights: &[Sight], chosen: usize, event: &Name, table: &Table) -> Vec<Other> {
    let mut order: Vec<&Sight> = sights.iter().collect();
    order.swap(0, chosen);
    let mut others: Vec<Other> = Vec::new();
    for found in order.into_iter().flat_map(Sight::events) {
        if found.name.eq_ignore_ascii_case(event.as_str()) || !cleans(&found.body, table) {
            continue;
        }
        match others.iter_mut().find(|other| other.name.eq_ignore_ascii_case(&found.name)) {
            Some(other) if found.is_enabled() => other.status.clone_from(&found.status),
            Some(_) => {}
            None => others.push(Other {
                name: found.name.clone(),
                status: found.status.clone(),
                documented: found.is_documented(table),
            }),
        }
    }
    others
}

/// What the chosen node says about the table.
struct Checked {
    scans: bool,
    misfit: Option<Misfit>,
}

/// Finds out whether the account may make an event there that can do its work.
async fn check(cluster: &Cluster, connection: &mut Connection, sight: &Sight, table: &Table) -> Result<Checked, Error> {
    if matches!(&sight.seen, Ok(Seen { view: View::Denied { .. }, .. })) {
        rights::may_see_events(cluster, &sight.node).await?;
    }
    may_delete(connection, table).await?;
    let missing = missing_keys(connection, table).await?;
    let misfit = if missing.is_empty() { None } else { migrate::misfit(connection, table).await? };
    let kind = sight.seen.as_ref().map_or(Kind::Standalone, |seen| seen.vitals.kind());
    let unbearable = kind == Kind::Galera && !missing.is_empty();
    if unbearable || kind.refuses_keyless_rows() && missing.contains(&PRIMARY) {
        return Err(Error::Unkeyed { table: table.clone(), missing, kind, misfit, place: Place::here() });
    }
    may_take_the_lease(connection, table).await?;
    Ok(Checked { scans: missing.contains(&INDEX), misfit })
}

#[track_caller]
fn not_permitted(connection: &Connection, what: &'static str, Lacking { grant, source }: Lacking) -> Error {
    let node = connection.node().to_owned();
    Error::NotPermitted { node, what, grant, source: source.into(), place: Place::here() }
}

/// The account must be able to do itself what its event will do in its name: an event without the right fails in the
/// server's log only.
async fn may_delete(connection: &mut Connection, table: &Table) -> Result<(), Error> {
    match grant::lacks_delete(connection, table).await {
        Ok(None) => Ok(()),
        Ok(Some(lacking)) => Err(not_permitted(connection, "delete expired sessions", lacking)),
        // A sequence, for one, has no column `expire_on`: what it is says more than what it lacks.
        Err(error) if error.class() == Class::Data => match migrate::misfit(connection, table).await? {
            Some(misfit) => Err(Error::Misfit { table: table.clone(), misfit, place: Place::here() }),
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

async fn may_take_the_lease(connection: &mut Connection, table: &Table) -> Result<(), Error> {
    match rights::on_lease(connection, table).await {
        Ok(None) => Ok(()),
        Ok(Some(lacking)) => Err(not_permitted(connection, "take the lease that the event runs under", lacking)),
        Err(error) if error.code() == Some(1146) => {
            Err(Error::NoLease { table: table.clone(), source: error.into(), place: Place::here() })
        }
        Err(error) => Err(error.into()),
    }
}

const PRIMARY: &str = "primary key";
const INDEX: &str = "index on expire_on";

async fn missing_keys(connection: &mut Connection, table: &Table) -> Result<Vec<&'static str>, Error> {
    let indexes = schema::indexes(connection, table).await?;
    let lacks = [
        (PRIMARY, indexes.iter().any(Index::is_primary)),
        (INDEX, indexes.iter().any(|index| index.finds("expire_on"))),
    ];
    Ok(lacks.into_iter().filter(|(_, there)| !there).map(|(name, _)| name).collect())
}

#[cfg(test)]
mod tests;
