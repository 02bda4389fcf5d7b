//! Nodes as metrics, for node_exporter's textfile collector.

use std::time::Duration;

use csqlstore::cluster::Vitals;
use csqlstore::health::{ClusterVerdict, NodeReport, NodeVerdict, Report};
use jiff::Timestamp;

use super::super::exposition::{Exposition, Metric};

const VERDICTS: [NodeVerdict; 5] =
    [NodeVerdict::Ok, NodeVerdict::Degraded, NodeVerdict::Draining, NodeVerdict::Unusable, NodeVerdict::Down];
const STATUSES: [ClusterVerdict; 3] = [ClusterVerdict::Ok, ClusterVerdict::Warning, ClusterVerdict::Critical];

/// What is told of a node that answers: name behind the prefix, what it is, and how it is had.
type Told = (&'static str, Metric, &'static str, fn(&NodeReport) -> Option<f64>);

const TOLD: &[Told] = &[
    ("latency_seconds", Metric::Gauge, "The shortest round trip of a statement.", |node| node.latency.map(seconds)),
    ("clock_offset_seconds", Metric::Gauge, "The server's clock minus this machine's.", |node| {
        #[expect(clippy::cast_precision_loss, reason = "microseconds, of which no clock is off by 2^53")]
        node.clock.map(|clock| clock.offset_us as f64 / 1e6)
    }),
    ("clock_uncertainty_seconds", Metric::Gauge, "How far that can be wrong.", |node| {
        node.clock.map(|clock| seconds(clock.uncertainty))
    }),
    ("uptime_seconds", Metric::Gauge, "How long the server has been up.", |node| node.uptime.map(seconds)),
    ("receive_queue_length", Metric::Gauge, "Write sets received and not applied yet.", |node| number(node.load.queue)),
    ("receive_queue_limit", Metric::Gauge, "As many stop the cluster's writes.", |node| {
        number(node.load.queue.and(node.load.queue_limit))
    }),
    ("threads_running", Metric::Gauge, "Statements that run.", |node| number(node.load.threads_running)),
    ("threads_connected", Metric::Gauge, "Connections that are open.", |node| number(node.load.threads_connected)),
    ("max_connections", Metric::Gauge, "Connections that may be open.", |node| number(node.load.max_connections)),
    ("replica_lag_seconds", Metric::Gauge, "How far it is behind its source; absent where it follows none.", |node| {
        node.lag.map(seconds)
    }),
    ("replica_running", Metric::Gauge, "Whether it follows its source.", |node| {
        (!node.sources.is_empty()).then(|| flag(node.lag.is_some()))
    }),
    ("certificate_expiry_timestamp_seconds", Metric::Gauge, "When the server's certificate ends.", |node| {
        #[expect(clippy::cast_precision_loss, reason = "seconds of our age")]
        node.certificate_until.map(|until| until.as_second() as f64)
    }),
    ("flow_control_paused_seconds_total", Metric::Counter, "For how long flow control paused writes.", |node| {
        count(&node.vitals, &["wsrep_flow_control_paused_ns"]).map(|ns| ns / 1e9)
    }),
    ("questions_total", Metric::Counter, "Statements from clients.", |node| count(&node.vitals, &["questions"])),
    ("writes_total", Metric::Counter, "INSERT, UPDATE, DELETE and REPLACE.", |node| {
        count(&node.vitals, &["com_insert", "com_update", "com_delete", "com_replace"])
    }),
    ("replicated_write_sets_total", Metric::Counter, "Write sets sent to the others.", |node| {
        count(&node.vitals, &["wsrep_replicated"])
    }),
    ("received_write_sets_total", Metric::Counter, "Write sets received from the others.", |node| {
        count(&node.vitals, &["wsrep_received"])
    }),
    ("certification_failures_total", Metric::Counter, "Transactions that failed certification.", |node| {
        count(&node.vitals, &["wsrep_local_cert_failures"])
    }),
    ("brute_force_aborts_total", Metric::Counter, "Transactions that another node's broke off.", |node| {
        count(&node.vitals, &["wsrep_local_bf_aborts"])
    }),
];

/// What is measured.
#[derive(Clone, Copy)]
pub(super) struct Measured<'a> {
    /// The cluster's name.
    pub(super) cluster: &'a str,
    pub(super) report: &'a Report,
    /// How the check of it ended.
    pub(super) verdict: ClusterVerdict,
    /// When the nodes were asked.
    pub(super) at: Timestamp,
}

/// Writes all metrics.
pub(super) fn exposition(measured: &Measured<'_>) -> Exposition {
    let cluster = ("cluster", measured.cluster);
    let judged = measured.report;
    let mut all = Exposition::default();
    let gauge = |name, help| (name, Metric::Gauge, help);
    let statuses = STATUSES.iter().map(|status| {
        let labels = vec![cluster, ("status", status.as_str())];
        (labels, flag(*status == measured.verdict))
    });
    all.family(gauge("csqlstore_check_status", "How the check ended: 1 for the status that holds."), statuses);
    let at = Duration::from_millis(u64::try_from(measured.at.as_millisecond()).unwrap_or(0));
    let help = "When the nodes were asked: this is no news for ever.";
    all.family(gauge("csqlstore_check_timestamp_seconds", help), [(vec![cluster], seconds(at))]);
    let usable = judged.nodes.iter().filter(|node| node.usable).count() as u64;
    for (name, help, value) in [
        ("csqlstore_cluster_size", "Members of the primary component by its own count.", judged.size),
        ("csqlstore_cluster_nodes", "Nodes that are configured.", Some(judged.expected)),
        ("csqlstore_cluster_usable_nodes", "Nodes that may take sessions.", Some(usable)),
    ] {
        all.family(gauge(name, help), number(value).map(|value| (vec![cluster], value)));
    }
    let kind = judged.kind.map(|kind| (vec![cluster, ("kind", kind.as_str())], 1.0));
    all.family(gauge("csqlstore_cluster_info", "What kind of cluster it is."), kind);
    let nodes = || judged.nodes.iter().map(|node| (vec![cluster, ("node", node.name.as_str())], node));
    let up = nodes().map(|(labels, node)| (labels, flag(node.verdict != NodeVerdict::Down)));
    all.family(gauge("csqlstore_node_up", "Whether it answers."), up);
    let help = "Whether sessions may be written there.";
    all.family(gauge("csqlstore_node_usable", help), nodes().map(|(labels, node)| (labels, flag(node.usable))));
    let verdicts = nodes().flat_map(|(labels, node)| {
        VERDICTS.iter().map(move |verdict| {
            ([&labels[..], &[("verdict", verdict.as_str())]].concat(), flag(*verdict == node.verdict))
        })
    });
    all.family(gauge("csqlstore_node_verdict", "How it is: 1 for the verdict that holds."), verdicts);
    let info = nodes().map(|(labels, node)| {
        let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        (labels, node, text(&node.version), text(&node.state))
    });
    let info: Vec<_> = info.collect();
    let info = info.iter().map(|(labels, node, version, state)| {
        let more = [("address", node.address.as_str()), ("version", version.as_str()), ("state", state.as_str())];
        ([&labels[..], &more].concat(), 1.0)
    });
    all.family(gauge("csqlstore_node_info", "What it is."), info);
    for (name, metric, help, told) in TOLD {
        let name = format!("csqlstore_node_{name}");
        let samples = nodes().filter_map(|(labels, node)| Some((labels, told(node)?)));
        all.family((&name, *metric, help), samples);
    }
    all.family(gauge("csqlstore_findings", "What was noticed, by code and node."), findings(measured));
    all
}

/// Findings, those of one code on one node counted together.
fn findings<'a>(measured: &Measured<'a>) -> Vec<(Vec<(&'a str, &'a str)>, f64)> {
    let mut counted: Vec<(Vec<(&str, &str)>, f64)> = Vec::new();
    for finding in &measured.report.findings {
        let labels = vec![
            ("cluster", measured.cluster),
            ("code", finding.code.as_str()),
            ("level", finding.level.as_str()),
            ("node", finding.node.as_deref().unwrap_or_default()),
        ];
        match counted.iter_mut().find(|(of, _)| *of == labels) {
            Some((_, count)) => *count += 1.0,
            None => counted.push((labels, 1.0)),
        }
    }
    counted
}

/// The sum of counters that the node has.
fn count(vitals: &Vitals, names: &[&str]) -> Option<f64> {
    let each: Option<Vec<u64>> = names.iter().map(|name| vitals.number(name)).collect();
    number(Some(each?.iter().sum()))
}

fn number(value: Option<u64>) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a metric is a float")]
    value.map(|value| value as f64)
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

fn flag(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}
