//! Tables that are otherwise than the migrations make them, on every node alike, where no other finding says so.

use super::super::look::{Schema, Sight};
use super::schema::{UP, expiry, new_expiry, refuses_change};
use crate::health::told;
use crate::migrate::verify::{self, Against, Difference};
use crate::migrate::{self, Misfit};
use crate::schema::{LEASE_TABLE, MIGRATIONS_TABLE, Table, quote};
use crate::{Code, Finding, Level};

/// Says of each table that is otherwise on all nodes how it is; in what nodes differ is for [`crate::health`] to say.
pub(in super::super) fn drift(
    schemas: &[verify::Sight],
    sights: &[Sight],
    table: &Table,
    leases_told: bool,
) -> Vec<Finding> {
    let verdict = verify::judge(table, schemas);
    let inspected = sights.iter().find_map(|sight| match sight.seen.as_ref().map(|server| &server.schema) {
        Ok(Schema::Read(inspected)) => Some(inspected),
        _ => None,
    });
    let misfit = inspected.and_then(|inspected| migrate::status(inspected).misfit);
    let refuses_change = inspected.is_some_and(|inspected| refuses_change(inspected));
    let mut findings = Vec::new();
    for name in [table.name(), MIGRATIONS_TABLE, LEASE_TABLE] {
        let here = |of: &&Difference| {
            let told = name == LEASE_TABLE && of.item == "table" && leases_told;
            !told
                && of.table == name
                && of.against == Against::Expected
                && !verdict.is_local(of)
                && !is_told(of, misfit.as_ref())
        };
        let differences: Vec<&Difference> = verdict.differences.iter().filter(here).collect();
        if differences.is_empty() {
            continue;
        }
        let texts: Vec<String> = differences.iter().copied().map(told).collect();
        let mut message = format!("`{name}` is not what the migrations make it: {}", texts.join(", "));
        // Whoever migrates may be about to make it so.
        let level = match &verdict.holder {
            Some(holder) => {
                message.push_str(&format!("; a migration runs now, and this may pass: {holder}"));
                Level::Warning
            }
            None => Level::Error,
        };
        findings.push(Finding::new(level, Code::SchemaDiffers, message).fix(mend(&differences, name, refuses_change)));
    }
    findings
}

/// Whether a finding about the schema says it already: of a table that cannot be migrated, of a key, an index or the table
/// itself that is pending or gone, or of the history.
fn is_told(difference: &Difference, misfit: Option<&Misfit>) -> bool {
    let Difference { table, item, expected, .. } = difference;
    match (table.as_str(), item.as_str()) {
        (LEASE_TABLE, _) => false,
        (MIGRATIONS_TABLE, item) => item.starts_with("record "),
        (_, "table" | "kind" | "engine" | "primary key") => true,
        // One that should be otherwise; one that should not be at all is not pending.
        (_, "index expire_on") => expected.is_some(),
        (_, item) => match misfit {
            Some(Misfit::Column { name } | Misfit::Type { name, .. }) => item.strip_prefix("column ") == Some(name),
            _ => false,
        },
    }
}

/// Returns the statements that make a table what it should be, on all nodes; where no row of it can be changed as it is,
/// with a key first.
fn mend(differences: &[&Difference], name: &str, refuses_change: bool) -> String {
    let quoted = quote(name);
    let (mut clauses, mut others) = (Vec::new(), Vec::new());
    for Difference { item, expected, found, .. } in differences {
        match (item.split_once(' '), expected, found) {
            _ if item == "table" => return UP.to_owned(),
            // A time that is changed to another type is one of some zone.
            (Some(("column", "expire_on")), Some(expected), Some(found)) => {
                others.push(expiry(found, &quoted, expected, refuses_change))
            }
            (Some(("column", "expire_on")), Some(expected), None) => others.push(new_expiry(&quoted, expected)),
            (Some(("column", _)), Some(expected), Some(_)) => clauses.push(format!("MODIFY {expected}")),
            (Some(("column", _)), Some(expected), None) => clauses.push(format!("ADD COLUMN {expected}")),
            // What is in it stays, and programs that do not know it can leave it out.
            (Some(("column", _)), None, Some(found)) => match nullable(found) {
                Some(column) => clauses.push(format!("MODIFY {column}")),
                None => return BY_HAND.to_owned(),
            },
            // It finds what it found, and refuses nothing.
            (Some(("index", index)), None, Some(found)) => match found.strip_prefix("UNIQUE ") {
                Some(key) if !key.contains(UNSPELT) && !key.contains("/*") => {
                    clauses.push(format!("DROP INDEX {}, ADD {key}", quote(index)));
                }
                _ => clauses.push(format!("DROP INDEX {}", quote(index))),
            },
            (Some(("primary", _)), Some(expected), Some(_)) => {
                clauses.push(format!("DROP PRIMARY KEY, ADD {expected}"));
            }
            (Some(("primary", _)), Some(expected), None) => clauses.push(format!("ADD {expected}")),
            (None, Some(expected), _) if item == "engine" => clauses.push(expected.clone()),
            _ => return BY_HAND.to_owned(),
        }
    }
    let alter = (!clauses.is_empty()).then(|| format!("ALTER TABLE {quoted} {}", clauses.join(", ")));
    alter.into_iter().chain(others).collect::<Vec<_>>().join("; ")
}

/// Where no statement can be named: what shows it whole.
const BY_HAND: &str = "csqlstore migrate verify";

/// What stands in an index for a part that is no column.
const UNSPELT: &str = "(an expression)";

/// Writes a column that must be named so that it need not be. `None` where its type is not spelt as it was: of these two
/// the values' case is lost.
fn nullable(column: &str) -> Option<String> {
    let (before, after) = column.rsplit_once(" NOT NULL")?;
    (!before.contains("` enum(") && !before.contains("` set(")).then(|| format!("{before} NULL{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(table: &str, item: &str, expected: Option<&str>, found: Option<&str>) -> Difference {
        Difference {
            nodes: vec!["n1".into()],
            against: Against::Expected,
            table: table.into(),
            item: item.into(),
            expected: expected.map(Into::into),
            found: found.map(Into::into),
        }
    }

    #[test]
    fn what_another_finding_says_is_not_said_again() {
        let narrow = Misfit::Type { name: "data", found: "varchar(9) NOT NULL".into(), wanted: "longblob" };
        let (line, other) = (Some("a line"), Some("another line"));
        for (table, item, expected, found, misfit, said) in [
            ("session_cluster", "table", line, None, None, true),
            ("session_cluster", "primary key", line, None, None, true),
            ("session_cluster", "index expire_on", line, None, None, true),
            ("session_cluster", "index expire_on", None, other, None, false),
            ("session_cluster", "column data", line, other, Some(&narrow), true),
            ("session_cluster", "column modify_at", line, other, Some(&narrow), false),
            ("session_cluster", "column data", line, other, None, false),
            (MIGRATIONS_TABLE, "record 2", line, other, None, true),
            (MIGRATIONS_TABLE, "column state", line, other, None, false),
            (LEASE_TABLE, "table", line, None, None, false),
        ] {
            assert_eq!(is_told(&difference(table, item, expected, found), misfit), said, "{table} {item}");
        }
    }

    #[test]
    fn each_difference_has_its_statement() {
        let alter = |clauses: &str| format!("ALTER TABLE `s` {clauses}");
        for (item, expected, found, fix) in [
            ("column a", Some("`a` int NULL"), Some("`a` text NULL"), alter("MODIFY `a` int NULL")),
            ("column a", Some("`a` int NULL"), None, alter("ADD COLUMN `a` int NULL")),
            ("column a", None, Some("`a` int NOT NULL"), alter("MODIFY `a` int NULL")),
            ("column a", None, Some("`a` enum('x') NOT NULL"), BY_HAND.into()),
            ("index a", None, Some("UNIQUE KEY `a` (`b`)"), alter("DROP INDEX `a`, ADD KEY `a` (`b`)")),
            ("index a", None, Some("UNIQUE KEY `a` ((an expression))"), alter("DROP INDEX `a`")),
            (
                "primary key",
                Some("PRIMARY KEY (`a`)"),
                Some("PRIMARY KEY (`b`)"),
                alter("DROP PRIMARY KEY, ADD PRIMARY KEY (`a`)"),
            ),
            ("primary key", Some("PRIMARY KEY (`a`)"), None, alter("ADD PRIMARY KEY (`a`)")),
            ("engine", Some("ENGINE=InnoDB"), Some("ENGINE=MEMORY"), alter("ENGINE=InnoDB")),
            ("table", Some("the table"), None, UP.into()),
        ] {
            assert_eq!(mend(&[&difference("s", item, expected, found)], "s", false), fix, "{item}");
        }
    }
}
