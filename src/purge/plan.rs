//! What a purge would delete, fixed to a moment of the server's clock.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::access::{Access, access};
use super::error::Error;
use super::leased;
use super::run::Options;
use super::worker::count;
use crate::Place;
use crate::cluster::{self, Causality, Class, Cluster, Connection, Instant, Kind, On, Row, Usable, clocks_exceed};
use crate::grant::{self, Lacking, needs};
use crate::migrate::{self, Misfit};
use crate::pacing::watched;
use crate::schema::{self, Index, Table};

/// How long sessions are kept after they expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grace(pub Duration);

impl Default for Grace {
    /// One hour: longer than the writers' clocks are likely to be apart.
    fn default() -> Self {
        Self(Duration::from_secs(3600))
    }
}

/// What a purge would delete.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The table.
    pub table: Table,
    /// Rows whose `expire_on` lies before this moment go: the server's UTC time, less the grace, in whole seconds.
    pub cutoff: Timestamp,
    /// Rows past the cutoff.
    pub expired: u64,
    /// The `expire_on` of the oldest of them.
    pub oldest: Option<Timestamp>,
    /// The index that finds expired rows, if there is one: a usable index whose first column is `expire_on`.
    pub index: Option<String>,
    /// How the server would find the rows of a batch at this moment, in its own words.
    pub access: Access,
    /// A key that tells rows apart, if there is one: the primary key, or another unique one.
    pub unique_key: Option<String>,
    /// The node that was asked.
    pub node: String,
    /// What kind of cluster it belongs to.
    pub kind: Kind,
    /// Whether the count saw what other nodes had committed.
    pub causality: Causality,
    /// Why `migrate` could not give the table what it lacks; nothing if it could, or nothing is lacking.
    pub misfit: Option<Misfit>,
    /// The right that the account lacks for the purge, if it lacks it.
    pub denied: Option<Denied>,
    /// Who purges at this moment.
    pub lease: leased::Found,
    /// The grace that was asked for.
    pub grace: Grace,
    /// How far the clocks of the nodes are apart at most, of those that told the time.
    pub clocks_apart: Duration,
}

/// What a purge would come to, before anything was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Batches, if each has the size that an adaptive purge settles at on a quiet cluster.
    pub batches: u64,
    /// The least time that they take, if each takes its target.
    pub time: Duration,
}

/// A right that the account lacks.
#[derive(Clone, Debug)]
pub struct Denied {
    /// The statement that gives it, for somebody who may.
    pub grant: String,
    /// What the server said.
    pub source: Arc<cluster::Error>,
}

impl Plan {
    /// Looks whether the cluster could bear the purge.
    ///
    /// # Errors
    ///
    /// [`Error::NoKey`] if the table has no key and the server is a member of a group, which refuses it; or if it has
    /// no index on `expire_on` either and the server is a node of a Galera cluster. Each deleted row is then looked for in the whole table by every other node: 200 rows deleted from a
    /// table of 820,000 have stopped all writes for five minutes.
    ///
    /// [`Error::NoIndex`] if the table has a key and no index on `expire_on`, and the server is a node of a cluster of either
    /// kind: each batch reads the whole table there.
    #[track_caller]
    pub fn bearable(&self) -> Result<(), Error> {
        let (table, node, misfit, place) = (&self.table, &self.node, &self.misfit, Place::here());
        let (table, node, misfit) = (table.clone(), node.clone(), misfit.clone());
        let unindexed = self.kind != Kind::Standalone && self.index.is_none();
        match &self.unique_key {
            None if unindexed || self.kind.refuses_keyless_rows() => {
                Err(Error::NoKey { table, node, kind: self.kind, misfit, place })
            }
            Some(_) if unindexed => Err(Error::NoIndex { table, node, misfit, place }),
            _ => Ok(()),
        }
    }

    /// Looks whether the purge may go on: the cluster can bear it, or it is asked for all the same, with
    /// [`Options::without_key`]. What a server refuses it refuses whatever is asked for.
    ///
    /// # Errors
    ///
    /// As [`bearable`](Self::bearable).
    #[track_caller]
    pub fn accepted(&self, options: &Options) -> Result<(), Error> {
        match self.bearable() {
            Err(Error::NoKey { kind, .. }) if options.without_key && !kind.refuses_keyless_rows() => Ok(()),
            Err(Error::NoIndex { .. }) if options.without_key => Ok(()),
            outcome => outcome,
        }
    }

    /// Says what the purge would come to: a rule of thumb, since how fast a batch is shows only when one is run.
    #[must_use]
    pub fn estimate(&self, options: &Options) -> Estimate {
        let due = options.max_rows.map_or(self.expired, |most| most.min(self.expired));
        let batches = due.div_ceil(options.limits.most.max(1));
        let time = options.limits.target.saturating_mul(u32::try_from(batches).unwrap_or(u32::MAX));
        Estimate { batches, time: options.max_time.map_or(time, |most| time.min(most)) }
    }

    /// Looks whether the grace covers how far the nodes' clocks are apart, as [`clocks_exceed`] tells.
    ///
    /// # Errors
    ///
    /// [`Error::Skew`] if the clocks are further apart than the grace.
    #[track_caller]
    pub fn timely(&self) -> Result<(), Error> {
        let Self { grace: Grace(grace), clocks_apart: apart, .. } = *self;
        if clocks_exceed(grace, apart) {
            return Err(Error::Skew { grace, apart, place: Place::here() });
        }
        Ok(())
    }

    /// Looks whether the account may do it.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] with the GRANT that helps.
    #[track_caller]
    pub fn permitted(&self) -> Result<(), Error> {
        match &self.denied {
            Some(Denied { grant, source }) => Err(denied(&self.node, grant.clone(), Arc::clone(source))),
            None => Ok(()),
        }
    }
}

#[track_caller]
fn denied(node: &str, grant: String, source: Arc<cluster::Error>) -> Error {
    Error::Denied { node: node.to_owned(), grant, source, place: Place::here() }
}

/// Plans a purge: reads the server's clock once, and counts the rows that are past it by more than the grace.
///
/// Changes nothing. An account that may count and not delete gets its plan, which says so.
///
/// # Errors
///
/// [`Error::Cluster`] if no node is usable or the table is missing; [`Error::Denied`] if it may not be read;
/// [`Error::Misfit`] if it is no table of sessions; [`Error::Grace`] if the grace is longer than the calendar.
pub async fn plan(cluster: &Cluster, table: &Table, on: &On, grace: Grace) -> Result<Plan, Error> {
    let (usable, clocks) = tokio::join!(cluster.usable(on), cluster.clocks());
    let Usable { mut connection, vitals, causality } = usable?;
    let asked = connection.node().to_owned();
    let cutoff = cutoff(connection.now().await?, grace.0)?;
    let found = match watched(cluster, &asked, look(&mut connection, table, cutoff)).await {
        Ok(found) => found,
        Err(error) => return Err(explain(&mut connection, table, error).await),
    };
    let node = connection.node().to_owned();
    connection.close().await;
    let Found { expired, oldest, index, access, unique_key, misfit, denied, lease } = found;
    let (table, kind) = (table.clone(), vitals.kind());
    Ok(Plan {
        table,
        cutoff,
        expired,
        oldest,
        index,
        access,
        unique_key,
        node,
        kind,
        causality,
        misfit,
        denied,
        lease,
        grace,
        clocks_apart: clocks.spread(),
    })
}

/// What a look at the table finds.
struct Found {
    expired: u64,
    oldest: Option<Timestamp>,
    index: Option<String>,
    access: Access,
    unique_key: Option<String>,
    misfit: Option<Misfit>,
    denied: Option<Denied>,
    lease: leased::Found,
}

async fn look(connection: &mut Connection, table: &Table, cutoff: Timestamp) -> Result<Found, cluster::Error> {
    let expired = count(connection, table, cutoff).await?;
    let oldest = oldest(connection, table, cutoff).await?;
    let access = access(connection, table, cutoff).await?;
    let indexes = schema::indexes(connection, table).await?;
    let name = |wanted: fn(&Index) -> bool| indexes.iter().find(|index| wanted(index)).map(|index| index.name.clone());
    let (index, unique_key) = (name(|index| index.finds("expire_on")), name(Index::tells_rows_apart));
    let misfit = if index.is_none() || unique_key.is_none() { migrate::misfit(connection, table).await? } else { None };
    let lacking = grant::lacks_delete(connection, table).await?;
    let denied = lacking.map(|Lacking { grant, source }| Denied { grant, source: Arc::new(source) });
    let lease = leased::look(connection, table).await?;
    Ok(Found { expired, oldest, index, access, unique_key, misfit, denied, lease })
}

/// Says what an error of the server means for somebody who wants to purge.
async fn explain(connection: &mut Connection, table: &Table, error: cluster::Error) -> Error {
    if grant::is_lacking(&error) {
        let grant = grant::statements(connection, needs::DELETE, table).await;
        return denied(connection.node(), grant, Arc::new(error));
    }
    // A sequence, for one, has no column `expire_on`: what it is says more than what it lacks.
    if error.class() == Class::Data
        && let Ok(Some(misfit)) = migrate::misfit(connection, table).await
    {
        return Error::Misfit { table: table.clone(), misfit, place: Place::here() };
    }
    error.into()
}

/// Takes the grace off the server's time.
///
/// A server stores no year before 1000 (it may, but promises nothing).
fn cutoff(now: Timestamp, grace: Duration) -> Result<Timestamp, Error> {
    let refused = || Error::Grace { grace, place: Place::here() };
    let cutoff =
        jiff::SignedDuration::try_from(grace).ok().and_then(|grace| now.checked_sub(grace).ok()).ok_or_else(refused)?;
    if jiff::tz::Offset::UTC.to_datetime(cutoff).year() < 1000 { Err(refused()) } else { Ok(cutoff) }
}

async fn oldest(
    connection: &mut Connection,
    table: &Table,
    cutoff: Timestamp,
) -> Result<Option<Timestamp>, cluster::Error> {
    let sql = format!(
        "SELECT expire_on FROM {} WHERE expire_on < '{}' ORDER BY expire_on LIMIT 1",
        table.quoted(),
        schema::literal(cutoff)
    );
    let rows: Vec<Row> = connection.rows_unhurried("looking for the oldest expired session", &sql, ()).await?;
    // A zero date is a row past any cutoff, but no moment; the purge takes it all the same.
    Ok(rows.first().and_then(|row| row.get_opt::<Instant, _>(0)?.ok()).map(|instant| instant.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grace_is_taken_off_the_servers_time() {
        let now: Timestamp = "2026-11-22T01:02:03Z".parse().unwrap();
        assert_eq!(cutoff(now, Duration::from_secs(3600)).unwrap().to_string(), "2026-11-22T00:02:03Z");
        assert_eq!(cutoff(now, Duration::ZERO).unwrap(), now);
        for years in [1100, 9_000, 1_000_000] {
            let grace = Duration::from_secs(years * 31_557_600);
            assert!(matches!(cutoff(now, grace), Err(Error::Grace { .. })), "{years}");
        }
        assert!(cutoff(now, Duration::MAX).is_err());
    }
}
