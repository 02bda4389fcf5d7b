//! How many sessions there are, at a cost that does not grow with the table.

use crate::cluster::{Cluster, Connection, Error, Kind, On, Wait, select_within};
use crate::schema::{self, Table};

/// How far rows are counted, one by one, along the index on `expire_on`: some ten milliseconds.
const COUNTED: u64 = 100_000;

/// How many sessions there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sessions {
    /// The node that was asked.
    pub node: String,
    /// Those that have not expired.
    pub active: Count,
    /// Those that have, and are still there.
    pub expired: Count,
    /// All rows, as the server estimates; `None` if it does not.
    pub rows: Option<u64>,
}

/// A number, and how well it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many, counted.
    Exactly(u64),
    /// The server's estimate of all rows, less the others.
    About(u64),
    /// More than that.
    MoreThan(u64),
    /// Nobody has counted: without an index on `expire_on` that would read the whole table.
    Unknown,
}

/// Counts the sessions on one node: as far as 100,000 each along the index on `expire_on`, and estimated beyond.
///
/// Nothing is counted without such an index. The server itself stops a statement a little before the cluster's deadline.
///
/// # Errors
///
/// [`Error::Statement`] if the table may not be read or counting took too long, [`Error::Deadline`] if the node is silent,
/// and what [`Cluster::usable`] fails with.
pub async fn sessions(cluster: &Cluster, on: &On, table: &Table) -> Result<Sessions, Error> {
    let usable = cluster.usable(on).await?;
    let mut connection = usable.connection;
    let counted = count(&mut connection, (cluster, usable.vitals.kind()), table).await;
    connection.close().await;
    counted
}

async fn count(
    connection: &mut Connection,
    (cluster, kind): (&Cluster, Kind),
    table: &Table,
) -> Result<Sessions, Error> {
    // A read that waits for the others gets no answer for seconds after one has crashed, which is when people look.
    if let Some(sql) = kind.wait(Wait::Nothing) {
        connection.execute("asking for reads that do not wait", sql, ()).await?;
    }
    let limit = cluster.deadline() * 3 / 4;
    let node = connection.node().to_owned();
    let indexes = schema::indexes(connection, table).await?;
    let indexed = indexes.iter().any(|index| index.finds("expire_on"));
    let (mut active, mut expired) = (None, None);
    if indexed {
        for (count, compared) in [(&mut active, ">="), (&mut expired, "<")] {
            let rows = format!("SELECT 1 FROM {} WHERE expire_on {compared} UTC_TIMESTAMP()", table.quoted());
            let sql = select_within(limit, &format!("COUNT(*) FROM ({rows} LIMIT {}) AS counted", COUNTED + 1));
            *count = connection.first("counting sessions", &sql, ()).await?;
        }
    }
    schema::ask_for_all_there_is(connection).await?;
    let sql = "SELECT TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME=?";
    let rows: Option<Option<u64>> = connection.first("estimating the rows", sql, (table.name(),)).await?;
    let rows = rows.flatten();
    let (active, expired) = known(active, expired, rows);
    Ok(Sessions { node, active, expired, rows })
}

/// Says how many there are, from what was counted and the estimate of all rows.
fn known(active: Option<u64>, expired: Option<u64>, rows: Option<u64>) -> (Count, Count) {
    let one = |this: Option<u64>, other: Option<u64>| match this {
        None => Count::Unknown,
        Some(count) if count <= COUNTED => Count::Exactly(count),
        Some(_) => {
            let rest = rows.zip(other).filter(|(_, other)| *other <= COUNTED);
            match rest.map(|(rows, other)| rows.saturating_sub(other)) {
                Some(rest) if rest > COUNTED => Count::About(rest),
                _ => Count::MoreThan(COUNTED),
            }
        }
    };
    (one(active, expired), one(expired, active))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_exact_and_the_rest_is_estimated_where_it_can_be() {
        const MORE: u64 = COUNTED + 1;
        for (name, active, expired, rows, expected) in [
            ("few", Some(5), Some(3), Some(9), (Count::Exactly(5), Count::Exactly(3))),
            ("as many as are counted", Some(COUNTED), Some(0), None, (Count::Exactly(COUNTED), Count::Exactly(0))),
            ("many active", Some(MORE), Some(7), Some(2_000_007), (Count::About(2_000_000), Count::Exactly(7))),
            ("many expired", Some(7), Some(MORE), Some(2_000_007), (Count::Exactly(7), Count::About(2_000_000))),
            (
                "many of both",
                Some(MORE),
                Some(MORE),
                Some(9_000_000),
                (Count::MoreThan(COUNTED), Count::MoreThan(COUNTED)),
            ),
            ("an old estimate", Some(MORE), Some(0), Some(12), (Count::MoreThan(COUNTED), Count::Exactly(0))),
            ("no estimate", Some(MORE), Some(0), None, (Count::MoreThan(COUNTED), Count::Exactly(0))),
            ("no index", None, None, Some(12), (Count::Unknown, Count::Unknown)),
        ] {
            assert_eq!(known(active, expired, rows), expected, "{name}");
        }
    }
}
