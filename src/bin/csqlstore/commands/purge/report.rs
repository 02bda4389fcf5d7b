//! What a purge did, or would do: for people and for programs.

use std::time::Duration;

use serde::Serialize;

use csqlstore::purge::{Access, Estimate, Options, Outcome, Plan, Stopped, Throttles};

use crate::failure::Status;
use crate::stop::Signal;
use crate::ui::{Report, Style, plain, seconds};

/// As many rows as a server reads in a few milliseconds.
const FEW_ROWS: u64 = 5000;

/// What a purge did, or would do.
pub(super) struct PurgeReport<'a> {
    plan: &'a Plan,
    outcome: Option<&'a Outcome>,
    signal: Option<Signal>,
    ended: Ended,
    /// What a dry run would come to.
    estimate: Option<Estimate>,
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
    pub(super) fn planned(plan: &'a Plan, options: &Options) -> Self {
        // What would be refused takes no time.
        let runs = plan.permitted().and(plan.timely()).and(plan.accepted(options)).is_ok();
        let estimate = runs.then(|| plan.estimate(options));
        Self { plan, outcome: None, signal: None, ended: Ended::Well, estimate }
    }

    pub(super) fn done(plan: &'a Plan, outcome: &'a Outcome, signal: Option<Signal>) -> Self {
        Self { plan, outcome: Some(outcome), signal, ended: Ended::Well, estimate: None }
    }

    pub(super) fn broken_off(plan: &'a Plan, outcome: &'a Outcome) -> Self {
        Self { plan, outcome: Some(outcome), signal: None, ended: Ended::BrokeOff, estimate: None }
    }

    pub(super) fn stood_aside(plan: &'a Plan) -> Self {
        Self { plan, outcome: None, signal: None, ended: Ended::StoodAside, estimate: None }
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
    /// Why it waited, in the order in which the reasons came up.
    throttles: Vec<ThrottleJson>,
    /// The index that finds expired rows, as the server explains the batch's statement; where it does not tell, the index
    /// that is there.
    index: Option<String>,
    oldest_expired_at: Option<String>,
    /// Of a dry run whose purge would not be refused.
    estimated_batches: Option<u64>,
    estimated_s: Option<f64>,
}

#[derive(Serialize)]
struct ThrottleJson {
    reason: &'static str,
    node: Option<String>,
    count: u64,
    waited_s: f64,
}

impl From<&Throttles> for ThrottleJson {
    fn from(Throttles { reason, node, count, waited }: &Throttles) -> Self {
        Self { reason, node: node.clone(), count: *count, waited_s: seconds(*waited) }
    }
}

impl Report for PurgeReport<'_> {
    fn json(&self) -> impl Serialize {
        let Self { plan, outcome, signal: _, ended, estimate } = self;
        let done = |count: fn(&Outcome) -> u64| outcome.map_or(0, count);
        let spent = |time: fn(&Outcome) -> Duration| outcome.map_or(0.0, |outcome| seconds(time(outcome)));
        PurgeJson {
            dry_run: outcome.is_none() && *ended == Ended::Well,
            cutoff: plan.cutoff.to_string(),
            expired: plan.expired,
            deleted: done(|outcome| outcome.deleted),
            remaining: outcome.map_or(Some(plan.expired), |outcome| outcome.remaining),
            batches: done(|outcome| outcome.batches),
            retries: done(|outcome| outcome.retries),
            throttled_s: spent(|outcome| outcome.throttled),
            elapsed_s: spent(|outcome| outcome.elapsed),
            node: outcome.and_then(|outcome| outcome.node.clone()).unwrap_or_else(|| plan.node.clone()),
            stopped: outcome.and_then(|outcome| outcome.stopped).map(word),
            throttles: outcome.iter().flat_map(|outcome| &outcome.throttles).map(ThrottleJson::from).collect(),
            index: match &plan.access {
                Access::Index(index) => Some(index.clone()),
                Access::WholeTable(_) => None,
                Access::Untold => plan.index.clone(),
            },
            oldest_expired_at: plan.oldest.map(|oldest| oldest.to_string()),
            estimated_batches: estimate.map(|estimate| estimate.batches),
            estimated_s: estimate.map(|estimate| seconds(estimate.time)),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self { plan, outcome, signal: _, ended, estimate } = self;
        match outcome {
            None if *ended == Ended::StoodAside => "Somebody else purges; nothing was done here.\n".to_owned(),
            None => planned(plan, *estimate, style),
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

fn planned(plan: &Plan, estimate: Option<Estimate>, style: &Style) -> String {
    let expired = style.bold(counted(plan.expired, "session", "sessions"));
    let mut text = format!("{expired} in `{}` expired before {}", plain(plan.table.name()), plan.cutoff);
    if let Some(oldest) = plan.oldest {
        text.push_str(&format!(", the oldest at {oldest}"));
    }
    match (&plan.access, &plan.index) {
        (Access::Index(index), _) => text.push_str(&format!("\nThe index `{}` finds them.", plain(index))),
        (Access::WholeTable(Some(rows)), Some(index)) if *rows <= FEW_ROWS => text.push_str(&format!(
            "\nThe server would rather read the whole table than use the index `{}`: with about {} that is as quick.",
            plain(index),
            counted(*rows, "row", "rows"),
        )),
        (Access::WholeTable(_), Some(index)) => text.push_str(&format!(
            "\nThe server would not use the index `{}` now, and read the whole table for each batch. To have its rows counted \
             anew: ANALYZE TABLE {}",
            plain(index),
            plain(&plan.table.quoted()),
        )),
        (Access::Untold, Some(index)) => text.push_str(&format!(
            "\nThe index `{}` is there to find them; whether the server uses it, it does not tell this account.",
            plain(index)
        )),
        (Access::WholeTable(_) | Access::Untold, None) => {}
    }
    if let Some(Estimate { batches, time }) = estimate.filter(|_| plan.expired > 0) {
        let batches = counted(batches, "batch", "batches");
        text.push_str(&format!("\nThat makes about {batches}, and takes {} s or more.", seconds(time)));
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
        let reason = |Throttles { reason, node, count, waited }: &Throttles| {
            let node = node.as_ref().map(|node| format!(" on `{}`", plain(node))).unwrap_or_default();
            format!("\n  {reason}{node}: {} s in {}", seconds(*waited), counted(*count, "wait", "waits"))
        };
        text.extend(outcome.throttles.iter().map(reason));
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
