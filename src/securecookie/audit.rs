//! What is questionable about keys, told without showing one.

use std::fmt;

use super::{KeyPair, Keyring};

/// A hash key shorter than this is shorter than what it signs with; gorilla recommends 32 or 64 bytes.
const HASH_LEAST: usize = 32;
/// Text that carries fewer bits than this can be guessed; a random key of 16 bytes has 128.
const BITS_LEAST: f64 = 96.0;

/// Keys that stand in documentation and examples, which whoever attacks tries first.
const PUBLISHED: [&str; 28] = [
    "something-very-secret",
    "very-secret",
    "a-lot-secret",
    "super-secret-key",
    "super-secret",
    "supersecret",
    "secret",
    "secret-key",
    "secretkey",
    "my-secret-key",
    "your-secret-key",
    "secret-key-goes-here",
    "session-secret",
    "session-key",
    "new-authentication-key",
    "new-encryption-key",
    "old-authentication-key",
    "old-encryption-key",
    "authentication-key",
    "encryption-key",
    "32-byte-long-auth-key",
    "the-key-has-to-be-32-bytes-long!",
    "passphrasewhichneedstobe32bytes!",
    "change-me",
    "changeme",
    "keyboard cat",
    "password",
    "test",
];

/// One of a pair's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The hash key, which signs.
    Hash,
    /// The block key, which encrypts.
    Block,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hash => "hash key",
            Self::Block => "block key",
        })
    }
}

/// Something questionable about one key of a keyring. It says where the key stands, never what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concern {
    /// The place of the pair, counted from 1.
    pub key: usize,
    /// Which of its keys.
    pub which: Which,
    /// What is the matter with it.
    pub fault: Fault,
}

/// What is the matter with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A hash key of fewer than 32 bytes.
    Short {
        /// Its length.
        bytes: usize,
    },
    /// It stands in documentation or examples.
    Published,
    /// Its bytes are all equal, repeat, or count up or down.
    Pattern,
    /// It is text of the kind that people think up.
    Words,
    /// It is text of hexadecimal digits, taken as it stands. That is right only if the Go program does the same.
    HexText,
    /// The pair says the same as an earlier one.
    RepeatedPair {
        /// The place of the earlier one.
        of: usize,
    },
    /// The hash key is that of an earlier pair, which has another block key or none: a value of the one verifies under the
    /// other, and does not read.
    RepeatedHash {
        /// The place of the earlier one.
        of: usize,
    },
    /// The block key is a hash key too.
    SameAsHash {
        /// The place of the pair that signs with it.
        of: usize,
    },
    /// The first pair, which signs, does not encrypt, though this one does.
    NoLongerEncrypts,
}

impl Keyring {
    /// Looks for keys that are weak, published or repeated. The concerns are in the order of the pairs.
    ///
    /// That nothing is found does not make a key good: only one that was drawn at random is.
    #[must_use]
    pub fn concerns(&self) -> Vec<Concern> {
        let pairs = self.pairs();
        let mut concerns = Vec::new();
        for (at, pair) in pairs.iter().enumerate() {
            let mut add = |which, fault| concerns.push(Concern { key: at + 1, which, fault });
            let bytes = pair.hash_length();
            if bytes < HASH_LEAST {
                add(Which::Hash, Fault::Short { bytes });
            }
            if let Some(fault) = weakness(pair.hash()) {
                add(Which::Hash, fault);
            }
            if let Some(fault) = pair.block().and_then(weakness) {
                add(Which::Block, fault);
            }
            if let Some(fault) = repetition(&pairs[..at], pair) {
                add(Which::Hash, fault);
            }
            if let Some(of) = pairs.iter().position(|other| pair.block() == Some(other.hash())) {
                add(Which::Block, Fault::SameAsHash { of: of + 1 });
            }
            if pair.encrypts() && pairs.first().is_some_and(|first| !first.encrypts() && first.hash() != pair.hash()) {
                add(Which::Block, Fault::NoLongerEncrypts);
            }
        }
        concerns
    }
}

fn repetition(earlier: &[KeyPair], pair: &KeyPair) -> Option<Fault> {
    let same = |other: &&KeyPair| other.hash() == pair.hash();
    let whole = earlier.iter().position(|other| same(&other) && other.block() == pair.block());
    match whole {
        Some(of) => Some(Fault::RepeatedPair { of: of + 1 }),
        None => earlier.iter().position(|other| same(&other)).map(|of| Fault::RepeatedHash { of: of + 1 }),
    }
}

/// Returns the worst that is to be said of a key by itself.
fn weakness(key: &[u8]) -> Option<Fault> {
    let text = std::str::from_utf8(key).ok().map(str::trim);
    if text.is_some_and(|text| PUBLISHED.iter().any(|known| text.eq_ignore_ascii_case(known))) {
        return Some(Fault::Published);
    }
    if is_pattern(key) {
        return Some(Fault::Pattern);
    }
    let text = text.filter(|text| !text.is_empty() && text.chars().all(|c| !c.is_control()))?;
    if text.len() >= 16 && text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(Fault::HexText);
    }
    (bits(text) < BITS_LEAST).then_some(Fault::Words)
}

/// Whether a key repeats itself after a few bytes, or is counted rather than drawn, as `0123456789abcdef` is.
fn is_pattern(key: &[u8]) -> bool {
    let repeats = |period: usize| key.iter().zip(&key[period..]).all(|(a, b)| a == b);
    if (1..=key.len() / 2).any(repeats) {
        return true;
    }
    let steps: Vec<u8> = key.windows(2).map(|two| two[1].wrapping_sub(two[0])).collect();
    let counts = |step: u8| steps.iter().filter(|it| **it == step).count() * 4 >= steps.len() * 3;
    steps.len() >= 7 && (counts(1) || counts(0) || counts(u8::MAX))
}

/// Estimates how many bits of chance a text carries, from above.
///
/// Random text keeps nearly all of what the variety of its characters promises. Words keep about two bits a character
/// (Shannon, "Prediction and Entropy of Printed English", 1951, finds less).
fn bits(text: &str) -> f64 {
    let mut counts = std::collections::BTreeMap::new();
    for character in text.chars() {
        *counts.entry(character).or_insert(0_u32) += 1;
    }
    let length: f64 = counts.values().map(|count| f64::from(*count)).sum();
    let by_variety: f64 = counts.values().map(|count| f64::from(*count) * (length / f64::from(*count)).log2()).sum();
    if reads_like_words(text) { by_variety.min(2.0 * length) } else { by_variety }
}

fn reads_like_words(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    let separators = text.chars().filter(|c| matches!(c, ' ' | '-' | '_' | '.')).count();
    let others = text.chars().count() - letters.len() - separators;
    let vowels = letters.iter().filter(|c| matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u')).count();
    let changes = letters.windows(2).filter(|two| two[0].is_lowercase() && two[1].is_uppercase()).count();
    // One letter in three is a vowel in English, one in five by chance; capitals begin words.
    others * 5 <= letters.len() && vowels * 10 >= letters.len() * 3 && changes * 4 <= letters.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concerns(keyring: &str) -> Vec<(usize, Which, Fault)> {
        let keyring = Keyring::parse(keyring).unwrap();
        keyring.concerns().into_iter().map(|it| (it.key, it.which, it.fault)).collect()
    }

    const GOOD: &str = "hex:8d1f0c4e6b2a9975d3e810f7c65a24b1906e7f3dc82b5a1494ed6703bf58a2c6";
    const GOOD_TOO: &str = "base64:mL2oVx5cKq0ZbN8tR1yEwUj6fHs3gAeDiP7kTQvX94Y=";

    #[test]
    fn nothing_is_said_of_keys_drawn_at_random() {
        for keyring in [
            GOOD.to_owned(),
            format!("{GOOD},{GOOD_TOO}"),
            format!("{GOOD};{GOOD_TOO}"),
            format!("{GOOD},hex:000102030405ff0708a90b0c3d0ee00f;{GOOD_TOO}"),
            // Text drawn at random: base64 and letters with digits.
            "raw:mL2oVx5cKq0ZbN8tR1yEwUj6fHs3gAeDiP7kTQvX94Y=".into(),
            "raw:q7Zt2mXw9RkL4vBn8sYc3dPf6hJg5aTe".into(),
        ] {
            assert_eq!(concerns(&keyring), [], "{keyring}");
        }
    }

    #[test]
    fn weak_keys_are_found() {
        use Fault::{HexText, Pattern, Published, Short, Words};
        for (key, expected) in [
            ("raw:something-very-secret", &[Short { bytes: 21 }, Published][..]),
            ("raw:Secret", &[Short { bytes: 6 }, Published]),
            ("raw:the-key-has-to-be-32-bytes-long!", &[Published]),
            (&format!("hex:{}", "00".repeat(32)), &[Pattern]),
            (&format!("raw:{}", "ab".repeat(20)), &[Pattern]),
            ("raw:0123456789abcdef0123456789ABCDEF", &[Pattern]),
            ("raw:abcdefghijklmnopqrstuvwxyz012345", &[Pattern]),
            ("hex:1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100", &[Pattern]),
            ("raw:correct horse battery staple and more", &[Words]),
            ("raw:ThisIsOurProductionSessionKeyOk", &[Short { bytes: 31 }, Words]),
            ("raw:our-production-session-hash-key-1", &[Words]),
            ("raw:8d1f0c4e6b2a9975d3e810f7c65a24b1", &[HexText]),
        ] {
            let expected: Vec<_> = expected.iter().map(|fault| (1, Which::Hash, *fault)).collect();
            assert_eq!(concerns(key), expected, "{key}");
        }
        assert_eq!(concerns(&format!("{GOOD},raw:0123456789abcdef")), [(1, Which::Block, Pattern)]);
        assert_eq!(concerns(&format!("{GOOD},raw:my block is weak")), [(1, Which::Block, Words)]);
        assert_eq!(concerns("hex:8d1f0c4e6b2a9975d3e810f7c65a24b1"), [(1, Which::Hash, Short { bytes: 16 })]);
    }

    #[test]
    fn repeated_keys_are_found() {
        use Fault::{NoLongerEncrypts, RepeatedHash, RepeatedPair, SameAsHash};
        let both = format!("{GOOD},{GOOD_TOO}");
        assert_eq!(concerns(&format!("{GOOD_TOO};{GOOD};{GOOD_TOO}")), [(3, Which::Hash, RepeatedPair { of: 1 })]);
        assert_eq!(concerns(&format!("{both};{both}"))[0], (2, Which::Hash, RepeatedPair { of: 1 }));
        assert_eq!(concerns(&format!("{both};{GOOD}")), [(2, Which::Hash, RepeatedHash { of: 1 })]);
        assert_eq!(concerns(&format!("{GOOD};{both}")), [(2, Which::Hash, RepeatedHash { of: 1 })]);
        assert_eq!(concerns(&format!("{GOOD},{GOOD}")), [(1, Which::Block, SameAsHash { of: 1 })]);
        assert_eq!(
            concerns(&format!("{both};{GOOD_TOO}")),
            [(1, Which::Block, SameAsHash { of: 2 })],
            "an encryption key that signs elsewhere"
        );
        let (old, other) = (format!("{GOOD},hex:000102030405ff0708a90b0c3d0ee00f"), GOOD_TOO);
        assert_eq!(concerns(&format!("{other};{old}")), [(2, Which::Block, NoLongerEncrypts)]);
        assert_eq!(concerns(&format!("{old};{other}")), [], "encryption that was introduced");
    }

    #[test]
    fn a_concern_shows_no_key() {
        let concerns = Keyring::parse("raw:planted,raw:planted-block-k1;raw:planted").unwrap().concerns();
        assert!(!concerns.is_empty() && !format!("{concerns:?}").contains("planted"), "{concerns:?}");
    }
}
