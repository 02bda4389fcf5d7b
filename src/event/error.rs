//! Why an event could not be looked at or installed.

use std::time::Duration;

use crate::Place;
use crate::cluster::{self, Class, Kind};
use crate::migrate::Misfit;
use crate::schema::{LEASE_TABLE, Table};

/// Why an event could not be looked at or installed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A node failed, or none is usable.
    #[error(transparent)]
    Cluster(#[from] cluster::Error),
    /// A text is not the name of an event.
    #[error("`{name}` is not the name of an event: {reason}")]
    Name {
        /// The text.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
        /// Where it was refused.
        place: Place,
    },
    /// A time or number is none that an event can be made with.
    #[error("the event's {what} cannot be that: {reason}")]
    Definition {
        /// Which one.
        what: &'static str,
        /// What is wrong with it.
        reason: &'static str,
        /// Where it was refused.
        place: Place,
    },
    /// The account lacks a privilege.
    #[error("this account may not {what} on node `{node}`")]
    NotPermitted {
        /// The node's name.
        node: String,
        /// What it may not do.
        what: &'static str,
        /// The statement that gives it the right, for somebody who may.
        grant: String,
        /// What the server said.
        #[source]
        source: Box<cluster::Error>,
        /// Where it was asked for.
        place: Place,
    },
    /// The scheduler is off, and this account may not turn it on.
    #[error("the event scheduler of node `{node}` is OFF, and this account may not turn it on")]
    SchedulerOff {
        /// The node's name.
        node: String,
        /// The statement that turns it on.
        statement: &'static str,
        /// The privilege that the statement needs.
        privilege: &'static str,
        /// What the server said.
        #[source]
        source: Box<cluster::Error>,
        /// Where it was tried.
        place: Place,
    },
    /// The scheduler was disabled when the server started, and cannot be turned on while it runs.
    #[error("the event scheduler of node `{node}` is DISABLED, which only a restart of that server can change")]
    SchedulerDisabled {
        /// The node's name.
        node: String,
        /// Where it was found.
        place: Place,
    },
    /// On Galera, deleting from a table without these keys would block the cluster; Group Replication refuses it.
    #[error("`{table}` has no {}, and {}", .missing.join(" and no "), unbearable(*.kind))]
    Unkeyed {
        /// The table.
        table: Table,
        /// What it lacks.
        missing: Vec<&'static str>,
        /// What kind of cluster it is.
        kind: Kind,
        /// Why `migrate` cannot add that, if it cannot.
        misfit: Option<Misfit>,
        /// Where it was found.
        place: Place,
    },
    /// There is no table of leases, without which two runs could meet.
    #[error("there is no table `{LEASE_TABLE}` beside `{table}`, and the event needs it")]
    NoLease {
        /// The session table.
        table: Table,
        /// What the server said.
        #[source]
        source: Box<cluster::Error>,
        /// Where it was noticed.
        place: Place,
    },
    /// There is an event of that name still.
    #[error("event `{event}` is there still, on {}", .nodes.join(" and "))]
    NotRemoved {
        /// The event's name.
        event: String,
        /// The nodes that have it.
        nodes: Vec<String>,
        /// Where it was found.
        place: Place,
    },
    /// What has the table's name is nothing that sessions can be deleted from.
    #[error("`{table}` is no table of sessions: {misfit}")]
    Misfit {
        /// The table.
        table: Table,
        /// What is wrong with it.
        misfit: Misfit,
        /// Where it was found.
        place: Place,
    },
    /// The grace is smaller than what the nodes' clocks are apart.
    #[error(
        "the clocks of the nodes are up to {:.1} s apart, more than a grace of {}", .apart.as_secs_f64(), humantime::format_duration(*.grace)
    )]
    Skew {
        /// The grace that the event would have.
        grace: Duration,
        /// How far the clocks are apart at most.
        apart: Duration,
        /// Where it was refused.
        place: Place,
    },
    /// Everything was accepted, and the event is not enabled where it should be.
    #[error("event `{event}` was installed on node `{node}`, and that node says it is {status}")]
    NotEnabled {
        /// The event's name.
        event: String,
        /// The node's name.
        node: String,
        /// The server's word, or `MISSING`.
        status: String,
        /// Where it was found.
        place: Place,
    },
}

/// What would come of deleting from a table without the keys it needs.
fn unbearable(kind: Kind) -> &'static str {
    if kind.refuses_keyless_rows() {
        "Group Replication deletes no row of a table without a key"
    } else {
        "deleting from it would block the whole cluster for minutes"
    }
}

impl Error {
    /// Returns the kind of trouble this is.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Cluster(error) => error.class(),
            Self::Name { .. }
            | Self::Definition { .. }
            | Self::NotPermitted { .. }
            | Self::SchedulerOff { .. }
            | Self::SchedulerDisabled { .. }
            | Self::Skew { .. } => Class::Config,
            Self::Unkeyed { .. } | Self::Misfit { .. } | Self::NoLease { .. } => Class::Data,
            // Somebody else altered it at the same moment.
            Self::NotEnabled { .. } | Self::NotRemoved { .. } => Class::Conflict,
        }
    }

    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Cluster(error) => error.place(),
            Self::Name { place, .. }
            | Self::Definition { place, .. }
            | Self::NotPermitted { place, .. }
            | Self::SchedulerOff { place, .. }
            | Self::SchedulerDisabled { place, .. }
            | Self::Unkeyed { place, .. }
            | Self::Misfit { place, .. }
            | Self::NoLease { place, .. }
            | Self::NotRemoved { place, .. }
            | Self::Skew { place, .. }
            | Self::NotEnabled { place, .. } => *place,
        }
    }
}
