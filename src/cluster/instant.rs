//! A moment as the servers store it.

use mysql_async::prelude::FromValue;
use mysql_async::{FromValueError, Value};

/// A `DATETIME` or `TIMESTAMP` column, read as UTC.
///
/// Connections of this crate pin their time zone to `+00:00`, so that a TIMESTAMP arrives in UTC; a DATETIME is what
/// its writer stored, and gorilla's convention for `expire_on` is UTC.
///
/// A zero date (`0000-00-00`) and a date outside jiff's range are refused, as a column of the wrong type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub jiff::Timestamp);

impl TryFrom<Value> for Instant {
    type Error = FromValueError;

    fn try_from(value: Value) -> Result<Self, FromValueError> {
        parse(&value).map(Self).ok_or(FromValueError(value))
    }
}

impl FromValue for Instant {
    type Intermediate = Self;
}

/// What the driver hands a failed conversion back as; it is what makes `Option<Instant>` a column of a tuple.
impl From<Instant> for Value {
    fn from(instant: Instant) -> Self {
        let at = jiff::tz::TimeZone::UTC.to_datetime(instant.0);
        // Years before our era fit no server's DATETIME; -9999 to -1 become 0, which no reader takes for a date.
        let year = u16::try_from(at.year()).unwrap_or(0);
        let small = |part: i8| u8::try_from(part).unwrap_or(0);
        let micros = u32::try_from(at.subsec_nanosecond() / 1000).unwrap_or(0);
        let (hour, minute, second) = (small(at.hour()), small(at.minute()), small(at.second()));
        Self::Date(year, small(at.month()), small(at.day()), hour, minute, second, micros)
    }
}

/// Reads a date of the binary protocol, or the text of one (`2026-11-22 01:02:03.456789`).
fn parse(value: &Value) -> Option<jiff::Timestamp> {
    let datetime = match value {
        Value::Date(year, month, day, hour, minute, second, micro) => jiff::civil::DateTime::new(
            i16::try_from(*year).ok()?,
            i8::try_from(*month).ok()?,
            i8::try_from(*day).ok()?,
            i8::try_from(*hour).ok()?,
            i8::try_from(*minute).ok()?,
            i8::try_from(*second).ok()?,
            i32::try_from(*micro).ok()?.checked_mul(1000)?,
        )
        .ok()?,
        Value::Bytes(text) => std::str::from_utf8(text).ok()?.parse().ok()?,
        _ => return None,
    };
    datetime.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_protocols_alike() {
        let binary = Value::Date(2026, 11, 22, 1, 2, 3, 456_789);
        let text = Value::Bytes(b"2026-11-22 01:02:03.456789".to_vec());
        let expected: jiff::Timestamp = "2026-11-22T01:02:03.456789Z".parse().unwrap();
        assert_eq!(parse(&binary), Some(expected));
        assert_eq!(parse(&text), Some(expected));
    }

    #[test]
    fn is_written_as_it_is_read() {
        let binary = Value::Date(2026, 11, 22, 1, 2, 3, 456_789);
        assert_eq!(Value::from(Instant(parse(&binary).unwrap())), binary);
    }

    #[test]
    fn refuses_a_zero_date_and_other_types() {
        for value in [
            Value::Date(0, 0, 0, 0, 0, 0, 0),
            Value::Bytes(b"0000-00-00 00:00:00".to_vec()),
            Value::Bytes(b"\xff".to_vec()),
            Value::Int(1),
            Value::NULL,
        ] {
            assert_eq!(parse(&value), None, "{value:?}");
        }
    }
}
