//! One round as lines of a log, or as a line of JSON. Pure.

use std::collections::BTreeMap;
use std::time::Instant;

use jiff::Timestamp;
use serde::Serialize;

use csqlstore::health::{Count, NodeReport, Report, Sessions};

use super::super::json::{ReportJson, milliseconds};
use super::columns::verdict_paint;
use super::layout::cluster_paint;
use super::watched::Watched;
use crate::ui::{SCHEMA_VERSION, Style, plain, seconds};

/// Writes a round as lines: one of the cluster and one of each node, with the moment in front, in words that do not
/// change and `key=value`.
pub(super) fn text(watched: &Watched, at: Timestamp, now: Instant, style: &Style) -> String {
    let report = watched.report();
    let at = shortened(at);
    let usable = report.nodes.iter().filter(|node| node.usable).count();
    let word = cluster_paint(report.verdict).on(report.verdict.as_str(), style);
    let mut lines = format!("{at} cluster {word} usable={usable}/{}", report.nodes.len());
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            lines.push_str(&format!(" {key}={value}"));
        }
    };
    put("kind", report.kind.map(|kind| kind.as_str().to_owned()));
    put("size", report.size.map(|size| size.to_string()));
    if let Some(counted) = &watched.counted {
        match &counted.outcome {
            Ok(sessions) => {
                put("active", number(sessions.active));
                put("expired", number(sessions.expired));
                put("rows", sessions.rows.map(|rows| format!("~{rows}")));
            }
            Err(reason) => put("uncounted", Some(quoted(reason))),
        }
    }
    lines.push('\n');
    for row in watched.rows(&report, now) {
        let line = row.report.map_or_else(|| "asked".to_owned(), |node| one(node, style));
        let age =
            row.age.map(seconds).filter(|age| *age >= 1.0).map_or_else(String::new, |age| format!(" age_s={age:.1}"));
        lines.push_str(&format!("{at} node {} {line}{age}\n", plain(row.name)));
    }
    lines
}

fn one(node: &NodeReport, style: &Style) -> String {
    let mut line = verdict_paint(node.verdict).on(node.verdict.as_str(), style);
    let load = &node.load;
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            line.push_str(&format!(" {key}={value}"));
        }
    };
    put("state", node.state.as_deref().map(quoted));
    put("latency_ms", node.latency.map(|latency| format!("{:.2}", milliseconds(latency))));
    let limit = load.queue_limit.map_or_else(String::new, |limit| format!("/{limit}"));
    put("queue", load.queue.map(|queue| format!("{queue}{limit}")));
    put("paused_percent", load.rates.and_then(|rates| rates.paused_percent).map(|percent| format!("{percent:.1}")));
    put("lag_s", node.lag.map(|lag| lag.as_secs().to_string()));
    put("writes_per_s", load.rates.and_then(|rates| rates.writes_per_s).map(|rate| format!("{rate:.1}")));
    put("reason", node.reason.as_deref().map(quoted));
    line
}

/// A value that is one word stays as it is.
fn quoted(value: &str) -> String {
    let word = !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:/".contains(c));
    if word { value.to_owned() } else { format!("\"{}\"", plain(value).replace('"', "'")) }
}

fn number(count: Count) -> Option<String> {
    match count {
        Count::Exactly(count) => Some(count.to_string()),
        Count::About(count) => Some(format!("~{count}")),
        Count::MoreThan(count) => Some(format!(">{count}")),
        Count::Unknown => None,
    }
}

/// A moment to the second.
pub(super) fn shortened(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

#[derive(Serialize)]
struct RoundJson<'a> {
    schema_version: u32,
    at: String,
    #[serde(flatten)]
    report: ReportJson<'a>,
    /// How old each node's answer is; `null` before its first one.
    answer_age_s: BTreeMap<&'a str, Option<f64>>,
    sessions: Option<SessionsJson<'a>>,
}

#[derive(Default, Serialize)]
struct SessionsJson<'a> {
    node: Option<&'a str>,
    age_s: f64,
    active: Option<u64>,
    active_is: Option<&'static str>,
    expired: Option<u64>,
    expired_is: Option<&'static str>,
    rows_estimate: Option<u64>,
    error: Option<&'a str>,
}

/// Returns a number and how well it is known.
fn told(count: Count) -> (Option<u64>, Option<&'static str>) {
    match count {
        Count::Exactly(count) => (Some(count), Some("exact")),
        Count::About(count) => (Some(count), Some("estimate")),
        Count::MoreThan(count) => (Some(count), Some("more")),
        Count::Unknown => (None, None),
    }
}

impl<'a> SessionsJson<'a> {
    fn of(outcome: &'a Result<Sessions, String>, age_s: f64) -> Self {
        match outcome {
            Err(error) => Self { error: Some(error), age_s, ..Self::default() },
            Ok(Sessions { node, active, expired, rows }) => {
                let ((active, active_is), (expired, expired_is)) = (told(*active), told(*expired));
                let node = Some(node.as_str());
                Self { node, age_s, active, active_is, expired, expired_is, rows_estimate: *rows, error: None }
            }
        }
    }
}

/// Writes a round as one line of JSON.
///
/// # Errors
///
/// None that any of these values can cause.
pub(super) fn json(watched: &Watched, at: Timestamp, now: Instant) -> serde_json::Result<String> {
    let report: Report = watched.report();
    let age = |row: &super::watched::Row| row.age.map(seconds);
    let counted = watched.counted.as_ref();
    let round = RoundJson {
        schema_version: SCHEMA_VERSION,
        at: at.to_string(),
        report: ReportJson::from(&report),
        answer_age_s: watched.rows(&report, now).iter().map(|row| (row.name, age(row))).collect(),
        sessions: counted
            .map(|counted| SessionsJson::of(&counted.outcome, seconds(now.saturating_duration_since(counted.at)))),
    };
    Ok(serde_json::to_string(&round)? + "\n")
}
