//! Decoding n bytes allocates at most 64 · n bytes and 64 KiB, whatever the bytes are.
//!
//! What is counted is everything that is ever asked of the allocator, given back or not, so the peak is below it.

#![expect(clippy::unwrap_used, reason = "what does not hold in a test ends the test")]

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use csqlstore::gob;
use csqlstore::securecookie::{Codec, KeyPair, Keyring};
use csqlstore::session::{Id, Values, open_data, open_id, seal_id};

#[path = "interop/mutate.rs"]
mod mutate;

use mutate::{Numbers, damage};

/// Returns how many bytes are allocated for a gob, and whether it decodes.
fn allocated(bytes: &[u8]) -> (usize, bool) {
    let mut reads = false;
    let info = allocation_counter::measure(|| reads = gob::decode(bytes).is_ok());
    (usize::try_from(info.bytes_total).unwrap(), reads)
}

fn limit(bytes: &[u8]) -> usize {
    64 * bytes.len() + 64 * 1024
}

#[track_caller]
fn assert_within(what: &str, bytes: &[u8]) -> bool {
    let (allocated, reads) = allocated(bytes);
    assert!(allocated <= limit(bytes), "{what}: {allocated} bytes were allocated for {} bytes", bytes.len());
    let info = allocation_counter::measure(|| drop(Values::decode(bytes)));
    let allocated = usize::try_from(info.bytes_total).unwrap();
    assert!(allocated <= limit(bytes), "{what}: {allocated} bytes were allocated for {} bytes of values", bytes.len());
    reads
}

fn vectors() -> Vec<Vec<u8>> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/testdata/sessions.jsonl")).unwrap();
    let gob = |line: &str| {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        STANDARD.decode(json["gob"].as_str().unwrap()).unwrap()
    };
    text.lines().map(gob).collect()
}

#[test]
fn allocations_are_counted() {
    let info = allocation_counter::measure(|| drop(vec![0_u8; 1000]));
    assert_eq!((info.bytes_total, info.count_total), (1000, 1));
}

#[test]
fn what_go_wrote_is_within_the_limit() {
    for gob in vectors() {
        assert!(assert_within("a vector", &gob));
    }
}

#[test]
fn damaged_gobs_are_within_the_limit() {
    let gobs = vectors();
    let mut numbers = Numbers::new(0x00a1_10c8);
    for _ in 0..120 {
        for gob in &gobs {
            let other = &gobs[numbers.below(gobs.len())];
            assert_within("damage", &damage(gob, other, &mut numbers));
        }
    }
}

// Gobs from their parts, as the package documentation of encoding/gob has them.

fn uint(value: usize) -> Vec<u8> {
    if value < 128 {
        return vec![u8::try_from(value).unwrap()];
    }
    let bytes = value.to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let mut out = vec![u8::try_from(256 - (8 - zeros)).unwrap()];
    out.extend(&bytes[zeros..]);
    out
}

fn int(value: i32) -> Vec<u8> {
    let bits = usize::try_from(value.unsigned_abs()).unwrap();
    uint(if value < 0 { (bits - 1) << 1 | 1 } else { bits << 1 })
}

fn message(parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [uint(body.len()), body].concat()
}

fn slice(id: i32, elem: i32) -> Vec<u8> {
    message(&[&int(-id), b"\x02\x02", &int(elem), b"\0\0"])
}

fn array(id: i32, elem: i32, length: i32) -> Vec<u8> {
    message(&[&int(-id), b"\x01\x02", &int(elem), b"\x01", &int(length), b"\0\0"])
}

fn map(id: i32, key: i32, elem: i32) -> Vec<u8> {
    message(&[&int(-id), b"\x04\x02", &int(key), b"\x01", &int(elem), b"\0\0"])
}

/// `type T struct { … }` with so many nameless fields of a type.
fn structure(id: i32, fields: usize, of: i32) -> Vec<u8> {
    let field = [b"\x02", &int(of)[..], b"\0"].concat();
    message(&[&int(-id), b"\x03\x02", &uint(fields), &field.repeat(fields), b"\0\0"])
}

fn value(id: i32, parts: &[&[u8]]) -> Vec<u8> {
    message(&[&int(id), &parts.concat()])
}

/// Gobs that decode, and make the most of every byte.
fn dense() -> Vec<(&'static str, Vec<u8>)> {
    let n = 100_000;
    let list = |step: &[u8]| [b"\0", &uint(n)[..], &step.repeat(n)].concat();
    let types = |count: i32| (66..66 + count).flat_map(|id| slice(id, id + 1)).collect::<Vec<u8>>();
    let wide = |count: i32| (66..66 + count).flat_map(|id| structure(id, 100, 2)).collect::<Vec<u8>>();
    vec![
        ("bools", [slice(65, 1), value(65, &[&list(b"\x01")])].concat()),
        ("empty strings", [slice(65, 6), value(65, &[&list(b"\0")])].concat()),
        ("empty byte slices", [slice(65, 5), value(65, &[&list(b"\0")])].concat()),
        ("empty slices", [slice(65, 2), slice(66, 65), value(66, &[&list(b"\0")])].concat()),
        ("slices of one", [slice(65, 1), slice(66, 65), value(66, &[&list(b"\x01\x01")])].concat()),
        ("nils", [slice(65, 8), value(65, &[&list(b"\0")])].concat()),
        ("a map", [map(65, 1, 1), value(65, &[&list(b"\0\0")])].concat()),
        ("empty maps", [map(65, 1, 1), slice(66, 65), value(66, &[&list(b"\0")])].concat()),
        ("maps of one", [map(65, 1, 1), slice(66, 65), value(66, &[&list(b"\x01\0\0")])].concat()),
        ("an array", [array(65, 1, 100_000), value(65, &[&list(b"\0")])].concat()),
        ("empty structs", [structure(65, 1, 1), slice(66, 65), value(66, &[&list(b"\0")])].concat()),
        ("structs of one field", [structure(65, 1, 1), slice(66, 65), value(66, &[&list(b"\x01\x01\0")])].concat()),
        ("a struct of many fields", [structure(65, n, 1), value(65, &[&b"\x01\x01".repeat(n)])].concat()),
        ("interfaces", [slice(65, 8), value(65, &[&list(b"\x01i\x02\x02\0\x01")])].concat()),
        ("a session", [map(65, 8, 8), value(65, &[&list(b"\x01i\x02\x02\0\x01\x01i\x02\x02\0\x01")])].concat()),
        ("types that nothing is of", [types(1000), slice(65, 1), value(65, &[b"\0\0"])].concat()),
        ("structs that nothing is", [wide(1000), slice(65, 1), value(65, &[b"\0\0"])].concat()),
        ("empty types", [(66..1066).flat_map(|id| structure(id, 0, 2)).collect(), value(66, &[b"\0"])].concat()),
        ("one long text", value(6, &[b"\0", &uint(n), &vec![b'x'; n]])),
    ]
}

/// Gobs that claim more than they have.
fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let huge = [usize::MAX, usize::MAX / 2 + 1, 1 << 40, i32::MAX.unsigned_abs() as usize, 1 << 20];
    let mut bombs: Vec<(&str, Vec<u8>)> = Vec::new();
    for count in huge {
        let count = uint(count);
        bombs.push(("a slice", [slice(65, 1), value(65, &[b"\0", &count, b"\x01"])].concat()));
        bombs.push(("a map", [map(65, 8, 8), value(65, &[b"\0", &count, b"\0\0"])].concat()));
        bombs.push(("an array", [array(65, 1, i32::MAX), value(65, &[b"\0", &count, b"\x01"])].concat()));
        bombs.push(("nothing, often", [structure(65, 0, 2), slice(66, 65), value(66, &[b"\0", &count])].concat()));
        bombs.push(("a text", value(6, &[b"\0", &count, b"x"])));
        bombs.push(("bytes", value(5, &[b"\0", &count, b"x"])));
        bombs.push(("a name", value(8, &[b"\0", &count, b"x"])));
        bombs.push(("fields of a type", message(&[&int(-65), b"\x03\x02", &count, b"\x02\x02\0\0\0"])));
        bombs.push(("the name of a type", message(&[&int(-65), b"\x02\x01\x01", &count, b"x"])));
        bombs.push(("a message", [count.clone(), b"\x0c\0\x01x".to_vec()].concat()));
    }
    // Each of many levels claims all that follows.
    let mut levels: Vec<u8> = (65..165).flat_map(|id| slice(id, id + 1)).collect();
    levels.extend(slice(165, 1));
    levels.extend(value(65, &[b"\0", &uint(4000).repeat(3000)]));
    bombs.push(("levels", levels));
    let field = [slice(65, 65), value(65, &[b"\0", &b"\x01".repeat(100_000)])].concat();
    bombs.push(("nesting", field));
    bombs.push(("interfaces in interfaces", value(8, &[b"\0", &b"\x01i\x10\x01\0".repeat(100_000)])));
    bombs.push(("types", (65..20_000).flat_map(|id| slice(id, id + 1)).collect()));
    bombs
}

#[test]
fn gobs_that_make_the_most_of_every_byte_are_within_the_limit() {
    for (what, gob) in dense() {
        assert!(assert_within(what, &gob), "{what} does not decode: {:?}", gob::decode(&gob));
    }
}

#[test]
fn gobs_that_claim_more_than_they_have_are_within_the_limit() {
    for (what, gob) in bombs() {
        assert!(!assert_within(what, &gob), "{what} decodes");
    }
}

/// A session of one value, of the type defined as `id`.
fn session(types: &[Vec<u8>], id: i32, value: &[&[u8]]) -> Vec<u8> {
    let head: &[u8] = b"\0\x01\x06string\x0c\x03\0\x01k\x01i";
    let body = [head, &int(id), b"\x01", &value.concat()].concat();
    [map(64, 8, 8), types.concat(), message(&[&int(64), &body])].concat()
}

/// A struct type whose name and whose only field's name are as long as they may be.
fn long_names(id: i32, of: i32) -> Vec<u8> {
    let name = [&uint(1024)[..], &[b'N'; 1024]].concat();
    message(&[&int(-id), b"\x03\x01\x01", &name, b"\0\x01\x01\x01", &name, b"\x01", &int(of), b"\0\0\0"])
}

/// A slice type with a long name.
fn long_name(id: i32, elem: i32) -> Vec<u8> {
    message(&[&int(-id), b"\x02\x01\x01", &uint(1024), &[b'N'; 1024], b"\0\x01", &int(elem), b"\0\0"])
}

/// Sessions of which more is shown than they hold: a name stands once, and with each value of its type.
fn shown() -> Vec<(&'static str, Vec<u8>)> {
    let n = 8_000;
    let list = |body: &[u8]| [&uint(n)[..], &body.repeat(n)].concat();
    // `map[map[…]…]map[…]…`, which doubles with each level.
    let maps: Vec<u8> = (66..100).flat_map(|id| map(id, id + 1, id + 1)).chain(slice(100, 2)).collect();
    vec![
        ("bools", session(&[slice(65, 1)], 65, &[b"\0", &list(b"\x01")])),
        ("nils", session(&[slice(65, 8)], 65, &[b"\0", &list(b"\0")])),
        ("text", session(&[slice(65, 6)], 65, &[b"\0", &list(b"\x03abc")])),
        ("bytes", session(&[slice(65, 5)], 65, &[b"\0", &list(b"\x03abc")])),
        ("one long text", session(&[], 6, &[b"\0", &uint(n), &vec![b'x'; n]])),
        ("control characters", session(&[], 6, &[b"\0", &uint(n), &vec![1; n]])),
        ("structs with long names", session(&[long_names(65, 2), slice(66, 65)], 66, &[b"\0", &list(b"\x01\x02\0")])),
        ("empty structs", session(&[long_names(65, 2), slice(66, 65)], 66, &[b"\0", &list(b"\0")])),
        ("lists with a long name", session(&[long_name(65, 2), slice(66, 65)], 66, &[b"\0", &list(b"\0")])),
        ("lists without a name", session(&[maps, slice(65, 66)], 65, &[b"\0", &list(b"\0")])),
        ("keys of text", session(&[map(65, 6, 1)], 65, &[b"\0", &list(b"\x01k\x01")])),
        ("keys of numbers", session(&[map(65, 2, 1)], 65, &[b"\0", &list(b"\x02\x01")])),
        ("structs as keys", session(&[long_names(65, 2), map(66, 65, 1)], 66, &[b"\0", &list(b"\x01\x02\0\x01")])),
        ("a map in a map", session(&[map(65, 2, 66), map(66, 2, 1)], 65, &[b"\0", &list(b"\x02\x01\x02\x01")])),
    ]
}

/// Returns the most memory that `work` holds at a time.
fn held(work: impl FnOnce()) -> usize {
    usize::try_from(allocation_counter::measure(work).bytes_max).unwrap()
}

#[test]
fn showing_a_session_takes_no_more_memory_than_decoding_it() {
    let sessions = shown().into_iter().chain(vectors().into_iter().map(|gob| ("a vector", gob)));
    for (what, gob) in sessions {
        let values = Values::decode(&gob).unwrap_or_else(|error| panic!("{what}: {error:?}"));
        let json = held(|| serde_json::to_writer(std::io::sink(), &values.to_json()).unwrap());
        let display = held(|| write!(Sink, "{}", values.to_json()).unwrap());
        let lines = held(|| values.lines().iter().for_each(|line| write!(Sink, "{line}").unwrap()));
        for (form, held) in [("JSON", json), ("text", display), ("lines", lines)] {
            assert!(held <= limit(&gob), "{what} as {form}: {held} bytes are held for {} bytes", gob.len());
        }
    }
}

/// Takes text, and keeps none.
struct Sink;

impl std::fmt::Write for Sink {
    fn write_str(&mut self, _: &str) -> std::fmt::Result {
        Ok(())
    }
}

/// The sessions of the benchmarks, which Go decodes in 308 and 808 allocations.
#[test]
fn a_session_takes_few_allocations() {
    for (at, most) in [(0, 6), (2, 30)] {
        let line = include_str!("../benches/samples.jsonl").lines().nth(at).unwrap();
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let key = STANDARD.decode(json["hash_key"].as_str().unwrap()).unwrap();
        let keyring = Keyring::new(vec![KeyPair::new(key, None).unwrap()]).unwrap();
        let codec = Codec::new(keyring).max_age(None);
        let (name, data) = (json["name"].as_str().unwrap(), json["data"].as_str().unwrap());
        let now = jiff::Timestamp::now();
        let info = allocation_counter::measure(|| drop(open_data(&codec, &[name], data, now).unwrap()));
        println!("{}: {} allocations", json["case"], info.count_total);
        assert!(info.count_total <= most, "{}: {} allocations", json["case"], info.count_total);
    }
}

/// What is returned is all that a cookie costs: its name and its id where it is opened, its text where it is sealed.
#[test]
fn a_cookie_takes_no_allocation_but_its_own() {
    let pairs = [None, Some(vec![7; 32])].map(|block| KeyPair::new(b"a hash key".to_vec(), block).unwrap());
    let now = jiff::Timestamp::now();
    let id = Id::generate(now).unwrap();
    for pair in pairs {
        let codec = Codec::gorilla(Keyring::new(vec![pair]).unwrap());
        // What is made once, at the first use, is not counted.
        seal_id(&codec, "session-key", &id, now).unwrap();
        let mut cookie = String::new();
        let sealing = allocation_counter::measure(|| cookie = seal_id(&codec, "session-key", &id, now).unwrap());
        let length = u64::try_from(cookie.len()).unwrap();
        assert_eq!((sealing.count_total, sealing.bytes_total), (1, length), "sealing");
        let opening = allocation_counter::measure(|| drop(open_id(&codec, &["session-key"], &cookie, now).unwrap()));
        let length = u64::try_from("session-key".len() + id.as_str().len()).unwrap();
        assert_eq!((opening.count_total, opening.bytes_total), (2, length), "opening");
        let refusing = allocation_counter::measure(|| {
            // One name, copied for the error.
            drop(open_id(&codec, &["another"], &cookie, now).unwrap_err());
        });
        assert_eq!(refusing.count_total, 2, "refusing: a list of one name");
    }
}
