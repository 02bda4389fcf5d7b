//! Why a value does not open: what was tried, and what can be seen of it.

use std::fmt;

use jiff::Timestamp;

use super::open::{moment, read_id, read_values};
use super::repair::{Damage, parts, repair};
use super::{Claims, Content, Error, candidates, claims};
use crate::gob;
use crate::securecookie::{self, Attempt, Codec, Misread, Opened, Span};

/// Of a header with more cookies, the first ones are looked at.
const COOKIES: usize = 16;

/// Session names of gorilla's documentation and the Go store's, which people keep.
const DOCUMENTED: [&str; 4] = ["session-name", "session-key", "session", "cookie-name"];

/// What a value is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Id,
    Values,
}

/// Why a value does not open. It holds no key and no part of one, nor anything of what an encrypted value protects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// Every pair that was tried, under every name: none if the value has not even the form of a signed one.
    pub trials: Vec<Trial>,
    /// What was noticed beside, the most telling first.
    pub notes: Vec<Note>,
}

/// One pair, tried under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trial {
    /// The name tried; for a cookie that brings one, its own.
    pub name: String,
    /// The place of the pair, counted from 1.
    pub key: usize,
    /// The length of its hash key in bytes.
    pub hash_bytes: usize,
    /// The length of its block key; `None` if it signs only.
    pub block_bytes: Option<usize>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a value under one pair and one name. `Display` says it in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The MAC is wrong: another key, another name, or a value that was changed.
    WrongMac,
    /// The MAC is right, and a later check failed.
    Refused(securecookie::Error),
    /// The MAC is right, and what was signed is no gob, once decrypted where the pair encrypts.
    NotGob(gob::Error),
    /// The MAC is right, and the gob holds something else.
    Holds {
        /// What it holds, in Go's words.
        found: String,
    },
    /// It opens.
    Opens,
}

/// Something that was noticed about a value. `Display` says it in a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The value was changed on its way.
    Damaged {
        /// How, the outermost first.
        damage: Vec<Damage>,
        /// The name and the pair under which it opens as it was before.
        opens: Option<(String, usize)>,
    },
    /// The value is cut.
    Cut {
        /// How long it is now, in characters.
        length: usize,
        /// How many of the 32 bytes of its MAC are left; `None` if it is cut before them.
        mac: Option<usize>,
    },
    /// The MAC is too long: something was put behind the value.
    Trailing {
        /// How many bytes there are after the MAC.
        bytes: usize,
    },
    /// It is a JSON web token, which gorilla does not write.
    JsonWebToken,
    /// The MAC is right under a name that was not asked for.
    OtherName {
        /// That name.
        name: String,
        /// The place of the pair.
        key: usize,
    },
    /// The MAC would be right if a key were read in another way.
    MisreadKey {
        /// The place of the pair.
        key: usize,
        /// The name under which it would.
        name: String,
        /// How the key would have to be read.
        how: Misread,
    },
    /// The value claims to be signed after now. Nothing proves that.
    FromTheFuture {
        /// When.
        signed_at: Timestamp,
        /// In how many seconds.
        in_s: i64,
    },
    /// When the value claims to be signed. Nothing proves that.
    Dated {
        /// When.
        signed_at: Timestamp,
        /// How long ago, in seconds.
        age_s: i64,
    },
    /// A row's data was asked for, and the value claims to be a cookie's. Nothing proves that.
    IsCookie,
    /// A cookie was asked for, and the value claims to be a row's data. Nothing proves that.
    IsData,
    /// The payload is no gob: it is encrypted, or was changed.
    Opaque,
    /// Some pair's MAC is right, and what it yields is no gob, nor text: it is encrypted, or was decrypted by another block
    /// key than the writer's.
    BlockKey {
        /// The place of the pair.
        key: usize,
        /// Whether the pair has a block key.
        encrypts: bool,
    },
    /// Some pair that encrypts has the right MAC, and the value reads without being decrypted.
    NotEncrypted {
        /// The place of the pair.
        key: usize,
    },
    /// Some pair's MAC is right, and what it yields is text: the writer has another serializer than gob.
    Text {
        /// Whether it begins as JSON does.
        json: bool,
    },
    /// Some pair's MAC is right, and what it covers is not of gorilla's form: the signer is another program.
    ForeignSigner {
        /// The place of the pair.
        key: usize,
    },
}

/// Says why a row's `data` does not open under these keys and names.
///
/// This is for a value that [`open_data`](super::open_data) refused; of one that it takes, it says that it opens.
#[must_use]
pub fn diagnose_data<S: AsRef<str>>(codec: &Codec, names: &[S], data: &str, now: Timestamp) -> Diagnosis {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    let mut diagnosis = Diagnosis::default();
    diagnosis.examine(&Examined { codec, names: &names, others: &[], wanted: Wanted::Values, now }, data);
    diagnosis
}

/// Says why no cookie in a text opens under these keys and names.
///
/// This is for a text that [`open_cookie`](super::open_cookie) refused.
#[must_use]
pub fn diagnose_cookie<S: AsRef<str>>(codec: &Codec, names: &[S], text: &str, now: Timestamp) -> Diagnosis {
    let asked: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    let cookies = candidates(text);
    let found: Vec<&str> = cookies.iter().filter_map(|cookie| cookie.name.as_deref()).take(COOKIES).collect();
    let fits = |name: &Option<String>| match name.as_deref() {
        Some(name) => asked.is_empty() || asked.contains(&name),
        None => true,
    };
    let others: Vec<&str> = asked.iter().chain(&found).copied().collect();
    let mut diagnosis = Diagnosis::default();
    let fitting = cookies.iter().filter(|cookie| fits(&cookie.name)).count();
    for cookie in cookies.iter().filter(|cookie| fits(&cookie.name) || fitting == 0).take(COOKIES) {
        // One cookie among others that has nothing of a session's form is none.
        if cookies.len() > 1 && fitting != 1 && parts(&repair(&cookie.value).0).is_none() {
            continue;
        }
        let own = cookie.name.as_deref().filter(|_| fits(&cookie.name));
        let names = own.map_or_else(|| if fitting == 0 { Vec::new() } else { asked.clone() }, |own| vec![own]);
        let examined = Examined { codec, names: &names, others: &others, wanted: Wanted::Id, now };
        diagnosis.examine(&examined, &cookie.value);
    }
    diagnosis
}

/// What a value is examined with.
struct Examined<'e> {
    codec: &'e Codec,
    /// The names under which it has to open.
    names: &'e [&'e str],
    /// Names under which it may have been signed, too.
    others: &'e [&'e str],
    wanted: Wanted,
    now: Timestamp,
}

impl Diagnosis {
    fn examine(&mut self, with: &Examined<'_>, value: &str) {
        let Examined { codec, names, others, wanted, now } = with;
        let value = value.trim();
        let trials = with.tried(names, value);
        let signed = trials.iter().any(|(trial, _)| trial.outcome != Outcome::WrongMac);
        for (trial, note) in trials {
            self.trials.push(trial);
            if let Some(note) = note {
                self.note(note);
            }
        }
        if signed {
            return;
        }
        let (whole, damage) = repair(value);
        if !damage.is_empty() {
            let opens = with.opens(names, &whole);
            let all = opens.is_some();
            self.note(Note::Damaged { damage, opens });
            if all {
                return;
            }
        }
        match parts(&whole) {
            None if is_json_web_token(value) => self.note(Note::JsonWebToken),
            None => return,
            Some(parts) => match parts.mac {
                Some(32) => {}
                Some(bytes @ 33..) => self.note(Note::Trailing { bytes: bytes - 32 }),
                mac => self.note(Note::Cut { length: value.len(), mac }),
            },
        }
        let unasked = others.iter().chain(&DOCUMENTED).filter(|name| !names.contains(name)).copied();
        let unasked: Vec<&str> = unasked.collect();
        let tried = with.tried(&unasked, &whole);
        if let Some(trial) = tried.into_iter().map(|(trial, _)| trial).find(|trial| trial.outcome != Outcome::WrongMac)
        {
            self.note(Note::OtherName { name: trial.name, key: trial.key });
            return;
        }
        let every: Vec<&str> = names.iter().chain(&unasked).copied().collect();
        if let Some((key, name, how)) = codec.misread_key(&every, &whole) {
            self.note(Note::MisreadKey { key, name, how });
            return;
        }
        self.claimed(&whole, *wanted, *now);
    }

    /// Notes what a value says of itself.
    fn claimed(&mut self, value: &str, wanted: Wanted, now: Timestamp) {
        let Some(parts) = parts(value) else { return };
        let age_s = now.as_second().saturating_sub(parts.date);
        let signed_at = moment(parts.date);
        match claims(value).map(|Claims { content, .. }| content) {
            Ok(Content::Id(_)) if wanted == Wanted::Values => self.note(Note::IsCookie),
            Ok(Content::Values(_)) if wanted == Wanted::Id => self.note(Note::IsData),
            Ok(Content::Unreadable(_)) => self.note(Note::Opaque),
            // As it should be, or cut.
            Ok(_) | Err(_) => {}
        }
        self.note(match age_s {
            ..0 => Note::FromTheFuture { signed_at, in_s: age_s.saturating_neg() },
            _ => Note::Dated { signed_at, age_s },
        });
    }

    fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

impl Examined<'_> {
    /// Tries every pair under every name, and says beside what is to be seen of a value that verifies and does not decode.
    fn tried(&self, names: &[&str], value: &str) -> Vec<(Trial, Option<Note>)> {
        // What fails before any key is tried is the error that the caller has already.
        let attempts = self.codec.attempts(names, value, self.now).unwrap_or_default();
        let trial = |Attempt { name, key, result, .. }: Attempt| {
            let pair = &self.codec.keyring().pairs()[key - 1];
            let (hash_bytes, block_bytes) = (pair.hash_length(), pair.block_length());
            let mut note = None;
            let outcome = match result {
                Err(securecookie::Error::Mac { .. }) => Outcome::WrongMac,
                Err(error) => {
                    note = error.is_content().then(|| malformed(&error, key, value));
                    Outcome::Refused(error)
                }
                Ok(opened) => {
                    let read = match self.wanted {
                        Wanted::Id => read_id(opened.signature(), &opened.plaintext).map(|_| ()),
                        Wanted::Values => read_values(opened.signature(), &opened.plaintext).map(|_| ()),
                    };
                    match read {
                        Ok(()) => Outcome::Opens,
                        Err(Error::NotGob { source, .. } | Error::Gob(source)) => {
                            note = Some(no_gob(&opened, value));
                            Outcome::NotGob(source)
                        }
                        Err(Error::OtherValue { found, .. } | Error::NotValues { found, .. }) => {
                            Outcome::Holds { found }
                        }
                        Err(error) => Outcome::Holds { found: error.to_string() },
                    }
                }
            };
            (Trial { name, key, hash_bytes, block_bytes, outcome }, note)
        };
        attempts.into_iter().map(trial).collect()
    }

    fn opens(&self, names: &[&str], value: &str) -> Option<(String, usize)> {
        let mut tried = self.tried(names, value).into_iter().map(|(trial, _)| trial);
        tried.find(|trial| trial.outcome == Outcome::Opens).map(|trial| (trial.name, trial.key))
    }
}

/// The shortest payload that can have been encrypted: a vector, and a byte.
const ENCRYPTED: usize = 17;

/// Says what is to be seen of a value whose MAC is right and which is not of gorilla's form.
fn malformed(error: &securecookie::Error, key: usize, value: &str) -> Note {
    match error {
        // Under a pair that encrypts: a value that was not encrypted may be shorter.
        securecookie::Error::NotDecryptable { .. } => not_encrypted(key, value).unwrap_or(Note::ForeignSigner { key }),
        _ => Note::ForeignSigner { key },
    }
}

/// Says what is to be seen of a value whose MAC is right and which holds no gob.
fn no_gob(opened: &Opened, value: &str) -> Note {
    let Opened { key, encrypted, plaintext, .. } = opened;
    let key = *key;
    if let Some(note) = text(plaintext) {
        return note;
    }
    match encrypted {
        true => not_encrypted(key, value).unwrap_or(Note::BlockKey { key, encrypts: true }),
        false if plaintext.len() < ENCRYPTED => Note::ForeignSigner { key },
        false => Note::BlockKey { key, encrypts: false },
    }
}

/// Looks at the payload of a value as if it had not been encrypted. The MAC is right, so this is what the signer wrote.
fn not_encrypted(key: usize, value: &str) -> Option<Note> {
    let payload = securecookie::unverified(value).ok()?.payload;
    if gob::decode(&payload).is_ok() { Some(Note::NotEncrypted { key }) } else { text(&payload) }
}

fn text(bytes: &[u8]) -> Option<Note> {
    // Shorter ones can be text by chance, where a wrong key has decrypted them.
    const LEAST: usize = 6;
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() >= LEAST)?;
    let json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    let is_text = json || !text.contains(|c: char| c.is_control() && !c.is_whitespace());
    is_text.then_some(Note::Text { json })
}

fn is_json_web_token(value: &str) -> bool {
    // `eyJ` is `{"` in base64.
    value.starts_with("eyJ") && value.matches('.').count() == 2
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use securecookie::Error::{Date, Expired, NotDecryptable, Payload, TooNew};
        match self {
            Self::WrongMac => f.write_str("the MAC is wrong"),
            Self::Refused(Expired { age_s, max_age_s, .. }) => {
                write!(f, "the MAC is right, signed {} ago; the limit is {}", Span(*age_s), Span(*max_age_s))
            }
            Self::Refused(TooNew { age_s, min_age_s, .. }) => {
                write!(f, "the MAC is right, signed {} ago; the least is {}", Span(*age_s), Span(*min_age_s))
            }
            Self::Refused(Date { .. }) => f.write_str("the MAC is right, and the date is no number"),
            Self::Refused(Payload { .. }) => f.write_str("the MAC is right, and the payload is not base64"),
            Self::Refused(NotDecryptable { length, .. }) => {
                write!(f, "the MAC is right, and {length} bytes are too few to decrypt")
            }
            Self::Refused(error) => write!(f, "the MAC is right, but {error}"),
            Self::NotGob(_) => f.write_str("the MAC is right, and what it holds is no gob"),
            Self::Holds { found } => write!(f, "the MAC is right, and it holds {found}"),
            Self::Opens => f.write_str("it opens"),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { damage, opens } => {
                for (at, damage) in damage.iter().enumerate() {
                    write!(f, "{}{damage}", if at == 0 { "" } else { "; " })?;
                }
                match opens {
                    Some((name, key)) => write!(f, "; without that, it verifies under key {key} for `{name}`"),
                    None => Ok(()),
                }
            }
            Self::Cut { length, mac: Some(mac) } => {
                write!(f, "it is cut after {length} characters: {mac} of the 32 bytes of its MAC are left")
            }
            Self::Cut { length, mac: None } => write!(f, "it is cut after {length} characters, before its MAC"),
            Self::Trailing { bytes } => write!(f, "{bytes} bytes too many stand behind its MAC"),
            Self::JsonWebToken => f.write_str("it is a JSON web token, which gorilla does not write"),
            Self::OtherName { name, key } => {
                write!(f, "key {key} signed it for another name, `{}`", name.escape_debug())
            }
            Self::MisreadKey { key, name, how } => {
                let how = match how {
                    Misread::IsHex => "the text of its hash key is hexadecimal, and the writer decodes it",
                    Misread::IsBase64 => "the text of its hash key is base64, and the writer decodes it",
                    Misread::HexText => "the writer uses the hexadecimal text of its hash key undecoded",
                    Misread::Base64Text => "the writer uses the base64 text of its hash key undecoded",
                    Misread::LineFeed => "the writer's hash key has a line feed at its end",
                    Misread::Blanks => "the writer's hash key has no white space around it",
                    Misread::Swapped => "the writer signs with what is the block key here",
                };
                write!(f, "key {key} would verify it for `{}`: {how}", name.escape_debug())
            }
            Self::FromTheFuture { signed_at, in_s } => {
                write!(f, "it claims to be signed on {signed_at}, in {}, which nothing proves", Span(*in_s))
            }
            Self::Dated { signed_at, age_s } => {
                write!(f, "it claims to be signed on {signed_at}, {} ago, which nothing proves", Span(*age_s))
            }
            Self::IsCookie => f.write_str("it claims to hold a session id, as a cookie does and a row's data does not"),
            Self::IsData => f.write_str("it claims to hold session values, as a row's data does and a cookie does not"),
            Self::Opaque => f.write_str("its payload is no gob: it is encrypted, or was changed"),
            Self::BlockKey { key, encrypts: true } => {
                write!(f, "what key {key} decrypts it to is no gob: its block key is not the writer's")
            }
            Self::BlockKey { key, encrypts: false } => {
                write!(f, "it seems to be encrypted, and key {key} has no block key")
            }
            Self::NotEncrypted { key } => write!(f, "it is not encrypted, and key {key} has a block key"),
            Self::Text { json: true } => {
                f.write_str("it holds JSON, which is another serializer's than gorilla/sessions'")
            }
            Self::Text { json: false } => {
                f.write_str("it holds text, which is another serializer's than gorilla/sessions'")
            }
            Self::ForeignSigner { key } => {
                write!(
                    f,
                    "key {key} signed it just so: nothing was lost on its way, and gorilla's securecookie writes no such value"
                )
            }
        }
    }
}
