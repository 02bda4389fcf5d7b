//! Why a value does not open, in words.

use std::collections::BTreeMap;

use csqlstore::securecookie::Misread;
use csqlstore::session::{self, Diagnosis, Note, Trial};

use super::{Failure, Status, with_causes};
use crate::ui::plain;

/// More lines than this nobody reads.
const SHOWN: usize = 24;

/// Why a value was not opened.
pub(crate) enum Unopened {
    /// There is no key, and nobody was asked for one.
    NoKey,
    /// It was tried.
    Refused {
        error: session::Error,
        /// What was tried and noticed; nothing, if the fault lies with the request.
        diagnosis: Box<Diagnosis>,
    },
}

impl Unopened {
    /// Returns whether nothing vouches for the value: one that verifies, and holds what it should not, is another matter.
    pub(crate) fn is_unverified(&self) -> bool {
        match self {
            Self::NoKey => true,
            Self::Refused { error, .. } => !error.is_content(),
        }
    }

    /// Returns why, in one line.
    pub(crate) fn in_a_line(&self) -> String {
        match self {
            Self::NoKey => "no key is given to verify with".into(),
            Self::Refused { error, .. } => with_causes(error),
        }
    }

    /// Returns the failure where not even the form of the value was as it should be: what was tried says that already,
    /// and else its form does.
    #[track_caller]
    pub(crate) fn claims_nothing(&self, form: session::Error) -> Failure {
        match self {
            Self::NoKey => form.into(),
            Self::Refused { error: session::Error::Refused(source), .. } if source.is_configuration() => form.into(),
            refused => refused.into(),
        }
    }

    /// Returns the failure where `--unverified` has shown what the value claims: whatever it was that kept us from
    /// verifying, the answer is no.
    #[track_caller]
    pub(crate) fn shown_unverified(&self) -> Failure {
        let failure = Failure::from(self);
        match failure.status {
            Status::Request => Failure { status: Status::No, ..failure.within("nothing of the value is verified") },
            _ => failure,
        }
    }
}

impl From<&Unopened> for Failure {
    #[track_caller]
    fn from(unopened: &Unopened) -> Self {
        match unopened {
            Unopened::NoKey => Self::request("no key is given to verify with").hint(
                "name a file of keys with `--key-file FILE`, set CSQLSTORE_KEYS, or set `key_file` in the configuration",
            ),
            Unopened::Refused { error, diagnosis } => {
                let failure = Self::from(error.clone()).hinted(hint(diagnosis));
                Self { reasons: reasons(diagnosis), ..failure }
            }
        }
    }
}

impl From<Unopened> for Failure {
    #[track_caller]
    fn from(unopened: Unopened) -> Self {
        Self::from(&unopened)
    }
}

/// Says what was tried, a line for each pair and outcome, and what was noticed.
fn reasons(diagnosis: &Diagnosis) -> Vec<String> {
    let mut tried: BTreeMap<(usize, String), (&Trial, Vec<String>)> = BTreeMap::new();
    for trial in &diagnosis.trials {
        let name = format!("`{}`", plain(&trial.name));
        let (_, names) = tried.entry((trial.key, trial.outcome.to_string())).or_insert((trial, Vec::new()));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let lines = tried.into_values().map(|(trial, names)| {
        format!("key {} ({}) with {}: {}", trial.key, kind(trial), names.join(", "), plain(&trial.outcome.to_string()))
    });
    let mut reasons: Vec<String> = lines.collect();
    if reasons.len() > SHOWN {
        let left = reasons.len() - SHOWN;
        reasons.truncate(SHOWN);
        reasons.push(format!("and {left} more of this kind"));
    }
    reasons.extend(diagnosis.notes.iter().map(|note| plain(&note.to_string())));
    reasons
}

/// Says what kind of pair it is, by lengths alone.
fn kind(trial: &Trial) -> String {
    let bytes = if trial.hash_bytes == 1 { "byte" } else { "bytes" };
    let hash = format!("hash key of {} {bytes}", trial.hash_bytes);
    match trial.block_bytes {
        Some(block) => format!("{hash}, AES-{}", block * 8),
        None => format!("{hash}, signs only"),
    }
}

/// Says what to do about the first thing noticed for which there is something.
fn hint(diagnosis: &Diagnosis) -> Option<String> {
    diagnosis.notes.iter().find_map(|note| {
        Some(match note {
            Note::Damaged { opens: Some(_), .. } => "undo that, and give the value as gorilla wrote it".into(),
            Note::Cut { .. } => "a value ends in the `=` of base64, if it has any: was all of it copied?".into(),
            Note::OtherName { name, .. } => format!("`--name {}` verifies it under that name", plain(name)),
            Note::MisreadKey { how, .. } => misread(*how)?.into(),
            Note::BlockKey { key, encrypts: false } => {
                format!("put the writer's block key behind the hash key of pair {key}, as `HASH,BLOCK`")
            }
            Note::BlockKey { key, encrypts: true } => {
                format!("the block key of pair {key} has to be the writer's; the hash key is")
            }
            Note::NotEncrypted { key } => {
                format!(
                    "append a pair of the hash key of pair {key} alone: it reads what was written before encryption"
                )
            }
            Note::Text { .. } => {
                "csqlstore reads gobs, as gorilla/sessions writes them, and no other serializer".into()
            }
            Note::ForeignSigner { .. } => "which program signs with this key?".into(),
            Note::IsCookie => "`csqlstore cookie decode` takes a cookie".into(),
            Note::IsData => "`csqlstore session decode` takes a row's data".into(),
            _ => return None,
        })
    })
}

fn misread(how: Misread) -> Option<&'static str> {
    Some(match how {
        Misread::IsHex => "write the key `hex:…` in the keyring, with the same text",
        Misread::IsBase64 => "write the key `base64:…` in the keyring, with the same text",
        Misread::HexText | Misread::Base64Text => "write the key `raw:…` in the keyring, with the same text",
        Misread::LineFeed => "write the key `hex:…` in the keyring, with `0a` at its end",
        Misread::Blanks => "take the white space at the key's ends out of the keyring",
        Misread::Swapped => "a pair is `HASH,BLOCK`: which key is which?",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use csqlstore::securecookie::{Codec, Keyring};
    use csqlstore::session::{diagnose_data, open_data};

    use super::*;

    /// `hi`, a gob string, signed by `very-secret` for `session-key` on 2026-11-23.
    const HI: &str = "MTc5NTM5ODQzMnxCUXdBQW1ocHwKUcu63yLH8vgmAmDwjNFyFEdJu8Ssqmbw2Qda4l_0zQ==";

    fn failure(keys: &str, names: &[&str], data: &str) -> Failure {
        let codec = Codec::new(Keyring::parse(keys).unwrap());
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let error = open_data(&codec, names, data, now).unwrap_err();
        Failure::from(Unopened::Refused { error, diagnosis: Box::new(diagnose_data(&codec, names, data, now)) })
    }

    #[test]
    fn a_line_for_each_pair_and_outcome_with_the_names_tried() {
        let failure = failure("raw:a;raw:bcd,raw:0123456789abcdef", &["x", "y"], HI);
        let expected = [
            "key 1 (hash key of 1 byte, signs only) with `x`, `y`: the MAC is wrong",
            "key 2 (hash key of 3 bytes, AES-128) with `x`, `y`: the MAC is wrong",
        ];
        assert_eq!(failure.reasons[..2], expected);
        assert_eq!(failure.status, Status::No);
    }

    #[test]
    fn what_is_noticed_says_what_to_do() {
        for (keys, name, data, hint) in [
            ("raw:very-secret", "other", HI.to_owned(), "`--name session-key` verifies it under that name"),
            ("raw:very-secret", "session-key", format!("'{HI}'"), "csqlstore cookie decode"),
            ("raw:dmVyeS1zZWNyZXQ=", "session-key", HI.to_owned(), "write the key `base64:…`"),
            ("hex:766572792d736563726574", "session-key", HI[..50].to_owned(), "was all of it copied?"),
        ] {
            let failure = failure(keys, &[name], &data);
            assert!(failure.hint.as_deref().is_some_and(|text| text.contains(hint)), "{hint}: {failure:?}");
        }
    }

    #[test]
    fn many_keys_are_not_all_listed() {
        let keys: String = (0..100).map(|at| format!("raw:key-{at}\n")).collect();
        let failure = failure(&keys, &["x"], HI);
        assert!(failure.reasons.contains(&"and 76 more of this kind".to_owned()), "{failure:?}");
        assert!(failure.reasons.len() < SHOWN + 5);
    }
}
