//! Findings about the keys that the doctor is given, each provoked and mended.

use crate::doctor_rows::keys_of;
use crate::support::Database;
use crate::support::doctor::{findings, look, mends_with, run_fix, until_found, until_gone};
use crate::support::vectors::Vector;

crate::cases! {
    Beside: [
        key_file_exposed,
        key_short,
        key_published,
        key_pattern,
        key_words,
        key_hex_text,
        pair_repeated,
        pairs_that_are_repeated_go_at_once,
        hash_key_repeated,
        block_key_signs,
        no_longer_encrypts,
        a_pair_that_is_put_first_comes_before_all_others,
        keys_are_told_with_everything_else,
    ],
}

const FILE: &[&str] = &["--key-file", "keys"];

/// A database, and a file of keys with this in it.
async fn with_keys(keys: &str) -> Database {
    let db = Database::migrated().await;
    keys_of(&db, "keys", keys);
    db
}

fn lines(db: &Database) -> Vec<String> {
    let text = std::fs::read_to_string(db.folder.path().join("keys")).expect("the keys");
    text.lines().map(str::to_owned).collect()
}

/// Provokes a code by a keyring, does what its fix says, and sees that it is gone.
async fn edited(code: &str, keys: &str) -> Database {
    let db = with_keys(keys).await;
    mends_with(&db, code, FILE, &[]).await;
    db
}

/// The same where a pair has to be replaced, which takes three commands: all of them are run as they are told.
async fn replaced(code: &str, keys: &str) {
    let db = with_keys(keys).await;
    let before = lines(&db);
    let mut found = until_found(&db, code, FILE).await;
    // Of two findings about one pair the first has the fix of both.
    if found["fix"].is_null() {
        let all = findings(&db.csqlstore(&[&["doctor", "--format", "json"], FILE].concat()).json());
        found["fix"] =
            all.iter().find(|of| of["fix"].as_str().is_some_and(|fix| fix.contains("--append"))).expect("a fix")["fix"]
                .clone();
    }
    run_fix(&db, &found, &[]).await;
    until_gone(&db, code, FILE).await;
    // One pair is new and signs, one is gone, and the others are as they were.
    let after = lines(&db);
    assert!(after.len() == before.len() && !before.contains(&after[0]), "{found}");
    assert!(after[1..].iter().all(|line| before.contains(line)), "{found}");
}

fn good() -> String {
    Vector::of("string").keys()
}

fn hash() -> String {
    good().split_once(',').expect("a pair").0.to_owned()
}

async fn key_file_exposed() {
    use std::os::unix::fs::PermissionsExt as _;
    let db = with_keys(&good()).await;
    let path = db.folder.path().join("keys");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("our own file");
    mends_with(&db, "key-file-exposed", FILE, &[]).await;
    assert_eq!(std::fs::metadata(&path).expect("the keys").permissions().mode() & 0o777, 0o640);
}

async fn key_short() {
    replaced("key-short", "raw:0Zk+3q/9sTb1xW7v").await;
}

async fn key_published() {
    replaced("key-published", &format!("{}\nraw:something-very-secret", good())).await;
}

async fn key_pattern() {
    replaced("key-pattern", &format!("{},raw:0123456789abcdef", hash())).await;
}

async fn key_words() {
    replaced("key-words", "raw:planted-words-for-the-production-site").await;
}

async fn key_hex_text() {
    let digits = "0c4e6b2a9975d3e810f7c65a24b1906e7f3dc82b5a14d09e63b8f1c7725ae4d6";
    let db = edited("key-hex-text", &format!("{}\nraw:{digits}", good())).await;
    assert_eq!(lines(&db), [good(), format!("hex:{digits}")]);
    let db = edited("key-hex-text", &format!("{},raw:{}", hash(), &digits[..32])).await;
    assert_eq!(lines(&db), [format!("{},hex:{}", hash(), &digits[..32])]);
}

async fn pair_repeated() {
    let db = edited("pair-repeated", &format!("# the old one\n{0}\n{0}", good())).await;
    assert_eq!(lines(&db), ["# the old one".to_owned(), good()]);
}

async fn pairs_that_are_repeated_go_at_once() {
    let other = Vector::of("user").keys();
    let db = with_keys(&format!("{0}\n{0}\n{0}\n{other}", good())).await;
    let found = findings(&look(&db, "pair-repeated", FILE).json());
    assert_eq!(found.len(), 2, "{found:?}");
    for finding in found.iter().filter(|finding| !finding["fix"].is_null()) {
        run_fix(&db, finding, &[]).await;
    }
    until_gone(&db, "pair-repeated", FILE).await;
    assert_eq!(lines(&db), [good(), other]);
}

async fn hash_key_repeated() {
    replaced("hash-key-repeated", &format!("{}\n{}", good(), hash())).await;
}

async fn block_key_signs() {
    let key = hash();
    replaced("block-key-signs", &format!("{}\n{key},{key}", Vector::of("user").keys())).await;
}

async fn no_longer_encrypts() {
    let signs = Vector::of("user").keys();
    let db = edited("no-longer-encrypts", &format!("{signs}\n{}", good())).await;
    assert_eq!(lines(&db), [good(), signs]);
}

async fn a_pair_that_is_put_first_comes_before_all_others() {
    let signs = Vector::of("user").keys();
    let other = "hex:7f3dc82b5a14d09e63b8f1c7725ae4d60c4e6b2a9975d3e810f7c65a24b1906e";
    let db = edited("no-longer-encrypts", &format!("# ours\n{signs}\n{other}\n# new\n{}\n# end", good())).await;
    assert_eq!(lines(&db), ["# ours".to_owned(), good(), signs, other.to_owned(), "# new".into(), "# end".into()]);
}

async fn keys_are_told_with_everything_else() {
    let db = Database::documented().await;
    keys_of(&db, "keys", "raw:something-very-secret");
    let run = db.csqlstore(&["doctor", "--format", "json", "--key-file", "keys"]).exits(4);
    let found = findings(&run.json());
    let levels: Vec<&str> = found.iter().filter_map(|finding| finding["level"].as_str()).collect();
    assert!(
        levels.is_sorted_by_key(|level| ["error", "warning", "note"].iter().position(|of| of == level)),
        "{levels:?}"
    );
    assert!(found.iter().any(|finding| finding["code"] == "key-published" && finding["node"].is_null()), "{found:?}");
    assert!(run.stderr.contains("no session name") && !run.stdout.contains("very-secret"), "{run:?}");
}
