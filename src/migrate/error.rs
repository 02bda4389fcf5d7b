//! What can go wrong between looking and recording.

use crate::Place;
use crate::cluster::{self, Class};
use crate::lease;
use crate::schema::Table;

use super::guard::Misfit;
use super::inspect::{Duplicate, Duplicates};
use super::pinned::Server;

/// Why a schema could not be read, planned for or migrated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The DSN of the node names no database.
    #[error("the DSN of node `{node}` names no database")]
    NoDatabase {
        /// The node's name.
        node: String,
        /// Where it was noticed.
        place: Place,
    },
    /// There is no migration of the version asked for.
    #[error("there is no migration {version}; there are {}", list(.known))]
    Version {
        /// The version asked for.
        version: u32,
        /// Those there are.
        known: Vec<u32>,
        /// Where it was asked for.
        place: Place,
    },
    /// What leads to the node leads to another server now than when the run began.
    #[error("node `{node}` led to the server {from}, and leads to {to} now")]
    Moved {
        /// The node's name.
        node: String,
        /// The server at the beginning.
        from: Box<Server>,
        /// The server that answers now.
        to: Box<Server>,
        /// Where it was noticed.
        place: Place,
    },
    /// The table is such that no migration can be applied to it.
    #[error("`{table}` cannot be migrated: {misfit}")]
    Misfit {
        /// The session table.
        table: Table,
        /// What is wrong with it.
        misfit: Misfit,
        /// Where it was noticed.
        place: Place,
    },
    /// More than one row has the same id, and so none can be the primary key.
    #[error("`{table}` has {}", duplicates_text(.duplicates))]
    Duplicates {
        /// The session table.
        table: Table,
        /// The ids.
        duplicates: Duplicates,
        /// Where it was noticed.
        place: Place,
    },
    /// None of the rows that should go could be deleted.
    #[error("`{table}` has {}; again and again none of their rows could be deleted", duplicates_text(.duplicates))]
    Irremovable {
        /// The session table.
        table: Table,
        /// The ids, as far as they can be read.
        duplicates: Duplicates,
        /// Where it was given up.
        place: Place,
    },
    /// The history says that a migration is done, and the table does not show it.
    #[error("migration {version} ({name}) is recorded as done, and `{table}` does not have what it brings")]
    Drift {
        /// The session table.
        table: Table,
        /// The migration's version.
        version: u32,
        /// Its name.
        name: &'static str,
        /// Where it was noticed.
        place: Place,
    },
    /// The history knows a migration of this version with another text.
    #[error("migration {version} ({name}) is recorded with another text than this program has")]
    Checksum {
        /// The migration's version.
        version: u32,
        /// Its name here.
        name: &'static str,
        /// The checksum in the history.
        recorded: String,
        /// The checksum here.
        expected: String,
        /// Where it was noticed.
        place: Place,
    },
    /// The history holds a state that nobody writes.
    #[error("the history has migration {version} in state `{}`", .state.escape_debug())]
    State {
        /// The migration's version.
        version: u32,
        /// What stands there.
        state: String,
        /// Where it was noticed.
        place: Place,
    },
    /// A statement succeeded, and what it should bring is not there.
    #[error("{} ran without an error, and `{table}` does not have what that brings", versions_text(.versions))]
    NoEffect {
        /// The session table.
        table: Table,
        /// The migrations of the statement.
        versions: Vec<u32>,
        /// Where it was noticed.
        place: Place,
    },
    /// A statement that takes migrations back succeeded, and what they bring is still there.
    #[error("taking back {} ran without an error, and `{table}` still has what that brings", versions_text(.versions))]
    StillThere {
        /// The session table.
        table: Table,
        /// The migrations of the statement.
        versions: Vec<u32>,
        /// Where it was noticed.
        place: Place,
    },
    /// What should be dropped was there before csqlstore was.
    #[error("migration {version} ({name}) is adopted: what it brings was on `{table}` before csqlstore came")]
    NotOurs {
        /// The session table.
        table: Table,
        /// The migration's version.
        version: u32,
        /// Its name.
        name: &'static str,
        /// Where it was refused.
        place: Place,
    },
    /// On a cluster the table should lose its key, or be dropped.
    #[error("taking migration {version} ({name}) of `{table}` back on a cluster needs force")]
    NeedsForce {
        /// The session table.
        table: Table,
        /// The migration's version.
        version: u32,
        /// Its name.
        name: &'static str,
        /// Where it was refused.
        place: Place,
    },
    /// More would be dropped than what was shown at the beginning.
    #[error("`{table}` has changed since it was looked at: taking back {} drops more than was agreed to", versions_text(.versions))]
    Exceeds {
        /// The session table.
        table: Table,
        /// The migrations whose things would be dropped now, in order.
        versions: Vec<u32>,
        /// Where it was refused.
        place: Place,
    },
    /// The server refuses tables without a primary key.
    #[error("the server refuses a table without a primary key: {variable} is {value}")]
    KeyRequired {
        /// The variable that says so.
        variable: String,
        /// Its value.
        value: String,
        /// Where it was noticed.
        place: Place,
    },
    /// The statement of a migration failed, or its connection broke before the answer.
    #[error("{} of `{table}` did not succeed", versions_text(.versions))]
    Statement {
        /// The session table.
        table: Table,
        /// The migrations of the statement.
        versions: Vec<u32>,
        /// What the server said.
        #[source]
        source: Box<cluster::Error>,
    },
    /// The account lacks a right.
    #[error("the account may not do what this needs")]
    Denied {
        /// The statement that gives the right.
        grant: String,
        /// What the server said.
        #[source]
        source: Box<cluster::Error>,
    },
    /// The lease could not be had or was lost.
    #[error(transparent)]
    Lease(#[from] lease::Error),
    /// A node could not be used.
    #[error(transparent)]
    Cluster(#[from] cluster::Error),
}

fn versions_text(versions: &[u32]) -> String {
    format!("migration{} {}", if versions.len() == 1 { "" } else { "s" }, list(versions))
}

/// `1`, `1 and 2`, `1, 2 and 3`.
fn list(versions: &[u32]) -> String {
    let each: Vec<String> = versions.iter().map(u32::to_string).collect();
    match each.split_last() {
        Some((last, before @ [_, ..])) => format!("{} and {last}", before.join(", ")),
        _ => each.concat(),
    }
}

fn duplicates_text(Duplicates { ids, more }: &Duplicates) -> String {
    let shown = 10;
    let each = |Duplicate { id, rows }: &Duplicate| format!("{} ({rows} rows)", id.escape_debug());
    let list: Vec<String> = ids.iter().take(shown).map(each).collect();
    let count = if *more { format!("more than {}", ids.len()) } else { ids.len().to_string() };
    let noun = if ids.len() == 1 && !more { "duplicate id" } else { "duplicate ids" };
    let rest = if ids.len() > shown { ", …" } else { "" };
    format!("{count} {noun}: {}{rest}", list.join(", "))
}

impl Error {
    /// Returns the kind of trouble this is.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::NoDatabase { .. }
            | Self::Version { .. }
            | Self::Denied { .. }
            | Self::NotOurs { .. }
            | Self::NeedsForce { .. }
            | Self::KeyRequired { .. } => Class::Config,
            Self::Moved { .. } => Class::Node,
            Self::Exceeds { .. } => Class::Conflict,
            Self::Misfit { .. }
            | Self::Duplicates { .. }
            | Self::Irremovable { .. }
            | Self::Drift { .. }
            | Self::Checksum { .. }
            | Self::State { .. }
            | Self::NoEffect { .. }
            | Self::StillThere { .. } => Class::Data,
            Self::Statement { source, .. } => source.class(),
            Self::Lease(error) => error.class(),
            Self::Cluster(error) => error.class(),
        }
    }

    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::NoDatabase { place, .. }
            | Self::Version { place, .. }
            | Self::Moved { place, .. }
            | Self::Misfit { place, .. }
            | Self::Duplicates { place, .. }
            | Self::Irremovable { place, .. }
            | Self::Drift { place, .. }
            | Self::Checksum { place, .. }
            | Self::State { place, .. }
            | Self::NoEffect { place, .. }
            | Self::StillThere { place, .. }
            | Self::NotOurs { place, .. }
            | Self::NeedsForce { place, .. }
            | Self::Exceeds { place, .. }
            | Self::KeyRequired { place, .. } => *place,
            Self::Statement { source, .. } | Self::Denied { source, .. } => source.place(),
            Self::Lease(error) => error.place(),
            Self::Cluster(error) => error.place(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_migration_is_not_many() {
        assert_eq!(versions_text(&[2]), "migration 2");
        assert_eq!(versions_text(&[2, 3]), "migrations 2 and 3");
        assert_eq!(versions_text(&[1, 2, 3]), "migrations 1, 2 and 3");
    }

    #[test]
    fn duplicates_are_listed_and_a_long_list_is_cut() {
        let ids = |count: usize| (0..count).map(|n| Duplicate { id: format!("i{n}\n"), rows: 2 }).collect();
        let text = |ids, more| duplicates_text(&Duplicates { ids, more });
        assert_eq!(text(ids(1), false), "1 duplicate id: i0\\n (2 rows)");
        assert!(text(ids(12), false).starts_with("12 duplicate ids: i0\\n (2 rows), i1"));
        assert!(text(ids(12), false).ends_with("i9\\n (2 rows), …"));
        assert!(text(ids(100), true).starts_with("more than 100 duplicate ids: "));
    }
}
