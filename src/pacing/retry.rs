//! What follows a failed batch.

use std::time::{Duration, Instant};

use crate::backoff;
use crate::cluster::{self, Advice, Class};

/// How work stands when a batch has failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What the error's number advises.
    pub advice: Advice,
    /// Rows that the failed batch was allowed to delete.
    pub rows: u64,
    /// Failures since the last batch that went through, this one included: from 1.
    pub failures: u32,
    /// Time since the first of these failures.
    pub lasting: Duration,
    /// How long it goes on without a batch that goes through.
    pub patience: Duration,
}

/// What is done after a failed batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The same again on this connection, with fewer rows, after a wait of between half of `wait` and all of it.
    Again {
        /// Rows of the next batch.
        rows: u64,
        /// The longest wait before it.
        wait: Duration,
    },
    /// The same again at once, and never again more rows than these: the cluster refuses larger batches.
    Smaller {
        /// Rows of the next batch.
        rows: u64,
    },
    /// Go on from a usable node.
    OtherNode,
    /// End with the error.
    GiveUp,
}

const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Returns what is done after a failed batch.
///
/// Waits double from 50 ms to 2 s. Once the trouble has lasted longer than the patience, nothing is tried again.
#[must_use]
pub fn after_failure(trouble: &Trouble) -> Move {
    let Trouble { advice, rows, failures, lasting, patience } = trouble;
    let half = (rows / 2).max(1);
    match advice {
        Advice::GiveUp => Move::GiveUp,
        // Bounded by itself: each time is half of the last.
        Advice::Halve if *rows > 1 => Move::Smaller { rows: half },
        Advice::Halve => Move::GiveUp,
        Advice::BackOff | Advice::OtherNode if lasting > patience => Move::GiveUp,
        Advice::OtherNode => Move::OtherNode,
        Advice::BackOff => {
            Move::Again { rows: half, wait: backoff::doubled(FIRST_WAIT, failures.saturating_sub(1), LONGEST_WAIT) }
        }
    }
}

/// Failures since the last batch that went through.
#[derive(Debug)]
pub(crate) struct Failures {
    patience: Duration,
    /// How many, and the time of the first.
    since: Option<(u32, Instant)>,
}

impl Failures {
    pub(crate) fn new(patience: Duration) -> Self {
        Self { patience, since: None }
    }

    /// Notes that a batch went through.
    pub(crate) fn over(&mut self) {
        self.since = None;
    }

    /// Returns how many there are.
    pub(crate) fn count(&self) -> u32 {
        self.since.map_or(0, |(count, _)| count)
    }

    /// Notes a failure of a batch of so many rows, and returns what follows; `begun` says whether a node was found usable
    /// before.
    pub(crate) fn after(&mut self, error: &cluster::Error, rows: u64, begun: bool) -> Move {
        let (failures, since) = self.since.map_or((1, Instant::now()), |(n, since)| (n.saturating_add(1), since));
        self.since = Some((failures, since));
        let no_node = matches!(error, cluster::Error::NoUsableNode { .. });
        // Nobody usable is for work in the middle what a lost node is: somebody may be back in a moment.
        let waiting = no_node && error.class() == Class::Node && begun;
        let advice = if waiting { Advice::OtherNode } else { error.advice() };
        after_failure(&Trouble { advice, rows, failures, lasting: since.elapsed(), patience: self.patience })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    fn trouble(advice: Advice, rows: u64, failures: u32, lasting_s: u64) -> Move {
        let lasting = Duration::from_secs(lasting_s);
        after_failure(&Trouble { advice, rows, failures, lasting, patience: PATIENCE })
    }

    fn again(rows: u64, wait_ms: u64) -> Move {
        Move::Again { rows, wait: Duration::from_millis(wait_ms) }
    }

    #[test]
    fn each_advice_is_followed() {
        let table = [
            ("a conflict", Advice::BackOff, 200, 1, 0, again(100, 50)),
            ("the third conflict in a row", Advice::BackOff, 50, 3, 1, again(25, 200)),
            ("waits have a limit", Advice::BackOff, 8, 20, 29, again(4, 2000)),
            ("one row is not halved away", Advice::BackOff, 1, 2, 0, again(1, 100)),
            ("a conflict that does not end", Advice::BackOff, 1, 9, 31, Move::GiveUp),
            ("a write set too large", Advice::Halve, 200, 1, 0, Move::Smaller { rows: 100 }),
            ("too large again, however long it lasts", Advice::Halve, 3, 7, 99, Move::Smaller { rows: 1 }),
            ("one row is too large", Advice::Halve, 1, 1, 0, Move::GiveUp),
            ("a node that is gone", Advice::OtherNode, 200, 1, 0, Move::OtherNode),
            ("nodes that keep going", Advice::OtherNode, 200, 4, 31, Move::GiveUp),
            ("a missing right", Advice::GiveUp, 200, 1, 0, Move::GiveUp),
        ];
        for (name, advice, rows, failures, lasting_s, expected) in table {
            assert_eq!(trouble(advice, rows, failures, lasting_s), expected, "{name}");
        }
    }
}
