//! Thousands of damaged signed values: here we and Go have to say the same of every one.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use csqlstore::securecookie::{Codec, KeyPair, Keyring};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use sha2::Sha256;

use crate::go;
use crate::mutate::Numbers;

const NAME: &str = "session-key";
const HASH: &[u8] = b"any hash key";
const BLOCKS: [Option<&[u8]>; 4] =
    [None, Some(b"sixteen bytes :)"), Some(b"twenty-four bytes: 192 b"), Some(b"thirty-two bytes, so AES-256 it.")];

/// What stands at the edges of the envelope's rules.
const DATES: [&str; 18] = [
    "0",
    "1",
    "-1",
    "+7",
    "1795398432",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "",
    " 1",
    "1 ",
    "1.5",
    "0x10",
    "1_0",
    "0b1",
    "--1",
    "\u{661}",
    "1\n",
];
const PAYLOADS: [&str; 20] = [
    "",
    "BQwAAmhp",
    "BQwAAmhpaA==",
    "BQwAAmhpaB==",
    "BQwAAmh=",
    "BQwAAmi=",
    "BQwA\r\nAmhp",
    "\nBQwAAmhp\n",
    "BQwAAmhpaA=\n=",
    "BQwAAmhpaA=",
    "BQwAAmhpaA",
    "BQwAAmhpaA===",
    "BQwAAmhp=",
    "====",
    "=",
    "BQ wAAmhp",
    "BQwAAm+p",
    "__-_",
    "//+/",
    "BQ==BQ==",
];

/// Signs date and payload, whatever they are.
fn sign(date: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut bytes = [date, b"|", payload].concat();
    let mut mac = Hmac::<Sha256>::new_from_slice(HASH).unwrap();
    mac.update(&[NAME.as_bytes(), b"|", &bytes].concat());
    bytes.push(b'|');
    bytes.extend(mac.finalize().into_bytes());
    bytes
}

/// Puts characters in, takes some out, exchanges some; most of them base64's own.
fn scribble(text: &str, numbers: &mut Numbers) -> String {
    let letters: Vec<char> = "ABab01-_+/=\n\r |?é".chars().collect();
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..=numbers.below(2) {
        let at = numbers.below(text.len() + 1);
        let letter = letters[numbers.below(letters.len())];
        match numbers.below(4) {
            0 if at < text.len() => text[at] = letter,
            1 if at < text.len() => drop(text.remove(at)),
            // The last letters are where padding and unused bits are.
            2 => text.insert(text.len().saturating_sub(numbers.below(4)), letter),
            _ => text.insert(at, letter),
        }
    }
    text.into_iter().collect()
}

/// Values, each with a block key or none.
fn values() -> Vec<(Option<&'static [u8]>, String)> {
    let mut numbers = Numbers::new(0xc0_0c1e);
    let mut values = Vec::new();
    for block in BLOCKS {
        for date in DATES {
            for payload in PAYLOADS {
                values.push((block, URL_SAFE.encode(sign(date.as_bytes(), payload.as_bytes()))));
            }
        }
        for length in 0..40 {
            let payload = URL_SAFE.encode(vec![7; length]);
            let value = URL_SAFE.encode(sign(b"1", payload.as_bytes()));
            // The three places where damage lies before, below and above the signature.
            for _ in 0..10 {
                values.push((block, scribble(&value, &mut numbers)));
                let payload = scribble(&payload, &mut numbers);
                values.push((block, URL_SAFE.encode(sign(b"1", payload.as_bytes()))));
                let date = scribble("1795398432", &mut numbers);
                values.push((block, URL_SAFE.encode(sign(date.as_bytes(), payload.as_bytes()))));
            }
            values.push((block, value));
        }
    }
    values
}

fn request(block: Option<&[u8]>, value: &str) -> String {
    let block = block.map(|key| STANDARD.encode(key));
    json!({"name": NAME, "hash_key": STANDARD.encode(HASH), "block_key": block, "value": value}).to_string()
}

#[test]
fn we_and_go_open_the_same_signed_values() {
    let values = values();
    let requests: Vec<String> = values.iter().map(|(block, value)| request(*block, value)).collect();
    let (mut opened, mut refused) = (0, 0);
    for ((block, value), go) in values.iter().zip(go::ask("accepts", &requests)) {
        let pair = KeyPair::new(HASH.to_vec(), block.map(<[u8]>::to_vec)).unwrap();
        let codec = Codec::new(Keyring::new(vec![pair]).unwrap()).max_age(None);
        let ours = codec.decode(NAME, value, Timestamp::UNIX_EPOCH);
        let theirs = (go["accepts"] == true).then(|| match &go["bytes"] {
            Json::String(bytes) => STANDARD.decode(bytes).unwrap(),
            _ => Vec::new(),
        });
        *(if theirs.is_some() { &mut opened } else { &mut refused }) += 1;
        assert_eq!(
            ours.as_ref().ok().map(|opened| &opened.plaintext),
            theirs.as_ref(),
            "{value:?}: {ours:?}, Go: {go}"
        );
    }
    assert!(values.len() > 5000);
    assert!(opened > 300 && refused > 1000, "{opened} opened, {refused} refused");
}
