//! What a run is to do: the plan for it, how far it has to look, and the rights that it needs. Pure.

use crate::grant::needs::{self, Right};
use crate::schema::Table;

use super::adopt;
use super::catalog::{Migration, all};
use super::down::{self, Down, Loss};
use super::error::Error;
use super::inspect::{Depth, Inspected};
use super::ledger::State;
use super::plan::{Goal, OnDuplicates, Plan, plan_for, record};
use super::repair;

/// What a run is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Task {
    /// Everything up to a goal is applied or adopted.
    Up(Goal),
    /// What the table has already is recorded; no statement is run on it.
    Adopt,
    /// The history says what the table shows; no statement is run on it.
    Repair,
    /// Migrations beyond a version are taken back.
    Down(Down),
}

impl From<Goal> for Task {
    fn from(goal: Goal) -> Self {
        Self::Up(goal)
    }
}

impl Task {
    /// Plans what brings the table and its history there.
    pub(super) fn plan(&self, inspected: &Inspected, table: &Table) -> Result<Plan, Error> {
        match self {
            Self::Up(goal) => plan_for(inspected, table, *goal),
            Self::Adopt => adopt::plan(inspected, table),
            Self::Repair => Ok(repair::plan(inspected, table)),
            Self::Down(down) => down::plan(inspected, table, down),
        }
    }

    /// Returns it as it follows from the first look, so that what a person agreed to does not move with the table.
    pub(super) fn settled(self, inspected: &Inspected) -> Self {
        match self {
            Self::Down(down) => Self::Down(Down { to: Some(down.to(inspected)), ..down }),
            task => task,
        }
    }

    /// Returns how far the first look has to go.
    pub(super) fn depth(&self) -> Depth {
        match self {
            Self::Up(_) => Depth::Rows,
            Self::Adopt | Self::Repair | Self::Down(_) => Depth::Schema,
        }
    }

    /// Returns whether our own tables are made if they are not there.
    pub(super) fn makes_tables(&self) -> bool {
        matches!(self, Self::Up(_) | Self::Adopt)
    }

    /// Returns the rights that all of it needs, as far as is known before there is a plan.
    pub(super) fn rights(&self, plan: Option<&Plan>) -> &'static [Right] {
        match self {
            Self::Up(Goal { duplicates: OnDuplicates::Refuse, .. }) => needs::UP,
            Self::Up(Goal { duplicates: OnDuplicates::KeepNewest, .. }) => needs::UP_DEDUPING,
            Self::Adopt => needs::ADOPT,
            Self::Repair => needs::REPAIR,
            Self::Down(down) => match plan.map_or(down.to == Some(0), |plan| plan.loss() == Some(Loss::Data)) {
                true => needs::DOWN_TO_NOTHING,
                false => needs::DOWN,
            },
        }
    }
}

/// Returns the migrations that the history does not have as done.
pub(super) fn pending(inspected: &Inspected) -> Vec<&'static Migration> {
    let done = |migration| record(inspected, migration).is_some_and(|record| State::is_final(record.state));
    all().iter().filter(|migration| !done(migration)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::inspect::samples::{inspected, recorded, with};
    use super::super::ledger::State::{Adopted, Applied};
    use super::*;
    use crate::grant::needs::On;
    use crate::schema::sample as index;

    #[test]
    fn dropping_the_table_is_asked_for_only_where_it_goes() {
        let found = with(&[index("PRIMARY", &["id"]), index("expire_on", &["expire_on"])]);
        let all = inspected(Some(found.clone()), recorded([Some(Applied), Some(Adopted), Some(Adopted)]));
        let one = inspected(Some(found), recorded([Some(Applied), None, None]));
        for (name, inspected, to, before, after) in [
            ("a step back", &all, None, "ALTER", "ALTER"),
            ("to the documented table", &all, Some(1), "ALTER", "ALTER"),
            ("to nothing", &all, Some(0), "DROP", "DROP"),
            ("a step back, which is the table", &one, None, "ALTER", "DROP"),
        ] {
            let task = Task::Down(Down { to, force: true });
            let plan = task.plan(inspected, &Table::default()).unwrap();
            let on_table = |plan| task.rights(plan).iter().find(|(on, _)| *on == On::Sessions).unwrap().1;
            assert_eq!(
                (on_table(None), on_table(Some(&plan))),
                (&["SELECT", before][..], &["SELECT", after][..]),
                "{name}"
            );
        }
    }
}
