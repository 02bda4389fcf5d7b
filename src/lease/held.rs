//! A lease that was taken: kept, and given back.

use std::time::{Duration, Instant as Clock};

use super::error::{Error, Holder};
use super::retry::{CONFLICTS, is_conflict, pause, retried};
use super::row::{SERVER, micros};
use super::{Margin, Name, Phase, SHORTEST};
use crate::Place;
use crate::cluster::{self, Connection, params};
use crate::schema::{LEASE_TABLE, Table};

/// What is being done when the row is asked for; an error names it.
pub(super) const TAKING: &str = "taking the lease";

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
    pub(super) waited: Duration,
    pub(super) taken_from: Option<Box<Holder>>,
    renewed: Clock,
}

impl Lease {
    /// Makes one that is still to be taken.
    pub(super) fn wanted(table: &Table, name: Name, length: Duration) -> Self {
        Self {
            table: table.clone(),
            name,
            owner: owner(),
            epoch: 0,
            length: length.max(SHORTEST),
            waited: Duration::ZERO,
            taken_from: None,
            renewed: Clock::now(),
        }
    }

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

    /// Returns who had it before and did not give it back, with the margin after which it was taken over.
    #[must_use]
    pub fn taken_from(&self) -> Option<&Holder> {
        self.taken_from.as_deref()
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
    /// The row then names the connection it was renewed over, whichever had it before, and when that began to hold it.
    ///
    /// # Errors
    ///
    /// [`Error::Lost`] if somebody else holds it or has held it meanwhile, [`Error::Cluster`].
    pub async fn renew(&mut self, connection: &mut Connection, phase: Phase, length: Duration) -> Result<(), Error> {
        // Assigned in this order: the time is compared with the server's start, so it is that of this connection.
        let sql = format!(
            "UPDATE `{LEASE_TABLE}` SET phase=:phase, \
             acquired_at=IF(node={SERVER} AND connection_id=CONNECTION_ID(), acquired_at, UTC_TIMESTAMP(6)), \
             node={SERVER}, connection_id=CONNECTION_ID(), \
             expires_at=UTC_TIMESTAMP(6) + INTERVAL :length MICROSECOND \
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
            "UPDATE `{LEASE_TABLE}` SET owner='', phase='', note='', expires_at=UTC_TIMESTAMP(6) \
             WHERE session_table=? AND name=? AND owner=? AND epoch=?"
        );
        let Self { table, name, owner, epoch, .. } = &self;
        for turn in 0..CONFLICTS {
            let done = retried(async || {
                let params = (table.name(), name.as_str(), owner, epoch);
                connection.execute_unhurried("giving the lease back", &sql, params).await
            })
            .await?;
            if done.rows > 0 || !self.is_unheard_of(connection).await? {
                break;
            }
            tokio::time::sleep(pause(turn)).await;
        }
        Ok(())
    }

    /// Whether the server does not know yet that we hold the lease: a proxy may have sent us to another one, which has yet
    /// to receive it.
    async fn is_unheard_of(&self, connection: &mut Connection) -> Result<bool, cluster::Error> {
        let sql = format!("SELECT epoch FROM `{LEASE_TABLE}` WHERE session_table=? AND name=?");
        let params = (self.table.name(), self.name.as_str());
        let epoch: Option<(u64,)> = connection.first("looking at the lease", &sql, params).await?;
        Ok(epoch.is_none_or(|(epoch,)| epoch < self.epoch))
    }

    /// Returns what lets somebody else of ours write the note of this holding.
    pub(crate) fn noted(&self) -> Noted {
        let Self { table, name, owner, epoch, .. } = self;
        Noted { table: table.clone(), name: *name, owner: owner.clone(), epoch: *epoch }
    }

    /// Tries to take the lease; false if it is not free.
    ///
    /// One that ran out is taken only after a margin that was measured; without one, only a lease that was given back.
    pub(super) async fn take(
        &mut self,
        connection: &mut Connection,
        margin: Option<&Margin>,
    ) -> Result<bool, cluster::Error> {
        let sql = format!(
            "UPDATE `{LEASE_TABLE}` SET owner=:owner, epoch=LAST_INSERT_ID(epoch + 1), phase=:phase, \
             node={SERVER}, connection_id=CONNECTION_ID(), note='', acquired_at=UTC_TIMESTAMP(6), \
             expires_at=UTC_TIMESTAMP(6) + INTERVAL :length MICROSECOND \
             WHERE session_table=:table AND name=:name \
             AND (owner='' OR (:measured AND COALESCE(expires_at < UTC_TIMESTAMP(6) - INTERVAL :margin MICROSECOND, TRUE)))"
        );
        let params = params! {
            "owner" => &self.owner, "phase" => Phase::Work.as_str(), "length" => micros(self.length),
            "table" => self.table.name(), "name" => self.name.as_str(), "measured" => margin.is_some(),
            "margin" => micros(margin.map_or(Duration::ZERO, |margin| margin.length)),
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
    pub(super) async fn seed(&self, connection: &mut Connection) -> Result<(), cluster::Error> {
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

/// A holding, to write its note by and nothing else.
pub(crate) struct Noted {
    table: Table,
    name: Name,
    owner: String,
    epoch: u64,
}

impl Noted {
    /// Writes the note, if the holding is still the present one; false if it is not.
    pub(crate) async fn write(&self, connection: &mut Connection, note: &str) -> Result<bool, cluster::Error> {
        let sql = format!("UPDATE `{LEASE_TABLE}` SET note=? WHERE session_table=? AND name=? AND owner=? AND epoch=?");
        let params = (note, self.table.name(), self.name.as_str(), &self.owner, self.epoch);
        Ok(connection.execute_unhurried("writing the lease's note", &sql, params).await?.rows > 0)
    }
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
    fn no_two_holdings_have_one_name() {
        let (one, two) = (owner(), owner());
        assert_ne!(one, two);
        assert_eq!(one.rsplit(':').nth(1), Some(std::process::id().to_string().as_str()));
        assert!(one.len() <= 255 && one.is_ascii());
    }
}
