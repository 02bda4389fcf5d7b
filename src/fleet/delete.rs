//! Deleting sessions that were seen: exactly these, and only as they were seen.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::batches::{Batches, Paced, Tried};
use super::error::Error;
use super::may::refused;
use super::page::Filter;
use super::row::Row;
use super::target::{Target, look_up, named, read_escapes, unchanged};
use crate::cluster::{Cluster, Connection, On, Row as Columns, Usable};
use crate::grant::needs;
use crate::pacing::{Beat, Stop, Tally, Throttles, watched};
use crate::schema::Table;
use crate::session::Id;

/// Sessions that were looked up by their ids.
#[derive(Clone, Debug)]
pub struct Looked {
    /// Those there are, as they are now, each to be deleted.
    pub found: Vec<(Row, Target)>,
    /// The ids of which there are none.
    pub missing: Vec<Id>,
}

/// Something that happens in a deletion.
#[derive(Debug)]
#[non_exhaustive]
pub enum Deleting<'a> {
    /// What happens in all work in batches.
    Beat(Beat<'a>),
    /// A batch went through.
    Batch {
        /// Sessions of it that were deleted.
        rows: u64,
        /// How long it took.
        took: Duration,
        /// Sessions deleted so far.
        deleted: u64,
    },
}

/// What a deletion did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    /// Sessions that were to go.
    pub targets: u64,
    /// Those that went. Where the answer of a batch was lost with its node, its sessions that were gone afterwards are
    /// counted here.
    pub deleted: u64,
    /// Those that somebody changed after they were seen; they stay.
    pub changed: u64,
    /// Those that somebody else had deleted before.
    pub gone: u64,
    /// Batches that went through.
    pub batches: u64,
    /// Batches that failed and were done again.
    pub retries: u64,
    /// Time spent waiting for the sake of others.
    pub throttled: Duration,
    /// Why, in the order in which the reasons came up.
    pub throttles: Vec<Throttles>,
    /// Time that it took.
    pub elapsed: Duration,
    /// The last node that it worked on.
    pub node: Option<String>,
    /// Whether a stop was asked for before the end.
    pub interrupted: bool,
}

/// Looks sessions up by their ids, so that they can be deleted as they are.
///
/// # Errors
///
/// [`Error::Denied`] with the GRANT that helps; [`Error::Cluster`] if no node is usable, or there is no such table.
pub async fn looked(
    (cluster, table): (&Cluster, &Table),
    on: &On,
    filter: &Filter,
    ids: &[Id],
) -> Result<Looked, Error> {
    let Usable { mut connection, .. } = cluster.usable(on).await?;
    read_escapes(&mut connection).await?;
    let now = connection.now().await?;
    let rows = look_up(&mut connection, (cluster, table), ids, (filter, now)).await;
    connection.close().await;
    let rows = match rows {
        Ok(rows) => rows,
        Err(error) => return Err(refused((cluster, table), needs::DELETE, error).await),
    };
    let found: Vec<(Row, Target)> = rows.into_iter().filter_map(|(row, target)| Some((row, target?))).collect();
    let there: HashSet<&str> = found.iter().map(|(row, _)| row.id.as_str()).collect();
    let missing = ids.iter().filter(|id| !there.contains(id.as_str())).cloned().collect();
    Ok(Looked { found, missing })
}

/// Deletes sessions that are still as they were seen, in batches at a pace that others bear.
///
/// A session whose data changed in between stays, and is counted. A conflict or a lock is waited out, a node that is lost
/// costs a retry on the next usable one.
///
/// What was done comes back in any case, and [`Error::Unfinished`] beside it if a statement failed for good or no node was
/// usable for longer than the patience. What was deleted stays so.
pub async fn delete(
    (cluster, table): (&Cluster, &Table),
    targets: Vec<Target>,
    paced: &Paced,
    stop: &Stop,
    mut on_step: impl FnMut(Deleting<'_>) + Send,
) -> (Deleted, Option<Error>) {
    let began = Instant::now();
    let mut batches = Batches::new(cluster, paced, stop);
    let mut done = Deleted { targets: targets.len() as u64, ..Deleted::default() };
    let mut left: std::collections::VecDeque<Target> = targets.into();
    let mut failure = None;
    // A batch that has to be looked at before it is sent again: its answer was lost.
    let mut lost: Option<Vec<Target>> = None;
    // Sessions of such batches that were still there when they were looked for. They may go later: what the lost node had
    // sent is applied when the others have agreed to go on without it.
    let mut late = 0;
    while !left.is_empty() || lost.is_some() {
        let mut beat = |beat: Beat<'_>| on_step(Deleting::Beat(beat));
        batches.at_ease(&mut beat).await;
        if stop.asked() {
            done.interrupted = true;
            break;
        }
        if let Some(batch) = lost.take() {
            let there =
                batches.attempt(None, &mut beat, async |it: &mut Connection| there(it, cluster, table, &batch).await);
            match there.await {
                Tried::Done(there) => {
                    done.deleted += (batch.len() - there.len()) as u64;
                    late += there.len() as u64;
                    there.into_iter().rev().for_each(|target| left.push_front(target));
                }
                Tried::Again(_) => lost = Some(batch),
                Tried::Failed(error) => {
                    failure = Some(error);
                    break;
                }
            }
            continue;
        }
        let batch: Vec<Target> = left.drain(..batches.rows().min(left.len())).collect();
        let sent = Instant::now();
        let tried = batches
            .attempt(Some(batch.len()), &mut beat, async |it: &mut Connection| {
                let node = it.node().to_owned();
                let sql = format!("DELETE FROM {} WHERE {}", table.quoted(), unchanged(&batch));
                // As text: servers repeat a text statement by themselves after a conflict (wsrep_retry_autocommit), and
                // a prepared one they may not.
                watched(cluster, &node, it.execute_unhurried("deleting sessions", &sql, ())).await
            })
            .await;
        match tried {
            Tried::Done(answer) => {
                let rows = answer.rows.min(batch.len() as u64);
                done.deleted += rows;
                if rows < batch.len() as u64 {
                    // Which is which matters to the report alone: what is left of them changed, the others are gone.
                    let stay = loop {
                        let look = async |it: &mut Connection| there(it, cluster, table, &batch).await;
                        match batches.attempt(None, &mut beat, look).await {
                            Tried::Done(there) => break Some(there.len() as u64),
                            Tried::Again(_) if stop.asked() => break None,
                            Tried::Again(_) => {}
                            Tried::Failed(error) => {
                                failure = Some(error);
                                break None;
                            }
                        }
                    };
                    // What is not known is not made up.
                    if let Some(stay) = stay {
                        let gone = (batch.len() as u64 - rows).saturating_sub(stay);
                        let by_us = gone.min(late);
                        late -= by_us;
                        done.changed += stay;
                        done.deleted += by_us;
                        done.gone += gone - by_us;
                    }
                }
                on_step(Deleting::Batch { rows, took: sent.elapsed(), deleted: done.deleted });
                if failure.is_some() {
                    break;
                }
            }
            Tried::Again(true) => lost = Some(batch),
            Tried::Again(false) => batch.into_iter().rev().for_each(|target| left.push_front(target)),
            Tried::Failed(error) => {
                failure = Some(error);
                break;
            }
        }
    }
    done.node = batches.node().map(str::to_owned);
    let Tally { batches, retries, throttled, throttles } = batches.close().await;
    let done = Deleted { batches, retries, throttled, throttles, elapsed: began.elapsed(), ..done };
    let failure = failure.map(|source| {
        let (deleted, targets) = (done.deleted, done.targets);
        Error::Unfinished { done: format!("with {deleted} of {targets} sessions deleted"), source }
    });
    (done, failure)
}

/// Returns those of some rows that are there, changed or not.
async fn there(
    connection: &mut Connection,
    cluster: &Cluster,
    table: &Table,
    targets: &[Target],
) -> Result<Vec<Target>, crate::cluster::Error> {
    let node = connection.node().to_owned();
    let sql = format!("SELECT id FROM {} WHERE {}", table.quoted(), named(targets.iter().map(|target| &target.id)));
    let rows = connection.rows_unhurried("looking what is left of a batch", &sql, ());
    let rows: Vec<Columns> = watched(cluster, &node, rows).await?;
    let ids: HashSet<String> = rows.iter().filter_map(|row| row.get_opt::<String, _>(0)?.ok()).collect();
    Ok(targets.iter().filter(|target| ids.contains(target.id.as_str())).cloned().collect())
}
