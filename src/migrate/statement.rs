//! Sending the statement of a step, between two records: that it was sent, and what became of it.

use std::time::{Duration, Instant};

use crate::Place;
use crate::cluster::Cluster;
use crate::lease::Lease;

use super::error::Error;
use super::inspect::Depth;
use super::ledger::{Change, State};
use super::look::{Aim, look};
use super::pinned::Pinned;
use super::plan::Step;
use super::record::{Mark, record};
use super::stall::{Stall, Timed};

/// A statement that is to be sent.
pub(super) struct Statement<'a> {
    pub(super) step: &'a Step,
    pub(super) sql: &'a str,
    pub(super) estimate: Duration,
    /// What is recorded when it has succeeded.
    pub(super) change: Change,
    /// The cluster on which writes are timed meanwhile, if they are.
    pub(super) timed: Option<&'a Cluster>,
}

impl Statement<'_> {
    /// Sends it, and returns how long it took; `stall` is raised to the longest that a write on another node waited.
    ///
    /// # Errors
    ///
    /// [`Error::Statement`], [`Error::NoEffect`], [`Error::StillThere`], which are recorded; [`Error::Moved`],
    /// [`Error::Lease`] and [`Error::Cluster`], after which the next run looks what became of it.
    pub(super) async fn send(
        self,
        pinned: &mut Pinned,
        aim: &Aim,
        lease: &mut Lease,
        stall: &mut Option<Stall>,
    ) -> Result<Duration, Error> {
        let Self { step, sql, estimate, change, timed } = self;
        record(pinned, lease, step, Mark::running(estimate)).await?;
        let here = pinned.connection.node().to_owned();
        let timed = match timed {
            Some(cluster) => Timed::begin(cluster, aim.kind, &here, lease).await,
            None => None,
        };
        let checked = pinned.check().await;
        let began = Instant::now();
        let answer = match checked {
            Ok(()) => Ok(pinned.connection.execute_unhurried("running a migration", sql, ()).await),
            Err(moved) => Err(moved),
        };
        let elapsed = began.elapsed();
        if let Some(timed) = timed {
            *stall = timed.end().await.into_iter().chain(stall.take()).max_by_key(|stall| stall.longest);
        }
        let (table, versions) = (aim.table.clone(), step.versions());
        let failed = Mark::now(Change::State(State::Failed), elapsed);
        if let Err(source) = answer? {
            if source.code().is_some() {
                // If even this fails, the row says `running`, and the next run reads the guards all the same.
                let _ = record(pinned, lease, step, failed).await;
            }
            return Err(Error::Statement { table, versions, source: Box::new(source) });
        }
        let (_, after) = look(&mut pinned.connection, aim, Depth::Schema).await?;
        let left = |later: &Step| {
            later.action.statement().is_some() && later.versions().iter().any(|left| versions.contains(left))
        };
        if after.steps.iter().any(left) {
            let _ = record(pinned, lease, step, failed).await;
            let place = Place::here();
            return Err(match change {
                Change::Strike => Error::StillThere { table, versions, place },
                Change::State(_) | Change::Checksum => Error::NoEffect { table, versions, place },
            });
        }
        record(pinned, lease, step, Mark::now(change, elapsed)).await?;
        Ok(elapsed)
    }
}
