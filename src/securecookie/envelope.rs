//! The outer form of a value: `date | payload | MAC` in base64.

use super::Error;
use super::base64;
use super::codec::MAC;
use crate::Place;

/// A value taken apart, nothing of it verified.
#[derive(Debug)]
pub(super) struct Envelope {
    bytes: Vec<u8>,
    /// Where the date ends and the payload ends, each at a `|`.
    date_end: usize,
    payload_end: usize,
}

impl Envelope {
    /// Takes a value apart at the first two `|`; the MAC is raw bytes and may hold more of them.
    pub(super) fn open(value: &str) -> Result<Self, Error> {
        let Some(bytes) = base64::decode(value.as_bytes()) else {
            return Err(Error::NotBase64 { what: "the value", place: Place::here() });
        };
        let Some(date_end) = bytes.iter().position(|byte| *byte == b'|') else {
            return Err(Error::NotThreeParts { found: 1, place: Place::here() });
        };
        match payload_end(&bytes, date_end + 1) {
            Some(payload_end) => Ok(Self { bytes, date_end, payload_end }),
            None => Err(Error::NotThreeParts { found: 2, place: Place::here() }),
        }
    }

    /// Returns what is signed after the name and its `|`.
    pub(super) fn signed(&self) -> &[u8] {
        &self.bytes[..self.payload_end]
    }

    pub(super) fn mac(&self) -> &[u8] {
        &self.bytes[self.payload_end + 1..]
    }

    /// Returns the date in Unix seconds, as Go's `ParseInt` reads it: a sign may stand before the digits.
    pub(super) fn date(&self) -> Option<i64> {
        std::str::from_utf8(&self.bytes[..self.date_end]).ok()?.parse().ok()
    }

    pub(super) fn payload(&self) -> Result<Vec<u8>, Error> {
        base64::decode(&self.bytes[self.date_end + 1..self.payload_end])
            .ok_or_else(|| Error::NotBase64 { what: "the payload of the value", place: Place::here() })
    }
}

/// Returns where the first `|` from `start` on stands.
///
/// It is looked for where the MAC leaves it first. That nothing before is one is seen by looking at all bytes alike, which
/// takes a fraction of the time that looking for the first does.
fn payload_end(bytes: &[u8], start: usize) -> Option<usize> {
    let likely = bytes.len().checked_sub(MAC + 1).filter(|at| *at >= start && bytes[*at] == b'|');
    if let Some(at) = likely
        && !bytes[start..at].iter().fold(false, |found, byte| found | (*byte == b'|'))
    {
        return Some(at);
    }
    bytes[start..].iter().position(|byte| *byte == b'|').map(|at| start + at)
}

/// What a value claims of itself. Anybody can write such claims.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unverified {
    /// When it claims to have been signed, in Unix seconds; `None` if that is no number.
    pub signed_at: Option<i64>,
    /// The payload: the gob itself, or ciphertext.
    pub payload: Vec<u8>,
}

impl std::fmt::Debug for Unverified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unverified {{ signed_at: {:?}, payload: {} bytes }}", self.signed_at, self.payload.len())
    }
}

/// Takes a value apart without a key.
///
/// # Errors
///
/// [`Error::NotBase64`] and [`Error::NotThreeParts`] if it has not the form of a value.
pub fn unverified(value: &str) -> Result<Unverified, Error> {
    let envelope = Envelope::open(value)?;
    Ok(Unverified { signed_at: envelope.date(), payload: envelope.payload()? })
}
