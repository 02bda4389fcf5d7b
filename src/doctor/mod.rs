//! One look at everything: the nodes, the table's schema, and whether expired sessions go away.
//!
//! What is looked at and concluded is the business of [`health`], [`migrate`] and [`event`]; here it is gathered, and
//! each finding is said to be about one of the three. Nothing is written.

use std::error::Error as _;

use crate::cluster::{self, Class, Cluster, On};
use crate::event::{self, Question};
use crate::health;
use crate::migrate::{self, Depth};
use crate::schema::Table;
use crate::{Finding, Level};

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// The servers.
    Nodes,
    /// The session table and what is in it.
    Schema,
    /// The deletion of expired sessions.
    Cleanup,
}

/// Everything that was noticed, the worst first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examination {
    /// The findings.
    pub findings: Vec<(Subject, Finding)>,
}

impl Examination {
    /// Returns whether anything about a subject does not work.
    #[must_use]
    pub fn fails(&self, about: Subject) -> bool {
        self.findings.iter().any(|(subject, finding)| *subject == about && finding.level == Level::Error)
    }
}

/// Looks at everything. What could not be looked at is a finding too.
pub async fn examine(cluster: &Cluster, table: &Table) -> Examination {
    let (nodes, schema, cleanup) = tokio::join!(nodes(cluster), schema(cluster, table), cleanup(cluster, table));
    gather(nodes, schema, cleanup)
}

/// Puts the worst first, and leaves out what the nodes' own findings say better.
fn gather(nodes: Vec<Finding>, schema: Vec<Finding>, mut cleanup: Vec<Finding>) -> Examination {
    // Who looks at the events of a node that is down, or lets nobody in, finds that too.
    cleanup.retain(|finding| {
        let said = |of: &Finding| of.code == finding.code || (of.level == Level::Error && finding.code == "node-down");
        finding.node.is_none() || !nodes.iter().any(|of| of.node == finding.node && said(of))
    });
    let about = |subject: Subject, findings: Vec<Finding>| findings.into_iter().map(move |finding| (subject, finding));
    let mut findings: Vec<(Subject, Finding)> = about(Subject::Nodes, nodes)
        .chain(about(Subject::Schema, schema))
        .chain(about(Subject::Cleanup, cleanup))
        .collect();
    findings.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.level));
    Examination { findings }
}

async fn nodes(cluster: &Cluster) -> Vec<Finding> {
    health::judge(&health::probe(cluster).await).findings
}

/// What `migrate` would say, without the look at every row that it takes before a change.
async fn schema(cluster: &Cluster, table: &Table) -> Vec<Finding> {
    let looked = async {
        let mut usable = cluster.usable(&On::Auto).await?;
        let kind = usable.vitals.kind();
        let inspected = migrate::inspect(&mut usable.connection, kind, table, Depth::Schema).await;
        usable.connection.close().await;
        let inspected = inspected?;
        migrate::plan(&inspected, table)?;
        Ok::<_, migrate::Error>(migrate::status(&inspected))
    };
    match looked.await {
        Ok(status) => status.migrations.iter().filter(|standing| standing.is_pending()).map(pending).collect(),
        // That no node is usable is a finding about the nodes already.
        Err(migrate::Error::Cluster(cluster::Error::NoUsableNode { .. })) => Vec::new(),
        Err(error) => {
            let (level, code) = match error.class() {
                Class::Data => (Level::Error, "schema-unexpected"),
                Class::Config | Class::Node | Class::Conflict => (Level::Warning, "schema-unseen"),
            };
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            vec![Finding::new(level, code, format!("{error}{cause}")).fix("csqlstore migrate plan")]
        }
    }
}

/// A migration that is recorded nowhere; only one whose work is missing hurts.
fn pending(standing: &migrate::Standing) -> Finding {
    let migration = standing.migration;
    let (level, code, state) = match standing.present {
        Some(true) => (Level::Note, "migration-unrecorded", "is done, and not recorded"),
        _ => (Level::Error, "migration-pending", "is pending"),
    };
    let message = format!("migration {} {} {state}", migration.version, migration.name);
    Finding::new(level, code, message).fix("csqlstore migrate up")
}

async fn cleanup(cluster: &Cluster, table: &Table) -> Vec<Finding> {
    let question = Question { or_another: true, event: event::Name::of(table), table: table.clone() };
    match event::examine(cluster, &question).await {
        Ok(report) => report.findings,
        // As above: the nodes' own findings say why.
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_nodes_say_of_a_node_is_not_said_again() {
        let of = |level, code, node: &str| Finding::new(level, code, "…").on(node);
        let nodes = vec![of(Level::Error, "node-down", "n1"), of(Level::Error, "node-unusable", "n2")];
        let cleanup = vec![
            of(Level::Warning, "node-down", "n1"),
            of(Level::Warning, "node-down", "n2"),
            of(Level::Warning, "node-down", "n3"),
            of(Level::Warning, "node-behind", "n1"),
            Finding::new(Level::Error, "event-node-down", "…"),
        ];
        let examined = gather(nodes, Vec::new(), cleanup);
        let found: Vec<(Subject, &str, Option<&str>)> = examined
            .findings
            .iter()
            .map(|(subject, finding)| (*subject, finding.code, finding.node.as_deref()))
            .collect();
        assert_eq!(
            found,
            [
                (Subject::Nodes, "node-down", Some("n1")),
                (Subject::Nodes, "node-unusable", Some("n2")),
                (Subject::Cleanup, "event-node-down", None),
                (Subject::Cleanup, "node-down", Some("n3")),
                (Subject::Cleanup, "node-behind", Some("n1")),
            ]
        );
    }
}
