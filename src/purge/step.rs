//! What a purge tells while it runs, and what it leaves.

use std::time::Duration;

use crate::pacing::{Beat, Throttles};

/// Something that happened in a purge.
#[derive(Debug)]
#[non_exhaustive]
pub enum Step<'a> {
    /// What happens in all work in batches.
    Beat(Beat<'a>),
    /// A batch went through.
    Batch {
        /// Rows that it deleted.
        rows: u64,
        /// How long it took.
        took: Duration,
        /// Rows deleted so far.
        deleted: u64,
    },
    /// The answer of a batch was lost, and the table says how many rows went with it.
    Recounted {
        /// Rows that the lost batch deleted.
        rows: u64,
        /// Rows deleted so far.
        deleted: u64,
    },
}

/// Why a purge ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stopped {
    /// Nothing was left past the cutoff.
    Drained,
    /// The limit of rows was reached, and rows are left.
    MaxRows,
    /// The limit of time was reached, and rows are left.
    MaxTime,
    /// A stop was asked for.
    Interrupted,
    /// Somebody else has taken the lease meanwhile, and purges.
    LeaseLost,
}

/// What a purge did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Rows that were past the cutoff when the purge was planned.
    pub expired: u64,
    /// Rows deleted.
    ///
    /// Where the answer of a batch was lost with its node, its rows are those that were gone when the purge went on
    /// elsewhere, at most as many as the batch was allowed.
    pub deleted: u64,
    /// Rows past the cutoff after the purge; unknown if no node could be asked any more.
    pub remaining: Option<u64>,
    /// Batches that went through.
    pub batches: u64,
    /// Batches that failed and were done again.
    pub retries: u64,
    /// Time spent waiting for the sake of others.
    pub throttled: Duration,
    /// Why, in the order in which the reasons came up.
    pub throttles: Vec<Throttles>,
    /// Time that the purge took.
    pub elapsed: Duration,
    /// The last node that it worked on.
    pub node: Option<String>,
    /// Why it ended; nothing if it broke off, or if rows came in as fast as they went and some are left to the next.
    pub stopped: Option<Stopped>,
}

impl Outcome {
    /// Returns how many rows went of how many that were due: `2 of 3 sessions`; rows that came in later may go too, and
    /// then it is `4 sessions`.
    #[must_use]
    pub fn share(&self) -> String {
        let noun = |count| if count == 1 { "session" } else { "sessions" };
        let Self { expired, deleted, .. } = self;
        if deleted > expired {
            format!("{deleted} {}", noun(*deleted))
        } else {
            format!("{deleted} of {expired} {}", noun(*expired))
        }
    }

    /// Returns whether rows past the cutoff are left, or may be.
    #[must_use]
    pub fn has_left_work(&self) -> bool {
        self.remaining != Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_were_due_are_not_a_share_of_them() {
        let share = |expired, deleted| {
            let outcome = Outcome {
                expired,
                deleted,
                remaining: None,
                batches: 0,
                retries: 0,
                throttled: Duration::ZERO,
                throttles: Vec::new(),
                elapsed: Duration::ZERO,
                node: None,
                stopped: None,
            };
            outcome.share()
        };
        assert_eq!(share(3, 2), "2 of 3 sessions");
        assert_eq!(share(1, 1), "1 of 1 session");
        assert_eq!(share(0, 0), "0 of 0 sessions");
        assert_eq!(share(0, 1), "1 session");
        assert_eq!(share(3, 4), "4 sessions");
    }
}
