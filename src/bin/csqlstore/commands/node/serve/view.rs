//! What is known of the nodes at one moment.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use csqlstore::cluster::Cluster;
use csqlstore::health::{self, Expected, NodeReport, Pace, Report, Scope, Sight, Thresholds, Watch};
use jiff::Timestamp;
use serde::Serialize;

use super::super::json::{ReportJson, milliseconds};
use super::super::prometheus::{self, Measured};
use super::token::Token;
use crate::commands::exposition::Metric;

/// What all answers are made of.
pub(super) struct Served {
    cluster: String,
    watch: Watch,
    thresholds: Thresholds,
    pub(super) token: Option<Token>,
    /// How many answers were given.
    pub(super) answers: AtomicU64,
}

impl Served {
    pub(super) fn new(cluster: &Cluster, watch: Watch, thresholds: Thresholds, token: Option<Token>) -> Self {
        Self { cluster: cluster.name().to_owned(), watch, thresholds, token, answers: AtomicU64::new(0) }
    }

    /// Returns what is known now.
    pub(super) fn view(&self) -> View {
        View::new(&self.cluster, self.watch.sights(), self.watch.pace(), &self.thresholds)
    }
}

/// What is known of the nodes at one moment.
pub(super) struct View {
    pub(super) cluster: String,
    pub(super) report: Report,
    /// Of each node, in the same order.
    pub(super) looks: Vec<Look>,
    pub(super) pace: Pace,
    pub(super) now: Timestamp,
}

/// When a node was looked at.
pub(super) struct Look {
    /// How long ago, if ever.
    pub(super) age: Option<Duration>,
    pub(super) stale: bool,
    pub(super) count: u64,
}

#[derive(Serialize)]
struct ViewJson<'a> {
    schema_version: u32,
    cluster: &'a str,
    #[serde(flatten)]
    report: ReportJson<'a>,
    /// Of what is known of the node that was looked at longest ago; null if one never was.
    age_s: Option<f64>,
    max_age_s: f64,
    stale: bool,
    looks: Vec<LookJson<'a>>,
}

#[derive(Serialize)]
struct LookJson<'a> {
    node: &'a str,
    age_s: Option<f64>,
    stale: bool,
    looks: u64,
}

impl View {
    pub(super) fn new(cluster: &str, sights: Vec<Sight>, pace: Pace, thresholds: &Thresholds) -> Self {
        let (looks, readings): (Vec<Look>, Vec<_>) = sights
            .into_iter()
            .map(|Sight { reading, age, stale, looks }| (Look { age, stale, count: looks }, reading))
            .unzip();
        let report = health::judge_by(&readings, thresholds);
        Self { cluster: cluster.to_owned(), report, looks, pace, now: Timestamp::now() }
    }

    /// Returns a node.
    pub(super) fn node(&self, name: &str) -> Option<&NodeReport> {
        self.report.nodes.iter().find(|node| node.name == name)
    }

    /// Returns the nodes with when each was looked at.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (&NodeReport, &Look)> {
        self.report.nodes.iter().zip(&self.looks)
    }

    /// Returns how old the oldest is of what is known; `None` if a node was never looked at.
    pub(super) fn age(&self) -> Option<Duration> {
        let ages: Option<Vec<Duration>> = self.looks.iter().map(|look| look.age).collect();
        ages?.into_iter().max()
    }

    /// Writes it as JSON.
    pub(super) fn json(&self) -> serde_json::Result<Vec<u8>> {
        let looks = self.nodes().map(|(node, look)| LookJson {
            node: &node.name,
            age_s: look.age.map(seconds),
            stale: look.stale,
            looks: look.count,
        });
        let mut text = serde_json::to_vec_pretty(&ViewJson {
            schema_version: crate::ui::SCHEMA_VERSION,
            cluster: &self.cluster,
            report: ReportJson::from(&self.report),
            age_s: self.age().map(seconds),
            max_age_s: seconds(self.pace.max_age),
            stale: self.looks.iter().any(|look| look.stale),
            looks: looks.collect(),
        })?;
        text.push(b'\n');
        Ok(text)
    }

    /// Writes it as metrics.
    pub(super) fn metrics(&self, answers: u64) -> String {
        let verdict = health::check(&self.report, Scope::Cluster, &Expected::default()).verdict;
        let age = self.looks.iter().filter_map(|look| look.age).max();
        let at = age.and_then(|age| self.now.checked_sub(age).ok()).unwrap_or(self.now);
        let Self { cluster, report, .. } = self;
        let mut all = prometheus::exposition(&Measured { cluster, report, verdict, at });
        let nodes =
            || self.nodes().map(|(node, look)| (vec![("cluster", cluster.as_str()), ("node", &*node.name)], look));
        let ages = nodes().filter_map(|(labels, look)| Some((labels, look.age?.as_secs_f64())));
        let help = "How long ago the last look at it began that came to an end.";
        all.family(("csqlstore_serve_look_age_seconds", Metric::Gauge, help), ages);
        #[expect(clippy::cast_precision_loss, reason = "a metric is a float")]
        let looks = nodes().map(|(labels, look)| (labels, look.count as f64));
        all.family(("csqlstore_serve_looks_total", Metric::Counter, "Looks at it that came to an end."), looks);
        #[expect(clippy::cast_precision_loss, reason = "a metric is a float")]
        let answers = [(vec![("cluster", cluster.as_str())], answers as f64)];
        all.family(
            ("csqlstore_serve_answers_total", Metric::Counter, "Answers given, to HAProxy's agent too."),
            answers,
        );
        all.into_text()
    }
}

/// Seconds, to the millisecond.
fn seconds(time: Duration) -> f64 {
    milliseconds(time).round() / 1000.0
}
