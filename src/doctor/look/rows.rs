//! What a usable node says of the rows: a sample of the newest, how far the cleanup is behind, and duplicate ids.
//!
//! No question reads a table of any size to its end: the server itself stops what takes longer than the deadline.

use std::time::Duration;

use jiff::Timestamp;

use super::super::Keys;
use crate::Place;
use crate::cluster::{Cluster, Connection, Error, Instant, Node, On, Row, select_within};
use crate::schema::{self, Index, Table};
use crate::session::{self, Id};

/// How many of the newest rows are looked at.
const SAMPLE: usize = 1000;
/// Longer data is left where it is; gorilla writes 4096 bytes unless told otherwise.
const LONGEST_DATA: usize = 64 * 1024;
/// How far expired rows are counted.
const COUNTED: u64 = 1_000_000;
/// How many duplicate ids are named.
const DUPLICATES: usize = 10;

/// What is known of the rows.
pub(in super::super) struct Rows {
    pub(in super::super) node: String,
    /// The account as the server names it, and the database of the DSN.
    pub(in super::super) account: String,
    pub(in super::super) database: Option<String>,
    /// This machine's time when it was asked.
    pub(in super::super) now: Timestamp,
    pub(in super::super) statistics: Result<Option<Statistics>, Error>,
    /// The newest rows, the newest first; of a table without a key on `id` any rows.
    pub(in super::super) sample: Result<Vec<Sampled>, Error>,
    pub(in super::super) backlog: Result<Backlog, Error>,
    /// Whether the server lets no row be deleted, for the table has no key of any kind.
    pub(in super::super) refuses_deletion: bool,
    /// Ids of more than one row, with how many; not looked for where there is a primary key.
    pub(in super::super) duplicates: Result<Vec<(String, u64)>, Error>,
}

impl Rows {
    /// Returns what could not be read, with why; a table that is not there is a finding about the schema.
    pub(in super::super) fn unread(&self) -> Vec<Unread<'_>> {
        let mut unread = Vec::new();
        let mut note = |what, error: Option<&'_ Error>| {
            if let Some(error) = error.filter(|error| !matches!(error.code(), Some(1146 | 1054 | 1142 | 1143 | 1044))) {
                unread.push(Unread { what, reason: error.reason() });
            }
        };
        note("a sample of the rows", self.sample.as_ref().err());
        note("how many rows have expired", self.backlog.as_ref().err());
        note("whether ids are there twice", self.duplicates.as_ref().err());
        note("the table's size", self.statistics.as_ref().err());
        unread
    }
}

/// Something that could not be read.
pub(in super::super) struct Unread<'a> {
    pub(in super::super) what: &'a str,
    pub(in super::super) reason: String,
}

/// The server's own numbers about the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Statistics {
    /// Rows, as the server estimates.
    pub(in super::super) rows: u64,
    /// Bytes of its data and its indexes.
    pub(in super::super) bytes: u64,
    /// Bytes in its file that nothing lies in.
    pub(in super::super) free_bytes: u64,
}

/// One row of the sample.
#[derive(Clone, Debug)]
pub(in super::super) struct Sampled {
    pub(in super::super) id: Id,
    pub(in super::super) expires_at: Option<Timestamp>,
    /// Length of its data in bytes.
    pub(in super::super) bytes: u64,
    /// What came of its data, where keys are given.
    pub(in super::super) data: Option<Data>,
}

/// What came of a row's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Data {
    /// It opens under the pair at this place, counted from 1.
    Opens { key: usize },
    /// It verifies under no key.
    Unverified { reason: &'static str },
    /// It verifies under the pair at this place, counted from 1, and does not read.
    Undecodable { key: usize, reason: &'static str },
    /// It is longer than what is looked at.
    TooLong,
}

/// How far the cleanup is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Backlog {
    /// How long ago the oldest expired row expired.
    pub(in super::super) oldest: Option<Duration>,
    /// Rows that expired more than an hour ago, counted no further than [`COUNTED`].
    pub(in super::super) due: u64,
    /// Whether there are more.
    pub(in super::super) more: bool,
}

/// Asks a usable node; its questions run beside each other, each on a connection of its own.
pub(super) async fn look(cluster: &Cluster, table: &Table, keys: Option<&Keys>) -> Result<Rows, Error> {
    let deadline = cluster.deadline();
    let usable = cluster.usable(&On::Auto).await?;
    let node = cluster.node(usable.connection.node())?;
    let refuses = usable.vitals.kind().refuses_keyless_rows();
    let (mut connection, _stale) = node.caught_up(usable.connection, usable.vitals.kind(), deadline).await?;
    let now = Timestamp::now();
    let told: Option<(Option<String>, Option<String>)> =
        connection.first("asking for the account", "SELECT CURRENT_USER(), DATABASE()", ()).await?;
    let (account, database) = told.unwrap_or_default();
    // In the last moment of an ALTER even the catalogue waits.
    let indexes =
        tokio::time::timeout(deadline, schema::indexes(&mut connection, table)).await.unwrap_or_else(|_| {
            let (node, place) = (node.name().to_owned(), Place::here());
            Err(Error::Deadline { node, doing: "reading the table's indexes", after: deadline, place })
        })?;
    let ordered = indexes.iter().any(|index| index.finds("id"));
    let unique = indexes
        .iter()
        .any(|index| index.tells_rows_apart() && matches!(index.parts.as_slice(), [part] if part.is("id")));
    let refuses_deletion = refuses && !indexes.iter().any(Index::tells_rows_apart);
    let bounds = Bounds { table, deadline };
    let sampling = async {
        let sample = bounds.sample(&mut connection, ordered, keys, now).await;
        connection.close().await;
        sample
    };
    let duplicates = async {
        // What is unique by its key is not read from end to end to prove it.
        if unique { Ok(Vec::new()) } else { on_its_own(node, deadline, async |own| bounds.duplicates(own).await).await }
    };
    let (sample, statistics, backlog, duplicates) = tokio::join!(
        sampling,
        on_its_own(node, deadline, async |own| bounds.statistics(own).await),
        on_its_own(node, deadline, async |own| bounds.backlog(own).await),
        duplicates,
    );
    let account = account.unwrap_or_default();
    let node = node.name().to_owned();
    Ok(Rows { node, account, database, now, statistics, sample, backlog, refuses_deletion, duplicates })
}

async fn on_its_own<T>(
    node: &Node,
    deadline: Duration,
    ask: impl AsyncFnOnce(&mut Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut connection = node.connect(deadline).await?;
    let answer = ask(&mut connection).await;
    connection.close().await;
    answer
}

/// The table, and how long a question about it may take.
struct Bounds<'a> {
    table: &'a Table,
    deadline: Duration,
}

impl Bounds<'_> {
    /// Writes a SELECT that the server stops by itself a little before we would.
    fn select(&self, rest: &str) -> String {
        select_within(self.deadline * 3 / 4, rest)
    }

    async fn sample(
        &self,
        connection: &mut Connection,
        ordered: bool,
        keys: Option<&Keys>,
        now: Timestamp,
    ) -> Result<Vec<Sampled>, Error> {
        let data = match keys {
            Some(_) => format!("IF(LENGTH(data) > {LONGEST_DATA}, NULL, data)"),
            None => "NULL".to_owned(),
        };
        // Without a key in that order it would be the whole table that is sorted.
        let order = if ordered { "ORDER BY id DESC " } else { "" };
        let sql = self
            .select(&format!("id, expire_on, LENGTH(data), {data} FROM {} {order}LIMIT {SAMPLE}", self.table.quoted()));
        let rows: Vec<Row> = connection.rows("taking a sample of the rows", &sql, ()).await?;
        Ok(rows.iter().map(|row| sampled(row, keys, now)).collect())
    }

    async fn statistics(&self, connection: &mut Connection) -> Result<Option<Statistics>, Error> {
        schema::ask_for_all_there_is(connection).await?;
        let sql = "SELECT TABLE_ROWS, DATA_LENGTH, INDEX_LENGTH, DATA_FREE FROM information_schema.TABLES \
                   WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME=?";
        type Columns = (Option<u64>, Option<u64>, Option<u64>, Option<u64>);
        let told: Option<Columns> = connection.first("reading the table's size", sql, (self.table.name(),)).await?;
        Ok(told.map(|(rows, data, index, free)| Statistics {
            rows: rows.unwrap_or(0),
            bytes: data.unwrap_or(0).saturating_add(index.unwrap_or(0)),
            free_bytes: free.unwrap_or(0),
        }))
    }

    async fn backlog(&self, connection: &mut Connection) -> Result<Backlog, Error> {
        let table = self.table.quoted();
        let oldest = self.select(&self.table.oldest_expired());
        let oldest: Option<Option<u64>> = connection.first("looking for the oldest expired row", &oldest, ()).await?;
        let due = self.select(&format!(
            "COUNT(*) FROM (SELECT 1 FROM {table} WHERE expire_on < UTC_TIMESTAMP() - INTERVAL 1 HOUR LIMIT {}) AS due",
            COUNTED + 1
        ));
        let due: u64 = connection.first("counting expired rows", &due, ()).await?.unwrap_or(0);
        let oldest = oldest.flatten().map(Duration::from_secs);
        Ok(Backlog { oldest, due: due.min(COUNTED), more: due > COUNTED })
    }

    async fn duplicates(&self, connection: &mut Connection) -> Result<Vec<(String, u64)>, Error> {
        let sql = self.select(&format!(
            "id, COUNT(*) FROM {} GROUP BY id HAVING COUNT(*) > 1 ORDER BY 2 DESC, 1 LIMIT {DUPLICATES}",
            self.table.quoted()
        ));
        let rows: Vec<(Vec<u8>, u64)> = connection.rows("looking for duplicate ids", &sql, ()).await?;
        Ok(rows.into_iter().map(|(id, rows)| (String::from_utf8_lossy(&id).into_owned(), rows)).collect())
    }
}

fn sampled(row: &Row, keys: Option<&Keys>, now: Timestamp) -> Sampled {
    let id: Vec<u8> = row.get_opt(0).and_then(Result::ok).unwrap_or_default();
    // A zero date is no moment.
    let expires_at = row.get_opt::<Instant, _>(1).and_then(Result::ok).map(|instant| instant.0);
    let bytes = row.get_opt(2).and_then(Result::ok).unwrap_or(0);
    let data = keys.map(|keys| match row.get_opt::<Option<Vec<u8>>, _>(3).and_then(Result::ok).flatten() {
        Some(data) => open(&data, keys, now),
        None => Data::TooLong,
    });
    Sampled { id: Id::new(String::from_utf8_lossy(&id)), expires_at, bytes, data }
}

/// Tries the keys on a row's data. What is read is forgotten at once.
fn open(data: &[u8], keys: &Keys, now: Timestamp) -> Data {
    use crate::securecookie::Error::Mac;
    use session::Error::{Malformed, NotGob, OtherValue, Refused};
    let error = match session::open_data(&keys.codec, &keys.names, &String::from_utf8_lossy(data), now) {
        Ok(opened) => return Data::Opens { key: opened.key },
        Err(error) => error,
    };
    match &error {
        Malformed(inner) | Refused(inner) => match (inner.signed_by(), inner) {
            (Some((_, key)), _) => Data::Undecodable { key, reason: "it does not decrypt, or has no date" },
            (None, Mac { .. }) => Data::Unverified { reason: "the MAC is wrong under every key" },
            (None, _) => Data::Unverified { reason: "it is not made of a date, a payload and a MAC" },
        },
        NotGob { key, .. } => Data::Undecodable { key: *key, reason: "it is no gob" },
        OtherValue { key, .. } => {
            Data::Undecodable { key: *key, reason: "it holds something else than session values" }
        }
        // Nothing else comes of opening; what cannot be told is not to be deleted.
        _ => Data::Unverified { reason: "it cannot be opened" },
    }
}
