//! Go's `time.Time`, as it writes itself into a gob.

use jiff::{Timestamp, Zoned};

use super::{Error, Fault, Text};

/// Seconds from the start of year 1 to 1970, both in UTC.
const UNIX_EPOCH: i64 = 62_135_596_800;
/// Days from March 1st of year 0 to the start of year 1.
const DAYS_TO_YEAR_1: i64 = 306;

/// A `time.Time`: a moment, and the offset from UTC under which it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Time {
    /// Seconds since the start of year 1 in UTC, which Go calls its zero time.
    pub seconds: i64,
    /// Nanoseconds within the second, below 1,000,000,000.
    pub nanoseconds: u32,
    /// Seconds east of UTC; `None` for UTC itself, which Go keeps apart from an offset of 0.
    pub offset: Option<i32>,
}

impl Time {
    /// Reads the 15 bytes of version 1, or the 16 of version 2 (with the seconds of the offset).
    ///
    /// Returns `None` for anything else, nanoseconds of a second or more included.
    ///
    /// # Source
    ///
    /// `Time.MarshalBinary` in Go's `time/time.go`.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (&version, rest) = bytes.split_first()?;
        let (seconds, rest) = rest.split_first_chunk::<8>()?;
        let (nanoseconds, rest) = rest.split_first_chunk::<4>()?;
        let (minutes, rest) = rest.split_first_chunk::<2>()?;
        let extra = match (version, rest) {
            (1, []) => 0,
            (2, [seconds]) => seconds.cast_signed(),
            _ => return None,
        };
        let nanoseconds = u32::from_be_bytes(*nanoseconds);
        let offset = i32::from(i16::from_be_bytes(*minutes)) * 60 + i32::from(extra);
        if nanoseconds >= 1_000_000_000 {
            return None;
        }
        // An offset of minus one minute stands for UTC.
        let offset = (offset != -60).then_some(offset);
        Some(Self { seconds: i64::from_be_bytes(*seconds), nanoseconds, offset })
    }

    /// Writes the time as Go does: 15 bytes of version 1, or 16 of version 2 where the offset has seconds.
    ///
    /// # Errors
    ///
    /// [`Error::Encode`] for an offset that Go refuses: one of more than 32767 minutes, or within the minute that stands
    /// for UTC; and for nanoseconds of a second or more.
    ///
    /// # Source
    ///
    /// `Time.MarshalBinary` in Go's `time/time.go`.
    pub fn to_bytes(&self) -> Result<Text<'static>, Error> {
        let seconds = self.offset.unwrap_or(-60);
        let refused = || Fault::Offset { seconds }.error();
        let (minutes, extra) = (seconds / 60, seconds % 60);
        if self.offset.is_some() && minutes == -1 {
            return Err(refused());
        }
        if self.nanoseconds >= 1_000_000_000 {
            return Err(Fault::Time.error());
        }
        let minutes = i16::try_from(minutes).map_err(|_| refused())?.to_be_bytes();
        let extra = i8::try_from(extra).map_err(|_| refused())?.to_be_bytes();
        let version = if extra == [0] { 1 } else { 2 };
        let moment = [&self.seconds.to_be_bytes()[..], &self.nanoseconds.to_be_bytes()].concat();
        let extra = if version == 2 { &extra[..] } else { &[] };
        Ok(Text::copied(&[&[version], &moment[..], &minutes, extra].concat()))
    }

    /// Returns the moment; `None` outside the years that [`Timestamp`] knows (-9999 to 9999).
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        let seconds = self.seconds.checked_sub(UNIX_EPOCH)?;
        Timestamp::new(seconds, i32::try_from(self.nanoseconds).ok()?).ok()
    }

    /// Writes the time as RFC 3339 under its own offset, with as many digits of nanoseconds as it needs.
    ///
    /// `Z` stands for an offset of 0; seconds of an offset are written where there are any (`+02:20:34`). Returns `None`
    /// for a year outside 0000 to 9999, and for an offset of a day or more.
    #[must_use]
    pub fn rfc3339(&self) -> Option<String> {
        let offset = self.offset.unwrap_or(0);
        if offset.abs() >= 86_400 {
            return None;
        }
        let local = self.seconds.checked_add(i64::from(offset))?;
        let (year, month, day) = civil(local.div_euclid(86_400))?;
        let second = local.rem_euclid(86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if self.nanoseconds != 0 {
            let digits = format!(".{:09}", self.nanoseconds);
            text.push_str(digits.trim_end_matches('0'));
        }
        if offset == 0 {
            text.push('Z');
            return Some(text);
        }
        let east = offset.unsigned_abs();
        text.push(if offset < 0 { '-' } else { '+' });
        text.push_str(&format!("{:02}:{:02}", east / 3600, east / 60 % 60));
        if !east.is_multiple_of(60) {
            text.push_str(&format!(":{:02}", east % 60));
        }
        Some(text)
    }
}

impl From<Timestamp> for Time {
    /// Makes a time in UTC.
    fn from(at: Timestamp) -> Self {
        // Before 1970 the fraction is negative in jiff; Go counts it from the second before.
        let (seconds, nanoseconds) = match u32::try_from(at.subsec_nanosecond()) {
            Ok(nanoseconds) => (at.as_second(), nanoseconds),
            Err(_) => (at.as_second() - 1, (at.subsec_nanosecond() + 1_000_000_000).unsigned_abs()),
        };
        Self { seconds: seconds + UNIX_EPOCH, nanoseconds, offset: None }
    }
}

impl From<&Zoned> for Time {
    /// Makes a time under the offset of its zone; UTC if that is 0.
    fn from(at: &Zoned) -> Self {
        let offset = at.offset().seconds();
        Self { offset: (offset != 0).then_some(offset), ..Self::from(at.timestamp()) }
    }
}

/// Returns year, month and day, for a number of days since the start of year 1; `None` outside the years 0 to 9999.
///
/// # Source
///
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn civil(days: i64) -> Option<(i64, i64, i64)> {
    let days = days.checked_add(DAYS_TO_YEAR_1)?;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (0..=9999).contains(&year).then_some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64, nanoseconds: u32, offset: Option<i32>) -> Option<String> {
        Time { seconds, nanoseconds, offset }.rfc3339()
    }

    #[test]
    fn writes_rfc_3339_under_its_own_offset() {
        assert_eq!(at(0, 0, None).unwrap(), "0001-01-01T00:00:00Z");
        assert_eq!(at(UNIX_EPOCH, 120_000_000, Some(0)).unwrap(), "1970-01-01T00:00:00.12Z");
        assert_eq!(at(UNIX_EPOCH + 951_782_400, 1, Some(8434)).unwrap(), "2000-02-29T02:20:34.000000001+02:20:34");
        assert_eq!(at(UNIX_EPOCH, 0, Some(-5 * 3600)).unwrap(), "1969-12-31T19:00:00-05:00");
        assert_eq!(at(-366 * 86_400, 0, None).unwrap(), "0000-01-01T00:00:00Z");
        assert_eq!(at(-366 * 86_400 - 1, 0, None), None, "year -1");
        assert_eq!(at(315_537_897_599, 999_999_999, None).unwrap(), "9999-12-31T23:59:59.999999999Z");
        assert_eq!(at(315_537_897_600, 0, None), None, "year 10000");
        assert_eq!(at(i64::MAX, 0, Some(60)), None);
        assert_eq!(at(i64::MIN, 0, Some(-120)), None);
        assert_eq!(at(0, 0, Some(86_400)), None);
    }

    #[test]
    fn refuses_what_go_does_not_write() {
        let good = b"\x01\0\0\0\x0e\xe2\x946\x0b\x1b:\x0c\x08\xff\xff";
        let time = Time::parse(good).unwrap();
        assert_eq!(time.offset, None);
        assert_eq!(time.timestamp().unwrap().to_string(), "2026-11-22T01:02:03.456789Z");
        assert_eq!(Time::parse(&good[..14]), None);
        assert_eq!(Time::parse(b"\x01\0\0\0\x0e\xe2\x946\x0b\x1b:\x0c\x08\xff\xff\0"), None, "version 1 of 16 bytes");
        assert_eq!(Time::parse(b"\x03\0\0\0\x0e\xe2\x946\x0b\x1b:\x0c\x08\xff\xff"), None, "version 3");
        assert_eq!(Time::parse(b"\x01\0\0\0\x0e\xe2\x946\x0b\x7f:\x0c\x08\xff\xff"), None, "nanoseconds");
        assert_eq!(Time::parse(b""), None);
    }
}
