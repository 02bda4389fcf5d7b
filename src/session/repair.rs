//! What happens to a value on its way to us, undone: quotes, URL encoding, another alphabet.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::securecookie;

/// Deeper wrappings are not looked into.
const ROUNDS: usize = 6;

/// Something that was done to a value since it was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// Quotes, brackets or table lines stand around it.
    Wrapped,
    /// White space stands within it.
    Blanks,
    /// It is URL-encoded, with `%3D` for `=`.
    UrlEncoded,
    /// It is written in hexadecimal, as database clients show binary columns.
    Hexadecimal,
    /// It is standard base64, with `+` and `/`, which gorilla's has not.
    StandardBase64,
    /// The `=` at its end are missing, or too many.
    Unpadded,
    /// It was encoded once more in base64.
    EncodedTwice,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wrapped => "it is wrapped in quotes or other marks",
            Self::Blanks => "white space stands within it",
            Self::UrlEncoded => "it is URL-encoded (`%3D` stands for `=`)",
            Self::Hexadecimal => "it is hexadecimal, as database clients show binary columns",
            Self::StandardBase64 => "it is standard base64, and has `+` or `/` for `-` and `_`",
            Self::Unpadded => "the `=` at its end are missing, or too many",
            Self::EncodedTwice => "it is encoded in base64 once more",
        })
    }
}

/// Undoes what is recognised, one after the other, until the value has the form of a signed one or nothing is left to undo.
///
/// Returns the value and what was undone; nothing, if the value has the form already.
pub(super) fn repair(value: &str) -> (String, Vec<Damage>) {
    let mut value = value.trim().to_owned();
    let mut undone = Vec::new();
    for _ in 0..ROUNDS {
        if is_signed_form(&value) {
            break;
        }
        let Some((damage, better)) = once(&value) else { break };
        undone.push(damage);
        value = better.trim().to_owned();
    }
    undone.dedup();
    (value, undone)
}

/// Whether a value is a date, a payload and a MAC of the right length.
fn is_signed_form(value: &str) -> bool {
    parts(value).is_some_and(|parts| parts.mac == Some(MAC)) && securecookie::unverified(value).is_ok()
}

fn once(value: &str) -> Option<(Damage, String)> {
    let changed = |better: String| (better != value && resembles(&better)).then_some(better);
    unwrapped(value)
        .map(|inner| (Damage::Wrapped, inner.to_owned()))
        .or_else(|| changed(value.split([' ', '\t']).collect()).map(|better| (Damage::Blanks, better)))
        .or_else(|| url_decoded(value).map(|better| (Damage::UrlEncoded, better)))
        .or_else(|| unhex(value).map(|better| (Damage::Hexadecimal, better)))
        .or_else(|| changed(value.replace('+', "-").replace('/', "_")).map(|better| (Damage::StandardBase64, better)))
        .or_else(|| decoded_twice(value).map(|better| (Damage::EncodedTwice, better)))
        .or_else(|| padded(value).map(|better| (Damage::Unpadded, better)))
}

fn unwrapped(value: &str) -> Option<&str> {
    let marks: &[char] = &['"', '\'', '`', '“', '”', '‘', '’', '«', '»', '<', '>', '|', ',', '\\', '[', ']', '(', ')'];
    let inner = value.trim_matches(|c: char| marks.contains(&c) || c.is_whitespace());
    (inner != value && !inner.is_empty()).then_some(inner)
}

fn url_decoded(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    let mut found = false;
    while let Some((first, tail)) = rest.split_first() {
        if let (b'%', Some(([high, low], after))) = (first, tail.split_first_chunk::<2>())
            && let (Some(high), Some(low)) = (char::from(*high).to_digit(16), char::from(*low).to_digit(16))
        {
            bytes.push(u8::try_from(high << 4 | low).ok()?);
            (rest, found) = (after, true);
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    if found { String::from_utf8(bytes).ok() } else { None }
}

fn unhex(value: &str) -> Option<String> {
    let marked = value.strip_prefix("0x").or_else(|| value.strip_prefix("0X"));
    let marked = marked.or_else(|| value.strip_prefix("x'").or_else(|| value.strip_prefix("X'")));
    let digits = marked.unwrap_or(value);
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes: Vec<u8> =
        pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect::<Option<_>>()?;
    String::from_utf8(bytes).ok().filter(|text| resembles(text))
}

fn decoded_twice(value: &str) -> Option<String> {
    String::from_utf8(lenient(value)?).ok().filter(|text| resembles(text))
}

/// Whether a text begins as a value does, perhaps URL-encoded.
fn resembles(text: &str) -> bool {
    parts(text).is_some() || url_decoded(text).is_some_and(|text| parts(&text).is_some())
}

fn padded(value: &str) -> Option<String> {
    let bare = value.trim_end_matches('=');
    // A value that is cut has lost more than its padding.
    if parts(value).is_none_or(|parts| parts.mac != Some(MAC)) {
        return None;
    }
    let better = format!("{bare}{}", "=".repeat(bare.len().wrapping_neg() % 4));
    (better != value).then_some(better)
}

/// The length of an HMAC-SHA256.
const MAC: usize = 32;

/// What is left of the form of a value, however it was damaged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// The date, in Unix seconds.
    pub(super) date: i64,
    /// The length of the payload in base64; `None` if it is cut.
    pub(super) payload: Option<usize>,
    /// The length of the MAC; `None` if the value ends before it.
    pub(super) mac: Option<usize>,
}

/// Reads the form of a value that may be cut anywhere after its date; `None` if it does not begin with one.
pub(super) fn parts(value: &str) -> Option<Parts> {
    let bytes = lenient(value)?;
    let mut parts = bytes.splitn(3, |byte| *byte == b'|');
    let date = parts.next().and_then(|date| std::str::from_utf8(date).ok())?.parse().ok()?;
    let payload = parts.next()?;
    // An entire payload is base64 itself; so much a payload that is cut has to be, too.
    if !payload.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(byte)) {
        return None;
    }
    let mac = parts.next();
    Some(Parts { date, payload: mac.map(|_| payload.len()), mac: mac.map(<[u8]>::len) })
}

/// Decodes base64 of either alphabet, padded or not, cut anywhere.
fn lenient(value: &str) -> Option<Vec<u8>> {
    let mut text: String = value.trim_end_matches('=').chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    if text.len() % 4 == 1 {
        // Six bits are not a byte.
        text.pop();
    }
    // The last byte of a cut text has bits that nothing uses, which is an error to a strict reader.
    let whole = text.len() / 4 * 4;
    let engine = if text.contains(['+', '/']) { STANDARD_NO_PAD } else { URL_SAFE_NO_PAD };
    let decode = |text: &str| engine.decode(text).ok();
    let mut bytes = decode(text.get(..whole)?)?;
    match &text.as_bytes()[whole..] {
        [] => {}
        rest => {
            let filled: String = rest.iter().map(|byte| char::from(*byte)).chain("AA".chars()).take(4).collect();
            bytes.extend(decode(&filled)?.into_iter().take(rest.len() - 1));
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};

    use super::*;

    /// `hi`, a gob string, signed by `very-secret` for `session-key` on 2026-11-23.
    const HI: &str = "MTc5NTM5ODQzMnxCUXdBQW1ocHwKUcu63yLH8vgmAmDwjNFyFEdJu8Ssqmbw2Qda4l_0zQ==";

    fn hex(text: &str) -> String {
        text.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn what_was_done_on_the_way_is_recognised_and_undone() {
        use Damage::{Blanks, EncodedTwice, Hexadecimal, StandardBase64, Unpadded, UrlEncoded, Wrapped};
        let url = HI.replace('=', "%3D");
        for (value, damage) in [
            (HI.to_owned(), &[][..]),
            (format!("  {HI}\n"), &[]),
            (format!("{}\r\n{}", &HI[..30], &HI[30..]), &[]),
            (url.clone(), &[UrlEncoded]),
            (HI.replace('=', "%3d"), &[UrlEncoded]),
            (HI.replace('=', "%253D"), &[UrlEncoded]),
            (format!("'{HI}'"), &[Wrapped]),
            (format!("\"{HI}\""), &[Wrapped]),
            (format!("“{HI}”"), &[Wrapped]),
            (format!("| {HI} |"), &[Wrapped]),
            (format!("\\\"{url}\\\","), &[Wrapped, UrlEncoded]),
            (HI.trim_end_matches('=').to_owned(), &[Unpadded]),
            (format!("{HI}="), &[Unpadded]),
            (STANDARD.encode(URL_SAFE.decode(HI).unwrap()), &[StandardBase64]),
            (STANDARD_NO_PAD.encode(URL_SAFE.decode(HI).unwrap()), &[StandardBase64, Unpadded]),
            (URL_SAFE.encode(HI), &[EncodedTwice]),
            (URL_SAFE_NO_PAD.encode(HI), &[EncodedTwice]),
            (STANDARD.encode(HI), &[EncodedTwice]),
            (URL_SAFE.encode(&url), &[EncodedTwice, UrlEncoded]),
            (format!("0x{}", hex(HI).to_uppercase()), &[Hexadecimal]),
            (format!("x'{}'", hex(HI)), &[Wrapped, Hexadecimal]),
            (hex(HI), &[Hexadecimal]),
            (format!("{} {}", &HI[..20], &HI[20..]), &[Blanks]),
        ] {
            let (better, undone) = repair(&value);
            assert_eq!(better.replace(['\r', '\n'], ""), HI, "{value}: {undone:?}");
            assert_eq!(undone, damage, "{value}");
        }
    }

    #[test]
    fn what_is_no_value_is_left_in_peace() {
        for value in ["", "no", "x=", "deadbeef", "%", "%3", "%zz", "1234567890", "====", "日本", "\u{0}"] {
            let (better, _) = repair(value);
            assert!(!is_signed_form(&better), "{value}");
        }
        for value in ["no!", "a/b+c", "616263", "YWJj", "two words"] {
            assert_eq!(repair(value), (value.to_owned(), Vec::new()));
        }
    }

    #[test]
    fn what_is_left_of_a_cut_value_is_told() {
        let parts_at = |end: usize| parts(&HI[..end]);
        let whole = parts(HI).unwrap();
        assert_eq!((whole.date, whole.payload, whole.mac), (1_795_398_432, Some(8), Some(32)));
        for end in 0..HI.len() {
            if let Some(cut) = parts_at(end) {
                assert_eq!(cut.date, 1_795_398_432, "{end}");
                assert!(cut.mac.is_none_or(|mac| mac <= 32), "{end}: {cut:?}");
                assert_eq!(cut.payload.is_some(), cut.mac.is_some(), "{end}");
            } else {
                assert!(end <= 15, "{end}");
            }
        }
        assert_eq!(parts_at(40).unwrap().mac, Some(10));
        assert_eq!(parts_at(20).unwrap().mac, None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*|[%0-9a-f=|'\" +/_-]{0,60}") {
            let _ = (repair(&text), parts(&text));
        }
    }
}
