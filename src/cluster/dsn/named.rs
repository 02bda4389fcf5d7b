//! A DSN with the name of its node.

use super::error::DsnError;
use super::parameters::is_name;
use super::{Dsn, Parsed};
use crate::Place;

/// An entry of a list of nodes: `[NAME=]DSN`.
#[derive(Clone, Debug)]
pub struct NamedDsn {
    /// The node's name: as given, else `host:port` or the path of its socket.
    pub name: String,
    /// How the node is reached.
    pub dsn: Dsn,
    /// Parameters that have no effect here, as in [`Parsed`].
    pub warnings: Vec<String>,
}

impl NamedDsn {
    /// Reads `[NAME=]DSN`, where NAME is 1 to 64 letters, digits, `_`, `.` and `-`.
    ///
    /// What stands before the first `=` is the name if it can be one. An `=` further on, in a password or a parameter,
    /// has a `:`, `@`, `/` or `(` before it and belongs to the DSN. (A user whose own name holds an `=` needs a node's name in
    /// front: `n1=us=er@tcp(…)/db`.) That no two nodes have one name is for the caller to see to.
    ///
    /// # Errors
    ///
    /// [`DsnError::Name`] if what stands before the first `=` is neither a name nor the beginning of a DSN, else as
    /// [`Dsn::parse`].
    #[track_caller]
    pub fn parse(entry: &str) -> Result<Self, DsnError> {
        let entry = entry.trim();
        let place = Place::here();
        let wrong = |reason| DsnError::Name { reason, place };
        let (name, text) = match entry.split_once('=') {
            Some((name, text)) if is_name(name) => (Some(name.to_owned()), text),
            Some(("", _)) => return Err(wrong("is empty")),
            Some((name, _)) if !name.contains([':', '@', '/', '(', '?']) => {
                return Err(wrong("holds a character that no name may hold, or is longer than 64"));
            }
            _ => (None, entry),
        };
        let Parsed { dsn, warnings } = Dsn::parse(text)?;
        let name = name.unwrap_or_else(|| dsn.address.to_string());
        Ok(Self { name, dsn, warnings })
    }
}
