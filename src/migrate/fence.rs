//! Writing what counts only while the lease is ours.

use std::time::Duration;

use crate::cluster::{self, Connection};
use crate::lease::{self, Lease, Phase, is_conflict, pause};

use super::error::Error;
use super::pinned::Pinned;

/// How often what lost against others is written again before its error counts.
const CONFLICTS: u32 = 10;

/// Writes something in a transaction that holds only if the lease is still ours, on the server where all began; the lease
/// is then in this phase for this time, and never shorter than it was taken for.
///
/// The lease's row is among what is written: whoever takes the lease meanwhile, on whichever node, makes the commit fail.
pub(super) async fn fenced<T>(
    pinned: &mut Pinned,
    lease: &mut Lease,
    (phase, length): (Phase, Duration),
    mut write: impl AsyncFnMut(&mut Connection, &Lease) -> Result<T, cluster::Error>,
) -> Result<T, Error> {
    let mut turn = 0;
    loop {
        pinned.check().await?;
        let connection = &mut pinned.connection;
        let error = match once(connection, lease, (phase, length), &mut write).await {
            Ok(written) => return Ok(written),
            Err(error) => error,
        };
        // Whatever the error, nothing half-written may stay open; a connection that broke has nothing open.
        let _ = connection.execute_unhurried("rolling back", "ROLLBACK", ()).await;
        match error {
            Error::Cluster(lost) | Error::Lease(lease::Error::Cluster(lost))
                if is_conflict(&lost) && turn < CONFLICTS =>
            {
                tokio::time::sleep(pause(turn)).await;
                turn += 1;
            }
            error => return Err(error),
        }
    }
}

async fn once<T>(
    connection: &mut Connection,
    lease: &mut Lease,
    (phase, length): (Phase, Duration),
    write: &mut impl AsyncFnMut(&mut Connection, &Lease) -> Result<T, cluster::Error>,
) -> Result<T, Error> {
    connection.execute_unhurried("beginning a transaction", "START TRANSACTION", ()).await?;
    lease.renew(connection, phase, length.max(lease.length())).await?;
    let written = write(connection, lease).await?;
    connection.execute_unhurried("committing", "COMMIT", ()).await?;
    Ok(written)
}
