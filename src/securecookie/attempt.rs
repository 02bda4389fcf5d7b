//! Every pair under every name, for the question why none of them fits.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::envelope::Envelope;
use super::opening::{longest, opened};
use super::scratch::Scratch;
use super::{Codec, Error, KeyPair, Opened, base64 as lenient};
use crate::Place;

/// What became of a value under one name and one pair.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The session name tried.
    pub name: String,
    /// The place of the pair, counted from 1.
    pub key: usize,
    /// The value opened, or the first check that it failed under this pair. [`Error::Mac`] names this one attempt.
    pub result: Result<Opened, Error>,
}

/// How the text of a hash key would have to be read for a MAC to be right.
///
/// People copy the text of a key from a Go program into a keyring, and what that program made of the text is not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misread {
    /// The key is the text of hexadecimal digits, and the signer decoded it.
    IsHex,
    /// The key is base64 text, and the signer decoded it.
    IsBase64,
    /// The signer used the hexadecimal digits of the key, undecoded.
    HexText,
    /// The signer used the base64 text of the key, undecoded.
    Base64Text,
    /// The signer's key has a line feed at its end.
    LineFeed,
    /// The signer's key has not the white space that stands around this one.
    Blanks,
    /// The signer signs with what is the pair's block key.
    Swapped,
}

impl Codec {
    /// Tries every pair under every name, and says of each what came of it.
    ///
    /// # Errors
    ///
    /// What fails before any key is tried: [`Error::NoName`], [`Error::TooLong`], [`Error::NotBase64`],
    /// [`Error::NotThreeParts`] and [`Error::MacLength`].
    pub fn attempts<S: AsRef<str>>(&self, names: &[S], value: &str, now: Timestamp) -> Result<Vec<Attempt>, Error> {
        if let Err(error) = self.decode_any(names, value, now)
            && is_before_the_keys(&error)
        {
            return Err(error);
        }
        let mut scratch = Scratch::new();
        let mut envelope = Envelope::open(value, longest(names), &mut scratch)?;
        let mut attempts = Vec::new();
        for name in names {
            let name = name.as_ref();
            for (at, pair) in self.keyring().pairs().iter().enumerate() {
                let key = at + 1;
                let result = match envelope.verifies(pair, name) {
                    true => self.open(&mut envelope, name, key, now).map(|(signature, plain)| opened(signature, plain)),
                    false => Err(Error::Mac { names: vec![name.to_owned()], keys: 1, place: Place::here() }),
                };
                attempts.push(Attempt { name: name.to_owned(), key, result });
            }
        }
        Ok(attempts)
    }

    /// Finds the pair that would fit if its hash key were read in another way, with the name under which it would.
    ///
    /// Nothing is opened by such a key: this is for the one who wrote the keyring.
    #[must_use]
    pub fn misread_key<S: AsRef<str>>(&self, names: &[S], value: &str) -> Option<(usize, String, Misread)> {
        let mut scratch = Scratch::new();
        let mut envelope = Envelope::open(value, longest(names), &mut scratch).ok()?;
        for (at, pair) in self.keyring().pairs().iter().enumerate() {
            for (misread, hash) in readings(pair) {
                let Ok(reread) = KeyPair::checked(hash, None) else { continue };
                for name in names {
                    if envelope.verifies(&reread, name.as_ref()) {
                        return Some((at + 1, name.as_ref().to_owned(), misread));
                    }
                }
            }
        }
        None
    }
}

/// Whether a value was refused before any key was tried.
fn is_before_the_keys(error: &Error) -> bool {
    use Error::{MacLength, NoName, NotBase64, NotThreeParts, TooLong};
    matches!(error, NoName { .. } | TooLong { .. } | NotBase64 { .. } | NotThreeParts { .. } | MacLength { .. })
}

fn readings(pair: &KeyPair) -> Vec<(Misread, Zeroizing<Vec<u8>>)> {
    let hash = pair.hash();
    let mut readings = Vec::new();
    if let Ok(text) = std::str::from_utf8(hash) {
        let text = text.trim();
        readings.extend(super::text::parse_hex(text).map(|key| (Misread::IsHex, key)));
        readings.extend(lenient::decode_key(text).map(|key| (Misread::IsBase64, key)));
        if text.len() != hash.len() {
            readings.push((Misread::Blanks, Zeroizing::new(text.as_bytes().to_vec())));
        }
    }
    for digits in [b"0123456789abcdef", b"0123456789ABCDEF"] {
        // Room for all at once: a buffer that moved while it grew would leave a part of the key behind.
        let mut hex = Zeroizing::new(Vec::with_capacity(hash.len() * 2));
        hex.extend(hash.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| digits[usize::from(digit)]));
        readings.push((Misread::HexText, hex));
    }
    for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
        readings.push((Misread::Base64Text, Zeroizing::new(engine.encode(hash).into_bytes())));
    }
    readings.push((Misread::LineFeed, Zeroizing::new([hash, b"\n"].concat())));
    readings.extend(pair.block().map(|block| (Misread::Swapped, Zeroizing::new(block.to_vec()))));
    readings
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use sha2::Sha256;

    use super::*;
    use crate::securecookie::Keyring;

    fn sign(key: &[u8], name: &str, date: &str, payload: &[u8]) -> String {
        let mut bytes = [date.as_bytes(), b"|", payload].concat();
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(&[name.as_bytes(), b"|", &bytes].concat());
        bytes.push(b'|');
        bytes.extend(mac.finalize().into_bytes());
        URL_SAFE.encode(bytes)
    }

    fn codec(keyring: &str) -> Codec {
        Codec::new(Keyring::parse(keyring).unwrap())
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_000_000_000).unwrap()
    }

    #[test]
    fn every_pair_is_tried_under_every_name() {
        let value = sign(b"b", "t", "1000000000", b"aGk=");
        let attempts = codec("raw:a;raw:b;raw:b,raw:0123456789abcdef").attempts(&["s", "t"], &value, now()).unwrap();
        let shown: Vec<(&str, usize, &str)> = attempts
            .iter()
            .map(|it| {
                let result = match &it.result {
                    Ok(_) => "opens",
                    Err(Error::Mac { .. }) => "mac",
                    Err(Error::NotDecryptable { .. }) => "decrypt",
                    Err(_) => "other",
                };
                (it.name.as_str(), it.key, result)
            })
            .collect();
        let expected = [
            ("s", 1, "mac"),
            ("s", 2, "mac"),
            ("s", 3, "mac"),
            ("t", 1, "mac"),
            ("t", 2, "opens"),
            ("t", 3, "decrypt"),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_fails_after_the_mac_is_of_one_attempt_and_what_fails_before_of_none() {
        for (date, payload) in [("1", "aGk="), ("x", "aGk="), ("1000000000", "a?")] {
            let value = sign(b"k", "s", date, payload.as_bytes());
            let attempts = codec("raw:other;raw:k").attempts(&["s"], &value, now()).unwrap();
            assert!(matches!(attempts[0].result, Err(Error::Mac { .. })), "{attempts:?}");
            assert!(matches!(&attempts[1].result, Err(error) if !matches!(error, Error::Mac { .. })), "{attempts:?}");
        }
        for value in ["?", "aGk=", "MXwyfA=="] {
            assert!(codec("raw:k").attempts(&["s"], value, now()).is_err());
        }
        let none: [&str; 0] = [];
        assert!(matches!(codec("raw:k").attempts(&none, "?", now()), Err(Error::NoName { .. })));
    }

    #[test]
    fn finds_a_key_that_was_read_in_another_way() {
        for (keyring, signer, expected) in [
            ("raw:c0ffee", &b"\xc0\xff\xee"[..], Misread::IsHex),
            ("raw:wP_u", b"\xc0\xff\xee", Misread::IsBase64),
            ("hex:c0ffee", b"c0ffee", Misread::HexText),
            ("hex:c0ffee", b"C0FFEE", Misread::HexText),
            ("base64:wP/u", b"wP/u", Misread::Base64Text),
            ("base64:wP/u", b"wP_u", Misread::Base64Text),
            ("raw:planted", b"planted\n", Misread::LineFeed),
            ("raw:planted ", b"planted", Misread::Blanks),
            ("raw:planted,raw:0123456789abcdef", b"0123456789abcdef", Misread::Swapped),
        ] {
            let codec = codec(&format!("raw:another one;{keyring}"));
            let value = sign(signer, "s", "1", b"aGk=");
            assert_eq!(codec.misread_key(&["a", "s"], &value), Some((2, "s".into(), expected)), "{keyring}");
            assert_eq!(codec.misread_key(&["a"], &value), None);
        }
        assert_eq!(codec("raw:planted").misread_key(&["s"], "?"), None);
    }
}
