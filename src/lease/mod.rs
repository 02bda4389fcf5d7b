//! One runner in the whole cluster: a lease that is a row, taken by one conditional UPDATE.
//!
//! `GET_LOCK` is local to a node on Galera, and two nodes both grant it. A single autocommit UPDATE of one row is
//! certified by the whole cluster, so that of all who send it at once exactly one finds the row free.
//!
//! Every change of hands raises the row's *epoch*. Whoever lost its lease while it was busy (a stopped process, a
//! network that broke) finds its epoch gone and stops: [`Lease::renew`] is that check, and made inside a transaction
//! it guards whatever else the transaction writes.
//!
//! Time is the servers' UTC clock alone. Since each node has its own, a lease counts as run out only some time after its
//! end ([`Margin`]): five seconds, or as long as the nodes' clocks may be apart if that is more. They are measured when a
//! lease looks as if it had run out; a node whose clock cannot be read makes the margin a minute, and is named.
//!
//! # What another taker must run
//!
//! Whoever takes a lease without this module, as the body of a cleanup event does, is safe beside it under these rules.
//! The row of the session table and the lease's name is there (`INSERT IGNORE` with `owner=''` and `epoch=0`), and is
//! taken by one UPDATE in autocommit, which found it free if it changed one row:
//!
//! ```sql
//! UPDATE csqlstore_lease
//!    SET owner = …,                                  -- a name that no other holding has, and never empty
//!        epoch = LAST_INSERT_ID(epoch + 1),          -- remembered: it is what this holding is known by
//!        phase = 'work', node = CONCAT(@@hostname, ':', @@port), connection_id = CONNECTION_ID(),
//!        acquired_at = UTC_TIMESTAMP(6),
//!        expires_at = UTC_TIMESTAMP(6) + INTERVAL 60 SECOND      -- 30 s at the least
//!  WHERE session_table = 'session_cluster' AND name = 'purge'
//!    AND (owner = '' OR COALESCE(expires_at < UTC_TIMESTAMP(6) - INTERVAL 60 SECOND, TRUE))
//! ```
//!
//! The 60 seconds of the last line are [`BLIND_MARGIN`], for a taker that cannot measure clocks. Between any two steps,
//! and before a third of its time is over, the holder renews it, and stops at once if that changes no row (one that went
//! over to another connection sets `node`, `connection_id` and `acquired_at` as well):
//!
//! ```sql
//! UPDATE csqlstore_lease SET expires_at = UTC_TIMESTAMP(6) + INTERVAL 60 SECOND
//!  WHERE session_table = 'session_cluster' AND name = 'purge' AND owner = … AND epoch = …
//! ```
//!
//! It is given back by the same WHERE with `SET owner='', phase='', expires_at=UTC_TIMESTAMP(6)`. 1213 and 1205 are
//! conflicts with somebody else's commit: the statement may be sent again.

mod acquire;
mod error;
mod held;
mod margin;
mod retry;
mod row;
mod unlock;

use std::fmt;
use std::time::Duration;

use crate::cluster::Cluster;

pub use acquire::acquire;
pub use error::{Error, Holder};
pub use held::Lease;
pub(crate) use held::Noted;
pub use margin::{BLIND_MARGIN, MARGIN, Margin};
pub(crate) use retry::{is_conflict, pause, retried};
pub use row::{create_table, holder};
pub(crate) use row::{definition, has_row};
pub use unlock::{Life, Trace, free, trace};

/// The shortest lease: a holder that is stalled for less by flow control or a slow ALTER keeps it.
pub const SHORTEST: Duration = Duration::from_secs(30);

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

impl std::str::FromStr for Name {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = [Self::Migrate, Self::Purge, Self::Rekey];
        known.into_iter().find(|name| name.as_str() == text).ok_or("a lease is `migrate`, `purge` or `rekey`")
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

/// For how long a lease is wanted, how long to wait for it, and whose clocks decide whether another's has run out.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// How long it holds without renewal; never less than [`SHORTEST`].
    pub length: Duration,
    /// How long to wait while somebody else holds it; zero tries once.
    pub wait: Duration,
    /// The nodes that a holder may be on; their clocks are read when a lease looks as if it had run out.
    pub cluster: &'a Cluster,
}

impl<'a> Terms<'a> {
    /// The shortest lease, waited for for a minute.
    #[must_use]
    pub fn of(cluster: &'a Cluster) -> Self {
        Self { length: SHORTEST, wait: Duration::from_secs(60), cluster }
    }
}
