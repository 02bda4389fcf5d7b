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
    // Signatures carry whole seconds; a limit below one is a limit all the same.
    let brief = codec.clone().max_age(Some(Duration::from_millis(500)));
    assert!(open(&brief, 1_000_000_001).is_ok());
    assert!(open(&brief, 1_000_000_002).is_err());
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
    assert!(matches!(&error, Error::Payload { name, key: 1, .. } if name == "s") && error.is_content(), "{error:?}");
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

#[test]
fn what_is_sealed_opens_and_is_what_gorilla_writes() {
    let sealed = codec("raw:k").encode("s", b"hi", at(17)).unwrap();
    assert_eq!(sealed, sign(b"k", "s", "17", b"aGk="));
    for block in ["", ",raw:0123456789abcdef", ",raw:0123456789abcdef01234567", ",raw:0123456789abcdef0123456789abcdef"]
    {
        let codec = codec(&format!("raw:key{block}"));
        for length in [1, 2, 15, 16, 17, 300] {
            let plaintext: Vec<u8> = (0..length).map(|at| u8::try_from(at % 256).unwrap()).collect();
            let sealed = codec.encode("s", &plaintext, at(1000)).unwrap();
            let opened = codec.decode("s", &sealed, at(1010)).unwrap();
            assert_eq!((opened.plaintext, opened.signed_at, opened.age_s), (plaintext, 1000, 10));
            assert_eq!(opened.encrypted, !block.is_empty());
            assert!(codec.decode("t", &sealed, at(1010)).is_err(), "another name");
        }
    }
}

/// NIST SP 800-38A, F.5.5.
#[test]
fn encrypts_under_the_vector_given_and_a_new_one_each_time() {
    let key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    };
    let iv: [u8; 16] = bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff").try_into().unwrap();
    let plaintext = bytes("6bc1bee22e409f96e93d7e117393172a");
    let codec = codec(&format!("raw:k,hex:{key}"));
    let sealed = codec.encode_with("s", &plaintext, at(5), &iv).unwrap();
    let payload = URL_SAFE.encode([&iv[..], &bytes("601ec313775789a5b7a7f504bbf3d228")].concat());
    assert_eq!(sealed, sign(b"k", "s", "5", payload.as_bytes()));
    let one = codec.encode("s", &plaintext, at(5)).unwrap();
    assert_ne!(one, codec.encode("s", &plaintext, at(5)).unwrap());
    assert_eq!(codec.decode("s", &one, at(5)).unwrap().plaintext, plaintext);
}

#[test]
fn the_first_pair_signs() {
    let rotated = codec("raw:new,raw:0123456789abcdef;raw:old");
    let sealed = rotated.encode("s", b"hi", at(5)).unwrap();
    assert_eq!(rotated.decode("s", &sealed, at(5)).unwrap().key, 1);
    assert!(codec("raw:old").decode("s", &sealed, at(5)).is_err());
    let before = codec("raw:old").encode("s", b"hi", at(5)).unwrap();
    assert_eq!(rotated.decode("s", &before, at(5)).unwrap().key, 2);
}

#[test]
fn gorillas_limits_hold_both_ways() {
    let keyring = || Keyring::parse("raw:k").unwrap();
    let (gorilla, free) = (Codec::gorilla(keyring()), Codec::new(keyring()));
    let longest = (0..4096).rev().find(|length| gorilla.encode("s", &vec![0; *length], at(5)).is_ok()).unwrap();
    let sealed = gorilla.encode("s", &vec![0; longest], at(5)).unwrap();
    assert!((4090..=4096).contains(&sealed.len()), "{}", sealed.len());
    assert!(gorilla.decode("s", &sealed, at(5)).is_ok());
    let plaintext = vec![0; longest + 3];
    let error = gorilla.encode("s", &plaintext, at(5)).unwrap_err();
    assert!(matches!(error, Error::TooLong { length: 4097.., max: 4096, .. }), "{error:?}");
    let long = free.encode("s", &plaintext, at(5)).unwrap();
    assert_eq!(free.decode("s", &long, at(5)).unwrap().plaintext, plaintext);
    assert!(matches!(gorilla.decode("s", &long, at(5)), Err(Error::TooLong { .. })));
    assert!(gorilla.max_length(Some(0)).encode("s", &plaintext, at(5)).is_ok(), "no limit, as in gorilla");
}

#[test]
fn a_bar_in_the_mac_or_the_payload_parts_nothing_else() {
    let codec = codec("raw:k").max_age(None);
    // Some of these MACs have a `|` within them, and a few begin with one.
    for date in 0..2000 {
        let sealed = codec.encode("s", b"hi", at(date)).unwrap();
        assert_eq!(codec.decode("s", &sealed, at(0)).unwrap().signed_at, date);
    }
    let error = codec.decode("s", &sign(b"k", "s", "1", b"aG|k="), at(1)).unwrap_err();
    assert!(matches!(error, Error::MacLength { length: 35, .. }), "{error:?}");
}

#[test]
fn a_pair_tells_its_lengths_and_no_key() {
    let pair = super::KeyPair::new(vec![7; 64], Some(vec![9; 32])).unwrap();
    assert_eq!((pair.hash_length(), pair.block_length()), (64, Some(32)));
    assert_eq!(format!("{pair:?}"), "KeyPair(signs, encrypts)");
}

proptest::proptest! {
    #[test]
    fn anything_sealed_opens(
        plaintext in proptest::collection::vec(proptest::prelude::any::<u8>(), 1..300),
        name in "\\PC{0,20}",
        hash in proptest::collection::vec(proptest::prelude::any::<u8>(), 1..100),
        block in proptest::option::of(proptest::sample::select(vec![16_usize, 24, 32])),
        now in 0..4_000_000_000_i64,
    ) {
        let pair = super::KeyPair::new(hash, block.map(|length| vec![5; length])).unwrap();
        let codec = Codec::new(Keyring::new(vec![pair]).unwrap());
        let opened = codec.decode(&name, &codec.encode(&name, &plaintext, at(now)).unwrap(), at(now)).unwrap();
        proptest::prop_assert_eq!(opened.plaintext, plaintext);
    }
}
