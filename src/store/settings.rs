//! How a store works.

use std::time::Duration;

use crate::schema::Table;
use crate::session::cookie::{MaxAge, Options};

/// How a store works.
///
/// ```
/// use csqlstore::session::cookie::{MaxAge, Options};
/// use csqlstore::store::{Causal, Settings};
/// use std::time::Duration;
///
/// let settings = Settings {
///     cookie: Options { max_age: MaxAge::For(Duration::from_secs(3600)), ..Options::default() },
///     causal: Causal::Always,
///     ..Settings::default()
/// };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The cookie's attributes, from which those of each session start.
    pub cookie: Options,
    /// The table.
    pub table: Table,
    /// When a read waits for what other nodes have committed.
    pub causal: Causal,
    /// What a session is while the database cannot be asked.
    pub outage: Outage,
    /// What becomes of a session that somebody else saved since it was read.
    pub conflicts: Conflicts,
    /// From how much more life on a session that is only read is [touched](super::Store::touch) at the end of a request;
    /// `None` for never, as in the original, where a session expires a max age after it was saved last. A tenth of the
    /// max age keeps users logged in for as long as they come, at few writes.
    pub touch_after: Option<Duration>,
    /// How long the row of a browser session ([`MaxAge::Browser`]) lives from when it is saved.
    pub browser_lifetime: Duration,
    /// How many bytes a cookie's value may have, and a row's data when it is written; `None` for no limit. Go reads 4096
    /// unless told otherwise (`codec.MaxLength`), and takes a longer one for no session. Rows are read whatever their
    /// length, up to [`LARGEST`](super::LARGEST).
    pub max_length: Option<usize>,
    /// How old a signature may be, a cookie's and a row's data's; zero for no limit. Where [`cookie`](Self::cookie) lets
    /// sessions live for longer than this, that counts. Go has 30 days unless told otherwise (`codec.MaxAge`).
    pub signature_age: Duration,
}

/// When a read waits until its node has applied what the cluster had committed before.
///
/// Nodes of one cluster apply what another one committed a moment later. A browser that is redirected to another web server,
/// on another node, may be there before its session is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Causal {
    /// When the row is not found, or has expired: it is looked for once more with waiting. A session that is found costs
    /// nothing; it may be as old as the node is behind.
    #[default]
    Miss,
    /// Always: what is read is never old, and each read takes as long as the node is behind.
    Always,
    /// Never, as the original does it.
    Never,
}

/// What a session is while the database cannot be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outage {
    /// There is none: getting it is an error, and the user's login is still there when the database is.
    #[default]
    Fails,
    /// A new one, as the original has it. Saving it takes the place of the one that could not be read: the user has to log
    /// in again. [Deleting](super::Store::delete) it deletes the one that could not be read, or is an error if that cannot
    /// be done either.
    New,
}

/// What becomes of a session that somebody else saved since it was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conflicts {
    /// The last one to save wins, as in the original.
    ///
    /// The last one is whom the database hears last: a statement that was given up at its deadline on one node, and done
    /// again on another, may still be carried out, and undo what was saved meanwhile. [`Detected`](Self::Detected) is
    /// immune: such a statement finds other data than it is to change.
    #[default]
    LastWins,
    /// Saving it is [`Error::Overtaken`](super::Error::Overtaken), and the row stays as the other one saved it.
    Detected,
}

impl Default for Settings {
    /// Cookies by [`Options::default`], the table `session_cluster`, a second look for what is not found, errors for an
    /// outage, the last one to save wins, no touches, a day for browser
    /// sessions, and gorilla's limits: 4096 bytes, 30 days.
    fn default() -> Self {
        Self {
            cookie: Options::default(),
            table: Table::default(),
            causal: Causal::default(),
            outage: Outage::default(),
            conflicts: Conflicts::default(),
            touch_after: None,
            browser_lifetime: Duration::from_secs(86_400),
            max_length: Some(4096),
            signature_age: Duration::from_secs(30 * 86_400),
        }
    }
}

impl Settings {
    /// Takes a session for new while the database cannot be asked, as the original does: see [`Outage::New`].
    #[must_use]
    pub fn lenient(self) -> Self {
        Self { outage: Outage::New, ..self }
    }

    /// Returns how long a row lives whose cookie has this age; `None` if it does not.
    pub(super) fn lifetime(&self, age: MaxAge) -> Option<Duration> {
        match age {
            MaxAge::Ended => None,
            age if age.as_seconds() == 0 => Some(self.browser_lifetime),
            age => Some(Duration::from_secs(age.as_seconds().unsigned_abs())),
        }
    }

    /// Returns how old a signature may be; `None` for no limit.
    pub(super) fn oldest_signature(&self) -> Option<Duration> {
        if self.signature_age.is_zero() {
            return None;
        }
        Some(self.signature_age.max(self.lifetime(self.cookie.max_age).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn a_row_lives_as_long_as_its_cookie_and_a_browser_session_as_long_as_is_set() {
        let settings = Settings::default();
        for (age, expected) in [
            (MaxAge::For(DAY), Some(DAY)),
            (MaxAge::For(Duration::from_millis(10)), Some(DAY)),
            (MaxAge::Browser, Some(DAY)),
            (MaxAge::Ended, None),
        ] {
            assert_eq!(settings.lifetime(age), expected, "{age:?}");
        }
    }

    #[test]
    fn a_signature_is_good_for_as_long_as_the_session_lives() {
        for (signature, session, expected) in [
            (30 * DAY, MaxAge::For(DAY), Some(30 * DAY)),
            (30 * DAY, MaxAge::For(90 * DAY), Some(90 * DAY)),
            (30 * DAY, MaxAge::Ended, Some(30 * DAY)),
            (Duration::ZERO, MaxAge::For(DAY), None),
        ] {
            let cookie = Options { max_age: session, ..Options::default() };
            let settings = Settings { cookie, signature_age: signature, ..Settings::default() };
            assert_eq!(settings.oldest_signature(), expected);
        }
    }
}
