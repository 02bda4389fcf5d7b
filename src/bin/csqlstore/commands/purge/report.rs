//! What a purge did, or would do: for people and for programs.

use std::time::Duration;

use serde::Serialize;

use csqlstore::purge::{Outcome, Plan, Stopped};

use crate::failure::Status;
use crate::stop::Signal;
use crate::ui::{Report, Style, plain, seconds};

/// What a purge did, or would do.
pub(super) struct PurgeReport<'a> {
    plan: &'a Plan,
    outcome: Option<&'a Outcome>,
    signal: Option<Signal>,
    ended: Ended,
}

/// How a purge came to its report.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// By itself, or it was a dry run.
    Well,
    /// By an error, which is told beside.
    BrokeOff,
    /// Before it began: somebody else purges.
    StoodAside,
}

impl<'a> PurgeReport<'a> {
    pub(super) fn planned(plan: &'a Plan) -> Self {
        Self { plan, outcome: None, signal: None, ended: Ended::Well }
    }

    pub(super) fn done(plan: &'a Plan, outcome: &'a Outcome, signal: Option<Signal>) -> Self {
        Self { plan, outcome: Some(outcome), signal, ended: Ended::Well }
    }

    pub(super) fn broken_off(plan: &'a Plan, outcome: &'a Outcome) -> Self {
        Self { plan, outcome: Some(outcome), signal: None, ended: Ended::BrokeOff }
    }

    pub(super) fn stood_aside(plan: &'a Plan) -> Self {
        Self { plan, outcome: None, signal: None, ended: Ended::StoodAside }
    }
}

/// The answer's JSON form.
#[derive(Serialize)]
struct PurgeJson {
    dry_run: bool,
    cutoff: String,
    expired: u64,
    deleted: u64,
    /// Null if no node could be asked any more.
    remaining: Option<u64>,
    batches: u64,
    retries: u64,
    throttled_s: f64,
    elapsed_s: f64,
    node: String,
    stopped: Option<&'static str>,
}

impl Report for PurgeReport<'_> {
    fn json(&self) -> impl Serialize {
        let Self { plan, outcome, signal: _, ended } = self;
        let done = |count: fn(&Outcome) -> u64| outcome.map_or(0, count);
        let seconds = |time: fn(&Outcome) -> Duration| outcome.map_or(0.0, |outcome| seconds(time(outcome)));
        PurgeJson {
            dry_run: outcome.is_none() && *ended == Ended::Well,
            cutoff: plan.cutoff.to_string(),
            expired: plan.expired,
            deleted: done(|outcome| outcome.deleted),
            remaining: outcome.map_or(Some(plan.expired), |outcome| outcome.remaining),
            batches: done(|outcome| outcome.batches),
            retries: done(|outcome| outcome.retries),
            throttled_s: seconds(|outcome| outcome.throttled),
            elapsed_s: seconds(|outcome| outcome.elapsed),
            node: outcome.and_then(|outcome| outcome.node.clone()).unwrap_or_else(|| plan.node.clone()),
            stopped: outcome.and_then(|outcome| outcome.stopped).map(word),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self { plan, outcome, signal: _, ended } = self;
        match outcome {
            None if *ended == Ended::StoodAside => "Somebody else purges; nothing was done here.\n".to_owned(),
            None => planned(plan, style),
            Some(outcome) => done(plan, outcome, *ended, style),
        }
    }

    fn status(&self) -> Status {
        match self.outcome.and_then(|outcome| outcome.stopped) {
            Some(Stopped::MaxRows | Stopped::MaxTime) => Status::Stopped,
            Some(Stopped::LeaseLost) => Status::NotNow,
            Some(Stopped::Interrupted) => self.signal.map_or(Status::Stopped, Signal::status),
            Some(_) => Status::Done,
            None if self.outcome.is_some_and(Outcome::has_left_work) => Status::Stopped,
            None => Status::Done,
        }
    }
}

fn word(stopped: Stopped) -> &'static str {
    match stopped {
        Stopped::Drained => "drained",
        Stopped::MaxRows => "max-rows",
        Stopped::MaxTime => "max-time",
        Stopped::Interrupted => "interrupted",
        Stopped::LeaseLost => "lease-lost",
        // A reason that a later version of the library adds.
        _ => "other",
    }
}

/// `1 batch`, `2 batches`.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn planned(plan: &Plan, style: &Style) -> String {
    let expired = style.bold(counted(plan.expired, "session", "sessions"));
    let mut text = format!("{expired} in `{}` expired before {}", plain(plan.table.name()), plan.cutoff);
    if let Some(oldest) = plan.oldest {
        text.push_str(&format!(", the oldest at {oldest}"));
    }
    if let Some(index) = &plan.index {
        text.push_str(&format!("\nThe index `{}` finds them.", plain(index)));
    }
    text.push_str("\nThis was a dry run: nothing was deleted.\n");
    text
}

fn done(plan: &Plan, outcome: &Outcome, ended: Ended, style: &Style) -> String {
    let outran = ended == Ended::Well && outcome.has_left_work();
    let node = outcome.node.as_deref().unwrap_or(&plan.node);
    let mut text = format!(
        "Deleted {} expired before {}, on node `{}`: {} in {} s",
        style.bold(outcome.share()),
        plan.cutoff,
        plain(node),
        counted(outcome.batches, "batch", "batches"),
        seconds(outcome.elapsed),
    );
    if outcome.retries > 0 {
        text.push_str(&format!(", {}", counted(outcome.retries, "retry", "retries")));
    }
    if !outcome.throttled.is_zero() {
        text.push_str(&format!(", {} s of it waiting for the cluster", seconds(outcome.throttled)));
    }
    text.push('\n');
    let left = match outcome.remaining {
        Some(0) => "None is left.".to_owned(),
        Some(left) => style.warn(format!("{} left.", counted(left, "is", "are"))),
        None => style.warn("How many are left is not known: no node could be asked."),
    };
    let why = match outcome.stopped {
        Some(Stopped::MaxRows) => " The limit of rows was reached.",
        Some(Stopped::MaxTime) => " The limit of time was reached.",
        Some(Stopped::LeaseLost) => " The lease was lost: somebody else purges now.",
        Some(Stopped::Interrupted) => " The purge was interrupted; run it again to go on.",
        None if outran => " They came in while it ran, expired at birth: is the clock or the zone of a writer wrong?",
        _ => "",
    };
    text.push_str(&format!("{left}{why}\n"));
    text
}
