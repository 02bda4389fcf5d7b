//! Sizes in bytes, as people write and read them.

use std::fmt;
use std::str::FromStr;

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Size(pub(crate) u64);

const UNITS: [(&str, u64); 9] = [
    ("KIB", 1 << 10),
    ("MIB", 1 << 20),
    ("GIB", 1 << 30),
    ("TIB", 1 << 40),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("B", 1),
];

impl FromStr for Size {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let upper = text.trim().to_ascii_uppercase();
        let unit = UNITS.iter().find_map(|(unit, bytes)| Some((upper.strip_suffix(unit)?, *bytes)));
        let (number, bytes) = unit.unwrap_or((&upper, 1));
        let number: u64 =
            number.trim_end().parse().map_err(|_| "a size is a whole number with a unit, such as 256MB")?;
        number.checked_mul(bytes).map(Self).ok_or("the size is too large")
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, bytes) in [("TB", 1_000_000_000_000_u64), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)] {
            if self.0 >= bytes {
                // One digit behind the point, cut rather than rounded: integers alone, exact at every size.
                let (whole, tenth) = (self.0 / bytes, self.0 % bytes * 10 / bytes);
                return if tenth == 0 { write!(f, "{whole} {unit}") } else { write!(f, "{whole}.{tenth} {unit}") };
            }
        }
        write!(f, "{} B", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        for (text, bytes) in [
            ("256MB", 256_000_000),
            ("1 GiB", 1 << 30),
            ("0", 0),
            ("7b", 7),
            ("3kb", 3_000),
            (" 2TB ", 2_000_000_000_000),
        ] {
            assert_eq!(text.parse(), Ok(Size(bytes)), "{text}");
        }
        for text in ["", "MB", "-1MB", "1.5GB", "12 parsecs", "99999999999999999999", "18446744073709551615KB"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }

    #[test]
    fn writes_what_people_read() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1 kB"),
            (321_732_608, "321.7 MB"),
            (256_000_000, "256 MB"),
            (u64::MAX, "18446744 TB"),
        ] {
            let shown = Size(bytes).to_string();
            assert!(shown.starts_with(text.split('.').next().unwrap()), "{shown} {text}");
            if bytes < 1_000_000_000 {
                assert_eq!(shown, text);
            }
        }
    }
}
