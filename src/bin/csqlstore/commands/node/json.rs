//! Nodes as JSON, the same for every verb.

use std::time::Duration;

use serde::Serialize;

use csqlstore::health::{Load, NodeReport, Rates, Report};

use crate::ui::FindingJson;

#[derive(Serialize)]
pub(super) struct ReportJson<'a> {
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
    time_zone: Option<String>,
    event_scheduler: Option<&'a str>,
    server_id: Option<u64>,
    sources: &'a [String],
    lag_s: Option<u64>,
    certificate_until: Option<String>,
    load: Option<LoadJson>,
}

#[derive(Serialize)]
struct LoadJson {
    queue: Option<u64>,
    queue_limit: Option<u64>,
    threads_running: Option<u64>,
    threads_connected: Option<u64>,
    max_connections: Option<u64>,
    rates: Option<RatesJson>,
}

#[derive(Serialize)]
struct RatesJson {
    interval_s: f64,
    paused_percent: Option<f64>,
    writes_per_s: Option<f64>,
    replicated_per_s: Option<f64>,
    received_per_s: Option<f64>,
    conflicts_per_s: Option<f64>,
}

impl<'a> From<&'a Report> for ReportJson<'a> {
    fn from(report: &'a Report) -> Self {
        let Report { kind, verdict, size, expected, nodes, findings } = report;
        Self {
            kind: kind.map(|kind| kind.as_str()),
            verdict: verdict.as_str(),
            size: *size,
            expected: *expected,
            nodes: nodes.iter().map(NodeJson::from).collect(),
            findings: findings.iter().map(FindingJson::from).collect(),
        }
    }
}

impl<'a> From<&'a NodeReport> for NodeJson<'a> {
    fn from(report: &'a NodeReport) -> Self {
        let NodeReport {
            name,
            address,
            verdict,
            usable,
            reason,
            state,
            latency,
            clock,
            version,
            uptime,
            load,
            zone,
            event_scheduler,
            server_id,
            sources,
            lag,
            certificate_until,
            vitals: _,
        } = report;
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
            time_zone: zone.as_ref().map(ToString::to_string),
            event_scheduler: event_scheduler.as_deref(),
            server_id: *server_id,
            sources,
            lag_s: lag.map(|lag| lag.as_secs()),
            certificate_until: certificate_until.map(|until| until.to_string()),
            // A node that does not answer has none.
            load: state.as_ref().map(|_| LoadJson::from(load)),
        }
    }
}

impl From<&Load> for LoadJson {
    fn from(load: &Load) -> Self {
        let Load { queue, queue_limit, threads_running, threads_connected, max_connections, rates } = load;
        Self {
            queue: *queue,
            queue_limit: *queue_limit,
            threads_running: *threads_running,
            threads_connected: *threads_connected,
            max_connections: *max_connections,
            rates: rates.as_ref().map(RatesJson::from),
        }
    }
}

impl From<&Rates> for RatesJson {
    fn from(rates: &Rates) -> Self {
        let Rates { interval, paused_percent, writes_per_s, replicated_per_s, received_per_s, conflicts_per_s } = rates;
        let thousandths = |rate: &Option<f64>| rate.map(|rate| (rate * 1000.0).round() / 1000.0);
        Self {
            interval_s: milliseconds(*interval) / 1000.0,
            paused_percent: thousandths(paused_percent),
            writes_per_s: thousandths(writes_per_s),
            replicated_per_s: thousandths(replicated_per_s),
            received_per_s: thousandths(received_per_s),
            conflicts_per_s: thousandths(conflicts_per_s),
        }
    }
}

/// Milliseconds, to the microsecond.
pub(super) fn milliseconds(time: Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}
