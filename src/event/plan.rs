//! What an installation would do: which node, what becomes of an event of that name, and whether it can be done at all.

use futures_util::future::join_all;

use super::definition::{Definition, Name};
use super::documented::cleans;
use super::error::Error;
use super::inspect::{Found, View, view};
use crate::Place;
use crate::cluster::{self, Class, Cluster, Connection, Kind, On, Usable};
use crate::grant::{self, Lacking};
use crate::migrate::{self, Misfit};
use crate::schema::{self, Index, Table};

/// What somebody wishes for.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// The event's name.
    pub event: Name,
    /// The session table.
    pub table: Table,
    /// What the event is to do.
    pub definition: Definition,
    /// The node that is to run it. [`On::Auto`] leaves it where it runs, else takes the first usable node whose
    /// scheduler is on, else the first usable one.
    pub on: On,
}

/// What becomes of an event of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// There is none yet.
    Create,
    /// It is given all its clauses anew, on the node that runs it or because none does.
    Replace,
    /// It is taken over from another node.
    Move {
        /// The node that ran it.
        from: String,
    },
}

/// The scheduler of the chosen node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheduler {
    /// It is on.
    On,
    /// It is off, and will be turned on, until the server restarts.
    TurnOn,
}

/// What an installation would do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What was wished for.
    pub wishes: Wishes,
    /// The node that is to run the event.
    pub node: String,
    /// What becomes of an event of that name.
    pub action: Action,
    /// The scheduler there.
    pub scheduler: Scheduler,
    /// Other events that delete from the table: name, and the server's word for their state on the chosen node.
    pub others: Vec<(String, String)>,
    /// Whether deletes will read the whole table, for want of an index on `expire_on`.
    pub scans: bool,
    /// Why `migrate` could not give the table the keys it lacks; nothing if it could, or nothing is lacking.
    pub misfit: Option<Misfit>,
}

/// Looks at all nodes and says what an installation would do. Changes nothing.
///
/// # Errors
///
/// [`Error::Cluster`] if no node is usable, or the one asked for is not; [`Error::NotPermitted`] if the account may not
/// make events, or may not delete what its event would delete; [`Error::Unkeyed`] if the table lacks a key without
/// which the cluster could not bear it; [`Error::Misfit`] if it is no table of sessions at all; [`Error::SchedulerDisabled`] if the chosen node's scheduler can never run.
pub async fn plan(cluster: &Cluster, wishes: Wishes) -> Result<Plan, Error> {
    let (mut candidates, error) = candidates(cluster, &wishes).await?;
    let states: Vec<State> = candidates.iter().map(|candidate| candidate.state(&wishes)).collect();
    let Some(chosen) = choose(&states) else {
        return Err(match states.into_iter().find(|state| state.eligible) {
            Some(State { node, .. }) => Error::SchedulerDisabled { node, place: Place::here() },
            None => error,
        });
    };
    let action = action(&states, chosen);
    let Candidate { name, usable: Usable { mut connection, vitals, .. }, view } = candidates.swap_remove(chosen);
    let found = match view {
        View::Events(found) => found,
        View::Denied { grant } => {
            // The server's own refusal belongs to the error; it refuses again, without any effect.
            let refused = connection.execute("listing events", "SHOW EVENTS LIKE 'csqlstore'", ()).await;
            return Err(refused.map_or_else(
                |source| Error::NotPermitted {
                    node: name,
                    what: "make events",
                    grant,
                    source: source.into(),
                    place: Place::here(),
                },
                |_| error,
            ));
        }
    };
    may_delete(&mut connection, &wishes.table).await?;
    let missing = missing_keys(&mut connection, &wishes.table).await?;
    let misfit = if missing.is_empty() { None } else { migrate::misfit(&mut connection, &wishes.table).await? };
    let kind = vitals.kind();
    let unbearable = kind == Kind::Galera && !missing.is_empty();
    if unbearable || kind.refuses_keyless_rows() && missing.contains(&PRIMARY) {
        return Err(Error::Unkeyed { table: wishes.table, missing, kind, misfit, place: Place::here() });
    }
    connection.close().await;
    for candidate in candidates {
        candidate.usable.connection.close().await;
    }
    let others = found
        .into_iter()
        .filter(|found| !is(found, &wishes.event) && cleans(&found.body, &wishes.table))
        .map(|found| (found.name, found.status))
        .collect();
    let scheduler = if states[chosen].scheduler == Switch::On { Scheduler::On } else { Scheduler::TurnOn };
    Ok(Plan { node: name, action, scheduler, others, scans: missing.contains(&INDEX), misfit, wishes })
}

/// A usable node and its events.
struct Candidate {
    name: String,
    usable: Usable,
    view: View,
}

impl Candidate {
    fn state(&self, Wishes { event, on, .. }: &Wishes) -> State {
        let found = match &self.view {
            View::Events(found) => found.iter().find(|found| is(found, event)),
            View::Denied { .. } => None,
        };
        State {
            node: self.name.clone(),
            eligible: eligible(on, &self.name),
            scheduler: Switch::read(self.usable.vitals.get("event_scheduler")),
            event: found.map(|found| found.status == "ENABLED"),
        }
    }
}

pub(super) fn is(found: &Found, event: &Name) -> bool {
    found.name.eq_ignore_ascii_case(event.as_str())
}

fn eligible(on: &On, node: &str) -> bool {
    match on {
        On::Auto => true,
        On::Named(name) => name == node,
    }
}

/// Asks all nodes at once, the ones that are not to run the event too: it may have to be taken over from them. The error
/// is for when none of those that may be chosen is usable.
async fn candidates(cluster: &Cluster, wishes: &Wishes) -> Result<(Vec<Candidate>, Error), Error> {
    if let On::Named(name) = &wishes.on {
        cluster.node(name)?;
    }
    let mut candidates = Vec::new();
    let mut refusals = Vec::new();
    let each = cluster.nodes().iter().map(|node| async move {
        let mut usable = cluster.usable(&On::Named(node.name().to_owned())).await?;
        let view = view(&mut usable.connection, &wishes.event, &wishes.table).await?;
        Ok(Candidate { name: node.name().to_owned(), usable, view })
    });
    for outcome in join_all(each).await {
        match outcome {
            Ok(candidate) => candidates.push(candidate),
            Err(cluster::Error::NoUsableNode { refusals: of_one, .. }) => refusals.extend(of_one),
            Err(error) => refusals.push(cluster::Refusal {
                node: error.node().unwrap_or_default().to_owned(),
                reason: error.reason(),
                class: error.class(),
                place: error.place(),
            }),
        }
    }
    refusals.retain(|refusal| eligible(&wishes.on, &refusal.node));
    let none = cluster::Error::NoUsableNode { cluster: cluster.name().to_owned(), refusals, place: Place::here() };
    Ok((candidates, none.into()))
}

/// The switch of a node's scheduler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Switch {
    On,
    Off,
    Disabled,
}

impl Switch {
    fn read(said: Option<&str>) -> Self {
        match said.unwrap_or_default().to_ascii_uppercase().as_str() {
            "ON" | "1" => Self::On,
            "DISABLED" => Self::Disabled,
            _ => Self::Off,
        }
    }
}

/// What decides about a usable node.
#[derive(Clone, Debug)]
struct State {
    node: String,
    /// Whether it may be chosen.
    eligible: bool,
    scheduler: Switch,
    /// Whether it has an event of the name, and whether enabled.
    event: Option<bool>,
}

/// Chooses a node: the one that runs the event already (moving it needs a reason), else the first whose scheduler is on,
/// else the first whose scheduler can be turned on.
fn choose(states: &[State]) -> Option<usize> {
    let first = |wanted: &dyn Fn(&State) -> bool| states.iter().position(|state| state.eligible && wanted(state));
    first(&|state| state.scheduler == Switch::On && state.event == Some(true))
        .or_else(|| first(&|state| state.scheduler == Switch::On))
        .or_else(|| first(&|state| state.scheduler == Switch::Off))
}

fn action(states: &[State], chosen: usize) -> Action {
    if states[chosen].event == Some(true) {
        return Action::Replace;
    }
    match states.iter().find(|state| state.event == Some(true)) {
        Some(other) => Action::Move { from: other.node.clone() },
        None if states.iter().any(|state| state.event.is_some()) => Action::Replace,
        None => Action::Create,
    }
}

/// The account must be able to do itself what its event will do in its name: an event without the right fails in the
/// server's log only.
async fn may_delete(connection: &mut Connection, table: &Table) -> Result<(), Error> {
    match grant::lacks_delete(connection, table).await {
        Ok(None) => Ok(()),
        Ok(Some(Lacking { grant, source })) => Err(Error::NotPermitted {
            node: connection.node().to_owned(),
            what: "delete expired sessions",
            grant,
            source: source.into(),
            place: Place::here(),
        }),
        // A sequence, for one, has no column `expire_on`: what it is says more than what it lacks.
        Err(error) if error.class() == Class::Data => match migrate::misfit(connection, table).await? {
            Some(misfit) => Err(Error::Misfit { table: table.clone(), misfit, place: Place::here() }),
            None => Err(error.into()),
        },
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
mod tests {
    use super::*;

    fn state(node: &str, scheduler: Switch, event: Option<bool>) -> State {
        State { node: node.into(), eligible: true, scheduler, event }
    }

    #[test]
    fn chooses_a_node_that_can_run_it_and_moves_it_only_for_a_reason() {
        use Switch::{Disabled, Off, On};
        let other = || Action::Move { from: "a".into() };
        for (name, first, second, expected) in [
            ("fresh", (On, None), (On, None), Some((0, Action::Create))),
            ("it stays", (On, Some(false)), (On, Some(true)), Some((1, Action::Replace))),
            ("its scheduler is off", (Off, Some(true)), (On, Some(false)), Some((1, other()))),
            ("disabled everywhere", (On, Some(false)), (On, Some(false)), Some((0, Action::Replace))),
            ("only the second is on", (Off, None), (On, None), Some((1, Action::Create))),
            ("all off", (Off, None), (Off, None), Some((0, Action::Create))),
            ("one can be turned on", (Disabled, None), (Off, None), Some((1, Action::Create))),
            ("none can", (Disabled, None), (Disabled, None), None),
        ] {
            let states = [state("a", first.0, first.1), state("b", second.0, second.1)];
            assert_eq!(choose(&states).map(|i| (i, action(&states, i))), expected, "{name}");
        }
        assert_eq!(choose(&[]), None);
        let mut states = [state("a", On, Some(true)), state("b", Off, Some(false))];
        states[0].eligible = false;
        assert_eq!(choose(&states).map(|i| (i, action(&states, i))), Some((1, other())), "another one was asked for");
    }
}
