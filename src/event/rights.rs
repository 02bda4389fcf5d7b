//! What somebody who installs an event must be allowed to, and its definer: a run that is not fails in the server's log
//! only.

use super::error::Error;
use super::name::Name;
use super::render::drop;
use crate::Place;
use crate::cluster::{self, Cluster, Connection, Row, number};
use crate::grant::{self, Lacking, Object, needs};
use crate::schema::{LEASE_TABLE, Table};

/// Of all that lists events, this alone says no: 1044 (MariaDB, MySQL), whatever roles the account has.
pub(super) const LIST: &str = "SHOW EVENTS LIKE 'csqlstore'";

/// Finds out what this account could not do as the definer of an event, without doing any of it.
///
/// # Errors
///
/// [`cluster::Error`] if a table is not there (1146), or the server fails.
pub(super) async fn lacking(connection: &mut Connection, table: &Table) -> Result<Vec<Lacking>, cluster::Error> {
    let mut all = Vec::new();
    all.extend(grant::lacks_delete(connection, table).await?);
    all.extend(on_lease(connection, table).await?);
    Ok(all)
}

/// Finds out whether this account may take the lease; `None` if it may.
pub(super) async fn on_lease(connection: &mut Connection, table: &Table) -> Result<Option<Lacking>, cluster::Error> {
    // EXPLAIN asks for the same rights as the statement, and changes nothing.
    let update = format!(
        "EXPLAIN UPDATE `{LEASE_TABLE}` SET owner = '', epoch = epoch + 1, last_run_at = NULL, last_rows = 0, last_node = '' \
         WHERE session_table = '' AND name = ''"
    );
    let insert = format!(
        "EXPLAIN INSERT IGNORE INTO `{LEASE_TABLE}` (session_table, name, owner, epoch, phase, node, connection_id, note) \
         VALUES ('', '', '', 0, '', '', 0, '')"
    );
    for sql in [update, insert] {
        match connection.rows::<Row>("looking at the table of leases", &sql, ()).await {
            Ok(_) => {}
            Err(source) if grant::is_lacking(&source) => {
                let grant = grant::statements(connection, needs::TAKE, table).await;
                return Ok(Some(Lacking { grant, source }));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Makes sure that a node lets this account see events.
///
/// # Errors
///
/// [`Error::NotPermitted`] if it does not, [`Error::Cluster`] if it does not answer.
pub(super) async fn may_see_events(cluster: &Cluster, node: &str) -> Result<(), Error> {
    let mut connection = cluster.node(node)?.connect(cluster.deadline()).await?;
    let listed = connection.rows::<Row>("listing events", LIST, ()).await;
    let permitted = permitted(listed, &mut connection, None).await;
    connection.close().await;
    permitted.map(|_| ())
}

/// Turns a refusal for want of the privilege EVENT into the statement that gives it.
///
/// MySQL lets nobody but others like it alter or drop an event whose definer is an account of the system, whatever
/// rights on events there are: then somebody else has to drop `event`.
pub(super) async fn permitted<T>(
    outcome: Result<T, cluster::Error>,
    connection: &mut Connection,
    event: Option<&Name>,
) -> Result<T, Error> {
    match (outcome, event) {
        (Ok(value), _) => Ok(value),
        (Err(source), Some(event)) if source.code() == Some(number::NO_GLOBAL_RIGHT) => {
            let (node, grant) = (connection.node().to_owned(), drop(event));
            let what = "change an event whose definer has the right SYSTEM_USER";
            Err(Error::NotPermitted { node, what, grant, source: source.into(), place: Place::here() })
        }
        (Err(source), _) if grant::is_lacking(&source) => {
            let grant = grant::statement(connection, "EVENT", Object::Database).await;
            let node = connection.node().to_owned();
            Err(Error::NotPermitted { node, what: "make events", grant, source: source.into(), place: Place::here() })
        }
        (Err(error), _) => Err(error.into()),
    }
}
