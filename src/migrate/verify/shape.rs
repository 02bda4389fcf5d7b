//! A table as it is compared: columns and indexes in one spelling, each of them one line of text.

use std::fmt;

use super::super::inspect;
use crate::schema::{Index, quote};

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What the server calls it: `BASE TABLE`, `VIEW`, …
    pub kind: String,
    /// Its engine, if it has one that the server could open.
    pub engine: Option<String>,
    /// Whether it is partitioned.
    pub partitioned: bool,
    /// Its columns in their order.
    pub columns: Vec<Column>,
    /// Its indexes by name, the primary key (`PRIMARY`) among them.
    pub indexes: Vec<Index>,
}

/// A column, in the spelling that all servers are brought to. Its text is what would stand in a CREATE TABLE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type in lower case and without display widths: `bigint unsigned`.
    pub column_type: String,
    /// Its character set, where it has one.
    pub charset: Option<String>,
    /// Its collation; `None` where any of the character set will do.
    pub collation: Option<String>,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// Its default: `CURRENT_TIMESTAMP`, or the value itself.
    pub default: Option<String>,
    /// Whether an UPDATE of the row sets it to the present moment.
    pub on_update: bool,
    /// What else the server says of it, in lower case: `auto_increment`, `invisible`, `stored generated`.
    pub extra: String,
}

impl Shape {
    /// Returns a column by its name, whatever the case of its letters.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// Returns it as the guards of the migrations take it.
    pub(super) fn found(&self) -> inspect::Found {
        let column = |column: &Column| inspect::Column {
            name: column.name.clone(),
            data_type: column.data_type().to_owned(),
            column_type: column.column_type.clone(),
            length: column.length(),
            nullable: column.nullable,
            extra: column.extra.clone(),
        };
        inspect::Found {
            kind: self.kind.clone(),
            engine: self.engine.clone(),
            rows: 0,
            bytes: 0,
            partitioned: self.partitioned,
            columns: self.columns.iter().map(column).collect(),
            indexes: self.indexes.clone(),
        }
    }
}

impl Column {
    /// Returns the type without a length: `char` of `char(40)`.
    pub(super) fn data_type(&self) -> &str {
        self.column_type.split(['(', ' ']).next().unwrap_or_default()
    }

    /// Returns the number in the type's parentheses: 40 of `char(40)`.
    pub(super) fn length(&self) -> Option<u64> {
        self.column_type.split_once('(')?.1.split(')').next()?.trim().parse().ok()
    }

    /// Returns whether the default is the moment of the INSERT, to whatever fraction of a second.
    pub(super) fn defaults_to_now(&self) -> bool {
        self.default.as_deref().is_some_and(|default| default.starts_with("CURRENT_TIMESTAMP"))
    }

    /// Returns whether a program that does not name it in an INSERT has no trouble with it.
    pub(super) fn can_be_left_out(&self) -> bool {
        self.nullable || self.default.is_some() || !self.extra.is_empty()
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", quote(&self.name), self.column_type)?;
        if let Some(charset) = &self.charset {
            write!(f, " CHARACTER SET {charset}")?;
        }
        if let Some(collation) = &self.collation {
            write!(f, " COLLATE {collation}")?;
        }
        f.write_str(if self.nullable { " NULL" } else { " NOT NULL" })?;
        match &self.default {
            Some(now) if self.defaults_to_now() => write!(f, " DEFAULT {now}")?,
            Some(default) => write!(f, " DEFAULT '{}'", default.replace('\'', "''"))?,
            None => {}
        }
        if self.on_update {
            f.write_str(" ON UPDATE CURRENT_TIMESTAMP")?;
        }
        if !self.extra.is_empty() {
            write!(f, " {}", self.extra.to_uppercase())?;
        }
        Ok(())
    }
}

/// Writes an index as it would stand in a CREATE TABLE.
pub(super) fn index_line(index: &Index) -> String {
    let parts: Vec<String> = index
        .parts
        .iter()
        .map(|part| {
            let column = if part.column.is_empty() { "(an expression)".to_owned() } else { quote(&part.column) };
            part.prefix.map_or(column.clone(), |prefix| format!("{column}({prefix})"))
        })
        .collect();
    let parts = parts.join(", ");
    if index.is_primary() {
        return format!("PRIMARY KEY ({parts})");
    }
    let unique = if index.unique { "UNIQUE " } else { "" };
    let kind = if index.ordered { "" } else { " /* no BTREE */" };
    let used = if index.usable { "" } else { " /* not used: ignored or invisible */" };
    format!("{unique}KEY {} ({parts}){kind}{used}", quote(&index.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::sample;

    #[test]
    fn a_column_is_written_as_in_a_create_table() {
        let column = Column {
            name: "modify_at".into(),
            column_type: "timestamp".into(),
            charset: None,
            collation: None,
            nullable: false,
            default: Some("CURRENT_TIMESTAMP".into()),
            on_update: true,
            extra: String::new(),
        };
        assert_eq!(
            column.to_string(),
            "`modify_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"
        );
        let text = Column {
            column_type: "varchar(64)".into(),
            charset: Some("utf8mb4".into()),
            collation: Some("utf8mb4_bin".into()),
            nullable: true,
            default: Some("it's".into()),
            on_update: false,
            extra: "invisible".into(),
            ..column
        };
        assert_eq!(
            text.to_string(),
            "`modify_at` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL DEFAULT 'it''s' INVISIBLE"
        );
        assert_eq!((text.data_type(), text.length()), ("varchar", Some(64)));
    }

    #[test]
    fn an_index_is_written_as_in_a_create_table() {
        assert_eq!(index_line(&sample("PRIMARY", &["id"])), "PRIMARY KEY (`id`)");
        let index = Index { usable: false, unique: true, ..sample("x", &["a", "b"]) };
        assert_eq!(index_line(&index), "UNIQUE KEY `x` (`a`, `b`) /* not used: ignored or invisible */");
    }
}
