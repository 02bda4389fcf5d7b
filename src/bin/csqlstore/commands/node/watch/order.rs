//! In which order nodes are shown. Pure.

use std::cmp::Ordering;

use super::watched::Row;

/// What nodes are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// As they are configured.
    #[default]
    Configured,
    Name,
    /// The worst first.
    Verdict,
    /// The slowest first.
    Latency,
    /// The longest first.
    Queue,
    /// Those that are paused most first.
    Paused,
    /// The busiest first.
    Writes,
}

/// Each with its key and its name.
pub(super) const ORDERS: [(Order, char, &str); 7] = [
    (Order::Configured, 'c', "configuration"),
    (Order::Name, 'n', "name"),
    (Order::Verdict, 'v', "verdict"),
    (Order::Latency, 'l', "latency"),
    (Order::Queue, 'u', "queue"),
    (Order::Paused, 'p', "paused"),
    (Order::Writes, 'w', "writes"),
];

impl Order {
    /// Returns the order that a key stands for.
    pub(super) fn of_key(key: char) -> Option<Self> {
        ORDERS.iter().find(|(_, its, _)| *its == key).map(|(order, ..)| *order)
    }

    /// Returns the one after it.
    pub(super) fn next(self) -> Self {
        let at = ORDERS.iter().position(|(order, ..)| *order == self).unwrap_or(0);
        ORDERS[(at + 1) % ORDERS.len()].0
    }

    pub(super) fn name(self) -> &'static str {
        ORDERS.iter().find(|(order, ..)| *order == self).map_or("", |(.., name)| name)
    }

    /// What it goes by, where that is a number: the larger comes first.
    fn number(self, row: &Row) -> Option<f64> {
        let report = row.report?;
        let rates = report.load.rates;
        match self {
            Self::Configured | Self::Name => None,
            Self::Verdict => Some(f64::from(report.verdict as u8)),
            Self::Latency => report.latency.map(|latency| latency.as_secs_f64()),
            #[expect(clippy::cast_precision_loss, reason = "queues are shorter")]
            Self::Queue => report.load.queue.map(|queue| queue as f64),
            Self::Paused => rates?.paused_percent,
            Self::Writes => rates?.writes_per_s,
        }
    }
}

/// Sorts nodes that come in the order of the configuration. Those of which it is not known come last, whichever way round.
pub(super) fn sort(rows: &mut [Row], order: Order, reversed: bool) {
    let turned = |ordering: Ordering| if reversed { ordering.reverse() } else { ordering };
    match order {
        Order::Configured if reversed => rows.reverse(),
        Order::Configured => {}
        Order::Name => rows.sort_by(|a, b| turned(by_name(a.name, b.name))),
        _ => rows.sort_by(|a, b| match (order.number(a), order.number(b)) {
            (Some(a), Some(b)) => turned(b.total_cmp(&a)),
            (a, b) => b.is_some().cmp(&a.is_some()),
        }),
    }
}

/// Compares names as people count: `n2` comes before `n10`.
fn by_name(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        match (digits(a), digits(b)) {
            (0, 0) => {}
            (one, other) => {
                let (left, right) = (a[..one].trim_start_matches('0'), b[..other].trim_start_matches('0'));
                let numbers = if one == 0 || other == 0 {
                    a.cmp(b)
                } else {
                    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
                };
                if numbers != Ordering::Equal {
                    return numbers;
                }
                (a, b) = (&a[one..], &b[other..]);
                continue;
            }
        }
        let (mut left, mut right) = (a.chars(), b.chars());
        match (left.next(), right.next()) {
            (Some(one), Some(other)) if one == other => (a, b) = (left.as_str(), right.as_str()),
            (one, other) => return one.cmp(&other),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use csqlstore::health::Thresholds;

    use super::super::watched::tests::{answer, silence};
    use super::super::watched::{Seen, Watched};
    use super::*;

    #[test]
    fn names_are_compared_as_people_count() {
        for (one, expected, other) in [
            ("n2", Ordering::Less, "n10"),
            ("n10", Ordering::Greater, "n9"),
            ("n1", Ordering::Less, "n1a"),
            ("a", Ordering::Less, "b"),
            ("db1:3306", Ordering::Less, "db1:33060"),
            ("n1", Ordering::Equal, "n01"),
            ("1", Ordering::Less, "a"),
            ("", Ordering::Less, "a"),
            ("ä1", Ordering::Less, "ä2"),
        ] {
            assert_eq!(by_name(one, other), expected, "{one} {other}");
            assert_eq!(by_name(other, one), expected.reverse(), "{other} {one}");
        }
    }

    #[test]
    fn nodes_are_sorted_by_what_is_known_of_them() {
        let mut watched = Watched::new(["n10", "n2", "down", "new"], Thresholds::default());
        let ms = Duration::from_millis;
        for (node, reading) in [
            (0, answer("n10", ms(5), &[("wsrep_local_recv_queue", "1")])),
            (1, answer("n2", ms(2), &[("wsrep_local_recv_queue", "3"), ("wsrep_desync", "ON")])),
            (2, silence("down", "Connection refused")),
        ] {
            watched.take(Seen { node, round: 1, reading, at: Instant::now() });
        }
        let report = watched.report();
        let sorted = |order, reversed| {
            let mut rows = watched.rows(&report, Instant::now());
            sort(&mut rows, order, reversed);
            rows.iter().map(|row| row.name).collect::<Vec<_>>().join(" ")
        };
        for (order, forth, back) in [
            (Order::Configured, "n10 n2 down new", "new down n2 n10"),
            (Order::Name, "down n2 n10 new", "new n10 n2 down"),
            (Order::Verdict, "down n2 n10 new", "n10 n2 down new"),
            (Order::Latency, "n10 n2 down new", "n2 n10 down new"),
            (Order::Queue, "n2 n10 down new", "n10 n2 down new"),
            (Order::Writes, "n10 n2 down new", "n10 n2 down new"),
            (Order::Paused, "n10 n2 down new", "n10 n2 down new"),
        ] {
            assert_eq!((sorted(order, false), sorted(order, true)), (forth.to_owned(), back.to_owned()), "{order:?}");
        }
    }

    #[test]
    fn every_order_has_a_key_and_comes_round() {
        let mut order = Order::default();
        for (next, key, _) in ORDERS.into_iter().cycle().skip(1).take(ORDERS.len()) {
            order = order.next();
            assert_eq!((order, Order::of_key(key)), (next, Some(next)));
        }
        assert_eq!((order, Order::of_key('q')), (Order::Configured, None));
    }
}
