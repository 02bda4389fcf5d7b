//! Base64 as Go reads and writes it, and as people write keys.

use std::sync::LazyLock;

use base64::Engine as _;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
use base64::alphabet;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::general_purpose::{GeneralPurposeConfig, STANDARD_NO_PAD};
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use base64::engine::simd::Simd;
use zeroize::Zeroizing;

/// Go's `base64.URLEncoding`: padding is demanded, bits that no byte uses are not looked at.
const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
static GO: LazyLock<Simd> = LazyLock::new(|| Simd::url_safe(CONFIG));
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
static GO: LazyLock<GeneralPurpose> = LazyLock::new(|| GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG));

/// Decodes as Go's `base64.URLEncoding` does, which skips line ends wherever they stand.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    if let Some(bytes) = decode_strictly(text) {
        return Some(bytes);
    }
    // Few values have line ends, and those that have do not decode before they are taken out.
    let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    if !text.iter().any(is_line_end) {
        return None;
    }
    let text: Vec<u8> = text.iter().copied().filter(|byte| !is_line_end(byte)).collect();
    decode_strictly(&text)
}

fn decode_strictly(text: &[u8]) -> Option<Vec<u8>> {
    // Room that is asked for and filled: glibc does not give out again what was freed where zeroed memory is asked for,
    // as `Engine::decode` does, and that costs as much as the decoding.
    let mut bytes = Vec::with_capacity(text.len().div_ceil(4) * 3);
    GO.decode_vec(text, &mut bytes).ok()?;
    Some(bytes)
}

/// Returns how many characters so many bytes become.
pub(super) fn encoded_len(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4)
}

pub(super) fn encode(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(encoded_len(bytes.len()));
    encode_into(bytes, &mut out);
    // Base64 is ASCII.
    String::from_utf8(out).unwrap_or_default()
}

/// Encodes at the end of `out`.
pub(super) fn encode_into(bytes: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + encoded_len(bytes.len()), 0);
    // There is as much room as is needed, so this cannot fail.
    let written = GO.encode_slice(bytes, &mut out[start..]).unwrap_or(0);
    out.truncate(start + written);
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
    fn encodes_as_long_as_it_says_and_decodes_the_same() {
        for length in 0..200 {
            let bytes: Vec<u8> = (0..length).map(|at| at ^ 0xa5).collect();
            let mut out = b"x".to_vec();
            encode_into(&bytes, &mut out);
            assert_eq!(out[1..], *encode(&bytes).as_bytes());
            assert_eq!(out.len(), 1 + encoded_len(bytes.len()));
            assert_eq!(decode(&out[1..]).unwrap(), bytes);
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
