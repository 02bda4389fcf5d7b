//! `csqlstore key generate` and `key check`.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;
use tempfile::TempDir;

use crate::cases;
use crate::support::command::{self, Run};
use crate::support::vectors::Vector;

cases! {
    Beside: [
        a_pair_is_drawn_and_nothing_else_is_printed,
        what_is_drawn_is_a_keyring_that_is_found_good,
        a_file_is_made_for_its_owner_alone_and_never_overwritten,
        lengths_that_no_key_has_are_refused,
        each_pair_is_told_by_place_and_length,
        what_is_questionable_is_1_and_shows_no_key,
        without_a_key_it_is_a_wrong_request,
        a_slip_in_the_configuration_stops_no_key_from_being_drawn,
    ],
}

fn key(folder: &TempDir, args: &[&str]) -> Run {
    command::run(command::command(folder.path(), &[&["key"], args].concat()))
}

fn check(folder: &TempDir, keys: &str, args: &[&str]) -> Run {
    let (line, mut command) = command::command(folder.path(), &[&["key", "check"], args].concat());
    command.env("CSQLSTORE_KEYS", keys);
    command::run((line, command))
}

fn write(folder: &TempDir, name: &str, text: &str, mode: u32) {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
}

async fn a_pair_is_drawn_and_nothing_else_is_printed() {
    let folder = TempDir::new().unwrap();
    let mut seen = Vec::new();
    for (args, keys, lengths) in [
        (&["generate"][..], 1, (64, None)),
        (&["generate", "--bytes", "32"], 1, (32, None)),
        (&["generate", "--block"], 2, (64, Some(32))),
        (&["generate", "--block", "16"], 2, (64, Some(16))),
        (&["generate", "--block=24", "--bytes=48", "--quiet"], 2, (48, Some(24))),
    ] {
        let run = key(&folder, args).success();
        assert_eq!((run.stderr.as_str(), run.stdout.lines().count()), ("", 1), "{args:?}");
        let line = run.stdout.strip_suffix('\n').unwrap();
        assert_eq!(line.matches("base64:").count(), keys);
        assert!(line.starts_with("base64:") && !line.contains(' '), "{args:?}");
        let answer = key(&folder, &[args, &["--format", "json"]].concat()).success().json();
        assert_eq!((&answer["hash_bytes"], &answer["block_bytes"]), (&json!(lengths.0), &json!(lengths.1)));
        seen.push(line.to_owned());
        seen.push(answer["keyring"].as_str().unwrap().to_owned());
        assert_eq!(check(&folder, line, &["--format", "json"]).success().json()["pairs"][0]["hash_bytes"], lengths.0);
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count, "one was drawn twice");
}

async fn what_is_drawn_is_a_keyring_that_is_found_good() {
    let folder = TempDir::new().unwrap();
    let lines: String = (0..3).map(|_| key(&folder, &["generate", "--block"]).success().stdout).collect();
    write(&folder, "keys", &format!("# ours\n{lines}"), 0o600);
    let run = key(&folder, &["check", "--key-file", "keys"]).success();
    assert!(run.stdout.ends_with("\nNothing questionable was found.\n"), "{run:?}");
    for line in lines.lines() {
        assert!(!run.stdout.contains(&line[7..30]), "a key is shown: {run:?}");
    }
}

async fn a_file_is_made_for_its_owner_alone_and_never_overwritten() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("keys");
    let run = key(&folder, &["generate", "--block", "--out", "keys"]).success();
    assert_eq!(run.stdout, "keys holds a new pair: a hash key of 64 bytes and a block key of 32 (AES-256)\n");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("base64:") && text.ends_with('\n') && text.lines().count() == 1);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let run = key(&folder, &["generate", "--out", "keys"]).exits(2);
    assert!(run.stderr.contains("`keys` cannot be made") && run.stderr.contains("--append FILE"), "{run:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    key(&folder, &["generate", "--out", "no/such/folder"]).exits(2);
    let answer = key(&folder, &["generate", "--out", "more", "--format", "json"]).success();
    assert!(!answer.stdout.contains("base64"), "a key is shown: {answer:?}");
    assert_eq!(answer.json(), json!({"schema_version": 1, "file": "more", "hash_bytes": 64, "block_bytes": null}));
    key(&folder, &["check", "--key-file", "keys", "--key-file", "more"]).success();
}

async fn lengths_that_no_key_has_are_refused() {
    let folder = TempDir::new().unwrap();
    for args in [&["--block", "17"][..], &["--block=0"], &["--bytes", "31"], &["--bytes", "65"], &["--bytes", "many"]] {
        let run = key(&folder, &[&["generate"], args].concat()).exits(2);
        assert_eq!(run.stdout, "", "{args:?}");
    }
}

async fn each_pair_is_told_by_place_and_length() {
    let folder = TempDir::new().unwrap();
    let (signed, encrypted) = (Vector::of("user"), Vector::of("string"));
    write(&folder, "new", &format!("# deployed today\n\n{}\n", encrypted.keys()), 0o600);
    write(&folder, "old", &signed.keys(), 0o600);
    let args = ["check", "--key-file", "new", "--key-file", "old"];
    let run = key(&folder, &args).success();
    let rows: Vec<Vec<&str>> = run.stdout.lines().take(3).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0].join(" "), "PAIR USE HASH KEY BLOCK KEY STANDS IN");
    assert_eq!(rows[1][..7].join(" "), "1 signs 32 bytes 24 bytes, AES-192");
    assert!(rows[1][7].ends_with("/new") && rows[1][8..] == ["line", "3"], "{run:?}");
    assert_eq!(rows[2][..5].join(" "), "2 verifies 100 bytes none");
    let answer = key(&folder, &[&args[..], &["--format", "json"]].concat()).success().json();
    let file = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    assert_eq!(
        answer,
        json!({"schema_version": 1, "findings": [], "pairs": [
            {"key": 1, "signs": true, "hash_bytes": 32, "block_bytes": 24, "source": file("new"), "line": 3},
            {"key": 2, "signs": false, "hash_bytes": 100, "block_bytes": null, "source": file("old"), "line": 1},
        ]})
    );
}

async fn what_is_questionable_is_1_and_shows_no_key() {
    let folder = TempDir::new().unwrap();
    let good = Vector::of("string").keys();
    let hash = good.split_once(',').unwrap().0;
    for (keys, code, found) in [
        ("raw:something-very-secret".to_owned(), 1, &["key-short", "key-published"][..]),
        ("raw:planted-words-for-the-production-site".into(), 1, &["key-words"]),
        (format!("{hash},raw:0123456789abcdef"), 1, &["key-pattern"]),
        (format!("{good}\n{good}"), 1, &["pair-repeated"]),
        (format!("{good};{hash}"), 1, &["hash-key-repeated"]),
        (format!("{};{good}", Vector::of("user").keys()), 1, &["no-longer-encrypts"]),
        ("raw:0c4e6b2a9975d3e810f7c65a24b1906e7f3dc82b5a14".into(), 0, &["key-hex-text"]),
        (good.clone(), 0, &[]),
    ] {
        let run = check(&folder, &keys, &["--format", "json"]).exits(code);
        let answer = run.json();
        let findings = answer["findings"].as_array().unwrap();
        let codes: Vec<&str> = findings.iter().map(|finding| finding["code"].as_str().unwrap()).collect();
        assert_eq!(codes, found, "{run:?}");
        for finding in findings {
            assert_eq!(finding["level"], if code == 1 { "warning" } else { "note" });
            assert_eq!(finding.as_object().unwrap().len(), 5, "{finding}");
        }
        let human = check(&folder, &keys, &["-vv"]).exits(code);
        for code in found {
            assert!(human.stdout.contains(&format!("[{code}]")), "{human:?}");
        }
        // What is there to be copied stands alone on its line, however long.
        assert!(human.stdout.lines().filter(|line| !line.starts_with("    ")).all(|line| line.chars().count() <= 80));
        for secret in keys.split([',', ';', '\n']).filter_map(|key| key.split_once(':')).map(|(_, key)| key) {
            for text in [&run.stdout, &run.stderr, &human.stdout, &human.stderr] {
                assert!(!text.contains(&secret[..12]), "a key is shown: {human:?}");
            }
        }
    }
    write(&folder, "open", &good, 0o644);
    let run = key(&folder, &["check", "--key-file", "open", "--format", "json"]).exits(1);
    assert_eq!(run.json()["findings"][0]["code"], "key-file-exposed");
}

async fn without_a_key_it_is_a_wrong_request() {
    let folder = TempDir::new().unwrap();
    let run = key(&folder, &["check"]).exits(2);
    assert!(run.stderr.contains("--key-file") && run.stdout.is_empty(), "{run:?}");
    write(&folder, "broken", "raw:a\nhex:planted-typo\n", 0o600);
    let run = key(&folder, &["check", "--key-file", "broken"]).exits(2);
    assert!(run.stderr.contains("line 2") && !run.stderr.contains("planted"), "{run:?}");
}

async fn a_slip_in_the_configuration_stops_no_key_from_being_drawn() {
    let folder = TempDir::new().unwrap();
    write(&folder, "csqlstore.toml", "no toml at all", 0o600);
    key(&folder, &["generate"]).success();
    key(&folder, &["check"]).exits(2);
}
