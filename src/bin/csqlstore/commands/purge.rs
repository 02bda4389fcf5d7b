//! `csqlstore purge`.

use std::time::Duration;

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::On;
use csqlstore::purge::{self, Denied, Grace, Limits, Options, Outcome, Plan, Step, Stopped};

use crate::context::Context;
use crate::failure::{Failure, Status, keys_hint, with_causes};
use crate::stop::Signal;
use crate::ui::{Progress, Report, Style, Ui, plain, seconds};

/// Delete expired sessions
///
/// The server's clock is read once; what had expired before that moment, less the grace, goes: oldest first, in
/// batches that others do not feel. A conflict, a lock or a node that is lost costs a retry. SIGINT and SIGTERM let
/// the current batch finish; what was deleted until then stays deleted, and the purge can be run again.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore purge --dry-run                     how many sessions would go, and from when the oldest is
  csqlstore purge --yes --quiet --max-time 10m  from cron; exit status 5 says that there is more to do
  csqlstore purge --yes --max-rows 50000        no more than these")]
pub(crate) struct PurgeArgs {
    /// Keep sessions for this long after they expire
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    grace: humantime::Duration,
    /// Delete this many rows at a time [default: 50 to 1000, as fast as the server is]
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    batch: Option<u64>,
    /// Delete at most this many rows
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    max_rows: Option<u64>,
    /// Begin no further batch after this time
    #[arg(long, value_name = "DURATION")]
    max_time: Option<humantime::Duration>,
    /// Start on this node; if it is lost, any usable one takes over
    #[arg(long, value_name = "NAME|auto", default_value = "auto")]
    on: On,
    /// Count what would be deleted, and delete nothing
    #[arg(long)]
    dry_run: bool,
}

/// How long a batch should take.
const TARGET: Duration = Duration::from_millis(100);

pub(crate) async fn run(args: &PurgeArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let PurgeArgs { grace, batch, max_rows, max_time, on, dry_run } = args;
    let cluster = cx.cluster()?;
    // Until something is deleted there is no batch to finish.
    let plan = tokio::select! {
        plan = purge::plan(cluster, cx.table(), on, Grace((*grace).into())) => plan?,
        signal = cx.stop().requested() => return Ok(signal.status()),
    };
    warn(&plan, ui);
    if *dry_run {
        return ui.answer(&PurgeReport::planned(&plan));
    }
    plan.permitted()?;
    plan.bearable()?;
    if plan.expired > 0 {
        let due = max_rows.map_or(plan.expired, |most| most.min(plan.expired));
        let sessions = counted(due, "expired session", "expired sessions");
        ui.confirm(&format!("Delete {sessions}?"))?;
    }
    let options = Options {
        on: on.clone(),
        limits: batch.map_or_else(|| Limits::adaptive(TARGET), |rows| Limits::fixed(TARGET, rows)),
        max_rows: *max_rows,
        max_time: max_time.map(Into::into),
        ..Options::default()
    };
    let bar = ui.progress("purging", Some(plan.expired));
    let stop = purge::Stop::new();
    let ended = {
        let mut shown = Shown { bar: &bar, ui, full_images: false };
        let purge = purge::run(cluster, &plan, &options, &stop, |step| shown.step(&step));
        let mut purge = std::pin::pin!(purge);
        tokio::select! {
            ended = &mut purge => ended,
            signal = cx.stop().requested() => {
                bar.aside(|| ui.note(format_args!("{}: finishing the batch", signal.name())));
                stop.ask();
                purge.await
            }
        }
    };
    drop(bar);
    match ended {
        Ok(outcome) => ui.answer(&PurgeReport::done(&plan, &outcome, cx.stop().signal())),
        Err(error) => {
            if let Some(outcome) = error.outcome() {
                ui.answer(&PurgeReport::broken_off(&plan, outcome))?;
            }
            Err(error.into())
        }
    }
}

/// Says what the plan found that people should know before they agree.
fn warn(plan: &Plan, ui: &Ui) {
    if let csqlstore::cluster::Causality::Refused(reason) = &plan.causality {
        ui.warning(format_args!("the count may miss what other nodes have just committed: {}", plain(reason)));
    }
    if let Some(Denied { grant, .. }) = &plan.denied {
        ui.warning(format_args!("this account may not delete; somebody with the right to may run: {}", plain(grant)));
    }
    let adds = |what| keys_hint(plan.misfit.as_ref(), what);
    if plan.bearable().is_err() {
        ui.warning(format_args!("the table has no key and no index; a purge would be refused ({})", adds("both")));
    } else if plan.index.is_none() {
        let adds = adds("one");
        ui.warning(format_args!("no index begins with `expire_on`: each batch reads the whole table ({adds})"));
    }
}

/// Shows what happens while it runs.
struct Shown<'a> {
    bar: &'a Progress,
    ui: &'a Ui,
    /// Whether it was said that row images stay full.
    full_images: bool,
}

impl Shown<'_> {
    fn step(&mut self, step: &Step<'_>) {
        let Self { bar, ui, full_images } = self;
        match step {
            Step::Batch { rows, took, deleted } => {
                bar.at(*deleted);
                bar.say("");
                bar.aside(|| ui.detail(format_args!("{rows} rows in {} ms, {deleted} so far", took.as_millis())));
            }
            Step::OnNode { node } => bar.aside(|| ui.detail(format_args!("on node `{node}`"))),
            Step::FullRowImage { node, error, grant } => bar.aside(|| {
                ui.detail(format_args!("row images stay full on node `{node}`: {}", plain(&with_causes(*error))));
                // Every node of a cluster says the same.
                if !std::mem::replace(full_images, true)
                    && let Some(grant) = grant
                {
                    ui.note(format_args!(
                        "deleted rows are replicated whole, data included; smaller with {}",
                        plain(grant)
                    ));
                }
            }),
            Step::StaleReads { node, reason } => bar.aside(|| {
                let reason = plain(reason);
                ui.note(format_args!("counts on node `{node}` may miss what others have just committed: {reason}"));
            }),
            Step::Throttled { throttle } => {
                bar.say("throttled");
                bar.aside(|| ui.detail(format_args!("waiting {} ms: {throttle}", throttle.pause().as_millis())));
            }
            Step::Retry { error, rows, wait } => {
                bar.say("retrying");
                let why = with_causes(*error);
                bar.aside(|| {
                    ui.detail(format_args!("{}; again in {} ms with {rows} rows", plain(&why), wait.as_millis()));
                });
            }
            Step::NodeLost { error } => {
                bar.say("looking for a usable node");
                bar.aside(|| ui.note(format_args!("{}; looking for a usable node", plain(&with_causes(*error)))));
            }
            Step::NoNode { error } => bar.aside(|| ui.detail(plain(&with_causes(*error)))),
            Step::Recounted { rows, deleted } => {
                bar.at(*deleted);
                bar.aside(|| ui.detail(format_args!("{rows} rows had gone with the lost node's last batch")));
            }
            // A step that a later version of the library adds.
            _ => {}
        }
    }
}

/// What a purge did, or would do.
struct PurgeReport<'a> {
    plan: &'a Plan,
    outcome: Option<&'a Outcome>,
    signal: Option<Signal>,
    /// Whether an error ended it, which is told beside.
    broke_off: bool,
}

impl<'a> PurgeReport<'a> {
    fn planned(plan: &'a Plan) -> Self {
        Self { plan, outcome: None, signal: None, broke_off: false }
    }

    fn done(plan: &'a Plan, outcome: &'a Outcome, signal: Option<Signal>) -> Self {
        Self { plan, outcome: Some(outcome), signal, broke_off: false }
    }

    fn broken_off(plan: &'a Plan, outcome: &'a Outcome) -> Self {
        Self { plan, outcome: Some(outcome), signal: None, broke_off: true }
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
        let Self { plan, outcome, signal: _, broke_off: _ } = self;
        let done = |count: fn(&Outcome) -> u64| outcome.map_or(0, count);
        let seconds = |time: fn(&Outcome) -> Duration| outcome.map_or(0.0, |outcome| seconds(time(outcome)));
        PurgeJson {
            dry_run: outcome.is_none(),
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
        let Self { plan, outcome, signal: _, broke_off } = self;
        match outcome {
            None => planned(plan, style),
            Some(outcome) => done(plan, outcome, *broke_off, style),
        }
    }

    fn status(&self) -> Status {
        match self.outcome.and_then(|outcome| outcome.stopped) {
            Some(Stopped::MaxRows | Stopped::MaxTime) => Status::Stopped,
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
        // A reason that a later version of the library adds.
        _ => "other",
    }
}

/// `1 batch`, `2 batches`.
fn counted(count: u64, one: &str, many: &str) -> String {
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

fn done(plan: &Plan, outcome: &Outcome, broke_off: bool, style: &Style) -> String {
    let outran = !broke_off && outcome.has_left_work();
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
        Some(Stopped::Interrupted) => " The purge was interrupted; run it again to go on.",
        None if outran => " They came in while it ran, expired at birth: is the clock or the zone of a writer wrong?",
        _ => "",
    };
    text.push_str(&format!("{left}{why}\n"));
    text
}
