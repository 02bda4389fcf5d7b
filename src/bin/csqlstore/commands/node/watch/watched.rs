//! What is known of the nodes so far. Pure.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use csqlstore::health::{self, NodeReport, Outcome, Reading, Report, Sessions, Thresholds};

/// How many looks are remembered: as many as a wide screen shows.
const REMEMBERED: u64 = 240;

/// What one look came to.
pub(super) struct Seen {
    /// The node's place in the configuration.
    pub(super) node: usize,
    /// The how-manieth look it was to be, from 1; one that takes long leaves some out.
    pub(super) round: u64,
    pub(super) reading: Reading,
    pub(super) at: Instant,
}

/// What counting the sessions came to, and when.
pub(super) struct Counted {
    pub(super) outcome: Result<Sessions, String>,
    pub(super) at: Instant,
}

/// The nodes, as they are watched.
pub(super) struct Watched {
    nodes: Vec<Node>,
    thresholds: Thresholds,
    pub(super) counted: Option<Counted>,
}

/// One node.
struct Node {
    name: String,
    last: Option<Seen>,
    samples: VecDeque<Option<Sample>>,
}

/// What is drawn of one answer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sample {
    pub(super) latency_ms: Option<f64>,
    pub(super) queue: Option<f64>,
    pub(super) writes_per_s: Option<f64>,
}

/// One node, to be shown.
pub(super) struct Row<'a> {
    pub(super) name: &'a str,
    /// `None` before its first answer.
    pub(super) report: Option<&'a NodeReport>,
    /// `None` where there was no answer.
    pub(super) samples: &'a VecDeque<Option<Sample>>,
    /// How old the answer is.
    pub(super) age: Option<Duration>,
}

impl Sample {
    fn of(report: &NodeReport) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "it is drawn in eight steps")]
        let queue = report.load.queue.map(|queue| queue as f64);
        Self {
            latency_ms: report.latency.map(|latency| latency.as_secs_f64() * 1000.0),
            queue,
            writes_per_s: report.load.rates.and_then(|rates| rates.writes_per_s),
        }
    }
}

impl Watched {
    pub(super) fn new<'a>(names: impl IntoIterator<Item = &'a str>, thresholds: Thresholds) -> Self {
        let node = |name: &str| Node { name: name.to_owned(), last: None, samples: VecDeque::new() };
        Self { nodes: names.into_iter().map(node).collect(), thresholds, counted: None }
    }

    /// Takes what one look came to.
    pub(super) fn take(&mut self, seen: Seen) {
        let Some(node) = self.nodes.get_mut(seen.node) else { return };
        let before = node.last.as_ref().map_or(0, |last| last.round);
        // It was to be asked, and had not answered yet.
        for _ in 0..seen.round.saturating_sub(before + 1).min(REMEMBERED) {
            node.samples.push_back(None);
        }
        let sample = match &seen.reading.outcome {
            Outcome::Answered(_) => {
                let report = health::judge_by(std::slice::from_ref(&seen.reading), &self.thresholds);
                report.nodes.first().map(Sample::of)
            }
            Outcome::Refused(_) | Outcome::Silent(_) => None,
        };
        node.samples.push_back(sample);
        while node.samples.len() as u64 > REMEMBERED {
            node.samples.pop_front();
        }
        node.last = Some(seen);
    }

    /// Returns whether all nodes have been looked at in this round, or a later one.
    pub(super) fn is_complete(&self, round: u64) -> bool {
        self.nodes.iter().all(|node| node.last.as_ref().is_some_and(|last| last.round >= round))
    }

    /// Concludes from the last answer of each node that has given one.
    pub(super) fn report(&self) -> Report {
        let readings: Vec<Reading> =
            self.nodes.iter().filter_map(|node| node.last.as_ref()).map(|last| last.reading.clone()).collect();
        health::judge_by(&readings, &self.thresholds)
    }

    /// Returns the nodes with what a [report](Self::report) says of them, in the order of the configuration.
    pub(super) fn rows<'a>(&'a self, report: &'a Report, now: Instant) -> Vec<Row<'a>> {
        let mut reports = report.nodes.iter();
        let row = |node: &'a Node| Row {
            name: &node.name,
            report: node.last.as_ref().and_then(|_| reports.next()),
            samples: &node.samples,
            age: node.last.as_ref().map(|last| now.saturating_duration_since(last.at)),
        };
        self.nodes.iter().map(row).collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use csqlstore::cluster::Vitals;
    use csqlstore::health::{NodeVerdict, Taken};

    use super::*;

    pub(in super::super) fn answer(name: &str, latency: Duration, values: &[(&str, &str)]) -> Reading {
        let usual = [
            ("version", "10.11.19"),
            ("wsrep_on", "ON"),
            ("wsrep_cluster_status", "Primary"),
            ("wsrep_cluster_size", "3"),
            ("wsrep_ready", "ON"),
            ("wsrep_local_state", "4"),
            ("wsrep_local_state_comment", "Synced"),
            ("wsrep_local_recv_queue", "0"),
            ("wsrep_provider_options", "gcs.fc_limit = 16"),
        ];
        let values = usual.iter().chain(values).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let taken = Taken { vitals: Vitals { values: values.collect(), group: None }, latency, ..Taken::default() };
        Reading { node: name.to_owned(), address: "db:3306".to_owned(), outcome: Outcome::Answered(Box::new(taken)) }
    }

    pub(in super::super) fn silence(name: &str, reason: &str) -> Reading {
        let outcome = Outcome::Silent(reason.to_owned());
        Reading { node: name.to_owned(), address: "db:3306".to_owned(), outcome }
    }

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_node_that_has_not_answered_holds_nothing_up_and_leaves_a_gap() {
        let begin = Instant::now();
        let mut watched = Watched::new(["a", "b"], Thresholds::default());
        let seen = |node, round, reading, at| Seen { node, round, reading, at: begin + at };
        watched.take(seen(1, 1, answer("b", MS, &[]), MS));
        let report = watched.report();
        let rows = watched.rows(&report, begin + 3 * MS);
        assert_eq!((rows[0].name, rows[0].report.is_some(), rows[0].age), ("a", false, None));
        assert_eq!((rows[1].name, rows[1].report.map(|of| of.name.as_str())), ("b", Some("b")));
        assert_eq!(rows[1].age, Some(2 * MS));
        assert!(!watched.is_complete(1));
        watched.take(seen(0, 1, silence("a", "no answer within 3s"), MS));
        assert!(watched.is_complete(1) && !watched.is_complete(2));
        // It hung, and three looks were left out.
        watched.take(seen(0, 5, answer("a", 2 * MS, &[("wsrep_local_recv_queue", "3")]), MS));
        let report = watched.report();
        let rows = watched.rows(&report, begin);
        assert_eq!(rows[0].report.map(|of| of.verdict), Some(NodeVerdict::Ok));
        let sample = Sample { latency_ms: Some(2.0), queue: Some(3.0), writes_per_s: None };
        assert_eq!(Vec::from(rows[0].samples.clone()), [None, None, None, None, Some(sample)]);
        assert_eq!(report.size, Some(3));
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let mut watched = Watched::new(["a"], Thresholds::default());
        for round in [1, 2, u64::MAX / 2] {
            watched.take(Seen { node: 0, round, reading: answer("a", MS, &[]), at: Instant::now() });
        }
        assert_eq!(watched.nodes[0].samples.len() as u64, REMEMBERED);
        watched.take(Seen { node: 9, round: 1, reading: silence("z", ""), at: Instant::now() });
    }
}
