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

/// Returns how many bytes a text of this length may become.
pub(super) fn most_decoded(text: usize) -> usize {
    text.div_ceil(4) * 3
}

/// Decodes as Go's `base64.URLEncoding` does, which skips line ends wherever they stand. Returns how many bytes of `out`,
/// which has [`most_decoded`] of them, were written.
pub(super) fn decode_into(text: &[u8], out: &mut [u8]) -> Option<usize> {
    if let Ok(length) = GO.decode_slice(text, out) {
        return Some(length);
    }
    // Few values have line ends, and those that have do not decode before they are taken out.
    let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    if !text.iter().any(is_line_end) {
        return None;
    }
    let text: Vec<u8> = text.iter().copied().filter(|byte| !is_line_end(byte)).collect();
    GO.decode_slice(&text, out).ok()
}

/// Returns how many characters so many bytes become.
pub(super) fn encoded_len(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4)
}

#[expect(
    clippy::slow_vector_initialization,
    reason = "glibc does not give out again what was freed where zeroed memory is asked for"
)]
pub(super) fn encode(bytes: &[u8]) -> String {
    let length = encoded_len(bytes.len());
    let mut out = Vec::with_capacity(length);
    out.resize(length, 0);
    encode_into(bytes, &mut out);
    // Base64 is ASCII.
    String::from_utf8(out).unwrap_or_default()
}

/// Encodes into `out`, which has [`encoded_len`] bytes, and returns how many that are.
pub(super) fn encode_into(bytes: &[u8], out: &mut [u8]) -> usize {
    // There is as much room as is needed, so this cannot fail.
    GO.encode_slice(bytes, out).unwrap_or(0)
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

    fn decode(text: &[u8]) -> Option<Vec<u8>> {
        let mut out = vec![0; most_decoded(text.len())];
        let length = decode_into(text, &mut out)?;
        Some(out[..length].to_vec())
    }

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
            let text = encode(&bytes);
            assert_eq!(text.len(), encoded_len(bytes.len()));
            assert_eq!(text, base64::engine::general_purpose::URL_SAFE.encode(&bytes));
            assert_eq!(decode(text.as_bytes()).unwrap(), bytes);
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
