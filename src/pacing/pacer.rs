//! The rhythm of work in batches: what is measured of one decides about the next.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::{Beat, Failures, Limits, Measured, Move, Stop, Throttle, Throttles, Watch, pace, strain};
use crate::backoff::jittered;
use crate::cluster::{self, Cluster};

/// The time between two looks for the file that pauses the work.
const FILE_LOOK: Duration = Duration::from_millis(500);
/// The time between two looks for a usable node.
pub(crate) const NODE_WAIT: Duration = Duration::from_millis(500);

/// What batches came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Batches that went through.
    pub(crate) batches: u64,
    /// Batches that failed and were done again.
    pub(crate) retries: u64,
    /// Time spent waiting for the sake of others.
    pub(crate) throttled: Duration,
    /// Why, in the order in which the reasons came up.
    pub(crate) throttles: Vec<Throttles>,
}

/// Who hears of what happens.
pub(crate) type Tell<'t> = &'t mut (dyn FnMut(Beat<'_>) + Send);

/// The rhythm of work in batches.
pub(crate) struct Pacer<'a> {
    stop: &'a Stop,
    limits: Limits,
    /// Rows of the next batch.
    rows: u64,
    watch: Watch,
    /// Whether the cluster has had to breathe since the last batch.
    strained: bool,
    failures: Failures,
    pause_file: Option<PathBuf>,
    /// When no batch is begun any more.
    until: Option<Instant>,
    tally: Tally,
}

/// What is to be done about a failure that need not be the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recovery {
    /// The same again, on this connection.
    Again,
    /// The same again, on a usable node: this connection is of no more use.
    Reconnect,
    /// A usable node is waited for.
    Waited,
}

impl<'a> Pacer<'a> {
    pub(crate) fn start(cluster: &Cluster, stop: &'a Stop, limits: &Limits, patience: Duration) -> Self {
        Self {
            stop,
            limits: limits.clone(),
            rows: limits.first(),
            watch: Watch::start(cluster),
            strained: false,
            failures: Failures::new(patience),
            pause_file: None,
            until: None,
            tally: Tally::default(),
        }
    }

    /// Begins no batch while this file is there.
    pub(crate) fn pausing_for(self, pause_file: Option<PathBuf>) -> Self {
        Self { pause_file, ..self }
    }

    /// Waits no longer than until then.
    pub(crate) fn until(self, until: Option<Instant>) -> Self {
        Self { until, ..self }
    }

    /// Returns how many rows the next batch may have.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Returns why the next batch has to wait.
    pub(crate) fn strain(&self) -> Option<Throttle> {
        let file = self.pause_file.as_ref().filter(|file| file.exists());
        match file {
            Some(file) => Some(Throttle::PauseFile { pause: FILE_LOOK, file: file.clone() }),
            None => strain(&self.watch.readings(), &self.limits),
        }
    }

    /// Waits for the sake of others, and goes on with half as much as before.
    pub(crate) async fn breathe(&mut self, throttle: &Throttle, tell: Tell<'_>) {
        if !std::mem::replace(&mut self.strained, true) && !matches!(throttle, Throttle::PauseFile { .. }) {
            self.rows = (self.rows / 2).max(self.limits.fewest);
        }
        self.pause(throttle, tell).await;
    }

    /// Waits as long as a reason says.
    pub(crate) async fn pause(&mut self, throttle: &Throttle, tell: Tell<'_>) {
        tell(Beat::Throttled { throttle });
        let paused = Instant::now();
        let left = self.until.map_or(Duration::MAX, |until| until.saturating_duration_since(paused));
        self.stop.sleep(throttle.pause().min(left)).await;
        let waited = paused.elapsed();
        self.tally.throttled += waited;
        Throttles::add(&mut self.tally.throttles, throttle, waited);
    }

    /// Notes that a batch of so many rows went through; returns why to wait after it.
    pub(crate) fn went_through(&mut self, rows: u64, took: Duration) -> Option<Throttle> {
        self.failures.over();
        self.strained = false;
        self.tally.batches += 1;
        let next = pace(&Measured { rows, took }, &self.limits);
        // A batch cut short by a limit of rows says nothing about the size.
        if rows == self.rows {
            self.rows = next.rows;
        }
        next.throttle
    }

    /// Does what a failure calls for, or hands it back; `begun` says whether a node was found usable before.
    pub(crate) async fn recover(
        &mut self,
        error: cluster::Error,
        (rows, begun): (u64, bool),
        tell: Tell<'_>,
    ) -> Result<Recovery, cluster::Error> {
        let next = self.failures.after(&error, rows, begun);
        if next == Move::GiveUp {
            return Err(error);
        }
        if matches!(error, cluster::Error::NoUsableNode { .. }) {
            tell(Beat::NoNode { error: &error });
            // Between looks for a node nothing is retried; only the wait goes on.
            self.stop.sleep(NODE_WAIT).await;
            return Ok(Recovery::Waited);
        }
        self.tally.retries += 1;
        match next {
            Move::Again { rows, wait } => {
                let wait = jittered(wait);
                self.rows = rows;
                tell(Beat::Retry { error: &error, rows, wait });
                self.stop.sleep(wait).await;
            }
            Move::Smaller { rows } => {
                self.limits.lower(rows);
                self.rows = rows;
                tell(Beat::Retry { error: &error, rows, wait: Duration::ZERO });
            }
            Move::OtherNode => {
                tell(Beat::NodeLost { error: &error });
                if self.failures.count() > 1 {
                    self.stop.sleep(NODE_WAIT).await;
                }
                return Ok(Recovery::Reconnect);
            }
            Move::GiveUp => return Err(error),
        }
        Ok(Recovery::Again)
    }

    /// Ends the looks at the nodes, and returns what the batches came to.
    pub(crate) async fn close(self) -> Tally {
        self.watch.close().await;
        self.tally
    }
}
