//! Whether what a migration brings is there already, read from what `information_schema` says. Pure.

use std::fmt;

use super::catalog::{EXPIRE_ON_INDEX, INDEX_NAME, PRIMARY_KEY, TABLE, all};
use super::inspect::Found;
use crate::schema::Index;

/// The column of the invisible key that MySQL gives a table without one (`sql_generate_invisible_primary_key`).
pub(super) const GENERATED: &str = "my_row_id";

/// What makes a table one that the migrations cannot be applied to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misfit {
    /// It is no base table: a view, a sequence, a table with system versioning.
    Kind {
        /// What the server calls it.
        kind: String,
    },
    /// Its engine does not replicate on a cluster, or knows no transactions.
    Engine {
        /// The engine, if the server could tell.
        engine: Option<String>,
    },
    /// A column is missing.
    Column {
        /// Its name.
        name: &'static str,
    },
    /// A column has another type.
    Type {
        /// Its name.
        name: &'static str,
        /// The type it has.
        found: String,
        /// The type it should have.
        wanted: &'static str,
    },
    /// Its primary key is on something else.
    PrimaryKey {
        /// The key's columns.
        columns: Vec<String>,
    },
    /// The name that the new index would have is taken by an index that does not serve.
    IndexName {
        /// That index's columns.
        columns: Vec<String>,
    },
    /// It is partitioned, and its primary key would have to hold the partition's columns.
    Partitioned,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind { kind } => write!(f, "it is a {}", kind.to_lowercase().escape_debug()),
            Self::Engine { engine: Some(engine) } => write!(f, "its engine is {}, not InnoDB", engine.escape_debug()),
            Self::Engine { engine: None } => f.write_str("the server cannot tell its engine"),
            Self::Column { name } => write!(f, "it has no column `{name}`"),
            Self::Type { name, found, wanted } => {
                write!(f, "its column `{name}` is {}, not {wanted}", found.escape_debug())
            }
            Self::PrimaryKey { columns } => write!(f, "its primary key is on {}, not on (id)", list(columns)),
            Self::IndexName { columns } => {
                write!(
                    f,
                    "its index `{INDEX_NAME}` is on {} or ignored, and serves no search by expire_on",
                    list(columns)
                )
            }
            Self::Partitioned => f.write_str("it is partitioned, which a primary key on (id) does not allow"),
        }
    }
}

fn list(columns: &[String]) -> String {
    format!("({})", columns.join(", ").escape_debug())
}

/// Returns whether what the migration of this version brings is there.
///
/// # Errors
///
/// A [`Misfit`] if the table is such that the migration's statement would fail, or would make the wrong thing.
pub(super) fn is_there(version: u32, table: Option<&Found>) -> Result<bool, Misfit> {
    let Some(table) = table else { return Ok(false) };
    match version {
        TABLE => shape(table).map(|()| true),
        PRIMARY_KEY => primary_key(table),
        EXPIRE_ON_INDEX => expire_on_index(table),
        _ => Ok(false),
    }
}

/// Returns what stands in the way of any of the migrations.
pub(super) fn misfit(table: Option<&Found>) -> Option<Misfit> {
    all().iter().find_map(|migration| is_there(migration.version, table).err())
}

fn shape(table: &Found) -> Result<(), Misfit> {
    if table.kind != "BASE TABLE" {
        return Err(Misfit::Kind { kind: table.kind.clone() });
    }
    if !table.engine.as_deref().is_some_and(|engine| engine.eq_ignore_ascii_case("InnoDB")) {
        return Err(Misfit::Engine { engine: table.engine.clone() });
    }
    // What Go writes: 40 characters at most; a securecookie, of ASCII; a date with seconds; the server's own stamp.
    let wanted: [(&str, &str, &[&str]); 4] = [
        ("id", "char(40) NOT NULL", &["char", "varchar"]),
        ("data", "longblob", &["longblob", "mediumblob", "blob", "longtext", "mediumtext", "text"]),
        ("expire_on", "datetime NOT NULL", &["datetime"]),
        ("modify_at", "timestamp", &["timestamp", "datetime"]),
    ];
    for (name, wanted, types) in wanted {
        let column = table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name));
        let column = column.ok_or(Misfit::Column { name })?;
        let short = name == "id" && column.length.is_none_or(|length| length < 40);
        let loose = column.nullable && matches!(name, "id" | "expire_on");
        if short || loose || !types.contains(&column.data_type.to_ascii_lowercase().as_str()) {
            let found = format!("{}{}", column.column_type, if column.nullable { " NULL" } else { " NOT NULL" });
            return Err(Misfit::Type { name, found, wanted });
        }
    }
    Ok(())
}

fn primary_key(table: &Found) -> Result<bool, Misfit> {
    let Some(key) = table.indexes.iter().find(|index| index.is_primary()) else {
        return if table.partitioned { Err(Misfit::Partitioned) } else { Ok(false) };
    };
    match key.parts.as_slice() {
        [part] if part.is("id") => Ok(true),
        // Nobody can have meant to name it, and it goes in the statement that makes ours.
        _ if has_generated_key(table) => Ok(false),
        _ => Err(Misfit::PrimaryKey { columns: columns(key) }),
    }
}

/// Returns whether the primary key is one that the server made by itself, which no statement sees unless it asks.
pub(super) fn has_generated_key(table: &Found) -> bool {
    let key = table.indexes.iter().find(|index| index.is_primary());
    let column = table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(GENERATED));
    let extra = column.map(|column| column.extra.to_ascii_lowercase()).unwrap_or_default();
    key.is_some_and(|key| matches!(key.parts.as_slice(), [part] if part.is(GENERATED)))
        && extra.contains("auto_increment")
        && extra.contains("invisible")
}

fn expire_on_index(table: &Found) -> Result<bool, Misfit> {
    // The name does not matter: an index of the DBA's own does as well, also one that goes on after expire_on.
    if table.indexes.iter().any(|index| index.finds("expire_on")) {
        return Ok(true);
    }
    match table.indexes.iter().find(|index| index.name.eq_ignore_ascii_case(INDEX_NAME)) {
        Some(index) => Err(Misfit::IndexName { columns: columns(index) }),
        None => Ok(false),
    }
}

fn columns(index: &Index) -> Vec<String> {
    index.parts.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::super::inspect::samples::{documented, generated, with};
    use super::*;
    use crate::schema::sample as index;

    #[test]
    fn the_documented_table_is_there_without_key_and_index() {
        let table = documented();
        assert_eq!(is_there(TABLE, Some(&table)), Ok(true));
        assert_eq!(is_there(PRIMARY_KEY, Some(&table)), Ok(false));
        assert_eq!(is_there(EXPIRE_ON_INDEX, Some(&table)), Ok(false));
        for version in 1..=3 {
            assert_eq!(is_there(version, None), Ok(false));
        }
    }

    #[test]
    fn an_index_counts_by_what_it_is_on_and_not_by_its_name() {
        let cases: [(Index, Result<bool, ()>); 7] = [
            (index("expire_on", &["expire_on"]), Ok(true)),
            (index("by_the_dba", &["expire_on"]), Ok(true)),
            (index("by_the_dba", &["EXPIRE_ON", "id"]), Ok(true)),
            (index("by_the_dba", &["id", "expire_on"]), Ok(false)),
            (Index { usable: false, ..index("by_the_dba", &["expire_on"]) }, Ok(false)),
            (Index { ordered: false, ..index("by_the_dba", &["expire_on"]) }, Ok(false)),
            (index("Expire_On", &["modify_at"]), Err(())),
        ];
        for (index, expected) in cases {
            let found = with(std::slice::from_ref(&index));
            assert_eq!(is_there(EXPIRE_ON_INDEX, Some(&found)).map_err(|_| ()), expected, "{index:?}");
        }
        let ignored = with(&[Index { usable: false, ..index("expire_on", &["expire_on"]) }]);
        assert!(is_there(EXPIRE_ON_INDEX, Some(&ignored)).is_err(), "its name is taken");
    }

    #[test]
    fn a_primary_key_on_anything_but_id_is_a_misfit() {
        assert_eq!(is_there(PRIMARY_KEY, Some(&with(&[index("PRIMARY", &["id"])]))), Ok(true));
        assert_eq!(is_there(PRIMARY_KEY, Some(&with(&[index("uniq", &["id"])]))), Ok(false));
        for columns in [&["my_row_id"][..], &["id", "expire_on"], &["expire_on", "id"]] {
            let columns_found = columns.iter().map(ToString::to_string).collect();
            assert_eq!(
                is_there(PRIMARY_KEY, Some(&with(&[index("PRIMARY", columns)]))),
                Err(Misfit::PrimaryKey { columns: columns_found })
            );
        }
        let mut prefix = index("PRIMARY", &["id"]);
        prefix.parts[0].prefix = Some(10);
        assert_eq!(
            is_there(PRIMARY_KEY, Some(&with(&[prefix]))),
            Err(Misfit::PrimaryKey { columns: vec!["id(10)".into()] })
        );
        let partitioned = Found { partitioned: true, ..documented() };
        assert_eq!(is_there(PRIMARY_KEY, Some(&partitioned)), Err(Misfit::Partitioned));
    }

    #[test]
    fn an_invisible_key_that_the_server_made_is_no_misfit_and_one_of_somebody_else_is() {
        for (name, extra, expected) in [
            ("MySQL", "auto_increment INVISIBLE", Ok(false)),
            ("MariaDB", "INVISIBLE, auto_increment", Ok(false)),
            ("visible", "auto_increment", Err(())),
            ("not generated", "INVISIBLE", Err(())),
        ] {
            let mut table = generated(&[]);
            table.columns[4].extra = extra.into();
            assert_eq!(is_there(PRIMARY_KEY, Some(&table)).map_err(|_| ()), expected, "{name}");
        }
        let mut other = generated(&[]);
        other.columns[4].name = "n".into();
        other.indexes[0].parts[0].column = "n".into();
        assert!(is_there(PRIMARY_KEY, Some(&other)).is_err(), "a key of another name was somebody's choice");
    }

    #[test]
    fn a_table_of_another_shape_is_a_misfit() {
        let kind = Found { kind: "VIEW".into(), engine: None, ..documented() };
        assert_eq!(is_there(TABLE, Some(&kind)).unwrap_err().to_string(), "it is a view");
        let engine = Found { engine: Some("MyISAM".into()), ..documented() };
        assert_eq!(is_there(TABLE, Some(&engine)).unwrap_err().to_string(), "its engine is MyISAM, not InnoDB");
        for (at, name) in ["id", "data", "expire_on", "modify_at"].into_iter().enumerate() {
            let mut table = documented();
            table.columns.remove(at);
            assert_eq!(is_there(TABLE, Some(&table)), Err(Misfit::Column { name }));
        }
    }

    #[test]
    fn a_column_of_another_type_is_a_misfit_and_a_wider_one_is_not() {
        for (at, data_type, length, nullable, fits) in [
            (0, "char", Some(39), false, false),
            (0, "varchar", Some(64), false, true),
            (0, "char", Some(40), true, false),
            (0, "bigint", None, false, false),
            (1, "tinyblob", Some(255), false, false),
            (1, "MEDIUMTEXT", Some(16_777_215), true, true),
            (2, "timestamp", None, false, false),
            (2, "datetime", None, true, false),
            (3, "datetime", None, true, true),
            (3, "int", None, false, false),
        ] {
            let mut table = documented();
            let column = &mut table.columns[at];
            (column.data_type, column.length, column.nullable) = (data_type.into(), length, nullable);
            column.column_type = data_type.into();
            assert_eq!(is_there(TABLE, Some(&table)).is_ok(), fits, "{data_type} {length:?} {nullable}");
        }
    }
}
