//! `csqlstore node status`.

use clap::Args;
use serde::Serialize;

use csqlstore::Code;
use csqlstore::cluster::On;
use csqlstore::health::{ClusterVerdict, NodeReport, NodeVerdict, Rates, Report as Judgement};

use super::json::{ReportJson, milliseconds};
use super::look::{LookArgs, narrowed, summary};
use crate::context::Context;
use crate::failure::{Failure, Status};
use crate::ui::{Report, Style, Table, Ui, findings_as_text, plain};

/// Show which nodes may take sessions, and why the others may not
///
/// All nodes are asked at once; one that hangs costs `--timeout` once. The report is always written; the exit status is
/// 0 if every node is well, else 1. A secondary of Group Replication and a replica that is read-only are well, and take no
/// sessions. What is noticed between nodes stands below, with what to do about it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  csqlstore node status
  csqlstore node status --on n2                one node, judged by itself
  csqlstore node status --load                 with queues, flow control and rates
  csqlstore node status --interval 5s --load   what happens within five seconds
  csqlstore node status --format json | jq -r '.nodes[] | select(.usable) | .name'")]
pub(super) struct StatusArgs {
    /// Show this node alone
    #[arg(long, value_name = "NAME|auto", default_value = "auto", hide_default_value = true)]
    on: On,
    /// Show how busy the nodes are too
    #[arg(long)]
    load: bool,
    #[command(flatten)]
    look: LookArgs,
}

pub(super) async fn run(args: &StatusArgs, cx: &Context, ui: &Ui) -> Result<Status, Failure> {
    let StatusArgs { on, load, look } = args;
    // A table is compared with the others', who are not asked about one node.
    let table = (*on == On::Auto).then(|| cx.table());
    let mut report = look.look(&narrowed(cx.cluster()?, on)?, table).await;
    if table.is_none() {
        // How many there should be is known to nobody who asked about one.
        report.findings.retain(|finding| !about_all(finding.code));
    }
    ui.answer(&StatusReport { report, load: *load })
}

/// Whether a finding is about how many nodes there are.
fn about_all(code: Code) -> bool {
    matches!(code, Code::NoUsableNode | Code::NoMajority | Code::SizeDiffers)
}

/// How the nodes are.
struct StatusReport {
    report: Judgement,
    load: bool,
}

impl Report for StatusReport {
    fn json(&self) -> impl Serialize {
        ReportJson::from(&self.report)
    }

    fn human(&self, style: &Style) -> String {
        let load = if self.load { format!("\n{}", load(&self.report.nodes, style)) } else { String::new() };
        format!("{}{load}{}", nodes(&self.report, style), findings_as_text(&self.report.findings, style))
    }

    fn status(&self) -> Status {
        if self.report.verdict == ClusterVerdict::Ok { Status::Done } else { Status::No }
    }
}

/// Paints the word for a verdict.
pub(super) fn word(verdict: ClusterVerdict, style: &Style) -> String {
    let word = verdict.as_str();
    match verdict {
        ClusterVerdict::Ok => style.good(word),
        ClusterVerdict::Warning => style.warn(word),
        ClusterVerdict::Critical => style.bad(word),
    }
}

/// Writes the verdict and a table of the nodes.
pub(super) fn nodes(report: &Judgement, style: &Style) -> String {
    let Judgement { verdict, nodes, .. } = report;
    let word = word(*verdict, style);
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
    format!("{word}: {}\n\n{}", summary(report), table.text())
}

fn cells(node: &NodeReport, style: &Style) -> [String; 7] {
    let none = || "-".to_owned();
    let word = node.verdict.as_str();
    [
        plain(&node.name),
        plain(&node.address),
        match node.verdict {
            NodeVerdict::Ok => style.good(word),
            NodeVerdict::Degraded | NodeVerdict::Draining => style.warn(word),
            NodeVerdict::Unusable | NodeVerdict::Down => style.bad(word),
        },
        node.state.as_deref().map_or_else(none, plain),
        node.latency.map_or_else(none, |latency| format!("{:.2} ms", milliseconds(latency))),
        node.clock.map_or_else(none, |clock| {
            // Where both are on one machine the error is no matter.
            let error = match rounded(i64::try_from(clock.uncertainty.as_micros()).unwrap_or(i64::MAX)) {
                0 => String::new(),
                ms => format!(" ±{ms}"),
            };
            format!("{:+}{error} ms", rounded(clock.offset_us))
        }),
        // The rest of it names the build.
        node.version.as_deref().map_or_else(none, |version| plain(version.split('-').next().unwrap_or_default())),
    ]
}

/// Milliseconds from microseconds, to the nearest.
fn rounded(us: i64) -> i64 {
    us.saturating_add(500 * us.signum()) / 1000
}

/// Writes a table of how busy the nodes are.
fn load(nodes: &[NodeReport], style: &Style) -> String {
    let headings = ["NODE", "QUEUE", "PAUSED", "LAG", "WRITES/S", "OUT/S", "IN/S", "CONFLICTS/S", "CONNECTIONS"];
    let mut table = Table::new(&headings, style);
    for column in 1..headings.len() {
        table = table.right(column);
    }
    for node in nodes {
        let none = || "-".to_owned();
        let of = |some: Option<u64>, most: Option<u64>| match (some, most) {
            (Some(some), Some(most)) => format!("{some}/{most}"),
            (Some(some), None) => some.to_string(),
            (None, _) => none(),
        };
        let rate = |which: fn(&Rates) -> Option<f64>| {
            node.load.rates.as_ref().and_then(which).map_or_else(none, |rate| format!("{rate:.1}"))
        };
        table.row([
            plain(&node.name),
            of(node.load.queue, node.load.queue.and(node.load.queue_limit)),
            node.load.rates.and_then(|rates| rates.paused_percent).map_or_else(none, |paused| format!("{paused:.1}%")),
            node.lag.map_or_else(none, |lag| format!("{} s", lag.as_secs())),
            rate(|rates| rates.writes_per_s),
            rate(|rates| rates.replicated_per_s),
            rate(|rates| rates.received_per_s),
            rate(|rates| rates.conflicts_per_s),
            of(node.load.threads_connected, node.load.max_connections),
        ]);
    }
    table.text()
}
