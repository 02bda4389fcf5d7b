//! Why a session's row could not be had.

use crate::Place;
use crate::cluster::{self, Class};

/// Why a session's row could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No node was usable, or the statement failed.
    #[error(transparent)]
    Cluster(#[from] cluster::Error),
    /// The account may not read the table.
    #[error("the account may not read `{}`", .table.escape_debug())]
    Denied {
        /// The table.
        table: String,
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
}

impl Error {
    /// Returns the kind of trouble this is.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Cluster(source) => source.class(),
            Self::Denied { .. } => Class::Config,
            Self::Column { .. } | Self::TooLarge { .. } => Class::Data,
        }
    }

    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Cluster(source) => source.place(),
            Self::Denied { source, .. } => source.place(),
            Self::Column { place, .. } | Self::TooLarge { place, .. } => *place,
        }
    }
}
