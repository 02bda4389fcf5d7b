//! What an event is called.

use sha2::{Digest, Sha256};

use super::error::Error;
use crate::Place;
use crate::schema::{self, Table};

/// The longest name of an event, in characters.
const LONGEST: usize = 64;
const PREFIX: &str = "csqlstore_purge_";

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_name_fits_whatever_the_table_is_called() {
        assert_eq!(Name::of(&Table::default()).as_str(), "csqlstore_purge_session_cluster");
        let long = |last: char| Table::new(format!("{}{last}", "ä".repeat(63))).unwrap();
        let (a, b) = (Name::of(&long('a')), Name::of(&long('b')));
        assert_ne!(a, b);
        assert_eq!(a.as_str().chars().count(), 64);
        assert!(Name::new(a.as_str()).is_ok());
    }
}
