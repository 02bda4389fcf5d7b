//! What a run is to do: the plan for it, how far it has to look, and the rights that it needs. Pure.

use crate::schema::Table;

use super::adopt;
use super::catalog::{Migration, all};
use super::down::{self, Down};
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

    /// Returns the rights that all of it needs, on the database.
    pub(super) fn rights(&self) -> &'static str {
        match self {
            Self::Up(Goal { duplicates: OnDuplicates::Refuse, .. }) => "SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX",
            Self::Up(Goal { duplicates: OnDuplicates::KeepNewest, .. }) => {
                "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX"
            }
            Self::Adopt => "SELECT, INSERT, UPDATE, CREATE",
            Self::Repair => "SELECT, INSERT, UPDATE, DELETE",
            Self::Down(_) => "SELECT, INSERT, UPDATE, DELETE, ALTER, INDEX, DROP",
        }
    }
}

/// Returns the migrations that the history does not have as done.
pub(super) fn pending(inspected: &Inspected) -> Vec<&'static Migration> {
    let done = |migration| record(inspected, migration).is_some_and(|record| State::is_final(record.state));
    all().iter().filter(|migration| !done(migration)).collect()
}
