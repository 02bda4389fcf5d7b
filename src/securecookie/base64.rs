//! Base64 as Go reads it, and as people write keys.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD_NO_PAD};
use zeroize::Zeroizing;

/// Go's `base64.URLEncoding`: padding is demanded, bits that no byte uses are not looked at.
const GO: GeneralPurpose =
    GeneralPurpose::new(&alphabet::URL_SAFE, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// Decodes as Go's `base64.URLEncoding` does, which skips line ends wherever they stand.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let text: Cow<'_, [u8]> = if text.iter().any(is_line_end) {
        text.iter().copied().filter(|byte| !is_line_end(byte)).collect()
    } else {
        text.into()
    };
    GO.decode(text).ok()
}

/// Decodes a key in either alphabet, padded or not.
pub(super) fn decode_key(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let unpadded = text.trim_end_matches('=');
    let standard: Zeroizing<Vec<u8>> = Zeroizing::new(
        unpadded
            .bytes()
            .map(|byte| match byte {
                b'-' => b'+',
                b'_' => b'/',
                other => other,
            })
            .collect(),
    );
    // Room for all at once: a buffer that moved while it grew would leave a part of the key behind.
    let mut key = Zeroizing::new(Vec::with_capacity(text.len()));
    STANDARD_NO_PAD.decode_vec(&standard, &mut key).ok()?;
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_as_lenient_as_go() {
        for (text, bytes) in [
            (&b"aGk="[..], Some(&b"hi"[..])),
            (b"aGl=", Some(b"hi")),
            (b"a\r\nGk\n=\r\n", Some(b"hi")),
            (b"_-8=", Some(b"\xff\xef")),
            (b"", Some(b"")),
            (b"aGk", None),
            (b"/+8=", None),
            (b"aGk=x", None),
            (b"a Gk=", None),
            (b"====", None),
        ] {
            assert_eq!(decode(text).as_deref(), bytes, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn takes_keys_in_either_alphabet() {
        for text in ["/+8=", "/+8", "_-8=", "_-8"] {
            assert_eq!(decode_key(text).unwrap().as_slice(), b"\xff\xef");
        }
        assert!(decode_key("a?b").is_none());
    }
}
