//! The first rows in some order, without their data.

use jiff::Timestamp;

use super::error::Error;
use super::may::refused;
use super::page::Filter;
use super::row::{COLUMNS, Row, row};
use crate::cluster::{self, Causality, Cluster, On, Usable};
use crate::grant::needs;
use crate::pacing::watched;
use crate::schema::Table;

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first, by the id, which begins with the time at its writer. The key gives this order.
    #[default]
    Created,
    /// What was written last first.
    Modified,
    /// What expires, or expired, soonest first.
    Expires,
    /// The largest first.
    Bytes,
}

impl Order {
    fn sql(self) -> &'static str {
        // The id second, so that the order does not change from run to run.
        match self {
            Self::Created => "id DESC",
            Self::Modified => "modify_at DESC, id",
            Self::Expires => "expire_on, id",
            Self::Bytes => "LENGTH(data) DESC, id",
        }
    }
}

/// Some sessions of the table.
#[derive(Clone, Debug)]
pub struct List {
    /// The sessions.
    pub rows: Vec<Row>,
    /// Whether there are more.
    pub more: bool,
    /// The server's clock.
    pub now: Timestamp,
    /// The node that was asked.
    pub node: String,
    /// Whether the answer saw what other nodes had committed.
    pub causality: Causality,
}

/// Lists the first `limit` sessions that pass a filter.
///
/// # Errors
///
/// [`Error::Denied`] with the GRANT that helps; [`Error::Cluster`] if no node is usable, or there is no such table.
pub async fn list(
    (cluster, table): (&Cluster, &Table),
    on: &On,
    filter: &Filter,
    (order, limit): (Order, u32),
) -> Result<List, Error> {
    let Usable { mut connection, vitals: _, causality } = cluster.usable(on).await?;
    let node = connection.node().to_owned();
    let now = connection.now().await?;
    let sql = format!(
        "SELECT {COLUMNS} FROM {} WHERE {} ORDER BY {} LIMIT {}",
        table.quoted(),
        filter.condition(now),
        order.sql(),
        u64::from(limit) + 1
    );
    let answer = connection.rows_unhurried("listing sessions", &sql, ());
    let answer: Result<Vec<cluster::Row>, _> = watched(cluster, &node, answer).await;
    connection.close().await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return Err(refused((cluster, table), needs::READ, error).await),
    };
    let more = answer.len() > limit as usize;
    let rows = answer.into_iter().take(limit as usize);
    let rows = rows.map(|it| row(it, (filter, now)).0).collect();
    Ok(List { rows, more, now, node, causality })
}
