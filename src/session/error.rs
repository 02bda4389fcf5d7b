//! Why a session does not open, or cannot be sealed.

use crate::{Place, gob, securecookie};

/// Why a cookie or a row's data does not open or cannot be made, or does not hold what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The value does not verify, or is not taken for its age or length.
    #[error("the value does not verify")]
    Refused(#[source] securecookie::Error),
    /// The value verifies, and is not of gorilla's form: no number for a date, a payload that is not base64 or too short to
    /// be decrypted.
    #[error("the value verifies, and does not decode")]
    Malformed(#[source] securecookie::Error),
    /// The value verifies, and is no gob.
    #[error("the value verifies under key {key} for `{name}`, and is no gob")]
    NotGob {
        /// The name under which it verifies.
        name: String,
        /// The place of the pair under which it does, counted from 1.
        key: usize,
        /// Whether that pair encrypts, so that it was decrypted before.
        encrypted: bool,
        /// Why it is no gob.
        source: gob::Error,
    },
    /// The value verifies and is a gob, of something else than was asked for: a cookie's value was given for a row's
    /// data, or the other way round.
    #[error("the value verifies under key {key} for `{name}`, and holds {found} instead of {expected}")]
    OtherValue {
        /// The name under which it verifies.
        name: String,
        /// The place of the pair under which it does, counted from 1.
        key: usize,
        /// What it should hold.
        expected: &'static str,
        /// What it holds, in Go's words.
        found: String,
        /// Where the error was made.
        place: Place,
    },
    /// A gob is well-formed, and does not hold session values.
    #[error("the gob holds {found} instead of session values")]
    NotValues {
        /// What it holds, in Go's words.
        found: String,
        /// Where the error was made.
        place: Place,
    },
    /// Bytes given as values are no gob.
    #[error("the values are no gob")]
    Gob(#[from] gob::Error),
    /// The values cannot be written as a gob that Go reads.
    #[error("the values cannot be encoded")]
    Encoding {
        /// Which of them, and why.
        source: gob::Error,
    },
    /// The values, or an id, cannot be signed or encrypted, or are too long.
    #[error("the value cannot be sealed")]
    Sealing {
        /// Why.
        source: securecookie::Error,
    },
    /// A value is not of the Rust type that was asked for.
    #[error("a value of the session is of another type")]
    Typed {
        /// Which, and what it is.
        source: gob::Error,
    },
    /// There is no value under a key.
    #[error("there is nothing under `{}` to be a {rust_type}", key.escape_debug())]
    Missing {
        /// The key.
        key: String,
        /// The Rust type that was asked for.
        rust_type: &'static str,
        /// Where the error was made.
        place: Place,
    },
    /// What is under the key of flashes is no list of them.
    #[error("`{}` holds {found} instead of flashes", key.escape_debug())]
    NotFlashes {
        /// The key.
        key: String,
        /// What it holds, in Go's words.
        found: String,
        /// Where the error was made.
        place: Place,
    },
    /// A key that the store uses itself holds something else.
    #[error("`{key}` holds {found}; the key is kept for a {expected}, when the session is to expire")]
    Reserved {
        /// The key.
        key: &'static str,
        /// What it holds, in Go's words.
        found: String,
        /// What it is kept for.
        expected: &'static str,
        /// Where the error was made.
        place: Place,
    },
    /// A name is no token of HTTP, and so no cookie's.
    #[error("`{}` cannot be the name of a cookie", name.escape_debug())]
    CookieName {
        /// The name.
        name: String,
        /// Where the error was made.
        place: Place,
    },
    /// The system has no random digits for an id.
    #[error("no random digits for an id: {reason}")]
    Random {
        /// What the system says.
        reason: String,
        /// Where the error was made.
        place: Place,
    },
    /// The text given has no cookie in it.
    #[error("no cookie in the text")]
    NoCookie {
        /// Where the error was made.
        place: Place,
    },
    /// The text given has cookies, but none of a name asked for.
    #[error("no cookie of the name {}; found are {}", list(asked), list(found))]
    OtherCookies {
        /// The names asked for.
        asked: Vec<String>,
        /// The names of the cookies in the text.
        found: Vec<String>,
        /// Where the error was made.
        place: Place,
    },
}

impl Error {
    /// Returns whether the value verified: it is one of ours, and its content is not as expected.
    #[must_use]
    pub fn is_content(&self) -> bool {
        use Error::{Gob, Malformed, NotGob, NotValues, OtherValue};
        matches!(self, Malformed(_) | NotGob { .. } | OtherValue { .. } | NotValues { .. } | Gob(_))
    }

    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Refused(source) | Self::Malformed(source) => source.place(),
            Self::Sealing { source } => source.place(),
            Self::NotGob { source, .. } | Self::Gob(source) | Self::Encoding { source } | Self::Typed { source } => {
                source.place()
            }
            Self::OtherValue { place, .. }
            | Self::NotValues { place, .. }
            | Self::Missing { place, .. }
            | Self::NotFlashes { place, .. }
            | Self::Reserved { place, .. }
            | Self::CookieName { place, .. }
            | Self::Random { place, .. }
            | Self::NoCookie { place }
            | Self::OtherCookies { place, .. } => *place,
        }
    }
}

impl From<securecookie::Error> for Error {
    fn from(error: securecookie::Error) -> Self {
        if error.is_content() { Self::Malformed(error) } else { Self::Refused(error) }
    }
}

fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.escape_debug())).collect();
    quoted.join(", ")
}
