//! Whether the session table is the same on all nodes: DDL can run on one of them alone.
//!
//! What differs is for [`verify`] to say; here it is put as findings.

use std::collections::BTreeMap;

use crate::cluster::Cluster;
use crate::migrate::verify::{self, Difference, Verdict};
use crate::schema::Table;
use crate::{Code, Finding, Level};

/// Compares the session table of all nodes, and says of each how it differs from the others'.
///
/// A node that does not tell, and a table that the account may not see, are no difference: this is an extra, which needs
/// a right that the rest of a look at nodes does not.
pub async fn definition(cluster: &Cluster, table: &Table) -> Vec<Finding> {
    // That no node answers is told by those who ask how they are.
    let Ok(mut sights) = verify::look(cluster, table).await else { return Vec::new() };
    // What is a moment old may lack what the others just got.
    sights.retain(|sight| sight.seen.as_ref().is_ok_and(|seen| seen.stale.is_none()));
    differs(&verify::judge(table, &sights), table)
}

fn differs(verdict: &Verdict, table: &Table) -> Vec<Finding> {
    // An ALTER reaches one node after the other.
    if verdict.holder.is_some() {
        return Vec::new();
    }
    let mut by_node: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let of_table = |difference: &&Difference| difference.table == table.name() && verdict.is_local(difference);
    for difference in verdict.differences.iter().filter(of_table) {
        for node in &difference.nodes {
            by_node.entry(node).or_default().push(told(difference));
        }
    }
    let finding = |(node, texts): (&str, Vec<String>)| {
        let message = format!("`{table}` on node `{node}` is not what it is on the others: {}", texts.join(", "));
        Finding::new(Level::Error, Code::SchemaDiffers, message).on(node).fix("csqlstore migrate verify")
    };
    by_node.into_iter().map(finding).collect()
}

/// Says what differs, as a fragment of a sentence about the table.
fn told(difference: &Difference) -> String {
    let Difference { item, expected, found, .. } = difference;
    let item = if item == "table" { "it" } else { item };
    match (expected, found) {
        (Some(expected), Some(found)) => format!("{item} is {found} and not {expected}"),
        (Some(_), None) => format!("{item} is missing"),
        (None, _) => format!("{item} is there"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::verify::Against;

    fn difference(nodes: &[&str], table: &str, item: &str, expected: Option<&str>, found: Option<&str>) -> Difference {
        Difference {
            nodes: nodes.iter().map(|node| (*node).to_owned()).collect(),
            against: Against::Expected,
            table: table.to_owned(),
            item: item.to_owned(),
            expected: expected.map(str::to_owned),
            found: found.map(str::to_owned),
        }
    }

    #[test]
    fn only_what_some_nodes_have_otherwise_is_between_them() {
        let table = Table::default();
        let differences = vec![
            difference(&["a", "b"], table.name(), "engine", Some("InnoDB"), Some("MyISAM")),
            difference(&["b"], table.name(), "index expire_on", Some("KEY `expire_on` (`expire_on`)"), None),
            difference(&["b"], table.name(), "column data", Some("longblob"), Some("blob")),
            difference(&["a"], "csqlstore_lease", "column owner", None, Some("int")),
        ];
        let verdict = Verdict { seen: vec!["a".into(), "b".into()], differences, ..Verdict::default() };
        let found = differs(&verdict, &table);
        let message = "`session_cluster` on node `b` is not what it is on the others: index expire_on is missing, column \
                       data is blob and not longblob";
        let told: Vec<(Option<&str>, &str)> =
            found.iter().map(|finding| (finding.node.as_deref(), finding.message.as_str())).collect();
        assert_eq!(told, [(Some("b"), message)]);
    }
}
