//! Opening values.

use std::fmt;

use jiff::Timestamp;

use super::cipher::{Cipher, IV};
use super::envelope::{Envelope, NotBase64};
use super::mac::MAC;
use super::scratch::Scratch;
use super::{Codec, Error};
use crate::Place;

/// A value that verified and, under a pair that encrypts, was decrypted.
///
/// That it decrypted proves nothing: any bytes do. Only what they hold shows that the pair was the right one.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opened {
    /// The session name under which the MAC is right.
    pub name: String,
    /// The place of the pair under which it is, counted from 1.
    pub key: usize,
    /// When the value was signed, in Unix seconds.
    pub signed_at: i64,
    /// How long ago that was, in seconds; negative for a date in the future, which verifies too.
    pub age_s: i64,
    /// Whether the pair encrypts, so that the value was decrypted.
    pub encrypted: bool,
    /// What was signed: a gob, as gorilla writes it.
    pub plaintext: Vec<u8>,
}

impl fmt::Debug for Opened {
    /// Leaves the plaintext out: it is what the keys protect.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("name", &self.name)
            .field("key", &self.key)
            .field("signed_at", &self.signed_at)
            .field("age_s", &self.age_s)
            .field("encrypted", &self.encrypted)
            .finish_non_exhaustive()
    }
}

/// Under which name and pair the MAC of a value is right, and when it was signed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signature<'n> {
    pub(crate) name: &'n str,
    /// The place of the pair, counted from 1.
    pub(crate) key: usize,
    /// In Unix seconds.
    pub(crate) signed_at: i64,
    /// In seconds, negative for a date in the future.
    pub(crate) age_s: i64,
    pub(crate) encrypted: bool,
}

impl Opened {
    pub(crate) fn signature(&self) -> Signature<'_> {
        let Self { name, key, signed_at, age_s, encrypted, plaintext: _ } = self;
        Signature { name, key: *key, signed_at: *signed_at, age_s: *age_s, encrypted: *encrypted }
    }
}

impl Codec {
    /// Opens a value that was signed for the session name `name`.
    ///
    /// # Errors
    ///
    /// As [`Codec::decode_any`].
    pub fn decode(&self, name: &str, value: &str, now: Timestamp) -> Result<Opened, Error> {
        self.decode_any(&[name], value, now)
    }

    /// Opens a value under the first name and the first pair that fit.
    ///
    /// The checks come in gorilla's order: length, base64, three parts, MAC (in constant time), date, base64 of the
    /// payload, decryption.
    ///
    /// # Errors
    ///
    /// One variant of [`Error`] for each check. An error that comes after the MAC names key and name, so a value that is
    /// merely too old says so.
    pub fn decode_any<S: AsRef<str>>(&self, names: &[S], value: &str, now: Timestamp) -> Result<Opened, Error> {
        let (opened, read) = self.decode_then(names, value, now, |_| Ok::<(), std::convert::Infallible>(()))?;
        match read {
            Ok(()) => Ok(opened),
        }
    }

    /// Opens a value under the first name and the first pair of which `read` can make something.
    ///
    /// A pair that lacks the block key, or has another one, verifies the MAC all the same where the hash keys are equal
    /// (somebody began to encrypt, and kept the hash key): only reading the plaintext tells them apart, and gorilla too
    /// goes on to the next pair then. If no pair yields something that reads, the first that verified is returned with
    /// what `read` said of it.
    ///
    /// # Errors
    ///
    /// As [`Codec::decode_any`]; what `read` returns is handed on inside of `Ok`.
    pub fn decode_then<S: AsRef<str>, T, E>(
        &self,
        names: &[S],
        value: &str,
        now: Timestamp,
        mut read: impl FnMut(&Opened) -> Result<T, E>,
    ) -> Result<(Opened, Result<T, E>), Error> {
        let (_, read) = self.open_each(names, value, now, |signature, plain| {
            let opened = opened(signature, plain);
            match read(&opened) {
                Ok(it) => Ok((opened, it)),
                Err(error) => Err((opened, error)),
            }
        })?;
        Ok(match read {
            Ok((opened, it)) => (opened, Ok(it)),
            Err((opened, error)) => (opened, Err(error)),
        })
    }

    /// As [`decode_then`](Self::decode_then), with nothing on the heap: what was signed lies in a buffer that the next pair
    /// takes over.
    pub(crate) fn open_each<'n, S: AsRef<str>, T, E>(
        &self,
        names: &'n [S],
        value: &str,
        now: Timestamp,
        mut read: impl FnMut(Signature<'n>, &[u8]) -> Result<T, E>,
    ) -> Result<(Signature<'n>, Result<T, E>), Error> {
        if names.is_empty() {
            return Err(Error::NoName { place: Place::here() });
        }
        self.check_length(value.len())?;
        let mut scratch = Scratch::new();
        let mut envelope = Envelope::open(value, longest(names), &mut scratch)?;
        if envelope.mac().len() != MAC {
            return Err(Error::MacLength { length: envelope.mac().len(), place: Place::here() });
        }
        let mut unread = None;
        let mut refused = None;
        for name in names {
            let name = name.as_ref();
            for (at, pair) in self.keyring().pairs().iter().enumerate() {
                if !envelope.verifies(pair, name) {
                    continue;
                }
                match self.open(&mut envelope, name, at + 1, now) {
                    Ok((signature, plain)) => match read(signature, plain) {
                        Ok(read) => return Ok((signature, Ok(read))),
                        Err(error) => {
                            unread.get_or_insert((signature, Err(error)));
                        }
                    },
                    Err(error) => {
                        refused.get_or_insert(error);
                    }
                }
            }
        }
        match (unread, refused) {
            (Some(unread), _) => Ok(unread),
            (None, Some(refused)) => Err(refused),
            (None, None) => Err(Error::Mac {
                names: names.iter().map(|name| name.as_ref().to_owned()).collect(),
                keys: self.keyring().pairs().len(),
                place: Place::here(),
            }),
        }
    }

    /// Makes the checks after the MAC, and decrypts.
    pub(super) fn open<'n, 'e>(
        &self,
        envelope: &'e mut Envelope<'_>,
        name: &'n str,
        key: usize,
        now: Timestamp,
    ) -> Result<(Signature<'n>, &'e [u8]), Error> {
        let Some(signed_at) = envelope.date() else {
            return Err(Error::Date { name: name.to_owned(), key, place: Place::here() });
        };
        let age_s = now.as_second().saturating_sub(signed_at);
        let (min_age_s, max_age_s) = self.ages();
        if let Some(min_age_s) = min_age_s.filter(|min| age_s < *min) {
            let name = name.to_owned();
            return Err(Error::TooNew { name, key, signed_at, age_s, min_age_s, place: Place::here() });
        }
        if let Some(max_age_s) = max_age_s.filter(|max| age_s > *max) {
            let name = name.to_owned();
            return Err(Error::Expired { name, key, signed_at, age_s, max_age_s, place: Place::here() });
        }
        let payload = match envelope.payload() {
            Ok(payload) => payload,
            Err(NotBase64) => return Err(Error::Payload { name: name.to_owned(), key, place: Place::here() }),
        };
        let signature = |encrypted| Signature { name, key, signed_at, age_s, encrypted };
        let Some(cipher) = self.keyring().pairs()[key - 1].cipher() else {
            return Ok((signature(false), payload));
        };
        let length = payload.len();
        match decrypt(cipher, payload) {
            Some(text) => Ok((signature(true), text)),
            None => Err(Error::NotDecryptable { name: name.to_owned(), key, length, place: Place::here() }),
        }
    }
}

/// Copies what was opened out of the buffer.
pub(super) fn opened(signature: Signature<'_>, plain: &[u8]) -> Opened {
    let Signature { name, key, signed_at, age_s, encrypted } = signature;
    Opened { name: name.to_owned(), key, signed_at, age_s, encrypted, plaintext: plain.to_vec() }
}

/// Returns the length of the longest name.
pub(super) fn longest<S: AsRef<str>>(names: &[S]) -> usize {
    names.iter().map(|name| name.as_ref().len()).max().unwrap_or(0)
}

/// Decrypts in place and leaves the vector in front out; `None` if there is no byte after it, as in gorilla.
fn decrypt<'p>(cipher: &Cipher, payload: &'p mut [u8]) -> Option<&'p [u8]> {
    let (iv, text) = payload.split_first_chunk_mut::<IV>()?;
    if text.is_empty() {
        return None;
    }
    cipher.apply(iv, text);
    Some(text)
}
