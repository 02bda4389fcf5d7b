//! `csqlstore migrate up`.

use std::ops::ControlFlow;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::Usable;
use csqlstore::migrate::{Deduped, Done, Outcome, Plan, Stall, State};

use super::large::LARGE;
use super::plan::{PlanReport, about};
use super::running::{self, DoneJson, LockArgs, stopped_text, word};
use super::{GoalArgs, OnArgs, usable};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::size::Size;
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
    /// Ask before an existing table above this size is altered; `--yes` does not answer that
    #[arg(long, value_name = "SIZE", default_value_t = LARGE)]
    confirm_above: Size,
    #[command(flatten)]
    goal: GoalArgs,
    #[command(flatten)]
    on: OnArgs,
}

pub(crate) async fn run(args: &UpArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let UpArgs { dry_run, check, wait, lock, confirm_above, goal, on } = args;
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
    ask_if_large(runner.plan(), *confirm_above, ui)?;
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

/// From this time on a stall is worth a line for people; JSON has any.
const FELT: Duration = Duration::from_secs(1);

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

#[derive(Serialize)]
struct StallJson {
    node: String,
    longest_s: f64,
}

impl Report for UpReport<'_> {
    fn json(&self) -> impl Serialize {
        let Outcome { done, deduped: Deduped { rows, expired }, stall, waited, .. } = &self.outcome;
        UpJson {
            applied: done.iter().map(DoneJson::from).collect(),
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
                Some(State::Adopted) => "it was there already".to_owned(),
                _ if *elapsed == Duration::ZERO => "an interrupted run had done it".to_owned(),
                _ => format!("{} s", seconds(*elapsed)),
            };
            let state = style.good(word(*state));
            text.push_str(&format!("{state}  {} {}  ({how})\n", migration.version, migration.name));
        }
        if let Some(Stall { node, longest }) = &outcome.stall
            && *longest >= FELT
        {
            text.push_str(&format!("Writes on node `{}` waited for up to {} s.\n", plain(node), seconds(*longest)));
        }
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
