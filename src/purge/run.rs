//! The purge itself: batch after batch, through conflicts and the loss of a node.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::error::Error;
use super::plan::Plan;
use super::step::{Outcome, Step, Stopped};
use super::worker::Worker;
use crate::cluster::{self, Cluster, On};
use crate::lease;
use crate::pacing::{Beat, Leased, Leasing, Limits, Pacer, RowImage, Stop, watched};

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
    /// What of a deleted row travels to the other nodes.
    pub row_image: RowImage,
    /// While this file is there, no batch is begun.
    pub pause_file: Option<PathBuf>,
    /// Whether a table without a key, or without an index on `expire_on`, is purged too, against [`Plan::bearable`].
    pub without_key: bool,
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
            row_image: RowImage::default(),
            pause_file: None,
            without_key: false,
        }
    }
}

/// How often a purge that came to the end looks whether rows came in meanwhile, before it leaves them to the next.
///
/// A writer in a zone west of UTC may store sessions that are expired at birth, without end.
const SWEEPS: u32 = 3;

/// Deletes the rows of a plan, and tells each step.
///
/// Whole batches go, oldest first, each a transaction of its own, until nothing is past the plan's cutoff, a limit is
/// reached or `stop` is asked. Where writers store rows that are past it at birth as fast as they go, the purge ends with
/// rows left and no reason of its own. A row whose expiry is moved past the cutoff while the purge runs stays. A conflict or a
/// lock is waited out, a node that is lost costs a retry on the next usable one.
///
/// # Errors
///
/// [`Error::Denied`] as [`Plan::permitted`], [`Error::Skew`] as [`Plan::timely`], [`Error::NoKey`] and [`Error::NoIndex`] as [`Plan::accepted`]; [`Error::Lease`] if somebody else has the
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
    plan.timely()?;
    plan.accepted(options)?;
    let mut run = Run::new((cluster, plan, options), stop, &mut on_step);
    match run.begin().await {
        Ok(None) => {}
        Ok(Some(end)) => return run.finish(end).await,
        Err(error) => {
            run.close(None).await;
            run.pacer.close().await;
            return Err(error.into());
        }
    }
    let ended = run.go().await;
    run.finish(ended).await
}

/// Why a purge comes to its end.
pub(super) enum End {
    Stopped(Stopped),
    /// Rows past the cutoff come in as fast as they go.
    Outrun,
    Failed(cluster::Error),
}

pub(super) struct Run<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) plan: &'a Plan,
    pub(super) options: &'a Options,
    pub(super) stop: &'a Stop,
    pub(super) tell: &'a mut (dyn FnMut(Step<'_>) + Send),
    pub(super) started: Instant,
    pub(super) pacer: Pacer<'a>,
    pub(super) worker: Option<Worker>,
    pub(super) lease: Leased,
    /// Rows of a batch whose answer was lost: they may be gone, or not.
    pub(super) unanswered: Option<u64>,
    /// Rows that lost batches were allowed to delete and that were not seen to be gone yet.
    pub(super) late: u64,
    /// Rows past the cutoff, as far as is known.
    pub(super) left: u64,
    pub(super) outcome: Outcome,
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
            throttles: Vec::new(),
            elapsed: Duration::ZERO,
            node: None,
            stopped: None,
        };
        let started = Instant::now();
        let pacer = Pacer::start(cluster, stop, &options.limits, options.patience)
            .pausing_for(options.pause_file.clone())
            .until(options.max_time.and_then(|most| started.checked_add(most)));
        Self {
            cluster,
            plan,
            options,
            stop,
            tell,
            started,
            pacer,
            worker: None,
            lease: Leased::new(lease::Name::Purge, options.leasing),
            unanswered: None,
            late: 0,
            left: plan.expired,
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
                    if let Some(end) = self.recover(error, self.pacer.rows()).await {
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
        let node = worker.node().to_owned();
        let Self { lease, tell, .. } = self;
        let mut tell = |beat: Beat<'_>| tell(Step::Beat(beat));
        let keeping = lease.keep(worker.connection(), (self.cluster, &self.plan.table), self.stop, &mut tell);
        let kept = watched(self.cluster, &node, keeping).await;
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
            if let Some(throttle) = self.pacer.strain() {
                let Self { pacer, tell, .. } = self;
                pacer.breathe(&throttle, &mut |beat| tell(Step::Beat(beat))).await;
                continue;
            }
            // Where nothing is known to be left, a count is enough: a batch of nothing is a write all the same.
            if self.left > 0 {
                match self.batch(rows).await {
                    Ok(gone) if gone == rows && self.left > 0 => continue,
                    Ok(_) => {}
                    Err(error) => match self.recover(error, rows).await {
                        Some(end) => return end,
                        None => continue,
                    },
                }
            }
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

    /// Returns the reason to begin no further batch.
    pub(super) fn due(&self) -> Option<Stopped> {
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
        let rows = self.pacer.rows();
        self.options.max_rows.map_or(rows, |most| rows.min(most.saturating_sub(self.outcome.deleted)))
    }

    /// Does one batch, and waits after it as the pace demands.
    async fn batch(&mut self, rows: u64) -> Result<u64, cluster::Error> {
        let begun = Instant::now();
        let (cluster, plan) = (self.cluster, self.plan);
        let answer = self.worker().await?.delete(cluster, plan, rows).await;
        match &answer {
            Ok(_) => self.unanswered = None,
            // What is tried again are the same rows, or the first of them.
            Err(error) if error.may_have_gone_through() => self.unanswered = self.unanswered.max(Some(rows)),
            Err(_) => {}
        }
        let gone = answer?;
        let took = begun.elapsed();
        self.outcome.deleted += gone;
        self.left = self.left.saturating_sub(gone);
        (self.tell)(Step::Batch { rows: gone, took, deleted: self.outcome.deleted });
        let throttle = self.pacer.went_through(rows, took);
        if let (Some(throttle), true) = (throttle, gone == rows && self.due().is_none()) {
            let Self { pacer, tell, .. } = self;
            pacer.pause(&throttle, &mut |beat| tell(Step::Beat(beat))).await;
        }
        Ok(gone)
    }

    /// Counts what is left, where nothing seems to be.
    ///
    /// The count waits for what other nodes committed; the batch before it did not.
    async fn left_over(&mut self) -> Result<u64, cluster::Error> {
        let (cluster, plan) = (self.cluster, self.plan);
        let left = self.worker().await?.count(cluster, plan).await?;
        self.counted(left);
        self.outcome.remaining = Some(self.left);
        Ok(self.left)
    }

    pub(super) async fn worker(&mut self) -> Result<&mut Worker, cluster::Error> {
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
                let mut worker = Worker::start(self.cluster, &on, self.options.row_image, self.tell).await?;
                self.outcome.node = Some(worker.node().to_owned());
                if let Some(rows) = self.unanswered {
                    self.recount(&mut worker, rows).await?;
                }
                self.lease.recheck();
                Ok(worker)
            }
        }
    }
}
