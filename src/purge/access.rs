//! How a server would find the rows of a batch.

use jiff::Timestamp;

use super::worker::batch;
use crate::cluster::{self, Connection, FromValue, Row, explain};
use crate::pacing::Limits;
use crate::schema::Table;

/// How a server would find the rows of a batch, as it explains the very statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// By this index.
    Index(String),
    /// By reading the whole table, of about so many rows, if it says how many.
    WholeTable(Option<u64>),
    /// It does not say: the account lacks the right that the statement takes, or what has the table's name is none.
    Untold,
}

/// Asks how the rows of a batch would be found.
pub(super) async fn access(
    connection: &mut Connection,
    table: &Table,
    cutoff: Timestamp,
) -> Result<Access, cluster::Error> {
    let statement = batch(table, cutoff, Limits::adaptive(std::time::Duration::ZERO).most);
    let rows: Vec<Row> = match connection.rows("asking how a batch would be done", &explain(&statement), ()).await {
        Ok(rows) => rows,
        // Whoever asks only for a plan need not be allowed to carry it out.
        Err(error) if error.code().is_some() => return Ok(Access::Untold),
        Err(error) => return Err(error),
    };
    let access = |row: &Row| of(column(row, "key"), column::<String>(row, "type").as_deref(), column(row, "rows"));
    Ok(rows.first().map_or(Access::Untold, access))
}

fn column<T: FromValue>(row: &Row, name: &str) -> Option<T> {
    let at = row.columns_ref().iter().position(|column| column.name_str().eq_ignore_ascii_case(name))?;
    row.get_opt::<Option<T>, _>(at)?.ok().flatten()
}

/// Reads the columns that say it.
fn of(key: Option<String>, kind: Option<&str>, rows: Option<u64>) -> Access {
    match (key, kind) {
        (Some(key), _) => Access::Index(key),
        (None, Some("ALL")) => Access::WholeTable(rows),
        // It knows without looking that there is nothing to be found.
        (None, _) => Access::Untold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_explains_is_read_from_key_and_type() {
        for (key, kind, expected) in [
            (Some("expire_on"), Some("range"), Access::Index("expire_on".into())),
            (Some("expire_on"), Some("index"), Access::Index("expire_on".into())),
            (None, Some("ALL"), Access::WholeTable(Some(60))),
            (None, None, Access::Untold),
        ] {
            assert_eq!(of(key.map(Into::into), kind, Some(60)), expected, "{key:?} {kind:?}");
        }
    }
}
