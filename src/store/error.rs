//! Why a session could not be had or kept.

use crate::cluster::farm::RunError;
use crate::cluster::{self, Class};
use crate::{Place, session};

/// Why a session, or its row, could not be had or kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No node was usable, or the statement failed.
    #[error(transparent)]
    Cluster(#[from] cluster::Error),
    /// The account lacks a right on the table.
    #[error("the account may not {} `{}`", verb(right), .table.escape_debug())]
    Denied {
        /// The table.
        table: String,
        /// The right: `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
        right: String,
        /// The statement that gives the right, for somebody who may.
        grant: String,
        /// What the server said.
        #[source]
        source: Box<cluster::Error>,
    },
    /// A column of the row holds no value of its kind: NULL, a zero date, a day that no calendar has.
    #[error("column `{column}` of session `{}` holds no {expected} on node `{node}`", .id.escape_debug())]
    Column {
        /// The session's id.
        id: String,
        /// The column.
        column: &'static str,
        /// What it should hold.
        expected: &'static str,
        /// The node that was asked.
        node: String,
        /// Where the error was made.
        place: Place,
    },
    /// The row's data is longer than any session is; it was not fetched.
    #[error("the data of session `{}` has {bytes} bytes, more than the {limit} that are read", .id.escape_debug())]
    TooLarge {
        /// The session's id.
        id: String,
        /// The length of the data.
        bytes: u64,
        /// The limit, [`LARGEST`](super::LARGEST).
        limit: u64,
        /// Where the error was made.
        place: Place,
    },
    /// The session's values or its name cannot be written: they are too long for the store's limit, or no Go program
    /// would read them.
    #[error("session `{}` cannot be written", .name.escape_debug())]
    Unwritable {
        /// The session's name.
        name: String,
        /// Why.
        #[source]
        source: session::Error,
    },
    /// The session was deleted by somebody else since it was read: the user logged out, or was signed out. It is not
    /// brought back.
    #[error("session `{}` was deleted by somebody else meanwhile", .id.escape_debug())]
    Gone {
        /// The session's id.
        id: String,
        /// Where the error was made.
        place: Place,
    },
    /// The session was saved by somebody else since it was read, and the store [is to notice](super::Conflicts::Detected).
    #[error("session `{}` was changed by somebody else meanwhile", .id.escape_debug())]
    Overtaken {
        /// The session's id.
        id: String,
        /// Where the error was made.
        place: Place,
    },
    /// Several new ids in a row were those of other sessions: the system's random numbers are none.
    #[error("no id is free: {tries} new ones in a row were those of other sessions")]
    NoFreeId {
        /// How many were tried.
        tries: usize,
        /// Where the error was made.
        place: Place,
    },
}

/// What a right lets do.
fn verb(right: &str) -> &'static str {
    match right {
        "INSERT" => "add to",
        "UPDATE" => "change",
        "DELETE" => "delete from",
        _ => "read",
    }
}

impl Error {
    /// Returns the kind of trouble this is.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Cluster(source) => source.class(),
            Self::Denied { .. } => Class::Config,
            Self::Gone { .. } | Self::Overtaken { .. } => Class::Conflict,
            Self::Column { .. } | Self::TooLarge { .. } | Self::Unwritable { .. } | Self::NoFreeId { .. } => {
                Class::Data
            }
        }
    }

    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Cluster(source) => source.place(),
            Self::Denied { source, .. } => source.place(),
            Self::Unwritable { source, .. } => source.place(),
            Self::Column { place, .. }
            | Self::TooLarge { place, .. }
            | Self::Gone { place, .. }
            | Self::Overtaken { place, .. }
            | Self::NoFreeId { place, .. } => *place,
        }
    }
}

impl RunError for Error {
    fn as_cluster(&self) -> Option<&cluster::Error> {
        match self {
            Self::Cluster(source) => Some(source),
            _ => None,
        }
    }
}
