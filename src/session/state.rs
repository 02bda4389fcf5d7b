//! Where a row stands in its life.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

/// Where a session's row stands in its life, by its `expire_on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Not expired yet.
    Active,
    /// Expired, and within the grace that a purge leaves.
    Expired,
    /// Expired for longer than the grace: the next purge takes it.
    Purgeable,
}

impl State {
    /// Returns the state at `now` of a row that expires at `expires_at`.
    ///
    /// The bounds are the statements': a row is expired where `expire_on < now`, purgeable where `expire_on < now -
    /// grace`. `now` is the server's clock, which Go writers and purges go by.
    #[must_use]
    pub fn at(expires_at: Timestamp, now: Timestamp, grace: Duration) -> Self {
        if expires_at >= now {
            return Self::Active;
        }
        // A grace that reaches beyond the calendar leaves nothing to purge.
        match now.checked_sub(grace) {
            Ok(cutoff) if expires_at < cutoff => Self::Purgeable,
            _ => Self::Expired,
        }
    }

    /// Returns the state's word: `active`, `expired` or `purgeable`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Purgeable => "purgeable",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_those_of_the_statements() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let at = |seconds| State::at(Timestamp::from_second(seconds).unwrap(), now, Duration::from_secs(3600));
        assert_eq!(at(1_000_000), State::Active);
        assert_eq!(at(999_999), State::Expired);
        assert_eq!(at(996_400), State::Expired);
        assert_eq!(at(996_399), State::Purgeable);
        assert_eq!(State::at(Timestamp::MIN, now, Duration::MAX), State::Expired);
    }
}
