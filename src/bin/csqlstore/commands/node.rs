//! `csqlstore node`.

use std::time::Duration;

use clap::{Args, Subcommand};
use serde::Serialize;

use csqlstore::cluster::Cluster;
use csqlstore::health::{self, ClusterVerdict, NodeReport, NodeVerdict, Report as Judgement};

use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{FindingJson, Report, Style, Table, Ui, findings_as_text, plain};

/// Look at the servers
#[derive(Args, Debug)]
pub(crate) struct NodeArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    Status(StatusArgs),
}

/// Show which nodes may take sessions, and why the others may not
///
/// All nodes are asked at once; one that hangs costs `--timeout` once. The report is always written; the exit status is
/// 0 if every node is well, else 1.
#[derive(Args, Debug)]
struct StatusArgs {}

pub(crate) async fn run(args: &NodeArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let NodeArgs { verb } = args;
    let cluster = cx.cluster()?;
    match verb {
        Verb::Status(StatusArgs {}) => status(cluster, ui).await,
    }
}

async fn status(cluster: &Cluster, ui: &Ui) -> Result<Status, Failure> {
    let readings = health::probe(cluster).await;
    ui.answer(&StatusReport(health::judge(&readings)))
}

/// How the nodes are.
struct StatusReport(Judgement);

#[derive(Serialize)]
struct StatusJson<'a> {
    kind: Option<&'static str>,
    verdict: &'static str,
    size: Option<u64>,
    expected: u64,
    nodes: Vec<NodeJson<'a>>,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct NodeJson<'a> {
    name: &'a str,
    address: &'a str,
    verdict: &'static str,
    usable: bool,
    reason: Option<&'a str>,
    state: Option<&'a str>,
    latency_ms: Option<f64>,
    clock_offset_ms: Option<f64>,
    clock_uncertainty_ms: Option<f64>,
    version: Option<&'a str>,
    uptime_s: Option<u64>,
}

impl<'a> From<&'a NodeReport> for NodeJson<'a> {
    fn from(report: &'a NodeReport) -> Self {
        let NodeReport { name, address, verdict, usable, reason, state, latency, clock, version, uptime } = report;
        Self {
            name,
            address,
            verdict: verdict.as_str(),
            usable: *usable,
            reason: reason.as_deref(),
            state: state.as_deref(),
            latency_ms: latency.map(milliseconds),
            clock_offset_ms: clock.map(|clock| clock.offset_us as f64 / 1000.0),
            clock_uncertainty_ms: clock.map(|clock| milliseconds(clock.uncertainty)),
            version: version.as_deref(),
            uptime_s: uptime.map(|uptime| uptime.as_secs()),
        }
    }
}

/// Milliseconds from microseconds, to the nearest.
fn rounded(us: i64) -> i64 {
    (us + 500 * us.signum()) / 1000
}

/// Milliseconds, to the microsecond.
fn milliseconds(time: Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}

impl Report for StatusReport {
    fn json(&self) -> impl Serialize {
        let Judgement { kind, verdict, size, expected, nodes, findings } = &self.0;
        StatusJson {
            kind: kind.map(|kind| kind.as_str()),
            verdict: verdict.as_str(),
            size: *size,
            expected: *expected,
            nodes: nodes.iter().map(NodeJson::from).collect(),
            findings: findings.iter().map(FindingJson::from).collect(),
        }
    }

    fn human(&self, style: &Style) -> String {
        let Judgement { kind, verdict, size: _, expected, nodes, findings } = &self.0;
        let word = match verdict {
            ClusterVerdict::Ok => style.good(verdict.as_str()),
            ClusterVerdict::Warning => style.warn(verdict.as_str()),
            ClusterVerdict::Critical => style.bad(verdict.as_str()),
        };
        let usable = nodes.iter().filter(|node| node.usable).count();
        let kind = kind.map_or_else(String::new, |kind| format!(" ({})", kind.as_str()));
        // A node without a name of its own is called by its address.
        let named = nodes.iter().any(|node| node.name != node.address);
        let headings = ["NODE", "ADDRESS", "VERDICT", "STATE", "LATENCY", "CLOCK", "VERSION"];
        let kept = |column: usize| named || column != 1;
        let headings: Vec<&str> = (0..headings.len()).filter(|i| kept(*i)).map(|i| headings[i]).collect();
        let numbers = if named { 4 } else { 3 };
        let mut table = Table::new(&headings, style).right(numbers).right(numbers + 1);
        for node in nodes {
            table.row(cells(node, style).into_iter().enumerate().filter(|(i, _)| kept(*i)).map(|(_, cell)| cell));
        }
        format!(
            "{word}: {usable} of {expected} nodes may take sessions{kind}\n\n{}{}",
            table.text(),
            findings_as_text(findings, style)
        )
    }

    fn status(&self) -> Status {
        if self.0.verdict == ClusterVerdict::Ok { Status::Done } else { Status::No }
    }
}

fn cells(node: &NodeReport, style: &Style) -> [String; 7] {
    let NodeReport { name, address, verdict, usable: _, reason: _, state, latency, clock, version, uptime: _ } = node;
    let none = || "-".to_owned();
    let word = verdict.as_str();
    [
        plain(name),
        plain(address),
        match verdict {
            NodeVerdict::Ok => style.good(word),
            NodeVerdict::Degraded | NodeVerdict::Draining => style.warn(word),
            NodeVerdict::Unusable | NodeVerdict::Down => style.bad(word),
        },
        state.as_deref().map_or_else(none, plain),
        latency.map_or_else(none, |latency| format!("{:.2} ms", milliseconds(latency))),
        clock.map_or_else(none, |clock| format!("{:+} ms", rounded(clock.offset_us))),
        // The rest of it names the build.
        version.as_deref().map_or_else(none, |version| plain(version.split('-').next().unwrap_or_default())),
    ]
}
