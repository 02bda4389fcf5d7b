//! A session that changes rows in batches.

use super::Beat;
use super::pacer::Tell;
use crate::cluster::{Causality, Cluster, Connection, Error, On, Usable, number};
use crate::grant::{self, Object};

/// Under REPEATABLE READ a batch locks the gaps between rows too, and a long one that meets inserts ends in 1213.
const ISOLATION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
/// A batch waits 5 s for a lock; the server's own 50 s would make the work deaf to signals and limits for as long.
const LOCK_WAIT: &str = "SET SESSION innodb_lock_wait_timeout=5";

/// What of a changed row travels to the other nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RowImage {
    /// The key alone where the server lets us ask for that, else all columns.
    #[default]
    Auto,
    /// The key alone; it is an error if the server does not let us.
    Minimal,
    /// What the server is set to, which is all columns by default.
    Full,
}

/// Takes a usable node, sets a session up to change rows in batches, and tells what could not be had there.
pub(crate) async fn batching(cluster: &Cluster, on: &On, image: RowImage, tell: Tell<'_>) -> Result<Connection, Error> {
    let Usable { mut connection, vitals, causality } = cluster.usable(on).await?;
    let node = connection.node().to_owned();
    connection.execute("setting up the session", ISOLATION, ()).await?;
    connection.execute("setting up the session", LOCK_WAIT, ()).await?;
    tell(Beat::OnNode { node: &node });
    if let Causality::Refused(reason) = &causality {
        tell(Beat::StaleReads { node: &node, reason });
    }
    if image == RowImage::Full {
        return Ok(connection);
    }
    let minimal = connection.execute("asking for small row images", "SET SESSION binlog_row_image=MINIMAL", ()).await;
    match minimal {
        Ok(_) => {}
        Err(error)
            if matches!(error.code(), Some(number::NO_GLOBAL_RIGHT | number::NO_SUCH_VARIABLE))
                && image == RowImage::Auto =>
        {
            let grant = if error.code() == Some(number::NO_GLOBAL_RIGHT) {
                let right = vitals.family().right_to_set_row_image();
                Some(grant::statement(&mut connection, right, Object::Server).await)
            } else {
                None
            };
            tell(Beat::FullRowImage { node: &node, error: &error, grant: grant.as_deref() });
        }
        Err(error) => return Err(error),
    }
    Ok(connection)
}
