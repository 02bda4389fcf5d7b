//! What an event is to do, and what it is called.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::error::Error;
use crate::Place;
use crate::schema::{self, Table};

/// The longest name of an event, in characters.
const LONGEST: usize = 64;
const PREFIX: &str = "csqlstore_purge_";
/// Ten years: longer is a slip of the keyboard, and the event's comment has 64 characters for all numbers.
const LONGEST_SPAN: Duration = Duration::from_secs(315_360_000);
/// A write set of more rows stalls the other nodes while they apply it.
const LARGEST_BATCH: u32 = 10_000;

/// The name of an event, known to be one that can be quoted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name(String);

impl Name {
    /// Takes an event's name; the event lies in the session table's database.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] if no server takes it.
    #[track_caller]
    pub fn new(name: impl Into<String>) -> Result<Self, Error> {
        match Table::new(name) {
            Ok(table) => Ok(Self(table.name().to_owned())),
            Err(schema::Error::Name { name, reason, .. }) => Err(Error::Name { name, reason, place: Place::here() }),
        }
    }

    /// Returns the name of the event that cleans a table up, if nobody wished for another.
    ///
    /// It is `csqlstore_purge_TABLE`; of a table's name that would make it too long, only the beginning and a checksum
    /// of the whole are used.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let whole = format!("{PREFIX}{table}");
        if whole.chars().count() <= LONGEST {
            return Self(whole);
        }
        let sum = Sha256::digest(table.name().as_bytes());
        let sum: String = sum.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let beginning: String = whole.chars().take(LONGEST - 1 - sum.len()).collect();
        Self(format!("{beginning}_{sum}"))
    }

    /// Returns the name as it is.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name in backticks, ready for a statement.
    #[must_use]
    pub fn quoted(&self) -> String {
        schema::quote(&self.0)
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the event does: how often, to which rows, how many at a time, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    every: Duration,
    grace: Duration,
    batch: u32,
    max_time: Duration,
}

impl Definition {
    /// The batch that nobody has to choose: 200 rows of ordinary size do not stall a cluster.
    pub const BATCH: u32 = 200;

    /// Takes the interval between runs, the time that a session is kept after it expired, and the rows of one DELETE.
    ///
    /// A run ends after half the interval, at most ten minutes, and the next one goes on: two runs at once are
    /// not prevented by the server.
    ///
    /// # Errors
    ///
    /// [`Error::Definition`] if a time is not of whole seconds or longer than ten years, the interval is zero, or the
    /// batch is not of 1 to 10,000 rows.
    #[track_caller]
    pub fn new(every: Duration, grace: Duration, batch: u32) -> Result<Self, Error> {
        let refused = |what, reason| Err(Error::Definition { what, reason, place: Place::here() });
        for (what, span) in [("interval", every), ("grace", grace)] {
            if span.subsec_nanos() != 0 {
                return refused(what, "it is not of whole seconds");
            }
            if span > LONGEST_SPAN {
                return refused(what, "it is longer than ten years");
            }
        }
        if every.is_zero() {
            return refused("interval", "it is zero");
        }
        if !(1..=LARGEST_BATCH).contains(&batch) {
            return refused("batch", "it is not of 1 to 10000 rows");
        }
        let max_time = Duration::from_secs((every.as_secs() / 2).clamp(1, 600));
        Ok(Self { every, grace, batch, max_time })
    }

    /// Returns the interval between runs.
    #[must_use]
    pub fn every(&self) -> Duration {
        self.every
    }

    /// Returns how long a session is kept after it expired.
    #[must_use]
    pub fn grace(&self) -> Duration {
        self.grace
    }

    /// Returns the rows of one DELETE.
    #[must_use]
    pub fn batch(&self) -> u32 {
        self.batch
    }

    /// Returns how long one run goes on at most.
    #[must_use]
    pub fn max_time(&self) -> Duration {
        self.max_time
    }

    /// Returns how old an expired row can get while the event works: it becomes due just after a run began, and goes in
    /// the next one.
    #[must_use]
    pub fn oldest_allowed(&self) -> Duration {
        self.grace + self.every + self.max_time
    }

    /// Writes what a comment of the event has to say, so that it can be read back from any node.
    pub(super) fn comment(&self) -> String {
        let Self { every: _, grace, batch, max_time } = self;
        format!("csqlstore grace={} batch={batch} max={}", grace.as_secs(), max_time.as_secs())
    }

    /// Reads a definition back from an event's interval and comment; `None` if it is none of ours.
    pub(super) fn read(every: Duration, comment: &str) -> Option<Self> {
        let mut words = comment.split(' ');
        if words.next() != Some("csqlstore") {
            return None;
        }
        let mut number = |key: &str| words.next()?.strip_prefix(key)?.strip_prefix('=')?.parse::<u32>().ok();
        let grace = Duration::from_secs(number("grace")?.into());
        let batch = number("batch")?;
        let max_time = Duration::from_secs(number("max")?.into());
        Some(Self { max_time, ..Self::new(every, grace, batch).ok()? })
    }
}

impl Default for Definition {
    fn default() -> Self {
        let hour = Duration::from_secs(3600);
        Self { every: hour, grace: hour, batch: Self::BATCH, max_time: Duration::from_secs(600) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_default_name_fits_whatever_the_table_is_called() {
        assert_eq!(Name::of(&Table::default()).as_str(), "csqlstore_purge_session_cluster");
        let long = |last: char| Table::new(format!("{}{last}", "ä".repeat(63))).unwrap();
        let (a, b) = (Name::of(&long('a')), Name::of(&long('b')));
        assert_ne!(a, b);
        assert_eq!(a.as_str().chars().count(), 64);
        assert!(Name::new(a.as_str()).is_ok());
    }

    #[test]
    fn a_definition_is_read_back_from_its_comment() {
        for definition in [
            Definition::default(),
            Definition::new(s(1), s(0), 1).unwrap(),
            Definition::new(LONGEST_SPAN, LONGEST_SPAN, LARGEST_BATCH).unwrap(),
        ] {
            let comment = definition.comment();
            assert!(comment.chars().count() <= 64, "{comment}");
            assert_eq!(Definition::read(definition.every(), &comment), Some(definition));
        }
    }

    #[test]
    fn a_comment_of_somebody_else_is_no_definition() {
        for comment in ["", "csqlstore", "csqlstore grace=x batch=1 max=1", "csqlstore grace=1 batch=0 max=1", "purge"]
        {
            assert_eq!(Definition::read(s(60), comment), None, "{comment:?}");
        }
        assert_eq!(Definition::read(s(0), "csqlstore grace=1 batch=1 max=1"), None);
    }

    #[test]
    fn refuses_what_no_event_can_do() {
        for (every, grace, batch, named) in [
            (s(0), s(1), 1, "interval"),
            (Duration::from_millis(1500), s(1), 1, "interval"),
            (s(1), Duration::from_millis(1), 1, "grace"),
            (s(1), LONGEST_SPAN + s(1), 1, "grace"),
            (s(1), s(1), 0, "batch"),
            (s(1), s(1), LARGEST_BATCH + 1, "batch"),
        ] {
            let error = Definition::new(every, grace, batch).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn a_run_is_over_before_the_next_one_begins() {
        for (every, max_time) in [(1, 1), (2, 1), (60, 30), (3600, 600), (86_400, 600)] {
            assert_eq!(Definition::new(s(every), s(0), 1).unwrap().max_time(), s(max_time), "{every}");
        }
    }
}
