//! A check as a Nagios plugin says it: one line, and performance data behind a bar.
//!
//! # Source
//!
//! Monitoring Plugins Development Guidelines: "Plugin Output for Nagios", "Performance data", "Threshold and Ranges".

use std::time::Duration;

use csqlstore::health::{ClusterVerdict, NodeReport, Scope};

use super::check::CheckReport;

/// Writes the line, with a line feed.
pub(super) fn line(report: &CheckReport<'_>) -> String {
    let word = match report.check.verdict {
        ClusterVerdict::Ok => "OK",
        ClusterVerdict::Warning => "WARNING",
        ClusterVerdict::Critical => "CRITICAL",
    };
    format!("{}{}\n", said(word, &report.text()), perfdata(report))
}

/// Writes a word and a text as a plugin says them, without a line feed.
pub(crate) fn said(word: &str, text: &str) -> String {
    // What is behind a bar is performance data, and a line is all that is read.
    format!("CSQLSTORE {word} - {}", text.replace('|', "/").split_whitespace().collect::<Vec<_>>().join(" "))
}

fn perfdata(report: &CheckReport<'_>) -> String {
    let judged = report.report;
    let mut data = Data(String::from(" |"));
    if report.scope == Scope::Cluster {
        let all = judged.nodes.len();
        let usable = judged.nodes.iter().filter(|node| node.usable).count();
        data.add("usable", count(usable), Limits { critical: "1:".into(), most: count(all), ..Limits::counted() });
    }
    if let Some(size) = judged.size {
        let warn = report.expected.size.map_or_else(String::new, |wanted| format!("{wanted}:{wanted}"));
        let critical = report.expected.size.map_or_else(String::new, |wanted| format!("{}:", wanted / 2 + 1));
        data.add("size", size.to_string(), Limits { warn, critical, ..Limits::counted() });
    }
    for node in judged.nodes.iter().filter(|node| node.state.is_some()) {
        of_node(&mut data, node, report);
    }
    data.0
}

fn of_node(data: &mut Data, node: &NodeReport, report: &CheckReport<'_>) {
    let thresholds = &report.thresholds;
    // Alone it needs no name before each.
    let label = |what: &str| match report.scope {
        Scope::Node => what.to_owned(),
        Scope::Cluster => format!("{}_{what}", node.name),
    };
    if let Some(latency) = node.latency {
        let limits = Limits { warn: seconds(thresholds.latency), ..Limits::counted() };
        data.add(&label("latency"), format!("{}s", seconds(latency)), limits);
    }
    if let Some(clock) = node.clock {
        let limit = seconds(thresholds.clock);
        #[expect(clippy::cast_precision_loss, reason = "microseconds, of which no clock is off by 2^53")]
        let offset = clock.offset_us as f64 / 1e6;
        data.add(
            &label("offset"),
            format!("{offset:.6}s"),
            Limits { warn: format!("-{limit}:{limit}"), ..Limits::none() },
        );
    }
    if let Some(queue) = node.load.queue {
        let most = thresholds.queue.or(node.load.queue_limit);
        // A range holds its ends; as many as the limit are too many already.
        let warn = most.map_or_else(String::new, |most| most.max(2).saturating_sub(1).to_string());
        data.add(&label("queue"), queue.to_string(), Limits { warn, ..Limits::counted() });
    }
    if let Some(connected) = node.load.threads_connected {
        let most = node.load.max_connections;
        let warn = most.map_or_else(String::new, |most| {
            let reached = (most.saturating_mul(thresholds.connections_percent)).div_ceil(100);
            reached.saturating_sub(1).to_string()
        });
        let most = most.map_or_else(String::new, |most| most.to_string());
        data.add(&label("connections"), connected.to_string(), Limits { warn, most, ..Limits::counted() });
    }
    if let Some(rates) = node.load.rates {
        if let Some(paused) = rates.paused_percent {
            let limits = Limits { warn: decimal(thresholds.paused_percent), most: "100".into(), ..Limits::counted() };
            data.add(&label("paused"), format!("{}%", decimal(paused)), limits);
        }
        for (what, rate) in [("writes", rates.writes_per_s), ("conflicts", rates.conflicts_per_s)] {
            if let Some(rate) = rate {
                data.add(&label(what), decimal(rate), Limits::counted());
            }
        }
    }
    if !node.sources.is_empty() {
        // U: there is a lag, and nobody knows it.
        let lag = node.lag.map_or_else(|| "U".to_owned(), |lag| format!("{}s", lag.as_secs()));
        data.add(&label("lag"), lag, Limits { warn: seconds(thresholds.lag), ..Limits::counted() });
    }
    if let Some(until) = node.certificate_until {
        let left = until.as_second() - jiff::Timestamp::now().as_second();
        let warn = format!("{}:", thresholds.certificate.as_secs());
        data.add(&label("certificate"), format!("{left}s"), Limits { warn, critical: "0:".into(), ..Limits::none() });
    }
}

/// What goes behind a value: ranges, and between what it can be.
struct Limits {
    warn: String,
    critical: String,
    least: String,
    most: String,
}

impl Limits {
    fn none() -> Self {
        Self { warn: String::new(), critical: String::new(), least: String::new(), most: String::new() }
    }

    /// Of what is never negative.
    fn counted() -> Self {
        Self { least: "0".into(), ..Self::none() }
    }
}

struct Data(String);

impl Data {
    fn add(&mut self, label: &str, value: String, limits: Limits) {
        let Limits { warn, critical, least, most } = limits;
        // Neither may stand in a label, quoted or not; a quote is doubled.
        let label = label.replace(['=', '|'], "_").replace('\'', "''");
        let text = format!(" '{label}'={value};{warn};{critical};{least};{most}");
        self.0.push_str(text.trim_end_matches(';'));
    }
}

fn count(count: usize) -> String {
    count.to_string()
}

/// Seconds to the microsecond, without zeros at the end: no plugin reads an exponent.
fn seconds(time: Duration) -> String {
    trimmed(format!("{:.6}", time.as_secs_f64()))
}

fn decimal(value: f64) -> String {
    trimmed(format!("{value:.3}"))
}

fn trimmed(text: String) -> String {
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_said_can_be_taken_for_performance_data_or_another_line() {
        assert_eq!(said("UNKNOWN", "a | b\n'c'\td"), "CSQLSTORE UNKNOWN - a / b 'c' d");
        let mut data = Data(String::new());
        data.add("/run/it's=a|b", "1".into(), Limits::counted());
        assert_eq!(data.0, " '/run/it''s_a_b'=1;;;0");
    }

    #[test]
    fn numbers_are_plain_decimals() {
        for (ns, expected) in [(0, "0"), (140_000, "0.00014"), (500_000_000, "0.5"), (10_000_000_000, "10"), (20, "0")]
        {
            assert_eq!(seconds(Duration::from_nanos(ns)), expected);
        }
        assert_eq!((decimal(0.0), decimal(12.3456), decimal(100.0)), ("0".into(), "12.346".into(), "100".into()));
    }
}
