//! `csqlstore migrate up`.

use std::ops::ControlFlow;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::Usable;
use csqlstore::migrate::{Deduped, Done, Outcome, State};

use super::large::LargeArgs;
use super::plan::PlanReport;
use super::running::{self, DoneJson, LockArgs, stopped_text, word};
use super::stall::{StallJson, stall_text};
use super::{GoalArgs, OnArgs, usable};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::stop::Signal;
use crate::ui::{Report, Style, Ui, plain, seconds};

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
    #[command(flatten)]
    lock: LockArgs,
    #[command(flatten)]
    large: LargeArgs,
    #[command(flatten)]
    goal: GoalArgs,
    #[command(flatten)]
    on: OnArgs,
}

pub(crate) async fn run(args: &UpArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let UpArgs { dry_run, check, wait, lock, large, goal, on } = args;
    let node = async {
        match wait {
            Some(limit) => usable_within(on, (*limit).into(), cx, ui).await,
            None => usable(on, cx).await,
        }
    };
    let runner = match running::begin_with(node, goal.goal().into(), cx, ui).await? {
        ControlFlow::Continue(runner) => runner,
        ControlFlow::Break(status) => return Ok(status),
    };
    if *dry_run {
        return ui.answer(&PlanReport { plan: runner.plan(), check: *check });
    }
    if let Some(why) = large.too_large(runner.plan()) {
        large.ask(&format!("Alter {why}?"), ui)?;
    }
    let ended = running::run(runner, lock.terms(cx)?, cx, ui).await;
    ended.answer(ui, |outcome, signal| UpReport { table: cx.table().name(), outcome, signal })
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

/// What this run did.
struct UpReport<'a> {
    table: &'a str,
    outcome: Outcome,
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

impl Report for UpReport<'_> {
    fn json(&self) -> impl Serialize {
        let Outcome { done, deduped: Deduped { rows, expired }, stall, waited, .. } = &self.outcome;
        UpJson {
            applied: done.iter().map(DoneJson::from).collect(),
            deduplicated: DedupedJson { rows: *rows, expired: *expired },
            stall: stall.as_ref().map(StallJson::from),
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
                Some(State::Adopted) => "it was there already".to_owned(),
                _ if *elapsed == Duration::ZERO => "an interrupted run had done it".to_owned(),
                _ => format!("{} s", seconds(*elapsed)),
            };
            let state = style.good(word(*state));
            text.push_str(&format!("{state}  {} {}  ({how})\n", migration.version, migration.name));
        }
        text.push_str(&stall_text(outcome.stall.as_ref()));
        if let Some(signal) = signal {
            text.push_str(&style.warn(stopped_text(*signal, outcome.stopped)));
        } else if outcome.done.is_empty() && rows == 0 {
            text.push_str(&format!("Nothing to do: `{}` is up to date.\n", plain(table)));
        }
        text
    }

    fn status(&self) -> Status {
        self.signal.map_or(Status::Done, Signal::status)
    }
}
