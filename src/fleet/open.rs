//! Opening rows, and counting those that do not open by reason.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use super::row::Stored;
use crate::securecookie::{self, Codec};
use crate::session::{self, Data};

/// What opens rows: keys, session names, and the moment by which ages are told.
#[derive(Clone, Debug)]
pub struct Opener {
    codec: Codec,
    names: Vec<String>,
    now: Timestamp,
}

/// Why a row does not open.
#[derive(Debug)]
pub enum Reason {
    /// Its data is NULL, or longer than any session's and was not fetched.
    NotFetched,
    /// Its data does not verify, is too old, or holds no session.
    Refused(session::Error),
    /// It is signed with a date that is beyond the calendar, and cannot be written again.
    Dateless,
}

impl Opener {
    /// Makes one that opens under the first name and the first pair that fit.
    #[must_use]
    pub fn new(codec: Codec, names: Vec<String>, now: Timestamp) -> Self {
        Self { codec, names, now }
    }

    /// Opens a row.
    ///
    /// # Errors
    ///
    /// Why it does not open; that stops no scan.
    pub fn open(&self, stored: &Stored) -> Result<Data, Reason> {
        let data = stored.data.as_ref().ok_or(Reason::NotFetched)?;
        let text = text_of(data);
        session::open_data(&self.codec, &self.names, &text, self.now).map_err(Reason::Refused)
    }
}

/// Takes data for text. Nearly all of it is, and to see that is much less work than to go through its characters.
pub(super) fn text_of(data: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(data).map_or_else(|_| String::from_utf8_lossy(data), Cow::Borrowed)
}

impl Reason {
    /// Returns the reason as a stable name of lower-case words and hyphens.
    #[must_use]
    pub fn word(&self) -> &'static str {
        use securecookie::Error as Cookie;
        match self {
            Self::NotFetched => "too-large",
            Self::Dateless => "odd-date",
            Self::Refused(session::Error::Refused(error)) => match error {
                Cookie::TooLong { .. } => "too-long",
                Cookie::NotBase64 { .. } => "not-base64",
                Cookie::NotThreeParts { .. } => "not-three-parts",
                Cookie::MacLength { .. } => "mac-length",
                Cookie::Mac { .. } => "no-key",
                Cookie::Date { .. } => "no-date",
                Cookie::Expired { .. } => "too-old",
                Cookie::TooNew { .. } => "too-new",
                Cookie::NotDecryptable { .. } => "not-decryptable",
                _ => "refused",
            },
            Self::Refused(session::Error::NotGob { .. }) => "no-gob",
            Self::Refused(_) => "no-session",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFetched => f.write_str("the data is NULL, or longer than any session's"),
            Self::Dateless => f.write_str("the date is beyond the calendar"),
            Self::Refused(session::Error::Refused(error)) => error.fmt(f),
            Self::Refused(error @ session::Error::NotGob { source, .. }) => write!(f, "{error}: {source}"),
            Self::Refused(error) => error.fmt(f),
        }
    }
}

/// Says a reason's word in a sentence's words.
fn phrase(word: &str) -> &str {
    match word {
        "too-large" => "longer than any session's, or NULL",
        "too-long" => "longer than --max-length",
        "not-base64" => "not base64",
        "not-three-parts" => "not made of a date, a payload and a MAC",
        "mac-length" => "a MAC of another length",
        "odd-date" => "signed with a date beyond the calendar",
        "no-key" => "verify under no key and name",
        "no-date" => "signed without a date",
        "too-old" => "signed longer ago than --max-age",
        "too-new" => "signed too shortly ago",
        "not-decryptable" => "not decryptable",
        "no-gob" => "verify, and hold no gob",
        "no-session" => "verify, and hold no session",
        other => other,
    }
}

/// Rows that did not open, counted by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unreadable(BTreeMap<&'static str, u64>);

impl Unreadable {
    /// Counts one.
    pub fn add(&mut self, reason: &Reason) {
        *self.0.entry(reason.word()).or_default() += 1;
    }

    /// Adds the counts of another.
    pub fn merge(&mut self, other: &Self) {
        for (word, count) in &other.0 {
            *self.0.entry(word).or_default() += count;
        }
    }

    /// Returns how many there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// Returns whether that is all of so many rows, most of them for they do not verify: these are not their keys, or not
    /// their names.
    #[must_use]
    pub fn none_verifies(&self, rows: u64) -> bool {
        let unverified = ["no-key", "mac-length"].iter().filter_map(|word| self.0.get(word)).sum::<u64>();
        self.total() == rows && unverified > rows / 2
    }

    /// Returns the counts by [`Reason::word`].
    #[must_use]
    pub fn by_reason(&self) -> &BTreeMap<&'static str, u64> {
        &self.0
    }
}

impl fmt::Display for Unreadable {
    /// `3 rows are unreadable: 2 verify under no key and name, 1 not base64`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.total();
        write!(f, "{total} {} unreadable", if total == 1 { "row is" } else { "rows are" })?;
        let mut most: Vec<_> = self.0.iter().collect();
        most.sort_by_key(|(word, count)| (std::cmp::Reverse(**count), **word));
        for (at, (word, count)) in most.into_iter().enumerate() {
            write!(f, "{} {count} {}", if at == 0 { ":" } else { "," }, phrase(word))?;
        }
        Ok(())
    }
}
