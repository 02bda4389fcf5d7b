//! Every check that a value goes through, on values signed here.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

use super::{Codec, Error, Keyring, unverified};

/// Signs as gorilla does, whatever the parts are.
fn sign(key: &[u8], name: &str, date: &str, payload: &[u8]) -> String {
    let mut bytes = [date.as_bytes(), b"|", payload].concat();
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(&[name.as_bytes(), b"|", &bytes].concat());
    bytes.push(b'|');
    bytes.extend(mac.finalize().into_bytes());
    URL_SAFE.encode(bytes)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn codec(keyring: &str) -> Codec {
    Codec::new(Keyring::parse(keyring).unwrap())
}

const MONTH: i64 = 30 * 86_400;

#[test]
fn age_is_checked_as_gorilla_does() {
    let value = sign(b"k", "s", "1000000000", b"aGk=");
    let codec = codec("raw:k");
    let open = |codec: &Codec, now| codec.decode("s", &value, at(now));
    assert_eq!(open(&codec, 1_000_000_000 + MONTH).unwrap().age_s, MONTH);
    let error = open(&codec, 1_000_000_001 + MONTH).unwrap_err();
    assert_eq!(error.to_string(), "signed 30 days ago by key 1 for `s`, older than the codec's max age of 30 days");
    for unlimited in [None, Some(Duration::ZERO)] {
        assert!(open(&codec.clone().max_age(unlimited), 4_000_000_000).is_ok());
    }
    // A date in the future is no reason for gorilla to refuse.
    assert_eq!(open(&codec, 900_000_000).unwrap().age_s, -100_000_000);
    let patient = codec.min_age(Some(Duration::from_secs(60)));
    assert!(open(&patient, 1_000_000_060).is_ok());
    let error = open(&patient, 1_000_000_059).unwrap_err();
    assert_eq!(
        error.to_string(),
        "signed 59 seconds ago by key 1 for `s`, younger than the codec's min age of 60 seconds"
    );
}

#[test]
fn dates_may_be_any_number_and_nothing_else() {
    let codec = codec("raw:k").max_age(None);
    for (date, seconds) in
        [("-5", -5), ("+7", 7), ("9223372036854775807", i64::MAX), ("-9223372036854775808", i64::MIN)]
    {
        let opened = codec.decode("s", &sign(b"k", "s", date, b"aGk="), at(0)).unwrap();
        assert_eq!(opened.signed_at, seconds);
    }
    for date in ["", " 1", "1.5", "x", "9223372036854775808"] {
        let error = codec.decode("s", &sign(b"k", "s", date, b"aGk="), at(0)).unwrap_err();
        assert!(matches!(error, Error::Date { key: 1, .. }), "{date}: {error:?}");
    }
}

#[test]
fn a_payload_has_to_be_base64_and_long_enough_to_decrypt() {
    let signed = codec("raw:k").max_age(None);
    let error = signed.decode("s", &sign(b"k", "s", "1", b"a?"), at(1)).unwrap_err();
    assert!(matches!(error, Error::NotBase64 { what: "the payload of the value", .. }), "{error:?}");
    let encrypted = codec("raw:k,raw:0123456789abcdef").max_age(None);
    for length in [0, 15, 16] {
        let payload = URL_SAFE.encode(vec![7; length]);
        let error = encrypted.decode("s", &sign(b"k", "s", "1", payload.as_bytes()), at(1)).unwrap_err();
        assert!(matches!(error, Error::NotDecryptable { length: found, .. } if found == length), "{error:?}");
    }
    let payload = URL_SAFE.encode([7; 17]);
    let opened = encrypted.decode("s", &sign(b"k", "s", "1", payload.as_bytes()), at(1)).unwrap();
    assert_eq!((opened.plaintext.len(), opened.encrypted), (1, true));
}

/// NIST SP 800-38A, F.5: the first block of AES-CTR with each key length.
#[test]
fn decrypts_with_every_length_of_key() {
    let iv = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
    let cases = [
        ("2b7e151628aed2a6abf7158809cf4f3c", "874d6191b620e3261bef6864990db6ce"),
        ("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "1abc932417521ca24f2b0459fe7e6e0b"),
        ("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "601ec313775789a5b7a7f504bbf3d228"),
    ];
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    };
    for (key, ciphertext) in cases {
        let payload = URL_SAFE.encode(bytes(&format!("{iv}{ciphertext}")));
        let codec = codec(&format!("raw:k,hex:{key}")).max_age(None);
        let opened = codec.decode("s", &sign(b"k", "s", "1", payload.as_bytes()), at(1)).unwrap();
        assert_eq!(opened.plaintext, bytes("6bc1bee22e409f96e93d7e117393172a"));
    }
}

#[test]
fn the_name_is_signed_too() {
    let value = sign(b"k", "s", "1", b"aGk=");
    let codec = codec("raw:other;raw:k").max_age(None);
    assert_eq!(codec.decode_any(&["a", "s"], &value, at(1)).unwrap().key, 2);
    let error = codec.decode_any(&["a", "b"], &value, at(1)).unwrap_err();
    let Error::Mac { names, keys, .. } = error else { panic!("{error:?}") };
    assert_eq!((names, keys), (vec!["a".to_owned(), "b".to_owned()], 2));
}

#[test]
fn lengths_are_checked_before_anything_else() {
    let value = sign(b"k", "s", "1", b"aGk=");
    let limit = |max| codec("raw:k").max_age(None).max_length(max).decode("s", &value, at(1));
    assert!(limit(Some(value.len())).is_ok());
    assert!(limit(Some(0)).is_ok(), "no limit, as in gorilla");
    assert!(matches!(limit(Some(value.len() - 1)), Err(Error::TooLong { .. })));
    let short = URL_SAFE.encode(&URL_SAFE.decode(&value).unwrap()[..30]);
    let error = codec("raw:k").decode("s", &short, at(1)).unwrap_err();
    assert!(matches!(error, Error::MacLength { length: 23, .. }), "{error:?}");
}

#[test]
fn claims_need_no_key() {
    let claims = unverified(&sign(b"k", "s", "17", b"aGk=")).unwrap();
    assert_eq!((claims.signed_at, claims.payload.as_slice()), (Some(17), &b"hi"[..]));
    assert_eq!(format!("{claims:?}"), "Unverified { signed_at: Some(17), payload: 2 bytes }");
    assert_eq!(unverified(&sign(b"k", "s", "x", b"aGk=")).unwrap().signed_at, None);
    assert!(matches!(unverified("?"), Err(Error::NotBase64 { .. })));
}

#[test]
fn errors_know_where_they_were_made_and_debug_hides_the_content() {
    let error = codec("raw:k").decode("s", "?", at(1)).unwrap_err();
    assert!(error.place().to_string().starts_with("src/securecookie/envelope.rs:"));
    assert!(!error.is_configuration());
    let none: [&str; 0] = [];
    assert!(codec("raw:k").decode_any(&none, "?", at(1)).unwrap_err().is_configuration());
    assert!(Keyring::parse("").unwrap_err().is_configuration());
    let opened = codec("raw:k").max_age(None).decode("s", &sign(b"k", "s", "1", b"c2VjcmV0"), at(1)).unwrap();
    assert_eq!(opened.plaintext, b"secret");
    let shown = format!("{opened:?} {:?}", codec("raw:topsecret"));
    assert!(!shown.contains("secret") && !shown.contains("115"), "{shown}");
}
