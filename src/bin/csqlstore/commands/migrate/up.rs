//! `csqlstore migrate up`.

use std::ops::ControlFlow;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::Usable;
use csqlstore::lease::Terms;
use csqlstore::migrate::{self, Action, Deduped, Done, Event, Outcome, Plan, Stall, State};

use super::large::LARGE;
use super::plan::{PlanReport, about};
use super::{GoalArgs, OnArgs, listed, usable};
use crate::context::Context;
use crate::failure::{Failure, Status, runs_out};
use crate::size::Size;
use crate::stop::Signal;
use crate::ui::{Progress, Report, Style, Ui, plain, seconds};

/// Apply what is pending
///
/// One runner at a time works; others wait, and find it done. Nothing is sent that would fail: what is in the way is
/// found first and named. SIGINT and SIGTERM let the current statement finish and be recorded.
#[derive(Args, Debug)]
pub(crate) struct UpArgs {
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// With `--dry-run`, exit with status 1 if anything is pending
    #[arg(long, requires = "dry_run")]
    check: bool,
    /// Wait this long for a node that may take work (Primary, ready, Synced), for a database that is only just starting
    #[arg(long, value_name = "DURATION")]
    wait: Option<humantime::Duration>,
    /// Wait this long while somebody else migrates
    #[arg(long, value_name = "DURATION", default_value = "5m")]
    lock_timeout: humantime::Duration,
    /// Ask before an existing table above this size is altered; `--yes` does not answer that
    #[arg(long, value_name = "SIZE", default_value_t = LARGE)]
    confirm_above: Size,
    #[command(flatten)]
    goal: GoalArgs,
    #[command(flatten)]
    on: OnArgs,
}

pub(crate) async fn run(args: &UpArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let UpArgs { dry_run, check, wait, lock_timeout, confirm_above, goal, on } = args;
    // Until something is begun there is nothing to finish.
    let begun = async {
        let usable = match wait {
            Some(limit) => usable_within(on, (*limit).into(), cx, ui).await?,
            None => usable(on, cx).await?,
        };
        let _spinner = ui.progress("looking at the table", None);
        Ok::<_, Failure>(migrate::begin(usable, cx.table(), goal.goal()).await?)
    };
    let runner = tokio::select! {
        runner = begun => runner?,
        signal = cx.stop().requested() => return Ok(signal.status()),
    };
    if *dry_run {
        return ui.answer(&PlanReport { plan: runner.plan(), check: *check });
    }
    ask_if_large(runner.plan(), *confirm_above, ui)?;
    let terms = Terms { wait: (*lock_timeout).into(), ..Terms::of(cx.cluster()?) };
    let spinner = ui.progress("migrating", None);
    let mut shown = Shown { spinner: &spinner, ui, done: Outcome::default(), waits_for: Default::default() };
    let stop = cx.stop();
    let ended = {
        let work = runner.run(terms, |event| {
            shown.event(&event);
            if stop.signal().is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let mut work = std::pin::pin!(work);
        tokio::select! {
            ended = &mut work => ended,
            signal = stop.requested() => {
                spinner.aside(|| ui.note(format_args!("{}: finishing the statement", signal.name())));
                work.await
            }
        }
    };
    let done = std::mem::take(&mut shown.done);
    drop(spinner);
    match ended {
        Ok(outcome) => ui.answer(&UpReport { table: cx.table().name(), outcome: &outcome, signal: stop.signal() }),
        Err(error) => {
            if done != Outcome::default() {
                let outcome = done;
                ui.answer(&UpReport { table: cx.table().name(), outcome: &outcome, signal: None })?;
            }
            Err(error.into())
        }
    }
}

/// Waits for a node that may take work, and says why there is none whenever that changes.
async fn usable_within(args: &OnArgs, limit: Duration, cx: &Context, ui: &Ui) -> Result<Usable, Failure> {
    let OnArgs { on } = args;
    let spinner = ui.progress("waiting for a usable node", None);
    let mut said = String::new();
    let usable = cx.cluster()?.usable_within(on, limit, |error, _| {
        let why = error.to_string();
        if said != why {
            spinner.aside(|| ui.note(format_args!("waiting: {}", plain(&why))));
            said = why;
        }
    });
    Ok(usable.await?)
}

fn ask_if_large(plan: &Plan, limit: Size, ui: &Ui) -> Result<(), Failure> {
    if !plan.rebuilds() || Size(plan.bytes) <= limit {
        return Ok(());
    }
    let (table, size, about) = (plain(plan.table.name()), Size(plan.bytes), about(plan.estimate()));
    ui.insist(
        &format!("Alter `{table}` of {size} (more than {limit}), which takes {about}?"),
        "`csqlstore migrate plan` says what it means; a larger `--confirm-above` allows it without asking",
    )
}

/// What is shown while it runs, and what was done so far.
struct Shown<'a> {
    spinner: &'a Progress,
    ui: &'a Ui,
    done: Outcome,
    /// Who was last said to be waited for, and in which phase.
    waits_for: (String, String),
}

impl Shown<'_> {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Waiting { holder, .. } => {
                self.spinner.say("somebody else migrates");
                // Said anew when the holder begins its ALTER: that is for how long one may have to wait.
                let waits_for = (holder.owner.clone(), holder.phase.clone());
                if self.waits_for != waits_for {
                    self.waits_for = waits_for;
                    self.spinner.aside(|| self.ui.note(format_args!("waiting for {holder}; {}", runs_out(holder))));
                }
            }
            Event::Starting { step, .. } => {
                let which = listed(&step.migrations);
                match &step.action {
                    Action::Run { sql, estimate } => {
                        self.spinner.say(format!("{which}, {}", about(*estimate)));
                        self.spinner.aside(|| self.ui.detail(plain(sql)));
                    }
                    Action::Dedupe(_) => self.spinner.say("duplicate ids"),
                    Action::Adopt | Action::Finish => self.spinner.say(which),
                }
            }
            Event::TookOver { holder } => {
                let margin = &holder.margin;
                let said = format!(
                    "took over from {holder}, who did not give it back; after its end it was left for {margin}"
                );
                self.spinner.aside(|| self.ui.note(plain(&said)));
            }
            Event::Deduped { so_far } => {
                self.done.deduped = *so_far;
                self.spinner.say(format!("duplicate ids: {} rows deleted", so_far.rows));
            }
            Event::Recorded(done) => self.done.done.push((*done).clone()),
            // An event that a later version of the library adds.
            _ => {}
        }
    }
}

/// From this time on a stall is worth a line for people; JSON has any.
const FELT: Duration = Duration::from_secs(1);

/// What this run did.
struct UpReport<'a> {
    table: &'a str,
    outcome: &'a Outcome,
    signal: Option<Signal>,
}

#[derive(Serialize)]
struct UpJson {
    applied: Vec<DoneJson>,
    /// The rows that were deleted because a newer one has the same id, and how many of them had expired.
    deduplicated: DedupedJson,
    /// The longest that a write on another node waited; null if none was timed.
    stall: Option<StallJson>,
    waited_s: f64,
}

#[derive(Serialize)]
struct DedupedJson {
    rows: u64,
    expired: u64,
}

#[derive(Serialize)]
struct StallJson {
    node: String,
    longest_s: f64,
}

#[derive(Serialize)]
struct DoneJson {
    version: u32,
    name: &'static str,
    state: &'static str,
    elapsed_s: f64,
}

impl Report for UpReport<'_> {
    fn json(&self) -> impl Serialize {
        let each = |done: &Done| DoneJson {
            version: done.migration.version,
            name: done.migration.name,
            state: done.state.as_str(),
            elapsed_s: seconds(done.elapsed),
        };
        let Outcome { done, deduped: Deduped { rows, expired }, stall, waited, .. } = self.outcome;
        UpJson {
            applied: done.iter().map(each).collect(),
            deduplicated: DedupedJson { rows: *rows, expired: *expired },
            stall: stall
                .as_ref()
                .map(|Stall { node, longest }| StallJson { node: node.clone(), longest_s: seconds(*longest) }),
            waited_s: seconds(*waited),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self { table, outcome, signal } = self;
        let mut text = String::new();
        let Deduped { rows, expired } = outcome.deduped;
        if rows > 0 {
            let noun = if rows == 1 { "row" } else { "rows" };
            text.push_str(&format!("deleted  {rows} {noun} whose id a newer row has, {expired} of them expired\n"));
        }
        for Done { migration, state, elapsed } in &outcome.done {
            let how = match state {
                State::Adopted => "it was there already".to_owned(),
                _ if *elapsed == Duration::ZERO => "an interrupted run had done it".to_owned(),
                _ => format!("{} s", seconds(*elapsed)),
            };
            let state = style.good(state);
            text.push_str(&format!("{state}  {} {}  ({how})\n", migration.version, migration.name));
        }
        if let Some(Stall { node, longest }) = &outcome.stall
            && *longest >= FELT
        {
            text.push_str(&format!("Writes on node `{}` waited for up to {} s.\n", plain(node), seconds(*longest)));
        }
        if let Some(signal) = signal {
            let left = if outcome.stopped { "run it again to go on" } else { "nothing was left to do" };
            text.push_str(&style.warn(format!("Stopped by {}; {left}.\n", signal.name())));
        } else if outcome.done.is_empty() && rows == 0 {
            text.push_str(&format!("Nothing to do: `{}` is up to date.\n", plain(table)));
        }
        text
    }

    fn status(&self) -> Status {
        self.signal.map_or(Status::Done, Signal::status)
    }
}
