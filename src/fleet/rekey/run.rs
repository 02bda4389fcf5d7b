//! The way through the table, again and again as long as rows are found.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::keys::{Keys, live, without};
use super::{Rekeyed, Rekeying};
use crate::cluster::{Cluster, On};
use crate::fleet::batches::{Batches, Paced, Tried};
use crate::fleet::error::Error;
use crate::fleet::page::Filter;
use crate::fleet::renewal::{Judged, Renewal, Resealer};
use crate::fleet::row::Stored;
use crate::fleet::scan::{Options, Scan};
use crate::lease;
use crate::pacing::{Beat, Leased, Stop};
use crate::schema::Table;

/// Rows of a page: while a batch waits for the cluster, nobody reads, and a server gives up on a page that nobody reads.
const PAGE: usize = 1000;
/// So often the table is gone through, as long as rows are found that were saved under an old key meanwhile.
const PASSES: u32 = 3;

pub(super) struct Run<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) table: &'a Table,
    pub(super) resealer: &'a Resealer,
    pub(super) stop: &'a Stop,
    pub(super) batches: Batches<'a>,
    pub(super) lease: Leased,
    /// Rows that are to be written, and how often each was tried.
    pub(super) queue: VecDeque<(Renewal, u32)>,
    /// Rows of batches whose answers were lost that were still under an old key when they were read again. They may be
    /// written later: what the lost node had sent is applied when the others have agreed to go on without it.
    pub(super) late: u64,
    pub(super) done: Rekeyed,
    pub(super) tell: &'a mut (dyn FnMut(Rekeying<'_>) + Send),
}

impl Run<'_> {
    /// Goes through the table until nothing is found that somebody saved under an old key meanwhile.
    pub(super) async fn passes(&mut self, paced: &Paced) -> Result<(), Error> {
        if !self.keep_lease().await? {
            return Ok(());
        }
        let (mut filter, mut on) = (live(), paced.on.clone());
        for pass in 0..PASSES {
            let began = Instant::now();
            let before = self.done.rekeyed;
            let options = Options { on, filter, page: PAGE, patience: paced.patience, ..Options::default() };
            self.pass(&options, pass == 0).await?;
            if self.done.interrupted || self.done.lease_lost || self.done.rekeyed == before {
                return Ok(());
            }
            // The node asked for is where it starts; later any will do.
            on = On::Auto;
            // What was saved since this pass began; the minute is for clocks that differ, and for reads that lag.
            filter = Filter { since: Some(began.elapsed() + Duration::from_secs(60)), ..live() };
        }
        self.done.outrun = true;
        Ok(())
    }

    /// Goes through the table once; `first` counts what is found.
    async fn pass(&mut self, options: &Options, first: bool) -> Result<(), Error> {
        let resealer = self.resealer.clone();
        let work = move |rows: Vec<Stored>| {
            let (mut keys, mut renewals) = (Keys::default(), Vec::new());
            for row in &rows {
                let judged = resealer.judge(row);
                keys.count(&judged);
                if let Judged::Old { renewal, .. } = judged {
                    renewals.push(*renewal);
                }
            }
            (keys, renewals)
        };
        let mut scan = Scan::start((self.cluster, self.table), options, self.stop, work);
        loop {
            let step = tokio::select! {
                biased;
                () = self.stop.wanted() => None,
                step = scan.next() => step?,
            };
            let ended = step.is_none();
            if let Some(step) = step {
                let Self { queue, done, tell, .. } = self;
                let step = without(step, |(keys, renewals): (Keys, Vec<Renewal>)| {
                    if first {
                        done.keys.merge(&keys);
                    }
                    queue.extend(renewals.into_iter().map(|renewal| (renewal, 0)));
                });
                tell(Rekeying::Scanned(&step));
            }
            while !self.stop.asked() && (self.queue.len() >= self.batches.rows() || (ended && !self.queue.is_empty())) {
                if !self.batch().await? {
                    return Ok(());
                }
            }
            if self.stop.asked() {
                self.done.interrupted = true;
                return Ok(());
            }
            if ended {
                return Ok(());
            }
        }
    }

    /// Sees to it that the lease is ours; false if a stop was asked for, or somebody else has it now.
    pub(super) async fn keep_lease(&mut self) -> Result<bool, Error> {
        loop {
            let Self { batches, lease, cluster, table, stop, tell, done, .. } = self;
            let mut beat = |beat: Beat<'_>| tell(Rekeying::Beat(beat));
            match batches.keep(lease, (cluster, table), stop, &mut beat).await {
                Tried::Done(Ok(true)) => return Ok(true),
                Tried::Done(Ok(false)) => {
                    done.interrupted = true;
                    return Ok(false);
                }
                Tried::Done(Err(lease::Error::Lost { .. })) => {
                    done.lease_lost = true;
                    return Ok(false);
                }
                Tried::Done(Err(error)) => return Err(Error::Lease(error)),
                Tried::Again(_) if stop.asked() => {
                    done.interrupted = true;
                    return Ok(false);
                }
                Tried::Again(_) => {}
                Tried::Failed(error) => return Err(error.into()),
            }
        }
    }
}
