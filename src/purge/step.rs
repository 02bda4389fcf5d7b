//! What a purge tells while it runs, and what it leaves.

use std::time::Duration;

use super::pace::Throttle;
use crate::cluster;

/// Something that happened in a purge.
#[derive(Debug)]
#[non_exhaustive]
pub enum Step<'a> {
    /// The purge works on this node now.
    OnNode {
        /// The node's name.
        node: &'a str,
    },
    /// Deleted rows travel to the other nodes with all their columns, because the server refused to leave them out.
    FullRowImage {
        /// The node's name.
        node: &'a str,
        /// The server's answer.
        error: &'a cluster::Error,
    },
    /// Counts on this node may miss what other nodes committed a moment ago.
    StaleReads {
        /// The node's name.
        node: &'a str,
        /// The server's answer.
        reason: &'a str,
    },
    /// A batch went through.
    Batch {
        /// Rows that it deleted.
        rows: u64,
        /// How long it took.
        took: Duration,
        /// Rows deleted so far.
        deleted: u64,
    },
    /// The purge waits, so that the cluster can breathe.
    Throttled {
        /// Why, and for how long.
        throttle: &'a Throttle,
    },
    /// A batch failed and is done again here, smaller.
    Retry {
        /// Why it failed.
        error: &'a cluster::Error,
        /// Rows of the next batch.
        rows: u64,
        /// The wait before it.
        wait: Duration,
    },
    /// The node is of no more use, and a usable one is looked for.
    NodeLost {
        /// Why.
        error: &'a cluster::Error,
    },
    /// No node is usable now; the purge asks again in a moment.
    NoNode {
        /// Why.
        error: &'a cluster::Error,
    },
    /// The answer of a batch was lost, and the table says how many rows went with it.
    Recounted {
        /// Rows that the lost batch deleted.
        rows: u64,
        /// Rows deleted so far.
        deleted: u64,
    },
}

/// Why a purge ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stopped {
    /// Nothing was left past the cutoff.
    Drained,
    /// The limit of rows was reached, and rows are left.
    MaxRows,
    /// The limit of time was reached, and rows are left.
    MaxTime,
    /// A stop was asked for.
    Interrupted,
}

/// What a purge did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Rows that were past the cutoff when the purge was planned.
    pub expired: u64,
    /// Rows deleted.
    ///
    /// Where the answer of a batch was lost with its node, its rows are those that were gone when the purge went on
    /// elsewhere, at most as many as the batch was allowed.
    pub deleted: u64,
    /// Rows past the cutoff after the purge; unknown if no node could be asked any more.
    pub remaining: Option<u64>,
    /// Batches that went through.
    pub batches: u64,
    /// Batches that failed and were done again.
    pub retries: u64,
    /// Time spent waiting for the sake of others.
    pub throttled: Duration,
    /// Time that the purge took.
    pub elapsed: Duration,
    /// The last node that it worked on.
    pub node: Option<String>,
    /// Why it ended; nothing if it broke off.
    pub stopped: Option<Stopped>,
}
