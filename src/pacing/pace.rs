//! How large the next batch is, and how long to wait before it.

use std::path::PathBuf;
use std::time::Duration;

/// What was measured of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Rows that the batch was allowed to delete.
    pub rows: u64,
    /// How long its DELETE took.
    pub took: Duration,
}

/// What the pace has to keep to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a batch should take.
    pub target: Duration,
    /// The fewest rows of a batch, at least 1.
    pub fewest: u64,
    /// The most rows of a batch, at least `fewest`.
    pub most: u64,
    /// How full a node's receive queue may be, in percent of the length at which it stops the cluster's writes.
    pub queue_percent: u64,
    /// For how much of the time flow control may pause the cluster's writes, in percent.
    pub paused_percent: u64,
    /// How many statements may run on a node at once.
    pub threads_running: u64,
    /// How far a replica may be behind.
    pub lag: Duration,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Rows of the next batch.
    pub rows: u64,
    /// Why to wait before it, and for how long.
    pub throttle: Option<Throttle>,
}

/// Why work waits between two batches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Throttle {
    /// The last batch took longer than the target, so others get as much time as it took too long.
    SlowBatch {
        /// How long to wait.
        pause: Duration,
        /// How long the batch took.
        took: Duration,
        /// How long it should have taken.
        target: Duration,
    },
    /// Flow control pauses the writes of the whole cluster.
    FlowControl {
        /// How long to wait before the next look.
        pause: Duration,
        /// The node that says so.
        node: String,
        /// For how much of the time, in percent.
        percent: u64,
    },
    /// A node applies more slowly than it receives, and will stop the cluster's writes before long.
    ReceiveQueue {
        /// How long to wait before the next look.
        pause: Duration,
        /// The node.
        node: String,
        /// Write sets that wait there.
        length: u64,
        /// At how many it stops the cluster.
        limit: u64,
    },
    /// A replica is behind its source.
    ReplicaLag {
        /// How long to wait before the next look.
        pause: Duration,
        /// The replica.
        node: String,
        /// By how much; `None` if it stands.
        lag: Option<Duration>,
        /// By how much it may be.
        most: Duration,
    },
    /// A server is busy.
    ThreadsRunning {
        /// How long to wait before the next look.
        pause: Duration,
        /// The node.
        node: String,
        /// Statements that run there.
        running: u64,
        /// How many may.
        most: u64,
    },
    /// Somebody has put the file there that pauses the work.
    PauseFile {
        /// How long to wait before the next look.
        pause: Duration,
        /// The file.
        file: PathBuf,
    },
}

impl Throttle {
    /// Returns how long to wait.
    #[must_use]
    pub fn pause(&self) -> Duration {
        let (Self::SlowBatch { pause, .. }
        | Self::FlowControl { pause, .. }
        | Self::ReceiveQueue { pause, .. }
        | Self::ReplicaLag { pause, .. }
        | Self::ThreadsRunning { pause, .. }
        | Self::PauseFile { pause, .. }) = self;
        *pause
    }

    /// Returns the reason as a stable name of lower-case words and hyphens.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::SlowBatch { .. } => "slow-batch",
            Self::FlowControl { .. } => "flow-control",
            Self::ReceiveQueue { .. } => "recv-queue",
            Self::ReplicaLag { .. } => "replica-lag",
            Self::ThreadsRunning { .. } => "threads-running",
            Self::PauseFile { .. } => "pause-file",
        }
    }

    /// Returns the node that is the reason.
    #[must_use]
    pub fn node(&self) -> Option<&str> {
        match self {
            Self::FlowControl { node, .. }
            | Self::ReceiveQueue { node, .. }
            | Self::ReplicaLag { node, .. }
            | Self::ThreadsRunning { node, .. } => Some(node),
            Self::SlowBatch { .. } | Self::PauseFile { .. } => None,
        }
    }
}

impl std::fmt::Display for Throttle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SlowBatch { took, target, .. } => {
                write!(f, "a batch took {} ms, more than {} ms", took.as_millis(), target.as_millis())
            }
            Self::FlowControl { node, percent, .. } => {
                write!(f, "node `{node}` says that flow control pauses the cluster's writes {percent} % of the time")
            }
            Self::ReceiveQueue { node, length, limit, .. } => {
                write!(f, "{length} write sets wait on node `{node}`, which stops the cluster at {limit}")
            }
            Self::ReplicaLag { node, lag: Some(lag), most, .. } => {
                write!(f, "replica `{node}` is {} s behind, more than {} s", lag.as_secs(), most.as_secs())
            }
            Self::ReplicaLag { node, lag: None, .. } => write!(f, "replica `{node}` does not replicate"),
            Self::ThreadsRunning { node, running, most, .. } => {
                write!(f, "{running} statements run on node `{node}`, more than {most}")
            }
            Self::PauseFile { file, .. } => write!(f, "there is a file `{}`", file.display()),
        }
    }
}

/// The longest single wait: longer ones help nobody, and make a stop slow.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

impl Limits {
    /// Aims at batches that take `target`, of 50 to 1000 rows.
    ///
    /// The cap has a reason: with minimal row images the deleting node's own time stays short while its peers fall
    /// behind, so that a pace by own time alone grows batches until they stall.
    #[must_use]
    pub fn adaptive(target: Duration) -> Self {
        Self {
            target,
            fewest: 50,
            most: 1000,
            queue_percent: 50,
            paused_percent: 5,
            threads_running: 50,
            lag: Duration::from_secs(10),
        }
    }

    /// Keeps all batches at one size; only pauses adapt.
    #[must_use]
    pub fn fixed(target: Duration, rows: u64) -> Self {
        let rows = rows.max(1);
        Self { fewest: rows, most: rows, ..Self::adaptive(target) }
    }

    /// Aims at batches that take `target`, of 1 to 10 rows: each row of a table without a key costs every other node of a
    /// cluster a scan of all of it.
    #[must_use]
    pub fn tiny(target: Duration) -> Self {
        Self { fewest: 1, most: 10, ..Self::adaptive(target) }
    }

    /// Returns the rows of the first batch, when nothing was measured yet.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.keep(200)
    }

    /// Keeps all later batches at or below `rows`, because the cluster refuses larger ones.
    pub fn lower(&mut self, rows: u64) {
        self.most = rows.max(1).min(self.most);
        self.fewest = self.fewest.min(self.most);
    }

    fn keep(&self, rows: u64) -> u64 {
        rows.max(self.fewest).min(self.most).max(1)
    }
}

/// Returns the next batch's size and the wait before it.
///
/// The size follows the ratio of target to time taken, by at most a factor of two either way, so that one odd
/// measurement does not throw it about. A batch above the target is followed by a pause of what it took too long, at
/// most two seconds.
#[must_use]
pub fn pace(measured: &Measured, limits: &Limits) -> Pace {
    let Measured { rows, took } = measured;
    let target = limits.target.as_micros().max(1);
    let took_us = took.as_micros().max(1);
    let wished = u128::from(*rows).saturating_mul(target) / took_us;
    let wished = u64::try_from(wished).unwrap_or(u64::MAX).clamp(rows / 2, rows.saturating_mul(2));
    let excess = took.saturating_sub(limits.target).min(LONGEST_PAUSE);
    let throttle =
        (!excess.is_zero()).then_some(Throttle::SlowBatch { pause: excess, took: *took, target: limits.target });
    Pace { rows: limits.keep(wished), throttle }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: Duration = Duration::from_millis(100);

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_batch_follows_the_target_within_its_limits() {
        // (rows, took ms) -> (rows, pause ms)
        let table = [
            ("quick: at most doubles", 200, 10, 400, 0),
            ("on target: stays", 200, 100, 200, 0),
            ("a little slow: shrinks by as much", 200, 125, 160, 25),
            ("very slow: at most halves", 200, 900, 100, 800),
            ("stalled: the pause has a limit", 200, 60_000, 100, 2000),
            ("never above the most", 900, 10, 1000, 0),
            ("never below the fewest", 60, 1000, 50, 900),
            ("grows back to the fewest after conflicts", 3, 1, 50, 0),
            ("no time at all", 200, 0, 400, 0),
        ];
        for (name, rows, took, expected, pause) in table {
            let next = pace(&Measured { rows, took: ms(took) }, &Limits::adaptive(TARGET));
            assert_eq!(next.rows, expected, "{name}");
            assert_eq!(next.throttle.map_or(Duration::ZERO, |t| t.pause()), ms(pause), "{name}");
        }
    }

    #[test]
    fn a_fixed_batch_keeps_its_size_and_still_pauses() {
        let limits = Limits::fixed(TARGET, 7);
        assert_eq!(limits.first(), 7);
        let next = pace(&Measured { rows: 7, took: ms(150) }, &limits);
        assert_eq!((next.rows, next.throttle.map(|t| t.pause())), (7, Some(ms(50))));
        assert_eq!(pace(&Measured { rows: 7, took: ms(1) }, &limits), Pace { rows: 7, throttle: None });
    }

    #[test]
    fn a_size_that_the_cluster_refused_is_not_tried_again() {
        for mut limits in [Limits::fixed(TARGET, 400), Limits::adaptive(TARGET)] {
            limits.lower(20);
            assert_eq!(pace(&Measured { rows: 20, took: ms(1) }, &limits).rows, 20);
            limits.lower(0);
            assert_eq!(pace(&Measured { rows: 20, took: ms(1) }, &limits).rows, 1);
        }
    }

    #[test]
    fn extreme_measurements_do_not_overflow() {
        for rows in [0, 1, u64::MAX] {
            for took in [Duration::ZERO, Duration::MAX] {
                let next = pace(&Measured { rows, took }, &Limits::adaptive(TARGET));
                assert!((50..=1000).contains(&next.rows));
            }
        }
        assert_eq!(Limits::fixed(Duration::ZERO, 0).first(), 1);
    }
}
