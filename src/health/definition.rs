//! Nodes of one cluster whose tables are not alike: DDL that ran on one of them alone. What differs is for
//! [`verify`](crate::migrate::verify) to say.

use super::probe::{Outcome, Reading};
use crate::cluster::{Family, Kind, Vitals};
use crate::migrate::verify::{self, Difference, Sight};
use crate::schema::{LEASE_TABLE, MIGRATIONS_TABLE, Table, quote};
use crate::{Code, Finding, Level};

/// Says of each node whose tables differ from those of the others how they do.
#[must_use]
pub fn differences(sights: &[Sight], readings: &[Reading], table: &Table) -> Vec<Finding> {
    let verdict = verify::judge(table, sights);
    let mut findings = Vec::new();
    for node in &verdict.seen {
        for name in [table.name(), MIGRATIONS_TABLE, LEASE_TABLE] {
            let here = |of: &&Difference| verdict.is_local(of) && of.nodes.contains(node) && of.table == name;
            let differences: Vec<&Difference> = verdict.differences.iter().filter(here).collect();
            if differences.is_empty() {
                continue;
            }
            let texts: Vec<String> = differences.iter().copied().map(told).collect();
            let mut message =
                format!("`{name}` on node `{node}` is not what it is on the others: {}", texts.join(", "));
            // An ALTER reaches one node after the other.
            let level = match &verdict.holder {
                Some(holder) => {
                    message.push_str(&format!("; a migration runs now, and this may pass: {holder}"));
                    Level::Warning
                }
                None => Level::Error,
            };
            let mend = mend(&differences, name, vitals(readings, node));
            findings.push(Finding::new(level, Code::SchemaDiffers, message).on(node).fix(mend));
        }
    }
    findings
}

fn vitals<'a>(readings: &'a [Reading], node: &str) -> Option<&'a Vitals> {
    readings.iter().find_map(|reading| match &reading.outcome {
        Outcome::Answered(taken) if reading.node == node => Some(&taken.vitals),
        _ => None,
    })
}

/// Says what differs, as a fragment of a sentence about the table.
pub(crate) fn told(difference: &Difference) -> String {
    let Difference { item, expected, found, .. } = difference;
    let item = match item.split_once(' ') {
        Some((what @ ("index" | "column"), name)) => format!("{what} {}", quote(name)),
        _ if item == "table" => "it".to_owned(),
        _ => item.clone(),
    };
    match (expected, found) {
        (Some(expected), Some(found)) => format!("{item} is {found} and not {expected}"),
        (Some(_), None) => format!("{item} is missing"),
        (None, _) => format!("{item} is there"),
    }
}

/// Returns what makes a node like the others: a statement that must not go to them, or their data.
fn mend(differences: &[&Difference], name: &str, vitals: Option<&Vitals>) -> String {
    let kind = vitals.map_or(Kind::Standalone, Vitals::kind);
    let clauses: Option<Vec<String>> = differences.iter().copied().map(clauses).collect();
    let Some(clauses) = clauses else { return take_all_anew(kind, vitals) };
    let alone = kind.alone();
    let alter = format!("ALTER TABLE {} {}", quote(name), clauses.join(", "));
    // A secondary takes no statement but the primary's.
    if vitals.is_some_and(Vitals::is_secondary) {
        return format!(
            "{alone}; SET GLOBAL super_read_only = OFF; {alter}; SET GLOBAL super_read_only = ON; \
             -- the last one even if the ALTER fails"
        );
    }
    format!("{alone}; {alter}")
}

/// Writes what lets a node give up its data for another one's, where rows are of another shape.
fn take_all_anew(kind: Kind, vitals: Option<&Vitals>) -> String {
    let service = vitals.map_or(Family::MariaDb, Vitals::family).service();
    match kind {
        Kind::Galera => {
            format!("systemctl stop {service} && rm /var/lib/mysql/grastate.dat && systemctl start {service}")
        }
        Kind::GroupReplication => "STOP GROUP_REPLICATION; SET GLOBAL clone_valid_donor_list = 'HOST:PORT'; \
             CLONE INSTANCE FROM 'USER'@'HOST':PORT IDENTIFIED BY 'PASSWORD'; \
             -- and when it is up again: START GROUP_REPLICATION"
            .to_owned(),
        // Who copies its data to whom is not to be seen from here.
        Kind::Standalone => "csqlstore migrate verify".to_owned(),
    }
}

/// Returns what ALTER can do about it without touching rows; `None` if nothing. A primary key is how the others' changes
/// find their rows here, and is not changed beside them.
fn clauses(difference: &Difference) -> Option<String> {
    let Difference { item, expected, found, .. } = difference;
    let index = item.strip_prefix("index ")?;
    // What verify cannot spell it cannot make.
    if expected.as_ref().is_some_and(|line| line.contains("(an expression)")) {
        return None;
    }
    let drop = found.as_ref().map(|_| format!("DROP INDEX {}", quote(index)));
    let add = expected.as_ref().map(|line| format!("ADD {line}"));
    Some(drop.into_iter().chain(add).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {

    use super::super::probe::Taken;
    use super::*;
    use crate::cluster::{Group, Member};
    use crate::migrate::verify::{Seen, Shape, View};
    use crate::schema::{Index, sample as index};

    fn sight(node: &str, indexes: &[Index], engine: &str) -> Sight {
        let shape = Shape {
            kind: "BASE TABLE".into(),
            engine: Some(engine.into()),
            partitioned: false,
            columns: Vec::new(),
            indexes: indexes.to_vec(),
        };
        let seen = Seen {
            database: "sessions".into(),
            session: View::There(shape),
            history_table: View::Missing,
            leases: View::Missing,
            history: Vec::new(),
            holder: None,
            stale: None,
        };
        Sight { node: node.into(), seen: Ok(seen) }
    }

    fn reading(node: &str, values: &[(&str, &str)], role: &str) -> Reading {
        let member =
            Member { id: "me".into(), address: "me:3306".into(), state: "ONLINE".into(), role: role.to_owned() };
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let vitals = Vitals { values, group: (!role.is_empty()).then(|| Group::Seen(vec![member])) };
        let taken = Taken { vitals, ..Taken::default() };
        Reading { node: node.into(), address: String::new(), outcome: Outcome::Answered(Box::new(taken)) }
    }

    #[test]
    fn what_makes_a_node_like_the_others_does_not_go_to_them() {
        const GALERA: &[(&str, &str)] = &[("wsrep_on", "ON"), ("version", "10.11.19-MariaDB")];
        const GROUP: &[(&str, &str)] =
            &[("group_replication_group_name", "g"), ("server_uuid", "me"), ("version", "9.7.4")];
        let whole = [index("PRIMARY", &["id"]), index("expire_on", &["expire_on"])];
        let keyed = [index("PRIMARY", &["id"])];
        let other = [index("PRIMARY", &["id"]), index("expire_on", &["modify_at"]), index("own", &["id"])];
        let add = "ADD KEY `expire_on` (`expire_on`)";
        let changed = format!("DROP INDEX `expire_on`, {add}, DROP INDEX `own`");
        let table = "ALTER TABLE `session_cluster`";
        for (case, values, role, odd, expected) in [
            ("galera", GALERA, "", sight("b", &keyed, "InnoDB"), format!("SET SESSION wsrep_on = OFF; {table} {add}")),
            (
                "others",
                GALERA,
                "",
                sight("b", &other, "InnoDB"),
                format!("SET SESSION wsrep_on = OFF; {table} {changed}"),
            ),
            (
                "no key",
                GALERA,
                "",
                sight("b", &[], "InnoDB"),
                "systemctl stop mariadb && rm /var/lib/mysql/grastate.dat && systemctl start mariadb".into(),
            ),
            (
                "a primary",
                GROUP,
                "PRIMARY",
                sight("b", &keyed, "InnoDB"),
                format!("SET SESSION sql_log_bin = OFF; {table} {add}"),
            ),
            (
                "a secondary",
                GROUP,
                "SECONDARY",
                sight("b", &keyed, "InnoDB"),
                format!(
                    "SET SESSION sql_log_bin = OFF; SET GLOBAL super_read_only = OFF; {table} {add}; SET GLOBAL super_read_only = ON; -- the last one even if the ALTER fails"
                ),
            ),
            (
                "a member of another engine",
                GROUP,
                "SECONDARY",
                sight("b", &whole, "MyISAM"),
                take_all_anew(Kind::GroupReplication, None),
            ),
            (
                "servers apart",
                &[("version", "9.7.4")],
                "",
                sight("b", &keyed, "InnoDB"),
                format!("SET SESSION sql_log_bin = OFF; {table} {add}"),
            ),
        ] {
            let sights = [sight("a", &whole, "InnoDB"), odd, sight("c", &whole, "InnoDB")];
            let readings = ["a", "b", "c"].map(|node| reading(node, values, role));
            let found = differences(&sights, &readings, &Table::default());
            let told: Vec<(Option<&str>, Option<&str>)> =
                found.iter().map(|finding| (finding.node.as_deref(), finding.fix.as_deref())).collect();
            assert_eq!(told, [(Some("b"), Some(expected.as_str()))], "{case}: {found:?}");
        }
    }

    #[test]
    fn what_is_alike_everywhere_is_no_difference_between_nodes() {
        let nodes = |indexes: &[Index]| ["a", "b"].map(|node| sight(node, indexes, "InnoDB"));
        let found = differences(&nodes(&[]), &[], &Table::default());
        assert_eq!(found, [], "both lack the same");
    }
}
