//! Why a value does not open or cannot be sealed, and why a keyring is none.

use std::fmt;

use crate::Place;

/// Why a value does not verify or decrypt, or cannot be sealed, or a keyring does not parse.
///
/// No variant holds a key, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text of a keyring is wrong.
    #[error("line {line} of the keyring, pair {pair}: {fault}")]
    Keyring {
        /// The line, counted from 1.
        line: usize,
        /// The place of the pair, counted from 1.
        pair: usize,
        /// What is wrong there.
        fault: KeyFault,
        /// Where the error was made.
        place: Place,
    },
    /// A pair made in code has a wrong key.
    #[error("a key pair has a wrong key: {fault}")]
    Key {
        /// What is wrong with it.
        fault: KeyFault,
        /// Where the error was made.
        place: Place,
    },
    /// A keyring has no pair.
    #[error("the keyring is empty")]
    NoKey {
        /// Where the error was made.
        place: Place,
    },
    /// No name to verify under was given.
    #[error("no session name to verify under")]
    NoName {
        /// Where the error was made.
        place: Place,
    },
    /// The value is longer than the codec takes.
    #[error("the value has {length} bytes, more than the {max} that the codec takes")]
    TooLong {
        /// The length of the value.
        length: usize,
        /// The codec's limit.
        max: usize,
        /// Where the error was made.
        place: Place,
    },
    /// The value, or the payload within one that nobody verified, is not URL-safe base64 with padding.
    #[error("{what} is not base64")]
    NotBase64 {
        /// What was to be decoded.
        what: &'static str,
        /// Where the error was made.
        place: Place,
    },
    /// The value is base64, but not a date, a payload and a MAC with `|` between them.
    #[error("the value has {found} of the three parts date, payload and MAC")]
    NotThreeParts {
        /// How many parts there are.
        found: usize,
        /// Where the error was made.
        place: Place,
    },
    /// The MAC has not the length of HMAC-SHA256: the value is cut short, or signed in another way.
    #[error("the MAC has {length} bytes instead of 32")]
    MacLength {
        /// Its length.
        length: usize,
        /// Where the error was made.
        place: Place,
    },
    /// The MAC fits none of the keys under none of the names.
    #[error("the MAC is wrong under {} and {}", Keys(*keys), Names(names))]
    Mac {
        /// The names tried.
        names: Vec<String>,
        /// How many keys were tried under each.
        keys: usize,
        /// Where the error was made.
        place: Place,
    },
    /// The MAC is right, but the date is no number of seconds.
    #[error("the value is signed by key {key} for `{name}`, but its date is no number")]
    Date {
        /// The name under which the MAC is right.
        name: String,
        /// The place of the pair under which it is, counted from 1.
        key: usize,
        /// Where the error was made.
        place: Place,
    },
    /// The MAC is right, but the value is older than the codec takes.
    #[error(
        "signed {} ago by key {key} for `{name}`, older than the codec's max age of {}",
        Span(*age_s),
        Span(*max_age_s)
    )]
    Expired {
        /// The name under which the MAC is right.
        name: String,
        /// The place of the pair under which it is, counted from 1.
        key: usize,
        /// When it was signed, in Unix seconds.
        signed_at: i64,
        /// Its age in seconds.
        age_s: i64,
        /// The codec's limit in seconds.
        max_age_s: i64,
        /// Where the error was made.
        place: Place,
    },
    /// The MAC is right, but the value is younger than the codec takes.
    #[error("signed {} ago by key {key} for `{name}`, younger than the codec's min age of {}", Span(*age_s), Span(*min_age_s))]
    TooNew {
        /// The name under which the MAC is right.
        name: String,
        /// The place of the pair under which it is, counted from 1.
        key: usize,
        /// When it was signed, in Unix seconds.
        signed_at: i64,
        /// Its age in seconds, negative if it is signed in the future.
        age_s: i64,
        /// The codec's limit in seconds.
        min_age_s: i64,
        /// Where the error was made.
        place: Place,
    },
    /// The MAC is right, but the payload that it covers is not base64: the signer did not write it as gorilla does.
    #[error("signed by key {key} for `{name}`, but its payload is not base64")]
    Payload {
        /// The name under which the MAC is right.
        name: String,
        /// The place of the pair under which it is, counted from 1.
        key: usize,
        /// Where the error was made.
        place: Place,
    },
    /// The system has no random bytes to encrypt with.
    #[error("no random bytes: {reason}")]
    Random {
        /// What the system says.
        reason: String,
        /// Where the error was made.
        place: Place,
    },
    /// The MAC is right, but the payload is too short to have been encrypted.
    #[error("signed by key {key} for `{name}`, but not decryptable: {length} bytes, and 17 is the least")]
    NotDecryptable {
        /// The name under which the MAC is right.
        name: String,
        /// The place of the pair under which it is, counted from 1.
        key: usize,
        /// The length of the payload.
        length: usize,
        /// Where the error was made.
        place: Place,
    },
}

/// What is wrong with a key in a keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFault {
    /// A key begins with none of the words that say how it is written.
    #[error("a key begins with none of `hex:`, `base64:` and `raw:`")]
    Scheme,
    /// A key has no bytes.
    #[error("a key is empty")]
    Empty,
    /// Hexadecimal text ends in the middle of a byte.
    #[error("the text after `hex:` has an odd number of digits: one is missing, or one too many")]
    HexOdd,
    /// Hexadecimal text is none.
    #[error("the text after `hex:` is not hexadecimal")]
    Hex,
    /// Base64 text is none.
    #[error("the text after `base64:` is not base64")]
    Base64,
    /// A pair has a third key.
    #[error("more than two keys; a pair is `HASH[,BLOCK]`")]
    ThirdKey,
    /// A block key has a length that AES does not have.
    #[error("a block key has {length} bytes instead of 16, 24 or 32")]
    BlockLength {
        /// Its length.
        length: usize,
    },
}

impl Error {
    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Keyring { place, .. }
            | Self::Key { place, .. }
            | Self::NoKey { place }
            | Self::NoName { place }
            | Self::TooLong { place, .. }
            | Self::NotBase64 { place, .. }
            | Self::NotThreeParts { place, .. }
            | Self::MacLength { place, .. }
            | Self::Mac { place, .. }
            | Self::Date { place, .. }
            | Self::Payload { place, .. }
            | Self::Expired { place, .. }
            | Self::TooNew { place, .. }
            | Self::Random { place, .. }
            | Self::NotDecryptable { place, .. } => *place,
        }
    }

    /// Returns whether the fault lies with the keys and names given, and not with a value.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        matches!(self, Self::Keyring { .. } | Self::Key { .. } | Self::NoKey { .. } | Self::NoName { .. })
    }

    /// Returns the name and the place of the pair under which the MAC is right, where it is right at all.
    ///
    /// Such a value was made with one of the keys, and is refused for another reason.
    #[must_use]
    pub fn signed_by(&self) -> Option<(&str, usize)> {
        match self {
            Self::Date { name, key, .. }
            | Self::Expired { name, key, .. }
            | Self::TooNew { name, key, .. }
            | Self::Payload { name, key, .. }
            | Self::NotDecryptable { name, key, .. } => Some((name, *key)),
            _ => None,
        }
    }

    /// Returns whether the MAC is right, and what it covers is not of gorilla's form: no number for a date, a payload that is
    /// not base64 or too short to be decrypted.
    ///
    /// Such a value verifies, since a holder of the key wrote it as it is, and does not decode; no other key or name helps.
    /// One that is merely too old or too new has nothing wrong with it.
    #[must_use]
    pub fn is_content(&self) -> bool {
        matches!(self, Self::Date { .. } | Self::Payload { .. } | Self::NotDecryptable { .. })
    }
}

struct Keys(usize);

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("the key"),
            2 => f.write_str("both keys"),
            keys => write!(f, "each of {keys} keys"),
        }
    }
}

struct Names<'a>(&'a [String]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.len() == 1 { "the name " } else { "the names " })?;
        for (at, name) in self.0.iter().enumerate() {
            write!(f, "{}`{name}`", if at == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// Seconds in the largest unit of which there are at least two.
pub(crate) struct Span(pub(crate) i64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self.0 {
            172_800.. => (self.0 / 86_400, "days"),
            7200.. => (self.0 / 3600, "hours"),
            120.. => (self.0 / 60, "minutes"),
            1 => (1, "second"),
            seconds => (seconds, "seconds"),
        };
        write!(f, "{count} {unit}")
    }
}
