//! When a session's row expires: as Go computes it, and always in UTC.

use std::time::Duration;

use jiff::Timestamp;

use super::{Error, Values};
use crate::Place;

/// The key under which Go programs see, and may wish, when a session expires.
const WISH: &str = "x";

/// The first moment that a server's DATETIME is meant to hold: 1000-01-01.
const FIRST: i64 = -30_610_224_000;

/// Returns when a new row expires: at the moment wished for, as it is, or else a lifetime from now.
///
/// In whole seconds, of which the column has no parts.
///
/// # Source
///
/// `insert` in clustersqlstore. It writes the moment in the local time of its process; everybody reads UTC, and so this is.
#[must_use]
pub fn on_insert(now: Timestamp, lifetime: Duration, wish: Option<Timestamp>) -> Timestamp {
    stored(wish.unwrap_or_else(|| after(now, lifetime)))
}

/// Returns when a row that is there already expires: a lifetime from now, or at the moment wished for where that is later.
///
/// The moment at which it was going to expire counts as a wish, so that saving never makes a session shorter.
///
/// # Source
///
/// `save` in clustersqlstore.
#[must_use]
pub fn on_update(now: Timestamp, lifetime: Duration, wish: Option<Timestamp>) -> Timestamp {
    let usual = after(now, lifetime);
    stored(wish.map_or(usual, |wish| wish.max(usual)))
}

fn after(now: Timestamp, lifetime: Duration) -> Timestamp {
    now.checked_add(lifetime).unwrap_or(Timestamp::MAX)
}

/// Returns the moment as the column holds it.
fn stored(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second().max(FIRST)).unwrap_or(moment)
}

impl Values<'_> {
    /// Takes out the expiry that a program wishes for: the `time.Time` under the key `x`.
    ///
    /// A Go program finds there when the session it loaded expires, and sets a later moment for a longer life. The key is
    /// never stored: both stores take it out on save. A nil counts as no wish.
    ///
    /// # Errors
    ///
    /// [`Error::Reserved`] if the key holds anything else, which stays. clustersqlstore panics then.
    pub fn take_expiry_wish(&mut self) -> Result<Option<Timestamp>, Error> {
        let Some(value) = self.get(WISH) else { return Ok(None) };
        let wish = match value.as_time().and_then(|time| time.timestamp()) {
            None if !value.is_nil() => {
                let found = value.go_type().into_owned();
                return Err(Error::Reserved { key: WISH, found, expected: "time.Time", place: Place::here() });
            }
            wish => wish,
        };
        self.remove(WISH);
        Ok(wish)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gob::Value;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_new_row_expires_when_wished_and_one_that_is_there_no_sooner_than_usual() {
        let now = at("2026-11-22T09:30:00.9Z");
        for (wish, insert, update) in [
            (None, "2026-11-22T10:30:00Z", "2026-11-22T10:30:00Z"),
            (Some("2026-11-22T09:45:00Z"), "2026-11-22T09:45:00Z", "2026-11-22T10:30:00Z"),
            (Some("2026-12-24T18:00:00.5+08:00"), "2026-12-24T10:00:00Z", "2026-12-24T10:00:00Z"),
            (Some("0001-01-01T00:00:00Z"), "1000-01-01T00:00:00Z", "2026-11-22T10:30:00Z"),
        ] {
            let wish = wish.map(at);
            assert_eq!(on_insert(now, HOUR, wish), at(insert), "{wish:?}");
            assert_eq!(on_update(now, HOUR, wish), at(update), "{wish:?}");
        }
        assert_eq!(on_update(now, Duration::MAX, None).as_second(), Timestamp::MAX.as_second());
    }

    #[test]
    fn the_first_moment_is_that_of_the_column() {
        assert_eq!(at("1000-01-01T00:00:00Z").as_second(), FIRST);
    }

    #[test]
    fn the_wish_is_taken_out() {
        let mut values = Values::new();
        assert_eq!(values.take_expiry_wish().unwrap(), None);
        values.insert("x", at("2026-11-22T10:30:00.5Z"));
        values.insert("n", 1_isize);
        assert_eq!(values.take_expiry_wish().unwrap(), Some(at("2026-11-22T10:30:00.5Z")));
        values.map_mut().insert(Value::of("x"), Value::NIL);
        assert_eq!(values.take_expiry_wish().unwrap(), None);
        assert_eq!(values.types(), serde_json::json!({"n": "int"}), "the key is gone");
    }

    #[test]
    fn the_key_is_for_nothing_else() {
        let mut values = Values::new();
        values.insert("x", 1_i64);
        let error = values.take_expiry_wish().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`x` holds int64; the key is kept for a time.Time, when the session is to expire"
        );
        assert_eq!(values.len(), 1);
    }
}
