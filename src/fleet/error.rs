//! Why many sessions could not be read or changed.

use crate::Place;
use crate::cluster::{self, Class, Kind};
use crate::lease;
use crate::schema::Table;

/// Why many sessions could not be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing was read: no node was usable, or a statement failed.
    #[error(transparent)]
    Cluster(#[from] cluster::Error),
    /// The lease could not be had: somebody else signs anew, or there is no table of leases. Nothing was changed.
    #[error(transparent)]
    Lease(#[from] lease::Error),
    /// A scan ended before its time; what it had handed out until then holds.
    #[error("the scan broke off after {rows} rows")]
    BrokeOff {
        /// Rows that it had handed out.
        rows: u64,
        /// What ended it.
        #[source]
        source: cluster::Error,
    },
    /// Work on rows ended before its time; what it did stays done.
    #[error("the work broke off, {done}")]
    Unfinished {
        /// What was done: `with 3 of 4 sessions deleted`.
        done: String,
        /// What ended it.
        #[source]
        source: cluster::Error,
    },
    /// The account may not read or change sessions.
    #[error("this account lacks a right that this needs on node `{node}`")]
    Denied {
        /// The node's name.
        node: String,
        /// The statement that gives it the right, for somebody who may.
        grant: String,
        /// What the server said.
        #[source]
        source: cluster::Error,
        /// Where it was noticed.
        place: Place,
    },
    /// The table has no key by which a row is found, and the server is a node of a Galera cluster; or it has no key that
    /// tells rows apart, and the server is a member of a group, which refuses to change rows of such a table.
    #[error("{}", no_key(.table, .node, *.kind))]
    NoKey {
        /// The table.
        table: Table,
        /// The node that was asked.
        node: String,
        /// What kind of cluster it belongs to.
        kind: Kind,
        /// Where it was refused.
        place: Place,
    },
}

fn no_key(table: &Table, node: &str, kind: Kind) -> String {
    if kind.refuses_keyless_rows() {
        return format!(
            "table `{table}` has no key: node `{node}`, with Group Replication, changes no row of such a table"
        );
    }
    format!(
        "table `{table}` has no key: on node `{node}` each changed row would cost every other node of the cluster a scan of \
         the whole table"
    )
}

impl Error {
    /// Returns the kind of trouble this is.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Lease(error) => error.class(),
            Self::NoKey { .. } => Class::Data,
            Self::Denied { .. } => Class::Config,
            Self::Cluster(source) | Self::BrokeOff { source, .. } | Self::Unfinished { source, .. } => source.class(),
        }
    }

    /// Returns the cluster's error behind it, if there is one.
    #[must_use]
    pub fn cluster(&self) -> Option<&cluster::Error> {
        match self {
            Self::Cluster(source)
            | Self::BrokeOff { source, .. }
            | Self::Unfinished { source, .. }
            | Self::Lease(lease::Error::Cluster(source))
            | Self::Denied { source, .. } => Some(source),
            Self::Lease(_) | Self::NoKey { .. } => None,
        }
    }

    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Lease(error) => error.place(),
            Self::Denied { place, .. } | Self::NoKey { place, .. } => *place,
            Self::Cluster(source) | Self::BrokeOff { source, .. } | Self::Unfinished { source, .. } => source.place(),
        }
    }
}
