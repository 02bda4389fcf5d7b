//! Session ids, which tell when and under which offset they were made.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::Error;
use crate::{Place, gob};

/// How many numbers of five digits Go chooses from, 10000 being the first and 99998 the last.
const DIGITS: u64 = 89_999;

/// A session's id: the time of its creation in RFC 3339 with nanoseconds, and five digits.
///
/// Any text is an id; one that is not of this form merely tells no time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Id {
    text: String,
}

impl Id {
    /// Takes a text for an id.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// Makes the id of a new session, as the Go package does: the time in UTC and five random digits.
    ///
    /// # Errors
    ///
    /// [`Error::Random`] if the system has no random bytes.
    pub fn generate(now: Timestamp) -> Result<Self, Error> {
        let random =
            getrandom::u64().map_err(|error| Error::Random { reason: error.to_string(), place: Place::here() })?;
        Ok(Self::with_random(now, random))
    }

    /// Makes an id of which the digits follow from a number that is given.
    fn with_random(now: Timestamp, random: u64) -> Self {
        // Beyond the years of RFC 3339 an id tells no time, and is one all the same.
        let time = gob::Time::from(now).rfc3339().unwrap_or_else(|| now.to_string());
        Self::new(format!("{time}{}", 10_000 + random % DIGITS))
    }

    /// Returns the id as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns when the session was created, by the writer's clock.
    #[must_use]
    pub fn created_at(&self) -> Option<Timestamp> {
        parse(&self.text).map(|(at, _)| at)
    }

    /// Returns the offset from UTC of the writer's local time, under which Go writes `expire_on` on insert.
    #[must_use]
    pub fn offset(&self) -> Option<Offset> {
        parse(&self.text).map(|(_, offset)| offset)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Reads `2026-11-22T09:30:00.123+08:00` and five digits.
fn parse(text: &str) -> Option<(Timestamp, Offset)> {
    let bytes = text.as_bytes();
    let (time, random) = bytes.split_last_chunk::<5>()?;
    let (date, zone) = time.split_first_chunk::<19>()?;
    if !random.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // Go's own form and no other: jiff would take spaces, lower case and more.
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if marks.iter().any(|(at, mark)| date[*at] != *mark) {
        return None;
    }
    let year = i16::try_from(number(&date[..4])?).ok()?;
    let part = |from: usize| i8::try_from(number(&date[from..from + 2])?).ok();
    let (fraction, zone) = match zone.split_first()? {
        (b'.', rest) => rest.split_at(rest.iter().take_while(|byte| byte.is_ascii_digit()).count()),
        _ => (&zone[..0], zone),
    };
    let nanosecond = match fraction.len() {
        0 if zone.len() != time.len() - date.len() => return None,
        0 => 0,
        digits @ 1..=9 => number(fraction)? * 10_i32.pow(9 - u32::try_from(digits).ok()?),
        _ => return None,
    };
    let offset = match zone {
        b"Z" => Offset::UTC,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let seconds = number(&[*h1, *h2])? * 3600 + number(&[*m1, *m2])? * 60;
            Offset::from_seconds(if *sign == b'-' { -seconds } else { seconds }).ok()?
        }
        _ => return None,
    };
    let local = DateTime::new(year, part(5)?, part(8)?, part(11)?, part(14)?, part(17)?, nanosecond).ok()?;
    Some((offset.to_timestamp(local).ok()?, offset))
}

/// Reads up to nine decimal digits.
fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0_i32, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_when_and_under_which_offset_it_was_made() {
        for (text, at, seconds) in [
            ("2024-12-01T05:00:05.814079328Z82802", "2024-12-01T05:00:05.814079328Z", 0),
            ("2024-12-01T05:00:05Z10000", "2024-12-01T05:00:05Z", 0),
            ("2016-05-04T23:59:59.9+08:0099998", "2016-05-04T15:59:59.9Z", 8 * 3600),
            ("2016-05-04T23:59:59-05:3012345", "2016-05-05T05:29:59Z", -5 * 3600 - 1800),
        ] {
            let id = Id::new(text);
            assert_eq!(id.created_at().unwrap().to_string(), at, "{text}");
            assert_eq!(id.offset().unwrap().seconds(), seconds, "{text}");
            assert_eq!(id.to_string(), text);
        }
    }

    #[test]
    fn a_new_one_is_as_go_makes_it() {
        for (at, random, text) in [
            ("2024-12-01T05:00:05.814079328Z", 0, "2024-12-01T05:00:05.814079328Z10000"),
            ("2024-12-01T05:00:05.12Z", 89_998, "2024-12-01T05:00:05.12Z99998"),
            ("2024-12-01T05:00:05Z", 89_999, "2024-12-01T05:00:05Z10000"),
        ] {
            let id = Id::with_random(at.parse().unwrap(), random);
            assert_eq!(id.as_str(), text);
            assert_eq!(id.created_at().unwrap(), at.parse().unwrap());
        }
        let now = "2024-12-01T05:00:05.000000001Z".parse().unwrap();
        let made: Vec<Id> = (0..20).map(|_| Id::generate(now).unwrap()).collect();
        assert!(made.iter().all(|id| id.as_str().len() <= 40 && id.created_at() == Some(now)));
        assert!(made.iter().any(|id| id != &made[0]), "20 times the same digits");
    }

    #[test]
    fn takes_any_text_and_tells_no_time_then() {
        for text in [
            "",
            "short",
            "2024-12-01T05:00:05Z1234",
            "2024-12-01T05:00:05Z123x5",
            "2024-12-01t05:00:05Z12345",
            "2024-12-01 05:00:05Z12345",
            "2024-13-01T05:00:05Z12345",
            "2024-12-32T05:00:05Z12345",
            "2024-12-01T05:00:05.Z12345",
            "2024-12-01T05:00:05.1234567890Z12345",
            "2024-12-01T05:00:05+99:9912345",
            "2024-12-01T05:00:05+080012345",
            "2024-12-01T05:00:0512345",
            "日日日日日日日日日日日日日",
        ] {
            let id = Id::new(text);
            assert_eq!((id.created_at(), id.offset()), (None, None), "{text}");
            assert_eq!(id.as_str(), text);
        }
    }
}
