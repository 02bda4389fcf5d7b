//! `csqlstore migrate plan`, which `migrate up --dry-run` is as well.

use std::time::Duration;

use clap::Args;
use serde::Serialize;

use csqlstore::cluster::Kind;
use csqlstore::migrate::{self, Action, Depth, Duplicate, Duplicates, Plan, Step};

use super::large::{self, WAYS_ROUND};
use super::running::verb;
use super::{GoalArgs, OnArgs, listed, usable, warn_if_stale};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::size::Size;
use crate::ui::{Report, Style, Ui, plain, seconds};

/// Show the SQL of what is pending, and what the cluster will feel
///
/// Writes nothing, not even csqlstore's own tables. A table without its keys is read from end to end, for its size and
/// for ids that more than one row has.
#[derive(Args, Debug)]
pub(crate) struct PlanArgs {
    /// Exit with status 1 if anything is pending
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    goal: GoalArgs,
    #[command(flatten)]
    on: OnArgs,
}

pub(crate) async fn run(args: &PlanArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let PlanArgs { check, goal, on } = args;
    let mut usable = usable(on, cx).await?;
    warn_if_stale(&usable, ui);
    let spinner = ui.progress("looking at the table", None);
    let inspected = migrate::inspect(&mut usable.connection, usable.vitals.kind(), cx.table(), Depth::Rows).await?;
    drop(spinner);
    usable.connection.close().await;
    let plan = migrate::plan_for(&inspected, cx.table(), goal.goal())?;
    ui.answer(&PlanReport { plan: &plan, check: *check })
}

/// What would be done.
pub(super) struct PlanReport<'a> {
    pub(super) plan: &'a Plan,
    /// Whether it is a fault that there is something to do.
    pub(super) check: bool,
}

#[derive(Serialize)]
struct PlanJson<'a> {
    steps: Vec<StepJson<'a>>,
    table: TableJson<'a>,
    /// How long the statements take together, within a factor of 3.
    estimate_s: f64,
    /// Whether every write in the whole cluster waits meanwhile.
    writes_wait: bool,
    /// Whether an invisible key that the server made by itself is dropped.
    drops_generated_key: bool,
    /// What there is instead of one long ALTER, for a table that is too large for it; empty for any other.
    ways_round: Vec<WayRoundJson>,
}

#[derive(Serialize)]
struct WayRoundJson {
    name: &'static str,
    verdict: &'static str,
}

#[derive(Serialize)]
pub(super) struct StepJson<'a> {
    versions: Vec<u32>,
    names: Vec<&'static str>,
    action: &'static str,
    sql: Option<&'a str>,
    estimate_s: Option<f64>,
    /// The ids that more than one row has, for the action that leaves one row of each.
    duplicates: Option<DuplicatesJson<'a>>,
}

#[derive(Serialize)]
struct DuplicatesJson<'a> {
    ids: Vec<DuplicateJson<'a>>,
    /// Whether there are more than are listed.
    more: bool,
}

#[derive(Serialize)]
struct DuplicateJson<'a> {
    id: &'a str,
    rows: u64,
}

/// The table as a plan found it.
#[derive(Serialize)]
pub(super) struct TableJson<'a> {
    database: &'a str,
    name: &'a str,
    rows: u64,
    bytes: u64,
}

impl<'a> From<&'a Plan> for TableJson<'a> {
    fn from(plan: &'a Plan) -> Self {
        Self { database: &plan.database, name: plan.table.name(), rows: plan.rows, bytes: plan.bytes }
    }
}

impl Report for PlanReport<'_> {
    fn json(&self) -> impl Serialize {
        let Self { plan, check: _ } = self;
        PlanJson {
            steps: plan.steps.iter().map(step_json).collect(),
            table: TableJson::from(*plan),
            estimate_s: seconds(plan.estimate()),
            writes_wait: plan.kind.ddl_stops_writes() && plan.rebuilds(),
            drops_generated_key: plan.drops_generated_key,
            ways_round: if large::is_large(plan) { WAYS_ROUND.map(way_round).into() } else { Vec::new() },
        }
    }

    fn human(&self, style: &Style) -> String {
        let Self { plan, check: _ } = self;
        if plan.steps.is_empty() {
            return format!("Nothing to do: {} is up to date.\n", named(plan));
        }
        let mut text = match (plan.rows, plan.bytes) {
            (0, 0) => format!("{} is not there yet.\n", named(plan)),
            (rows, bytes) => format!("{} has about {rows} rows and takes {}.\n", named(plan), Size(bytes)),
        };
        for step in &plan.steps {
            text.push_str(&step_text(step, plan, style));
        }
        if plan.rebuilds() {
            text.push('\n');
            text.push_str(&felt(plan, style));
        }
        if large::is_large(plan) {
            text.push('\n');
            text.push_str(&large::text());
        }
        text
    }

    fn status(&self) -> Status {
        if self.check && !self.plan.steps.is_empty() { Status::No } else { Status::Done }
    }
}

fn way_round((name, verdict): (&'static str, &'static str)) -> WayRoundJson {
    WayRoundJson { name, verdict }
}

pub(super) fn step_json(step: &Step) -> StepJson<'_> {
    let (sql, estimate) = step.action.statement().unzip();
    let action = verb(&step.action);
    let duplicates = match &step.action {
        Action::Dedupe(Duplicates { ids, more }) => {
            Some(DuplicatesJson { ids: ids.iter().map(duplicate_json).collect(), more: *more })
        }
        _ => None,
    };
    let names = step.migrations.iter().map(|migration| migration.name).collect();
    StepJson { versions: step.versions(), names, action, sql, estimate_s: estimate.map(seconds), duplicates }
}

fn duplicate_json(Duplicate { id, rows }: &Duplicate) -> DuplicateJson<'_> {
    DuplicateJson { id, rows: *rows }
}

pub(super) fn step_text(step: &Step, plan: &Plan, style: &Style) -> String {
    let which = listed(&step.migrations);
    match &step.action {
        Action::Adopt if plan.rows + plan.bytes == 0 => format!("\nadopt {which}: the new table has it\n"),
        Action::Adopt => format!("\nadopt {which}: the table has it\n"),
        Action::Finish => format!("\nrecord {which} as applied: an interrupted run has done it\n"),
        Action::Dedupe(duplicates) => dedupe_text(duplicates),
        Action::Run { sql, .. } => format!("\nrun {which}:\n{}", sql_text(sql, style)),
        Action::Revert { sql, .. } => format!("\ntake {which} back:\n{}", sql_text(sql, style)),
        Action::Forget => format!("\nstrike {which} from the history: there is nothing to drop\n"),
        Action::Correct => format!("\nrecord the checksum of {which} anew\n"),
    }
}

/// A statement, to be copied.
fn sql_text(sql: &str, style: &Style) -> String {
    let sql = plain(&sql.replace('\n', "\u{0}")).replace("\\u{0}", "\n    ");
    format!("    {}\n", style.bold(format!("{sql};")))
}

/// The table and its database.
pub(super) fn named(plan: &Plan) -> String {
    format!("`{}` in `{}`", plain(plan.table.name()), plain(&plan.database))
}

/// Which rows go before the key can be made.
fn dedupe_text(Duplicates { ids, more }: &Duplicates) -> String {
    const SHOWN: usize = 10;
    let count = if *more { format!("more than {}", ids.len()) } else { ids.len().to_string() };
    let noun = if ids.len() == 1 && !more { "id" } else { "ids" };
    let mut text = format!("\ndelete all rows but the newest of {count} {noun}, one by one, expired ones first:\n");
    for Duplicate { id, rows } in ids.iter().take(SHOWN) {
        text.push_str(&format!("    {} ({rows} rows)\n", plain(id)));
    }
    if ids.len() > SHOWN {
        text.push_str("    …\n");
    }
    text
}

/// What the cluster will feel.
pub(super) fn felt(plan: &Plan, style: &Style) -> String {
    let about = about(plan.estimate());
    let generated = if plan.drops_generated_key {
        "The invisible key `my_row_id`, which the server made by itself, goes in the same statement.\n"
    } else {
        ""
    };
    let felt = match plan.kind {
        Kind::Galera => format!(
            "{}\nReads go on. Transactions that have the table open are rolled back with error 1213.\n",
            style.warn(format!("For {about} every write in the whole cluster waits, to this table and to all others."))
        ),
        Kind::GroupReplication => format!(
            "This takes {about}, and as long again on each other member, which falls behind meanwhile. Writes to the table\n\
             wait at its beginning and at its end; with several primaries, none of them should be written to.\n"
        ),
        Kind::Standalone => format!(
            "This takes {about}. Writes to the table wait at its beginning and at its end; it waits there itself for\n\
             transactions that have the table open.\n"
        ),
    };
    format!("{generated}{felt}")
}

/// An estimate in words; it is good to a factor of 3, and looks no better than that.
pub(super) fn about(estimate: Duration) -> String {
    match estimate.as_secs() {
        0 => "less than a second or two".into(),
        1..=99 => format!("about {} s", estimate.as_secs().max(1)),
        100..=5399 => format!("about {} minutes", estimate.as_secs().div_ceil(60)),
        _ => format!("about {} hours", estimate.as_secs().div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use csqlstore::schema::Table;

    fn plan(bytes: u64) -> Plan {
        let action = Action::Run { sql: "ALTER TABLE …".into(), estimate: Duration::from_secs(40) };
        Plan {
            table: Table::default(),
            database: "sessions".into(),
            kind: Kind::Galera,
            rows: bytes / 300,
            bytes,
            steps: vec![Step { action, migrations: migrate::all()[1..].iter().collect() }],
            drops_generated_key: false,
        }
    }

    #[test]
    fn ways_round_are_named_for_a_large_table_alone() {
        for (bytes, expected) in [(0, 0), (large::LARGE.0, 0), (large::LARGE.0 + 1, WAYS_ROUND.len())] {
            let plan = plan(bytes);
            let report = PlanReport { plan: &plan, check: false };
            let json = serde_json::to_value(report.json()).unwrap();
            assert_eq!(json["ways_round"].as_array().map(Vec::len), Some(expected), "{bytes}");
            let text = report.human(&Style { colors: false });
            assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
            assert_eq!(text.contains("rsu\n    never"), expected > 0, "{bytes}: {text}");
        }
    }
}
