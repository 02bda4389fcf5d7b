//! How large the next batch is, and how long the purge waits before it.

use std::time::Duration;

/// What was measured of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Rows that the batch was allowed to delete.
    pub rows: u64,
    /// How long its DELETE took.
    pub took: Duration,
}

/// What the pace has to keep to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a batch should take.
    pub target: Duration,
    /// The fewest rows of a batch, at least 1.
    pub fewest: u64,
    /// The most rows of a batch, at least `fewest`.
    pub most: u64,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Rows of the next batch.
    pub rows: u64,
    /// Why to wait before it, and for how long.
    pub throttle: Option<Throttle>,
}

/// Why a purge waits between two batches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Throttle {
    /// The last batch took longer than the target, so others get as much time as it took too long.
    SlowBatch {
        /// How long to wait.
        pause: Duration,
        /// How long the batch took.
        took: Duration,
        /// How long it should have taken.
        target: Duration,
    },
}

impl Throttle {
    /// Returns how long to wait.
    #[must_use]
    pub fn pause(&self) -> Duration {
        let Self::SlowBatch { pause, .. } = self;
        *pause
    }
}

impl std::fmt::Display for Throttle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::SlowBatch { took, target, .. } = self;
        write!(f, "a batch took {} ms, more than {} ms", took.as_millis(), target.as_millis())
    }
}

/// The longest single wait: longer ones help nobody, and make a stop slow.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

impl Limits {
    /// Aims at batches that take `target`, of 50 to 1000 rows.
    ///
    /// The cap has a reason: with minimal row images the deleting node's own time stays short while its peers fall
    /// behind, so that a pace by own time alone grows batches until they stall.
    #[must_use]
    pub fn adaptive(target: Duration) -> Self {
        Self { target, fewest: 50, most: 1000 }
    }

    /// Keeps all batches at one size; only pauses adapt.
    #[must_use]
    pub fn fixed(target: Duration, rows: u64) -> Self {
        let rows = rows.max(1);
        Self { target, fewest: rows, most: rows }
    }

    /// Returns the rows of the first batch, when nothing was measured yet.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.keep(200)
    }

    /// Keeps all later batches at or below `rows`, because the cluster refuses larger ones.
    pub fn lower(&mut self, rows: u64) {
        self.most = rows.max(1).min(self.most);
        self.fewest = self.fewest.min(self.most);
    }

    fn keep(&self, rows: u64) -> u64 {
        rows.max(self.fewest).min(self.most).max(1)
    }
}

/// Returns the next batch's size and the wait before it.
///
/// The size follows the ratio of target to time taken, by at most a factor of two either way, so that one odd
/// measurement does not throw it about. A batch above the target is followed by a pause of what it took too long, at
/// most two seconds.
#[must_use]
pub fn pace(measured: &Measured, limits: &Limits) -> Pace {
    let Measured { rows, took } = measured;
    let target = limits.target.as_micros().max(1);
    let took_us = took.as_micros().max(1);
    let wished = u128::from(*rows).saturating_mul(target) / took_us;
    let wished = u64::try_from(wished).unwrap_or(u64::MAX).clamp(rows / 2, rows.saturating_mul(2));
    let excess = took.saturating_sub(limits.target).min(LONGEST_PAUSE);
    let throttle =
        (!excess.is_zero()).then_some(Throttle::SlowBatch { pause: excess, took: *took, target: limits.target });
    Pace { rows: limits.keep(wished), throttle }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: Duration = Duration::from_millis(100);

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_batch_follows_the_target_within_its_limits() {
        // (rows, took ms) -> (rows, pause ms)
        let table = [
            ("quick: at most doubles", 200, 10, 400, 0),
            ("on target: stays", 200, 100, 200, 0),
            ("a little slow: shrinks by as much", 200, 125, 160, 25),
            ("very slow: at most halves", 200, 900, 100, 800),
            ("stalled: the pause has a limit", 200, 60_000, 100, 2000),
            ("never above the most", 900, 10, 1000, 0),
            ("never below the fewest", 60, 1000, 50, 900),
            ("grows back to the fewest after conflicts", 3, 1, 50, 0),
            ("no time at all", 200, 0, 400, 0),
        ];
        for (name, rows, took, expected, pause) in table {
            let next = pace(&Measured { rows, took: ms(took) }, &Limits::adaptive(TARGET));
            assert_eq!(next.rows, expected, "{name}");
            assert_eq!(next.throttle.map_or(Duration::ZERO, |t| t.pause()), ms(pause), "{name}");
        }
    }

    #[test]
    fn a_fixed_batch_keeps_its_size_and_still_pauses() {
        let limits = Limits::fixed(TARGET, 7);
        assert_eq!(limits.first(), 7);
        let next = pace(&Measured { rows: 7, took: ms(150) }, &limits);
        assert_eq!((next.rows, next.throttle.map(|t| t.pause())), (7, Some(ms(50))));
        assert_eq!(pace(&Measured { rows: 7, took: ms(1) }, &limits), Pace { rows: 7, throttle: None });
    }

    #[test]
    fn a_size_that_the_cluster_refused_is_not_tried_again() {
        for mut limits in [Limits::fixed(TARGET, 400), Limits::adaptive(TARGET)] {
            limits.lower(20);
            assert_eq!(pace(&Measured { rows: 20, took: ms(1) }, &limits).rows, 20);
            limits.lower(0);
            assert_eq!(pace(&Measured { rows: 20, took: ms(1) }, &limits).rows, 1);
        }
    }

    #[test]
    fn extreme_measurements_do_not_overflow() {
        for rows in [0, 1, u64::MAX] {
            for took in [Duration::ZERO, Duration::MAX] {
                let next = pace(&Measured { rows, took }, &Limits::adaptive(TARGET));
                assert!((50..=1000).contains(&next.rows));
            }
        }
        assert_eq!(Limits::fixed(Duration::ZERO, 0).first(), 1);
    }
}
