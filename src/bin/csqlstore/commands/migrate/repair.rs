//! `csqlstore migrate repair`.

use clap::Args;
use serde::Serialize;

use csqlstore::migrate::{Done, Irreparable, Migration, Reason, State, Task, irreparable};

use super::records::{self, Records, RecordsArgs, state_in};
use super::running::{stopped_text, word};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{Report, Style, Ui, plain, seconds};

/// Make the history say what the table shows
///
/// Reads the table again and compares it with csqlstore_migrations. What an interrupted run had done becomes applied;
/// what is recorded and not there becomes pending, so that `csqlstore migrate up` brings it. The session table itself is
/// never touched. A record with a checksum that this program does not know is explained and left, and exit status 4 says
/// so.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore migrate repair --dry-run    what would be put right
  csqlstore migrate repair              put it right
  csqlstore migrate up                  then bring what has become pending")]
pub(crate) struct RepairArgs {
    #[command(flatten)]
    records: RecordsArgs,
}

pub(crate) async fn run(args: &RepairArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let RepairArgs { records } = args;
    records::run(records, Task::Repair, cx, ui, RepairReport::of).await
}

/// What was put right, and what is left.
struct RepairReport<'a> {
    records: Records<'a>,
    left: Vec<Irreparable>,
}

/// What becomes of a record.
struct Change {
    migration: &'static Migration,
    from: Option<State>,
    to: Option<State>,
}

impl<'a> RepairReport<'a> {
    fn of(records: Records<'a>) -> Self {
        let left = irreparable(&records.inspected);
        Self { records, left }
    }

    fn changes(&self) -> Vec<Change> {
        let Records { inspected, outcome, .. } = &self.records;
        let each = |Done { migration, state, elapsed: _ }: &Done| {
            let from = state_in(inspected, migration);
            Change { migration, from, to: *state }
        };
        outcome.done.iter().map(each).collect()
    }
}

#[derive(Serialize)]
struct RepairJson {
    dry_run: bool,
    repaired: Vec<ChangeJson>,
    /// Records that are not right, and that looking at the table cannot put right.
    irreparable: Vec<LeftJson>,
    waited_s: f64,
}

#[derive(Serialize)]
struct ChangeJson {
    version: u32,
    name: &'static str,
    from: &'static str,
    to: &'static str,
    reason: &'static str,
}

#[derive(Serialize)]
struct LeftJson {
    version: u32,
    name: &'static str,
    reason: String,
}

impl Change {
    fn reason(&self) -> &'static str {
        match self.to {
            to if to == self.from => "its checksum was that of the same text with CRLF at its line ends",
            None => "the table does not have it",
            Some(_) => "the table has it",
        }
    }
}

fn why(left: &Irreparable) -> String {
    match &left.reason {
        Reason::Text { recorded, expected } => format!(
            "it was recorded by a program with another text of it (checksum {}…, here {}…); what that text did is not known",
            start(recorded),
            start(expected)
        ),
        Reason::Misfit(misfit) => format!("the table cannot be compared: {misfit}"),
        _ => "it cannot be put right".to_owned(),
    }
}

/// Enough of a checksum to tell it from another.
fn start(checksum: &str) -> String {
    plain(&checksum.chars().take(12).collect::<String>())
}

impl Report for RepairReport<'_> {
    fn json(&self) -> impl Serialize {
        let change = |change: &Change| ChangeJson {
            version: change.migration.version,
            name: change.migration.name,
            from: word(change.from),
            to: word(change.to),
            reason: change.reason(),
        };
        let left = |left: &Irreparable| LeftJson {
            version: left.migration.version,
            name: left.migration.name,
            reason: why(left),
        };
        RepairJson {
            dry_run: self.records.dry_run,
            repaired: self.changes().iter().map(change).collect(),
            irreparable: self.left.iter().map(left).collect(),
            waited_s: seconds(self.records.outcome.waited),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self { records: Records { table, dry_run, outcome, signal, .. }, left: _ } = self;
        let changes = self.changes();
        let mut text = String::new();
        for change in &changes {
            let Change { migration, from, to } = change;
            let becomes = if from == to { "checksum".to_owned() } else { format!("{} -> {}", word(*from), word(*to)) };
            let becomes = style.good(becomes);
            text.push_str(&format!("{} {}: {becomes}  ({})\n", migration.version, migration.name, change.reason()));
        }
        for left in &self.left {
            let Migration { version, name, .. } = left.migration;
            text.push_str(&format!("{} {}\n", style.bad(format!("{version} {name} is left as it is:")), why(left)));
        }
        if let Some(signal) = signal {
            text.push_str(&style.warn(stopped_text(*signal, outcome.stopped)));
            return text;
        }
        if changes.is_empty() && self.left.is_empty() {
            return format!("Nothing to repair: the history says what `{}` shows.\n", plain(table));
        }
        if *dry_run && !changes.is_empty() {
            text.push_str("This was a dry run: nothing was written.\n");
        } else if changes.iter().any(|change| change.to.is_none()) {
            text.push_str("`csqlstore migrate up` brings what is pending now.\n");
        }
        if self.left.iter().any(|left| matches!(left.reason, Reason::Text { .. })) {
            text.push_str(
                "Run the version of csqlstore that recorded it. If there is none, and the table is as it should be, delete\n\
                 that row of csqlstore_migrations by hand and run `csqlstore migrate adopt`.\n",
            );
        }
        text
    }

    fn status(&self) -> Status {
        match self.records.signal {
            Some(signal) => signal.status(),
            None if self.left.is_empty() => Status::Done,
            None => Status::Unexpected,
        }
    }
}
