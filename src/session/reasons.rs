//! Every reason why a value does not open, on values signed here.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

use super::{
    Content, Diagnosis, Error, Note, Outcome, claims, cookie_claims, diagnose_cookie, diagnose_data, open_data,
};
use crate::securecookie::{Codec, Keyring};

const NOW: i64 = 1_800_000_000;
const DAY: i64 = 86_400;

/// The gob of the string `id`.
const ID: &[u8] = b"\x05\x0c\x00\x02id";
/// The gob of session values without any.
const VALUES: &[u8] = b"\x0e\xff\x81\x04\x01\x02\xff\x82\x00\x01\x10\x01\x10\x00\x00\x04\xff\x82\x00\x00";

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn signed_at(key: &[u8], name: &str, date: &str, payload: &[u8]) -> String {
    let mut bytes = [date.as_bytes(), b"|", URL_SAFE.encode(payload).as_bytes()].concat();
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(&[name.as_bytes(), b"|", &bytes].concat());
    bytes.push(b'|');
    bytes.extend(mac.finalize().into_bytes());
    URL_SAFE.encode(bytes)
}

fn signed(key: &[u8], payload: &[u8]) -> String {
    signed_at(key, "s", &NOW.to_string(), payload)
}

fn codec(keyring: &str) -> Codec {
    Codec::new(Keyring::parse(keyring).unwrap())
}

/// The trials as `key name: outcome`, the notes as they read.
fn told(diagnosis: &Diagnosis) -> (Vec<String>, Vec<String>) {
    let trials = diagnosis.trials.iter().map(|trial| format!("{} {}: {}", trial.key, trial.name, trial.outcome));
    (trials.collect(), diagnosis.notes.iter().map(ToString::to_string).collect())
}

#[test]
fn each_pair_says_under_each_name_what_failed() {
    let data = signed_at(b"k", "s", &(NOW - 40 * DAY).to_string(), VALUES);
    let keys = "raw:other;raw:k;raw:third,raw:0123456789abcdef";
    let diagnosis = diagnose_data(&codec(keys), &["s", "t"], &data, now());
    let (trials, notes) = told(&diagnosis);
    let expected = [
        "1 s: the MAC is wrong",
        "2 s: the MAC is right, signed 40 days ago; the limit is 30 days",
        "3 s: the MAC is wrong",
        "1 t: the MAC is wrong",
        "2 t: the MAC is wrong",
        "3 t: the MAC is wrong",
    ];
    assert_eq!(trials, expected);
    assert!(notes.is_empty(), "{notes:?}");
    let kinds: Vec<_> = diagnosis.trials[..3].iter().map(|trial| (trial.hash_bytes, trial.block_bytes)).collect();
    assert_eq!(kinds, [(5, None), (1, None), (5, Some(16))]);
}

/// Bytes that are neither a gob nor text, long enough to have been encrypted.
const OPAQUE: &[u8] = b"\x8f\x91\x00 0123456789 ciphertext";

#[test]
fn what_fails_after_the_mac_is_told_apart() {
    use Note::{BlockKey, ForeignSigner, NotEncrypted, Text};
    let raw = |date: &str, payload: &str| {
        let mut bytes = [date.as_bytes(), b"|", payload.as_bytes()].concat();
        let mut mac = Hmac::<Sha256>::new_from_slice(b"k").unwrap();
        mac.update(&[b"s|", &bytes[..]].concat());
        bytes.push(b'|');
        bytes.extend(mac.finalize().into_bytes());
        URL_SAFE.encode(bytes)
    };
    let encrypts = "raw:k,raw:0123456789abcdef";
    let under = |keys: &str, plain: &[u8]| codec(keys).encode("s", plain, now()).unwrap();
    let no_gob = "the MAC is right, and what it holds is no gob";
    for (case, keys, data, outcome, note) in [
        ("no block key here", "raw:k", under(encrypts, VALUES), no_gob, Some(BlockKey { key: 1, encrypts: false })),
        ("opaque bytes", "raw:k", signed(b"k", OPAQUE), no_gob, Some(BlockKey { key: 1, encrypts: false })),
        (
            "another block key",
            "raw:k,raw:another block k1",
            under(encrypts, VALUES),
            no_gob,
            Some(BlockKey { key: 1, encrypts: true }),
        ),
        ("not encrypted", encrypts, signed(b"k", VALUES), no_gob, Some(NotEncrypted { key: 1 })),
        (
            "not encrypted, and short",
            encrypts,
            signed(b"k", ID),
            "the MAC is right, and 6 bytes are too few to decrypt",
            Some(NotEncrypted { key: 1 }),
        ),
        ("JSON", "raw:k", signed(b"k", b"{\"user\":1}\n"), no_gob, Some(Text { json: true })),
        ("JSON, encrypted", encrypts, under(encrypts, b"{\"user\":1}"), no_gob, Some(Text { json: true })),
        ("text", "raw:k", signed(b"k", b"user=1; x=y"), no_gob, Some(Text { json: false })),
        ("text, not encrypted", encrypts, signed(b"k", b"user=1; of some length"), no_gob, Some(Text { json: false })),
        ("too short for anything", "raw:k", signed(b"k", b"\x8f\x91\x00"), no_gob, Some(ForeignSigner { key: 1 })),
        (
            "too short to decrypt",
            encrypts,
            signed(b"k", b"\x8f\x91\x00"),
            "the MAC is right, and 3 bytes are too few to decrypt",
            Some(ForeignSigner { key: 1 }),
        ),
        (
            "no base64 within",
            "raw:k",
            raw("1", "no base64!"),
            "the MAC is right, and the payload is not base64",
            Some(ForeignSigner { key: 1 }),
        ),
        (
            "no base64 within, encrypted",
            encrypts,
            raw("1", "no base64!"),
            "the MAC is right, and the payload is not base64",
            Some(ForeignSigner { key: 1 }),
        ),
        (
            "no date",
            "raw:k",
            raw("soon", "AAAA"),
            "the MAC is right, and the date is no number",
            Some(ForeignSigner { key: 1 }),
        ),
        ("an id", "raw:k", signed(b"k", ID), "the MAC is right, and it holds string", None),
        ("as it should be", "raw:k", signed(b"k", VALUES), "it opens", None),
    ] {
        let codec = codec(keys).max_age(None);
        let diagnosis = diagnose_data(&codec, &["s"], &data, now());
        assert_eq!(told(&diagnosis).0, [format!("1 s: {outcome}")], "{case}");
        assert_eq!(diagnosis.notes, note.into_iter().collect::<Vec<_>>(), "{case}");
        // Whatever it is, it verifies.
        let error = open_data(&codec, &["s"], &data, now()).err();
        assert!(error.as_ref().is_none_or(Error::is_content), "{case}: {error:?}");
        assert_eq!(error.is_none(), outcome == "it opens", "{case}");
    }
}

#[test]
fn what_happened_on_the_way_is_told_with_whether_it_was_all() {
    // Dates that make the values end in `=`.
    let padded = |key: &[u8]| signed_at(key, "s", &format!("0{NOW}"), VALUES);
    let (good, foreign) = (padded(b"k"), padded(b"another"));
    assert!(good.ends_with('='));
    let url = |value: &str| value.replace('=', "%3D");
    for (value, part) in [
        (url(&good), "it is URL-encoded (`%3D` stands for `=`); without that, it verifies under key 1 for `s`"),
        (format!("'{good}'"), "it is wrapped in quotes or other marks; without that, it verifies"),
        (STANDARD.encode(&good), "it is encoded in base64 once more; without that, it verifies"),
        (good.trim_end_matches('=').to_owned(), "at its end are missing, or too many; without that, it verifies"),
        (format!("{} {}", &good[..20], &good[20..]), "white space stands within it; without that, it verifies"),
    ] {
        let (trials, notes) = told(&diagnose_data(&codec("raw:k"), &["s"], &value, now()));
        assert!(trials.is_empty(), "{trials:?}");
        assert!(notes[0].contains(part), "{notes:?}");
    }
    let (_, notes) = told(&diagnose_data(&codec("raw:k"), &["s"], &url(&foreign), now()));
    assert_eq!(notes[0], "it is URL-encoded (`%3D` stands for `=`)");
}

#[test]
fn a_value_that_is_cut_or_longer_says_so() {
    let value = signed(b"k", VALUES);
    let notes = |value: &str| told(&diagnose_data(&codec("raw:k"), &["s"], value, now())).1;
    assert!(notes(&value[..40])[0].starts_with("it is cut after 40 characters, before its MAC"), "{:?}", notes(&value));
    let cut = notes(&value[..value.len() - 11]);
    assert!(cut[0].contains("of the 32 bytes of its MAC are left"), "{cut:?}");
    assert!(cut[1].starts_with("it claims to be signed on 2027-01-15T08:00:00Z, 0 seconds ago"), "{cut:?}");
    let mut bytes = URL_SAFE.decode(&value).unwrap();
    bytes.extend(b"more");
    assert_eq!(notes(&URL_SAFE.encode(bytes))[0], "4 bytes too many stand behind its MAC");
    assert_eq!(notes("eyJhbGciOiJIUzI1NiJ9.e30.c2ln"), ["it is a JSON web token, which gorilla does not write"]);
    for nothing in ["", "no!", "aGVsbG8gd29ybGQ="] {
        assert_eq!(notes(nothing), [""; 0], "{nothing}");
    }
}

#[test]
fn another_name_that_fits_is_found() {
    let value = signed_at(b"k", "theirs", &NOW.to_string(), ID);
    let notes = |names: &[&str], text: &str| told(&diagnose_cookie(&codec("raw:o;raw:k"), names, text, now()));
    let expected = ["key 2 signed it for another name, `theirs`"];
    // Under its own name, which was not asked for; copied from one cookie to another; without its name.
    assert_eq!(notes(&["ours"], &format!("a=b; theirs={value}")).1, expected);
    assert_eq!(notes(&["ours"], &format!("theirs=x; ours={value}")).1, expected);
    let (trials, noted) = notes(&[], &format!("ours={value}; theirs=x"));
    assert_eq!((trials.len(), noted), (2, expected.map(str::to_owned).to_vec()));
    let documented = signed_at(b"k", "session-name", &NOW.to_string(), ID);
    assert_eq!(notes(&["ours"], &documented).1, ["key 2 signed it for another name, `session-name`"]);
}

#[test]
fn a_key_that_was_read_wrongly_is_found() {
    let value = signed(b"\xc0\xff\xee", VALUES);
    let (_, notes) = told(&diagnose_data(&codec("raw:c0ffee"), &["s"], &value, now()));
    let expected = "key 1 would verify it for `s`: the text of its hash key is hexadecimal, and the writer decodes it";
    assert_eq!(notes, [expected]);
}

#[test]
fn what_the_value_claims_is_told_as_a_claim() {
    let data = |payload: &[u8]| told(&diagnose_data(&codec("raw:k"), &["s"], &signed(b"x", payload), now())).1;
    let cookie = |payload: &[u8]| told(&diagnose_cookie(&codec("raw:k"), &["s"], &signed(b"x", payload), now())).1;
    assert!(data(ID)[0].contains("as a cookie does and a row's data does not"));
    assert!(cookie(VALUES)[0].contains("as a row's data does and a cookie does not"));
    assert!(data(b"\x8f\x91\x00ciphertext")[0].starts_with("its payload is no gob: it is encrypted"));
    assert_eq!(cookie(ID).len(), 1);
    assert_eq!(cookie(ID)[0], "it claims to be signed on 2027-01-15T08:00:00Z, 0 seconds ago, which nothing proves");
    let ahead = signed_at(b"x", "s", &(NOW + 3 * DAY).to_string(), VALUES);
    let (_, notes) = told(&diagnose_data(&codec("raw:k"), &["s"], &ahead, now()));
    assert_eq!(notes, ["it claims to be signed on 2027-01-18T08:00:00Z, in 3 days, which nothing proves"]);
}

#[test]
fn cookies_that_are_none_of_ours_are_passed_over() {
    let ours = signed(b"x", ID);
    let header = format!("Cookie: _ga=GA1.2; theme=dark; s={ours}; x=%22quoted%22");
    let none: [&str; 0] = [];
    let diagnosis = diagnose_cookie(&codec("raw:k"), &none, &header, now());
    assert_eq!(told(&diagnosis).0, ["1 s: the MAC is wrong"]);
    let many: String = (0..1000).map(|at| format!("c{at}={ours}; ")).collect();
    assert_eq!(diagnose_cookie(&codec("raw:k"), &none, &many, now()).trials.len(), 16);
}

#[test]
fn a_diagnosis_shows_no_key_and_nothing_of_what_is_protected() {
    let keys = "raw:planted-key,raw:planted-block-k1";
    let value = signed(b"planted-key", b"secret plaintext that is long enough");
    let diagnosis = diagnose_data(&codec(keys), &["s"], &value, now());
    let shown = format!("{diagnosis:?} {:?}", told(&diagnosis));
    assert!(!shown.contains("planted") && !shown.contains("plaintext"), "{shown}");
    assert!(matches!(diagnosis.trials[0].outcome, Outcome::NotGob(_)), "{shown}");
}

#[test]
fn claims_are_read_without_a_key() {
    let of = |payload: &[u8]| claims(&signed(b"any", payload)).unwrap();
    let id = of(ID);
    assert_eq!((id.signed_at, id.bytes), (Some(now()), ID.len()));
    assert!(matches!(&id.content, Content::Id(id) if id.as_str() == "id"), "{id:?}");
    assert!(matches!(of(VALUES).content, Content::Values(values) if values.is_empty()));
    assert!(matches!(of(b"\x03\x04\x00\x02").content, Content::Other(found) if found == "int"));
    assert!(matches!(of(b"ciphertext").content, Content::Unreadable(_)));
    assert_eq!(claims(&signed(b"any", ID).replace('=', "%3D")), Ok(of(ID)));
    assert!(matches!(claims("no!"), Err(Error::Refused(_))));
}

#[test]
fn the_first_cookie_of_a_name_asked_for_claims() {
    let value = signed(b"any", ID);
    let none: [&str; 0] = [];
    let header = format!("a=b; s={value}; t={value}");
    let name = |names: &[&str]| cookie_claims(names, &header).map(|claims| claims.name);
    assert_eq!(cookie_claims(&none, &header).unwrap().name.as_deref(), Some("s"));
    assert_eq!(name(&["t"]), Ok(Some("t".into())));
    assert_eq!(cookie_claims(&["x"], &value).unwrap().name, None);
    assert!(matches!(name(&["x"]), Err(Error::OtherCookies { .. })));
    assert!(matches!(name(&["a"]), Err(Error::Refused(_))));
    assert!(matches!(cookie_claims(&none, ""), Err(Error::NoCookie { .. })));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_a_diagnosis_panic(text in "\\PC*|[%0-9A-Za-z=|'\"; \r\n-]{0,80}") {
        let codec = codec("raw:k;raw:l,raw:0123456789abcdef");
        let _ = told(&diagnose_cookie(&codec, &["s"], &text, now()));
        let _ = told(&diagnose_data(&codec, &["s"], &text, now()));
        let _ = (claims(&text), cookie_claims(&["s"], &text));
    }
}
