//! Why a text is no DSN.

use std::fmt;

use crate::Place;

/// Why a text is no DSN.
///
/// A DSN holds a password, and a broken one may hold it anywhere. So no message repeats any part of the text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DsnError {
    /// There is nothing but white space.
    #[error("the DSN is empty: write it as {} or {}", Form::Url, Form::Go)]
    Empty {
        /// Where the error was made.
        place: Place,
    },
    /// It is far longer than a DSN can be.
    #[error("the DSN has {bytes} bytes, and more than {longest} are not looked at")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        longest: usize,
        /// Where the error was made.
        place: Place,
    },
    /// There is a line end, a NUL or the like in it.
    #[error(
        "the DSN holds a control character, such as a line end: only the password of a URL may have one, written as %0A"
    )]
    ControlCharacter {
        /// Where the error was made.
        place: Place,
    },
    /// It is a URL, but not of this kind of server.
    #[error("the DSN is a URL of something else: write it as {}", Form::Url)]
    Scheme {
        /// Where the error was made.
        place: Place,
    },
    /// A part is missing or is not what it should be.
    #[error("the DSN is malformed: {reason}; write it as {form}")]
    Malformed {
        /// The form that it was read as.
        form: Form,
        /// What is wrong, and where.
        reason: &'static str,
        /// Where the error was made.
        place: Place,
    },
    /// A parameter has a value that it cannot have.
    #[error("the DSN's parameter `{name}` {reason}")]
    Parameter {
        /// The parameter.
        name: &'static str,
        /// What is wrong with its value, and an example of a right one.
        reason: &'static str,
        /// Where the error was made.
        place: Place,
    },
    /// What stands before the first `=` of `NAME=DSN` is no name.
    #[error("the node's name {reason}: write it as `NAME=DSN`, the name of letters, digits, `_`, `.` and `-`")]
    Name {
        /// What is wrong with the name.
        reason: &'static str,
        /// Where the error was made.
        place: Place,
    },
}

/// The forms of a DSN. `Display` gives an example of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A URL.
    Url,
    /// The form of Go's `go-sql-driver/mysql`.
    Go,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "`mysql://user:password@host:3306/database`",
            Self::Go => "`user:password@tcp(host:3306)/database`",
        })
    }
}

impl DsnError {
    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Empty { place }
            | Self::TooLong { place, .. }
            | Self::ControlCharacter { place }
            | Self::Scheme { place }
            | Self::Malformed { place, .. }
            | Self::Parameter { place, .. }
            | Self::Name { place, .. } => *place,
        }
    }
}
