//! Durations as Go writes them.

use std::time::Duration;

/// Reads a duration as Go's `time.ParseDuration` does: numbers with units, such as `300ms`, `1.5s` or `1m30s`.
///
/// A sign may stand in front, and `0` needs no unit. `None` for anything else, for a negative one, and for one that
/// Go's 63 bits of nanoseconds (292 years) do not hold.
///
/// # Source
///
/// Go's package documentation of `time`, `ParseDuration`.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: u128 = 0;
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len()));
        let (unit, after) = after.split_at(after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len()));
        total = total.checked_add(nanoseconds(number, unit_in_nanoseconds(unit)?)?)?;
        rest = after;
    }
    let total = u64::try_from(total).ok().filter(|total| *total <= i64::MAX.unsigned_abs())?;
    if negative && total > 0 { None } else { Some(Duration::from_nanos(total)) }
}

fn nanoseconds(number: &str, unit: u128) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let whole: u128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // Beyond 18 digits nothing is left of a nanosecond, not even of an hour's.
    let fraction = &fraction[..fraction.len().min(18)];
    let part = if fraction.is_empty() {
        0
    } else {
        fraction.parse::<u128>().ok()?.checked_mul(unit)? / 10_u128.pow(u32::try_from(fraction.len()).ok()?)
    };
    whole.checked_mul(unit)?.checked_add(part)
}

fn unit_in_nanoseconds(unit: &str) -> Option<u128> {
    Some(match unit {
        "ns" => 1,
        // The micro sign and the Greek letter.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_go_reads() {
        for (text, nanos) in [
            ("0", 0),
            ("+0", 0),
            ("-0", 0),
            ("0s", 0),
            ("5s", 5_000_000_000),
            ("+5s", 5_000_000_000),
            ("1.5s", 1_500_000_000),
            (".5s", 500_000_000),
            ("5.s", 5_000_000_000),
            ("1m30s", 90_000_000_000),
            ("300ms", 300_000_000),
            ("1h1m1s1ms1us1ns", 3_661_001_001_001),
            ("10\u{b5}s", 10_000),
            ("10\u{3bc}s", 10_000),
            ("0.100000000000000000000h", 360_000_000_000),
            ("9223372036854775807ns", 9_223_372_036_854_775_807),
        ] {
            assert_eq!(parse(text), Some(Duration::from_nanos(nanos)), "{text}");
        }
    }

    #[test]
    fn refuses_what_go_refuses_and_what_is_negative() {
        for text in [
            "",
            "5",
            "s",
            ".s",
            "-",
            "+",
            "-5s",
            "1 s",
            "1..5s",
            "1.5.5s",
            "5d",
            "5S",
            "5s5",
            "\u{663}s",
            "9223372036854775808ns",
            "99999999999999999999999999999999999999999999h",
            "1e3s",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
