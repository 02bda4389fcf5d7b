//! Doing what the plan says: look, take the lease, look again, and one step at a time.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::Place;
use crate::cluster::{Connection, Kind, Usable};
use crate::grant::{self, Object};
use crate::lease::{self, Holder, Lease, Name, Phase, Terms, is_conflict, pause};
use crate::schema::Table;

use super::catalog::Migration;
use super::error::Error;
use super::inspect::{Inspected, inspect};
use super::ledger::{self, Entry, State};
use super::plan::{Action, Plan, Step, plan};

/// How long a DDL may wait for open transactions on the table, in seconds: all who come after it wait as well. The
/// server's default is a day, or a year.
const LOCK_WAIT_S: u32 = 10;
/// The rights that all of this needs, on the database.
const RIGHTS: &str = "SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX";
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
    /// A migration was recorded as done.
    Recorded(&'a Done),
}

/// A migration that this run recorded as done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The migration.
    pub migration: &'static Migration,
    /// How it was recorded.
    pub state: State,
    /// How long its statement took; zero where none was run.
    pub elapsed: Duration,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The migrations that it recorded as done, in order.
    pub done: Vec<Done>,
    /// How long it waited for others.
    pub waited: Duration,
    /// Whether it was stopped with work left.
    pub stopped: bool,
}

/// Brings the schema to where it should be.
///
/// All of it goes over the one connection of `usable`. `terms` are those of the lease. `on` is told of each event, and
/// stops the run by breaking: nothing new is begun then, and nothing that was begun is left unrecorded.
///
/// With nothing to do, nothing is written and no lease is taken. Of several runs at once each migration is applied by
/// one, and the others find it done.
///
/// # Errors
///
/// Those of [`plan`](fn@plan) and [`inspect`](fn@inspect), before anything is written; [`Error::Lease`] if somebody
/// else holds the lease for longer than `terms.wait`; [`Error::Statement`] if a migration's statement failed, which the
/// history then says. What was recorded before the error stays, and the next run goes on from there.
pub async fn run(
    usable: Usable,
    table: &Table,
    terms: Terms,
    mut on: impl FnMut(Event<'_>) -> ControlFlow<()>,
) -> Result<Outcome, Error> {
    let Usable { mut connection, vitals, causality: _ } = usable;
    let mut runner = Runner { connection: &mut connection, kind: vitals.kind(), table };
    let outcome = match runner.run(terms, &mut on).await {
        Err(Error::Cluster(error)) if grant::is_lacking(&error) => {
            let grant = grant::statement(&mut connection, RIGHTS, Object::Database).await;
            Err(Error::Denied { grant, source: Box::new(error) })
        }
        Err(Error::Lease(lease::Error::Denied { source, .. }) | Error::Denied { source, .. }) => {
            // One statement for all of it, rather than a right at a time.
            let grant = grant::statement(&mut connection, RIGHTS, Object::Database).await;
            Err(Error::Denied { grant, source })
        }
        outcome => outcome,
    };
    connection.close().await;
    outcome
}

struct Runner<'a> {
    connection: &'a mut Connection,
    kind: Kind,
    table: &'a Table,
}

impl Runner<'_> {
    async fn run(&mut self, terms: Terms, on: &mut impl FnMut(Event<'_>) -> ControlFlow<()>) -> Result<Outcome, Error> {
        self.set(&format!("SET SESSION lock_wait_timeout={LOCK_WAIT_S}")).await?;
        // This first look may be behind, and must not wait: somebody's DDL could hold it up for as long as that takes.
        self.wait_for_others(false).await?;
        let began = Instant::now();
        let (inspected, first) = self.look().await?;
        // The same look is taken again under the lease, and may read the whole table.
        let length = terms.length.max(began.elapsed().saturating_mul(4));
        if first.steps.is_empty() {
            return Ok(Outcome::default());
        }
        self.make_our_tables(&inspected).await?;
        let waiting = |holder: &Holder, waited| on(Event::Waiting { holder, waited });
        let terms = Terms { length, ..terms };
        let Some(mut lease) = lease::acquire(self.connection, self.table, Name::Migrate, terms, waiting).await? else {
            return Ok(Outcome { stopped: true, ..Outcome::default() });
        };
        let mut outcome = Outcome { waited: lease.waited(), ..Outcome::default() };
        let ended = self.steps(&mut lease, &mut outcome, on).await;
        let released = lease.release(self.connection).await;
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
        self.wait_for_others(true).await?;
        let mut conflicts = 0;
        loop {
            lease.keep(self.connection).await?;
            let (_, plan) = self.look().await?;
            let Some(step) = plan.steps.first() else { return Ok(()) };
            if on(Event::Starting { step, plan: &plan }).is_break() {
                outcome.stopped = true;
                return Ok(());
            }
            let (state, elapsed) = match &step.action {
                Action::Adopt => (State::Adopted, Duration::ZERO),
                Action::Finish => (State::Applied, Duration::ZERO),
                Action::Run { sql, estimate } => match self.statement(lease, step, sql, *estimate).await {
                    Ok(elapsed) => (State::Applied, elapsed),
                    Err(Error::Statement { source, .. }) if is_conflict(&source) && conflicts < DDL_CONFLICTS => {
                        conflicts += 1;
                        tokio::time::sleep(pause(conflicts + 3)).await;
                        continue;
                    }
                    Err(error) => return Err(error),
                },
            };
            if !matches!(step.action, Action::Run { .. }) {
                self.record(lease, step, Mark::now(state, elapsed)).await?;
            }
            for migration in &step.migrations {
                let done = Done { migration, state, elapsed };
                // Asked again before the next step begins.
                let _ = on(Event::Recorded(&done));
                outcome.done.push(done);
            }
        }
    }

    /// Runs a step's statement between two records: that it was sent, and what became of it.
    async fn statement(
        &mut self,
        lease: &mut Lease,
        step: &Step,
        sql: &str,
        estimate: Duration,
    ) -> Result<Duration, Error> {
        self.record(lease, step, Mark::running(estimate)).await?;
        let began = Instant::now();
        let answer = self.connection.execute_unhurried("running a migration", sql, ()).await;
        let elapsed = began.elapsed();
        let (table, versions) = (self.table.clone(), step.versions());
        if let Err(source) = answer {
            if source.code().is_some() {
                // If even this fails, the row says `running`, and the next run reads the guards all the same.
                let _ = self.record(lease, step, Mark::now(State::Failed, elapsed)).await;
            }
            return Err(Error::Statement { table, versions, source: Box::new(source) });
        }
        let (_, after) = self.look().await?;
        let left = |later: &Step| {
            matches!(later.action, Action::Run { .. }) && later.versions().iter().any(|left| versions.contains(left))
        };
        if after.steps.iter().any(left) {
            let _ = self.record(lease, step, Mark::now(State::Failed, elapsed)).await;
            return Err(Error::NoEffect { table, versions, place: Place::here() });
        }
        self.record(lease, step, Mark::now(State::Applied, elapsed)).await?;
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
        let Mark { state, elapsed, phase, length } = mark;
        self.connection.execute_unhurried("beginning a record", "START TRANSACTION", ()).await?;
        lease.renew(self.connection, phase, length).await?;
        for migration in &step.migrations {
            let (table, owner, epoch) = (self.table, lease.owner(), lease.epoch());
            let entry = Entry { table, migration, state, elapsed, owner, epoch };
            ledger::write(self.connection, &entry).await?;
        }
        self.connection.execute_unhurried("committing a record", "COMMIT", ()).await?;
        Ok(())
    }

    /// Looks at what is there and plans from it.
    async fn look(&mut self) -> Result<(Inspected, Plan), Error> {
        let mut turn = 0;
        loop {
            match inspect(self.connection, self.kind, self.table).await {
                Ok(inspected) => {
                    let plan = plan(&inspected, self.table)?;
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

    async fn make_our_tables(&mut self, inspected: &Inspected) -> Result<(), Error> {
        if inspected.history.is_none() {
            ledger::create_table(self.connection).await?;
        }
        if !inspected.leases {
            lease::create_table(self.connection).await?;
        }
        Ok(())
    }

    /// Lets statements of every kind wait for what other nodes committed, or none.
    async fn wait_for_others(&mut self, wait: bool) -> Result<(), Error> {
        if self.kind == Kind::Galera {
            // 15: reads, UPDATE and DELETE, INSERT and REPLACE, SHOW.
            self.set(if wait { "SET SESSION wsrep_sync_wait=15" } else { "SET SESSION wsrep_sync_wait=0" }).await?;
        }
        Ok(())
    }

    async fn set(&mut self, sql: &str) -> Result<(), Error> {
        self.connection.execute("preparing the session", sql, ()).await?;
        Ok(())
    }
}

/// What is recorded, and what the lease says from then on.
#[derive(Clone, Copy)]
struct Mark {
    state: State,
    elapsed: Duration,
    phase: Phase,
    length: Duration,
}

impl Mark {
    /// Before a statement: a lease that outlasts it.
    fn running(estimate: Duration) -> Self {
        let (shortest, longest) = DDL_LEASE;
        let length = estimate.saturating_mul(10).clamp(shortest, longest);
        Self { state: State::Running, elapsed: Duration::ZERO, phase: Phase::Ddl, length }
    }

    /// When something is over.
    fn now(state: State, elapsed: Duration) -> Self {
        Self { state, elapsed, phase: Phase::Work, length: lease::SHORTEST }
    }
}
