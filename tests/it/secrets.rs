//! No password and no key appears in any stream, whatever happens.

use std::os::unix::fs::PermissionsExt;

use crate::support::Database;
use crate::support::command::{self, Run};

crate::cases! {
    Beside: [
        neither_a_password_nor_a_key_is_ever_shown,
        a_dsn_that_does_not_parse_is_not_repeated,
        a_secret_in_the_wrong_place_is_not_repeated,
    ],
}

/// A key as it stands in a keyring, in every form in which it might be shown.
const KEY_HEX: &str = "706c616e7465642d686173682d6b65792d6f662d7468652d74657374732d3031";
const KEY_TEXT: &str = "planted-hash-key-of-the-tests-01";
const KEY_BASE64: &str = "cGxhbnRlZC1oYXNoLWtleS1vZi10aGUtdGVzdHMtMDE=";
const BLOCK_TEXT: &str = "planted-block-k1";
/// A value that none of these keys signed.
const HI: &str = "MTc5NTM5ODQzMnxCUXdBQW1ocHwKUcu63yLH8vgmAmDwjNFyFEdJu8Ssqmbw2Qda4l_0zQ==";

#[track_caller]
fn assert_silent(run: &Run, secrets: &[&str]) {
    for secret in secrets {
        for (stream, text) in [("standard output", &run.stdout), ("standard error", &run.stderr)] {
            assert!(!text.contains(secret), "`{}` shows a secret on {stream}:\n{text}", run.line);
        }
    }
}

async fn neither_a_password_nor_a_key_is_ever_shown() {
    let db = Database::migrated().await;
    let key_file = db.folder.path().join("keys");
    std::fs::write(&key_file, format!("hex:{KEY_HEX},raw:{BLOCK_TEXT}\n")).expect("a writable folder");
    std::fs::set_permissions(&key_file, std::fs::Permissions::from_mode(0o600)).expect("our own file");
    let secrets = [db.password.as_str(), KEY_HEX, KEY_TEXT, &KEY_BASE64[..40], BLOCK_TEXT];
    let commands: &[&[&str]] = &[
        &["migrate", "status"],
        &["migrate", "plan"],
        &["migrate", "up", "--yes"],
        &["event", "status"],
        &["event", "install", "--yes"],
        &["purge", "--dry-run"],
        &["purge", "--yes"],
        &["node", "status"],
        &["cookie", "decode", "--key-file", "keys", "--name", "session-key", "bm90IGEgY29va2ll"],
        &["session", "decode", "--key-file", "keys", "--name", "session-key", "bm90IGEgc2Vzc2lvbg=="],
        &["session", "show", "--key-file", "keys", "--name", "session-key", "2026-01-01T00:00:00Z12345"],
        &["cookie", "decode", "--unverified", "--key-file", "keys", "--name", "session-key", "bm90IGEgY29va2ll"],
        &["session", "decode", "--unverified", "--key-file", "keys", "--name", "session-key", "bm90IGEgc2Vzc2lvbg=="],
        &["cookie", "decode", "--offline", "--key-file", "keys", "--name", "session-key", HI],
        &["session", "decode", "--key-file", "keys", "--name", "session-key", HI],
        &["session", "decode", "--full", "--unverified", "--key-file", "keys", "--name", "session-key", HI],
        &["key", "check", "--key-file", "keys"],
        &["key", "check", "--key-file", "keys", "--key-file", "keys"],
        &["key", "generate", "--block"],
        &["--table", "not_there", "purge", "--dry-run"],
        &["--cluster", "not_there", "node", "status"],
    ];
    for args in commands {
        for format in ["human", "json"] {
            let run = db.csqlstore(&[&["-vv", "--format", format], *args].concat());
            assert_ne!(run.code, Some(70), "{run:?}");
            assert_silent(&run, &secrets);
        }
    }
    // Servers that refuse the account, that are not there, that do not speak; keys that do not parse.
    let port = db.dsns().split(':').nth(3).and_then(|rest| rest.split('/').next().map(str::to_owned)).expect("a port");
    let planted = "Planted0Secret0Wrong";
    for dsn in [
        format!("mysql://nobody:{planted}@127.0.0.1:{port}/nowhere"),
        format!("nobody:{planted}@tcp(127.0.0.1:1)/nowhere"),
        format!("mysql://nobody:{planted}@no-such-host.invalid/nowhere"),
        format!("nobody:{planted}@unix(/nonexistent/socket)/nowhere"),
        format!("mysql://nobody:{planted}@127.0.0.1:{port}/nowhere?ssl-mode=REQUIRED"),
    ] {
        for args in [&["node", "status"][..], &["migrate", "status"], &["purge", "--dry-run"], &["event", "status"]] {
            for format in ["human", "json"] {
                let (line, mut command) = db.command(&[&["-vv", "--format", format], args].concat());
                command.env("CSQLSTORE_NODES", &dsn);
                let run = command::run((line, command));
                assert_ne!(run.code, Some(0), "{run:?}");
                assert_ne!(run.code, Some(70), "{run:?}");
                assert_silent(&run, &[planted]);
            }
        }
    }
    for keys in
        [format!("hex:{KEY_TEXT}"), format!("raw:{KEY_TEXT},raw:short"), format!("what:{KEY_TEXT}"), KEY_TEXT.into()]
    {
        for args in [&["session", "decode", "--name", "s", "bm90IGEgc2Vzc2lvbg=="][..], &["key", "check"]] {
            for format in ["human", "json"] {
                let (line, mut command) = db.command(&[&["-vv", "--format", format], args].concat());
                command.env("CSQLSTORE_KEYS", &keys);
                let run = command::run((line, command)).exits(2);
                assert_silent(&run, &[KEY_TEXT]);
            }
        }
    }
}

async fn a_dsn_that_does_not_parse_is_not_repeated() {
    let folder = tempfile::TempDir::new().expect("a folder for the test");
    let planted = "Planted0Secret0Typo";
    for dsn in [
        format!("mysql://u:{planted}@[::1/db"),
        format!("mysql://u:{planted}@host:port/db"),
        format!("u:{planted}@tcp(host:3306/db"),
        format!("u:{planted}"),
        format!("postgres://u:{planted}@host/db"),
        format!("n1=n2=mysql://u:{planted}@host:99999/db"),
        format!("mysql://u:{planted}@host/db?tls=nowhere"),
    ] {
        for format in ["human", "json"] {
            let run = command::run(command::command(
                folder.path(),
                &["-vv", "--format", format, "--node", &dsn, "node", "status"],
            ));
            assert_eq!(run.code, Some(2), "{run:?}");
            assert_silent(&run, &[planted]);
        }
    }
}

async fn a_secret_in_the_wrong_place_is_not_repeated() {
    let folder = tempfile::TempDir::new().expect("a folder for the test");
    let planted = "Planted0Secret0Astray";
    let dsn = format!("mysql://u:{planted}@h/db");
    let go = format!("u:{planted}@tcp(h:1)/db");
    let key = format!("raw:{planted}");
    std::fs::write(folder.path().join("c.toml"), format!("key_file = \"{key}\"\n")).expect("a writable folder");
    let astray: &[&[&str]] = &[
        &["node", "status", &dsn],
        &["node", "status", &go],
        &["--cluster", &dsn, "node", "status"],
        &["--config", &dsn, "node", "status"],
        &["--node", "mysql://u@127.0.0.1:1/db", "purge", "--dry-run", "--on", &dsn],
        &["--table", &go, "migrate", "status"],
        &["session", "decode", "--name", "s", "--key-file", &key, "x"],
        &["--config", "c.toml", "session", "decode", "--name", "s", "x"],
        &["--timeout", &key, "node", "status"],
        &[&dsn],
    ];
    for args in astray {
        for format in ["human", "json"] {
            let args = [&["-vv", "--format", format], *args].concat();
            let run = command::run(command::command(folder.path(), &args));
            assert_ne!(run.code, Some(0), "{run:?}");
            assert_ne!(run.code, Some(70), "{run:?}");
            assert_silent(&run, &[planted]);
        }
    }
}
