//! Moments and spans of time, in words and numbers.

use std::time::Duration;

use jiff::Timestamp;

/// Returns a span in seconds, to the millisecond.
pub(crate) fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}

/// Returns a moment and how far it lies from another: `2026-11-20T08:00:00Z (3 days ago)`.
pub(crate) fn moment(at: Timestamp, now: Timestamp) -> String {
    format!("{at} ({})", distance(at, now))
}

/// Returns how far a moment lies from another: `3 days ago`, `in 2 hours`.
pub(super) fn distance(at: Timestamp, now: Timestamp) -> String {
    ago(now.as_second().saturating_sub(at.as_second()))
}

/// Returns how far a moment lies from another, in few columns: `3d ago`, `in 2h`.
pub(crate) fn shortly(at: Timestamp, now: Timestamp) -> String {
    let age_s = now.as_second().saturating_sub(at.as_second());
    let (count, unit) = match age_s.unsigned_abs() {
        0 => return "now".into(),
        seconds @ 63_115_200.. => (seconds / 31_557_600, "y"),
        seconds @ 172_800.. => (seconds / 86_400, "d"),
        seconds @ 7200.. => (seconds / 3600, "h"),
        seconds @ 120.. => (seconds / 60, "min"),
        seconds => (seconds, "s"),
    };
    if age_s < 0 { format!("in {count}{unit}") } else { format!("{count}{unit} ago") }
}

/// Returns an age in the largest unit of which there are at least two; a negative one lies ahead.
fn ago(age_s: i64) -> String {
    let (count, unit) = match age_s.unsigned_abs() {
        0 => return "now".into(),
        // Of 365 days and a quarter each.
        seconds @ 63_115_200.. => (seconds / 31_557_600, "years"),
        seconds @ 172_800.. => (seconds / 86_400, "days"),
        seconds @ 7200.. => (seconds / 3600, "hours"),
        seconds @ 120.. => (seconds / 60, "minutes"),
        1 => (1, "second"),
        seconds => (seconds, "seconds"),
    };
    if age_s < 0 { format!("in {count} {unit}") } else { format!("{count} {unit} ago") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_in_the_largest_unit_of_which_there_are_two() {
        for (seconds, words) in [
            (0, "now"),
            (1, "1 second ago"),
            (119, "119 seconds ago"),
            (120, "2 minutes ago"),
            (7199, "119 minutes ago"),
            (86_400, "24 hours ago"),
            (172_800, "2 days ago"),
            (-1, "in 1 second"),
            (-2_592_000, "in 30 days"),
            (63_115_199, "730 days ago"),
            (63_115_200, "2 years ago"),
            (i64::MIN, "in 292271023045 years"),
        ] {
            assert_eq!(ago(seconds), words, "{seconds}");
        }
    }
}
