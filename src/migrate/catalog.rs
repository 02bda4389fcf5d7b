//! The migrations there are: one statement a file, one clause each, `{table}` where the table's name goes.

use sha2::{Digest, Sha256};

use crate::schema::{Table, quote};

/// One migration.
#[derive(Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its number, from 1 up.
    pub version: u32,
    /// Its name, as in the file's.
    pub name: &'static str,
    template: &'static str,
}

/// Makes the table, with all that later migrations bring.
pub(super) const TABLE: u32 = 1;
/// Gives the table its primary key.
pub(super) const PRIMARY_KEY: u32 = 2;
/// Gives the table its index on `expire_on`.
pub(super) const EXPIRE_ON_INDEX: u32 = 3;

/// The name of the index that version 3 makes.
pub(super) const INDEX_NAME: &str = "expire_on";

static ALL: [Migration; 3] = [
    Migration {
        version: TABLE,
        name: "session_cluster",
        template: include_str!("../../migrations/0001_session_cluster.sql"),
    },
    Migration {
        version: PRIMARY_KEY,
        name: "primary_key",
        template: include_str!("../../migrations/0002_primary_key.sql"),
    },
    Migration {
        version: EXPIRE_ON_INDEX,
        name: "expire_on_index",
        template: include_str!("../../migrations/0003_expire_on_index.sql"),
    },
];

const ALTER: &str = "ALTER TABLE {table} ";

/// Returns all migrations in their order.
#[must_use]
pub fn all() -> &'static [Migration] {
    &ALL
}

impl Migration {
    /// Returns the SHA-256 of the template with its line ends as LF, in hexadecimal: the same on every checkout and for
    /// every table.
    #[must_use]
    pub fn checksum(&self) -> String {
        checksum(self.template)
    }

    /// Returns its statement for a table, which fails where what it brings is there already.
    #[must_use]
    pub fn sql(&self, table: &Table) -> String {
        sql(&[self], table, None)
    }

    /// Returns what stands behind `ALTER TABLE {table}`, or `None` for a statement that is no ALTER.
    pub(super) fn clause(&self) -> Option<&'static str> {
        statement(self.template).strip_prefix(ALTER)
    }
}

/// Writes the statement for migrations that belong together: one as it is, several as clauses of one ALTER.
///
/// Only migrations with a clause may come in company; see [`Migration::clause`]. A column that has to go for them goes
/// in the same statement, before they come.
pub(super) fn sql(migrations: &[&Migration], table: &Table, dropped: Option<&str>) -> String {
    let template = match (migrations, dropped) {
        ([one], None) => statement(one.template).to_owned(),
        (several, dropped) => {
            let dropped = dropped.map(|column| format!("DROP COLUMN {}", quote(column)));
            let clauses = several.iter().filter_map(|migration| migration.clause()).map(str::to_owned);
            let all: Vec<String> = dropped.into_iter().chain(clauses).collect();
            format!("{ALTER}{}", all.join(", "))
        }
    };
    template.replace("{table}", &table.quoted())
}

fn statement(template: &'static str) -> &'static str {
    template.trim_end().trim_end_matches(';')
}

fn checksum(template: &str) -> String {
    let digest = Sha256::digest(template.replace("\r\n", "\n").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_count_from_one_and_files_hold_one_statement() {
        for (at, migration) in (1..).zip(all()) {
            assert_eq!(migration.version, at);
            assert_eq!(migration.template.matches(';').count(), 1, "{}", migration.name);
            assert_eq!(migration.template.matches("{table}").count(), 1, "{}", migration.name);
        }
    }

    #[test]
    fn checksums_never_change_once_released() {
        let sums: Vec<String> = all().iter().map(Migration::checksum).collect();
        assert_eq!(
            sums,
            [
                "80409f0a43e9908b41e820428fc30c2d4adf395403c22ccc97078b3893268c21",
                "23710a42e457f4ebd30d20363bad43b08c405bd6bfdebea78d9183e92aa0630a",
                "5812318ed9e07451f3c71868d0bd9bb664d9c44bae1368fddb70b5dd3ae55f31",
            ]
        );
    }

    #[test]
    fn a_checkout_with_crlf_has_the_same_checksum() {
        for migration in all() {
            assert_eq!(checksum(&migration.template.replace('\n', "\r\n")), migration.checksum());
        }
    }

    #[test]
    fn two_clauses_become_one_alter() {
        let table = Table::new("a`b").unwrap();
        let [create, key, index] = all() else { panic!("three migrations") };
        assert_eq!(
            sql(&[key, index], &table, None),
            "ALTER TABLE `a``b` ADD PRIMARY KEY (id), ADD INDEX expire_on (expire_on)"
        );
        assert_eq!(sql(&[key], &table, None), "ALTER TABLE `a``b` ADD PRIMARY KEY (id)");
        assert!(sql(&[create], &table, None).starts_with("CREATE TABLE `a``b` (\n"));
        assert_eq!(create.clause(), None);
        assert_eq!(sql(&[key], &table, Some("c")), "ALTER TABLE `a``b` DROP COLUMN `c`, ADD PRIMARY KEY (id)");
    }
}
