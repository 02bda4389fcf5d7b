//! What a table should be, read from the statement that makes it. Pure.
//!
//! Only our own statements are read, so only what stands in them is understood.

use super::normal::column_type;
use super::shape::{Column, Shape};
use crate::schema::{Index, Part};

/// Reads a CREATE TABLE of ours.
pub(super) fn shape(statement: &str) -> Shape {
    let (head, options) = statement.rsplit_once(')').unwrap_or((statement, ""));
    let body = head.split_once('(').map_or("", |(_, body)| body);
    let option = |name: &str| {
        let words = options.split([' ', ';', '\n']);
        words.filter_map(|word| word.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    };
    let (charset, collation) = (option("CHARSET"), option("COLLATE"));
    let mut shape = Shape {
        kind: "BASE TABLE".into(),
        engine: option("ENGINE"),
        partitioned: false,
        columns: Vec::new(),
        indexes: Vec::new(),
    };
    for item in items(body) {
        if let Some(columns) = item.strip_prefix("PRIMARY KEY ") {
            shape.indexes.push(index("PRIMARY", columns, true));
        } else if let Some((name, columns)) = item.strip_prefix("KEY ").and_then(|rest| rest.split_once(' ')) {
            shape.indexes.push(index(name.trim_matches('`'), columns, false));
        } else if let Some((name, rest)) = item.split_once(' ') {
            shape.columns.push(column(name.trim_matches('`'), rest, (charset.as_deref(), collation.as_deref())));
        }
    }
    shape
}

/// Splits at the commas that stand in no parentheses and no quotes.
fn items(body: &str) -> Vec<&str> {
    let (mut items, mut begin, mut depth, mut quoted) = (Vec::new(), 0, 0_usize, false);
    for (at, c) in body.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                items.push(body[begin..at].trim());
                begin = at + 1;
            }
            _ => {}
        }
    }
    items.push(body[begin..].trim());
    items
}

fn column(name: &str, rest: &str, (charset, collation): (Option<&str>, Option<&str>)) -> Column {
    let rest = rest.split_once(" COMMENT ").map_or(rest, |(rest, _)| rest);
    let ends = [" NOT NULL", " NULL", " DEFAULT "].iter().filter_map(|word| rest.find(word)).min();
    let column_type = column_type(&rest[..ends.unwrap_or(rest.len())]);
    let is_text = column_type.contains("char") || column_type.contains("text");
    Column {
        name: name.to_owned(),
        charset: charset.filter(|_| is_text).map(str::to_owned),
        collation: collation.filter(|_| is_text).map(str::to_owned),
        nullable: !rest.contains("NOT NULL"),
        default: rest.contains(" DEFAULT CURRENT_TIMESTAMP").then(|| "CURRENT_TIMESTAMP".to_owned()),
        on_update: rest.contains(" ON UPDATE CURRENT_TIMESTAMP"),
        extra: String::new(),
        column_type,
    }
}

fn index(name: &str, columns: &str, unique: bool) -> Index {
    let part = |column: &str| Part {
        column: column.trim_matches([' ', '`', '(', ')']).to_owned(),
        prefix: None,
        nullable: false,
    };
    Index { name: name.to_owned(), parts: columns.split(',').map(part).collect(), unique, usable: true, ordered: true }
}

#[cfg(test)]
mod tests {
    use super::super::shape::index_line;
    use super::*;

    fn lines(shape: &Shape) -> Vec<String> {
        shape.columns.iter().map(ToString::to_string).chain(shape.indexes.iter().map(index_line)).collect()
    }

    #[test]
    fn the_session_table_is_read_from_its_migration() {
        let shape = shape(include_str!("../../../migrations/0001_session_cluster.sql"));
        assert_eq!(
            lines(&shape),
            [
                "`id` char(40) CHARACTER SET ascii NOT NULL",
                "`data` longblob NOT NULL",
                "`expire_on` datetime NOT NULL",
                "`modify_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
                "PRIMARY KEY (`id`)",
                "KEY `expire_on` (`expire_on`)",
            ]
        );
        assert_eq!(shape.engine.as_deref(), Some("InnoDB"));
    }

    #[test]
    fn a_table_of_ours_is_read_from_what_makes_it() {
        let shape = shape(
            "CREATE TABLE IF NOT EXISTS `x` (`a` varchar(64) NOT NULL COMMENT 'a, b (c)', `n` bigint(20) unsigned NULL, \
             PRIMARY KEY (`a`, `n`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
        );
        assert_eq!(
            lines(&shape),
            [
                "`a` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL",
                "`n` bigint unsigned NULL",
                "PRIMARY KEY (`a`, `n`)",
            ]
        );
    }
}
