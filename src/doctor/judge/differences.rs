//! Nodes of one cluster whose tables are not alike: DDL that ran on one of them alone.

use super::super::look::{Schema, Sight};
use crate::cluster::Kind;
use crate::migrate::Found;
use crate::schema::{Index, Table, quote};
use crate::{Code, Finding, Level};

/// Says of each node whose table differs from that of most nodes how it does.
pub(in super::super) fn differences(sights: &[Sight], table: &Table) -> Vec<Finding> {
    let mut told: Vec<(&str, Kind, Option<&Found>)> = Vec::new();
    for sight in sights {
        if let Ok(server) = &sight.seen
            && let Schema::Read(inspected) = &server.schema
        {
            told.push((&sight.node, inspected.kind, inspected.table.as_ref()));
        }
    }
    let alike = |found: Option<&Found>| told.iter().filter(|(_, _, other)| difference(found, *other).is_none()).count();
    // Of equals the first, as commands take it.
    let mut reference: Option<(Option<&Found>, usize)> = None;
    for (_, _, found) in &told {
        let count = alike(*found);
        if reference.is_none_or(|(_, most)| count > most) {
            reference = Some((*found, count));
        }
    }
    let Some((reference, _)) = reference else { return Vec::new() };
    let differs = |(node, kind, found): &(&str, Kind, Option<&Found>)| {
        let Difference { text, clauses } = difference(reference, *found)?;
        let message = format!("`{table}` on node `{node}` is not what it is on the others: {text}");
        let finding = Finding::new(Level::Error, Code::SchemaDiffers, message).on(*node);
        // Only this node is to be changed: on Galera the statement must not go to the others.
        let alone = if *kind == Kind::Galera { "SET SESSION wsrep_on = OFF; " } else { "" };
        Some(match clauses {
            Some(clauses) => finding.fix(format!("{alone}ALTER TABLE {} {}", table.quoted(), clauses.join(", "))),
            // Rows of another shape: the node takes everything anew from another one.
            None => finding.fix("systemctl stop mariadb && rm /var/lib/mysql/grastate.dat && systemctl start mariadb"),
        })
    };
    told.iter().filter_map(differs).collect()
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
