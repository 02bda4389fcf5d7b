//! From a report to the one word that monitoring wants, measured against what somebody expects. Pure.

use super::grade::{NodeReport, NodeVerdict};
use super::judge::{ClusterKind, ClusterVerdict, Report};
use crate::{Code, Finding, Level};

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All nodes together.
    Cluster,
    /// The one node that was asked.
    Node,
}

/// What somebody expects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// How many members the cluster is to have by its own count.
    pub size: Option<u64>,
    /// What kind of cluster it is to be.
    pub kind: Option<ClusterKind>,
}

/// What it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The word.
    pub verdict: ClusterVerdict,
    /// Why, the worst first; empty if all is as it should be.
    pub problems: Vec<String>,
}

/// Concludes: a cluster's verdict or a node's, what is expected and is not so, and at least a warning for whatever else
/// was noticed that is more than a note.
#[must_use]
pub fn check(report: &Report, scope: Scope, expected: &Expected) -> Check {
    let mut problems: Vec<(ClusterVerdict, String)> = Vec::new();
    for node in &report.nodes {
        problems.extend(about(node, scope));
    }
    for finding in report.findings.iter().filter(|finding| counts(finding, scope, expected)) {
        let critical = matches!(finding.code, Code::NoUsableNode | Code::NoMajority | Code::SplitBrain);
        problems
            .push((if critical { ClusterVerdict::Critical } else { ClusterVerdict::Warning }, finding.message.clone()));
    }
    problems.extend(missed(report, expected));
    // What decides first; a stable sort keeps the rest in its order.
    problems.sort_by_key(|(verdict, _)| std::cmp::Reverse(*verdict));
    let worst = problems.first().map_or(ClusterVerdict::Ok, |(verdict, _)| *verdict);
    let verdict = if scope == Scope::Cluster { report.verdict } else { ClusterVerdict::Ok };
    Check { verdict: worst.max(verdict), problems: problems.into_iter().map(|(_, text)| text).collect() }
}

fn about(node: &NodeReport, scope: Scope) -> Option<(ClusterVerdict, String)> {
    let verdict = match (node.verdict, scope) {
        (NodeVerdict::Ok, _) => return None,
        (NodeVerdict::Degraded | NodeVerdict::Draining, _) => ClusterVerdict::Warning,
        // Of several nodes the others go on; whether that is enough of them is another question.
        (NodeVerdict::Unusable | NodeVerdict::Down, Scope::Cluster) => ClusterVerdict::Warning,
        (NodeVerdict::Unusable | NodeVerdict::Down, Scope::Node) => ClusterVerdict::Critical,
    };
    let reason = node.reason.as_deref().unwrap_or_default();
    Some((verdict, format!("{} is {}: {reason}", node.name, node.verdict.as_str())))
}

/// Whether a finding says more than the nodes' own verdicts do.
fn counts(finding: &Finding, scope: Scope, expected: &Expected) -> bool {
    match finding.code {
        Code::NodeDown | Code::NodeUnusable | Code::NodeDraining | Code::NodeDegraded => false,
        // Who says how many there should be is told by that.
        Code::SizeDiffers if expected.size.is_some() => false,
        Code::NoUsableNode | Code::NoMajority => scope == Scope::Cluster,
        _ => finding.level > Level::Note,
    }
}

/// What is not as somebody expects.
fn missed(report: &Report, expected: &Expected) -> Vec<(ClusterVerdict, String)> {
    let mut missed = Vec::new();
    if let Some(wanted) = expected.kind
        && report.kind.is_some_and(|kind| kind != wanted)
    {
        let kind = report.kind.map_or("unknown", ClusterKind::as_str);
        missed.push((ClusterVerdict::Critical, format!("the kind is {kind}, and {} is expected", wanted.as_str())));
    }
    if let Some(wanted) = expected.size
        && let Some(size) = report.size
        && size != wanted
    {
        // Half of them and fewer cannot go on by themselves.
        let verdict = if size < wanted / 2 + 1 { ClusterVerdict::Critical } else { ClusterVerdict::Warning };
        missed.push((verdict, format!("the size is {size}, and {wanted} is expected")));
    }
    missed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, verdict: NodeVerdict) -> NodeReport {
        let reason = (verdict != NodeVerdict::Ok).then(|| "why".to_owned());
        NodeReport { usable: verdict.is_well(), ..NodeReport::bare(name, "", verdict, reason) }
    }

    fn report(verdict: ClusterVerdict, nodes: &[NodeVerdict], findings: &[(Level, Code)]) -> Report {
        let names = ["a", "b", "c"];
        Report {
            kind: Some(ClusterKind::Galera),
            verdict,
            size: Some(3),
            expected: nodes.len() as u64,
            nodes: nodes.iter().zip(names).map(|(verdict, name)| node(name, *verdict)).collect(),
            findings: findings.iter().map(|(level, code)| Finding::new(*level, *code, code.as_str())).collect(),
        }
    }

    /// Name, what was seen, what is asked about and expected, then: the word, and why.
    type Case = (&'static str, Report, Scope, Expected, ClusterVerdict, Vec<&'static str>);

    #[test]
    fn the_word_is_that_of_the_worst_and_its_reason_comes_first() {
        use NodeVerdict::{Degraded, Down, Draining, Ok, Unusable};
        let none = Expected::default();
        let size = |size| Expected { size: Some(size), ..none };
        let kind = |kind| Expected { kind: Some(kind), ..none };
        let warning = |nodes: &[NodeVerdict]| report(ClusterVerdict::Warning, nodes, &[(Level::Error, Code::NodeDown)]);
        let well = |findings: &[(Level, Code)]| report(ClusterVerdict::Ok, &[Ok, Ok, Ok], findings);
        let one = |verdict| report(ClusterVerdict::Critical, &[verdict], &[(Level::Error, Code::NoUsableNode)]);
        let size_is_two = Report { size: Some(2), ..well(&[(Level::Warning, Code::SizeDiffers)]) };
        let cases: Vec<Case> = vec![
            ("all well", well(&[]), Scope::Cluster, none, ClusterVerdict::Ok, vec![]),
            ("a note", well(&[(Level::Note, Code::VersionsDiffer)]), Scope::Cluster, none, ClusterVerdict::Ok, vec![]),
            (
                "a warning between nodes",
                well(&[(Level::Warning, Code::ClocksDiffer)]),
                Scope::Cluster,
                none,
                ClusterVerdict::Warning,
                vec!["clocks-differ"],
            ),
            (
                "one down",
                warning(&[Ok, Down, Ok]),
                Scope::Cluster,
                none,
                ClusterVerdict::Warning,
                vec!["b is down: why"],
            ),
            (
                "two down",
                report(ClusterVerdict::Critical, &[Ok, Down, Down], &[(Level::Error, Code::NoMajority)]),
                Scope::Cluster,
                none,
                ClusterVerdict::Critical,
                vec!["no-majority", "b is down: why", "c is down: why"],
            ),
            (
                "one of them, degraded",
                one(Degraded),
                Scope::Node,
                none,
                ClusterVerdict::Warning,
                vec!["a is degraded: why"],
            ),
            (
                "one of them, draining",
                one(Draining),
                Scope::Node,
                none,
                ClusterVerdict::Warning,
                vec!["a is draining: why"],
            ),
            (
                "one of them, unusable",
                one(Unusable),
                Scope::Node,
                none,
                ClusterVerdict::Critical,
                vec!["a is unusable: why"],
            ),
            ("one of them, down", one(Down), Scope::Node, none, ClusterVerdict::Critical, vec!["a is down: why"]),
            ("as many as expected", well(&[]), Scope::Cluster, size(3), ClusterVerdict::Ok, vec![]),
            (
                "one too few",
                size_is_two.clone(),
                Scope::Cluster,
                size(3),
                ClusterVerdict::Warning,
                vec!["the size is 2, and 3 is expected"],
            ),
            (
                "half of those expected",
                size_is_two.clone(),
                Scope::Node,
                size(4),
                ClusterVerdict::Critical,
                vec!["the size is 2, and 4 is expected"],
            ),
            (
                "as configured, whoever expects nothing",
                size_is_two,
                Scope::Cluster,
                none,
                ClusterVerdict::Warning,
                vec!["size-differs"],
            ),
            ("of that kind", well(&[]), Scope::Cluster, kind(ClusterKind::Galera), ClusterVerdict::Ok, vec![]),
            (
                "of another kind",
                well(&[]),
                Scope::Cluster,
                kind(ClusterKind::Replica),
                ClusterVerdict::Critical,
                vec!["the kind is galera, and replica is expected"],
            ),
        ];
        for (name, report, scope, expected, verdict, problems) in cases {
            let check = check(&report, scope, &expected);
            assert_eq!(
                (check.verdict, check.problems),
                (verdict, problems.into_iter().map(str::to_owned).collect()),
                "{name}"
            );
        }
    }
}
