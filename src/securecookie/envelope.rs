//! The outer form of a value: `date | payload | MAC` in base64.

use super::mac::MAC;
use super::scratch::Scratch;
use super::{Error, KeyPair, base64};
use crate::Place;

/// A value taken apart, nothing of it verified. It lies in a scratch buffer, with room in front for a name and its `|`
/// (what is signed is in one piece then), and behind for the payload once decoded.
pub(super) struct Envelope<'s> {
    bytes: &'s mut [u8],
    payload: &'s mut [u8],
    /// Where the value begins, the date ends and the payload ends, the last two at a `|`.
    start: usize,
    date_end: usize,
    payload_end: usize,
}

/// The payload of a value is no base64.
#[derive(Debug)]
pub(super) struct NotBase64;

impl<'s> Envelope<'s> {
    /// Takes a value apart at the first two `|`; the MAC is raw bytes and may hold more of them. `longest` is the length of
    /// the longest name that it will be held against.
    pub(super) fn open(value: &str, longest: usize, scratch: &'s mut Scratch) -> Result<Self, Error> {
        let start = longest + 1;
        let most = base64::most_decoded(value.len());
        let room = scratch.room(start + most + base64::most_decoded(most));
        let (bytes, payload) = room.split_at_mut(start + most);
        let Some(length) = base64::decode_into(value.as_bytes(), &mut bytes[start..]) else {
            return Err(Error::NotBase64 { what: "the value", place: Place::here() });
        };
        let bytes = &mut bytes[..start + length];
        let Some(date_end) = bytes[start..].iter().position(|byte| *byte == b'|').map(|at| start + at) else {
            return Err(Error::NotThreeParts { found: 1, place: Place::here() });
        };
        match payload_end(bytes, date_end + 1) {
            Some(payload_end) => Ok(Self { bytes, payload, start, date_end, payload_end }),
            None => Err(Error::NotThreeParts { found: 2, place: Place::here() }),
        }
    }

    /// Returns whether the MAC is right under a pair, for a name no longer than was said.
    pub(super) fn verifies(&mut self, pair: &KeyPair, name: &str) -> bool {
        let from = self.start - 1 - name.len();
        self.bytes[from..self.start - 1].copy_from_slice(name.as_bytes());
        self.bytes[self.start - 1] = b'|';
        pair.mac().verifies(&self.bytes[from..self.payload_end], self.mac())
    }

    pub(super) fn mac(&self) -> &[u8] {
        &self.bytes[self.payload_end + 1..]
    }

    /// Returns the date in Unix seconds, as Go's `ParseInt` reads it: a sign may stand before the digits.
    pub(super) fn date(&self) -> Option<i64> {
        std::str::from_utf8(&self.bytes[self.start..self.date_end]).ok()?.parse().ok()
    }

    /// Decodes the payload, into the same place each time.
    pub(super) fn payload(&mut self) -> Result<&mut [u8], NotBase64> {
        let text = &self.bytes[self.date_end + 1..self.payload_end];
        let length = base64::decode_into(text, self.payload).ok_or(NotBase64)?;
        Ok(&mut self.payload[..length])
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
    let mut scratch = Scratch::new();
    let mut envelope = Envelope::open(value, 0, &mut scratch)?;
    let signed_at = envelope.date();
    match envelope.payload() {
        Ok(payload) => Ok(Unverified { signed_at, payload: payload.to_vec() }),
        Err(NotBase64) => Err(Error::NotBase64 { what: "the payload of the value", place: Place::here() }),
    }
}
