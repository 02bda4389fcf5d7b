//! The sessions in `tests/testdata`, which real Go wrote, and what becomes of them when they are damaged.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Error, Id, Values, open_cookie, open_data, open_id, seal_data, seal_id};
use crate::gob;
use crate::securecookie::{self, Codec, KeyPair, Keyring};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/sessions.jsonl");

/// A line of the file, read and as it is.
struct Case(Json, String);

impl Case {
    fn text(&self, field: &str) -> &str {
        self.0[field].as_str().unwrap()
    }

    fn bytes(&self, field: &str) -> Option<Vec<u8>> {
        self.0[field].as_str().map(|text| STANDARD.decode(text).unwrap())
    }

    fn pair(&self) -> KeyPair {
        KeyPair::new(self.bytes("hash_key").unwrap(), self.bytes("block_key")).unwrap()
    }

    fn codec(&self) -> Codec {
        Codec::new(Keyring::new(vec![self.pair()]).unwrap()).max_age(None)
    }

    fn name(&self) -> [&str; 1] {
        [self.text("name")]
    }

    fn gob(&self) -> Vec<u8> {
        self.bytes("gob").unwrap()
    }
}

fn cases() -> Vec<Case> {
    let text = std::fs::read_to_string(FILE).unwrap();
    let cases: Vec<Case> =
        text.lines().map(|line| Case(serde_json::from_str(line).unwrap(), line.to_owned())).collect();
    assert_eq!(cases.len(), 82);
    cases
}

fn case(name: &str) -> Case {
    cases().into_iter().find(|case| case.text("case") == name).unwrap()
}

/// serde_json reads some floats one unit in the last place off. So what it reads of both texts has to be the same, and the
/// floats in the texts, read by the standard library, to the bit.
fn assert_same(values: &Values<'_>, case: &Case) {
    let text = values.to_json().to_string();
    assert_eq!(serde_json::from_str::<Json>(&text).unwrap(), case.0["values"], "{}", case.text("case"));
    let (_, expected) = case.1.split_once("\"values\":").unwrap();
    assert_eq!(floats(&text), floats(expected), "{}", case.text("case"));
}

/// Returns the floats in a JSON text, those with a point or an exponent, in order of their bits.
fn floats(text: &str) -> Vec<u64> {
    let mut floats = Vec::new();
    let mut rest = text.replace("\\\\", "").replace("\\\"", "");
    while let Some((outside, string)) = rest.split_once('"').or((!rest.is_empty()).then_some((rest.as_str(), ""))) {
        let tokens = outside.split(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
        let tokens = tokens.filter(|token| token.contains(['.', 'e']));
        floats.extend(tokens.filter_map(|token| token.parse::<f64>().ok()).map(f64::to_bits));
        rest = string.split_once('"').map_or(String::new(), |(_, after)| after.to_owned());
    }
    floats.sort_unstable();
    floats
}

fn now() -> Timestamp {
    "2026-12-24T18:00:00Z".parse().unwrap()
}

#[test]
fn every_gob_decodes_to_its_values() {
    for case in cases() {
        let gob = case.gob();
        let values = Values::decode(&gob).unwrap_or_else(|error| panic!("{}: {error:?}", case.text("case")));
        assert_same(&values, &case);
        assert_eq!(values.clone().into_owned(), values);
    }
}

#[test]
fn every_gob_is_written_again_to_the_byte() {
    for case in cases() {
        let gob = case.gob();
        let value = gob::decode(&gob).unwrap();
        let written = gob::encode(&value).unwrap_or_else(|error| panic!("{}: {error:?}", case.text("case")));
        // Go defines the types inside of one that writes itself too (url.Userinfo in url.URL), and nothing is of them.
        let same = written == gob || case.text("case") == "opaque";
        assert!(same, "{}\n{}\n{}", case.text("case"), gob.escape_ascii(), written.escape_ascii());
        let owned = gob::decode_owned(&written, &gob::Limits::default()).unwrap();
        assert_eq!(owned, value);
    }
}

#[test]
fn every_session_is_sealed_again_under_its_keys() {
    for case in cases() {
        let values = Values::decode_owned(&case.gob()).unwrap();
        let (codec, [name]) = (case.codec(), case.name());
        let data = seal_data(&codec, name, &values, now()).unwrap();
        let opened = open_data(&codec, &[name], &data, now()).unwrap();
        assert_eq!((&opened.values, opened.age_s), (&values, 0), "{}", case.text("case"));
        let id = Id::new(case.text("id"));
        let cookie = seal_id(&codec, name, &id, now()).unwrap();
        assert_eq!(open_id(&codec, &[name], &cookie, now()).unwrap().id, id);
        // What Go wrote was signed at another time, and else is the same where no random vector is in it.
        if case.0["block_key"].is_null() {
            let old = open_data(&codec, &[name], case.text("data"), now()).unwrap();
            assert_eq!(seal_id(&codec, name, &id, old.signed_at).unwrap(), case.text("cookie"));
            assert_eq!(seal_data(&codec, name, &values, old.signed_at).unwrap(), case.text("data"));
        }
    }
}

/// Values of two programs in one session: their types have the same ids, and get others.
#[test]
fn sessions_of_two_programs_become_one() {
    for two in cases().windows(2) {
        let gobs = [two[0].gob(), two[1].gob()];
        let mut values = Values::decode(&gobs[0]).unwrap();
        for (key, value) in Values::decode(&gobs[1]).unwrap().iter() {
            values.map_mut().insert(key.clone(), value.clone());
        }
        assert_eq!(Values::decode_owned(&values.encode().unwrap()).unwrap(), values);
    }
}

#[test]
fn every_row_and_every_cookie_opens() {
    for case in cases() {
        let data = open_data(&case.codec(), &case.name(), case.text("data"), now()).unwrap();
        assert_same(&data.values, &case);
        let encrypted = case.0["block_key"].is_string();
        assert_eq!((data.name.as_str(), data.key, data.encrypted), (case.text("name"), 1, encrypted));
        let cookie = open_id(&case.codec(), &case.name(), case.text("cookie"), now()).unwrap();
        assert_eq!(cookie.id.as_str(), case.text("id"));
        assert!(cookie.id.created_at().is_some(), "{}", cookie.id);
        assert_eq!(cookie.encrypted, encrypted);
        assert_eq!(cookie.age_s, now().as_second() - cookie.signed_at.as_second());
    }
}

#[test]
fn one_encoded_value_is_equal_to_itself_and_to_no_other() {
    let gobs: Vec<Vec<u8>> = cases().iter().map(Case::gob).collect();
    for (at, gob) in gobs.iter().enumerate() {
        let value = gob::decode(gob).unwrap();
        assert_eq!(value, gob::decode(gob).unwrap(), "types of two tables, NaN included");
        for other in &gobs[at + 1..] {
            assert!(gob == other || value != gob::decode(other).unwrap());
        }
    }
}

#[test]
fn types_are_the_registered_names() {
    let types = |name: &str| Values::decode(&case(name).gob()).unwrap().types();
    assert_eq!(types("flashes"), serde_json::json!({"_flash": "[]interface {}", "custom_key": "[]interface {}"}));
    let user: Json = serde_json::json!({"user": "main.User"});
    assert_eq!(types("user"), user);
    assert_eq!(types("opaque"), serde_json::json!({"big": "*big.Int", "url": "*url.URL"}));
    let named = types("registered-name");
    assert_eq!(named["addr"], "acct.v2/Address");
    let list = types("nonstring-keys");
    assert_eq!(list, serde_json::json!(["string", "string", "string", "string", "string"]));
    assert_eq!(types("bytes"), serde_json::json!({"b": "[]uint8", "empty": "[]uint8"}));
    assert_eq!(types("ints")["i16"], "int16");
}

#[test]
fn keeps_what_writing_again_needs() {
    let gob = case("user").gob();
    let values = Values::decode(&gob).unwrap();
    let user = values.get("user").and_then(gob::Value::as_struct).unwrap();
    let ty = user.definition();
    assert_eq!(ty.name(), "User");
    let fields: Vec<String> =
        ty.fields().iter().map(|field| format!("{} {}", field.name(), ty.field_type(field))).collect();
    assert_eq!(
        fields[..6],
        ["Base Base", "Name string", "Email string", "Roles []string", "Attrs map[string]interface {}", "Addr Address"]
    );
    assert_eq!(fields.len(), 13);
    assert_eq!(user.get("Name").and_then(gob::Value::as_str), Some("Ada"));
    assert_eq!(user.get("Nothing"), None);
    let gob = case("tree").gob();
    let values = Values::decode(&gob).unwrap();
    let tree = values.get("t").and_then(gob::Value::as_struct).unwrap();
    let left = tree.definition().fields().iter().find(|field| field.name() == "Left").unwrap();
    assert_eq!(tree.definition().field_type(left), gob::Type::Defined(tree.definition().clone()));
}

#[test]
fn lines_are_in_order_and_obey_no_terminal() {
    let gob = case("nested-maps").gob();
    let lines: Vec<String> = Values::decode(&gob).unwrap().lines().iter().map(ToString::to_string).collect();
    assert_eq!(lines[0], "m  map[string]interface {}  2 values");
    assert_eq!(lines[1], "  a  int  1");
    assert!(lines.contains(&"      1  string  \"x\"".to_owned()), "{lines:#?}");
    assert!(lines.contains(&"      2  []uint8  726177 (3 bytes)".to_owned()), "{lines:#?}");
    for case in cases() {
        let gob = case.gob();
        for line in Values::decode(&gob).unwrap().lines() {
            assert!(!line.to_string().contains(char::is_control), "{line}");
            assert!(line.shown().len() < 400, "{line}");
        }
    }
}

#[test]
fn the_second_pair_opens_what_the_first_did_not_sign() {
    let (old, new) = (case("user"), case("string"));
    let keyring = Keyring::new(vec![new.pair(), old.pair()]).unwrap();
    let codec = Codec::new(keyring).max_age(None);
    let data = open_data(&codec, &["wrong", old.text("name")], old.text("data"), now()).unwrap();
    assert_eq!((data.key, data.name.as_str()), (2, old.text("name")));
}

#[test]
fn a_pair_that_verifies_and_does_not_read_leaves_the_turn_to_the_next() {
    let case = case("string");
    let signed_only = KeyPair::new(case.bytes("hash_key").unwrap(), None).unwrap();
    let other_block = KeyPair::new(case.bytes("hash_key").unwrap(), Some(vec![7; 16])).unwrap();
    let keyring = Keyring::new(vec![signed_only, other_block, case.pair()]).unwrap();
    let codec = Codec::new(keyring).max_age(None);
    let data = open_data(&codec, &case.name(), case.text("data"), now()).unwrap();
    assert_eq!((data.key, data.encrypted), (3, true));
}

#[test]
fn what_verifies_and_is_no_gob_says_so() {
    let case = case("string");
    let signed_only = KeyPair::new(case.bytes("hash_key").unwrap(), None).unwrap();
    let codec = Codec::new(Keyring::new(vec![signed_only]).unwrap()).max_age(None);
    let error = open_data(&codec, &case.name(), case.text("data"), now()).unwrap_err();
    assert!(matches!(error, Error::NotGob { key: 1, .. }), "{error:?}");
    assert!(error.is_content());
}

#[test]
fn a_cookie_is_no_row_and_a_row_no_cookie() {
    let case = case("flashes");
    let error = open_data(&case.codec(), &case.name(), case.text("cookie"), now()).unwrap_err();
    assert!(matches!(&error, Error::OtherValue { found, .. } if found == "string"), "{error:?}");
    assert!(error.is_content());
    let error = open_id(&case.codec(), &case.name(), case.text("data"), now()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the value verifies under key 1 for `session-key`, and holds map[interface {}]interface {} instead of a session id"
    );
}

#[test]
fn refusals_say_why() {
    let case = case("string");
    let refused = |codec: &Codec, names: &[&str], data: &str| match open_data(codec, names, data, now()) {
        Err(Error::Refused(error)) => error,
        other => panic!("{other:?}"),
    };
    let codec = case.codec();
    let data = case.text("data");
    let error = refused(&codec, &["a", "b"], data);
    assert_eq!(error.to_string(), "the MAC is wrong under the key and the names `a`, `b`");
    let keyring = Keyring::parse("raw:one;raw:two").unwrap();
    let error = refused(&Codec::new(keyring), &case.name(), data);
    assert_eq!(error.to_string(), "the MAC is wrong under both keys and the name `my_app_session`");
    let error = refused(&codec.clone().max_age(Some(std::time::Duration::from_secs(3 * 86_400))), &case.name(), data);
    assert!(
        error.to_string().contains("days ago by key 1 for `my_app_session`, older than the codec's max age of 3 days")
    );
    assert_eq!(error.signed_by(), Some(("my_app_session", 1)));
    let error = refused(&codec.clone().max_length(Some(10)), &case.name(), data);
    assert!(matches!(error, securecookie::Error::TooLong { max: 10, .. }));
    assert!(matches!(refused(&codec, &[], data), securecookie::Error::NoName { .. }));
    assert!(matches!(refused(&codec, &["a"], "?"), securecookie::Error::NotBase64 { .. }));
    assert!(matches!(refused(&codec, &["a"], ""), securecookie::Error::NotThreeParts { found: 1, .. }));
    assert!(matches!(refused(&codec, &["a"], "MXwy"), securecookie::Error::NotThreeParts { found: 2, .. }));
    assert!(matches!(refused(&codec, &["a"], "MXwyfA=="), securecookie::Error::MacLength { length: 0, .. }));
}

#[test]
fn opens_the_cookie_of_the_name_asked_for_in_any_wrapping() {
    let case = case("string");
    let (codec, name, value) = (case.codec(), case.text("name"), case.text("cookie"));
    for text in [
        value.to_owned(),
        format!("{name}={value}"),
        format!("Cookie: _ga=GA1.2; {name}=\"{value}\"; x=y=="),
        format!("Set-Cookie: {name}={value}; Path=/; Max-Age=2592000"),
    ] {
        let cookie = open_cookie(&codec, &["other", name], &text, now()).unwrap();
        assert_eq!((cookie.id.as_str(), cookie.name.as_str()), (case.text("id"), name), "{text}");
    }
    // Without names, the cookie's own name is the one to verify under.
    let none: [&str; 0] = [];
    assert!(open_cookie(&codec, &none, &format!("{name}={value}"), now()).is_ok());
    let error = open_cookie(&codec, &["other"], &format!("{name}={value}"), now()).unwrap_err();
    assert_eq!(error.to_string(), format!("no cookie of the name `other`; found are `{name}`"));
    assert!(matches!(open_cookie(&codec, &["other"], " ", now()), Err(Error::NoCookie { .. })));
    // The first fails its MAC, the second is merely too old, and that is what counts.
    let strict = codec.max_age(Some(std::time::Duration::from_secs(60)));
    let error = open_cookie(&strict, &[name], &format!("{name}=MXwyfA==; {name}={value}"), now()).unwrap_err();
    assert!(matches!(error, Error::Refused(securecookie::Error::Expired { .. })), "{error:?}");
}

/// A generator of numbers that are the same in every run (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap() % bound
    }
}

/// Everything that is done with values, none of which may panic.
fn use_all(gob: &[u8]) {
    if let Ok(value) = gob::decode(gob)
        && let Ok(written) = gob::encode(&value)
    {
        // Damage can leave a value that Go would not write; what is written reads the same all the same.
        assert_eq!(gob::decode(&written).unwrap(), value, "{}", gob.escape_ascii());
    }
    if let Ok(values) = Values::decode(gob) {
        let lines: Vec<String> = values.lines().iter().map(ToString::to_string).collect();
        let _ = (values.to_json().to_string(), values.types(), lines, values.into_owned());
    }
}

#[test]
fn every_cut_of_every_gob_is_an_error() {
    for case in cases() {
        let gob = case.gob();
        let step = 1 + gob.len() / 2000;
        for end in (0..gob.len()).step_by(step) {
            assert!(gob::decode(&gob[..end]).is_err(), "{} cut at {end}", case.text("case"));
        }
    }
}

#[test]
fn damaged_gobs_never_panic() {
    let mut numbers = Numbers(0x5e55_1011);
    for case in cases() {
        let gob = case.gob();
        for _ in 0..400 {
            let mut bytes = gob.clone();
            for _ in 0..=numbers.below(3) {
                let at = numbers.below(bytes.len().min(4096));
                match numbers.below(4) {
                    0 => bytes[at] ^= 1 << numbers.below(8),
                    1 => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
                    2 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, u8::try_from(numbers.below(256)).unwrap()),
                }
            }
            use_all(&bytes);
        }
    }
}

/// A session in a session in a session, as deep as gobs may nest, in the stack that the limits promise to be enough.
#[test]
fn the_deepest_session_can_be_shown() {
    let step = b"\x01\x06string\x0c\x03\x00\x01k\x01m\xff\x82\x01\x00";
    let deep = |levels: usize| {
        let body = [b"\xff\x82\x00", &step.repeat(levels)[..], b"\x00"].concat();
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        [b"\x0e\xff\x81\x04\x01\x02\xff\x82\x00\x01\x10\x01\x10\x00\x00\xfe", &length[..], &body].concat()
    };
    let work = move || {
        let gob = deep(63);
        let values = Values::decode(&gob).unwrap();
        let lines = values.lines();
        assert_eq!((lines.len(), lines[62].depth()), (63, 62));
        use_all(&gob);
        assert!(matches!(Values::decode(&deep(64)), Err(Error::Gob(gob::Error::TooDeep { .. }))));
    };
    std::thread::Builder::new().stack_size(1024 * 1024).spawn(work).unwrap().join().unwrap();
}

#[test]
fn damaged_envelopes_never_open() {
    let case = case("string");
    let data = case.text("data");
    let codec = case.codec();
    for at in 0..data.len() {
        assert!(open_data(&codec, &case.name(), &data[..at], now()).is_err());
        let mut bytes = data.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'Q' } else { b'A' };
        let damaged = String::from_utf8(bytes).unwrap();
        assert!(open_data(&codec, &case.name(), &damaged, now()).is_err(), "changed at {at}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_a_cookie_parser_panic(text in "\\PC*|[a-c=;\" \r\n:]{0,40}") {
        let _ = super::candidates(&text);
        let _ = super::Id::new(text.as_str());
        let _ = Keyring::parse(&text);
        let _ = securecookie::unverified(&text);
    }

    #[test]
    fn no_bytes_make_the_decoder_panic(bytes: Vec<u8>) {
        let _ = gob::decode(&bytes);
        let mut session = b"\x0e\xff\x81\x04\x01\x02\xff\x82\x00\x01\x10\x01\x10\x00\x00".to_vec();
        session.extend(bytes);
        use_all(&session);
    }
}
