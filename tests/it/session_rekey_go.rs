//! `csqlstore session rekey` beside a Go program that reads and writes the same sessions with both keys.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use crate::cases;
use crate::session_rekey::{NEW, OLD, command, exported, sealed};
use crate::support::Database;
use crate::support::command::{self, Run};
use crate::support::engine::engine;
use crate::support::expiry::{DAY, count};

cases! {
    Beside: [
        nothing_that_go_saves_meanwhile_is_lost,
    ],
}

const ROWS: u32 = 4000;

/// A keyring's pair as the Go program takes it.
fn pair(text: &str) -> Json {
    let mut keys = text.split(',').map(|key| STANDARD.encode(key.strip_prefix("raw:").unwrap()));
    json!({"hash_key": keys.next(), "block_key": keys.next()})
}

async fn nothing_that_go_saves_meanwhile_is_lost() {
    // As a server signs that has both keys, and as one that was forgotten.
    for (signs, verifies) in [(NEW, OLD), (OLD, NEW)] {
        let db = Database::migrated().await;
        db.sessions("s", ROWS, &sealed(OLD, 0, 60), DAY).await;
        // Go asks another node without waiting for what n1 has committed.
        assert_eq!(count(&db, engine().writable("n2")).await, u64::from(ROWS));
        // From the last to the first: the rekey comes the other way.
        let ids: Vec<String> = (1..=ROWS).rev().step_by(4).map(|n| format!("s-{n:05}")).collect();
        let (run, course) = beside_go(&db, &[signs, verifies], &ids);
        assert_eq!(course["errors"], json!([]), "Go did not read what it had saved last");
        assert!(course["writes"].as_u64().unwrap() > 100, "Go was not at work: {course}");
        let answer = run.json();
        let by_us = answer["rekeyed"].as_u64().unwrap();
        let held = if signs == NEW {
            assert_eq!(run.code, Some(0), "{answer}");
            assert!(by_us >= u64::from(ROWS) - ids.len() as u64, "{answer}");
            exported(&db, NEW)
        } else {
            assert!(matches!(run.code, Some(0 | 5)) && by_us >= u64::from(ROWS) - ids.len() as u64, "{answer}");
            exported(&db, &format!("{NEW};{OLD}"))
        };
        assert_eq!(held.len(), ROWS as usize);
        for session in &held {
            let id = session["id"].as_str().unwrap();
            let expected = course["counts"].get(id).cloned().unwrap_or(json!(0));
            assert_eq!(session["values"]["n"], expected, "{id}");
        }
    }
}

/// Rekeys while Go is at work on another node with its first key signing; returns how both ended.
fn beside_go(db: &Database, keys: &[&str], ids: &[String]) -> (Run, Json) {
    let program = std::env::var_os("CSQLSTORE_INTEROP");
    let program =
        program.expect("CSQLSTORE_INTEROP does not name the Go program: `cargo xtask test` builds it and sets this");
    let node = format!("{}=mysql://", engine().writable("n2"));
    let address = db.dsns().split(' ').find_map(|dsn| dsn.strip_prefix(&node)).unwrap().to_owned();
    let (account, rest) = address.split_once('@').unwrap();
    let (host, name) = rest.split_once('/').unwrap();
    let keys: Vec<Json> = keys.iter().map(|key| pair(key)).collect();
    let plan = json!({"dsn": format!("{account}@tcp({host})/{name}"), "name": "sid", "keys": keys, "ids": ids});
    let mut go = Command::new(program).arg("live").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = go.stdin.take().unwrap();
    let mut output = BufReader::new(go.stdout.take().unwrap());
    writeln!(input, "{plan}").unwrap();
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "\"working\"\n");
    let run = command::run(command(db, &["--yes", "--on", "n1", "--batch", "20", "--format", "json"]));
    drop(input);
    line.clear();
    output.read_line(&mut line).unwrap();
    assert!(go.wait().unwrap().success());
    (run, serde_json::from_str(&line).unwrap())
}
