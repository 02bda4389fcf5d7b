//! Doing what the plan says: look, take the lease, look again, and one step at a time.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::Place;
use crate::cluster::{Connection, Kind, Usable};
use crate::grant::{self, Object};
use crate::lease::{self, Holder, Lease, Name, Phase, Terms, is_conflict, pause};
use crate::schema::Table;

use super::catalog::Migration;
use super::down;
use super::error::Error;
use super::goal::{Goal, pending};
use super::inspect::{Depth, Inspected, inspect};
use super::ledger::{self, Change, Entry, State};
use super::plan::{Action, Plan, Step, record};

/// How long a DDL may wait for open transactions on the table, in seconds: all who come after it wait as well. The
/// server's default is a day, or a year.
const LOCK_WAIT_S: u32 = 10;
/// How often a statement that lost against others is sent again before its error counts.
const CONFLICTS: u32 = 10;
/// How often a DDL that lost against others is sent again; each time its guard is read anew.
const DDL_CONFLICTS: u32 = 3;
/// The shortest and the longest lease in phase `ddl`, during which it cannot be renewed.
const DDL_LEASE: (Duration, Duration) = (Duration::from_secs(120), Duration::from_secs(24 * 3600));

/// What happens while the migrations run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Somebody else migrates; told before each look at whether they are done.
    Waiting {
        /// Who it is.
        holder: &'a Holder,
        /// For how long we have waited so far.
        waited: Duration,
    },
    /// A step begins.
    Starting {
        /// The step.
        step: &'a Step,
        /// The plan that it is the first step of, made a moment ago.
        plan: &'a Plan,
    },
    /// The history was changed.
    Recorded(&'a Done),
}

/// A migration whose record this run made, changed or struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The migration.
    pub migration: &'static Migration,
    /// How it is recorded now; `None` if it is not any more.
    pub state: Option<State>,
    /// How long its statement took; zero where none was run.
    pub elapsed: Duration,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The migrations whose records it changed, in order.
    pub done: Vec<Done>,
    /// The migrations that the history did not have as done at its end; unknown, and none, if it was stopped.
    pub pending: Vec<&'static Migration>,
    /// How long it waited for others.
    pub waited: Duration,
    /// Whether it was stopped with work left.
    pub stopped: bool,
}

/// A connection that has looked, and is ready to bring the schema to where it should be.
///
/// All of it goes over the one connection. With nothing to do, nothing is written and no lease is taken. Of several
/// runs at once each migration is applied by one, and the others find it done.
#[derive(Debug)]
pub struct Runner {
    connection: Connection,
    kind: Kind,
    table: Table,
    goal: Goal,
    inspected: Inspected,
    plan: Plan,
    /// How long the look took.
    looked: Duration,
}

/// Looks at what is there, to apply what is pending: [`begin_for`] with [`Goal::Up`].
///
/// # Errors
///
/// Those of [`begin_for`].
pub async fn begin(usable: Usable, table: &Table) -> Result<Runner, Error> {
    begin_for(usable, table, Goal::Up).await
}

/// Looks at what is there, over the connection that [`Runner::run`] then uses. Writes nothing.
///
/// This look does not wait for what other nodes committed, since somebody's DDL could hold it up for as long as that
/// takes; what is done is decided by another look, under the lease.
///
/// # Errors
///
/// Those of [`inspect`] and [`plan`](fn@super::plan); those of a [`Goal::Down`] that is refused.
pub async fn begin_for(usable: Usable, table: &Table, goal: Goal) -> Result<Runner, Error> {
    let Usable { mut connection, vitals, causality: _ } = usable;
    let kind = vitals.kind();
    let began = Instant::now();
    let looked = async {
        set(&mut connection, &format!("SET SESSION lock_wait_timeout={LOCK_WAIT_S}")).await?;
        wait_for_others(&mut connection, kind, false).await?;
        let (inspected, plan) = look(&mut connection, kind, table, (&goal, goal.depth())).await?;
        down::refuse_without_key(&mut connection, &plan).await?;
        Ok((inspected, plan))
    };
    match looked.await {
        Ok((inspected, plan)) => {
            let (table, goal) = (table.clone(), goal.settled(&inspected));
            Ok(Runner { connection, kind, table, goal, inspected, plan, looked: began.elapsed() })
        }
        Err(error) => {
            let error = name_the_grant(&mut connection, &goal, error).await;
            connection.close().await;
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
    /// Those of [`begin_for`]; [`Error::Lease`] if somebody else holds the lease for longer than
    /// `terms.wait`; [`Error::Statement`] if a migration's statement failed, which the history then says;
    /// [`Error::Denied`] with the GRANT that helps. What was recorded before the error stays, and the next run goes on
    /// from there.
    pub async fn run(
        mut self,
        terms: Terms,
        mut on: impl FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<Outcome, Error> {
        let outcome = match self.work(terms, &mut on).await {
            Ok(outcome) => Ok(outcome),
            Err(error) => Err(name_the_grant(&mut self.connection, &self.goal, error).await),
        };
        self.connection.close().await;
        outcome
    }

    async fn work(
        &mut self,
        terms: Terms,
        on: &mut impl FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<Outcome, Error> {
        let done = Outcome { pending: pending(&self.inspected), ..Outcome::default() };
        // A table of leases that somebody dropped is made again, with or without anything else to do.
        let leases = self.inspected.leases || self.inspected.history.is_none() || !self.goal.makes_tables();
        if self.plan.steps.is_empty() && leases {
            return Ok(done);
        }
        if self.goal.makes_tables() {
            if self.inspected.history.is_none() {
                ledger::create_table(&mut self.connection).await?;
            }
            if !self.inspected.leases {
                lease::create_table(&mut self.connection).await?;
            }
        }
        if self.plan.steps.is_empty() {
            return Ok(done);
        }
        // The same look is taken again under the lease, and may read the whole table.
        let terms = Terms { length: terms.length.max(self.looked.saturating_mul(4)), ..terms };
        let waiting = |holder: &Holder, waited| on(Event::Waiting { holder, waited });
        let taken = lease::acquire(&mut self.connection, &self.table, Name::Migrate, terms, waiting).await?;
        let Some(mut lease) = taken else { return Ok(Outcome { stopped: true, ..Outcome::default() }) };
        let mut outcome = Outcome { waited: lease.waited(), ..Outcome::default() };
        let ended = self.steps(&mut lease, &mut outcome, on).await;
        let released = lease.release(&mut self.connection).await;
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
        outcome: &mut Outcome,
        on: &mut impl FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        // From here on what others did before is seen, by every kind of statement.
        wait_for_others(&mut self.connection, self.kind, true).await?;
        let mut conflicts = 0;
        loop {
            lease.keep(&mut self.connection).await?;
            let (inspected, plan) = self.next().await?;
            let Some(step) = plan.steps.first() else {
                outcome.pending = pending(&inspected);
                return Ok(());
            };
            if on(Event::Starting { step, plan: &plan }).is_break() {
                outcome.stopped = true;
                return Ok(());
            }
            let change = match &step.action {
                Action::Adopt => Change::State(State::Adopted),
                Action::Finish | Action::Run { .. } => Change::State(State::Applied),
                Action::Revert { .. } | Action::Forget => Change::Strike,
                Action::Correct => Change::Checksum,
            };
            let elapsed = match step.action.statement() {
                None => {
                    self.record(lease, step, Mark::now(change, Duration::ZERO)).await?;
                    Duration::ZERO
                }
                Some((sql, estimate)) => match self.statement(lease, step, (sql, estimate), change).await {
                    Ok(elapsed) => elapsed,
                    Err(Error::Statement { source, .. }) if is_conflict(&source) && conflicts < DDL_CONFLICTS => {
                        conflicts += 1;
                        tokio::time::sleep(pause(conflicts + 3)).await;
                        continue;
                    }
                    Err(error) => return Err(error),
                },
            };
            for migration in &step.migrations {
                let state = match change {
                    Change::State(state) => Some(state),
                    Change::Checksum => record(&inspected, migration).map(|record| record.state),
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
        let seen = look(&mut self.connection, self.kind, &self.table, (&self.goal, Depth::Schema)).await?;
        let plan = &seen.1;
        let rebuilds = matches!(plan.steps.first(), Some(Step { action: Action::Run { .. }, .. })) && plan.rebuilds();
        if !rebuilds {
            return Ok(seen);
        }
        look(&mut self.connection, self.kind, &self.table, (&self.goal, Depth::Rows)).await
    }

    /// Runs a step's statement between two records: that it was sent, and what became of it.
    async fn statement(
        &mut self,
        lease: &mut Lease,
        step: &Step,
        (sql, estimate): (&str, Duration),
        change: Change,
    ) -> Result<Duration, Error> {
        self.record(lease, step, Mark::running(estimate)).await?;
        let began = Instant::now();
        let answer = self.connection.execute_unhurried("running a migration", sql, ()).await;
        let elapsed = began.elapsed();
        let (table, versions) = (self.table.clone(), step.versions());
        if let Err(source) = answer {
            if source.code().is_some() {
                // If even this fails, the row says `running`, and the next run reads the guards all the same.
                let _ = self.record(lease, step, Mark::now(Change::State(State::Failed), elapsed)).await;
            }
            return Err(Error::Statement { table, versions, source: Box::new(source) });
        }
        let (_, after) = look(&mut self.connection, self.kind, &self.table, (&self.goal, Depth::Schema)).await?;
        let left = |later: &Step| {
            later.action.statement().is_some() && later.versions().iter().any(|left| versions.contains(left))
        };
        if after.steps.iter().any(left) {
            let _ = self.record(lease, step, Mark::now(Change::State(State::Failed), elapsed)).await;
            let place = Place::here();
            return Err(match change {
                Change::Strike => Error::StillThere { table, versions, place },
                Change::State(_) | Change::Checksum => Error::NoEffect { table, versions, place },
            });
        }
        self.record(lease, step, Mark::now(change, elapsed)).await?;
        Ok(elapsed)
    }

    /// Records a step's migrations in a transaction that holds only if the lease is still ours.
    async fn record(&mut self, lease: &mut Lease, step: &Step, mark: Mark) -> Result<(), Error> {
        for turn in 0.. {
            let Err(error) = self.write(lease, step, mark).await else { break };
            // Whatever the error, nothing half-written may stay open; a connection that broke has nothing open.
            let _ = self.connection.execute_unhurried("rolling back", "ROLLBACK", ()).await;
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

    async fn write(&mut self, lease: &mut Lease, step: &Step, mark: Mark) -> Result<(), Error> {
        let Mark { change, elapsed, phase, length } = mark;
        self.connection.execute_unhurried("beginning a record", "START TRANSACTION", ()).await?;
        lease.renew(&mut self.connection, phase, length.max(lease.length())).await?;
        for migration in &step.migrations {
            let (table, owner, epoch) = (&self.table, lease.owner(), lease.epoch());
            let entry = Entry { table, migration, change, elapsed, owner, epoch };
            ledger::write(&mut self.connection, &entry).await?;
        }
        self.connection.execute_unhurried("committing a record", "COMMIT", ()).await?;
        Ok(())
    }
}

/// Looks at what is there and plans from it.
async fn look(
    connection: &mut Connection,
    kind: Kind,
    table: &Table,
    (goal, depth): (&Goal, Depth),
) -> Result<(Inspected, Plan), Error> {
    let mut turn = 0;
    loop {
        match inspect(connection, kind, table, depth).await {
            Ok(inspected) => {
                let plan = goal.plan(&inspected, table)?;
                return Ok((inspected, plan));
            }
            // 1205 is also how waiting for the other nodes ends when they take too long.
            Err(Error::Cluster(lost)) if is_conflict(&lost) && turn < CONFLICTS => {
                tokio::time::sleep(pause(turn)).await;
                turn += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Lets statements of every kind wait for what other nodes committed, or none.
async fn wait_for_others(connection: &mut Connection, kind: Kind, wait: bool) -> Result<(), Error> {
    if kind == Kind::Galera {
        // 15: reads, UPDATE and DELETE, INSERT and REPLACE, SHOW.
        let sql = if wait { "SET SESSION wsrep_sync_wait=15" } else { "SET SESSION wsrep_sync_wait=0" };
        set(connection, sql).await?;
    }
    Ok(())
}

async fn set(connection: &mut Connection, sql: &str) -> Result<(), Error> {
    connection.execute("preparing the session", sql, ()).await?;
    Ok(())
}

/// Turns an error for want of a right into one with the GRANT for all of this, rather than for a right at a time.
async fn name_the_grant(connection: &mut Connection, goal: &Goal, error: Error) -> Error {
    let source = match error {
        Error::Cluster(error) if grant::is_lacking(&error) => Box::new(error),
        Error::Statement { source, .. } if grant::is_lacking(&source) => source,
        Error::Denied { source, .. } | Error::Lease(lease::Error::Denied { source, .. }) => source,
        other => return other,
    };
    let grant = grant::statement(connection, goal.rights(), Object::Database).await;
    Error::Denied { grant, source }
}

/// What is recorded, and what the lease says from then on.
#[derive(Clone, Copy)]
struct Mark {
    change: Change,
    elapsed: Duration,
    phase: Phase,
    /// At least this long; never shorter than the lease was taken for.
    length: Duration,
}

impl Mark {
    /// Before a statement: a lease that outlasts it.
    fn running(estimate: Duration) -> Self {
        let (shortest, longest) = DDL_LEASE;
        let length = estimate.saturating_mul(10).clamp(shortest, longest);
        Self { change: Change::State(State::Running), elapsed: Duration::ZERO, phase: Phase::Ddl, length }
    }

    /// When something is over.
    fn now(change: Change, elapsed: Duration) -> Self {
        Self { change, elapsed, phase: Phase::Work, length: Duration::ZERO }
    }
}
