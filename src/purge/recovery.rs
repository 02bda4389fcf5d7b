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
        self.unanswered = None;
        self.late += rows;
        self.counted(left);
        Ok(())
    }

    /// Takes a count of what is left into account.
    ///
    /// Rows that are gone and that nobody counted went with a batch whose answer was lost, as many as it was allowed. They
    /// may go later than the first look elsewhere: what the lost node had sent is applied when the others have agreed to go
    /// on without it.
    pub(super) fn counted(&mut self, left: u64) {
        let gone = self.left.saturating_sub(left).min(self.late);
        self.late -= gone;
        self.left = left;
        self.outcome.deleted += gone;
        if gone > 0 {
            (self.tell)(Step::Recounted { rows: gone, deleted: self.outcome.deleted });
        }
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
