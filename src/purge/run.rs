//! The purge itself: batch after batch, through conflicts and the loss of a node.

use std::time::{Duration, Instant};

use super::error::Error;
use super::leased::{Leased, Leasing};
use super::pace::{Limits, Measured, pace};
use super::plan::Plan;
use super::retry::{Move, Trouble, after_failure};
use super::step::{Outcome, Step, Stopped};
use super::stop::Stop;
use super::worker::Worker;
use crate::backoff::jittered;
use crate::cluster::{self, Cluster, On};
use crate::lease;

/// How a purge is to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it starts. If that node is lost it goes on on any usable one.
    pub on: On,
    /// The size of its batches.
    pub limits: Limits,
    /// The most rows that it deletes.
    pub max_rows: Option<u64>,
    /// The time after which it begins no further batch.
    pub max_time: Option<Duration>,
    /// How long it goes on without a batch that goes through.
    pub patience: Duration,
    /// Whether it takes the lease.
    pub leasing: Leasing,
}

impl Default for Options {
    /// Any usable node, adaptive batches that aim at 100 ms, no limits, 30 s of patience, under the lease if it is free.
    fn default() -> Self {
        Self {
            on: On::Auto,
            limits: Limits::adaptive(Duration::from_millis(100)),
            max_rows: None,
            max_time: None,
            patience: Duration::from_secs(30),
            leasing: Leasing::default(),
        }
    }
}

/// How often a purge that came to the end looks whether rows came in meanwhile, before it leaves them to the next.
///
/// A writer in a zone west of UTC may store sessions that are expired at birth, without end.
const SWEEPS: u32 = 3;
/// The time between two looks for a usable node.
const NODE_WAIT: Duration = Duration::from_millis(500);

/// Deletes the rows of a plan, and tells each step.
///
/// Whole batches go, oldest first, each a transaction of its own, until nothing is past the plan's cutoff, a limit is
/// reached or `stop` is asked. Where writers store rows that are past it at birth as fast as they go, the purge ends with
/// rows left and no reason of its own. A row whose expiry is moved past the cutoff while the purge runs stays. A conflict or a
/// lock is waited out, a node that is lost costs a retry on the next usable one.
///
/// # Errors
///
/// [`Error::Denied`] as [`Plan::permitted`], [`Error::NoKey`] as [`Plan::bearable`]; [`Error::Lease`] if somebody else has the
/// lease for longer than is waited, or it cannot be had at all; [`Error::BrokeOff`], which holds what was done until then,
/// if a statement fails for good or no node is usable for longer than the patience.
pub async fn run(
    cluster: &Cluster,
    plan: &Plan,
    options: &Options,
    stop: &Stop,
    mut on_step: impl FnMut(Step<'_>) + Send,
) -> Result<Outcome, Error> {
    plan.permitted()?;
    plan.bearable()?;
    let mut run = Run::new((cluster, plan, options), stop, &mut on_step);
    match run.begin().await {
        Ok(None) => {}
        Ok(Some(end)) => return run.finish(end).await,
        Err(error) => {
            run.close(None).await;
            return Err(error.into());
        }
    }
    let ended = run.go().await;
    run.finish(ended).await
}

/// Why a purge comes to its end.
enum End {
    Stopped(Stopped),
    /// Rows past the cutoff come in as fast as they go.
    Outrun,
    Failed(cluster::Error),
}

struct Run<'a> {
    cluster: &'a Cluster,
    plan: &'a Plan,
    options: &'a Options,
    stop: &'a Stop,
    tell: &'a mut (dyn FnMut(Step<'_>) + Send),
    started: Instant,
    limits: Limits,
    /// Rows of the next batch.
    rows: u64,
    worker: Option<Worker>,
    lease: Leased,
    /// Rows of a batch whose answer was lost: they may be gone, or not.
    unanswered: Option<u64>,
    /// Rows past the cutoff, as far as is known.
    left: u64,
    /// Failures since the last batch that went through, and the time of the first.
    failures: Option<(u32, Instant)>,
    outcome: Outcome,
}

impl<'a> Run<'a> {
    fn new(
        (cluster, plan, options): (&'a Cluster, &'a Plan, &'a Options),
        stop: &'a Stop,
        tell: &'a mut (dyn FnMut(Step<'_>) + Send),
    ) -> Self {
        let outcome = Outcome {
            expired: plan.expired,
            deleted: 0,
            remaining: None,
            batches: 0,
            retries: 0,
            throttled: Duration::ZERO,
            elapsed: Duration::ZERO,
            node: None,
            stopped: None,
        };
        Self {
            cluster,
            plan,
            options,
            stop,
            tell,
            started: Instant::now(),
            limits: options.limits.clone(),
            rows: options.limits.first(),
            worker: None,
            lease: Leased::new(options.leasing),
            unanswered: None,
            left: plan.expired,
            failures: None,
            outcome,
        }
    }

    /// Takes the lease; returns the end if there is nothing more to be done.
    async fn begin(&mut self) -> Result<Option<End>, lease::Error> {
        loop {
            match self.keep_lease().await {
                Ok(true) => return Ok(None),
                Ok(false) => return Ok(Some(End::Stopped(Stopped::Interrupted))),
                Err(lease::Error::Cluster(error)) => {
                    if let Some(end) = self.recover(error, self.rows).await {
                        return Ok(Some(end));
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Sees to it that the lease is ours.
    async fn keep_lease(&mut self) -> Result<bool, lease::Error> {
        let mut worker = self.start().await?;
        let kept = self.lease.keep(worker.connection(), &self.plan.table, self.stop, self.tell).await;
        self.worker = Some(worker);
        kept
    }

    /// Deletes until there is a reason to end.
    async fn go(&mut self) -> End {
        let mut sweeps = 0;
        loop {
            if let Some(stopped) = self.due() {
                return End::Stopped(stopped);
            }
            let rows = self.next_rows();
            match self.keep_lease().await {
                Ok(_) => {}
                Err(lease::Error::Cluster(error)) => match self.recover(error, rows).await {
                    Some(end) => return end,
                    None => continue,
                },
                Err(_) => return End::Stopped(Stopped::LeaseLost),
            }
            let gone = match self.batch(rows).await {
                Ok(gone) => gone,
                Err(error) => match self.recover(error, rows).await {
                    Some(end) => return end,
                    None => continue,
                },
            };
            if gone < rows {
                sweeps += 1;
                match self.left_over().await {
                    Ok(0) => return End::Stopped(Stopped::Drained),
                    Ok(_) if sweeps >= SWEEPS => return End::Outrun,
                    Ok(_) => {}
                    Err(error) => {
                        if let Some(end) = self.recover(error, rows).await {
                            return end;
                        }
                    }
                }
            }
        }
    }

    /// Returns the reason to begin no further batch.
    fn due(&self) -> Option<Stopped> {
        if self.stop.asked() {
            Some(Stopped::Interrupted)
        } else if self.options.max_rows.is_some_and(|most| self.outcome.deleted >= most) {
            Some(Stopped::MaxRows)
        } else if self.options.max_time.is_some_and(|most| self.started.elapsed() >= most) {
            Some(Stopped::MaxTime)
        } else {
            None
        }
    }

    fn next_rows(&self) -> u64 {
        self.options.max_rows.map_or(self.rows, |most| self.rows.min(most.saturating_sub(self.outcome.deleted)))
    }

    /// Does one batch, and waits after it as the pace demands.
    async fn batch(&mut self, rows: u64) -> Result<u64, cluster::Error> {
        let begun = Instant::now();
        let (cluster, plan) = (self.cluster, self.plan);
        let answer = self.worker().await?.delete(cluster, plan, rows).await;
        // A node that went away may have committed the batch before it did. Any other error undid it.
        let lost = answer.as_ref().is_err_and(|error| error.advice() == cluster::Advice::OtherNode);
        self.unanswered = lost.then_some(rows);
        let gone = answer?;
        let took = begun.elapsed();
        self.failures = None;
        self.outcome.batches += 1;
        self.outcome.deleted += gone;
        self.left = self.left.saturating_sub(gone);
        (self.tell)(Step::Batch { rows: gone, took, deleted: self.outcome.deleted });
        let next = pace(&Measured { rows, took }, &self.limits);
        // A batch cut short by the limit of rows says nothing about the size.
        if rows == self.rows {
            self.rows = next.rows;
        }
        if let (Some(throttle), true) = (next.throttle, gone == rows && self.due().is_none()) {
            (self.tell)(Step::Throttled { throttle: &throttle });
            let paused = Instant::now();
            self.stop.sleep(self.within_time(throttle.pause())).await;
            self.outcome.throttled += paused.elapsed();
        }
        Ok(gone)
    }

    /// Counts, after a batch that was not full, what is left.
    ///
    /// The count waits for what other nodes committed; the batch before it did not.
    async fn left_over(&mut self) -> Result<u64, cluster::Error> {
        let (cluster, plan) = (self.cluster, self.plan);
        self.left = self.worker().await?.count(cluster, plan).await?;
        self.outcome.remaining = Some(self.left);
        Ok(self.left)
    }

    async fn worker(&mut self) -> Result<&mut Worker, cluster::Error> {
        let worker = self.start().await?;
        Ok(self.worker.insert(worker))
    }

    /// Hands out the worker, or starts one where there is none.
    async fn start(&mut self) -> Result<Worker, cluster::Error> {
        match self.worker.take() {
            Some(worker) => Ok(worker),
            None => {
                // The node asked for is where it starts; after a loss any will do.
                let on = if self.outcome.node.is_none() { self.options.on.clone() } else { On::Auto };
                let mut worker = Worker::start(self.cluster, &on, self.tell).await?;
                self.outcome.node = Some(worker.node().to_owned());
                if let Some(rows) = self.unanswered {
                    self.recount(&mut worker, rows).await?;
                }
                self.lease.recheck();
                Ok(worker)
            }
        }
    }

    /// Finds out how many rows went with a batch whose answer was lost, by what is left.
    async fn recount(&mut self, worker: &mut Worker, rows: u64) -> Result<(), cluster::Error> {
        let left = worker.count(self.cluster, self.plan).await?;
        let gone = self.left.saturating_sub(left).min(rows);
        self.unanswered = None;
        self.left = left;
        self.outcome.deleted += gone;
        (self.tell)(Step::Recounted { rows: gone, deleted: self.outcome.deleted });
        Ok(())
    }

    /// Does what a failure calls for; returns the end if there is nothing to be done.
    async fn recover(&mut self, error: cluster::Error, rows: u64) -> Option<End> {
        let (failures, since) = self.failures.map_or((1, Instant::now()), |(n, since)| (n.saturating_add(1), since));
        self.failures = Some((failures, since));
        let patience = self.options.patience;
        let no_node = matches!(error, cluster::Error::NoUsableNode { .. });
        // Nobody usable is for a purge in the middle what a lost node is: somebody may be back in a moment.
        let waiting = no_node && error.class() == cluster::Class::Node && self.outcome.node.is_some();
        let advice = if waiting { cluster::Advice::OtherNode } else { error.advice() };
        let trouble = Trouble { advice, rows, failures, lasting: since.elapsed(), patience };
        let next = after_failure(&trouble);
        if next == Move::GiveUp {
            return Some(End::Failed(error));
        }
        if waiting {
            (self.tell)(Step::NoNode { error: &error });
            self.stop.sleep(NODE_WAIT).await;
            // Between looks for a node nothing is retried; only the wait goes on.
            return self.due().map(End::Stopped);
        }
        self.outcome.retries += 1;
        match next {
            Move::Again { rows, wait } => {
                let wait = jittered(wait);
                self.rows = rows;
                (self.tell)(Step::Retry { error: &error, rows, wait });
                self.stop.sleep(wait).await;
            }
            Move::Smaller { rows } => {
                self.limits.lower(rows);
                self.rows = rows;
                (self.tell)(Step::Retry { error: &error, rows, wait: Duration::ZERO });
            }
            Move::OtherNode => {
                // What is dropped here is of no use to anybody: its node is gone, or its answers are out of step.
                self.worker = None;
                (self.tell)(Step::NodeLost { error: &error });
                if failures > 1 {
                    self.stop.sleep(NODE_WAIT).await;
                }
            }
            Move::GiveUp => return Some(End::Failed(error)),
        }
        None
    }

    /// Shortens a wait to the time that the purge has left.
    fn within_time(&self, wait: Duration) -> Duration {
        self.options.max_time.map_or(wait, |most| wait.min(most.saturating_sub(self.started.elapsed())))
    }

    /// Counts what is left and makes the outcome.
    async fn finish(mut self, ended: End) -> Result<Outcome, Error> {
        let drained = matches!(ended, End::Stopped(Stopped::Drained));
        let counted = if drained { Ok(()) } else { self.count_remaining().await };
        let failure = if let End::Failed(source) = &ended { Some(source) } else { None };
        let grant = self.close(failure).await;
        let Self { mut outcome, started, .. } = self;
        outcome.elapsed = started.elapsed();
        let failed = |outcome, source| Error::BrokeOff { outcome: Box::new(outcome), grant, source };
        match (ended, counted) {
            (End::Failed(source), _) => Err(failed(outcome, source)),
            // Who interrupted it wants no more than what is known.
            (End::Stopped(Stopped::Interrupted), _) => {
                outcome.stopped = Some(Stopped::Interrupted);
                Ok(outcome)
            }
            (End::Stopped(_) | End::Outrun, Err(source)) => Err(failed(outcome, source)),
            (End::Outrun, Ok(())) => {
                outcome.stopped = (outcome.remaining == Some(0)).then_some(Stopped::Drained);
                Ok(outcome)
            }
            (End::Stopped(stopped), Ok(())) => {
                // A limit that was reached with the last row has kept nothing back.
                outcome.stopped = Some(if outcome.remaining == Some(0) { Stopped::Drained } else { stopped });
                Ok(outcome)
            }
        }
    }

    /// Gives the lease and the connection back; returns the GRANT that a failure asks for.
    async fn close(&mut self, failure: Option<&cluster::Error>) -> Option<String> {
        let mut worker = self.worker.take()?;
        let grant = match failure {
            Some(source) => worker.grant(source, &self.plan.table).await,
            None => None,
        };
        self.lease.release(worker.connection()).await;
        worker.close().await;
        grant
    }

    /// Counts what is left, on another node if this one is lost just now.
    async fn count_remaining(&mut self) -> Result<(), cluster::Error> {
        let (cluster, plan) = (self.cluster, self.plan);
        // An old count is worse than none.
        self.outcome.remaining = None;
        let mut tries = 0;
        loop {
            let counted = match self.worker().await {
                Ok(worker) => worker.count(cluster, plan).await,
                Err(error) => Err(error),
            };
            tries += 1;
            match counted {
                Ok(left) => {
                    self.outcome.remaining = Some(left);
                    return Ok(());
                }
                Err(error) if tries >= 3 || error.advice() == cluster::Advice::GiveUp => return Err(error),
                Err(error) => {
                    if error.advice() == cluster::Advice::OtherNode {
                        self.worker = None;
                    }
                    self.stop.sleep(NODE_WAIT).await;
                }
            }
        }
    }
}
