//! From what every node says to whether expired sessions go.
//!
//! No status of an event proves that it works: `LAST_EXECUTED` advances with its definer dropped, without rights, and on
//! a node that refuses every DELETE. So two things must hold: some node has it enabled, runs its scheduler and takes
//! writes; and no expired row is older than such an event would have left it.

use std::time::Duration;

use super::definition::{Definition, Name};
use super::documented::{DOCUMENTED_NAME, cleans};
use super::inspect::{Backlog, Found, Seen, Sight, View};
use super::render::body;
use crate::schema::Table;
use crate::{Code, Finding, Level};

/// How long one run of somebody else's event may take, as one of ours may.
const LONGEST_RUN: Duration = Duration::from_secs(600);

/// What is asked: which event cleans up which table.
#[derive(Clone, Debug)]
pub struct Question {
    /// The event asked for.
    pub event: Name,
    /// Whether another event that cleans the table up is an answer too, when there is none of that name.
    pub or_another: bool,
    /// The session table.
    pub table: Table,
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

/// Concludes from what the nodes say.
#[must_use]
pub fn judge(question: &Question, sights: &[Sight], backlog: &Backlog) -> Report {
    let event = subject(question, sights);
    let looks: Vec<Look> = sights.iter().map(|sight| Look::new(sight, &event)).collect();
    let installed = looks.iter().any(|look| look.found.is_some());
    let mut findings = unseen(&looks);
    let runs = if installed {
        runs(&event, &looks, &mut findings)
    } else {
        absent(&event, &looks, &mut findings);
        false
    };
    // What an event that no node runs would do does not matter.
    if let Some(found) = looks.iter().find(|look| look.status.enabled()).and_then(|look| look.found) {
        findings.extend(content(found, &question.table));
    }
    let measure = looks.iter().find_map(|look| look.found).map_or_else(Measure::of_ours, Measure::of);
    let clean = proof(backlog, &measure, &mut findings);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    Report {
        event,
        installed,
        working: runs && clean,
        nodes: looks.iter().map(Look::report).collect(),
        oldest_expired_age: match backlog {
            Backlog::Oldest(age) => Some(*age),
            Backlog::Empty | Backlog::Unknown(_) => None,
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
        let found = events(sight).iter().find(|found| found.name.eq_ignore_ascii_case(event));
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

fn events(sight: &Sight) -> &[Found] {
    match &sight.seen {
        Ok(Seen { view: View::Events(events), .. }) => events,
        _ => &[],
    }
}

/// Returns the name of the event that the report is about.
fn subject(question: &Question, sights: &[Sight]) -> String {
    let wanted = question.event.as_str();
    let mut all = sights.iter().flat_map(events);
    if !question.or_another || all.clone().any(|found| found.name.eq_ignore_ascii_case(wanted)) {
        return wanted.to_owned();
    }
    let mut others: Vec<&Found> = all.by_ref().filter(|found| cleans(&found.body, &question.table)).collect();
    // One that some node runs tells more than one that none does.
    others.sort_by_key(|found| (found.status != "ENABLED", !found.name.eq_ignore_ascii_case(DOCUMENTED_NAME)));
    others.first().map_or_else(|| wanted.to_owned(), |found| found.name.clone())
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

/// There is no such event where we could look.
fn absent(event: &str, looks: &[Look], findings: &mut Vec<Finding>) {
    if looks.iter().any(|look| look.status == Status::Missing) {
        let message = format!("there is no event `{event}`: nothing deletes expired sessions");
        findings.push(Finding::new(Level::Error, Code::EventMissing, message).fix("csqlstore event install"));
    }
}

/// Whether some node runs the event, and what keeps the others from it.
fn runs(event: &str, looks: &[Look], findings: &mut Vec<Finding>) -> bool {
    let enabled: Vec<&Look> = looks.iter().filter(|look| look.status.enabled()).collect();
    if enabled.is_empty() {
        findings.push(nowhere(event, looks));
        return false;
    }
    if enabled.len() > 1 {
        let nodes: Vec<&str> = enabled.iter().map(|look| look.node).collect();
        let message = format!("event `{event}` is enabled on {}: their runs meet each other", nodes.join(" and "));
        findings.push(Finding::new(Level::Warning, Code::EventEnabledTwice, message).fix("csqlstore event install"));
    }
    let mut runs = false;
    for look in enabled {
        let off = look.scheduler().filter(|switch| !switch.eq_ignore_ascii_case("ON") && *switch != "1");
        let objection = look.seen.ok().and_then(|seen| seen.vitals.objection());
        if let Some(switch) = off {
            let message =
                format!("event `{event}` is enabled on node `{}`, whose event scheduler is {switch}", look.node);
            let fix = match switch {
                "DISABLED" => "systemctl restart mariadb # and before, in my.cnf, under [mysqld]: event_scheduler = ON",
                _ => "SET GLOBAL event_scheduler = ON; -- in my.cnf, under [mysqld]: event_scheduler = ON",
            };
            findings.push(Finding::new(Level::Error, Code::SchedulerOff, message).on(look.node).fix(fix));
        } else if let Some(objection) = objection {
            let message =
                format!("event `{event}` is enabled on node `{}`, which takes no writes: {objection}", look.node);
            findings.push(
                Finding::new(Level::Error, Code::EventNodeUnusable, message)
                    .on(look.node)
                    .fix("csqlstore event install"),
            );
        } else {
            runs = true;
        }
    }
    runs
}

/// The event is there, and no node that answers has it enabled.
fn nowhere(event: &str, looks: &[Look]) -> Finding {
    let fix = "csqlstore event install";
    let down: Vec<&str> = looks.iter().filter(|look| look.seen.is_err()).map(|look| look.node).collect();
    if event.eq_ignore_ascii_case(DOCUMENTED_NAME) {
        let message = format!(
            "event `{event}` never runs: the Go package's documentation creates it with DISABLE ON SLAVE, which disables \
             it on every node, the one that creates it included"
        );
        return Finding::new(Level::Error, Code::EventDocumented, message).fix(fix);
    }
    if !down.is_empty() {
        let message = format!(
            "event `{event}` is enabled on no node that answers; the one that ran it may be {}, which is down",
            down.join(" or ")
        );
        return Finding::new(Level::Error, Code::EventNodeDown, message).fix(fix);
    }
    let message = format!("event `{event}` is enabled on no node: nothing deletes expired sessions");
    Finding::new(Level::Error, Code::EventDisabled, message).fix(fix)
}

fn definition_of(found: &Found) -> Option<Definition> {
    Definition::read(found.every?, &found.comment)
}

/// What the event does, beside being enabled.
fn content(found: &Found, table: &Table) -> Vec<Finding> {
    let fix = "csqlstore event install";
    let mut findings = Vec::new();
    match definition_of(found) {
        Some(definition) if found.body.trim() == body(table, &definition) => {}
        Some(_) => {
            let message = format!("the body of event `{}` is not what this csqlstore writes", found.name);
            findings.push(Finding::new(Level::Warning, Code::EventDrifted, message).fix(fix));
        }
        None => {
            let message = format!("event `{}` was not made by csqlstore", found.name);
            findings.push(Finding::new(Level::Note, Code::EventForeign, message).fix(fix));
        }
    }
    if !matches!(found.time_zone.as_str(), "+00:00" | "UTC") {
        // A body that asks for UTC is right in any zone; another deletes sessions too early or not at all.
        let asks_utc = found.body.to_ascii_uppercase().contains("UTC_TIMESTAMP");
        let level = if asks_utc { Level::Note } else { Level::Warning };
        let message = format!(
            "event `{}` runs in the time zone {}, and `expire_on` is in UTC{}",
            found.name,
            found.time_zone,
            if asks_utc { " (as is the time its body asks for)" } else { "" }
        );
        findings.push(Finding::new(level, Code::EventZone, message).fix(fix));
    }
    findings
}

/// How old an expired row may get while the event works.
enum Measure {
    /// As old as one of our definitions leaves it.
    Ours(Definition),
    /// An event of somebody else runs this often; what grace it gives, if any, only its author knows.
    Every(Duration),
    /// An event of somebody else runs once, or at an interval that is no fixed time.
    Unknown,
}

impl Measure {
    /// What an event that is still to be installed would be measured by.
    fn of_ours() -> Self {
        Self::Ours(Definition::default())
    }

    fn of(found: &Found) -> Self {
        match (definition_of(found), found.every) {
            (Some(definition), _) => Self::Ours(definition),
            (None, Some(every)) => Self::Every(every),
            (None, None) => Self::Unknown,
        }
    }

    fn oldest_allowed(&self) -> Option<Duration> {
        match self {
            Self::Ours(definition) => Some(definition.oldest_allowed()),
            // The run itself takes its time as well, as one of ours may.
            Self::Every(every) => Some(every.saturating_add((*every / 2).min(LONGEST_RUN))),
            Self::Unknown => None,
        }
    }

    /// Why a row of this age should not be there.
    fn promise(&self) -> String {
        let text = humantime::format_duration;
        match self {
            Self::Ours(definition) => format!(
                "with {} of grace and a run every {} it should be gone",
                text(definition.grace()),
                text(definition.every())
            ),
            Self::Every(every) => {
                format!("with a run every {} it should be gone, unless the event's own body spares it", text(*every))
            }
            Self::Unknown => "how often the event runs is not known".to_owned(),
        }
    }
}

/// Whether the table shows that rows go.
fn proof(backlog: &Backlog, measure: &Measure, findings: &mut Vec<Finding>) -> bool {
    match backlog {
        Backlog::Empty => true,
        Backlog::Oldest(age) => {
            let allowed = measure.oldest_allowed();
            if allowed.is_some_and(|allowed| *age <= allowed) {
                return true;
            }
            let begin = format!("the oldest expired session expired {} ago", humantime::format_duration(*age));
            findings.push(if allowed.is_some() {
                let message = format!("{begin}; {}", measure.promise());
                Finding::new(Level::Error, Code::ExpiredRowsLeft, message).fix("csqlstore purge")
            } else {
                let message = format!("{begin}, and {}: whether it should be gone cannot be judged", measure.promise());
                Finding::new(Level::Warning, Code::EventUnjudged, message).fix("csqlstore event install")
            });
            false
        }
        Backlog::Unknown(refusal) => {
            let place = if refusal.node.is_empty() { String::new() } else { format!(" on node `{}`", refusal.node) };
            let message = format!("the age of the oldest expired session could not be read{place}: {}", refusal.reason);
            let finding = Finding::new(Level::Error, Code::ExpiredRowsUnread, message);
            findings.push(finding.fix("csqlstore doctor --timeout 30s"));
            false
        }
    }
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
