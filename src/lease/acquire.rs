//! Taking a lease, and waiting for it.

use std::ops::ControlFlow;
use std::time::{Duration, Instant as Clock};

use super::error::{Error, Holder};
use super::held::{Lease, TAKING};
use super::retry::{is_conflict, pause};
use super::row::{Seen, explain, look};
use super::{Margin, Name, Terms};
use crate::Place;
use crate::cluster::{self, Connection};
use crate::grant::needs;
use crate::schema::Table;

/// How long the UPDATE that takes a lease may be in coming even when nobody wants to wait: writes of a cluster stall.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the nodes' clocks count as known after they were read.
const MEASURED: Duration = Duration::from_secs(60);

/// Takes a lease, waiting while somebody else holds it.
///
/// `waiting` is called with the holder and the time waited so far, before each pause (up to a second and a half);
/// when it breaks, the answer is `None` and nothing was taken.
///
/// A lease that looks as if it had run out is taken over only after the clocks of `terms.cluster` were read, and only
/// after the [`Margin`] that they give.
///
/// # Errors
///
/// [`Error::Held`] once `terms.wait` is over, [`Error::NoTable`], [`Error::Denied`], [`Error::Cluster`].
pub async fn acquire(
    connection: &mut Connection,
    table: &Table,
    name: Name,
    terms: Terms<'_>,
    mut waiting: impl FnMut(&Holder, Duration) -> ControlFlow<()>,
) -> Result<Option<Lease>, Error> {
    let began = Clock::now();
    let mut lease = Lease::wanted(table, name, terms.length);
    let mut had_to_wait = false;
    let mut measured: Option<(Margin, Clock)> = None;
    for turn in 0_u32.. {
        let known = measured.as_ref().filter(|(_, at)| at.elapsed() < MEASURED).map(|(margin, _)| margin);
        let margin = known.cloned().unwrap_or_default();
        let seen = match look(connection, table, name, &margin).await {
            Ok(seen) => seen,
            Err(error) => return Err(explain(connection, table, needs::TAKE, error).await),
        };
        let waited = began.elapsed();
        if let Seen::Held(holder) = seen {
            if waited >= terms.wait {
                let (table, holder) = (table.clone(), Box::new(holder));
                return Err(Error::Held { table, name, holder, waited, place: Place::here() });
            }
            if waiting(&holder, waited).is_break() {
                return Ok(None);
            }
            had_to_wait = true;
            tokio::time::sleep(pause(turn).min(terms.wait.saturating_sub(waited))).await;
            continue;
        }
        if matches!(seen, Seen::Stale(_)) && known.is_none() {
            measured = Some((Margin::of(&terms.cluster.clocks().await), Clock::now()));
            continue;
        }
        let bound = terms.wait.saturating_sub(waited).max(PATIENCE);
        let taken = tokio::time::timeout(bound, lease.take(connection, known)).await;
        let taken = match (&seen, taken) {
            (Seen::NoRow, Ok(Ok(false))) => lease.seed(connection).await.map(|()| false),
            (_, Ok(outcome)) => outcome,
            (_, Err(_)) => {
                let (node, doing) = (connection.node().to_owned(), TAKING);
                Err(cluster::Error::Deadline { node, doing, after: bound, place: Place::here() })
            }
        };
        match taken {
            Ok(true) => {
                if let Seen::Stale(holder) = seen {
                    lease.taken_from = Some(Box::new(holder));
                }
                lease.waited = if had_to_wait { began.elapsed() } else { Duration::ZERO };
                return Ok(Some(lease));
            }
            // Somebody was faster, or the row was only just made: the next look shows which.
            Ok(false) => {}
            Err(error) if is_conflict(&error) && (turn < 50 || waited < terms.wait) => {}
            Err(error) => return Err(explain(connection, table, needs::TAKE, error).await),
        }
        tokio::time::sleep(pause(0)).await;
    }
    Ok(None)
}
