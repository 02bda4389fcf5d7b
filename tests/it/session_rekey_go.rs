//! `csqlstore session rekey` beside a Go program that reads and writes the same sessions with both keys.

use serde_json::{Value as Json, json};

use crate::cases;
use crate::session_rekey::{NEW, OLD, command, exported, sealed};
use crate::support::Database;
use crate::support::command::{self, Run};
use crate::support::engine::engine;
use crate::support::expiry::{DAY, count};
use crate::support::go::{self, Go};

cases! {
    Beside: [
        nothing_that_go_saves_meanwhile_is_lost,
    ],
}

const ROWS: u32 = 4000;

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
    let plan = json!({"dsn": go::dsn(db, engine().writable("n2")), "name": "sid", "keys": go::pairs(&keys.join(";")), "ids": ids});
    let mut go = Go::start("live", &plan);
    assert_eq!(go.says(), "working");
    let run = command::run(command(db, &["--yes", "--on", "n1", "--batch", "20", "--format", "json"]));
    go.end();
    (run, go.says())
}
