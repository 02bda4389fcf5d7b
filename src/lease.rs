//! One runner in the whole cluster: a lease that is a row, taken by one conditional UPDATE.
//!
//! `GET_LOCK` is local to a node on Galera, and two nodes both grant it. A single autocommit UPDATE of one row is
//! certified by the whole cluster, so that of all who send it at once exactly one finds the row free.
//!
//! Every change of hands raises the row's *epoch*. Whoever lost its lease while it was busy (a stopped process, a
//! network that broke) finds its epoch gone and stops: [`Lease::renew`] is that check, and made inside a transaction
//! it guards whatever else the transaction writes.
//!
//! Time is the servers' UTC clock alone. Since each node has its own, a lease counts as run out only [`MARGIN`] after
//! its end.

mod error;

use std::fmt;
use std::ops::ControlFlow;
use std::time::{Duration, Instant as Clock};

use crate::Place;
use crate::cluster::{self, Connection, Instant, params};
use crate::grant::{self, Object};
use crate::schema::{LEASE_TABLE, Table};

pub use error::{Error, Holder};

/// The shortest lease: a holder that is stalled for less by flow control or a slow ALTER keeps it.
pub const SHORTEST: Duration = Duration::from_secs(30);
/// How long after its end a lease may be taken over; clocks of nodes that are further apart than this are broken.
pub const MARGIN: Duration = Duration::from_secs(5);

/// The rights that taking a lease needs on [`LEASE_TABLE`].
const RIGHTS: &str = "SELECT, INSERT, UPDATE";
/// How long the UPDATE that takes a lease may be in coming even when nobody wants to wait: writes of a cluster stall.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a lease is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// Changing the schema.
    Migrate,
    /// Deleting expired sessions, by the command or by the event.
    Purge,
    /// Signing all sessions anew.
    Rekey,
}

impl Name {
    /// Returns the name as the row has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Migrate => "migrate",
            Self::Purge => "purge",
            Self::Rekey => "rekey",
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the holder of a lease is doing, for those who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Work in steps, between which the lease is renewed.
    Work,
    /// One statement during which no renewal is possible: under Galera's total order isolation the whole cluster's
    /// writes wait for a DDL, the renewal's too.
    Ddl,
}

impl Phase {
    fn as_str(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Ddl => "ddl",
        }
    }
}

/// For how long a lease is wanted, and how long to wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How long it holds without renewal; never less than [`SHORTEST`].
    pub length: Duration,
    /// How long to wait while somebody else holds it; zero tries once.
    pub wait: Duration,
}

impl Default for Terms {
    /// The shortest lease, waited for for a minute.
    fn default() -> Self {
        Self { length: SHORTEST, wait: Duration::from_secs(60) }
    }
}

/// A lease that was taken.
///
/// Dropping it does not give it back: [`release`](Self::release) does. One that is not given back (a crash, a broken
/// connection) runs out by itself.
#[derive(Debug)]
pub struct Lease {
    table: Table,
    name: Name,
    owner: String,
    epoch: u64,
    length: Duration,
    waited: Duration,
    renewed: Clock,
}

/// Makes the table of leases, if it is not there.
///
/// Only `migrate` does this; on a cluster every CREATE TABLE waits in line with everyone's writes, so look first.
///
/// # Errors
///
/// [`Error::Denied`] if the account may not, [`Error::Cluster`].
pub async fn create_table(connection: &mut Connection) -> Result<(), Error> {
    const DOING: &str = "creating the table of leases";
    let sql = format!(
        "CREATE TABLE IF NOT EXISTS `{LEASE_TABLE}` (\
         `session_table` varchar(64) NOT NULL, \
         `name` varchar(16) NOT NULL, \
         `owner` varchar(255) NOT NULL COMMENT 'empty: free', \
         `epoch` bigint unsigned NOT NULL COMMENT 'raised whenever the lease changes hands', \
         `phase` varchar(16) NOT NULL, \
         `node` varchar(255) NOT NULL COMMENT 'server of the owner', \
         `connection_id` bigint unsigned NOT NULL COMMENT 'connection of the owner on that server', \
         `acquired_at` datetime(6) NULL COMMENT 'UTC', \
         `expires_at` datetime(6) NULL COMMENT 'UTC', \
         `note` varchar(255) NOT NULL, \
         `last_run_at` datetime(6) NULL COMMENT 'UTC; written by the cleanup event', \
         `last_rows` bigint unsigned NULL, \
         `last_node` varchar(255) NULL, \
         PRIMARY KEY (`session_table`, `name`)\
         ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
    );
    match retried(async || connection.execute_unhurried(DOING, &sql, ()).await).await {
        Ok(_) => Ok(()),
        Err(error) if grant::is_lacking(&error) => {
            let grant = grant::statement(connection, "CREATE, SELECT, INSERT, UPDATE", Object::Database).await;
            Err(Error::Denied { grant, source: Box::new(error) })
        }
        Err(error) => Err(error.into()),
    }
}

/// Returns who holds a lease at this moment, as far as this node knows; `None` if it is free.
///
/// Does not wait for what other nodes committed: during somebody's DDL it could wait for as long as that takes.
///
/// # Errors
///
/// [`Error::NoTable`], [`Error::Denied`], [`Error::Cluster`].
pub async fn holder(connection: &mut Connection, table: &Table, name: Name) -> Result<Option<Holder>, Error> {
    match look(connection, table, name).await {
        Ok(Seen::Held(holder)) => Ok(Some(holder)),
        Ok(Seen::Free | Seen::NoRow) => Ok(None),
        Err(error) => Err(explain(connection, table, error).await),
    }
}

/// Takes a lease, waiting while somebody else holds it.
///
/// `waiting` is called with the holder and the time waited so far, before each pause (up to a second and a half);
/// when it breaks, the answer is `None` and nothing was taken.
///
/// # Errors
///
/// [`Error::Held`] once `terms.wait` is over, [`Error::NoTable`], [`Error::Denied`], [`Error::Cluster`].
pub async fn acquire(
    connection: &mut Connection,
    table: &Table,
    name: Name,
    terms: Terms,
    mut waiting: impl FnMut(&Holder, Duration) -> ControlFlow<()>,
) -> Result<Option<Lease>, Error> {
    let began = Clock::now();
    let mut lease = Lease {
        table: table.clone(),
        name,
        owner: owner(),
        epoch: 0,
        length: terms.length.max(SHORTEST),
        waited: Duration::ZERO,
        renewed: began,
    };
    let mut had_to_wait = false;
    for turn in 0_u32.. {
        let seen = match look(connection, table, name).await {
            Ok(seen) => seen,
            Err(error) => return Err(explain(connection, table, error).await),
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
        let bound = terms.wait.saturating_sub(waited).max(PATIENCE);
        let taken = match (seen, tokio::time::timeout(bound, lease.take(connection)).await) {
            (Seen::NoRow, Ok(Ok(false))) => lease.seed(connection).await.map(|()| false),
            (_, Ok(outcome)) => outcome,
            (_, Err(_)) => {
                let (node, doing) = (connection.node().to_owned(), TAKING);
                Err(cluster::Error::Deadline { node, doing, after: bound, place: Place::here() })
            }
        };
        match taken {
            Ok(true) => {
                lease.waited = if had_to_wait { began.elapsed() } else { Duration::ZERO };
                return Ok(Some(lease));
            }
            // Somebody was faster, or the row was only just made: the next look shows which.
            Ok(false) => {}
            Err(error) if is_conflict(&error) && (turn < 50 || waited < terms.wait) => {}
            Err(error) => return Err(explain(connection, table, error).await),
        }
        tokio::time::sleep(pause(0)).await;
    }
    Ok(None)
}

const TAKING: &str = "taking the lease";

impl Lease {
    /// Returns the number of this holding: whoever takes the lease next has a higher one.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Returns how the row names us.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Returns how long it was taken for, and how long [`keep`](Self::keep) renews it for.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.length
    }

    /// Returns how long was waited for it; zero if nobody else held it.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// Returns the table that it is for.
    #[must_use]
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Makes the lease last from now on for `length` (never less than [`SHORTEST`]), and says what comes next.
    ///
    /// Sent inside a transaction it is a fence: the transaction commits only if the lease is still ours, on every
    /// node alike, because the row is among what it writes. A conflict is then not retried here, since it has rolled
    /// the transaction back.
    ///
    /// # Errors
    ///
    /// [`Error::Lost`] if somebody else holds it or has held it meanwhile, [`Error::Cluster`].
    pub async fn renew(&mut self, connection: &mut Connection, phase: Phase, length: Duration) -> Result<(), Error> {
        let sql = format!(
            "UPDATE `{LEASE_TABLE}` SET phase=:phase, expires_at=UTC_TIMESTAMP(6) + INTERVAL :length MICROSECOND \
             WHERE session_table=:table AND name=:name AND owner=:owner AND epoch=:epoch"
        );
        let params = params! {
            "phase" => phase.as_str(), "length" => micros(length.max(SHORTEST)), "table" => self.table.name(),
            "name" => self.name.as_str(), "owner" => &self.owner, "epoch" => self.epoch,
        };
        let asked = Clock::now();
        let done = connection.execute_unhurried("renewing the lease", &sql, params).await?;
        if done.rows == 0 {
            let (table, name, epoch) = (self.table.clone(), self.name, self.epoch);
            return Err(Error::Lost { table, name, epoch, place: Place::here() });
        }
        self.renewed = asked;
        Ok(())
    }

    /// Renews the lease in phase [`Phase::Work`] if a third of it has passed; cheap to call between any two steps.
    ///
    /// # Errors
    ///
    /// As [`renew`](Self::renew).
    pub async fn keep(&mut self, connection: &mut Connection) -> Result<(), Error> {
        if self.renewed.elapsed() < self.length / 3 {
            return Ok(());
        }
        for turn in 0..CONFLICTS {
            match self.renew(connection, Phase::Work, self.length).await {
                Err(Error::Cluster(error)) if is_conflict(&error) => tokio::time::sleep(pause(turn)).await,
                outcome => return outcome,
            }
        }
        self.renew(connection, Phase::Work, self.length).await
    }

    /// Gives the lease back; one that was lost already is none of ours to give, and no error.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`]: the row then keeps our name until the lease runs out.
    pub async fn release(self, connection: &mut Connection) -> Result<(), Error> {
        let sql = format!(
            "UPDATE `{LEASE_TABLE}` SET owner='', phase='', expires_at=UTC_TIMESTAMP(6) \
             WHERE session_table=? AND name=? AND owner=? AND epoch=?"
        );
        let Self { table, name, owner, epoch, .. } = &self;
        retried(async || {
            let params = (table.name(), name.as_str(), owner, epoch);
            connection.execute_unhurried("giving the lease back", &sql, params).await
        })
        .await?;
        Ok(())
    }

    /// Tries to take the lease; false if it is not free.
    async fn take(&mut self, connection: &mut Connection) -> Result<bool, cluster::Error> {
        let sql = format!(
            "UPDATE `{LEASE_TABLE}` SET owner=:owner, epoch=LAST_INSERT_ID(epoch + 1), phase=:phase, \
             node=CONCAT(@@hostname, ':', @@port), connection_id=CONNECTION_ID(), acquired_at=UTC_TIMESTAMP(6), \
             expires_at=UTC_TIMESTAMP(6) + INTERVAL :length MICROSECOND \
             WHERE session_table=:table AND name=:name \
             AND (owner='' OR COALESCE(expires_at < UTC_TIMESTAMP(6) - INTERVAL :margin MICROSECOND, TRUE))"
        );
        let params = params! {
            "owner" => &self.owner, "phase" => Phase::Work.as_str(), "length" => micros(self.length),
            "table" => self.table.name(), "name" => self.name.as_str(), "margin" => micros(MARGIN),
        };
        let asked = Clock::now();
        let done = connection.execute_unhurried(TAKING, &sql, params).await?;
        if done.rows == 0 {
            return Ok(false);
        }
        self.epoch = done.last_insert_id;
        self.renewed = asked;
        Ok(true)
    }

    /// Makes the row, free.
    async fn seed(&self, connection: &mut Connection) -> Result<(), cluster::Error> {
        let sql = format!(
            "INSERT IGNORE INTO `{LEASE_TABLE}` \
             (session_table, name, owner, epoch, phase, node, connection_id, acquired_at, expires_at, note) \
             VALUES (?, ?, '', 0, '', '', 0, NULL, NULL, '')"
        );
        let params = (self.table.name(), self.name.as_str());
        connection.execute_unhurried("making the lease's row", &sql, params).await?;
        Ok(())
    }
}

/// What a lease's row says.
enum Seen {
    NoRow,
    Free,
    Held(Holder),
}

async fn look(connection: &mut Connection, table: &Table, name: Name) -> Result<Seen, cluster::Error> {
    // MariaDB runs what stands in the comment: this read must not wait for somebody's DDL to be applied here.
    let sql = format!(
        "/*M! SET STATEMENT wsrep_sync_wait=0 FOR */ \
         SELECT owner, epoch, phase, node, acquired_at, expires_at, \
         owner='' OR COALESCE(expires_at < UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND, TRUE) \
         FROM `{LEASE_TABLE}` WHERE session_table=? AND name=?"
    );
    let params = (micros(MARGIN), table.name(), name.as_str());
    type Columns = (String, u64, String, String, Option<Instant>, Option<Instant>, bool);
    let row: Option<Columns> = connection.first("reading the lease", &sql, params).await?;
    Ok(match row {
        None => Seen::NoRow,
        Some((.., true)) => Seen::Free,
        Some((owner, epoch, phase, node, since, until, false)) => {
            Seen::Held(Holder { owner, epoch, phase, node, since, until })
        }
    })
}

/// Says what an error of the server means for somebody who wants a lease.
async fn explain(connection: &mut Connection, table: &Table, error: cluster::Error) -> Error {
    if error.code() == Some(1146) {
        return Error::NoTable { table: table.clone(), place: error.place() };
    }
    if grant::is_lacking(&error) {
        let grant = grant::statement(connection, RIGHTS, Object::Table(LEASE_TABLE)).await;
        return Error::Denied { grant, source: Box::new(error) };
    }
    error.into()
}

/// How often a statement that lost against another node is sent again before its error counts.
const CONFLICTS: u32 = 10;

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
    // 1213 deadlock or lost certification; 1205 a lock wait, or wsrep_sync_wait's time-out; 1412 the table's
    // definition changed under a transaction.
    matches!(error.code(), Some(1213 | 1205 | 1412))
}

/// How long to pause before turn `turn + 1`: 25 to 75 ms at first, 0.5 to 1.5 s from the sixth on.
pub(crate) fn pause(turn: u32) -> Duration {
    let base = (50_u64 << turn.min(5)).min(1000);
    // Without randomness the racers meet again; without a source of it they still get on.
    let jitter = getrandom::u32().map_or(base / 2, |bits| u64::from(bits) % (base + 1));
    Duration::from_millis(base / 2 + jitter)
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// Makes a name for this holding: host, process, and a random part, since processes in containers share numbers.
fn owner() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| std::env::var("HOSTNAME"));
    let host: String = host.unwrap_or_default().trim().chars().filter(char::is_ascii_graphic).take(100).collect();
    let host = if host.is_empty() { "unknown".to_owned() } else { host };
    let random = getrandom::u64().unwrap_or_else(|_| {
        // Any number that another process of the same name and number is unlikely to have at this moment.
        std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos() as u64)
    });
    format!("{host}:{}:{random:016x}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_within_their_bounds() {
        for (turn, low, high) in [(0, 25, 75), (1, 50, 150), (4, 400, 1200), (5, 500, 1500), (4_000_000_000, 500, 1500)]
        {
            for _ in 0..100 {
                let pause = pause(turn).as_millis();
                assert!((low..=high).contains(&pause), "{turn}: {pause}");
            }
        }
    }

    #[test]
    fn no_two_holdings_have_one_name() {
        let (one, two) = (owner(), owner());
        assert_ne!(one, two);
        assert_eq!(one.rsplit(':').nth(1), Some(std::process::id().to_string().as_str()));
        assert!(one.len() <= 255 && one.is_ascii());
    }
}
