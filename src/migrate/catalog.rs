//! The migrations there are: one statement a file, one clause each, `{table}` where the table's name goes. Beside each
//! lies what takes it back (`….down.sql`), which no checksum covers: nobody keeps a record of it.

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
    undo: &'static str,
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
        undo: include_str!("../../migrations/0001_session_cluster.down.sql"),
    },
    Migration {
        version: PRIMARY_KEY,
        name: "primary_key",
        template: include_str!("../../migrations/0002_primary_key.sql"),
        undo: include_str!("../../migrations/0002_primary_key.down.sql"),
    },
    Migration {
        version: EXPIRE_ON_INDEX,
        name: "expire_on_index",
        template: include_str!("../../migrations/0003_expire_on_index.sql"),
        undo: include_str!("../../migrations/0003_expire_on_index.down.sql"),
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

    /// Returns whether a recorded checksum is that of the same text with CRLF at its line ends, as a program without
    /// [`checksum`](Self::checksum)'s care would take it.
    #[must_use]
    pub fn is_checksum_of_crlf(&self, recorded: &str) -> bool {
        digest(&self.template.replace("\r\n", "\n").replace('\n', "\r\n")) == recorded
    }

    /// Returns the statement as the file has it.
    pub(super) fn template(&self) -> &'static str {
        self.template
    }

    /// Returns its statement for a table, which fails where what it brings is there already.
    #[must_use]
    pub fn sql(&self, table: &Table) -> String {
        sql(&[self], table, None)
    }

    /// Returns what stands behind `ALTER TABLE {table}`, or `None` for a statement that is no ALTER.
    pub(super) fn clause(&self) -> Option<&'static str> {
        clause(self.template)
    }
}

/// Writes the statement for migrations that belong together: one as it is, several as clauses of one ALTER.
///
/// Only migrations with a clause may come in company; see [`Migration::clause`]. A column that has to go for them goes
/// in the same statement, before they come.
pub(super) fn sql(migrations: &[&Migration], table: &Table, dropped: Option<&str>) -> String {
    joined(migrations.iter().map(|migration| migration.template), table, dropped)
}

/// Writes the statement that takes migrations back, as [`sql`] writes the one that brings them.
pub(super) fn undo(migrations: &[&Migration], table: &Table) -> String {
    joined(migrations.iter().map(|migration| migration.undo), table, None)
}

fn joined(templates: impl Iterator<Item = &'static str>, table: &Table, dropped: Option<&str>) -> String {
    let templates: Vec<&str> = templates.collect();
    let template = match (templates.as_slice(), dropped) {
        ([one], None) => statement(one).to_owned(),
        (several, dropped) => {
            let dropped = dropped.map(|column| format!("DROP COLUMN {}", quote(column)));
            let clauses = several.iter().filter_map(|template| clause(template)).map(str::to_owned);
            let all: Vec<String> = dropped.into_iter().chain(clauses).collect();
            format!("{ALTER}{}", all.join(", "))
        }
    };
    template.replace("{table}", &table.quoted())
}

fn clause(template: &'static str) -> Option<&'static str> {
    statement(template).strip_prefix(ALTER)
}

fn statement(template: &'static str) -> &'static str {
    template.trim_end().trim_end_matches(';')
}

fn checksum(template: &str) -> String {
    digest(&template.replace("\r\n", "\n"))
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_count_from_one_and_files_hold_one_statement() {
        for (at, migration) in (1..).zip(all()) {
            assert_eq!(migration.version, at);
            for text in [migration.template, migration.undo] {
                assert_eq!(text.matches(';').count(), 1, "{}", migration.name);
                assert_eq!(text.matches("{table}").count(), 1, "{}", migration.name);
            }
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
            let crlf = migration.template.replace('\n', "\r\n");
            assert_eq!(checksum(&crlf), migration.checksum());
            assert!(migration.is_checksum_of_crlf(&digest(&crlf)));
            assert!(!migration.is_checksum_of_crlf(&migration.checksum()));
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
        assert_eq!(undo(&[create], &table), "DROP TABLE `a``b`");
        assert_eq!(undo(&[index, key], &table), "ALTER TABLE `a``b` DROP INDEX expire_on, DROP PRIMARY KEY");
        assert_eq!(sql(&[key], &table, Some("c")), "ALTER TABLE `a``b` DROP COLUMN `c`, ADD PRIMARY KEY (id)");
    }
}
