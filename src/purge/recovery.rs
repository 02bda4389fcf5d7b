//! What a running purge does about a failed statement or a node that is gone.

use super::run::{End, Run};
use super::step::Step;
use super::worker::Worker;
use crate::cluster;
use crate::pacing::Recovery;

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
        let begun = self.outcome.node.is_some();
        let Self { pacer, tell, .. } = self;
        match pacer.recover(error, (rows, begun), &mut |beat| tell(Step::Beat(beat))).await {
            Ok(Recovery::Again) => None,
            Ok(Recovery::Reconnect) => {
                // What is dropped here is of no use to anybody: its node is gone, or its answers are out of step.
                self.worker = None;
                None
            }
            Ok(Recovery::Waited) => self.due().map(End::Stopped),
            Err(error) => Some(End::Failed(error)),
        }
    }
}
