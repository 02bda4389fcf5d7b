//! Names of tables and columns, how an identifier is quoted, and the indexes that a table has.

mod catalogue;
mod indexes;

use crate::Place;

pub(crate) use catalogue::ask_for_all_there_is;
#[cfg(test)]
pub(crate) use indexes::sample;
pub use indexes::{Index, Part, indexes};

/// The session table that the Go package's statements name.
pub const SESSION_TABLE: &str = "session_cluster";
/// Our history of migrations, in the session table's database.
pub const MIGRATIONS_TABLE: &str = "csqlstore_migrations";
/// Our leases, in the session table's database.
pub const LEASE_TABLE: &str = "csqlstore_lease";

/// The longest identifier that a server takes, in characters.
const LONGEST: usize = 64;

/// The name of a session table, known to be one that can be quoted.
///
/// The table lies in the database that the node's DSN names; a name with a database in front is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Table(String);

/// Why a text is not the name of a table.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It is empty, too long, or holds what no server takes in a name.
    #[error("`{name}` is not the name of a table: {reason}")]
    Name {
        /// The text.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
        /// Where it was refused.
        place: Place,
    },
}

impl Error {
    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        let Self::Name { place, .. } = self;
        *place
    }
}

impl Table {
    /// Takes a table's name.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] if the name is empty, is longer than 64 characters, ends in a space, or holds a control
    /// character, a dot, or a character beyond the basic multilingual plane.
    #[track_caller]
    pub fn new(name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        let reason = if name.is_empty() {
            Some("it is empty")
        } else if name.chars().count() > LONGEST {
            Some("it is longer than 64 characters")
        } else if name.ends_with(' ') {
            Some("it ends in a space")
        } else if name.chars().any(|c| c.is_control() || u32::from(c) > 0xffff) {
            Some("it holds a character that no name may hold")
        } else if name.contains('.') {
            Some("the database is named in the node's DSN, not here")
        } else {
            None
        };
        match reason {
            Some(reason) => Err(Error::Name { name, reason, place: Place::here() }),
            None => Ok(Self(name)),
        }
    }

    /// Takes a name of our own, which is known to be one.
    pub(crate) fn known(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// Returns the name as it is.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Writes what follows SELECT to ask for how many seconds the oldest expired row has been expired: NULL if there is
    /// none.
    pub(crate) fn oldest_expired(&self) -> String {
        // The floor is for a zero date, from which no difference can be taken.
        format!(
            "TIMESTAMPDIFF(SECOND, GREATEST(MIN(expire_on), TIMESTAMP'1000-01-01 00:00:00'), UTC_TIMESTAMP()) \
             FROM {} WHERE expire_on < UTC_TIMESTAMP()",
            self.quoted()
        )
    }

    /// Returns the name in backticks, ready for a statement.
    #[must_use]
    pub fn quoted(&self) -> String {
        quote(&self.0)
    }
}

impl Default for Table {
    fn default() -> Self {
        Self(SESSION_TABLE.to_owned())
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Quotes an identifier in backticks.
#[must_use]
pub fn quote(identifier: &str) -> String {
    format!("`{}`", identifier.replace('`', "``"))
}

/// Writes a moment as the servers compare it with a DATETIME: UTC, in whole seconds.
pub(crate) fn literal(moment: jiff::Timestamp) -> String {
    jiff::tz::Offset::UTC.to_datetime(moment).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_and_whole_seconds() {
        let moment: jiff::Timestamp = "2026-03-01T07:08:09.75+08:00".parse().unwrap();
        assert_eq!(literal(moment), "2026-02-28 23:08:09");
        assert_eq!(literal("1000-01-01T00:00:00Z".parse().unwrap()), "1000-01-01 00:00:00");
    }

    #[test]
    fn a_backtick_in_a_name_does_not_end_it() {
        assert_eq!(Table::new("a`b; DROP").unwrap().quoted(), "`a``b; DROP`");
    }

    #[test]
    fn refuses_what_no_server_takes() {
        for name in ["", "a\0b", "a.b", "tail ", &"x".repeat(65), "a\u{1f600}"] {
            assert!(Table::new(name).is_err(), "{name:?}");
        }
        assert_eq!(Table::new("x".repeat(64)).unwrap().name().len(), 64);
    }
}
