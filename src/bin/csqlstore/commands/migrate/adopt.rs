//! `csqlstore migrate adopt`.

use clap::Args;
use serde::Serialize;

use csqlstore::migrate::{Done, Inspected, Migration, Outcome, Task};

use super::listed;
use super::records::{self, Records, RecordsArgs};
use super::running::{DoneJson, stopped_text, word};
use crate::context::Context;
use crate::failure::{Failure, Status};
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
    #[command(flatten)]
    records: RecordsArgs,
}

pub(crate) async fn run(args: &AdoptArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let AdoptArgs { records } = args;
    records::run(records, Task::Adopt, cx, ui, AdoptReport).await
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

/// What was adopted, and what is left.
struct AdoptReport<'a>(Records<'a>);

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
        let Self(Records { dry_run, outcome: Outcome { done, pending, waited, .. }, .. }) = self;
        let left = |migration: &&Migration| PendingJson { version: migration.version, name: migration.name };
        AdoptJson {
            dry_run: *dry_run,
            adopted: done.iter().map(DoneJson::from).collect(),
            pending: pending.iter().map(left).collect(),
            waited_s: seconds(*waited),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self(Records { table, inspected, dry_run, outcome, signal }) = self;
        let Outcome { done, pending, stopped, .. } = outcome;
        let index = other_index(inspected);
        let mut text = String::new();
        for Done { migration, state, .. } in done {
            let by = match &index {
                Some(index) if migration.name == "expire_on_index" => format!("  (by its index `{}`)", plain(index)),
                _ => String::new(),
            };
            text.push_str(&format!("{}  {} {}{by}\n", style.good(word(*state)), migration.version, migration.name));
        }
        if let Some(signal) = signal {
            text.push_str(&style.warn(stopped_text(*signal, *stopped)));
            return text;
        }
        let table = plain(table);
        if done.is_empty() {
            let nothing = if pending.is_empty() { "all is recorded" } else { "it has nothing that is not recorded" };
            text.push_str(&format!("Nothing to adopt of `{table}`: {nothing}.\n"));
        }
        if !pending.is_empty() {
            let left = style.warn(format!("Pending: {}.", listed(pending)));
            text.push_str(&format!("{left} `csqlstore migrate up` brings what is left; `migrate plan` shows it.\n"));
        }
        if *dry_run && !done.is_empty() {
            text.push_str("This was a dry run: nothing was recorded.\n");
        }
        text
    }

    fn status(&self) -> Status {
        let Self(Records { outcome, signal, .. }) = self;
        match signal {
            Some(signal) => signal.status(),
            None if outcome.pending.is_empty() => Status::Done,
            None => Status::No,
        }
    }
}
