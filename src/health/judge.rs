//! All nodes together: enough of them, and one cluster.

use std::collections::BTreeSet;
use std::time::Duration;

use super::between::between;
use super::certificate::certificates;
use super::clocks::clocks;
use super::grade::{NodeReport, NodeVerdict, grade, hides};
use super::mend::{self, Mends};
use super::probe::{Outcome, Reading};
use super::thresholds::Thresholds;
use crate::cluster::{Family, Kind, Vitals};
use crate::{Code, Finding, Level};

/// What the nodes are together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClusterKind {
    /// MariaDB Galera Cluster or Percona XtraDB Cluster.
    Galera,
    /// MySQL Group Replication.
    GroupReplication,
    /// Servers of which at least one follows another by asynchronous replication.
    Replica,
    /// A server on its own, or several that know nothing of each other.
    Standalone,
}

impl ClusterKind {
    /// Returns the word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Galera => "galera",
            Self::GroupReplication => "group-replication",
            Self::Replica => "replica",
            Self::Standalone => "standalone",
        }
    }
}

/// Whether the cluster does its work, in the words of monitoring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClusterVerdict {
    /// Every node is [`NodeVerdict::Ok`].
    Ok,
    /// Some node is not.
    Warning,
    /// No node is usable, fewer than a majority are, or there are two clusters where there should be one. A replica has
    /// no vote: of a source and its replicas it is enough that the source is usable.
    Critical,
}

impl ClusterVerdict {
    /// Returns the word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// What is to be said of the cluster and of each node.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What kind of cluster it is; `None` if no node says.
    pub kind: Option<ClusterKind>,
    /// The verdict.
    pub verdict: ClusterVerdict,
    /// How many members the primary component has by its own count, or how many servers on their own answer; 0 if there
    /// is no primary component, `None` if no node says.
    pub size: Option<u64>,
    /// How many nodes are configured.
    pub expected: u64,
    /// Every node, in the order of the configuration.
    pub nodes: Vec<NodeReport>,
    /// What was noticed, the worst first.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Adds what somebody else noticed.
    pub fn add(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
        self.findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    }
}

/// Concludes from what the nodes answered, by the usual thresholds.
#[must_use]
pub fn judge(readings: &[Reading]) -> Report {
    judge_by(readings, &Thresholds::default())
}

/// Concludes from what the nodes answered.
#[must_use]
pub fn judge_by(readings: &[Reading], thresholds: &Thresholds) -> Report {
    let nodes: Vec<NodeReport> = readings.iter().map(|reading| grade(reading, thresholds)).collect();
    let members: Vec<Member> = readings.iter().filter_map(Member::new).collect();
    let kind = kind(&members);
    let size = size(kind, &members);
    let expected = readings.len() as u64;
    let usable = nodes.iter().filter(|node| node.usable).count() as u64;
    let well = nodes.iter().filter(|node| node.verdict.is_well()).count() as u64;
    let mends = Mends { readings, family: mend::family(readings) };
    let mut findings: Vec<Finding> = nodes.iter().filter_map(|node| about_node(node, &mends)).collect();
    let split = split(&members, mends.family.service());
    // What may well be a replica has no vote.
    let hidden = |reading: &&Reading| matches!(&reading.outcome, Outcome::Answered(taken) if hides(taken).is_some());
    let voters = expected - readings.iter().filter(hidden).count() as u64;
    let no_majority = kind != Some(ClusterKind::Replica) && well < voters / 2 + 1;
    if usable == 0 || no_majority {
        let what = if kind == Some(ClusterKind::GroupReplication) { "are in the group" } else { "may take sessions" };
        let finding = match usable {
            0 => Finding::new(Level::Error, Code::NoUsableNode, "no node may take sessions"),
            _ => {
                let message = format!("{well} of {expected} nodes {what}, which is no majority");
                Finding::new(Level::Error, Code::NoMajority, message)
            }
        };
        findings.push(mended(finding, &nodes, &members, &mends));
    }
    let critical = split.is_some() || no_majority || usable == 0;
    findings.extend(split);
    findings.extend(mixed(&members));
    let list = members.iter().find_map(|member| member.vitals.kind().list_members());
    findings.extend(list.and_then(|list| count(size?, list, &nodes, &mends)));
    findings.extend(versions(&nodes, mends.family));
    findings.extend(between(readings, kind));
    findings.extend(spread(&nodes, thresholds.clock));
    findings.extend(clocks(&nodes, thresholds));
    findings.extend(certificates(nodes.iter().zip(readings).filter_map(asked), thresholds));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let verdict = if critical {
        ClusterVerdict::Critical
    } else if nodes.iter().any(|node| node.verdict != NodeVerdict::Ok) {
        ClusterVerdict::Warning
    } else {
        ClusterVerdict::Ok
    };
    Report { kind, verdict, size, expected, nodes, findings }
}

/// A node that answered, and when.
fn asked<'a>((node, reading): (&'a NodeReport, &Reading)) -> Option<(&'a NodeReport, jiff::Timestamp)> {
    match &reading.outcome {
        Outcome::Answered(taken) => Some((node, taken.at)),
        Outcome::Refused(_) | Outcome::Silent(_) => None,
    }
}

/// A node that answered.
struct Member<'a> {
    node: &'a str,
    vitals: &'a Vitals,
    follows: bool,
}

impl<'a> Member<'a> {
    fn new(reading: &'a Reading) -> Option<Self> {
        match &reading.outcome {
            Outcome::Answered(taken) => {
                let follows = !taken.replication.channels().is_empty();
                Some(Self { node: &reading.node, vitals: &taken.vitals, follows })
            }
            _ => None,
        }
    }

    fn primary(&self) -> bool {
        match self.vitals.kind() {
            Kind::Galera => self.vitals.get("wsrep_cluster_status") == Some("Primary"),
            Kind::GroupReplication => self.vitals.apart().is_none(),
            Kind::Standalone => false,
        }
    }

    fn size(&self) -> u64 {
        self.vitals.reached()
    }

    /// The history that its data belong to, and the variable that says so.
    fn history(&self) -> (&'static str, Option<&str>) {
        let name = match self.vitals.kind() {
            Kind::GroupReplication => "group_replication_group_name",
            Kind::Galera | Kind::Standalone => "wsrep_cluster_state_uuid",
        };
        (name, self.vitals.get(name))
    }
}

fn kind(members: &[Member]) -> Option<ClusterKind> {
    let any = |kind| members.iter().any(|member| member.vitals.kind() == kind);
    if any(Kind::Galera) {
        Some(ClusterKind::Galera)
    } else if any(Kind::GroupReplication) {
        Some(ClusterKind::GroupReplication)
    } else if members.iter().any(|member| member.follows) {
        Some(ClusterKind::Replica)
    } else {
        members.first().map(|_| ClusterKind::Standalone)
    }
}

fn size(kind: Option<ClusterKind>, members: &[Member]) -> Option<u64> {
    match kind? {
        ClusterKind::Replica | ClusterKind::Standalone => Some(members.len() as u64),
        ClusterKind::Galera | ClusterKind::GroupReplication => {
            Some(members.iter().filter(|member| member.primary()).map(Member::size).max().unwrap_or(0))
        }
    }
}

fn about_node(node: &NodeReport, mends: &Mends) -> Option<Finding> {
    let (level, code) = match node.verdict {
        NodeVerdict::Ok => return None,
        // One that waits is held up by another one, of which that is said.
        NodeVerdict::Degraded if mends.is_held_up(node) => return None,
        NodeVerdict::Degraded => (Level::Warning, Code::NodeDegraded),
        NodeVerdict::Draining => (Level::Warning, Code::NodeDraining),
        NodeVerdict::Unusable => (Level::Error, Code::NodeUnusable),
        NodeVerdict::Down => (Level::Error, Code::NodeDown),
    };
    let reason = node.reason.as_deref().unwrap_or_default();
    let message = format!("node `{}` is {}: {reason}", node.name, node.verdict.as_str());
    Some(Finding { fix: mends.of(node), ..Finding::new(level, code, message).on(&node.name) })
}

/// Says what helps where fewer nodes than a majority are usable, or none.
fn mended(finding: Finding, nodes: &[NodeReport], members: &[Member], mends: &Mends) -> Finding {
    // All are there, and each waits for the others to be the primary component: one has to be told that it is.
    let cut_off = |member: &Member| member.vitals.kind() == Kind::Galera && !member.primary();
    if finding.code == Code::NoUsableNode && members.len() == nodes.len() && members.iter().all(cut_off) {
        let newest = members.iter().max_by_key(|member| member.vitals.number("wsrep_last_committed"));
        if let Some(newest) = newest {
            return finding.on(newest.node).fix("SET GLOBAL wsrep_provider_options = 'pc.bootstrap=1'");
        }
    }
    match nodes.iter().find_map(|node| Some((&node.name, mends.of(node)?))) {
        Some((node, fix)) => finding.on(node).fix(fix),
        None => finding,
    }
}

/// Finds two primary components. A single member's view can be a moment old, so a difference in numbers alone proves
/// nothing; more primary members than the largest of their components counts do, and so do two histories.
fn split(members: &[Member], service: &str) -> Option<Finding> {
    let primary: Vec<&Member> = members.iter().filter(|member| member.primary()).collect();
    let histories: BTreeSet<&str> = primary.iter().filter_map(|member| member.history().1).collect();
    let largest = primary.iter().map(|member| member.size()).max().unwrap_or(0);
    let message = if histories.len() > 1 {
        let each: Vec<String> =
            primary.iter().map(|member| format!("{}: {}", member.node, member.history().1.unwrap_or("none"))).collect();
        format!(
            "the nodes belong to {} different clusters ({}: {})",
            histories.len(),
            primary.first().map_or("", |member| member.history().0),
            each.join(", ")
        )
    } else if primary.len() as u64 > largest {
        let each: Vec<String> =
            primary.iter().map(|member| format!("{} counts {}", member.node, member.size())).collect();
        format!("there is more than one primary component ({})", each.join(", "))
    } else {
        return None;
    };
    // The one that is to join the others anew: of the smaller component, with the older data.
    let lesser = primary.iter().min_by_key(|member| (member.size(), member.vitals.number("wsrep_last_committed")))?;
    let fix = match lesser.vitals.kind() {
        Kind::GroupReplication => "STOP GROUP_REPLICATION".to_owned(),
        _ => format!("systemctl stop {service} && rm /var/lib/mysql/grastate.dat && systemctl start {service}"),
    };
    Some(Finding::new(Level::Error, Code::SplitBrain, message).on(lesser.node).fix(fix))
}

fn mixed(members: &[Member]) -> Option<Finding> {
    let alone: Vec<&str> =
        members.iter().filter(|member| member.vitals.kind() == Kind::Standalone).map(|member| member.node).collect();
    if alone.is_empty() || alone.len() == members.len() {
        return None;
    }
    let message = format!("{} answers as a server on its own beside nodes of a cluster", alone.join(", "));
    let galera = members.iter().any(|member| member.vitals.kind() == Kind::Galera);
    let fix = if galera {
        "SET GLOBAL wsrep_on = ON; -- in my.cnf, under [mysqld]: wsrep_on = ON"
    } else {
        "START GROUP_REPLICATION; -- in my.cnf, under [mysqld]: group_replication_start_on_boot = ON"
    };
    Some(Finding::new(Level::Warning, Code::KindsDiffer, message).on(alone[0]).fix(fix))
}

/// Notices that the cluster counts another number of members than is configured; `list` is what lists them.
fn count(size: u64, list: &str, nodes: &[NodeReport], mends: &Mends) -> Option<Finding> {
    let expected = nodes.len() as u64;
    if size == 0 || size == expected {
        return None;
    }
    let message = format!("the cluster counts {size} members, and {expected} nodes are configured");
    if size > expected {
        let fix = format!("{list}; -- and in csqlstore.toml: nodes = [\"NAME=mysql://USER@HOST:PORT/DATABASE\", …]");
        return Some(Finding::new(Level::Note, Code::SizeDiffers, message).fix(fix));
    }
    let finding = Finding::new(Level::Warning, Code::SizeDiffers, message);
    let missing = nodes.iter().find(|node| matches!(node.verdict, NodeVerdict::Down | NodeVerdict::Unusable));
    Some(match missing {
        Some(node) => Finding { fix: mends.of(node), ..finding.on(&node.name) },
        None => finding,
    })
}

/// Nodes of different releases: fine while an upgrade goes round, and not for longer.
fn versions(nodes: &[NodeReport], family: Family) -> Option<Finding> {
    let release =
        |version: &str| -> Vec<u32> { version.split(['.', '-']).map_while(|part| part.parse().ok()).take(3).collect() };
    let told: Vec<(&str, Vec<u32>)> =
        nodes.iter().filter_map(|node| Some((node.name.as_str(), release(node.version.as_deref()?)))).collect();
    let newest = told.iter().map(|(_, version)| version).max()?;
    let (node, oldest) = told.iter().min_by_key(|(_, version)| version)?;
    if oldest == newest {
        return None;
    }
    // A patch apart is how every upgrade looks for an hour; a series apart means another replication protocol.
    let level = if oldest.get(..2) == newest.get(..2) { Level::Note } else { Level::Warning };
    let text = |version: &[u32]| version.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
    let message = format!("node `{node}` runs {}, and the newest of the nodes {}", text(oldest), text(newest));
    let fix = format!("apt-get install --only-upgrade {}", family.package());
    Some(Finding::new(level, Code::VersionsDiffer, message).on(*node).fix(fix))
}

fn spread(nodes: &[NodeReport], limit: Duration) -> Option<Finding> {
    let clocks = || nodes.iter().filter_map(|node| node.clock.map(|clock| (node, clock)));
    let (ahead, first) = clocks().max_by_key(|(_, clock)| clock.offset_us)?;
    let (behind, last) = clocks().min_by_key(|(_, clock)| clock.offset_us)?;
    let apart = Duration::from_micros(first.offset_us.abs_diff(last.offset_us));
    // Only what cannot be an error of measurement.
    if apart.saturating_sub(first.uncertainty + last.uncertainty) <= limit {
        return None;
    }
    let message = format!(
        "the clock of node `{}` is {} ms ahead of that of node `{}`: they disagree on which sessions have expired",
        ahead.name,
        apart.as_millis(),
        behind.name
    );
    // The one that is farther from this machine's; the finding about each clock tells more.
    let farther = if first.offset_us.unsigned_abs() < last.offset_us.unsigned_abs() { behind } else { ahead };
    Some(Finding::new(Level::Warning, Code::ClocksDiffer, message).on(&farther.name).fix("timedatectl set-ntp true"))
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
