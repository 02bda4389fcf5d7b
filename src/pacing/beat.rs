//! What is told of work in batches, whatever the work is.

use std::time::Duration;

use super::Throttle;
use crate::cluster;
use crate::lease::Holder;

/// Something that happens in work in batches, whatever the work is.
#[derive(Debug)]
#[non_exhaustive]
pub enum Beat<'a> {
    /// Somebody else holds the lease; told before each look at whether they are done.
    Waiting {
        /// Who it is.
        holder: &'a Holder,
        /// For how long was waited so far.
        waited: Duration,
    },
    /// The work is done on this node now.
    OnNode {
        /// The node's name.
        node: &'a str,
    },
    /// Changed rows travel to the other nodes with all their columns, because the server refused to leave them out.
    FullRowImage {
        /// The node's name.
        node: &'a str,
        /// The server's answer.
        error: &'a cluster::Error,
        /// The statement that would let the account leave them out, if a right is what it lacks.
        grant: Option<&'a str>,
    },
    /// Reads on this node may miss what other nodes committed a moment ago.
    StaleReads {
        /// The node's name.
        node: &'a str,
        /// The server's answer.
        reason: &'a str,
    },
    /// The work waits, so that the cluster can breathe.
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
    /// No node is usable now; it is asked again in a moment.
    NoNode {
        /// Why.
        error: &'a cluster::Error,
    },
}
