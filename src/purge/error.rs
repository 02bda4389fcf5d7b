//! Why a purge could not be planned, or ended before its time.

use std::sync::Arc;
use std::time::Duration;

use super::step::Outcome;
use crate::Place;
use crate::cluster::{self, Class, Kind};
use crate::lease;
use crate::migrate::Misfit;
use crate::schema::Table;

/// Why a purge could not be planned, or ended before its time.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing was deleted: no node was usable, or a statement failed.
    #[error(transparent)]
    Cluster(#[from] cluster::Error),
    /// The lease could not be had: somebody else purges, or there is no table of leases. Nothing was deleted.
    #[error(transparent)]
    Lease(#[from] lease::Error),
    /// The purge broke off; what it had done until then stays done.
    #[error("the purge broke off, with {} deleted", .outcome.share())]
    BrokeOff {
        /// What was done.
        outcome: Box<Outcome>,
        /// The statement that gives the account the right it lacked, if that ended it.
        grant: Option<String>,
        /// What ended it.
        #[source]
        source: cluster::Error,
    },
    /// The account may not delete sessions, or not even count them.
    #[error("this account may not delete expired sessions on node `{node}`")]
    Denied {
        /// The node's name.
        node: String,
        /// The statement that gives it the right, for somebody who may.
        grant: String,
        /// What the server said.
        #[source]
        source: Arc<cluster::Error>,
        /// Where it was noticed.
        place: Place,
    },
    /// What has the table's name is nothing that sessions can be deleted from.
    #[error("`{table}` is no table of sessions: {misfit}")]
    Misfit {
        /// The table.
        table: Table,
        /// What is wrong with it.
        misfit: Misfit,
        /// Where it was noticed.
        place: Place,
    },
    /// The table has no key that tells rows apart, and the server is a member of a group, which refuses to delete from
    /// it; or it has no index on `expire_on` either, and the server is a node of a Galera cluster.
    #[error("{}", no_key(.table, .node, *.kind))]
    NoKey {
        /// The table.
        table: Table,
        /// The node that was asked.
        node: String,
        /// What kind of cluster it belongs to.
        kind: Kind,
        /// Why `migrate` cannot add them, if it cannot.
        misfit: Option<Misfit>,
        /// Where it was refused.
        place: Place,
    },
    /// The table has a key, and no usable index on `expire_on`, and the server is a node of a cluster.
    #[error(
        "table `{table}` has no usable index on `expire_on`: on node `{node}` each batch would read the whole table, and \
         conflict with what others write meanwhile"
    )]
    NoIndex {
        /// The table.
        table: Table,
        /// The node that was asked.
        node: String,
        /// Why `migrate` cannot add it, if it cannot.
        misfit: Option<Misfit>,
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
    /// The grace is smaller than what the nodes' clocks are apart.
    #[error(
        "the clocks of the nodes are up to {:.1} s apart, more than a grace of {}", .apart.as_secs_f64(), humantime::format_duration(*.grace)
    )]
    Skew {
        /// The grace asked for.
        grace: Duration,
        /// How far the clocks are apart at most.
        apart: Duration,
        /// Where it was refused.
        place: Place,
    },
}

fn no_key(table: &Table, node: &str, kind: Kind) -> String {
    if kind.refuses_keyless_rows() {
        return format!(
            "table `{table}` has no key: node `{node}`, with Group Replication, deletes no row of such a table"
        );
    }
    format!(
        "table `{table}` has no key and no index: on node `{node}` each deleted row would cost every other node of the \
         cluster a scan of the whole table"
    )
}

impl Error {
    /// Returns the kind of trouble this is.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Cluster(source) | Self::BrokeOff { source, .. } => source.class(),
            Self::Lease(error) => error.class(),
            Self::NoKey { .. } | Self::NoIndex { .. } | Self::Misfit { .. } => Class::Data,
            Self::Denied { .. } | Self::Grace { .. } | Self::Skew { .. } => Class::Config,
        }
    }

    /// Returns what was done before the error, if anything was begun.
    #[must_use]
    pub fn outcome(&self) -> Option<&Outcome> {
        match self {
            Self::BrokeOff { outcome, .. } => Some(outcome),
            _ => None,
        }
    }

    /// Returns the cluster's error, if it was one.
    #[must_use]
    pub fn cluster(&self) -> Option<&cluster::Error> {
        match self {
            Self::Cluster(source) | Self::BrokeOff { source, .. } | Self::Lease(lease::Error::Cluster(source)) => {
                Some(source)
            }
            Self::Denied { source, .. } => Some(source),
            _ => None,
        }
    }

    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Cluster(source) | Self::BrokeOff { source, .. } => source.place(),
            Self::Lease(error) => error.place(),
            Self::Denied { place, .. }
            | Self::Misfit { place, .. }
            | Self::NoKey { place, .. }
            | Self::NoIndex { place, .. }
            | Self::Grace { place, .. }
            | Self::Skew { place, .. } => *place,
        }
    }
}
