//! How long an ALTER takes that reads and writes the whole table anew.

use std::time::Duration;

/// How long an ALTER that rebuilds a table of this size takes, give or take a factor of 3.
///
/// Measured for `ADD PRIMARY KEY, ADD INDEX` on three nodes with rows of 300 bytes and a buffer pool smaller than the
/// table: 1.1 s for 100,000 rows, 4.2 s for 400,000, 12.9 s for 1,000,000, and 19.6 s for these on a machine of two cores
/// that was busy with other work (docs/benchmarks.md). Rows are sorted, bytes are moved.
pub(super) fn estimate(rows: u64, bytes: u64) -> Duration {
    Duration::from_millis(100)
        .saturating_add(Duration::from_micros(rows.saturating_mul(MICROS_A_ROW)))
        .saturating_add(Duration::from_micros(bytes / BYTES_A_MICRO))
}

const MICROS_A_ROW: u64 = 8;
const BYTES_A_MICRO: u64 = 80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_within_a_factor_of_3_of_what_was_measured() {
        for (rows, bytes, measured_ms) in [
            (100_000, 32_000_000, 1_100),
            (400_000, 128_000_000, 4_200),
            (980_450, 321_732_608, 12_890),
            (1_000_000, 346_000_000, 19_600),
        ] {
            let estimate = estimate(rows, bytes).as_millis();
            assert!((measured_ms / 3..measured_ms * 3).contains(&estimate), "{rows}: {estimate}");
        }
    }

    #[test]
    fn estimates_do_not_overflow() {
        assert!(estimate(u64::MAX, u64::MAX) > Duration::from_secs(1_000_000));
    }
}
