//! `csqlstore migrate up`.

use std::ops::ControlFlow;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use csqlstore::migrate::{Done, Goal, Outcome, Plan, State};

use super::OnArgs;
use super::plan::{PlanReport, about};
use super::running::{self, DoneJson, LockArgs, stopped_text, word};
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
    #[command(flatten)]
    lock: LockArgs,
    /// Ask before an existing table above this size is altered; `--yes` does not answer that
    #[arg(long, value_name = "SIZE", default_value = "256MB")]
    confirm_above: Size,
    #[command(flatten)]
    on: OnArgs,
}

pub(crate) async fn run(args: &UpArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let UpArgs { dry_run, lock, confirm_above, on } = args;
    let runner = match running::begin(on, Goal::Up, cx, ui).await? {
        ControlFlow::Continue(runner) => runner,
        ControlFlow::Break(status) => return Ok(status),
    };
    if *dry_run {
        return ui.answer(&PlanReport(runner.plan()));
    }
    ask_if_large(runner.plan(), *confirm_above, ui)?;
    let ended = running::run(runner, lock.terms(), cx, ui).await;
    ended.answer(ui, |outcome, signal| UpReport { table: cx.table().name(), outcome, signal })
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

/// What this run did.
struct UpReport<'a> {
    table: &'a str,
    outcome: Outcome,
    signal: Option<Signal>,
}

#[derive(Serialize)]
struct UpJson {
    applied: Vec<DoneJson>,
    waited_s: f64,
}

impl Report for UpReport<'_> {
    fn json(&self) -> impl Serialize {
        let Self { table: _, outcome: Outcome { done, waited, .. }, signal: _ } = self;
        UpJson { applied: done.iter().map(DoneJson::from).collect(), waited_s: seconds(*waited) }
    }

    fn human(&self, style: &Style) -> String {
        let Self { table, outcome, signal } = self;
        let mut text = String::new();
        for Done { migration, state, elapsed } in &outcome.done {
            let how = match state {
                Some(State::Adopted) => "it was there already".to_owned(),
                _ if *elapsed == Duration::ZERO => "an interrupted run had done it".to_owned(),
                _ => format!("{} s", seconds(*elapsed)),
            };
            let state = style.good(word(*state));
            text.push_str(&format!("{state}  {} {}  ({how})\n", migration.version, migration.name));
        }
        if let Some(signal) = signal {
            text.push_str(&style.warn(stopped_text(*signal, outcome.stopped)));
        } else if outcome.done.is_empty() {
            text.push_str(&format!("Nothing to do: `{}` is up to date.\n", plain(table)));
        }
        text
    }

    fn status(&self) -> Status {
        self.signal.map_or(Status::Done, Signal::status)
    }
}
