//! What proves that expired sessions go, and what only suggests that they do not.

use std::time::Duration;

use super::{ANEW, Backlog, Definition, Found, INSTALL, PURGE, Record, Standing};
use crate::span::span;
use crate::{Code, Finding, Level};

/// How long one run of somebody else's event may take, as one of ours may.
const LONGEST_RUN: Duration = Duration::from_secs(600);
/// How long a run may take to record itself: it waits for the lease's row, and servers' clocks differ.
const SLOW_START: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// A run that the server began and that recorded nothing: it failed, or somebody else had the lease.
pub(super) fn unrecorded(found: &Found, standing: &Standing) -> Option<Finding> {
    let Record::Known { last, holder, purged: _ } = &standing.record else { return None };
    // Somebody else's event records nothing.
    found.definition()?;
    let (began, now) = (found.last_executed?, standing.now?);
    let recorded = last.as_ref().is_some_and(|run| run.at >= began);
    if recorded || now.duration_since(began) < SLOW_START {
        return None;
    }
    let begin = format!("the run of event `{}` that began at {began} did not record itself", found.name);
    let message = match holder {
        Some(holder) => format!("{begin}: the lease is held by {holder}"),
        None => format!("{begin}: it found the lease held, or failed, and then the server's error log says why"),
    };
    Some(Finding::new(Level::Warning, Code::EventRunUnrecorded, message).fix(ANEW))
}

/// How long ago a purge may have run that somebody is taken to run again: one from cron runs once a day at the least.
const LAST_PURGE: Duration = Duration::from_secs(26 * 3600);

/// Returns how long ago the last purge began, of those that somebody runs again and again; none if the last is too long ago.
pub(super) fn purge(standing: &Standing) -> Option<Duration> {
    let Record::Known { purged, .. } = &standing.record else { return None };
    // Another node's clock may be ahead of this one's.
    let ago = Duration::try_from(standing.now?.duration_since((*purged)?)).unwrap_or_default();
    (ago <= LAST_PURGE).then_some(ago)
}

/// How old an expired row may get while the event, or the purge, works.
enum Measure {
    /// As old as one of our definitions leaves it.
    Ours(Definition),
    /// An event of somebody else runs this often; what grace it gives, if any, only its author knows.
    Every(Duration),
    /// An event of somebody else runs once, or at an interval that is no fixed time.
    Unknown,
    /// A purge began so long ago, and left what had not expired an hour before, unless it was given another grace.
    Purge(Duration),
}

impl Measure {
    /// What an event that is still to be installed would be measured by.
    fn of_ours() -> Self {
        Self::Ours(Definition::default())
    }

    fn of(found: &Found) -> Self {
        match (found.definition(), found.every) {
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
            Self::Purge(ago) => {
                let ours = Definition::default();
                Some(ours.oldest_allowed().max(ago.saturating_add(ours.grace()).saturating_add(LONGEST_RUN)))
            }
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
            Self::Purge(ago) => format!("the purge that began {} ago should have deleted it", span(*ago)),
        }
    }
}

/// Whether the table shows that rows go: measured by an event, by the last purge where there is none, or else by ours.
pub(super) fn proof(
    backlog: &Backlog,
    found: Option<&Found>,
    purge: Option<Duration>,
    findings: &mut Vec<Finding>,
) -> bool {
    let measure = match (found, purge) {
        (Some(found), _) => Measure::of(found),
        (None, Some(ago)) => Measure::Purge(ago),
        (None, None) => Measure::of_ours(),
    };
    match backlog {
        Backlog::Empty => true,
        Backlog::Oldest(age) => {
            let allowed = measure.oldest_allowed();
            if allowed.is_some_and(|allowed| *age <= allowed) {
                return true;
            }
            let begin = format!("the oldest expired session expired {} ago", span(*age));
            findings.push(if allowed.is_some() {
                let message = format!("{begin}; {}", measure.promise());
                Finding::new(Level::Error, Code::ExpiredRowsLeft, message).fix(PURGE)
            } else {
                let message = format!("{begin}, and {}: whether it should be gone cannot be judged", measure.promise());
                Finding::new(Level::Warning, Code::EventUnjudged, message).fix(INSTALL)
            });
            false
        }
        Backlog::Unknown { refusal, fix } => {
            let place = if refusal.node.is_empty() { String::new() } else { format!(" on node `{}`", refusal.node) };
            let message = format!("the age of the oldest expired session could not be read{place}: {}", refusal.reason);
            let finding = Finding::new(Level::Error, Code::ExpiredRowsUnread, message);
            findings.push(Finding { fix: fix.clone(), ..finding });
            false
        }
    }
}
