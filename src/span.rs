//! Spans of time as people read them.

use std::time::Duration;

/// Writes a span for people, in its largest unit and the one below: `5h 30m`, `12d 3h`, `3d`; `0s` for less than a second.
///
/// An age, that is, or another length that was measured: a setting is written whole, as it is read.
#[must_use]
pub fn span(time: Duration) -> String {
    let units = [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")];
    let mut rest = time.as_secs();
    let mut parts = Vec::new();
    for (unit, name) in units {
        let count = rest / unit;
        rest %= unit;
        if count > 0 {
            parts.push(format!("{count}{name}"));
        }
    }
    parts.truncate(2);
    if parts.is_empty() { "0s".into() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_in_two_units() {
        for (seconds, text) in [
            (0, "0s"),
            (59, "59s"),
            (3600, "1h"),
            (19_800, "5h 30m"),
            (90_061, "1d 1h"),
            (291_600, "3d 9h"),
            (40_000_000, "462d 23h"),
        ] {
            assert_eq!(span(Duration::from_secs(seconds)), text);
        }
    }
}
