//! Doing what the plan says: look, take the lease, look again, and one step at a time.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::Place;
use crate::cluster::{Connection, Kind, Usable, Wait};
use crate::grant::{self, Object};
use crate::lease::{self, Holder, Lease, Name, Phase, Terms, is_conflict, pause};
use crate::schema::Table;

use super::catalog::Migration;
use super::error::Error;
use super::inspect::{Depth, Inspected, inspect};
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

/// A connection that has looked, and is ready to bring the schema to where it should be.
///
/// All of it goes over the one connection. With nothing to do, nothing is written and no lease is taken. Of several
/// runs at once each migration is applied by one, and the others find it done.
#[derive(Debug)]
pub struct Runner {
    connection: Connection,
    kind: Kind,
    table: Table,
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
/// Those of [`inspect`] and [`plan`](fn@plan).
pub async fn begin(usable: Usable, table: &Table) -> Result<Runner, Error> {
    let Usable { mut connection, vitals, causality: _ } = usable;
    let kind = vitals.kind();
    let began = Instant::now();
    let looked = async {
        set(&mut connection, &format!("SET SESSION lock_wait_timeout={LOCK_WAIT_S}")).await?;
        wait_for_others(&mut connection, kind, false).await?;
        look(&mut connection, kind, table, Depth::Rows).await
    };
    match looked.await {
        Ok((inspected, plan)) => {
            let table = table.clone();
            Ok(Runner { connection, kind, table, inspected, plan, looked: began.elapsed() })
        }
        Err(error) => {
            let error = name_the_grant(&mut connection, error).await;
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

    /// Does it. `terms` are those of the lease; `on` is told of each event, and stops the run by breaking: nothing new
    /// is begun then, and nothing that was begun is left unrecorded.
    ///
    /// # Errors
    ///
    /// Those of [`plan`](fn@plan) and [`inspect`]; [`Error::Lease`] if somebody else holds the lease for longer than
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
            Err(error) => Err(name_the_grant(&mut self.connection, error).await),
        };
        self.connection.close().await;
        outcome
    }

    async fn work(
        &mut self,
        terms: Terms,
        on: &mut impl FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<Outcome, Error> {
        if self.plan.steps.is_empty() {
            return Ok(Outcome::default());
        }
        if self.inspected.history.is_none() {
            ledger::create_table(&mut self.connection).await?;
        }
        if !self.inspected.leases {
            lease::create_table(&mut self.connection).await?;
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
            let plan = self.next().await?;
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

    /// Plans what is left. The rows are read only if they are about to be rebuilt: it takes long on a large table.
    async fn next(&mut self) -> Result<Plan, Error> {
        let (_, plan) = look(&mut self.connection, self.kind, &self.table, Depth::Schema).await?;
        let rebuilds = matches!(plan.steps.first(), Some(Step { action: Action::Run { .. }, .. })) && plan.rebuilds();
        if !rebuilds {
            return Ok(plan);
        }
        let (_, plan) = look(&mut self.connection, self.kind, &self.table, Depth::Rows).await?;
        Ok(plan)
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
        let (_, after) = look(&mut self.connection, self.kind, &self.table, Depth::Schema).await?;
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
        lease.renew(&mut self.connection, phase, length.max(lease.length())).await?;
        for migration in &step.migrations {
            let (table, owner, epoch) = (&self.table, lease.owner(), lease.epoch());
            let entry = Entry { table, migration, state, elapsed, owner, epoch };
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
    depth: Depth,
) -> Result<(Inspected, Plan), Error> {
    let mut turn = 0;
    loop {
        match inspect(connection, kind, table, depth).await {
            Ok(inspected) => {
                let plan = plan(&inspected, table)?;
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
    if let Some(sql) = kind.wait(if wait { Wait::All } else { Wait::Nothing }) {
        set(connection, sql).await?;
    }
    Ok(())
}

async fn set(connection: &mut Connection, sql: &str) -> Result<(), Error> {
    connection.execute("preparing the session", sql, ()).await?;
    Ok(())
}

/// Turns an error for want of a right into one with the GRANT for all of this, rather than for a right at a time.
async fn name_the_grant(connection: &mut Connection, error: Error) -> Error {
    let source = match error {
        Error::Cluster(error) if grant::is_lacking(&error) => Box::new(error),
        Error::Statement { source, .. } if grant::is_lacking(&source) => source,
        Error::Denied { source, .. } | Error::Lease(lease::Error::Denied { source, .. }) => source,
        other => return other,
    };
    let grant = grant::statement(connection, RIGHTS, Object::Database).await;
    Error::Denied { grant, source }
}

/// What is recorded, and what the lease says from then on.
#[derive(Clone, Copy)]
struct Mark {
    state: State,
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
        Self { state: State::Running, elapsed: Duration::ZERO, phase: Phase::Ddl, length }
    }

    /// When something is over.
    fn now(state: State, elapsed: Duration) -> Self {
        Self { state, elapsed, phase: Phase::Work, length: Duration::ZERO }
    }
}
