//! Which node runs the event, and what has to change for that.

use humantime::format_duration;

use super::{Action, Change, Unchanged};
use crate::cluster::{Kind, On};
use crate::event::definition::Definition;
use crate::event::inspect::{Found, Seen, Sight, View};
use crate::event::name::Name;
use crate::schema::Table;

/// The switch of a node's scheduler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Switch {
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

/// What decides about a node.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// Its place among the sights.
    pub(super) at: usize,
    /// Whether it takes writes and may be chosen.
    pub(super) eligible: bool,
    pub(super) scheduler: Switch,
    /// Whether it has an event of the name enabled.
    pub(super) enabled: bool,
}

/// Returns what decides about the nodes that answered.
pub(super) fn states(sights: &[Sight], event: &Name, on: &On) -> Vec<State> {
    let answered = sights.iter().enumerate().filter_map(|(at, sight)| Some((at, sight, sight.seen.as_ref().ok()?)));
    answered
        .map(|(at, sight, seen)| State {
            at,
            eligible: may_be(on, &sight.node) && seen.vitals.objection().is_none(),
            scheduler: Switch::read(seen.vitals.get("event_scheduler")),
            enabled: sight.event(event.as_str()).is_some_and(Found::is_enabled),
        })
        .collect()
}

/// Returns whether a node is among those that are wished for.
pub(super) fn may_be(on: &On, node: &str) -> bool {
    match on {
        On::Auto => true,
        On::Named(name) => name == node,
    }
}

/// Chooses a node: the one that runs the event already (moving it needs a reason), else the first whose scheduler is on,
/// else the first whose scheduler can be turned on.
pub(super) fn choose(states: &[State]) -> Option<&State> {
    let first = |wanted: &dyn Fn(&State) -> bool| states.iter().find(|state| state.eligible && wanted(state));
    first(&|state| state.scheduler == Switch::On && state.enabled)
        .or_else(|| first(&|state| state.scheduler == Switch::On))
        .or_else(|| first(&|state| state.scheduler == Switch::Off))
}

/// Returns what becomes of an event of the name, and what changes, once a node is chosen.
///
/// An event that is as it should be stays untouched: each ALTER would begin its schedule anew.
pub(super) fn changes(
    sights: &[Sight],
    chosen: usize,
    (event, table): (&Name, &Table),
    definition: &Definition,
    unchanged: Unchanged,
) -> (Action, Vec<Change>) {
    let Some(found) = best(sights, event, Some(chosen)) else { return (Action::Create, Vec::new()) };
    let all: Vec<(usize, &Found)> = copies(sights, event).collect();
    let mut changes = content(found, definition, table);
    let node = |at: usize| sights[at].node.clone();
    let elsewhere: Vec<usize> =
        all.iter().filter(|(at, found)| *at != chosen && found.is_enabled()).map(|(at, _)| *at).collect();
    let here = all.iter().any(|(at, found)| *at == chosen && found.is_enabled());
    // Whoever ran it and does not answer: with nobody else enabled, one of these did.
    let silent: Vec<usize> = (0..sights.len()).filter(|at| sights[*at].seen.is_err()).collect();
    let mut action = Action::Replace;
    match (here, elsewhere.is_empty()) {
        (true, true) => {}
        (true, false) => {
            let too = elsewhere.into_iter().map(node).collect::<Vec<_>>().join(" and ");
            changes.push(Change::new("state", format!("enabled on {} and {too}", node(chosen)), "enabled once"));
        }
        (false, false) => action = Action::Move { from: elsewhere.into_iter().map(node).collect(), gone: false },
        (false, true) if !silent.is_empty() && all.iter().all(|(_, found)| found.status != "DISABLED") => {
            action = Action::Move { from: silent.into_iter().map(node).collect(), gone: true };
        }
        (false, true) => {
            changes.push(Change::new("state", "enabled on no node", format!("enabled on {}", node(chosen))))
        }
    }
    for (at, sight) in sights.iter().enumerate() {
        // Nothing follows from what cannot be seen, or is a moment old.
        let Ok(Seen { vitals, view: View::Events(_), stale: None, .. }) = &sight.seen else { continue };
        // Servers that know nothing of each other store an event of their own; these are to store the same.
        if at == chosen || vitals.kind() == Kind::Standalone || vitals.apart().is_some() {
            continue;
        }
        match sight.event(event.as_str()) {
            None => changes.push(Change::new("copy", format!("none on node {}", sight.node), "on every node")),
            Some(copy)
                if !content(copy, definition, table).is_empty() && content(found, definition, table).is_empty() =>
            {
                changes.push(Change::new("copy", format!("another on node {}", sight.node), "the same on every node"));
            }
            Some(_) => {}
        }
    }
    let orphaned = found.definer_there == Some(false);
    if action == Action::Replace && changes.is_empty() && !orphaned {
        if unchanged == Unchanged::Keep {
            return (Action::Keep, changes);
        }
        changes.push(Change::new("schedule", "as it goes", "begun anew"));
    }
    // Whoever alters an event is its definer from then on.
    if let Ok(Seen { account, .. }) = &sights[chosen].seen
        && *account != found.definer
    {
        let gone = if orphaned { ", which is gone" } else { "" };
        changes.push(Change::new("definer", format!("{}{gone}", found.definer), account.clone()));
    }
    (action, changes)
}

/// Returns the copy of the event that tells what it does now: an enabled one, else the chosen node's, else any.
pub(super) fn best<'a>(sights: &'a [Sight], event: &Name, chosen: Option<usize>) -> Option<&'a Found> {
    copies(sights, event)
        .min_by_key(|(at, found)| (!found.is_enabled(), Some(*at) != chosen, *at))
        .map(|(_, found)| found)
}

fn copies<'a>(sights: &'a [Sight], event: &Name) -> impl Iterator<Item = (usize, &'a Found)> {
    sights.iter().enumerate().filter_map(|(at, sight)| Some((at, sight.event(event.as_str())?)))
}

/// What about an event is not as it should be.
fn content(found: &Found, wanted: &Definition, table: &Table) -> Vec<Change> {
    let mut changes = Vec::new();
    match found.definition() {
        None => changes.push(Change::new("body", "somebody else's", "csqlstore's")),
        Some(now) => {
            let now = &now;
            let mut of = |what, from: String, to: String| {
                if from != to {
                    changes.push(Change::new(what, from, to));
                }
            };
            for (what, now, wanted) in [
                ("interval", now.every(), wanted.every()),
                ("grace", now.grace(), wanted.grace()),
                ("margin of the lease", now.margin(), wanted.margin()),
            ] {
                of(what, format_duration(now).to_string(), format_duration(wanted).to_string());
            }
            of("longest run", longest_run(now), longest_run(wanted));
            of("batch", format!("{} rows", now.batch()), format!("{} rows", wanted.batch()));
            if found.is_as_written(table) == Some(false) {
                changes.push(Change::new("body", "not what this csqlstore writes", "as this csqlstore writes it"));
            }
        }
    }
    if found.time_zone != "+00:00" {
        changes.push(Change::new("time zone", found.time_zone.clone(), "+00:00"));
    }
    changes
}

/// How long a run goes on, and whether that changes with the interval.
fn longest_run(definition: &Definition) -> String {
    let text = format_duration(definition.max_time()).to_string();
    if definition.max_time_is_chosen() { text } else { format!("{text}, which follows the interval") }
}
