//! How a farm is used.

use std::time::Duration;

/// How a farm is used. The defaults suit a web server beside its database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Which node gets the work.
    pub policy: Policy,
    /// The most connections to one node, those in use and those that wait for use together; at least 1 is taken. One
    /// more to each node belongs to its health task.
    pub connections: usize,
    /// How long a connection waits for use before it is closed; zero keeps none. Far less than the `wait_timeout` of any
    /// server, and than what a proxy on the way lets pass.
    pub idle: Duration,
    /// How long things may take.
    pub deadlines: Deadlines,
    /// The longest pause between two looks at a node; each is between half of it and all of it.
    pub probe_every: Duration,
}

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// To open a connection, and for each answer of a probe; the `timeout` of a node's DSN may make it shorter.
    pub connect: Duration,
    /// For the answer to one statement.
    pub statement: Duration,
    /// For all that [`Farm::run`](super::Farm::run) does: every attempt, on every node, the connections that are opened or
    /// waited for, and the pauses between them.
    pub operation: Duration,
}

impl Default for Options {
    /// The nearest node, up to 10 connections, idle for 30 s at most, a probe every 2 s.
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            connections: 10,
            idle: Duration::from_secs(30),
            deadlines: Deadlines::default(),
            probe_every: Duration::from_secs(2),
        }
    }
}

impl Default for Deadlines {
    /// 2 s to connect, 3 s a statement, 10 s for all.
    fn default() -> Self {
        Self { connect: Duration::from_secs(2), statement: Duration::from_secs(3), operation: Duration::from_secs(10) }
    }
}

/// Which node gets the work, of those that may take it.
///
/// Where all connections to that one are in use for 100 ms, the work goes to whichever has a free one first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// The one that answers soonest. It stays the one until another is quicker by more than a quarter and a millisecond.
    #[default]
    Nearest,
    /// The first, in the order in which they were added. One that was out is the first again only once it has been well
    /// for so long.
    Ordered {
        /// How long; [`HOLD_OFF`] is usual.
        hold_off: Duration,
    },
    /// One and the same for each [`Work::affinity`](super::Work::affinity), however many processes ask: so a session is
    /// read where it was written. When a node goes, only its own sessions move. Work that names none goes to the nearest.
    Affinity,
    /// The one that lets us in first, as with Go's `clustersql`: connections are begun one after another, the nearest
    /// first, and those that come too late are closed. A connection that waits for use is used before any is opened.
    Race {
        /// The time from one beginning to the next; [`APART`] is usual. A node that says no is not waited for.
        apart: Duration,
    },
}

/// How long a node has to be well before [`Policy::Ordered`] goes back to it.
pub const HOLD_OFF: Duration = Duration::from_secs(30);
/// The time between the connections that [`Policy::Race`] begins.
pub const APART: Duration = Duration::from_millis(250);

impl Policy {
    /// The words for the policies.
    pub const NAMES: [&str; 4] = ["nearest", "ordered", "affinity", "race"];

    /// Returns the policy of one of the [`NAMES`](Self::NAMES), with the usual times.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "nearest" => Some(Self::Nearest),
            "ordered" => Some(Self::Ordered { hold_off: HOLD_OFF }),
            "affinity" => Some(Self::Affinity),
            "race" => Some(Self::Race { apart: APART }),
            _ => None,
        }
    }
}
