//! Writing the history.

use std::time::Duration;

use crate::lease::{Lease, Phase};

use super::error::Error;
use super::fence::fenced;
use super::ledger::{self, Change, Entry, State};
use super::pinned::Pinned;
use super::plan::Step;

/// The shortest and the longest lease in phase `ddl`, during which it cannot be renewed.
const DDL_LEASE: (Duration, Duration) = (Duration::from_secs(120), Duration::from_secs(24 * 3600));

/// What is recorded, and what the lease says from then on.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    change: Change,
    elapsed: Duration,
    phase: Phase,
    /// At least this long; never shorter than the lease was taken for.
    length: Duration,
}

impl Mark {
    /// Before a statement: a lease that outlasts it.
    pub(super) fn running(estimate: Duration) -> Self {
        let (shortest, longest) = DDL_LEASE;
        let length = estimate.saturating_mul(10).clamp(shortest, longest);
        Self { change: Change::State(State::Running), elapsed: Duration::ZERO, phase: Phase::Ddl, length }
    }

    /// When something is over.
    pub(super) fn now(change: Change, elapsed: Duration) -> Self {
        Self { change, elapsed, phase: Phase::Work, length: Duration::ZERO }
    }
}

/// Records a step's migrations, fenced by the lease.
pub(super) async fn record(pinned: &mut Pinned, lease: &mut Lease, step: &Step, mark: Mark) -> Result<(), Error> {
    let Mark { change, elapsed, phase, length } = mark;
    fenced(pinned, lease, (phase, length), async |connection, lease| {
        for migration in &step.migrations {
            let (table, owner, epoch) = (lease.table(), lease.owner(), lease.epoch());
            let entry = Entry { table, migration, change, elapsed, owner, epoch };
            ledger::write(connection, &entry).await?;
        }
        Ok(())
    })
    .await
}
