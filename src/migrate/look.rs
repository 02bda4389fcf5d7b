//! A session that is ready for the work, and a look from which a plan is made.

use std::borrow::Cow;

use crate::cluster::{Connection, Kind, Wait};
use crate::grant::{self, needs};
use crate::lease::{self, Name, is_conflict, pause};
use crate::schema::Table;

use super::error::Error;
use super::inspect::{Depth, Inspected, inspect};
use super::plan::Plan;
use super::task::Task;

/// How long a DDL may wait for open transactions on the table, in seconds: all who come after it wait as well. The
/// server's default is a day, or a year.
const LOCK_WAIT_S: u32 = 10;
/// How often a look that lost against others is taken again before its error counts.
const CONFLICTS: u32 = 10;

/// What is looked at, and to which end.
#[derive(Clone, Debug)]
pub(super) struct Aim {
    pub(super) kind: Kind,
    pub(super) table: Table,
    pub(super) task: Task,
}

/// Sets the session up, without waiting for other nodes yet.
pub(super) async fn prepare(connection: &mut Connection, kind: Kind) -> Result<(), Error> {
    set(connection, &format!("SET SESSION lock_wait_timeout={LOCK_WAIT_S}")).await?;
    wait_for_others(connection, kind, false).await
}

/// Lets statements of every kind wait for what other nodes committed, or none.
pub(super) async fn wait_for_others(connection: &mut Connection, kind: Kind, wait: bool) -> Result<(), Error> {
    if let Some(sql) = kind.wait(if wait { Wait::All } else { Wait::Nothing }) {
        set(connection, sql).await?;
    }
    Ok(())
}

async fn set(connection: &mut Connection, sql: &str) -> Result<(), Error> {
    connection.execute("preparing the session", sql, ()).await?;
    Ok(())
}

/// Looks at what is there and plans from it.
pub(super) async fn look(connection: &mut Connection, aim: &Aim, depth: Depth) -> Result<(Inspected, Plan), Error> {
    let Aim { kind, table, task } = aim;
    let mut turn = 0;
    loop {
        match inspect(connection, *kind, table, depth).await {
            Ok(inspected) => {
                let plan = task.plan(&inspected, table)?;
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

/// Turns an error for want of a right into one with the GRANTs for all of this, rather than for a right at a time; `plan`
/// is what is to be done, where that is known.
pub(super) async fn name_the_grant(
    connection: &mut Connection,
    Aim { kind: _, table, task }: &Aim,
    plan: Option<&Plan>,
    error: Error,
) -> Error {
    let (source, on_lease) = match error {
        Error::Cluster(error) if grant::is_lacking(&error) => (Box::new(error), false),
        Error::Statement { source, .. } if grant::is_lacking(&source) => (source, false),
        Error::Denied { source, .. } => (source, false),
        Error::Lease(lease::Error::Denied { source, .. }) => (source, true),
        other => return other,
    };
    let mut rights = Cow::Borrowed(task.rights(plan));
    // Somebody has deleted it. If this look fails too, the lease is there for all that is known.
    if on_lease && matches!(lease::has_row(connection, table, Name::Migrate).await, Ok(false)) {
        rights = needs::with_the_leases_row(&rights).into();
    }
    let grant = grant::statements(connection, &rights, table).await;
    Error::Denied { grant, source }
}
