//! What has to be done, from what was found. Pure.

use std::time::Duration;

use crate::Place;
use crate::cluster::Kind;
use crate::schema::Table;

use super::catalog::{self, Migration, TABLE, all};
use super::error::Error;
use super::estimate::estimate;
use super::guard;
use super::inspect::{Duplicates, Inspected};
use super::ledger::{Record, State};

/// How far to go, and what may be done on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Goal {
    /// The version of the last migration that is wanted; `None` for all.
    pub to: Option<u32>,
    /// What becomes of ids that more than one row has.
    pub duplicates: OnDuplicates,
}

/// What becomes of ids that more than one row has, and that so cannot be the primary key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDuplicates {
    /// They are an error, which lists them.
    #[default]
    Refuse,
    /// Of each id the newest row stays: of those that have not expired, if there is one, and then the one modified last.
    KeepNewest,
}

/// What is to be done, step by step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The session table.
    pub table: Table,
    /// The database it lies in.
    pub database: String,
    /// What kind of cluster will feel it.
    pub kind: Kind,
    /// How many rows the table has, as [`Found::rows`](super::Found::rows) tells; 0 if it is not there.
    pub rows: u64,
    /// How many bytes the table takes, as [`Found::bytes`](super::Found::bytes) tells; 0 if it is not there.
    pub bytes: u64,
    /// The steps in their order; none if nothing is to be done.
    pub steps: Vec<Step>,
    /// Whether the ALTER drops an invisible key that the server made by itself (`my_row_id`).
    pub drops_generated_key: bool,
}

/// One step: one statement, or records alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// The migrations that are recorded by it; none by [`Action::Dedupe`].
    pub migrations: Vec<&'static Migration>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Runs a statement, and records `applied`.
    Run {
        /// The statement.
        sql: String,
        /// How long it will take, give or take a factor of 3; under Galera nobody writes meanwhile.
        estimate: Duration,
    },
    /// Records `adopted`: what the migrations bring was there before any of them was run.
    Adopt,
    /// Records `applied`: an earlier run sent the statement, and was interrupted before it could record it.
    Finish,
    /// Deletes all but the newest row of each of these ids, row by row.
    Dedupe(Duplicates),
    /// Runs a statement that takes the migrations back, and strikes them from the history.
    Revert {
        /// The statement.
        sql: String,
        /// How long it will take, as for [`Run`](Self::Run).
        estimate: Duration,
    },
    /// Strikes the migrations from the history: what they bring is not there.
    Forget,
    /// Records the checksum anew: that of the same text was taken with CRLF at its line ends.
    Correct,
}

impl Action {
    /// Returns the statement, and how long it will take.
    #[must_use]
    pub fn statement(&self) -> Option<(&str, Duration)> {
        match self {
            Self::Run { sql, estimate } | Self::Revert { sql, estimate } => Some((sql, *estimate)),
            Self::Adopt | Self::Finish | Self::Dedupe(_) | Self::Forget | Self::Correct => None,
        }
    }
}

impl Step {
    /// Returns whether its statement goes through the whole table, if there is one: what adds a key or an index does, and what
    /// drops the primary key; an index, or the table itself, is dropped at once.
    pub(super) fn rebuilds(&self) -> bool {
        let of = |version| self.migrations.iter().any(|migration| migration.version == version);
        match self.action {
            Action::Run { .. } => true,
            Action::Revert { .. } => of(catalog::PRIMARY_KEY) && !of(catalog::TABLE),
            Action::Adopt | Action::Finish | Action::Dedupe(_) | Action::Forget | Action::Correct => false,
        }
    }

    /// Returns the versions of the step's migrations.
    #[must_use]
    pub fn versions(&self) -> Vec<u32> {
        self.migrations.iter().map(|migration| migration.version).collect()
    }
}

impl Plan {
    /// Makes one of steps for a table as it was found.
    pub(super) fn of(inspected: &Inspected, table: &Table, steps: Vec<Step>) -> Self {
        let (rows, bytes) = inspected.table.as_ref().map_or((0, 0), |found| (found.rows, found.bytes));
        Self {
            table: table.clone(),
            database: inspected.database.clone(),
            kind: inspected.kind,
            rows,
            bytes,
            steps,
            drops_generated_key: false,
        }
    }

    /// Returns whether a statement goes through the whole table, which is what takes time.
    #[must_use]
    pub fn rebuilds(&self) -> bool {
        self.rows + self.bytes > 0 && self.steps.iter().any(Step::rebuilds)
    }

    /// Returns how long the plan's statements will take together, give or take a factor of 3.
    #[must_use]
    pub fn estimate(&self) -> Duration {
        self.steps.iter().filter_map(|step| step.action.statement()).map(|(_, estimate)| estimate).sum()
    }
}

/// Plans what brings the table from what was found to where it should be, with nothing lost.
///
/// # Errors
///
/// As [`plan_for`].
pub fn plan(inspected: &Inspected, table: &Table) -> Result<Plan, Error> {
    plan_for(inspected, table, Goal::default())
}

/// Plans what brings the table from what was found to a goal.
///
/// Migrations that only add to the same table go into one ALTER. A fresh table is made with all that later migrations
/// bring, so these are then adopted.
///
/// # Errors
///
/// [`Error::Misfit`] and [`Error::Duplicates`] if a statement would fail, [`Error::Drift`] if what the history calls
/// done is not there, [`Error::Checksum`] if it was done by another text, [`Error::Version`] if there is no migration of
/// the goal's version.
pub fn plan_for(inspected: &Inspected, table: &Table, goal: Goal) -> Result<Plan, Error> {
    let found = inspected.table.as_ref();
    let misfit = |misfit| Error::Misfit { table: table.clone(), misfit, place: Place::here() };
    let (rows, bytes) = found.map_or((0, 0), |found| (found.rows, found.bytes));
    let wanted = wanted(goal)?;
    if found.is_some() {
        guard::is_there(TABLE, found).map_err(misfit)?;
    }
    let mut steps: Vec<Step> = Vec::new();
    let mut creates = false;
    for migration in wanted {
        let record = record(inspected, migration);
        if let Some(record) = record {
            same_text(migration, record)?;
        }
        let state = record.map(|record| record.state);
        // What is not there yet and will be made by the first migration is made with everything.
        let there = creates || guard::is_there(migration.version, found).map_err(misfit)?;
        let recorded = state.is_some_and(State::is_final);
        let action = match (there, state) {
            (true, _) if recorded => continue,
            (false, _) if recorded => {
                let (version, name) = (migration.version, migration.name);
                return Err(Error::Drift { table: table.clone(), version, name, place: Place::here() });
            }
            (true, None) => Action::Adopt,
            (true, Some(_)) => Action::Finish,
            (false, _) => {
                creates |= migration.version == TABLE;
                Action::Run { sql: String::new(), estimate: Duration::ZERO }
            }
        };
        add(&mut steps, migration, action);
    }
    let generated = found.is_some_and(guard::has_generated_key);
    let keys = |step: &Step| {
        matches!(step.action, Action::Run { .. })
            && step.migrations.iter().any(|migration| migration.version == catalog::PRIMARY_KEY)
    };
    let gets_its_key = steps.iter().position(keys);
    for (at, step) in steps.iter_mut().enumerate() {
        if let Action::Run { sql, estimate: takes } = &mut step.action {
            let dropped = (generated && gets_its_key == Some(at)).then_some(guard::GENERATED);
            *sql = catalog::sql(&step.migrations, table, dropped);
            *takes = estimate(rows, bytes, inspected.read);
        }
    }
    if let Some(at) = gets_its_key
        && !inspected.duplicates.ids.is_empty()
    {
        let duplicates = inspected.duplicates.clone();
        match goal.duplicates {
            OnDuplicates::KeepNewest => {
                steps.insert(at, Step { action: Action::Dedupe(duplicates), migrations: Vec::new() });
            }
            OnDuplicates::Refuse => {
                return Err(Error::Duplicates { table: table.clone(), duplicates, place: Place::here() });
            }
        }
    }
    let drops_generated_key = generated && gets_its_key.is_some();
    Ok(Plan { drops_generated_key, ..Plan::of(inspected, table, steps) })
}

/// Returns the migrations up to the goal.
fn wanted(goal: Goal) -> Result<&'static [Migration], Error> {
    let Some(version) = goal.to else { return Ok(all()) };
    let last = all().iter().position(|migration| migration.version == version);
    let known = || all().iter().map(|migration| migration.version).collect();
    last.map(|last| &all()[..=last]).ok_or_else(|| Error::Version { version, known: known(), place: Place::here() })
}

/// Returns what the history says of a migration.
pub(super) fn record<'a>(inspected: &'a Inspected, migration: &Migration) -> Option<&'a Record> {
    inspected.history.iter().flatten().find(|record| record.version == migration.version)
}

pub(super) fn same_text(migration: &Migration, record: &Record) -> Result<(), Error> {
    let expected = migration.checksum();
    if record.checksum == expected {
        return Ok(());
    }
    let (version, name, recorded) = (migration.version, migration.name, record.checksum.clone());
    Err(Error::Checksum { version, name, recorded, expected, place: Place::here() })
}

/// Adds a migration to the last step if it does the same, and in one statement; else as a step of its own.
pub(super) fn add(steps: &mut Vec<Step>, migration: &'static Migration, action: Action) {
    if let Some(last) = steps.last_mut() {
        let same = std::mem::discriminant(&last.action) == std::mem::discriminant(&action);
        let joins = match &action {
            Action::Run { .. } => {
                same && migration.clause().is_some() && last.migrations.iter().all(|other| other.clause().is_some())
            }
            _ => same,
        };
        if joins {
            last.migrations.push(migration);
            return;
        }
    }
    steps.push(Step { action, migrations: vec![migration] });
}

/// How plans are written in the tests of those who make them.
#[cfg(test)]
pub(super) mod samples {
    use super::*;

    /// A plan in short, `adopt 1; run 2+3: ALTER …`, or the error.
    pub(in super::super) fn short(plan: Result<Plan, Error>) -> String {
        let plan = match plan {
            Ok(plan) => plan,
            Err(error) => return error.to_string(),
        };
        let step = |step: &Step| {
            let (action, sql) = match &step.action {
                Action::Run { sql, .. } => ("run", Some(sql)),
                Action::Revert { sql, .. } => ("revert", Some(sql)),
                Action::Adopt => ("adopt", None),
                Action::Finish => ("finish", None),
                Action::Dedupe(_) => ("dedupe", None),
                Action::Forget => ("forget", None),
                Action::Correct => ("correct", None),
            };
            let versions: Vec<String> = step.versions().iter().map(u32::to_string).collect();
            format!("{action} {}{}", versions.join("+"), sql.map(|sql| format!(": {sql}")).unwrap_or_default())
        };
        plan.steps.iter().map(step).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
