//! `csqlstore session rekey` while nodes go.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::cases;
use crate::session_rekey::{NEW, OLD, command, readable, sealed};
use crate::support::Database;
use crate::support::command::{Run, Running};
use crate::support::database::PATIENCE;
use crate::support::expiry::{DAY, names};
use crate::support::losing::{hung, isolated, killed};

cases! {
    Alone if Galera because "they cut a node off, which only Galera has a switch for": [
        an_isolated_node_costs_a_retry_and_no_session,
    ],
    Alone if Writers because "they are about somebody at work on another node": [
        a_killed_node_costs_a_retry_and_no_session,
        a_node_that_hangs_costs_a_retry_and_no_session,
    ],
}

const ROWS: u32 = 20_000;

/// A rekey on n2 that is under way.
async fn under_way_on_n2(db: &Database) -> Running {
    let old = sealed(OLD, 7, 60);
    db.sessions("s", ROWS, &old, DAY).await;
    let mut running = Running::start(command(db, &["--yes", "--on", "n2", "--batch", "20", "--format", "json"]));
    let changed = format!("SELECT CAST(COUNT(*) AS CHAR) FROM session_cluster WHERE data <> '{old}'");
    let begun = Instant::now();
    while db.column("n3", &changed).await[0].parse::<u32>().unwrap() < 100 {
        assert!(!running.has_ended() && begun.elapsed() < PATIENCE, "it signs nothing anew");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!running.has_ended(), "it was too quick for this test");
    running
}

/// It went on elsewhere, and every session is there under the new key, on every node.
async fn went_on_elsewhere(db: &Database, run: Run) {
    let answer = run.success().json();
    assert!(answer["retries"].as_u64().is_some_and(|retries| retries >= 1), "{answer}");
    assert_eq!(
        (&answer["rekeyed"], &answer["renewed"], &answer["gone"]),
        (&json!(ROWS), &json!(0), &json!(0)),
        "{answer}"
    );
    assert_eq!((&answer["left"], &answer["node"]), (&json!(0), &json!("n1")), "{answer}");
    assert!(readable(db, NEW) == names("s", ROWS), "a session is lost");
    let rows = "SELECT CAST(COUNT(DISTINCT data) AS CHAR) FROM session_cluster";
    for node in db.nodes() {
        // Each is encrypted under a vector of its own.
        assert_eq!(db.column(&node, rows).await, [ROWS.to_string()], "{node}");
    }
    assert_eq!(db.column("n1", "SELECT owner FROM csqlstore_lease WHERE name='rekey'").await, [""]);
}

async fn a_killed_node_costs_a_retry_and_no_session() {
    let db = Database::migrated().await;
    let running = under_way_on_n2(&db).await;
    let run = killed("n2", || running.end()).await;
    went_on_elsewhere(&db, run).await;
}

async fn an_isolated_node_costs_a_retry_and_no_session() {
    let db = Database::migrated().await;
    let running = under_way_on_n2(&db).await;
    let run = isolated("n2", || running.end()).await;
    went_on_elsewhere(&db, run).await;
}

async fn a_node_that_hangs_costs_a_retry_and_no_session() {
    let db = Database::migrated().await;
    let running = under_way_on_n2(&db).await;
    let run = hung(&db, "n2", || running.end()).await;
    went_on_elsewhere(&db, run).await;
}
