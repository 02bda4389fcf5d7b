//! Opening and sealing values.

use std::fmt;
use std::time::Duration;

use hmac::Mac as _;
use jiff::Timestamp;

use super::cipher::{Cipher, IV};
use super::envelope::Envelope;
use super::{Error, KeyPair, Keyring, base64};
use crate::Place;

/// The length of an HMAC-SHA256.
pub(super) const MAC: usize = 32;

/// Keys, and what they are taken to vouch for.
///
/// gorilla's default of 30 days of age is this one's too; its limit of 4096 bytes is not, unless asked for.
#[derive(Clone, Debug)]
pub struct Codec {
    keyring: Keyring,
    max_age: Option<Duration>,
    min_age: Option<Duration>,
    max_length: Option<usize>,
}

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

impl Codec {
    /// Makes a codec that takes values up to 30 days of age, of any length.
    #[must_use]
    pub fn new(keyring: Keyring) -> Self {
        let max_age = Some(Duration::from_secs(30 * 86_400));
        Self { keyring, max_age, min_age: None, max_length: None }
    }

    /// Makes a codec with gorilla's own limits: values up to 30 days of age and 4096 bytes of length, read and written.
    #[must_use]
    pub fn gorilla(keyring: Keyring) -> Self {
        Self::new(keyring).max_length(Some(4096))
    }

    /// Sets how old a value may be; `None` for no limit. Zero means no limit too, as in gorilla.
    #[must_use]
    pub fn max_age(mut self, max_age: Option<Duration>) -> Self {
        self.max_age = max_age;
        self
    }

    /// Sets how old a value has to be; `None` for no limit.
    #[must_use]
    pub fn min_age(mut self, min_age: Option<Duration>) -> Self {
        self.min_age = min_age;
        self
    }

    /// Sets how many bytes a value may have, read or written; `None` for no limit, and zero too. gorilla's default is 4096.
    #[must_use]
    pub fn max_length(mut self, max_length: Option<usize>) -> Self {
        self.max_length = max_length;
        self
    }

    /// Returns the keys.
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

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
        if names.is_empty() {
            return Err(Error::NoName { place: Place::here() });
        }
        self.check_length(value.len())?;
        let envelope = Envelope::open(value)?;
        if envelope.mac().len() != MAC {
            return Err(Error::MacLength { length: envelope.mac().len(), place: Place::here() });
        }
        let mut unread = None;
        let mut refused = None;
        for name in names {
            let name = name.as_ref();
            for (at, pair) in self.keyring.pairs().iter().enumerate() {
                if !verifies(pair, name, &envelope) {
                    continue;
                }
                match self.open(&envelope, name, at + 1, now) {
                    Ok(opened) => match read(&opened) {
                        Ok(read) => return Ok((opened, Ok(read))),
                        Err(error) => {
                            unread.get_or_insert((opened, Err(error)));
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
                keys: self.keyring.pairs().len(),
                place: Place::here(),
            }),
        }
    }

    /// Seals a value for the session name `name`: signs it with the first pair, after encrypting it where that has a block
    /// key, under a random vector.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`] if the value then has more bytes than the codec's limit; [`Error::Random`] if the system has no
    /// random bytes.
    ///
    /// # Source
    ///
    /// `Encode` in gorilla/securecookie 1.1.1, `securecookie.go`.
    pub fn encode(&self, name: &str, plaintext: &[u8], now: Timestamp) -> Result<String, Error> {
        let mut iv = [0; IV];
        if self.signer().encrypts() {
            getrandom::fill(&mut iv)
                .map_err(|error| Error::Random { reason: error.to_string(), place: Place::here() })?;
        }
        self.encode_with(name, plaintext, now, &iv)
    }

    /// Seals a value as [`encode`](Self::encode) does, under a vector that is given.
    ///
    /// For tests: two values under one vector give away what they hold.
    ///
    /// # Errors
    ///
    /// As [`encode`](Self::encode).
    pub fn encode_with(&self, name: &str, plaintext: &[u8], now: Timestamp, iv: &[u8; 16]) -> Result<String, Error> {
        let pair = self.signer();
        let date = now.as_second().to_string();
        let room = date.len() + base64::encoded_len(IV + plaintext.len()) + MAC + 2;
        let mut sealed = Vec::with_capacity(room);
        sealed.extend_from_slice(date.as_bytes());
        sealed.push(b'|');
        match pair.cipher() {
            None => base64::encode_into(plaintext, &mut sealed),
            Some(cipher) => base64::encode_into(&encrypt(cipher, iv, plaintext), &mut sealed),
        }
        let mut mac = pair.mac();
        mac.update(name.as_bytes());
        mac.update(b"|");
        mac.update(&sealed);
        sealed.push(b'|');
        sealed.extend_from_slice(&mac.finalize().into_bytes());
        let length = base64::encoded_len(sealed.len());
        self.check_length(length)?;
        Ok(base64::encode(&sealed))
    }

    /// The pair that signs.
    fn signer(&self) -> &KeyPair {
        self.keyring.first()
    }

    fn check_length(&self, length: usize) -> Result<(), Error> {
        match self.max_length {
            Some(max @ 1..) if length > max => Err(Error::TooLong { length, max, place: Place::here() }),
            _ => Ok(()),
        }
    }

    /// Makes the checks after the MAC, and decrypts.
    pub(super) fn open(&self, envelope: &Envelope, name: &str, key: usize, now: Timestamp) -> Result<Opened, Error> {
        let Some(signed_at) = envelope.date() else {
            return Err(Error::Date { name: name.to_owned(), key, place: Place::here() });
        };
        let age_s = now.as_second().saturating_sub(signed_at);
        if let Some(min_age_s) = seconds(self.min_age).filter(|min| age_s < *min) {
            let name = name.to_owned();
            return Err(Error::TooNew { name, key, signed_at, age_s, min_age_s, place: Place::here() });
        }
        if let Some(max_age_s) = seconds(self.max_age).filter(|max| age_s > *max) {
            let name = name.to_owned();
            return Err(Error::Expired { name, key, signed_at, age_s, max_age_s, place: Place::here() });
        }
        let mut plaintext = envelope.payload()?;
        let pair = &self.keyring.pairs()[key - 1];
        if let Some(cipher) = pair.cipher() {
            let length = plaintext.len();
            let decrypted = decrypt(cipher, &mut plaintext);
            if decrypted.is_none() {
                return Err(Error::NotDecryptable { name: name.to_owned(), key, length, place: Place::here() });
            }
        }
        let encrypted = pair.encrypts();
        Ok(Opened { name: name.to_owned(), key, signed_at, age_s, encrypted, plaintext })
    }
}

/// Returns a limit in seconds, of which a signature has no parts: one below a second counts as a second, and only zero
/// is gorilla's word for no limit.
fn seconds(limit: Option<Duration>) -> Option<i64> {
    let limit = limit.filter(|limit| !limit.is_zero())?;
    Some(i64::try_from(limit.as_secs().max(1)).unwrap_or(i64::MAX))
}

pub(super) fn verifies(pair: &KeyPair, name: &str, envelope: &Envelope) -> bool {
    let mut mac = pair.mac();
    mac.update(name.as_bytes());
    mac.update(b"|");
    mac.update(envelope.signed());
    mac.verify_slice(envelope.mac()).is_ok()
}

/// Returns the vector and the ciphertext.
fn encrypt(cipher: &Cipher, iv: &[u8; IV], plaintext: &[u8]) -> Vec<u8> {
    let mut payload = [iv, plaintext].concat();
    cipher.apply(iv, &mut payload[IV..]);
    payload
}

/// Decrypts in place and takes the vector off the front; `None` if there is no byte after it, as in gorilla.
fn decrypt(cipher: &Cipher, payload: &mut Vec<u8>) -> Option<()> {
    let (iv, text) = payload.split_first_chunk_mut::<IV>()?;
    if text.is_empty() {
        return None;
    }
    cipher.apply(iv, text);
    payload.drain(..IV);
    Some(())
}
