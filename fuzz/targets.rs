//! What each target does with its bytes: whatever they are, nothing may panic, and what is promised has to hold.
//!
//! The fuzzer calls these from fuzz_targets/, and tests/corpus.rs calls them with everything in corpus/.

#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each fuzz target is a program of its own, and uses one of them"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use csqlstore::cluster::dsn::{Dsn, NamedDsn};
use csqlstore::gob;
use csqlstore::securecookie::{Codec, Keyring, unverified};
use csqlstore::session::{self, Values};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

/// A target, by its name in fuzz/corpus/.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// All of them.
pub(crate) const ALL: &[Target] = &[
    ("gob_decode", gob_decode),
    ("gob_round_trip", gob_round_trip),
    ("securecookie_decode", securecookie_decode),
    ("cookie_headers", cookie_headers),
    ("keyring_text", keyring_text),
    ("dsn_text", dsn_text),
];

const NAME: &str = "session-key";
/// One pair that signs, one that encrypts too.
const KEYS: &str = "raw:signs;raw:encrypts,raw:0123456789abcdef";

fn codec() -> Codec {
    Codec::new(Keyring::parse(KEYS).expect("a keyring")).max_age(None)
}

/// Any bytes as a gob, and as a session's values, which are then shown in every form there is.
pub(crate) fn gob_decode(data: &[u8]) {
    let Ok(value) = gob::decode(data) else { return };
    assert_eq!(value, value.clone());
    assert_eq!(value.clone().into_owned(), value);
    let _ = (format!("{value:?}"), value.as_str(), value.as_time().and_then(|time| time.rfc3339()));
    if let Ok(values) = Values::decode(data) {
        let (json, types) = (values.to_json().to_string(), values.types());
        let read: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert!(read.is_object() && (types.is_object() || types.is_array()), "{json}");
        for line in values.lines() {
            assert!(!line.to_string().contains(char::is_control), "a line obeys the terminal");
        }
    }
}

/// Any bytes as a gob, written again. What is read can be written, but for what no Go program reads, and reads as the same.
pub(crate) fn gob_round_trip(data: &[u8]) {
    let Ok(value) = gob::decode(data) else { return };
    let owned = gob::decode_owned(data, &gob::Limits::default()).expect("it decodes when it is borrowed");
    assert_eq!(owned, value);
    let written = match gob::encode(&value) {
        Ok(written) => written,
        Err(error) => return assert!(is_refused_by_go(&error), "{value:?} was read, and is not written: {error:?}"),
    };
    assert_eq!(gob::encode(&owned).expect("the same value"), written);
    let again = gob::decode(&written).unwrap_or_else(|error| panic!("{value:?} does not read back: {error}"));
    assert_eq!(again, value);
    assert_eq!(gob::encode(&again).expect("a value that was written before"), written);
    if let Ok(values) = Values::decode(data) {
        let written = values.encode().expect("the same value as a session's");
        assert_eq!(Values::decode_owned(&written).expect("it was just written"), values);
    }
}

/// Whether a value that was read is not written because Go would not read it: what its registered name says is not what it
/// is, or it is what no Go program can have. It cannot be that it is too deep, or too large, or not of its own type.
fn is_refused_by_go(error: &gob::Error) -> bool {
    use gob::Fault::{FieldName, Key, Range, Time, Type, Undefined};
    match error {
        gob::Error::Encode { fault, .. } => {
            matches!(fault, Type { .. } | Range { .. } | Key { .. } | Time | Undefined | FieldName { .. })
        }
        _ => false,
    }
}

/// Any bytes as a value; and as what a holder of the key signed: `date|payload`, first byte choosing the pair.
pub(crate) fn securecookie_decode(data: &[u8]) {
    let codec = codec();
    let now = Timestamp::UNIX_EPOCH;
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = (codec.decode(NAME, text, now), unverified(text));
        let _ = (session::open_data(&codec, &[NAME], text, now), session::open_id(&codec, &[NAME], text, now));
    }
    let Some((&first, body)) = data.split_first() else { return };
    let key: &[u8] = if first & 1 == 0 { b"signs" } else { b"encrypts" };
    let value = sign(key, body);
    let opened = codec.decode(NAME, &value, now);
    if let Ok(opened) = &opened {
        assert_eq!(opened.key, usize::from(first & 1) + 1);
        assert!(!format!("{opened:?}").contains("plaintext"));
        // Sealed again by the pair that opened it, it opens to the same.
        let keys = KEYS.split(';').nth(opened.key - 1).expect("a pair");
        let codec = Codec::new(Keyring::parse(keys).expect("a keyring"));
        let sealed = codec.encode_with(NAME, &opened.plaintext, now, &[7; 16]).expect("no limit of length");
        match codec.decode(NAME, &sealed, now) {
            Ok(again) => assert_eq!(again.plaintext, opened.plaintext),
            // As in gorilla, which cannot read what it makes of nothing.
            Err(error) => assert!(opened.encrypted && opened.plaintext.is_empty(), "{error}"),
        }
    }
    let data = session::open_data(&codec, &[NAME], &value, now);
    assert!(opened.is_ok() || data.is_err());
    // An id is read past the general decoder where it can be, and has to be the same.
    if let (Ok(cookie), Ok(opened)) = (session::open_id(&codec, &[NAME], &value, now), &opened) {
        let text = gob::decode(&opened.plaintext).expect("a gob, since it holds an id");
        assert_eq!(text.as_str(), Some(cookie.id.as_str()));
        let sealed = session::seal_id(&codec, NAME, &cookie.id, now).expect("no limit of length");
        assert_eq!(session::open_id(&codec, &[NAME], &sealed, now).expect("it was just sealed").id, cookie.id);
    }
    let _ = unverified(&value);
}

fn sign(key: &[u8], body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(NAME.as_bytes());
    mac.update(b"|");
    mac.update(body);
    let mut bytes = body.to_vec();
    bytes.push(b'|');
    bytes.extend(mac.finalize().into_bytes());
    URL_SAFE.encode(bytes)
}

/// Any text as what a person pastes.
pub(crate) fn cookie_headers(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for cookie in session::candidates(text) {
        assert!(text.contains(&cookie.value));
        assert!(cookie.name.is_none_or(|name| text.contains(&name)));
    }
    let codec = codec();
    let none: [&str; 0] = [];
    let _ = session::open_cookie(&codec, &none, text, Timestamp::UNIX_EPOCH);
    let _ = session::open_cookie(&codec, &[NAME, "sid"], text, Timestamp::UNIX_EPOCH);
}

/// Any text as a keyring.
pub(crate) fn keyring_text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Keyring::parse(text) {
        Ok(keyring) => {
            assert!(!keyring.pairs().is_empty());
            for pair in keyring.pairs() {
                assert!(["KeyPair(signs)", "KeyPair(signs, encrypts)"].contains(&format!("{pair:?}").as_str()));
            }
        }
        Err(error) => assert!(error.to_string().len() < 200, "an error says which pair, not what it holds"),
    }
}

/// Any text as a DSN. What is read of it is read again from the URL that is made of it.
pub(crate) fn dsn_text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(named) = NamedDsn::parse(text) {
        assert!(!named.name.is_empty());
    }
    let Ok(parsed) = Dsn::parse(text) else { return };
    let (dsn, url) = (&parsed.dsn, parsed.dsn.expose_url());
    let again = Dsn::parse(url.expose()).unwrap_or_else(|error| panic!("{:?} of {text:?}: {error}", url.expose())).dsn;
    let secret = |dsn: &Dsn| dsn.password.as_ref().map(|password| password.expose().to_owned());
    assert_eq!(secret(&again), secret(dsn), "{text:?}");
    assert_eq!((&again.address, &again.user, &again.database), (&dsn.address, &dsn.user, &dsn.database), "{text:?}");
    assert_eq!((&again.tls, &again.timeout), (&dsn.tls, &dsn.timeout), "{text:?} as {:?}", url.expose());
    assert_eq!(again.to_string(), dsn.to_string());
}
