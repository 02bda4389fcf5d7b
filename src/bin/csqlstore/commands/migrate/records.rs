//! What the verbs share that write the history alone: their arguments, a dry run, and the run.

use std::ops::ControlFlow;
use std::time::Duration;

use clap::Args;

use csqlstore::migrate::{Action, Done, Inspected, Migration, Outcome, Runner, State, Task};

use super::OnArgs;
use super::running::{self, LockArgs};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::stop::Signal;
use crate::ui::{Report, Ui};

/// How the history is written.
#[derive(Args, Debug)]
pub(super) struct RecordsArgs {
    /// Show what would be recorded, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    lock: LockArgs,
    #[command(flatten)]
    on: OnArgs,
}

/// What was recorded or, in a dry run, would be.
pub(super) struct Records<'a> {
    pub(super) table: &'a str,
    /// What was there before.
    pub(super) inspected: Inspected,
    pub(super) dry_run: bool,
    pub(super) outcome: Outcome,
    /// By what it was stopped.
    pub(super) signal: Option<Signal>,
}

/// Does it, or says what it would do, and answers with a report of that.
pub(super) async fn run<'a, R: Report>(
    args: &RecordsArgs,
    task: Task,
    cx: &'a Context,
    ui: &Ui,
    report: impl FnOnce(Records<'a>) -> R,
) -> Result<Status, Failure> {
    let RecordsArgs { dry_run, lock, on } = args;
    let runner = match running::begin(on, task, cx, ui).await? {
        ControlFlow::Continue(runner) => runner,
        ControlFlow::Break(status) => return Ok(status),
    };
    let (table, inspected, dry_run) = (cx.table().name(), runner.inspected().clone(), *dry_run);
    if dry_run {
        let outcome = planned(&runner);
        return ui.answer(&report(Records { table, inspected, dry_run, outcome, signal: None }));
    }
    let ended = running::run(runner, lock.terms(cx)?, cx, ui).await;
    ended.answer(ui, |outcome, signal| report(Records { table, inspected, dry_run, outcome, signal }))
}

/// What a run would do, as if it had.
fn planned(runner: &Runner) -> Outcome {
    let mut done: Vec<Done> = Vec::new();
    for step in &runner.plan().steps {
        let each = |migration: &&'static Migration| {
            let state = match step.action {
                Action::Adopt => Some(State::Adopted),
                // An interrupted run may have left work that was done and not recorded.
                Action::Finish => Some(State::Applied),
                Action::Correct => state_in(runner.inspected(), migration),
                _ => None,
            };
            Done { migration, state, elapsed: Duration::ZERO }
        };
        done.extend(step.migrations.iter().map(each));
    }
    let pending =
        runner.pending().into_iter().filter(|left| !done.iter().any(|done| done.migration == *left)).collect();
    Outcome { done, pending, ..Outcome::default() }
}

/// The state that a migration had in the history, if it is there.
pub(super) fn state_in(inspected: &Inspected, migration: &Migration) -> Option<State> {
    let mut history = inspected.history.iter().flatten();
    history.find(|record| record.version == migration.version).map(|record| record.state)
}
