//! One runner in the whole cluster: a lease that is a row, taken by one conditional UPDATE.
//!
//! `GET_LOCK` is local to a node on Galera, and two nodes both grant it. A single autocommit UPDATE of one row is
//! certified by the whole cluster, so that of all who send it at once exactly one finds the row free.
//!
//! Every change of hands raises the row's *epoch*. Whoever lost its lease while it was busy (a stopped process, a
//! network that broke) finds its epoch gone and stops: [`Lease::renew`] is that check, and made inside a transaction
//! it guards whatever else the transaction writes.
//!
//! Time is the servers' UTC clock alone. Since each node has its own, a lease counts as run out only [`MARGIN`] after
//! its end.

mod acquire;
mod error;
mod held;
mod retry;
mod row;

use std::fmt;
use std::time::Duration;

pub use acquire::acquire;
pub use error::{Error, Holder};
pub use held::Lease;
pub(crate) use retry::{is_conflict, pause, retried};
pub(crate) use row::definition;
pub use row::{create_table, holder};

/// The shortest lease: a holder that is stalled for less by flow control or a slow ALTER keeps it.
pub const SHORTEST: Duration = Duration::from_secs(30);
/// How long after its end a lease may be taken over; clocks of nodes that are further apart than this are broken.
pub const MARGIN: Duration = Duration::from_secs(5);

/// What a lease is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// Changing the schema.
    Migrate,
    /// Deleting expired sessions, by the command or by the event.
    Purge,
    /// Signing all sessions anew.
    Rekey,
}

impl Name {
    /// Returns the name as the row has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Migrate => "migrate",
            Self::Purge => "purge",
            Self::Rekey => "rekey",
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the holder of a lease is doing, for those who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Work in steps, between which the lease is renewed.
    Work,
    /// One statement during which no renewal is possible: under Galera's total order isolation the whole cluster's
    /// writes wait for a DDL, the renewal's too.
    Ddl,
}

impl Phase {
    fn as_str(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Ddl => "ddl",
        }
    }
}

/// For how long a lease is wanted, and how long to wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How long it holds without renewal; never less than [`SHORTEST`].
    pub length: Duration,
    /// How long to wait while somebody else holds it; zero tries once.
    pub wait: Duration,
}

impl Default for Terms {
    /// The shortest lease, waited for for a minute.
    fn default() -> Self {
        Self { length: SHORTEST, wait: Duration::from_secs(60) }
    }
}
