//! What a running purge does about a failed statement or a node that is gone.

use std::time::{Duration, Instant};

use super::run::{End, NODE_WAIT, Run};
use super::step::Step;
use super::worker::Worker;
use crate::backoff::jittered;
use crate::cluster;
use crate::pacing::{Move, Trouble, after_failure};

impl Run<'_> {
    /// Finds out how many rows went with a batch whose answer was lost, by what is left.
    pub(super) async fn recount(&mut self, worker: &mut Worker, rows: u64) -> Result<(), cluster::Error> {
        let left = worker.count(self.cluster, self.plan).await?;
        let gone = self.left.saturating_sub(left).min(rows);
        self.unanswered = None;
        self.left = left;
        self.outcome.deleted += gone;
        (self.tell)(Step::Recounted { rows: gone, deleted: self.outcome.deleted });
        Ok(())
    }

    /// Does what a failure calls for; returns the end if there is nothing to be done.
    pub(super) async fn recover(&mut self, error: cluster::Error, rows: u64) -> Option<End> {
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
}
