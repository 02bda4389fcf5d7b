//! How busy a node is: what it says of this moment, and what its counters grew by between two readings. Pure.

use std::time::Duration;

use super::thresholds::Thresholds;
use crate::cluster::Vitals;

/// How busy a node is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Load {
    /// Write sets that it has received and not applied yet; `None` where there is no such queue.
    pub queue: Option<u64>,
    /// How many may wait before it stops the cluster's writes, or in a group slows them down.
    pub queue_limit: Option<u64>,
    /// Statements that run at this moment.
    pub threads_running: Option<u64>,
    /// Connections that are open.
    pub threads_connected: Option<u64>,
    /// How many may be.
    pub max_connections: Option<u64>,
    /// What its counters grew by; `None` after one reading, or if the server was restarted between two.
    pub rates: Option<Rates>,
}

/// What a node's counters grew by between two readings. Each is `None` where there is no such counter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// How long after the first reading the second one was.
    pub interval: Duration,
    /// For how much of it flow control paused this node's writes, in percent.
    pub paused_percent: Option<f64>,
    /// INSERT, UPDATE, DELETE and REPLACE, by anybody, in a second.
    pub writes_per_s: Option<f64>,
    /// Write sets that it sent to the others in a second.
    pub replicated_per_s: Option<f64>,
    /// Write sets that it received in a second.
    pub received_per_s: Option<f64>,
    /// Transactions that lost against another node's in a second: at certification, or while they ran. Those that were
    /// run again by themselves are among them.
    pub conflicts_per_s: Option<f64>,
}

/// Statements that write rows.
const WRITES: [&str; 4] = ["com_insert", "com_update", "com_delete", "com_replace"];
/// Transactions that lost, in Galera and in a group.
const CONFLICTS: [&[&str]; 2] =
    [&["wsrep_local_cert_failures", "wsrep_local_bf_aborts"], &["count_conflicts_detected"]];
/// Write sets that were sent.
const SENT: [&[&str]; 2] = [&["wsrep_replicated"], &["count_transactions_local_proposed"]];
/// Write sets that were received; in a group, and applied.
const RECEIVED: [&[&str]; 2] = [&["wsrep_received"], &["count_transactions_remote_applied"]];

impl Load {
    pub(super) fn of(vitals: &Vitals, earlier: Option<&(Duration, Vitals)>) -> Self {
        Self {
            queue: vitals.number(&vitals.queue_name().to_ascii_lowercase()),
            queue_limit: vitals.queue_limit(),
            threads_running: vitals.number("threads_running"),
            threads_connected: vitals.number("threads_connected"),
            max_connections: vitals.number("max_connections"),
            rates: earlier.and_then(|(interval, first)| Rates::between(first, vitals, *interval)),
        }
    }

    /// Returns what slows a node down that may be used, naming the variable.
    pub(super) fn strain(&self, queue_name: &str, thresholds: &Thresholds) -> Option<String> {
        self.paused(thresholds).or_else(|| self.queued(queue_name, thresholds)).or_else(|| self.crowded(thresholds))
    }

    fn paused(&self, thresholds: &Thresholds) -> Option<String> {
        let Rates { interval, paused_percent, .. } = self.rates?;
        let percent = paused_percent.filter(|percent| *percent > thresholds.paused_percent)?;
        let ms = interval.as_millis();
        Some(format!("wsrep_flow_control_paused_ns grew by {percent:.0}% of the last {ms} ms"))
    }

    fn queued(&self, name: &str, thresholds: &Thresholds) -> Option<String> {
        let length = self.queue?;
        // A limit of one would otherwise make every write set a reason.
        let most = thresholds.queue.or(self.queue_limit)?.max(2);
        (length >= most).then(|| format!("{name} is {length}, of {most}"))
    }

    fn crowded(&self, thresholds: &Thresholds) -> Option<String> {
        let (taken, most) = (self.threads_connected?, self.max_connections.filter(|most| *most > 0)?);
        let percent = taken.saturating_mul(100) / most;
        (percent >= thresholds.connections_percent).then(|| format!("Threads_connected is {taken}, of {most}"))
    }
}

impl Rates {
    fn between(first: &Vitals, last: &Vitals, interval: Duration) -> Option<Self> {
        let seconds = interval.as_secs_f64();
        // A server that was restarted counts from zero.
        let restarted = first.number("uptime").zip(last.number("uptime")).is_some_and(|(before, now)| now < before);
        if seconds <= 0.0 || restarted {
            return None;
        }
        let grown = |name: &str| -> Option<u64> { last.number(name)?.checked_sub(first.number(name)?) };
        #[expect(clippy::cast_precision_loss, reason = "a rate is shown to three digits")]
        let per_second = |names: &[&str]| -> Option<f64> {
            let each: Option<Vec<u64>> = names.iter().map(|name| grown(name)).collect();
            Some(each?.iter().sum::<u64>() as f64 / seconds)
        };
        let either = |names: [&[&str]; 2]| names.into_iter().find_map(per_second);
        Some(Self {
            interval,
            // Nanoseconds in a second, and percent.
            paused_percent: per_second(&["wsrep_flow_control_paused_ns"]).map(|ns| (ns / 1e7).min(100.0)),
            writes_per_s: per_second(&WRITES),
            replicated_per_s: either(SENT),
            received_per_s: either(RECEIVED),
            conflicts_per_s: either(CONFLICTS),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vitals(values: &[(&str, u64)]) -> Vitals {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect();
        Vitals { values, group: None }
    }

    #[test]
    fn a_rate_is_what_grew_in_between_and_no_average_of_a_lifetime() {
        let first = [
            ("uptime", 100_000),
            ("wsrep_flow_control_paused_ns", 7_000_000_000),
            ("com_insert", 1_000_000),
            ("com_update", 5),
            ("com_delete", 0),
            ("com_replace", 0),
            ("wsrep_replicated", 10),
            ("wsrep_local_cert_failures", 3),
            ("wsrep_local_bf_aborts", 4),
        ];
        let last = [
            ("uptime", 100_001),
            ("wsrep_flow_control_paused_ns", 7_125_000_000),
            ("com_insert", 1_000_010),
            ("com_update", 15),
            ("com_delete", 5),
            ("com_replace", 0),
            ("wsrep_replicated", 10),
            ("wsrep_local_cert_failures", 3),
            ("wsrep_local_bf_aborts", 5),
        ];
        let half = Duration::from_millis(500);
        let rates = Rates::between(&vitals(&first), &vitals(&last), half).unwrap();
        let expected = Rates {
            interval: half,
            paused_percent: Some(25.0),
            writes_per_s: Some(50.0),
            replicated_per_s: Some(0.0),
            received_per_s: None,
            conflicts_per_s: Some(2.0),
        };
        assert_eq!(rates, expected);
        assert_eq!(Rates::between(&vitals(&last), &vitals(&first), half), None, "it was restarted");
        assert_eq!(Rates::between(&vitals(&first), &vitals(&last), Duration::ZERO), None);
    }

    #[test]
    fn each_sign_of_strain_names_its_variable_and_has_its_threshold() {
        let paused = |percent| Load {
            rates: Some(Rates {
                interval: Duration::from_millis(500),
                paused_percent: Some(percent),
                writes_per_s: None,
                replicated_per_s: None,
                received_per_s: None,
                conflicts_per_s: None,
            }),
            ..Load::default()
        };
        let queue = |queue, queue_limit| Load { queue: Some(queue), queue_limit, ..Load::default() };
        let connected =
            |connected, max| Load { threads_connected: Some(connected), max_connections: Some(max), ..Load::default() };
        let usual = Thresholds::default();
        let own = Thresholds { paused_percent: 50.0, queue: Some(100), connections_percent: 50, ..usual };
        for (load, thresholds, expected) in [
            (Load::default(), usual, None),
            (paused(5.0), usual, None),
            (paused(34.4), usual, Some("wsrep_flow_control_paused_ns grew by 34% of the last 500 ms")),
            (paused(34.4), own, None),
            (queue(15, Some(16)), usual, None),
            (queue(16, Some(16)), usual, Some("wsrep_local_recv_queue is 16, of 16")),
            (queue(1, Some(1)), usual, None),
            (queue(9_999, None), usual, None),
            (queue(99, Some(16)), own, None),
            (queue(100, None), own, Some("wsrep_local_recv_queue is 100, of 100")),
            (connected(269, 300), usual, None),
            (connected(270, 300), usual, Some("Threads_connected is 270, of 300")),
            (connected(150, 300), own, Some("Threads_connected is 150, of 300")),
            (connected(1, 0), usual, None),
        ] {
            assert_eq!(load.strain("wsrep_local_recv_queue", &thresholds).as_deref(), expected, "{load:?}");
        }
    }
}
