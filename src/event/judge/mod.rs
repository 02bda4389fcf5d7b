//! From what every node says to whether expired sessions go.
//!
//! No status of an event proves that it works: `LAST_EXECUTED` advances with its definer dropped, without rights, and on
//! a node that refuses every DELETE. So two things must hold: some node has it enabled, runs its scheduler and takes
//! writes; and no expired row is older than such an event would have left it.

mod clocks;
mod content;
mod proof;
mod running;

use std::time::Duration;

use super::backlog::{Backlog, backlog};
use super::definition::Definition;
use super::documented::{DOCUMENTED_NAME, cleans};
use super::inspect::{Found, Seen, Sight, View, inspect};
use super::name::Name;
use super::record::{Record, Run, Standing, standing};
use crate::cluster::{self, Cluster};
use crate::lease::Holder;
use crate::schema::Table;
use crate::span::span;
use crate::{Code, Finding, Level};

/// What every finding about the event itself is mended by.
const INSTALL: &str = "csqlstore event install";
/// The same for an event that is as it should be, and does not do what it should: it runs at once, and as this account.
const ANEW: &str = "csqlstore event install --anew";
/// What deletes that which no event has deleted.
const PURGE: &str = "csqlstore purge";
/// What makes the table of leases.
const MIGRATE: &str = "csqlstore migrate up";

/// What is asked: which event cleans up which table.
#[derive(Clone, Debug)]
pub struct Question {
    /// The event asked for.
    pub event: Name,
    /// What else is an answer, when there is none of that name.
    pub instead: Instead,
    /// The session table.
    pub table: Table,
}

/// What may clean the table up in place of the event that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Instead {
    /// Nothing: the question is about that event.
    Nothing,
    /// Another event that deletes from the table.
    Event,
    /// Another event, or a purge that somebody runs again and again: the question is whether expired sessions go.
    EventOrPurge,
}

/// What there is to conclude from.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What every node says.
    pub sights: Vec<Sight>,
    /// How far the cleanup is behind.
    pub backlog: Backlog,
    /// What runs have left in the lease's row, and what this account may do.
    pub standing: Standing,
    /// How far the clocks of the nodes are apart at most; zero if fewer than two are known.
    pub clocks_apart: Duration,
}

/// Asks every node and the table, and concludes from what they say. Changes nothing.
///
/// # Errors
///
/// [`cluster::Error::NoUsableNode`] with every node's reason if none answers.
pub async fn examine(cluster: &Cluster, question: &Question) -> Result<Report, cluster::Error> {
    let Question { event, table, .. } = question;
    let (sights, backlog, standing, clocks) = tokio::join!(
        inspect(cluster, event, table),
        backlog(cluster, table),
        standing(cluster, table),
        cluster.clocks()
    );
    Ok(judge(question, &Evidence { sights: sights?, backlog, standing, clocks_apart: clocks.spread() }))
}

/// The state of the event on one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// The server's own word.
    Said(String),
    /// The node answers, this account may see events, and there is none.
    Missing,
    /// It could not be seen: the node does not answer, or the account lacks the privilege EVENT.
    Unseen,
}

impl Status {
    /// Returns the word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Said(word) => word,
            Self::Missing => "MISSING",
            Self::Unseen => "UNSEEN",
        }
    }

    /// Returns whether this node is to run the event.
    #[must_use]
    pub fn enabled(&self) -> bool {
        self.as_str() == "ENABLED"
    }
}

/// One node's part of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeReport {
    /// The node's name.
    pub node: String,
    /// The event's state there.
    pub status: Status,
    /// The scheduler's switch: `ON`, `OFF` or `DISABLED`; `None` if the node does not answer.
    pub scheduler: Option<String>,
    /// When the node last ran the event, which proves nothing about what it did.
    pub last_executed: Option<jiff::Timestamp>,
    /// The zone that the event's body sees.
    pub time_zone: Option<String>,
}

/// What is the matter with the cleanup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The event that the rest is about: the one asked for, or another that is there in its place.
    pub event: String,
    /// What it is to do, if it was made by csqlstore.
    pub definition: Option<Definition>,
    /// The account that it runs as.
    pub definer: Option<String>,
    /// Its last run, as that wrote itself into the lease's row, and the name of the node if that is known.
    pub last_run: Option<(Run, Option<String>)>,
    /// Who holds the lease now: a run of the event, or a purge.
    pub holder: Option<Box<Holder>>,
    /// Whether any node has it.
    pub installed: bool,
    /// Whether expired sessions are being deleted; false too where nothing proves it.
    pub working: bool,
    /// Every node, in the order of the configuration.
    pub nodes: Vec<NodeReport>,
    /// How long ago the oldest expired row expired; `None` if no row has, or the table could not be read.
    pub oldest_expired_age: Option<Duration>,
    /// What was noticed, the worst first.
    pub findings: Vec<Finding>,
}

/// Concludes from what the nodes and the table say.
#[must_use]
pub fn judge(question: &Question, evidence: &Evidence) -> Report {
    let Evidence { sights, backlog, standing, clocks_apart } = evidence;
    let event = subject(question, sights);
    let looks: Vec<Look> = sights.iter().map(|sight| Look::new(sight, &event)).collect();
    let installed = looks.iter().any(|look| look.found.is_some());
    let mut findings = unseen(&looks);
    let mut runs = if installed { running::runs(&event, &looks, &mut findings) } else { false };
    // What an event that no node runs would do does not matter.
    let enabled = looks.iter().find_map(|look| look.found.filter(|_| look.status.enabled()));
    if let Some(found) = enabled {
        findings.extend(content::content(found, &question.table));
        runs &= content::can_run(found, standing, &mut findings);
        findings.extend(proof::unrecorded(found, standing));
        findings.extend(clocks::exceeded(found, *clocks_apart));
    }
    let found = enabled.or_else(|| looks.iter().find_map(|look| look.found));
    let purge = if installed || question.instead < Instead::EventOrPurge { None } else { proof::purge(standing) };
    let before = findings.len();
    let clean = proof::proof(backlog, found, purge, &mut findings);
    if !installed {
        let proven = purge.filter(|_| clean);
        runs = proven.is_some();
        // What is not seen does not matter to rows that go.
        let unseen = findings.iter_mut().filter(|finding| runs && finding.code == Code::EventUnseen);
        unseen.for_each(|finding| finding.level = Level::Note);
        // What is not there comes before what it left.
        findings.splice(before..before, absent(&event, &looks, proven));
    }
    findings.iter_mut().for_each(|finding| standing.migrate_first(finding));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let (last, holder) = match &standing.record {
        Record::Known { last, holder, purged: _ } => (last.clone(), holder.clone()),
        Record::NoTable | Record::Denied { .. } | Record::Unknown(_) => (None, None),
    };
    Report {
        event,
        definition: found.and_then(Found::definition),
        definer: found.map(|found| found.definer.clone()),
        last_run: last.map(|run| {
            let node = looks.iter().find(|look| look.seen.is_ok_and(|seen| seen.server == run.server));
            (run, node.map(|look| look.node.to_owned()))
        }),
        holder,
        installed,
        working: runs && clean,
        nodes: looks.iter().map(Look::report).collect(),
        oldest_expired_age: match backlog {
            Backlog::Oldest(age) => Some(*age),
            Backlog::Empty | Backlog::Unknown { .. } => None,
        },
        findings,
    }
}

/// One node, with the event in question picked out.
struct Look<'a> {
    node: &'a str,
    seen: Result<&'a Seen, &'a str>,
    found: Option<&'a Found>,
    status: Status,
}

impl<'a> Look<'a> {
    fn new(sight: &'a Sight, event: &str) -> Self {
        let seen = sight.seen.as_ref().map_err(|refusal| refusal.reason.as_str());
        let found = sight.event(event);
        let status = match (found, seen) {
            (Some(found), _) => Status::Said(found.status.clone()),
            (None, Ok(Seen { view: View::Events(_), .. })) => Status::Missing,
            (None, _) => Status::Unseen,
        };
        Self { node: &sight.node, seen, found, status }
    }

    fn scheduler(&self) -> Option<&'a str> {
        self.seen.ok().and_then(|seen| seen.vitals.get("event_scheduler"))
    }

    fn report(&self) -> NodeReport {
        NodeReport {
            node: self.node.to_owned(),
            status: self.status.clone(),
            scheduler: self.scheduler().map(str::to_owned),
            last_executed: self.found.and_then(|found| found.last_executed),
            time_zone: self.found.map(|found| found.time_zone.clone()),
        }
    }
}

/// Returns the name of the event that the report is about.
fn subject(question: &Question, sights: &[Sight]) -> String {
    let wanted = question.event.as_str();
    let mut all = sights.iter().flat_map(Sight::events);
    if question.instead == Instead::Nothing || all.clone().any(|found| found.name.eq_ignore_ascii_case(wanted)) {
        return wanted.to_owned();
    }
    let mut others: Vec<&Found> = all.by_ref().filter(|found| cleans(&found.body, &question.table)).collect();
    // One that some node runs tells more than one that none does.
    others.sort_by_key(|found| (!found.is_enabled(), !found.name.eq_ignore_ascii_case(DOCUMENTED_NAME)));
    others.first().map_or_else(|| wanted.to_owned(), |found| found.name.clone())
}

impl Standing {
    /// Without the table of leases nothing is installed and nothing is purged: what makes it comes first in a fix.
    pub(crate) fn migrate_first(&self, finding: &mut Finding) {
        let takes_the_lease = |fix: &&mut String| fix.starts_with(INSTALL) || fix.starts_with(PURGE);
        if let (Record::NoTable, Some(fix)) = (&self.record, finding.fix.as_mut().filter(takes_the_lease)) {
            *fix = format!("{MIGRATE} && {fix}");
        }
    }
}

/// Nodes of which nothing can be said.
fn unseen(looks: &[Look]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut denied: Vec<(&str, Vec<&str>)> = Vec::new();
    for look in looks {
        match look.seen {
            Err(reason) => {
                let message = format!("node `{}` does not answer: {reason}", look.node);
                findings.push(
                    Finding::new(Level::Warning, Code::NodeDown, message).on(look.node).fix("csqlstore node status"),
                );
            }
            // The nodes of a cluster have the same accounts: say it once.
            Ok(Seen { view: View::Denied { grant }, .. }) => match denied.iter_mut().find(|(same, _)| same == grant) {
                Some((_, nodes)) => nodes.push(look.node),
                None => denied.push((grant, vec![look.node])),
            },
            Ok(Seen { stale: Some(reason), .. }) => {
                let message = format!("what node `{}` says may be a moment old: {reason}", look.node);
                findings.push(
                    Finding::new(Level::Warning, Code::NodeBehind, message).on(look.node).fix("csqlstore node status"),
                );
            }
            Ok(_) => {}
        }
    }
    for (grant, nodes) in denied {
        let message =
            format!("this account lacks the privilege EVENT, so that it sees no event on {}", nodes.join(", "));
        let finding = Finding::new(Level::Error, Code::EventUnseen, message).fix(grant);
        findings.push(match nodes.as_slice() {
            [node] => finding.on(*node),
            _ => finding,
        });
    }
    findings
}

/// There is no such event where we could look; whether a purge makes up for it is known by how long ago the last one began.
fn absent(event: &str, looks: &[Look], purge: Option<Duration>) -> Option<Finding> {
    looks.iter().find(|look| look.status == Status::Missing)?;
    Some(match purge {
        Some(ago) => {
            let message = format!(
                "there is no event `{event}`, and none is needed: `csqlstore purge` last ran {} ago, and no session that \
                 it should have deleted is left",
                span(ago)
            );
            Finding::new(Level::Note, Code::EventMissing, message)
        }
        None => {
            let message = format!("there is no event `{event}`: nothing deletes expired sessions");
            Finding::new(Level::Error, Code::EventMissing, message).fix(INSTALL)
        }
    })
}

#[cfg(test)]
mod tests;
