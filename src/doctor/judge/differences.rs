//! Nodes of one cluster whose tables are not alike: DDL that ran on one of them alone.

use super::super::look::{Schema, Server, Sight};
use crate::cluster::{Family, Kind};
use crate::migrate::{Found, Inspected};
use crate::schema::{Index, Table, quote};
use crate::{Code, Finding, Level};

/// Says of each node whose table differs from that of most nodes how it does.
pub(in super::super) fn differences(sights: &[Sight], table: &Table) -> Vec<Finding> {
    let mut told: Vec<(&Sight, &Server, &Inspected)> = Vec::new();
    for sight in sights {
        if let Ok(server) = &sight.seen
            && let Schema::Read(inspected) = &server.schema
        {
            told.push((sight, server, inspected));
        }
    }
    let alike = |found: Option<&Found>| {
        told.iter().filter(|(.., other)| difference(found, other.table.as_ref()).is_none()).count()
    };
    // Of equals the first, as commands take it.
    let mut reference: Option<(Option<&Found>, usize)> = None;
    for (.., inspected) in &told {
        let (found, count) = (inspected.table.as_ref(), alike(inspected.table.as_ref()));
        if reference.is_none_or(|(_, most)| count > most) {
            reference = Some((found, count));
        }
    }
    let Some((reference, _)) = reference else { return Vec::new() };
    let differs = |(sight, server, inspected): &(&Sight, &Server, &Inspected)| {
        let Difference { text, clauses } = difference(reference, inspected.table.as_ref())?;
        let node = sight.node.as_str();
        let message = format!("`{table}` on node `{node}` is not what it is on the others: {text}");
        let finding = Finding::new(Level::Error, Code::SchemaDiffers, message).on(node);
        Some(finding.fix(match clauses {
            Some(clauses) => {
                alter_alone(server, inspected.kind, &format!("ALTER TABLE {} {}", table.quoted(), clauses.join(", ")))
            }
            // Rows of another shape: the node takes everything anew from another one.
            None => take_all_anew(server, inspected.kind),
        }))
    };
    told.iter().filter_map(differs).collect()
}

/// Writes what changes this node alone: the statement must not go to the others, whose tables are as they should be.
fn alter_alone(server: &Server, kind: Kind, alter: &str) -> String {
    let alone = kind.alone().map(|alone| format!("{alone}; ")).unwrap_or_default();
    let secondary = server.variables.get("super_read_only").is_some_and(|value| value == "ON");
    if kind == Kind::GroupReplication && secondary {
        return format!("{alone}SET GLOBAL super_read_only = OFF; {alter}; SET GLOBAL super_read_only = ON");
    }
    format!("{alone}{alter}")
}

/// Writes what lets a node give up its data for another one's.
fn take_all_anew(server: &Server, kind: Kind) -> String {
    let service = Family::of_version(server.variables.get("version").map_or("", String::as_str)).service();
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

/// How a table differs from another.
struct Difference {
    text: String,
    /// What makes it the same, if ALTER can do that without touching rows.
    clauses: Option<Vec<String>>,
}

fn difference(wanted: Option<&Found>, found: Option<&Found>) -> Option<Difference> {
    let (wanted, found) = match (wanted, found) {
        (None, None) => return None,
        (Some(_), None) => return Some(Difference { text: "it is not there".into(), clauses: None }),
        (None, Some(_)) => return Some(Difference { text: "it is there, and not on them".into(), clauses: None }),
        (Some(wanted), Some(found)) => (wanted, found),
    };
    let mut texts = Vec::new();
    let mut clauses = Some(Vec::new());
    let columns = |of: &Found| -> Vec<String> {
        let null = |nullable| if nullable { "" } else { " NOT NULL" };
        let each = of.columns.iter();
        each.map(|c| format!("{} {}{}", c.name.to_lowercase(), c.column_type.to_lowercase(), null(c.nullable)))
            .collect()
    };
    if columns(wanted) != columns(found) || wanted.kind != found.kind || wanted.engine != found.engine {
        texts.push("its columns, kind or engine differ".to_owned());
        clauses = None;
    }
    let same =
        |a: &Index, b: &Index| a.name.eq_ignore_ascii_case(&b.name) && a.parts == b.parts && a.unique == b.unique;
    for index in found.indexes.iter().filter(|index| !wanted.indexes.iter().any(|other| same(index, other))) {
        texts.push(format!("index `{}` is there", index.name));
        edit(&mut clauses, index, format!("DROP INDEX {}", quote(&index.name)));
    }
    for index in wanted.indexes.iter().filter(|index| !found.indexes.iter().any(|other| same(index, other))) {
        texts.push(format!("index `{}` is missing", index.name));
        let parts: Vec<String> = index
            .parts
            .iter()
            .map(|part| {
                let prefix = part.prefix.map_or(String::new(), |prefix| format!("({prefix})"));
                format!("{}{prefix}", quote(&part.column))
            })
            .collect();
        let unique = if index.unique { "UNIQUE " } else { "" };
        edit(&mut clauses, index, format!("ADD {unique}INDEX {} ({})", quote(&index.name), parts.join(", ")));
    }
    (!texts.is_empty()).then(|| Difference { text: texts.join(", "), clauses })
}

/// Adds a clause; a primary key is how the others' changes find their rows here, and is not changed beside them.
fn edit(clauses: &mut Option<Vec<String>>, index: &Index, clause: String) {
    match clauses {
        Some(list) if !index.is_primary() => list.push(clause),
        _ => *clauses = None,
    }
}
