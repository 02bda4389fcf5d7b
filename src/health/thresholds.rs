//! From where on something is worth a word.

use std::time::Duration;

/// From where on a node that may be used is degraded, and what is noticed between nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// For how much of the time between two readings flow control may pause a node's writes, in percent.
    ///
    /// 5 is where sessions begin to be saved late; the purge of this crate slows down there.
    pub paused_percent: f64,
    /// How many write sets may wait in a node's receive queue; `None`: as many as its own `gcs.fc_limit` says, beyond
    /// which it stops the cluster's writes.
    pub queue: Option<u64>,
    /// How far a replica may be behind its source: a session that was saved longer ago is found everywhere.
    pub lag: Duration,
    /// How long the shortest of a node's answers may take: a page asks for its session first, and is later by that.
    pub latency: Duration,
    /// How much of `max_connections` may be taken, in percent.
    pub connections_percent: u64,
    /// How far a clock may be off; servers whose clocks are apart disagree on which sessions have expired.
    pub clock: Duration,
    /// How long a server's certificate has to be valid for yet: long enough to get a new one.
    pub certificate: Duration,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            paused_percent: 5.0,
            queue: None,
            lag: Duration::from_secs(10),
            latency: Duration::from_millis(500),
            connections_percent: 90,
            // Web servers' clocks are rarely closer.
            clock: Duration::from_secs(1),
            certificate: Duration::from_secs(30 * 24 * 3600),
        }
    }
}
