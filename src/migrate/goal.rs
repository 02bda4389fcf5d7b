//! What a run is to bring about: the plan for it, how far it has to look, and the rights that it needs. Pure.

use crate::schema::Table;

use super::adopt;
use super::catalog::{Migration, all};
use super::down::{self, Down};
use super::error::Error;
use super::inspect::{Depth, Inspected};
use super::ledger::State;
use super::plan::{Plan, plan, record};
use super::repair;

/// What a run is to bring about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Goal {
    /// Everything is applied or adopted.
    Up,
    /// What the table has already is recorded; no statement is run on it.
    Adopt,
    /// The history says what the table shows; no statement is run on it.
    Repair,
    /// Migrations beyond a version are taken back.
    Down(Down),
}

impl Goal {
    /// Plans what brings the table and its history there.
    pub(super) fn plan(&self, inspected: &Inspected, table: &Table) -> Result<Plan, Error> {
        match self {
            Self::Up => plan(inspected, table),
            Self::Adopt => adopt::plan(inspected, table),
            Self::Repair => Ok(repair::plan(inspected, table)),
            Self::Down(down) => down::plan(inspected, table, down),
        }
    }

    /// Returns it as it follows from the first look, so that what a person agreed to does not move with the table.
    pub(super) fn settled(self, inspected: &Inspected) -> Self {
        match self {
            Self::Down(down) => Self::Down(Down { to: Some(down.to(inspected)), ..down }),
            goal => goal,
        }
    }

    /// Returns how far the first look has to go.
    pub(super) fn depth(&self) -> Depth {
        match self {
            Self::Up => Depth::Rows,
            Self::Adopt | Self::Repair | Self::Down(_) => Depth::Schema,
        }
    }

    /// Returns whether our own tables are made if they are not there.
    pub(super) fn makes_tables(&self) -> bool {
        matches!(self, Self::Up | Self::Adopt)
    }

    /// Returns the rights that all of it needs, on the database.
    pub(super) fn rights(&self) -> &'static str {
        match self {
            Self::Up => "SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX",
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
