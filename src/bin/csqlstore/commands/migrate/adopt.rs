//! `csqlstore migrate adopt`.

use std::ops::ControlFlow;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use csqlstore::migrate::{Action, Done, Inspected, Migration, Outcome, Runner, State, Task};

use super::running::{self, DoneJson, LockArgs, stopped_text, word};
use super::{OnArgs, listed};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::stop::Signal;
use crate::ui::{Report, Style, Ui, plain, seconds};

/// Record what the table has already, and run nothing
///
/// For a table that somebody has mended by hand. Each migration whose work is there is recorded as adopted: the primary
/// key on `id`, and any index that begins with `expire_on`, whatever its name. The session table is left as it is; our
/// own tables, csqlstore_migrations and csqlstore_lease, are made if they are not there. Exit status 1 says that
/// something is still pending, which `csqlstore migrate up` brings.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore migrate adopt --dry-run    what would be recorded, and what would be left
  csqlstore migrate adopt              record it")]
pub(crate) struct AdoptArgs {
    /// Show what would be recorded, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    lock: LockArgs,
    #[command(flatten)]
    on: OnArgs,
}

pub(crate) async fn run(args: &AdoptArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let AdoptArgs { dry_run, lock, on } = args;
    let runner = match running::begin(on, Task::Adopt, cx, ui).await? {
        ControlFlow::Continue(runner) => runner,
        ControlFlow::Break(status) => return Ok(status),
    };
    let (table, index) = (cx.table().name(), other_index(runner.inspected()));
    if *dry_run {
        return ui.answer(&AdoptReport { table, index, dry_run: true, outcome: planned(&runner), signal: None });
    }
    let ended = running::run(runner, lock.terms(cx)?, cx, ui).await;
    ended.answer(ui, |outcome, signal| AdoptReport { table, index, dry_run: false, outcome, signal })
}

/// What a run would do, as if it had.
fn planned(runner: &Runner) -> Outcome {
    let mut done: Vec<Done> = Vec::new();
    for step in &runner.plan().steps {
        // An interrupted run may have left work that was done and not recorded.
        let state = if step.action == Action::Finish { State::Applied } else { State::Adopted };
        let each = |migration: &&'static Migration| Done { migration, state: Some(state), elapsed: Duration::ZERO };
        done.extend(step.migrations.iter().map(each));
    }
    let pending =
        runner.pending().into_iter().filter(|left| !done.iter().any(|done| done.migration == *left)).collect();
    Outcome { done, pending, ..Outcome::default() }
}

/// The index on `expire_on` that counts, if it is none of ours by name.
fn other_index(inspected: &Inspected) -> Option<String> {
    let indexes = &inspected.table.as_ref()?.indexes;
    let serving = || indexes.iter().filter(|index| index.finds("expire_on"));
    if serving().any(|index| index.name.eq_ignore_ascii_case("expire_on")) {
        return None;
    }
    serving().next().map(|index| index.name.clone())
}

struct AdoptReport<'a> {
    table: &'a str,
    index: Option<String>,
    dry_run: bool,
    outcome: Outcome,
    signal: Option<Signal>,
}

#[derive(Serialize)]
struct AdoptJson {
    dry_run: bool,
    adopted: Vec<DoneJson>,
    /// What the history does not have as done.
    pending: Vec<PendingJson>,
    waited_s: f64,
}

#[derive(Serialize)]
struct PendingJson {
    version: u32,
    name: &'static str,
}

impl Report for AdoptReport<'_> {
    fn json(&self) -> impl Serialize {
        let Outcome { done, pending, waited, .. } = &self.outcome;
        let left = |migration: &&Migration| PendingJson { version: migration.version, name: migration.name };
        AdoptJson {
            dry_run: self.dry_run,
            adopted: done.iter().map(DoneJson::from).collect(),
            pending: pending.iter().map(left).collect(),
            waited_s: seconds(*waited),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Outcome { done, pending, stopped, .. } = &self.outcome;
        let mut text = String::new();
        for Done { migration, state, .. } in done {
            let by = match &self.index {
                Some(index) if migration.name == "expire_on_index" => format!("  (by its index `{}`)", plain(index)),
                _ => String::new(),
            };
            text.push_str(&format!("{}  {} {}{by}\n", style.good(word(*state)), migration.version, migration.name));
        }
        if let Some(signal) = self.signal {
            text.push_str(&style.warn(stopped_text(signal, *stopped)));
            return text;
        }
        let table = plain(self.table);
        if done.is_empty() {
            let nothing = if pending.is_empty() { "all is recorded" } else { "it has nothing that is not recorded" };
            text.push_str(&format!("Nothing to adopt of `{table}`: {nothing}.\n"));
        }
        if !pending.is_empty() {
            let left = style.warn(format!("Pending: {}.", listed(pending)));
            text.push_str(&format!("{left} `csqlstore migrate up` brings what is left; `migrate plan` shows it.\n"));
        }
        if self.dry_run && !done.is_empty() {
            text.push_str("This was a dry run: nothing was recorded.\n");
        }
        text
    }

    fn status(&self) -> Status {
        match self.signal {
            Some(signal) => signal.status(),
            None if self.outcome.pending.is_empty() => Status::Done,
            None => Status::No,
        }
    }
}
