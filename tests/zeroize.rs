//! Keys are overwritten before their memory is given back: an allocator looks into every block that is.
//!
//! What it cannot see is the stack. There, keys are in registers and in blocks of 64 bytes that are overwritten in place;
//! what the optimizer spills is beyond any test.

#![expect(unsafe_code, reason = "only an allocator sees what is left in the memory that is given back to it")]
#![expect(clippy::unwrap_used, reason = "what does not hold in a test ends the test")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use csqlstore::securecookie::{Codec, KeyPair, Keyring};
use csqlstore::session::{self, Id, Values};
use jiff::Timestamp;
use sha2::block_api::compress256;

#[global_allocator]
static ALLOCATOR: Watching = Watching;

/// Looks for secrets in what is freed. Memory is given out zeroed, so that what is found was put there.
struct Watching;

// SAFETY: all memory comes from the system's allocator and goes back to it under the layout it was asked for; a block is
// read for the last time before that, within its length, and every byte of it has been written by `alloc_zeroed` or since.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is the same.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if WATCHING.get() {
            // SAFETY: the block is the caller's until it is given back below, and as long as its layout says.
            look(unsafe { std::slice::from_raw_parts(block, layout.size()) });
        }
        // SAFETY: the caller's promise is the same.
        unsafe { System.dealloc(block, layout) }
    }
    // `realloc` is not overridden: it then takes a new block, copies, and frees the old one here.
}

thread_local! {
    static WATCHING: Cell<bool> = const { Cell::new(false) };
    static FOUND: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
}

/// Secrets, by what they are. Each is looked for by its beginning and by its end, so that half of one counts.
static SECRETS: LazyLock<Vec<(&'static str, Vec<u8>)>> = LazyLock::new(secrets);

/// So many bytes of a secret are one that is left behind.
const PART: usize = 12;

fn look(block: &[u8]) {
    // What looking itself allocates is not looked at.
    WATCHING.set(false);
    for (name, secret) in SECRETS.iter() {
        let (beginning, end) = (&secret[..PART], &secret[secret.len() - PART..]);
        if block.windows(PART).any(|bytes| bytes == beginning || bytes == end) {
            FOUND.with_borrow_mut(|found| found.insert(name));
        }
    }
    WATCHING.set(true);
}

/// Does something, and returns which secrets were in memory that was given back while it did.
fn left_behind(work: impl FnOnce()) -> Vec<&'static str> {
    LazyLock::force(&SECRETS);
    FOUND.take();
    WATCHING.set(true);
    work();
    WATCHING.set(false);
    FOUND.take().into_iter().collect()
}

const HASH: &[u8; 40] = b"\xd1Planted hash key, of forty bytes: \xf0\x9d\x84\x9eq";
const BLOCKS: [&[u8]; 3] =
    [b"\xd2planted AES-128", b"\xd3planted key for AES-192", b"\xd4planted key, which is for AES-2"];
const LONG: &[u8; 70] = b"\xd5Planted hash key that is longer than what SHA-256 takes at a time 70\xd6";

const PASSWORD: &str = "Planted-Password_Of.The-Farm";

fn secrets() -> Vec<(&'static str, Vec<u8>)> {
    let mut secrets = vec![
        ("the hash key", HASH.to_vec()),
        ("a long hash key", LONG.to_vec()),
        ("the AES-128 key", BLOCKS[0].to_vec()),
        ("the AES-192 key", BLOCKS[1].to_vec()),
        ("the AES-256 key", BLOCKS[2].to_vec()),
        ("the hash key in hexadecimal", hex(HASH).into_bytes()),
        ("the hash key in capital hexadecimal", hex(HASH).to_uppercase().into_bytes()),
        ("the hash key in base64", STANDARD.encode(HASH).into_bytes()),
        ("the hash key in URL-safe base64", URL_SAFE.encode(HASH).into_bytes()),
    ];
    secrets.push(("a password", PASSWORD.as_bytes().to_vec()));
    for (name, pad) in [("the state of the inner hash", 0x36), ("the state of the outer hash", 0x5c)] {
        let mut block = [pad; 64];
        block.iter_mut().zip(HASH).for_each(|(byte, key)| *byte ^= key);
        let mut state = START;
        compress256(&mut state, &[block]);
        secrets.push((name, state.iter().flat_map(|word| word.to_ne_bytes()).collect()));
        secrets.push((if pad == 0x36 { "the inner block" } else { "the outer block" }, block[..40].to_vec()));
    }
    secrets
}

/// The state of SHA-256 before its first block.
const START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

/// Texts of keyrings, made before anybody watches and kept until nobody does: whoever has a text looks after it.
fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    for block in BLOCKS {
        let block = STANDARD_NO_PAD.encode(block);
        texts.push(format!("hex:{},base64:{block}", hex(HASH)));
        texts.push(format!("base64:{};raw:another;hex:{}", URL_SAFE.encode(HASH), hex(LONG).to_uppercase()));
        // So many that a list of them moves while it grows.
        texts.push(format!("# all of them\n{}", format!("hex:{},base64:{block}\n", hex(HASH)).repeat(40)));
    }
    texts
}

#[test]
fn what_is_left_behind_is_found() {
    let keys: Vec<&[u8]> = [&HASH[..], LONG].into_iter().chain(BLOCKS).collect();
    for (key, name) in keys.iter().zip(["the hash key", "a long hash key", "the AES-128 key"]) {
        assert_eq!(left_behind(|| drop(key.to_vec())), [name]);
    }
    let half = left_behind(|| drop(HASH[..20].to_vec()));
    assert_eq!(half, ["the hash key"], "what a list that grew left behind");
    assert_eq!(left_behind(|| drop(Box::new([b"x".repeat(100), HASH.to_vec()].concat()))), ["the hash key"]);
    // A list that is moved into a shared one leaves its own memory as it was.
    let moved = left_behind(|| drop(std::sync::Arc::<[[u8; 40]]>::from(vec![*HASH])));
    assert_eq!(moved, ["the hash key"]);
    assert!(left_behind(|| drop(vec![7_u8; 1000])).is_empty());
    assert!(left_behind(|| drop(zeroize::Zeroizing::new(HASH.to_vec()))).is_empty());
}

#[test]
fn a_pair_leaves_nothing_behind() {
    for block in BLOCKS.into_iter().map(Some).chain([None]) {
        for hash in [&HASH[..], LONG] {
            let left = left_behind(|| drop(KeyPair::new(hash.to_vec(), block.map(<[u8]>::to_vec)).unwrap()));
            assert_eq!(left, [""; 0], "{block:?}");
        }
    }
    // A pair that cannot be one, for its other key.
    let left = left_behind(|| drop(KeyPair::new(HASH.to_vec(), Some(HASH.to_vec())).unwrap_err()));
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_keyring_leaves_nothing_behind() {
    let texts = texts();
    for text in &texts {
        assert_eq!(left_behind(|| drop(Keyring::parse(text).unwrap())), [""; 0]);
        assert_eq!(
            left_behind(|| drop({
                let ring = Keyring::parse(text).unwrap();
                ring.clone()
            })),
            [""; 0]
        );
    }
    let pair = || KeyPair::new(HASH.to_vec(), Some(BLOCKS[2].to_vec())).unwrap();
    assert_eq!(left_behind(|| drop(Keyring::new((0..40).map(|_| pair()).collect()).unwrap())), [""; 0]);
    // One that ends in a slip.
    for slip in ["hex:abc", "nothing", "raw:a,raw:short", "base64:?"] {
        let broken: Vec<String> = texts.iter().map(|text| format!("{text}\n{slip}")).collect();
        for text in &broken {
            assert_eq!(left_behind(|| drop(Keyring::parse(text).unwrap_err())), [""; 0], "{slip}");
        }
    }
}

#[test]
fn nothing_is_left_behind_where_keys_are_used() {
    let texts = texts();
    let (names, id) = (["session-key", "another"], Id::new("2026-11-22T09:30:00.5Z12345"));
    let mut values = Values::new();
    values.insert("user", "x".repeat(600));
    for text in &texts {
        let left = left_behind(|| {
            let codec = Codec::gorilla(Keyring::parse(text).unwrap());
            let data = session::seal_data(&codec, names[0], &values, now()).unwrap();
            let cookie = session::seal_id(&codec, names[1], &id, now()).unwrap();
            assert_eq!(session::open_data(&codec, &names, &data, now()).unwrap().values, values);
            assert_eq!(session::open_cookie(&codec, &names, &cookie, now()).unwrap().id, id);
            session::open_data(&codec, &["no such name"], &data, now()).unwrap_err();
            assert!(codec.keyring().concerns().iter().all(|concern| concern.key <= 40));
            drop(format!("{codec:?}"));
        });
        assert_eq!(left, [""; 0], "{}", text.len());
        // Why a value does not open: every pair, and every other way in which its keys could be read.
        let foreign = Codec::new(Keyring::parse("raw:the key of somebody else").unwrap());
        let value = session::seal_id(&foreign, names[0], &id, now()).unwrap();
        let left = left_behind(|| {
            let codec = Codec::new(Keyring::parse(text).unwrap());
            let diagnosis = session::diagnose_cookie(&codec, &names, &value, now());
            assert!(!diagnosis.trials.is_empty());
            assert_eq!(codec.misread_key(&names, &value), None);
        });
        assert_eq!(left, [""; 0], "{}", text.len());
    }
}

#[cfg(feature = "mysql")]
#[test]
fn a_dsn_leaves_no_password_behind() {
    use csqlstore::cluster::dsn::{Dsn, NamedDsn, Secret};

    let go = format!("n1=app:{PASSWORD}@tcp(h:1)/db?timeout=5s");
    let encoded: String = PASSWORD.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let url = format!("n1=mysql://app:{encoded}@h:1/db?ssl-mode=REQUIRED");
    let plain = format!("n1=mysql://app:{PASSWORD}@h:1/db?ssl-mode=REQUIRED");
    for text in [&go, &url, &plain] {
        let left = left_behind(|| {
            let named = NamedDsn::parse(text).unwrap();
            assert_eq!(named.dsn.password.as_ref().map(Secret::expose), Some(PASSWORD));
            drop(format!("{named:?} {}", named.dsn));
            drop(named.dsn.expose_url());
            drop(Dsn::parse(&text["n1=".len()..]).unwrap());
        });
        assert_eq!(left, [""; 0], "{text}");
    }
    assert_eq!(left_behind(|| drop(Secret::new(PASSWORD).clone())), [""; 0]);
}
