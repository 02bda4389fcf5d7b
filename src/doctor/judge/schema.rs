//! The table's columns and keys, and the history of its migrations, as the first node that tells has them.

use super::super::look::{Schema, Sight};
use super::literal;
use crate::cluster::ANY_KEY;
use crate::migrate::{self, Error, Found, Inspected, Misfit, Standing, State, Status};
use crate::schema::{Index, MIGRATIONS_TABLE, Table};
use crate::{Code, Finding, Level};

pub(super) const UP: &str = "csqlstore migrate up";
/// What brings again what the history says is there: under the lease, with the guards, and after a look for duplicates.
const REPAIR: &str = "csqlstore migrate repair --yes && csqlstore migrate up";

/// Judges the schema, and says of which node it could not be read.
pub(in super::super) fn schema(sights: &[Sight], table: &Table) -> Vec<Finding> {
    let mut read = None;
    let mut findings: Vec<Finding> = Vec::new();
    for sight in sights {
        match sight.seen.as_ref().map(|server| &server.schema) {
            Ok(Schema::Read(inspected)) if read.is_none() => read = Some(inspected),
            Ok(Schema::Failed(error)) => {
                let finding = failed(error, sight, table);
                // The nodes of a cluster have the same accounts, and the same history: say it once.
                let said =
                    |of: &Finding| of.code == finding.code && of.message == finding.message && of.fix == finding.fix;
                if !findings.iter().any(said) {
                    findings.push(finding);
                }
            }
            _ => {}
        }
    }
    findings.extend(read.map(|inspected| found(inspected, table)).unwrap_or_default());
    findings
}

/// The schema could not be read.
fn failed(error: &Error, sight: &Sight, table: &Table) -> Finding {
    let seen = |message: String| Finding::new(Level::Warning, Code::SchemaUnseen, message);
    match error {
        Error::NoDatabase { .. } => {
            let message = format!("the DSN of node `{}` names no database", sight.node);
            let fix = format!("csqlstore --node '{}={}/DATABASE' doctor", sight.node, bare(sight));
            Finding::new(Level::Error, Code::DatabaseMissing, message).on(&sight.node).fix(fix)
        }
        Error::Denied { grant, .. } => {
            seen("this account may not read the schema of the session table".to_owned()).fix(grant.clone())
        }
        Error::State { version, state, .. } => {
            let message =
                format!("the history has migration {version} in state `{}`, which nobody writes", state.escape_debug());
            let fix = format!("DELETE FROM `{MIGRATIONS_TABLE}` WHERE {}", of_version(table, *version));
            Finding::new(Level::Error, Code::HistoryForeign, message).fix(fix)
        }
        error => {
            let reason = match error {
                Error::Cluster(inner) => inner.reason(),
                other => other.to_string(),
            };
            seen(format!("the schema could not be read on node `{}`: {reason}", sight.node))
                .on(&sight.node)
                .fix("csqlstore migrate status")
        }
    }
}

/// The node's DSN as a URL without password and database.
fn bare(sight: &Sight) -> String {
    let mut dsn = sight.dsn.clone();
    (dsn.password, dsn.database) = (None, None);
    dsn.to_string()
}

fn of_version(table: &Table, version: u32) -> String {
    format!("session_table = {} AND version = {version}", literal(table.name()))
}

fn found(inspected: &Inspected, table: &Table) -> Vec<Finding> {
    let Status { migrations, pending: _, misfit } = migrate::status(inspected);
    let recorded = |standing: &&Standing| standing.state.is_some_and(State::is_final);
    if inspected.table.is_none() && !migrations.iter().any(|standing| recorded(&standing)) {
        let message = format!("there is no table `{table}` in `{}`", inspected.database);
        return vec![Finding::new(Level::Error, Code::TableMissing, message).fix(UP)];
    }
    let mut findings: Vec<Finding> = misfit.map(|misfit| unfit(&misfit, inspected, table)).into_iter().collect();
    if inspected.table.is_none() {
        // The first brings what the others add.
        findings.extend(migrations.iter().find(recorded).map(|standing| drift(standing, table)));
    } else {
        findings.extend(migrations.iter().filter_map(|standing| standing_of(standing, table)));
    }
    findings
        .extend(migrations.iter().filter(|standing| !standing.same_text).map(|standing| other_text(standing, table)));
    findings
}

/// What is to be said of one migration of a table that is there.
fn standing_of(standing: &Standing, table: &Table) -> Option<Finding> {
    let (version, name) = (standing.migration.version, standing.migration.name);
    let migration = format!("migration {version} ({name})");
    let finding = |level, code, message| Some(Finding::new(level, code, message).fix(UP));
    match (standing.present?, standing.state) {
        (true, Some(state)) if state.is_final() => None,
        (true, state) => {
            let record = state.map_or("not recorded".to_owned(), |state| format!("recorded as {state}"));
            finding(Level::Note, Code::MigrationUnrecorded, format!("{migration} is done, and {record}"))
        }
        (false, Some(State::Applied | State::Adopted)) => Some(drift(standing, table)),
        (false, Some(State::Running)) => {
            let message = format!("{migration} was begun and is not done: it runs now, or whoever ran it is gone");
            finding(Level::Error, Code::MigrationInterrupted, message)
        }
        (false, Some(State::Failed)) => finding(Level::Error, Code::MigrationFailed, format!("{migration} failed")),
        (false, None) => {
            let (code, lacks) = match version {
                1 => (Code::TableMissing, "is not there".to_owned()),
                2 => (
                    Code::PrimaryKeyMissing,
                    "has no primary key: on a cluster, a DELETE of 200 rows can block all writes for minutes"
                        .to_owned(),
                ),
                _ => (
                    Code::IndexMissing,
                    "has no index on expire_on: each look for expired rows reads all of them".to_owned(),
                ),
            };
            finding(Level::Error, code, format!("`{table}` {lacks} ({migration} is pending)"))
        }
    }
}

fn drift(standing: &Standing, table: &Table) -> Finding {
    let migration = standing.migration;
    let message = format!(
        "migration {} ({}) is recorded as done, and `{table}` does not have what it brings",
        migration.version, migration.name
    );
    Finding::new(Level::Error, Code::MigrationDrift, message).fix(REPAIR)
}

fn other_text(standing: &Standing, table: &Table) -> Finding {
    let migration = standing.migration;
    let message = format!(
        "migration {} ({}) is recorded with another text than this csqlstore has: another version applied it",
        migration.version, migration.name
    );
    let fix = format!(
        "UPDATE `{MIGRATIONS_TABLE}` SET checksum = '{}' WHERE {}",
        migration.checksum(),
        of_version(table, migration.version)
    );
    Finding::new(Level::Error, Code::MigrationChecksum, message).fix(fix)
}

/// How long a session lives from now on whose end nobody knows: as long as a new one, since what is kept too long does no
/// harm, and what is purged too early signs its user out.
const UNKNOWN_END: &str = "UTC_TIMESTAMP() + INTERVAL 30 DAY";

/// Adds the column of expiry. A new column that is NOT NULL has the zero date in the rows that there are, which are then
/// long expired for whoever purges.
pub(super) fn new_expiry(quoted: &str, column: &str) -> String {
    format!(
        "ALTER TABLE {quoted} ADD COLUMN {column} DEFAULT ({UNKNOWN_END}); \
         ALTER TABLE {quoted} ALTER COLUMN `expire_on` DROP DEFAULT"
    )
}

/// Makes the column of expiry what it should be, in the session's time zone of UTC: a `timestamp` becomes the `datetime` of
/// whatever zone the session has. What is no time is an error then, and not the zero date.
///
/// Where the server lets no row be changed, for the table has no key, it gets one before, which a migration replaces.
pub(super) fn expiry(found: &str, quoted: &str, column: &str, refuses_change: bool) -> String {
    // A NULL cannot stay.
    let nulls = if found.contains(" NOT NULL") {
        String::new()
    } else {
        let key = if refuses_change { format!("ALTER TABLE {quoted} {ANY_KEY}; ") } else { String::new() };
        format!("{key}UPDATE {quoted} SET `expire_on` = {UNKNOWN_END} WHERE `expire_on` IS NULL; ")
    };
    format!(
        "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE'; {nulls}ALTER TABLE {quoted} MODIFY {column}"
    )
}

/// Whether the server lets no row be changed, for the table has no key of any kind.
pub(super) fn refuses_change(inspected: &Inspected) -> bool {
    let keyed = |found: &Found| found.indexes.iter().any(Index::tells_rows_apart);
    inspected.kind.refuses_keyless_rows() && !inspected.table.as_ref().is_some_and(keyed)
}

/// The table is such that no migration can be applied to it.
fn unfit(misfit: &Misfit, inspected: &Inspected, table: &Table) -> Finding {
    let quoted = table.quoted();
    let alter = |clause: String| Some(format!("ALTER TABLE {quoted} {clause}"));
    let column = |name: &str| match name {
        "id" => "`id` char(40) CHARACTER SET ascii NOT NULL",
        "data" => "`data` longblob NOT NULL",
        "expire_on" => "`expire_on` datetime NOT NULL",
        _ => "`modify_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
    };
    let fix = match misfit {
        Misfit::Engine { .. } => alter("ENGINE=InnoDB".into()),
        Misfit::Column { name: "expire_on" } => Some(new_expiry(&quoted, column("expire_on"))),
        Misfit::Column { name } => alter(format!("ADD COLUMN {}", column(name))),
        Misfit::Type { name: "expire_on", found, .. } => {
            Some(expiry(found, &quoted, column("expire_on"), refuses_change(inspected)))
        }
        Misfit::Type { name, .. } => alter(format!("MODIFY {}", column(name))),
        Misfit::Partitioned => alter("REMOVE PARTITIONING".into()),
        Misfit::IndexName { .. } => alter("DROP INDEX `expire_on`".into()),
        Misfit::PrimaryKey { columns } => {
            let generated = matches!(columns.as_slice(), [one] if one == "my_row_id");
            // Its column has no use without the key, and an AUTO_INCREMENT cannot be without one.
            alter(if generated {
                "DROP PRIMARY KEY, DROP COLUMN `my_row_id`, ADD PRIMARY KEY (`id`)".into()
            } else {
                "DROP PRIMARY KEY, ADD PRIMARY KEY (`id`)".into()
            })
        }
        Misfit::Kind { kind } if kind == "VIEW" => Some(format!("DROP VIEW {quoted}")),
        Misfit::Kind { kind } if kind == "SYSTEM VERSIONED" => alter("DROP SYSTEM VERSIONING".into()),
        _ => None,
    };
    let message = format!("`{table}` in `{}` is no table that can be migrated: {misfit}", inspected.database);
    Finding { fix, ..Finding::new(Level::Error, Code::TableMisfit, message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_expiry_is_converted_in_utc_and_no_null_is_left() {
        let column = "`expire_on` datetime NOT NULL";
        let alter = "ALTER TABLE `s` MODIFY `expire_on` datetime NOT NULL";
        let nulls = "UPDATE `s` SET `expire_on` = UTC_TIMESTAMP() + INTERVAL 30 DAY WHERE `expire_on` IS NULL";
        let set = "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE'";
        let key = "ALTER TABLE `s` ADD my_row_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT INVISIBLE PRIMARY KEY FIRST";
        for (found, refuses_change, expected) in [
            ("timestamp NOT NULL", false, format!("{set}; {alter}")),
            ("timestamp NOT NULL", true, format!("{set}; {alter}")),
            ("timestamp NULL", false, format!("{set}; {nulls}; {alter}")),
            ("datetime NULL", false, format!("{set}; {nulls}; {alter}")),
            ("datetime NULL", true, format!("{set}; {key}; {nulls}; {alter}")),
        ] {
            assert_eq!(expiry(found, "`s`", column, refuses_change), expected, "{found}");
        }
    }
}
