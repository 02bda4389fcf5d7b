//! Values that verify and then do not decode: exit 4, and what helps, for `session decode`, `session show` and
//! `cookie decode`.
//!
//! What verifies a value is its MAC, and no more. Once that is right, a holder of the key wrote the value as it is, and
//! neither another key nor another name is the way out; so whatever fails after it is data that is not as expected, down to
//! a payload that is no base64. A value that is merely too old decodes, and the answer to it is no.

use tempfile::TempDir;

use crate::support::Database;
use crate::support::command::{self, Run};
use crate::support::vectors::{Vector, gob_of, sign, sign_parts};

crate::cases! {
    Beside: [
        what_verifies_and_does_not_decode_is_4_with_what_helps,
        rows_that_verify_and_do_not_decode_are_4,
        what_verifies_is_never_shown_as_unverified,
    ],
}

const HASH: &[u8] = b"planted-hash-key-of-these-tests!";
const SIGNS: &str = "raw:planted-hash-key-of-these-tests!";
const ENCRYPTS: &str = "raw:planted-hash-key-of-these-tests!,raw:planted-block-k1";
/// A session without values, as Go writes it.
const VALUES: &[u8] = b"\x0e\xff\x81\x04\x01\x02\xff\x82\x00\x01\x10\x01\x10\x00\x00\x04\xff\x82\x00\x00";
const OPAQUE: &[u8] = b"\x8f\x91\x00 as many bytes as a ciphertext has";

struct Case {
    name: &'static str,
    keys: &'static str,
    value: String,
    /// The last cause of the error, and what the hint has to name.
    cause: &'static str,
    noticed: &'static str,
    hint: &'static str,
}

/// Every way to fail after the MAC, for a row's data and for a cookie alike.
fn broken() -> Vec<Case> {
    let case = |name, keys, value, cause, noticed, hint| Case { name, keys, value, cause, noticed, hint };
    let fresh = |plain: &[u8]| sign(HASH, "s", 60, plain);
    let date = |date: &str| sign_parts(HASH, "s", date, "AAAA");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock past 1970").as_secs();
    let payload = |payload: &str| sign_parts(HASH, "s", &now.to_string(), payload);
    let foreign = "gorilla's securecookie writes no such value";
    vec![
        case("no base64", SIGNS, payload("not base64"), "its payload is not base64", foreign, "which program"),
        case("unpadded", SIGNS, payload("BQwAAmhpaA"), "its payload is not base64", foreign, "which program"),
        case("no base64, AES", ENCRYPTS, payload("?"), "its payload is not base64", foreign, "which program"),
        case("no date", SIGNS, date("soon"), "its date is no number", foreign, "which program"),
        case("short, AES", ENCRYPTS, fresh(b"\x8f\x91\x00"), "not decryptable: 3 bytes", foreign, "which program"),
        case("an id, AES", ENCRYPTS, fresh(&gob_of("id")), "not decryptable: 6 bytes", "it is not encrypted", "alone"),
        case("not encrypted, AES", ENCRYPTS, fresh(VALUES), "", "it is not encrypted", "append a pair of the hash key"),
        case("opaque, AES", ENCRYPTS, fresh(OPAQUE), "", "its block key is not the writer's", "block key of pair 1"),
        case("opaque", SIGNS, fresh(OPAQUE), "", "key 1 has no block key", "as `HASH,BLOCK`"),
        case("JSON", SIGNS, fresh(b"{\"user_id\":1}\n"), "", "it holds JSON", "reads gobs"),
        case("text", SIGNS, fresh(b"user_id=1; admin"), "", "it holds text", "reads gobs"),
        case("short", SIGNS, fresh(b"\x8f\x91\x00"), "", foreign, "which program"),
    ]
}

fn decode(args: &[&str], keys: &str) -> Run {
    let folder = TempDir::new().expect("a folder for the test");
    let (line, mut command) = command::command(folder.path(), args);
    command.env("CSQLSTORE_KEYS", keys);
    command::run((line, command))
}

async fn what_verifies_and_does_not_decode_is_4_with_what_helps() {
    for Case { name, keys, value, cause, noticed, hint } in broken() {
        for verb in [&["session", "decode"][..], &["cookie", "decode", "--offline"]] {
            let args = [verb, &["--name", "s", &value]].concat();
            let run = decode(&args, keys).exits(4);
            assert_eq!(run.stdout, "", "{name}");
            assert!(run.stderr.starts_with("error: the value verifies"), "{name}: {run:?}");
            assert!(run.stderr.contains(cause) && run.stderr.contains(noticed), "{name}: {run:?}");
            assert!(run.stderr.contains("with `s`: the MAC is right, and "), "{name}: {run:?}");
            let hints: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("hint:")).collect();
            assert!(hints.len() == 1 && hints[0].contains(hint), "{name}: {run:?}");
            // What is wrong did not happen on the way, nor to the name.
            assert!(!hints[0].contains("copied") && !hints[0].contains("--name"), "{name}: {run:?}");
            assert!(!run.stderr.contains(&value) && !run.stderr.contains("planted"), "{name}: {run:?}");
            let error = decode(&[&["--format", "json"], &args[..]].concat(), keys).exits(4).json_error();
            assert_eq!(error["class"], "data", "{name}: {error}");
            assert!(error["hint"].as_str().is_some_and(|text| text.contains(hint)), "{name}: {error}");
        }
    }
    // The same value under another name or key does not verify, and that is another answer.
    let value = sign_parts(HASH, "s", "1", "not base64");
    for (keys, name) in [(SIGNS, "t"), ("raw:other", "s")] {
        let run = decode(&["session", "decode", "--name", name, &value], keys).exits(1);
        assert!(run.stderr.starts_with("error: the value does not verify"), "{run:?}");
    }
    // One that is too old is looked at no further.
    let run = decode(&["session", "decode", "--name", "s", &value], SIGNS).exits(1);
    assert!(run.stderr.contains("older than the codec's max age"), "{run:?}");
    decode(&["session", "decode", "--name", "s", "--max-age", "0", &value], SIGNS).exits(4);
}

async fn rows_that_verify_and_do_not_decode_are_4() {
    let db = Database::documented().await;
    for (at, Case { name, keys, value, cause, hint, .. }) in broken().into_iter().enumerate() {
        let id = format!("row-{at}");
        db.row(&id, &value, 3600).await;
        let (line, mut command) = db.command(&["session", "show", "--name", "s", &id]);
        command.env("CSQLSTORE_KEYS", keys);
        let run = command::run((line, command)).exits(4);
        assert!(run.stdout.contains("Its values cannot be read."), "{name}: {run:?}");
        assert!(run.stderr.contains(cause) && run.stderr.contains(hint), "{name}: {run:?}");
    }
}

async fn what_verifies_is_never_shown_as_unverified() {
    for Case { name, keys, value, .. } in broken() {
        for verb in [&["session", "decode"][..], &["cookie", "decode"]] {
            let run = decode(&[verb, &["--unverified", "--name", "s", &value]].concat(), keys).exits(4);
            assert_eq!(run.stdout, "", "{name}");
        }
    }
    let vector = Vector::of("user");
    let run = decode(&["session", "decode", "--unverified", "--name", "s", vector.data()], SIGNS).exits(1);
    assert!(run.stdout.lines().all(|line| line.starts_with("not verified:")), "{run:?}");
}
