//! Watching the first run, which begins with the installation itself.

use std::time::{Duration, Instant};

use super::definition::Definition;
use super::name::Name;
use super::record::{self, Record};
use crate::cluster::{self, Connection};
use crate::lease::Holder;
use crate::schema::Table;

/// How long the first run is watched: several times what a scheduler needs to begin it.
const WATCH: Duration = Duration::from_secs(10);
/// How long if somebody else has the lease all the while: a run that finds it held ends at once.
const WATCH_HELD: Duration = Duration::from_secs(3);

/// What the first run did while it was watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstRun {
    /// It ran, and no row was due.
    NothingDue,
    /// All rows that were due are gone.
    Cleaned,
    /// Rows that are due are left after some seconds: many, or the event cannot delete them.
    RowsLeft,
    /// Somebody else has the lease, so that the run ended at once; the next one comes at the interval.
    Held(Box<Holder>),
    /// No run has recorded itself, and no row was due to show one.
    Unseen,
}

/// Watches until a run has recorded itself and has deleted what was due, for some seconds.
pub(super) async fn watch(
    connection: &mut Connection,
    (event, table): (&Name, &Table),
    definition: &Definition,
    (due, before): (bool, &Record),
) -> Result<FirstRun, cluster::Error> {
    const SERVER: &str = "SELECT CONCAT(@@hostname, ':', @@port)";
    let server: Option<String> = connection.first("asking for the server's name", SERVER, ()).await?;
    let ours = format!("event:{event}@{}", server.unwrap_or_default());
    let begin = Instant::now();
    loop {
        let record = record::read(connection, table).await?;
        let left = due && oldest_due(connection, table, definition).await?.is_some();
        if ran(before, &record) && !left {
            return Ok(if due { FirstRun::Cleaned } else { FirstRun::NothingDue });
        }
        match foreign(&ours, record) {
            Some(holder) if begin.elapsed() >= WATCH_HELD => return Ok(FirstRun::Held(holder)),
            None if begin.elapsed() >= WATCH && left => return Ok(FirstRun::RowsLeft),
            None if begin.elapsed() >= WATCH => return Ok(FirstRun::Unseen),
            _ => {}
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Whether a run has recorded itself since.
fn ran(before: &Record, now: &Record) -> bool {
    match (before, now) {
        (Record::Known { last: before, .. }, Record::Known { last: Some(now), .. }) => {
            before.as_ref().is_none_or(|before| (before.at, &before.server) != (now.at, &now.server))
        }
        _ => false,
    }
}

/// Who has the lease, if that is no run of this event here: a purge, or a run on a node that is gone since.
fn foreign(ours: &str, record: Record) -> Option<Box<Holder>> {
    let Record::Known { holder: Some(holder), .. } = record else { return None };
    (holder.owner != ours).then_some(holder)
}

/// Returns whether a row is past the grace; `None` if no row is due.
pub(super) async fn oldest_due(
    connection: &mut Connection,
    table: &Table,
    definition: &Definition,
) -> Result<Option<u64>, cluster::Error> {
    let sql = format!(
        "SELECT 1 FROM {} WHERE expire_on < UTC_TIMESTAMP() - INTERVAL {} SECOND LIMIT 1",
        table.quoted(),
        definition.grace().as_secs()
    );
    Ok(connection.rows_unhurried("looking for rows that are due", &sql, ()).await?.into_iter().next())
}
