//! `csqlstore migrate down`.

use std::ops::ControlFlow;

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::Kind;
use csqlstore::migrate::{Done, Down, Loss, Outcome, Plan, Task};

use super::large::LargeArgs;
use super::plan::{StepJson, TableJson, felt, named, step_json, step_text};
use super::running::{self, DoneJson, LockArgs, stopped_text};
use super::stall::{StallJson, stall_text};
use super::{OnArgs, listed};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::size::Size;
use crate::stop::Signal;
use crate::ui::{Report, Style, Ui, plain, seconds};

/// Take migrations back
///
/// One step, or all beyond a version; 0 takes the table itself away. What is dropped and what it costs is shown before
/// anything is asked. An index that csqlstore did not make stays. On a cluster the primary key and the table go only
/// with `--force`, and so does what was there before csqlstore was. A loss of sessions has to be confirmed by typing the
/// table's name; `--yes` does not do that, `--confirm NAME` does. Without its key a table is made anew, which takes as long as
/// giving it one.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore migrate down --dry-run            what one step back would drop, and what that costs;
                                              status 2 if it would be refused
  csqlstore migrate down --yes                drop the index on expire_on, if it was the last step
  csqlstore migrate down --to 1 --force       back to the documented table, on a cluster
  csqlstore migrate down --to 0 --force --confirm session_cluster
                                              drop the table, and all sessions with it")]
pub(crate) struct DownArgs {
    /// The version that stays as the last one; 0 for none [default: one step back]
    #[arg(long, value_name = "VERSION")]
    to: Option<u32>,
    /// Show what would be dropped, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Drop the primary key or the table on a cluster too, and what csqlstore did not make
    #[arg(long)]
    force: bool,
    /// The name of the table, to agree to the loss of all its sessions
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    #[command(flatten)]
    lock: LockArgs,
    #[command(flatten)]
    large: LargeArgs,
    #[command(flatten)]
    on: OnArgs,
}

pub(crate) async fn run(args: &DownArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let DownArgs { to, dry_run, force, confirm, lock, large, on } = args;
    let table = cx.table().name();
    if let Some(named) = confirm
        && named != table
    {
        let hint = format!("nothing was done; the table that would be dropped is named `{}`", plain(table));
        return Err(Failure::request(format!("`--confirm {}` names another table", plain(named))).hint(hint));
    }
    let task = |force| Task::Down(Down { to: *to, force });
    let begun = match running::begin(on, task(*force), cx, ui).await {
        // What is refused can be looked at.
        Err(refused) if *dry_run && !force && refused.status == Status::Request => {
            match running::begin(on, task(true), cx, ui).await {
                Ok(ControlFlow::Continue(runner)) => show(runner.plan(), ui)?,
                Ok(ControlFlow::Break(status)) => return Ok(status),
                // It is not `--force` that it lacks.
                Err(_) => return Err(refused),
            };
            return Err(refused);
        }
        begun => begun?,
    };
    let runner = match begun {
        ControlFlow::Continue(runner) => runner,
        ControlFlow::Break(status) => return Ok(status),
    };
    if *dry_run {
        return show(runner.plan(), ui);
    }
    let plan = runner.plan().clone();
    if !plan.steps.is_empty() {
        ask(&plan, confirm.is_some(), large, ui)?;
    }
    let ended = running::run(runner, lock.terms(cx)?, cx, ui).await;
    ended.answer(ui, |outcome, signal| DownReport { plan, dry_run: false, outcome, signal })
}

/// Shows the plan, and does nothing.
fn show(plan: &Plan, ui: &Ui) -> Result<Status, Failure> {
    ui.answer(&DownReport { plan: plan.clone(), dry_run: true, outcome: Outcome::default(), signal: None })
}

/// Shows the plan and asks; a loss of sessions is agreed to by the table's name alone.
fn ask(plan: &Plan, named_table: bool, large: &LargeArgs, ui: &Ui) -> Result<(), Failure> {
    ui.preview(|style| plan_text(plan, style));
    let which: Vec<_> = plan.steps.iter().flat_map(|step| &step.migrations).copied().collect();
    let table = plain(plan.table.name());
    match plan.loss() {
        Some(Loss::Data) if named_table => Ok(()),
        Some(Loss::Data) => ui.insist_on(
            &format!("Drop `{table}` and all its sessions? Type the table's name to agree"),
            plan.table.name(),
            &format!("`--confirm {table}` agrees to it; `--yes` does not"),
        ),
        Some(_) | None => match large.too_large(plan) {
            Some(why) => large.ask(&format!("Take {} back, of {why}?", listed(&which)), ui),
            None => ui.confirm(&format!("Take {} of `{table}` back?", listed(&which))),
        },
    }
}

struct DownReport {
    plan: Plan,
    dry_run: bool,
    outcome: Outcome,
    signal: Option<Signal>,
}

#[derive(Serialize)]
struct DownJson<'a> {
    dry_run: bool,
    steps: Vec<StepJson<'a>>,
    table: TableJson<'a>,
    estimate_s: f64,
    /// Whether every write in the whole cluster waits meanwhile.
    writes_wait: bool,
    /// The worst that goes: `index`, `key` or `data`.
    loses: Option<&'static str>,
    /// What this run took back.
    reverted: Vec<DoneJson>,
    /// The longest that a write on another node waited; null if none was timed.
    stall: Option<StallJson>,
    waited_s: f64,
}

impl Report for DownReport {
    fn json(&self) -> impl Serialize {
        let Self { plan, dry_run, outcome, signal: _ } = self;
        DownJson {
            dry_run: *dry_run,
            steps: plan.steps.iter().map(step_json).collect(),
            table: TableJson::from(plan),
            estimate_s: seconds(plan.estimate()),
            writes_wait: plan.kind.ddl_stops_writes() && plan.loss().is_some(),
            loses: plan.loss().map(|loss| match loss {
                Loss::Index => "index",
                Loss::Key => "key",
                Loss::Data => "data",
            }),
            reverted: outcome.done.iter().map(DoneJson::from).collect(),
            stall: outcome.stall.as_ref().map(StallJson::from),
            waited_s: seconds(outcome.waited),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self { plan, dry_run, outcome, signal } = self;
        if *dry_run {
            return plan_text(plan, style);
        }
        let mut text = String::new();
        for Done { migration, elapsed, .. } in &outcome.done {
            let how =
                if elapsed.is_zero() { "nothing was dropped".to_owned() } else { format!("{} s", seconds(*elapsed)) };
            let word = style.warn("taken back");
            text.push_str(&format!("{word}  {} {}  ({how})\n", migration.version, migration.name));
        }
        text.push_str(&stall_text(outcome.stall.as_ref()));
        if let Some(signal) = signal {
            text.push_str(&style.warn(stopped_text(*signal, outcome.stopped)));
        } else if outcome.done.is_empty() {
            text.push_str(&nothing(plan));
        }
        text
    }

    fn status(&self) -> Status {
        self.signal.map_or(Status::Done, Signal::status)
    }
}

fn nothing(plan: &Plan) -> String {
    format!("Nothing to take back: no such migration of {} is recorded.\n", named(plan))
}

/// What would be done, and what it costs.
fn plan_text(plan: &Plan, style: &Style) -> String {
    if plan.steps.is_empty() {
        return nothing(plan);
    }
    let mut text = match (plan.rows, plan.bytes) {
        (0, 0) => format!("{} is not there.\n", named(plan)),
        (rows, bytes) => format!("{} has about {rows} rows and takes {}.\n", named(plan), Size(bytes)),
    };
    for step in &plan.steps {
        text.push_str(&step_text(step, plan, style));
    }
    if let Some(loss) = plan.loss() {
        text.push('\n');
        text.push_str(&felt(plan, style));
        text.push_str(&format!("{}\n", style.warn(cost(loss, plan.kind))));
    }
    text
}

/// What it costs afterwards.
fn cost(loss: Loss, kind: Kind) -> &'static str {
    match (loss, kind) {
        (Loss::Index, _) => {
            "Afterwards `csqlstore purge` and the cleanup event read the whole table for each batch that they\n\
             delete."
        }
        (Loss::Key, Kind::Standalone) => {
            "Afterwards each session that is read, written or deleted is searched for in the whole table."
        }
        (Loss::Key, _) => {
            "Afterwards each session that is read, written or deleted is searched for in the whole table, on every\n\
             node: one DELETE of 200 rows can block the whole cluster for minutes."
        }
        (Loss::Data, _) => {
            "All sessions are lost, everybody is signed out, and programs that write sessions fail until the table\n\
             is there again. A cleanup event goes on and fails: remove it first (`csqlstore event status`)."
        }
    }
}
