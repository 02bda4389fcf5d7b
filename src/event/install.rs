//! Installing the event on one node as planned, and proving it.

use std::time::Duration;

use super::documented::DOCUMENTED_NAME;
use super::error::Error;
use super::inspect::{Found, View, view};
use super::name::Name;
use super::plan::{Action, Plan, Scheduler};
use super::record;
use super::render::{SESSION, alter, create, drop};
use super::rights::permitted;
use super::watch::{FirstRun, oldest_due, watch};
use crate::Place;
use crate::cluster::{Cluster, Connection, Family, On, Usable, number};
use crate::schema::Table;

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
    /// The event of the Go package's documentation was dropped.
    Dropped,
    /// The first run is being watched.
    Watching,
}

/// What an installation did.
#[derive(Debug)]
pub struct Installed {
    /// The node that runs the event now.
    pub node: String,
    /// Whether the scheduler was turned on.
    pub scheduler_turned_on: bool,
    /// Why the event of the Go package's documentation could not be dropped, if it was to be and is there still: all else
    /// is done.
    pub not_dropped: Option<Box<Error>>,
    /// What the first run did; `None` if the event stayed untouched, which begins no run.
    pub first_run: Option<FirstRun>,
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
    let Plan { event, table, definition, node, action, scheduler, drops, .. } = plan;
    let Usable { mut connection, vitals, .. } = cluster.usable(&On::Named(node.clone())).await?;
    if *scheduler == Scheduler::TurnOn {
        turn_on(&mut connection, vitals.family()).await?;
        on_step(Step::SchedulerOn);
    }
    let mut before = None;
    if *action != Action::Keep {
        let due = oldest_due(&mut connection, table, definition).await?;
        before = Some((due, record::read(&mut connection, table).await?));
        connection.execute("pinning the zone and the mode", SESSION, ()).await?;
        // DDL, which waits for what runs on the other nodes.
        let created = connection.execute_unhurried("creating the event", &create(event, table, definition), ()).await;
        permitted(created, &mut connection, Some(event)).await?;
        on_step(Step::Created);
        past_its_last_run(&mut connection, event).await?;
        let altered = connection.execute_unhurried("enabling the event", &alter(event, table, definition), ()).await;
        permitted(altered, &mut connection, Some(event)).await?;
        verify(&mut connection, event, table).await?;
        on_step(Step::Enabled);
    }
    let mut not_dropped = None;
    if drops.is_some() {
        let documented = Name::new(DOCUMENTED_NAME)?;
        let dropped = connection.execute_unhurried("dropping the documented event", &drop(&documented), ()).await;
        match permitted(dropped, &mut connection, Some(&documented)).await {
            Ok(_) => on_step(Step::Dropped),
            Err(error @ Error::NotPermitted { .. }) => not_dropped = Some(Box::new(error)),
            Err(error) => return Err(error),
        }
    }
    let first_run = match before {
        None => None,
        Some((due, record)) => {
            on_step(Step::Watching);
            Some(watch(&mut connection, (event, table), definition, (due.is_some(), &record)).await?)
        }
    };
    connection.close().await;
    Ok(Installed { node: node.clone(), scheduler_turned_on: *scheduler == Scheduler::TurnOn, not_dropped, first_run })
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

async fn verify(connection: &mut Connection, event: &Name, table: &Table) -> Result<(), Error> {
    let found = match view(connection, event, table).await? {
        View::Events(found) => found.into_iter().find(|found| found.name.eq_ignore_ascii_case(event.as_str())),
        View::Denied { .. } => None,
    };
    if found.as_ref().is_some_and(Found::is_enabled) {
        return Ok(());
    }
    Err(Error::NotEnabled {
        event: event.as_str().to_owned(),
        node: connection.node().to_owned(),
        status: found.map_or_else(|| "MISSING".into(), |found| found.status),
        place: Place::here(),
    })
}
