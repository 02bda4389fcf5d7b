//! The text form of a keyring.

use zeroize::Zeroizing;

use super::base64;
use super::{Error, KeyFault, KeyPair};
use crate::Place;

pub(super) fn pairs(text: &str) -> Result<Vec<KeyPair>, Error> {
    let mut pairs = Vec::new();
    for (line, entry) in entries(text) {
        let pair = parse_pair(entry).map_err(|fault| Error::Keyring {
            line,
            pair: pairs.len() + 1,
            fault,
            place: Place::here(),
        })?;
        pairs.push(pair);
    }
    Ok(pairs)
}

/// Returns the line, counted from 1, of each pair that the text of a keyring has, whether it parses or not.
#[must_use]
pub fn pair_lines(text: &str) -> Vec<usize> {
    entries(text).map(|(line, _)| line).collect()
}

/// Returns what is written for each pair, with the line that it stands in.
fn entries(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#'));
    lines.flat_map(|(at, line)| {
        line.split(';').filter(|entry| !entry.trim().is_empty()).map(move |entry| (at + 1, entry))
    })
}

fn parse_pair(entry: &str) -> Result<KeyPair, KeyFault> {
    let mut keys = entry.split(',');
    let hash = parse_key(keys.next().unwrap_or_default())?;
    let block = keys.next().map(parse_key).transpose()?;
    if keys.next().is_some() {
        return Err(KeyFault::ThirdKey);
    }
    KeyPair::checked(hash, block)
}

fn parse_key(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    let text = text.trim_start();
    if let Some(raw) = text.strip_prefix("raw:") {
        return Ok(Zeroizing::new(raw.as_bytes().to_vec()));
    }
    let text = text.trim_end();
    if let Some(hex) = text.strip_prefix("hex:") {
        let all_digits = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let fault = if all_digits && hex.len() % 2 == 1 { KeyFault::HexOdd } else { KeyFault::Hex };
        return parse_hex(hex).ok_or(fault);
    }
    if let Some(base64) = text.strip_prefix("base64:") {
        return base64::decode_key(base64).ok_or(KeyFault::Base64);
    }
    Err(if text.is_empty() { KeyFault::Empty } else { KeyFault::Scheme })
}

pub(super) fn parse_hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut key = Zeroizing::new(Vec::with_capacity(text.len() / 2));
    let (digits, []) = text.as_bytes().as_chunks::<2>() else { return None };
    for pair in digits {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        key.push(u8::try_from(high << 4 | low).ok()?);
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::securecookie::Keyring;

    fn keys(text: &str) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
        let keyring = Keyring::parse(text).unwrap();
        keyring.pairs().iter().map(|pair| (pair.hash().to_vec(), pair.block().map(<[u8]>::to_vec))).collect()
    }

    #[test]
    fn reads_every_way_to_write_a_key() {
        let text =
            "# the new one\n\n  hex:00fF , base64:MDEyMzQ1Njc4OWFiY2RlZg\r\nraw: a b ;base64:_w==\n\t# old\nraw:a:b#c";
        let block = b"0123456789abcdef".to_vec();
        assert_eq!(
            keys(text),
            [
                (b"\x00\xff".to_vec(), Some(block)),
                (b" a b ".to_vec(), None),
                (b"\xff".to_vec(), None),
                (b"a:b#c".to_vec(), None)
            ]
        );
        assert_eq!(keys("raw:x;"), [(b"x".to_vec(), None)]);
        assert_eq!(keys(&format!("raw:x,hex:{}", "00".repeat(24)))[0].1.as_ref().unwrap().len(), 24);
    }

    #[test]
    fn says_what_is_wrong_where_and_never_the_key() {
        let cases = [
            ("raw:a\nsecret", 2, 2, KeyFault::Scheme),
            ("hex:secret", 1, 1, KeyFault::Hex),
            ("hex:123", 1, 1, KeyFault::HexOdd),
            ("raw:a;base64:se?cret", 1, 2, KeyFault::Base64),
            ("raw:a,raw:secretsecret", 1, 1, KeyFault::BlockLength { length: 12 }),
            ("raw:a,", 1, 1, KeyFault::Empty),
            ("raw:", 1, 1, KeyFault::Empty),
            ("hex:,raw:0123456789abcdef", 1, 1, KeyFault::Empty),
            ("raw:a,raw:0123456789abcdef,raw:secret", 1, 1, KeyFault::ThirdKey),
        ];
        for (text, at_line, at_pair, expected) in cases {
            let error = Keyring::parse(text).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("secret"), "{shown}");
            let Error::Keyring { line, pair, fault, .. } = error else { panic!("{error:?}") };
            assert_eq!((line, pair, fault), (at_line, at_pair, expected), "{text}");
        }
        assert!(matches!(Keyring::parse("# nothing\n ; \n"), Err(Error::NoKey { .. })));
    }

    #[test]
    fn tells_the_line_of_each_pair() {
        assert_eq!(pair_lines("# new\nraw:a;raw:b\n\n ; \n#raw:x\r\nraw:c,raw:d"), [2, 2, 6]);
        assert!(pair_lines("").is_empty());
    }

    #[test]
    fn debug_shows_no_key() {
        let keyring = Keyring::parse("raw:secret,raw:secretsecretsecr").unwrap();
        assert_eq!(format!("{keyring:?}"), "Keyring([KeyPair(signs, encrypts)])");
    }
}
