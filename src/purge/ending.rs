//! How a purge ends: what is left is counted, and what was taken is given back.

use super::error::Error;
use super::run::{End, Run};
use super::step::{Outcome, Stopped};
use crate::cluster;
use crate::pacing::{NODE_WAIT, Tally};

impl Run<'_> {
    /// Counts what is left and makes the outcome.
    pub(super) async fn finish(mut self, ended: End) -> Result<Outcome, Error> {
        let drained = matches!(ended, End::Stopped(Stopped::Drained));
        let counted = if drained { Ok(()) } else { self.count_remaining().await };
        let failure = if let End::Failed(source) = &ended { Some(source) } else { None };
        let grant = self.close(failure).await;
        let Self { mut outcome, started, pacer, .. } = self;
        let Tally { batches, retries, throttled, throttles } = pacer.close().await;
        outcome = Outcome { batches, retries, throttled, throttles, ..outcome };
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
    pub(super) async fn close(&mut self, failure: Option<&cluster::Error>) -> Option<String> {
        let mut worker = self.worker.take()?;
        let grant = match failure {
            Some(source) => worker.grant(source, &self.plan.table).await,
            None => None,
        };
        // On a node that hangs the lease runs out by itself.
        let _ = tokio::time::timeout(self.cluster.deadline(), self.lease.release(worker.connection())).await;
        worker.close().await;
        grant
    }

    /// Counts what is left, on another node if this one is lost just now.
    pub(super) async fn count_remaining(&mut self) -> Result<(), cluster::Error> {
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
                    self.counted(left);
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
