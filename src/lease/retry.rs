//! Trying again after a statement that lost against others.

use std::time::Duration;

use crate::backoff;
use crate::cluster;

/// How often a statement that lost against another node is sent again before its error counts.
pub(super) const CONFLICTS: u32 = 10;

/// Sends a statement again while it loses against others.
pub(crate) async fn retried<T>(mut send: impl AsyncFnMut() -> Result<T, cluster::Error>) -> Result<T, cluster::Error> {
    for turn in 0..CONFLICTS {
        match send().await {
            Err(error) if is_conflict(&error) => tokio::time::sleep(pause(turn)).await,
            outcome => return outcome,
        }
    }
    send().await
}

/// Returns whether a statement lost against others and can be sent again.
pub(crate) fn is_conflict(error: &cluster::Error) -> bool {
    // 1213 deadlock or lost certification, 3101 the latter in Group Replication, and 1180 there either of them at COMMIT;
    // 1205 a lock wait, or wsrep_sync_wait's time-out; 1412 the table's definition changed under a transaction.
    matches!(error.code(), Some(1213 | 3101 | 1180 | 1205 | 1412))
}

/// How long to pause before turn `turn + 1`: 37 to 75 ms at first, 0.75 to 1.5 s from the sixth on.
pub(crate) fn pause(turn: u32) -> Duration {
    backoff::jittered(backoff::doubled(Duration::from_millis(75), turn, Duration::from_millis(1500)))
}
