//! Signing live sessions anew under the first pair of keys.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use super::batches::{Batches, Paced, Tried};
use super::error::Error;
use super::open::Unreadable;
use super::page::{Filter, Life};
use super::renewal::{Judged, Renewal, Resealer};
use super::row::{COLUMNS, Stored, stored};
use super::scan::{Options, Scan, Step};
use super::target::{named, quote, unchanged};
use crate::cluster::{self, Cluster, Connection, On};
use crate::lease::{self, Name};
use crate::pacing::{Beat, Leased, Leasing, Stop, Tally, Throttles, watched};
use crate::schema::Table;
use crate::session::Id;
use crate::store::LARGEST;

/// Bytes of data that one batch may send.
const BATCH_BYTES: usize = 1 << 20;
/// Rows of a page: while a batch waits for the cluster, nobody reads, and a server gives up on a page that nobody reads.
const PAGE: usize = 1000;
/// So often a row is signed anew that its application saves under an old key meanwhile.
const TRIES: u32 = 10;
/// So often the table is gone through, as long as rows are found that were saved under an old key meanwhile.
const PASSES: u32 = 3;

/// How rows are signed anew.
#[derive(Clone, Debug, Default)]
pub struct Resigning {
    /// Where, and at what pace.
    pub paced: Paced,
    /// Whether it takes the lease.
    pub leasing: Leasing,
}

/// Rows by the key that verifies them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Rows that were looked at.
    pub rows: u64,
    /// Rows by the place of the pair that verifies them, from 1; those that stay as they are too.
    pub by_key: BTreeMap<usize, u64>,
    /// Rows that would grow beyond what Go reads, and stay as they are.
    pub too_long: u64,
    /// Rows that do not open, and stay as they are.
    pub unreadable: Unreadable,
}

impl Keys {
    fn count(&mut self, judged: &Judged) {
        self.rows += 1;
        match judged {
            Judged::Current => *self.by_key.entry(1).or_default() += 1,
            Judged::Old { key, .. } => *self.by_key.entry(*key).or_default() += 1,
            Judged::TooLong { key } => {
                *self.by_key.entry(*key).or_default() += 1;
                self.too_long += 1;
            }
            Judged::Unreadable(reason) => self.unreadable.add(reason),
        }
    }

    fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        for (key, rows) in &other.by_key {
            *self.by_key.entry(*key).or_default() += rows;
        }
        self.too_long += other.too_long;
        self.unreadable.merge(&other.unreadable);
    }

    /// Returns how many rows another pair than the first verifies.
    #[must_use]
    pub fn old(&self) -> u64 {
        self.by_key.iter().filter(|(key, _)| **key != 1).map(|(_, rows)| rows).sum()
    }
}

/// Something that happens while rows are signed anew.
#[derive(Debug)]
#[non_exhaustive]
pub enum Rekeying<'a> {
    /// What happens in all work in batches.
    Beat(Beat<'a>),
    /// The scan that finds the rows goes on.
    Scanned(&'a Step<()>),
    /// A batch went through.
    Batch {
        /// Rows of it that were signed anew.
        rows: u64,
        /// How long it took.
        took: Duration,
        /// Rows signed anew so far.
        rekeyed: u64,
    },
    /// Rows that somebody saved in between are read again.
    Again {
        /// How many there are.
        rows: u64,
    },
}

/// What signing anew did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rekeyed {
    /// The rows as they were found.
    pub keys: Keys,
    /// Rows that were signed anew. Where the answer of a batch was lost with its node, its rows that were found signed anew
    /// are counted here.
    pub rekeyed: u64,
    /// Rows that their application saved in between under the first key itself.
    pub renewed: u64,
    /// Rows that were deleted in between.
    pub gone: u64,
    /// Rows that are left under an old key, because their application saves them so again and again.
    pub left: u64,
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
    /// The last node that was worked on.
    pub node: Option<String>,
    /// Whether a stop was asked for before the end.
    pub interrupted: bool,
    /// Whether somebody else has taken the lease meanwhile, and signs anew.
    pub lease_lost: bool,
    /// Whether rows under an old key were found in the last pass too: they come in as fast as they are signed anew.
    pub outrun: bool,
}

/// The rows that are signed anew: those that have not expired.
fn live() -> Filter {
    Filter { life: Some(Life::Active), ..Filter::default() }
}

/// Counts live rows by the key that verifies them, and changes none. True if it came to the end of the table.
///
/// # Errors
///
/// As [`scan`](super::scan()).
pub async fn keys(
    (cluster, table): (&Cluster, &Table),
    resealer: &Resealer,
    paced: &Paced,
    stop: &Stop,
    mut on_step: impl FnMut(&Step<()>),
) -> Result<(Keys, bool), Error> {
    let options = Options { on: paced.on.clone(), filter: live(), patience: paced.patience, ..Options::default() };
    let resealer = resealer.clone();
    let work = move |rows: Vec<Stored>| {
        let mut keys = Keys::default();
        rows.iter().for_each(|row| keys.count(&resealer.judge(row)));
        keys
    };
    let mut keys = Keys::default();
    let take = |step: Step<Keys>| {
        on_step(&without(step, |more| keys.merge(&more)));
        std::ops::ControlFlow::Continue(())
    };
    let scanned = super::scan::scan((cluster, table), &options, stop, work, take).await?;
    Ok((keys, scanned.whole))
}

/// Takes out of a step what the work made.
fn without<T>(step: Step<T>, take: impl FnOnce(T)) -> Step<()> {
    match step {
        Step::Worked { rows, made } => {
            take(made);
            Step::Worked { rows, made: () }
        }
        Step::OnNode { node } => Step::OnNode { node },
        Step::StaleReads { node, reason } => Step::StaleReads { node, reason },
        Step::OnePass => Step::OnePass,
        Step::Trouble { error } => Step::Trouble { error },
    }
}

/// Signs live rows anew under the first pair: values, date, `expire_on` and `modify_at` stay as they are.
///
/// A row goes only if it is still as it was seen. One that its application changed in between is read again, and signed anew
/// if it still has to be. What is signed by the first pair is left alone, so that a run that was interrupted is simply run
/// again. Rows go in batches at a pace that others bear; a node that is lost costs a retry on the next usable one.
///
/// What was done comes back in any case. Beside it comes [`Error::Lease`] if the lease could not be had, and
/// [`Error::Unfinished`] if a statement failed for good or no node was usable for longer than the patience.
pub async fn rekey(
    (cluster, table): (&Cluster, &Table),
    resealer: &Resealer,
    resigning: &Resigning,
    stop: &Stop,
    mut on_step: impl FnMut(Rekeying<'_>) + Send,
) -> (Rekeyed, Option<Error>) {
    let Resigning { paced, leasing } = resigning;
    let began = Instant::now();
    let mut run = Run {
        cluster,
        table,
        resealer,
        stop,
        batches: Batches::new(cluster, paced, stop),
        lease: Leased::new(Name::Rekey, *leasing),
        queue: VecDeque::new(),
        late: 0,
        done: Rekeyed::default(),
        tell: &mut on_step,
    };
    let ended = run.passes(paced).await;
    let Run { mut batches, mut lease, mut done, tell, .. } = run;
    done.node = batches.node().map(str::to_owned);
    batches.release(&mut lease, &mut |beat| tell(Rekeying::Beat(beat))).await;
    let Tally { batches, retries, throttled, throttles } = batches.close().await;
    let done = Rekeyed { batches, retries, throttled, throttles, elapsed: began.elapsed(), ..done };
    let failure = match ended {
        Ok(()) => None,
        Err(Error::Cluster(source)) if done.keys.rows > 0 => {
            let done = format!("with {} of {} sessions signed anew", done.rekeyed, done.keys.old());
            Some(Error::Unfinished { done, source })
        }
        Err(error) => Some(error),
    };
    (done, failure)
}

struct Run<'a> {
    cluster: &'a Cluster,
    table: &'a Table,
    resealer: &'a Resealer,
    stop: &'a Stop,
    batches: Batches<'a>,
    lease: Leased,
    /// Rows that are to be written, and how often each was tried.
    queue: VecDeque<(Renewal, u32)>,
    /// Rows of batches whose answers were lost that were still under an old key when they were read again. They may be
    /// written later: what the lost node had sent is applied when the others have agreed to go on without it.
    late: u64,
    done: Rekeyed,
    tell: &'a mut (dyn FnMut(Rekeying<'_>) + Send),
}

impl Run<'_> {
    /// Goes through the table until nothing is found that somebody saved under an old key meanwhile.
    async fn passes(&mut self, paced: &Paced) -> Result<(), Error> {
        if !self.keep_lease().await? {
            return Ok(());
        }
        let (mut filter, mut on) = (live(), paced.on.clone());
        for pass in 0..PASSES {
            let began = Instant::now();
            let before = self.done.rekeyed;
            let options = Options { on, filter, page: PAGE, patience: paced.patience, ..Options::default() };
            self.pass(&options, pass == 0).await?;
            if self.done.interrupted || self.done.lease_lost || self.done.rekeyed == before {
                return Ok(());
            }
            // The node asked for is where it starts; later any will do.
            on = On::Auto;
            // What was saved since this pass began; the minute is for clocks that differ, and for reads that lag.
            filter = Filter { since: Some(began.elapsed() + Duration::from_secs(60)), ..live() };
        }
        self.done.outrun = true;
        Ok(())
    }

    /// Goes through the table once; `first` counts what is found.
    async fn pass(&mut self, options: &Options, first: bool) -> Result<(), Error> {
        let resealer = self.resealer.clone();
        let work = move |rows: Vec<Stored>| {
            let (mut keys, mut renewals) = (Keys::default(), Vec::new());
            for row in &rows {
                let judged = resealer.judge(row);
                keys.count(&judged);
                if let Judged::Old { renewal, .. } = judged {
                    renewals.push(*renewal);
                }
            }
            (keys, renewals)
        };
        let mut scan = Scan::start((self.cluster, self.table), options, self.stop, work);
        loop {
            let step = tokio::select! {
                biased;
                () = self.stop.wanted() => None,
                step = scan.next() => step?,
            };
            let ended = step.is_none();
            if let Some(step) = step {
                let Self { queue, done, tell, .. } = self;
                let step = without(step, |(keys, renewals): (Keys, Vec<Renewal>)| {
                    if first {
                        done.keys.merge(&keys);
                    }
                    queue.extend(renewals.into_iter().map(|renewal| (renewal, 0)));
                });
                tell(Rekeying::Scanned(&step));
            }
            while !self.stop.asked() && (self.queue.len() >= self.batches.rows() || (ended && !self.queue.is_empty())) {
                if !self.batch().await? {
                    return Ok(());
                }
            }
            if self.stop.asked() {
                self.done.interrupted = true;
                return Ok(());
            }
            if ended {
                return Ok(());
            }
        }
    }

    /// Sees to it that the lease is ours; false if a stop was asked for, or somebody else has it now.
    async fn keep_lease(&mut self) -> Result<bool, Error> {
        loop {
            let Self { batches, lease, cluster, table, stop, tell, done, .. } = self;
            let mut beat = |beat: Beat<'_>| tell(Rekeying::Beat(beat));
            match batches.keep(lease, (cluster, table), stop, &mut beat).await {
                Tried::Done(Ok(true)) => return Ok(true),
                Tried::Done(Ok(false)) => {
                    done.interrupted = true;
                    return Ok(false);
                }
                Tried::Done(Err(lease::Error::Lost { .. })) => {
                    done.lease_lost = true;
                    return Ok(false);
                }
                Tried::Done(Err(error)) => return Err(Error::Lease(error)),
                Tried::Again(_) if stop.asked() => {
                    done.interrupted = true;
                    return Ok(false);
                }
                Tried::Again(_) => {}
                Tried::Failed(error) => return Err(error.into()),
            }
        }
    }

    /// Writes one batch; false if nothing more is to be done.
    async fn batch(&mut self) -> Result<bool, Error> {
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
    let rows = rows.into_iter().map(|row| stored(row, (&live(), now)).0);
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
