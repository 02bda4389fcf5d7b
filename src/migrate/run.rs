//! Doing what the plan says: look, take the lease, look again, and one step at a time.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::Place;
use crate::cluster::Usable;
use crate::lease::{self, Holder, Lease, Name, Terms, is_conflict, pause};
use crate::schema::Table;

use super::catalog::Migration;
use super::dedupe;
use super::down;
use super::error::Error;
use super::inspect::{Depth, Duplicates, Inspected};
use super::ledger::{self, Change, State};
use super::look::{Aim, look, name_the_grant, prepare, wait_for_others};
use super::outcome::{Done, Event, Outcome};
use super::pinned::Pinned;
use super::plan::{Action, Goal, OnDuplicates, Plan, Step, record as recorded};
use super::record::{Mark, record};
use super::statement::Statement;
use super::task::{Task, pending};

/// How often a DDL that lost against others is sent again; each time its guard is read anew.
const DDL_CONFLICTS: u32 = 3;
/// How often duplicate ids are resolved that came between the search for them and the ALTER.
const LATE_DUPLICATES: u32 = 5;
/// How many times in a row nothing of the duplicates may be found to delete: others write them just then (a busy writer may
/// be faster than a few passes), or their ids
/// do not come back to the server as it sent them.
const IDLE_PASSES: u32 = 20;

/// A connection that has looked, and is ready to bring the schema to where it should be.
///
/// All of it goes over the one connection. With nothing to do, nothing is written and no lease is taken, but for the table of leases
/// itself if somebody dropped it. Of several
/// runs at once each migration is applied by one, and the others find it done.
#[derive(Debug)]
pub struct Runner {
    pinned: Pinned,
    aim: Aim,
    inspected: Inspected,
    plan: Plan,
    /// How long the look took.
    looked: Duration,
}

/// Looks at what is there, over the connection that [`Runner::run`] then uses. Writes nothing.
///
/// This look does not wait for what other nodes committed, since somebody's DDL could hold it up for as long as that
/// takes; what is done is decided by another look, under the lease.
///
/// # Errors
///
/// Those of [`inspect`](super::inspect()) and [`plan_for`](super::plan_for); those of a [`Task::Down`] that is refused.
pub async fn begin(usable: Usable, table: &Table, task: impl Into<Task>) -> Result<Runner, Error> {
    let Usable { connection, vitals, causality: _ } = usable;
    let aim = Aim { kind: vitals.kind(), table: table.clone(), task: task.into() };
    let mut pinned = match Pinned::new(connection).await {
        Ok(pinned) => pinned,
        Err((connection, error)) => {
            connection.close().await;
            return Err(error);
        }
    };
    let began = Instant::now();
    let connection = &mut pinned.connection;
    let looked = async {
        prepare(connection, aim.kind).await?;
        let (inspected, plan) = look(connection, &aim, aim.task.depth()).await?;
        down::refuse_without_key(connection, &plan).await?;
        Ok((inspected, plan))
    };
    match looked.await {
        Ok((inspected, plan)) => {
            let aim = Aim { task: aim.task.settled(&inspected), ..aim };
            Ok(Runner { pinned, aim, inspected, plan, looked: began.elapsed() })
        }
        Err(error) => {
            let error = name_the_grant(&mut pinned.connection, &aim, None, error).await;
            pinned.connection.close().await;
            Err(error)
        }
    }
}

impl Runner {
    /// Returns what is to be done, as far as was seen; what is done is planned anew under the lease.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns what was seen.
    #[must_use]
    pub fn inspected(&self) -> &Inspected {
        &self.inspected
    }

    /// Returns the migrations that the history did not have as done when it looked.
    #[must_use]
    pub fn pending(&self) -> Vec<&'static Migration> {
        pending(&self.inspected)
    }

    /// Does it. `terms` are those of the lease; `on` is told of each event, and stops the run by breaking: nothing new
    /// is begun then, and nothing that was begun is left unrecorded.
    ///
    /// # Errors
    ///
    /// Those of [`begin`]; [`Error::Lease`] if somebody else holds the lease for longer than
    /// `terms.wait`; [`Error::Exceeds`] if more would be dropped than [`plan`](Self::plan) says; [`Error::Irremovable`] if no duplicate can be deleted;
    /// [`Error::Statement`] if a migration's statement failed, which the history then says;
    /// [`Error::Denied`] with the GRANT that helps; [`Error::Moved`] if another server answers than at the beginning. What was recorded before the error stays, and the next run goes on
    /// from there.
    pub async fn run(
        mut self,
        terms: Terms<'_>,
        mut on: impl FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<Outcome, Error> {
        let outcome = match self.work(terms, &mut on).await {
            Ok(outcome) => Ok(outcome),
            Err(error) => Err(self.explain(error).await),
        };
        self.pinned.connection.close().await;
        outcome
    }

    /// Says what an error comes of: another server than the one that all began on answers strangely, and an account
    /// may lack a right.
    async fn explain(&mut self, error: Error) -> Error {
        match self.pinned.moved().await {
            Ok(Some(moved)) => moved,
            _ => name_the_grant(&mut self.pinned.connection, &self.aim, Some(&self.plan), error).await,
        }
    }

    async fn work(
        &mut self,
        terms: Terms<'_>,
        on: &mut impl FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<Outcome, Error> {
        let nothing = Outcome { pending: pending(&self.inspected), ..Outcome::default() };
        let makes_tables = self.aim.task.makes_tables();
        if self.plan.steps.is_empty() {
            if makes_tables && self.inspected.history.is_some() && !self.inspected.leases {
                // Somebody dropped it. What sends people here for it, a purge or an event, is to find it then.
                self.pinned.check().await?;
                lease::create_table(&mut self.pinned.connection).await?;
            }
            return Ok(nothing);
        }
        self.pinned.check().await?;
        let connection = &mut self.pinned.connection;
        if makes_tables && self.inspected.history.is_none() {
            ledger::create_table(connection).await?;
        }
        if makes_tables && !self.inspected.leases {
            lease::create_table(connection).await?;
        }
        // The same look is taken again under the lease, and may read the whole table.
        let terms = Terms { length: terms.length.max(self.looked.saturating_mul(4)), ..terms };
        let waiting = |holder: &Holder, waited| on(Event::Waiting { holder, waited });
        let taken = lease::acquire(connection, &self.aim.table, Name::Migrate, terms, waiting).await?;
        let Some(mut lease) = taken else { return Ok(Outcome { stopped: true, ..Outcome::default() }) };
        let mut outcome = Outcome { waited: lease.waited(), ..Outcome::default() };
        let ended = match lease.taken_from().map(|holder| on(Event::TookOver { holder })) {
            Some(ControlFlow::Break(())) => {
                outcome.stopped = true;
                Ok(())
            }
            _ => self.steps(&mut lease, terms, &mut outcome, on).await,
        };
        let released = lease.release(&mut self.pinned.connection).await;
        ended?;
        if let Err(error) = released {
            // All is done and recorded; the lease runs out by itself.
            tracing::warn!("the lease was not given back: {error}");
        }
        Ok(outcome)
    }

    async fn steps(
        &mut self,
        lease: &mut Lease,
        terms: Terms<'_>,
        outcome: &mut Outcome,
        on: &mut impl FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        // From here on what others did before is seen, by every kind of statement.
        wait_for_others(&mut self.pinned.connection, self.aim.kind, true).await?;
        let (mut conflicts, mut late, mut idle) = (0, 0, 0);
        loop {
            lease.keep(&mut self.pinned.connection).await?;
            let (inspected, plan) = self.next().await?;
            let Some(step) = plan.steps.first() else {
                outcome.pending = pending(&inspected);
                return Ok(());
            };
            // Others may have finished what was under way when it was agreed to.
            down::refuse_more(&self.plan, &plan)?;
            down::refuse_without_key(&mut self.pinned.connection, &plan).await?;
            if on(Event::Starting { step, plan: &plan }).is_break() {
                outcome.stopped = true;
                return Ok(());
            }
            let (change, elapsed) = match &step.action {
                Action::Dedupe(duplicates) => {
                    let before = outcome.deduped.rows;
                    if !self.dedupe(lease, duplicates, outcome, on).await? {
                        outcome.stopped = true;
                        return Ok(());
                    }
                    idle = if outcome.deduped.rows == before { idle + 1 } else { 0 };
                    if idle == IDLE_PASSES {
                        let (table, duplicates) = (self.aim.table.clone(), duplicates.clone());
                        return Err(Error::Irremovable { table, duplicates, place: Place::here() });
                    }
                    continue;
                }
                Action::Adopt => (Change::State(State::Adopted), Duration::ZERO),
                Action::Finish => (Change::State(State::Applied), Duration::ZERO),
                Action::Forget => (Change::Strike, Duration::ZERO),
                Action::Correct => (Change::Checksum, Duration::ZERO),
                Action::Run { sql, estimate } | Action::Revert { sql, estimate } => {
                    let reverts = matches!(step.action, Action::Revert { .. });
                    let timed = if reverts || plan.rebuilds() { Some(terms.cluster) } else { None };
                    let change = if reverts { Change::Strike } else { Change::State(State::Applied) };
                    let statement = Statement { step, sql, estimate: *estimate, change, timed };
                    match statement.send(&mut self.pinned, &self.aim, lease, &mut outcome.stall).await {
                        Ok(elapsed) => (change, elapsed),
                        Err(Error::Statement { source, .. }) if is_conflict(&source) && conflicts < DDL_CONFLICTS => {
                            conflicts += 1;
                            tokio::time::sleep(pause(conflicts + 3)).await;
                            continue;
                        }
                        // 1062: an id came a second time after the search for such, and the next search finds it.
                        Err(Error::Statement { source, .. })
                            if source.code() == Some(1062)
                                && matches!(
                                    self.aim.task,
                                    Task::Up(Goal { duplicates: OnDuplicates::KeepNewest, .. })
                                )
                                && late < LATE_DUPLICATES =>
                        {
                            late += 1;
                            continue;
                        }
                        Err(error) => return Err(error),
                    }
                }
            };
            if step.action.statement().is_none() {
                record(&mut self.pinned, lease, step, Mark::now(change, elapsed)).await?;
            }
            for migration in &step.migrations {
                let state = match change {
                    Change::State(state) => Some(state),
                    Change::Checksum => recorded(&inspected, migration).map(|record| record.state),
                    Change::Strike => None,
                };
                let done = Done { migration, state, elapsed };
                // Asked again before the next step begins.
                let _ = on(Event::Recorded(&done));
                outcome.done.push(done);
            }
        }
    }

    /// Plans what is left. The rows are read only if they are about to be rebuilt: it takes long on a large table.
    async fn next(&mut self) -> Result<(Inspected, Plan), Error> {
        let (inspected, plan) = look(&mut self.pinned.connection, &self.aim, Depth::Schema).await?;
        let runs = matches!(plan.steps.first(), Some(Step { action: Action::Run { .. }, .. }));
        if !(runs && plan.rebuilds()) {
            return Ok((inspected, plan));
        }
        look(&mut self.pinned.connection, &self.aim, Depth::Rows).await
    }

    /// Leaves one row of each of these ids; false if that was broken off.
    async fn dedupe(
        &mut self,
        lease: &mut Lease,
        duplicates: &Duplicates,
        outcome: &mut Outcome,
        on: &mut impl FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<bool, Error> {
        dedupe::resolve(&mut self.pinned, lease, duplicates, |gone| {
            outcome.deduped.rows += gone.rows;
            outcome.deduped.expired += gone.expired;
            on(Event::Deduped { so_far: outcome.deduped })
        })
        .await
    }
}
