//! How long an ALTER takes that reads and writes the whole table anew.

use std::time::Duration;

/// How long an ALTER that rebuilds a table of this size takes, give or take a factor of 3.
///
/// Two guesses, and the middle between them by ratio. What it took where it was measured: `ADD PRIMARY KEY, ADD INDEX` on three
/// nodes with rows of 300 bytes and a buffer pool smaller than the table took 1.1 s for 100,000 rows, 4.2 s for 400,000 and
/// 12.9 s for 1,000,000; rows are sorted, bytes are moved. And how fast this server is at this hour: reading the rows to
/// count them and to find duplicate ids, `read`, took 13 s where the ALTER then took 20, and 23 s where it took 29.
pub(super) fn estimate(rows: u64, bytes: u64, read: Option<Duration>) -> Duration {
    let elsewhere = Duration::from_millis(100)
        .saturating_add(Duration::from_micros(rows.saturating_mul(MICROS_A_ROW)))
        .saturating_add(Duration::from_micros(bytes / BYTES_A_MICRO));
    match read {
        // Of a small table, what takes time is neither.
        Some(read) if elsewhere >= SMALL => {
            let here = read.as_secs_f64() * ALTER_TO_READ;
            Duration::try_from_secs_f64((elsewhere.as_secs_f64() * here).sqrt()).unwrap_or(elsewhere)
        }
        _ => elsewhere,
    }
}

const MICROS_A_ROW: u64 = 8;
const BYTES_A_MICRO: u64 = 80;
const ALTER_TO_READ: f64 = 1.4;
const SMALL: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_within_a_factor_of_3_of_what_was_measured() {
        for (rows, bytes, read_ms, measured_ms) in [
            (100_000, 32_000_000, None, 1_100),
            (400_000, 128_000_000, None, 4_200),
            (980_450, 321_732_608, None, 12_890),
            (1_000_000, 346_000_000, Some(13_500), 19_600),
            (1_000_000, 346_000_000, Some(23_100), 28_600),
        ] {
            let estimate = estimate(rows, bytes, read_ms.map(Duration::from_millis)).as_millis();
            assert!((measured_ms / 2..measured_ms * 2).contains(&estimate), "{rows}, {read_ms:?}: {estimate}");
        }
    }

    #[test]
    fn a_server_that_reads_faster_is_expected_to_alter_faster() {
        let at = |read_s| estimate(1_000_000, 346_000_000, Some(Duration::from_secs(read_s)));
        assert!(at(2) < at(20) && at(20) < at(200), "{:?} {:?} {:?}", at(2), at(20), at(200));
        // A small table was perhaps in memory by chance.
        let small = estimate(10_000, 3_000_000, None);
        assert_eq!(estimate(10_000, 3_000_000, Some(Duration::from_secs(60))), small);
    }

    #[test]
    fn estimates_do_not_overflow() {
        for read in [None, Some(Duration::ZERO), Some(Duration::MAX)] {
            let estimate = estimate(u64::MAX, u64::MAX, read);
            assert!(
                estimate > Duration::from_secs(1_000_000) || read == Some(Duration::ZERO),
                "{read:?}: {estimate:?}"
            );
        }
    }
}
