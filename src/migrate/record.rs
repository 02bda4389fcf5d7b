//! Writing the history, fenced by the lease.

use std::time::Duration;

use crate::lease::{self, Lease, Phase, is_conflict, pause};

use super::error::Error;
use super::ledger::{self, Entry, State};
use super::pinned::Pinned;
use super::plan::Step;

/// How often a record that lost against others is written again before its error counts.
const CONFLICTS: u32 = 10;
/// The shortest and the longest lease in phase `ddl`, during which it cannot be renewed.
const DDL_LEASE: (Duration, Duration) = (Duration::from_secs(120), Duration::from_secs(24 * 3600));

/// What is recorded, and what the lease says from then on.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    state: State,
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
        Self { state: State::Running, elapsed: Duration::ZERO, phase: Phase::Ddl, length }
    }

    /// When something is over.
    pub(super) fn now(state: State, elapsed: Duration) -> Self {
        Self { state, elapsed, phase: Phase::Work, length: Duration::ZERO }
    }
}

/// Records a step's migrations in a transaction that holds only if the lease is still ours, on the server where all
/// began.
pub(super) async fn record(pinned: &mut Pinned, lease: &mut Lease, step: &Step, mark: Mark) -> Result<(), Error> {
    for turn in 0.. {
        pinned.check().await?;
        let Err(error) = write(pinned, lease, step, mark).await else { break };
        // Whatever the error, nothing half-written may stay open; a connection that broke has nothing open.
        let _ = pinned.connection.execute_unhurried("rolling back", "ROLLBACK", ()).await;
        match error {
            Error::Cluster(lost) | Error::Lease(lease::Error::Cluster(lost))
                if is_conflict(&lost) && turn < CONFLICTS =>
            {
                tokio::time::sleep(pause(turn)).await;
            }
            error => return Err(error),
        }
    }
    Ok(())
}

async fn write(pinned: &mut Pinned, lease: &mut Lease, step: &Step, mark: Mark) -> Result<(), Error> {
    let Mark { state, elapsed, phase, length } = mark;
    let connection = &mut pinned.connection;
    connection.execute_unhurried("beginning a record", "START TRANSACTION", ()).await?;
    lease.renew(connection, phase, length.max(lease.length())).await?;
    let table = lease.table().clone();
    for migration in &step.migrations {
        let (owner, epoch) = (lease.owner(), lease.epoch());
        let entry = Entry { table: &table, migration, state, elapsed, owner, epoch };
        ledger::write(connection, &entry).await?;
    }
    connection.execute_unhurried("committing a record", "COMMIT", ()).await?;
    Ok(())
}
