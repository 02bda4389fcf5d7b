//! Installing the event on one node as planned, and proving it.

use std::time::{Duration, Instant};

use super::definition::{Definition, Name};
use super::error::Error;
use super::inspect::{View, view};
use super::plan::{Action, Plan, Scheduler, Wishes, is};
use super::render::{SESSION, alter, create};
use crate::Place;
use crate::cluster::{self, Cluster, Connection, Family, On, Usable, number};
use crate::grant::{self, Object};
use crate::schema::Table;

/// How long the first run, which begins with the installation itself, is watched.
const WATCH: Duration = Duration::from_secs(5);
const TURN_ON: &str = "SET GLOBAL event_scheduler = ON";

/// What happens during an installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The scheduler was turned on.
    SchedulerOn,
    /// The event is there, disabled unless it was there before.
    Created,
    /// The event has all its clauses and is enabled on the chosen node.
    Enabled,
    /// The first run is being watched.
    Watching,
}

/// What the first run did while it was watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstRun {
    /// No row was due.
    NothingDue,
    /// All rows that were due are gone.
    Cleaned,
    /// Rows that are due are left after some seconds: many, or the event cannot delete them.
    RowsLeft,
}

/// What an installation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The node that runs the event now.
    pub node: String,
    /// What became of an event of that name.
    pub action: Action,
    /// Whether the scheduler was turned on.
    pub scheduler_turned_on: bool,
    /// What the first run did.
    pub first_run: FirstRun,
}

/// Installs the event as planned, and watches its first run for some seconds.
///
/// `on_step` hears what was done as it is done. Interrupted between [`Step::Created`] and [`Step::Enabled`], the event
/// is there and does not run; installing again mends that.
///
/// # Errors
///
/// [`Error::Cluster`] if a statement fails or the node is no longer usable, [`Error::SchedulerOff`] if the scheduler is
/// off and the account may not turn it on, [`Error::NotPermitted`] if it may not make events, [`Error::NotEnabled`] if
/// the node does not have the event enabled afterwards.
pub async fn install(cluster: &Cluster, plan: &Plan, mut on_step: impl FnMut(Step)) -> Result<Installed, Error> {
    let Plan { wishes: Wishes { event, table, definition, .. }, node, action, scheduler, .. } = plan;
    let Usable { mut connection, vitals, .. } = cluster.usable(&On::Named(node.clone())).await?;
    if *scheduler == Scheduler::TurnOn {
        turn_on(&mut connection, vitals.family()).await?;
        on_step(Step::SchedulerOn);
    }
    connection.execute("pinning the zone and the mode", SESSION, ()).await?;
    let due = oldest_due(&mut connection, table, definition).await?;
    // DDL, which waits for what runs on the other nodes.
    let created = connection.execute_unhurried("creating the event", &create(event, table, definition), ()).await;
    permitted(created, &mut connection).await?;
    on_step(Step::Created);
    past_its_last_run(&mut connection, event).await?;
    let altered = connection.execute_unhurried("enabling the event", &alter(event, table, definition), ()).await;
    permitted(altered, &mut connection).await?;
    verify(&mut connection, event, table).await?;
    on_step(Step::Enabled);
    let first_run = if due.is_none() {
        FirstRun::NothingDue
    } else {
        on_step(Step::Watching);
        watch(&mut connection, table, definition).await?
    };
    connection.close().await;
    Ok(Installed {
        node: node.clone(),
        action: action.clone(),
        scheduler_turned_on: *scheduler == Scheduler::TurnOn,
        first_run,
    })
}

/// Waits until the second is over in which this node last ran the event.
///
/// An event has its first run when the second comes that it starts in, which is the one of the ALTER; the server counts
/// one that ran in that very second as run, and waits for a whole interval.
async fn past_its_last_run(connection: &mut Connection, event: &Name) -> Result<(), Error> {
    const SQL: &str = "SELECT 1 FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() AND EVENT_NAME = ? \
                       AND CONVERT_TZ(LAST_EXECUTED, TIME_ZONE, '+00:00') = UTC_TIMESTAMP()";
    for _ in 0..20 {
        let just_now: Option<u64> = connection.first("looking for its last run", SQL, (event.as_str(),)).await?;
        if just_now.is_none() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

async fn turn_on(connection: &mut Connection, family: Family) -> Result<(), Error> {
    match connection.execute("turning the event scheduler on", TURN_ON, ()).await {
        Ok(_) => Ok(()),
        Err(source) if source.code() == Some(number::NO_GLOBAL_RIGHT) => Err(Error::SchedulerOff {
            node: connection.node().to_owned(),
            statement: TURN_ON,
            privilege: family.right_to_set_globals(),
            source: source.into(),
            place: Place::here(),
        }),
        Err(error) => Err(error.into()),
    }
}

/// Turns a refusal for want of the privilege EVENT into the statement that gives it.
async fn permitted<T>(outcome: Result<T, cluster::Error>, connection: &mut Connection) -> Result<T, Error> {
    match outcome {
        Ok(value) => Ok(value),
        Err(source) if grant::is_lacking(&source) => {
            let grant = grant::statement(connection, "EVENT", Object::Database).await;
            let node = connection.node().to_owned();
            Err(Error::NotPermitted { node, what: "make events", grant, source: source.into(), place: Place::here() })
        }
        Err(error) => Err(error.into()),
    }
}

async fn verify(connection: &mut Connection, event: &Name, table: &Table) -> Result<(), Error> {
    let status = match view(connection, event, table).await? {
        View::Events(found) => found.into_iter().find(|found| is(found, event)).map(|found| found.status),
        View::Denied { .. } => None,
    };
    match status {
        Some(status) if status == "ENABLED" => Ok(()),
        other => Err(Error::NotEnabled {
            event: event.as_str().to_owned(),
            node: connection.node().to_owned(),
            status: other.unwrap_or_else(|| "MISSING".into()),
            place: Place::here(),
        }),
    }
}

/// Returns how far past the grace the oldest row is, in seconds; `None` if no row is due.
async fn oldest_due(
    connection: &mut Connection,
    table: &Table,
    definition: &Definition,
) -> Result<Option<u64>, cluster::Error> {
    let sql = format!(
        "SELECT 1 FROM {} WHERE expire_on < UTC_TIMESTAMP() - INTERVAL {} SECOND LIMIT 1",
        table.quoted(),
        definition.grace().as_secs()
    );
    Ok(connection.rows_unhurried("looking for rows that are due", &sql, ()).await?.into_iter().next())
}

async fn watch(connection: &mut Connection, table: &Table, definition: &Definition) -> Result<FirstRun, Error> {
    let begin = Instant::now();
    while begin.elapsed() < WATCH {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if oldest_due(connection, table, definition).await?.is_none() {
            return Ok(FirstRun::Cleaned);
        }
    }
    Ok(FirstRun::RowsLeft)
}
