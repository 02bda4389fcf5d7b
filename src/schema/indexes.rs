//! The indexes of a table: what they are on, and whether they serve.

use std::fmt;

use super::Table;
use crate::cluster::{self, Connection, FromValue, Row, index_is_used};

/// The name that every server gives the primary key.
const PRIMARY: &str = "PRIMARY";

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// What it is on, in order.
    pub parts: Vec<Part>,
    /// Whether no two rows may have the same in it.
    pub unique: bool,
    /// Whether the server uses it: false if it is ignored (MariaDB) or invisible (MySQL).
    pub usable: bool,
    /// Whether it can be read in order: a BTREE.
    pub ordered: bool,
}

/// What an index is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The column's name, or nothing for an expression.
    pub column: String,
    /// How many characters of it, if not all.
    pub prefix: Option<u64>,
    /// Whether it may be NULL.
    pub nullable: bool,
}

impl Index {
    /// Returns whether it is the primary key.
    #[must_use]
    pub fn is_primary(&self) -> bool {
        self.name.eq_ignore_ascii_case(PRIMARY)
    }

    /// Returns whether the server can use it to find rows by a column, and in that column's order.
    #[must_use]
    pub fn finds(&self, column: &str) -> bool {
        self.usable && self.ordered && self.parts.first().is_some_and(|part| part.is(column))
    }

    /// Returns whether the server can use it to tell any row from all others.
    #[must_use]
    pub fn tells_rows_apart(&self) -> bool {
        // Any number of rows may have NULL in a unique index.
        self.usable && self.unique && self.parts.iter().all(|part| !part.nullable)
    }
}

impl Part {
    /// Returns whether this is the whole of a column.
    #[must_use]
    pub fn is(&self, column: &str) -> bool {
        self.prefix.is_none() && self.column.eq_ignore_ascii_case(column)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.column.is_empty() { "an expression" } else { &self.column })?;
        self.prefix.map_or(Ok(()), |prefix| write!(f, "({prefix})"))
    }
}

/// Reads the indexes of a table by name, the primary key among them; none if the table is not there, or not to be seen.
///
/// # Errors
///
/// [`cluster::Error`] if the server fails.
pub async fn indexes(connection: &mut Connection, table: &Table) -> Result<Vec<Index>, cluster::Error> {
    // All columns, because the one that says whether an index is used is called IGNORED here and IS_VISIBLE there.
    let rows: Vec<Row> = connection
        .rows_unhurried(
            "reading the table's indexes",
            "SELECT * FROM information_schema.STATISTICS WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME=? \
             ORDER BY INDEX_NAME, SEQ_IN_INDEX",
            (table.name(),),
        )
        .await?;
    let mut indexes: Vec<Index> = Vec::new();
    for row in rows {
        let text = |column| cell::<String>(&row, column);
        let says = |column, word: &str| text(column).is_some_and(|said| said == word);
        let name: String = cell(&row, "INDEX_NAME").unwrap_or_default();
        let part = Part {
            column: cell(&row, "COLUMN_NAME").unwrap_or_default(),
            prefix: cell(&row, "SUB_PART"),
            nullable: says("NULLABLE", "YES"),
        };
        match indexes.last_mut() {
            Some(last) if last.name == name => last.parts.push(part),
            _ => indexes.push(Index {
                unique: cell::<u64>(&row, "NON_UNIQUE") == Some(0),
                usable: index_is_used(text("IGNORED").as_deref(), text("IS_VISIBLE").as_deref()),
                ordered: says("INDEX_TYPE", "BTREE"),
                name,
                parts: vec![part],
            }),
        }
    }
    Ok(indexes)
}

/// Returns a column of an answer, or `None` if there is no such column, it is NULL, or it has another type.
fn cell<T: FromValue>(row: &Row, column: &str) -> Option<T> {
    row.get_opt::<Option<T>, _>(column)?.ok().flatten()
}

/// Indexes for the tests of what is pure.
#[cfg(test)]
pub(crate) fn sample(name: &str, columns: &[&str]) -> Index {
    let part = |column: &&str| Part { column: (*column).into(), prefix: None, nullable: false };
    let parts = columns.iter().map(part).collect();
    Index { name: name.into(), parts, unique: name == PRIMARY, usable: true, ordered: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_finds_rows_by_the_whole_of_its_first_column_if_it_is_used() {
        let mut prefix = sample("prefix", &["expire_on"]);
        prefix.parts[0].prefix = Some(4);
        let ignored = Index { usable: false, ..sample("ignored", &["expire_on"]) };
        let unordered = Index { ordered: false, ..sample("hash", &["expire_on"]) };
        for (name, index, expected) in [
            ("the key alone", sample("PRIMARY", &["id"]), false),
            ("second column", sample("a", &["id", "expire_on"]), false),
            ("a prefix", prefix, false),
            ("ignored", ignored, false),
            ("no order", unordered, false),
            ("first column", sample("b", &["Expire_On", "id"]), true),
        ] {
            assert_eq!(index.finds("expire_on"), expected, "{name}");
        }
    }

    #[test]
    fn a_unique_key_tells_rows_apart_if_no_column_of_it_may_be_null() {
        let unique = Index { unique: true, ..sample("u", &["id", "x"]) };
        let mut nullable = unique.clone();
        nullable.parts[1].nullable = true;
        for (name, index, expected) in [
            ("an index that is not unique", sample("a", &["id"]), false),
            ("primary", sample("PRIMARY", &["id"]), true),
            ("unique", unique.clone(), true),
            ("partly nullable", nullable, false),
            ("not used", Index { usable: false, ..unique }, false),
        ] {
            assert_eq!(index.tells_rows_apart(), expected, "{name}");
        }
    }
}
