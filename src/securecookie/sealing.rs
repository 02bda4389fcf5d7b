//! Sealing values.

use jiff::Timestamp;

use super::cipher::IV;
use super::mac::MAC;
use super::scratch::Scratch;
use super::{Codec, Error, base64};
use crate::Place;

/// The digits of the longest date, with its sign.
const DATE: usize = 20;

impl Codec {
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
        if self.keyring().first().encrypts() {
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
        let pair = self.keyring().first();
        let mut digits = [0; DATE];
        let date = decimal(now.as_second(), &mut digits);
        let iv_length = if pair.encrypts() { IV } else { 0 };
        let payload_length = base64::encoded_len(iv_length + plaintext.len());
        // `name|date|payload|MAC`, of which the first part is signed and not sent; behind that, the payload before base64.
        let date_start = name.len() + 1;
        let payload_start = date_start + date.len() + 1;
        let mac_start = payload_start + payload_length + 1;
        let end = mac_start + MAC;
        let length = base64::encoded_len(end - date_start);
        self.check_length(length)?;

        let mut scratch = Scratch::new();
        let (bytes, payload) =
            scratch.room(end + if pair.encrypts() { IV + plaintext.len() } else { 0 }).split_at_mut(end);
        bytes[..name.len()].copy_from_slice(name.as_bytes());
        bytes[name.len()] = b'|';
        bytes[date_start..payload_start - 1].copy_from_slice(date);
        bytes[payload_start - 1] = b'|';
        let payload = match pair.cipher() {
            None => plaintext,
            Some(cipher) => {
                payload[..IV].copy_from_slice(iv);
                payload[IV..].copy_from_slice(plaintext);
                cipher.apply(iv, &mut payload[IV..]);
                payload
            }
        };
        base64::encode_into(payload, &mut bytes[payload_start..mac_start - 1]);
        let mac = pair.mac().of(&bytes[..mac_start - 1]);
        bytes[mac_start - 1] = b'|';
        bytes[mac_start..].copy_from_slice(&mac);
        Ok(base64::encode(&bytes[date_start..]))
    }
}

/// Writes a number in decimal digits at the end of a buffer, and returns them.
fn decimal(number: i64, digits: &mut [u8; DATE]) -> &[u8] {
    let mut rest = number.unsigned_abs();
    let mut start = DATE;
    loop {
        start -= 1;
        // One digit.
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        start -= 1;
        digits[start] = b'-';
    }
    &digits[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_everywhere() {
        for number in [0, 1, -1, 9, 10, -10, 99, 1_795_398_432, i64::MAX, i64::MIN] {
            assert_eq!(decimal(number, &mut [0; DATE]), number.to_string().as_bytes());
        }
    }
}
