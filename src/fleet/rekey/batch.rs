//! One batch: what it writes, and what becomes of rows that changed in between.

use std::time::Instant;

use super::Rekeying;
use super::keys::live;
use super::run::Run;
use crate::cluster::{self, Cluster, Connection};
use crate::fleet::batches::Tried;
use crate::fleet::error::Error;
use crate::fleet::renewal::{Judged, Renewal};
use crate::fleet::row::{COLUMNS, Stored, stored};
use crate::fleet::target::{named, quote, unchanged};
use crate::pacing::watched;
use crate::schema::Table;
use crate::session::Id;
use crate::store::LARGEST;

/// Bytes of data that one batch may send.
const BATCH_BYTES: usize = 1 << 20;
/// So often a row is signed anew that its application saves under an old key meanwhile.
const TRIES: u32 = 10;

impl Run<'_> {
    /// Writes one batch; false if nothing more is to be done.
    pub(super) async fn batch(&mut self) -> Result<bool, Error> {
        if !self.keep_lease().await? {
            return Ok(false);
        }
        {
            let Self { batches, tell, .. } = self;
            batches.at_ease(&mut |beat| tell(Rekeying::Beat(beat))).await;
        }
        if self.stop.asked() {
            return Ok(true);
        }
        let batch = self.take();
        let sql = update(self.table, &batch);
        let sent = Instant::now();
        let tried = {
            let Self { batches, cluster, tell, .. } = self;
            let work = async |it: &mut Connection| {
                let node = it.node().to_owned();
                // As text: servers repeat a text statement by themselves after a conflict (wsrep_retry_autocommit).
                watched(cluster, &node, it.execute_unhurried("signing sessions anew", &sql, ())).await
            };
            batches.attempt(Some(batch.len()), &mut |beat| tell(Rekeying::Beat(beat)), work).await
        };
        match tried {
            Tried::Done(answer) => {
                let rows = answer.rows.min(batch.len() as u64);
                self.done.rekeyed += rows;
                (self.tell)(Rekeying::Batch { rows, took: sent.elapsed(), rekeyed: self.done.rekeyed });
                if rows < batch.len() as u64 {
                    self.again(batch, Some(rows)).await?;
                }
            }
            Tried::Again(true) => self.again(batch, None).await?,
            Tried::Again(false) => self.put_back(batch),
            Tried::Failed(error) => return Err(error.into()),
        }
        Ok(true)
    }

    fn take(&mut self) -> Vec<(Renewal, u32)> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < self.batches.rows().max(1)
            && let Some(next) = self.queue.front()
            && (batch.is_empty() || bytes + next.0.data.len() <= BATCH_BYTES)
        {
            bytes += next.0.data.len();
            batch.extend(self.queue.pop_front());
        }
        batch
    }

    fn put_back(&mut self, batch: Vec<(Renewal, u32)>) {
        batch.into_iter().rev().for_each(|it| self.queue.push_front(it));
    }

    /// Reads the rows of a batch again: some were changed in between, or its answer was lost. `written` of them were
    /// written by us, where that is known.
    async fn again(&mut self, batch: Vec<(Renewal, u32)>, written: Option<u64>) -> Result<(), Error> {
        let ids: Vec<Id> = batch.iter().map(|(renewal, _)| renewal.target.id.clone()).collect();
        let rows = loop {
            let Self { batches, cluster, table, tell, .. } = self;
            let work = async |it: &mut Connection| read(it, (cluster, table), &ids).await;
            match batches.attempt(None, &mut |beat| tell(Rekeying::Beat(beat)), work).await {
                Tried::Done(rows) => break rows,
                // Nothing is lost: what is not written is found by the next run.
                Tried::Again(_) if self.stop.asked() => return Ok(()),
                Tried::Again(_) => {}
                Tried::Failed(error) => return Err(error.into()),
            }
        };
        (self.tell)(Rekeying::Again { rows: ids.len() as u64 - written.unwrap_or(0) });
        let mut current = 0;
        for row in &rows {
            match self.resealer.judge(row) {
                Judged::Current => current += 1,
                Judged::Old { renewal, .. } => {
                    let tries = batch.iter().find(|(it, _)| it.target.id == renewal.target.id).map_or(0, |it| it.1) + 1;
                    self.late += u64::from(written.is_none());
                    if tries < TRIES {
                        self.queue.push_back((*renewal, tries));
                    } else {
                        self.done.left += 1;
                    }
                }
                // What its application made of it in between is for the next run to say.
                Judged::TooLong { .. } | Judged::Unreadable(_) => self.done.left += 1,
            }
        }
        match written {
            Some(written) => {
                let others = u64::saturating_sub(current, written);
                let by_us = others.min(self.late);
                self.late -= by_us;
                self.done.rekeyed += by_us;
                self.done.renewed += others - by_us;
            }
            None => self.done.rekeyed += current,
        }
        self.done.gone += (ids.len() - rows.len().min(ids.len())) as u64;
        Ok(())
    }
}

/// Writes the statement that signs rows anew which are still as they were seen.
fn update(table: &Table, batch: &[(Renewal, u32)]) -> String {
    // Set to itself `modify_at` stays; left out it would become now.
    let mut sql = format!("UPDATE {} SET modify_at = modify_at, data = CASE CAST(id AS BINARY)", table.quoted());
    for (Renewal { target, data }, _) in batch {
        sql.push_str(" WHEN ");
        quote(&target.id, &mut sql);
        // Base64's letters need no escape.
        sql.push_str(" THEN '");
        sql.push_str(data);
        sql.push('\'');
    }
    let targets: Vec<_> = batch.iter().map(|(renewal, _)| renewal.target.clone()).collect();
    sql + " ELSE data END WHERE " + &unchanged(&targets)
}

/// Reads rows with their data, exactly those of some ids.
async fn read(
    connection: &mut Connection,
    (cluster, table): (&Cluster, &Table),
    ids: &[Id],
) -> Result<Vec<Stored>, cluster::Error> {
    let node = connection.node().to_owned();
    let sql = format!(
        "SELECT {COLUMNS}, IF(LENGTH(data) > {LARGEST}, NULL, data) FROM {} WHERE {}",
        table.quoted(),
        named(ids.iter())
    );
    let now = connection.now().await?;
    let rows = connection.rows_unhurried("reading sessions again", &sql, ());
    let rows: Vec<cluster::Row> = watched(cluster, &node, rows).await?;
    let rows = rows.into_iter().map(|row| stored(row, (&live(), now), &mut Vec::new()));
    Ok(rows.filter(|stored| ids.contains(&stored.row.id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::Target;

    #[test]
    fn a_batch_is_one_statement_that_keeps_the_date_of_the_row() {
        let stored = |id: &str| Stored {
            row: crate::fleet::Row {
                id: Id::new(id),
                state: crate::session::State::Active,
                expires_at: None,
                modified_at: None,
                bytes: 3,
                seen_at: jiff::Timestamp::UNIX_EPOCH,
            },
            data: Some(b"old".to_vec()),
        };
        let renewal = |id: &str, data: &str| Renewal { target: Target::of(&stored(id)).unwrap(), data: data.into() };
        let sql = update(&Table::default(), &[(renewal("a'", "AAA="), 0), (renewal("b", "BBB="), 3)]);
        let expected = "UPDATE `session_cluster` SET modify_at = modify_at, data = CASE CAST(id AS BINARY) \
                        WHEN 'a\\'' THEN 'AAA=' WHEN 'b' THEN 'BBB=' ELSE data END WHERE id IN ('a\\'','b') AND SHA2(";
        assert!(sql.starts_with(expected), "{sql}");
    }
}
