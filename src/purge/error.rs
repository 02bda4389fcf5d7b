//! Why a purge could not be planned, or ended before its time.

use std::time::Duration;

use super::step::Outcome;
use crate::Place;
use crate::cluster::{self, Class};
use crate::schema::Table;

/// Why a purge could not be planned, or ended before its time.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing was deleted: no node was usable, or a statement failed.
    #[error(transparent)]
    Cluster(#[from] cluster::Error),
    /// The purge broke off; what it had done until then stays done.
    #[error("the purge broke off, with {} of {} rows deleted", .outcome.deleted, .outcome.expired)]
    BrokeOff {
        /// What was done.
        outcome: Box<Outcome>,
        /// What ended it.
        #[source]
        source: cluster::Error,
    },
    /// The table has neither a unique key nor an index on `expire_on`, and the server is a node of a Galera cluster.
    #[error(
        "table `{table}` has no key and no index: on node `{node}` each deleted row would cost every other node of the \
         cluster a scan of the whole table"
    )]
    NoKey {
        /// The table.
        table: Table,
        /// The node that was asked.
        node: String,
        /// Where it was refused.
        place: Place,
    },
    /// The grace reaches back before any time that a server stores.
    #[error("a grace of {} reaches back before the first year that a server stores", humantime::format_duration(*.grace))]
    Grace {
        /// The grace asked for.
        grace: Duration,
        /// Where it was refused.
        place: Place,
    },
    /// The server's answer to a question that always has one was empty.
    #[error("node `{node}` gave no answer to {question}")]
    NoAnswer {
        /// The node.
        node: String,
        /// What was asked.
        question: &'static str,
        /// Where it was asked.
        place: Place,
    },
}

impl Error {
    /// Returns the kind of trouble this is.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Cluster(source) | Self::BrokeOff { source, .. } => source.class(),
            Self::NoKey { .. } => Class::Data,
            Self::Grace { .. } => Class::Config,
            Self::NoAnswer { .. } => Class::Node,
        }
    }

    /// Returns what was done before the error, if anything was begun.
    #[must_use]
    pub fn outcome(&self) -> Option<&Outcome> {
        match self {
            Self::BrokeOff { outcome, .. } => Some(outcome),
            Self::Cluster(_) | Self::NoKey { .. } | Self::Grace { .. } | Self::NoAnswer { .. } => None,
        }
    }

    /// Returns the cluster's error, if it was one.
    #[must_use]
    pub fn cluster(&self) -> Option<&cluster::Error> {
        match self {
            Self::Cluster(source) | Self::BrokeOff { source, .. } => Some(source),
            Self::NoKey { .. } | Self::Grace { .. } | Self::NoAnswer { .. } => None,
        }
    }

    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Cluster(source) | Self::BrokeOff { source, .. } => source.place(),
            Self::NoKey { place, .. } | Self::Grace { place, .. } | Self::NoAnswer { place, .. } => *place,
        }
    }
}
