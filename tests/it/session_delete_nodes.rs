//! `csqlstore session delete` while nodes go.

use serde_json::json;

use crate::cases;
use crate::session_delete::command;
use crate::support::Database;
use crate::support::command::{Run, Running};
use crate::support::expiry::{DAY, ids, names, under_way};
use crate::support::losing::{hung, isolated, killed};
use crate::support::vectors::Vector;

cases! {
    Alone: [
        a_mode_in_which_backslashes_do_not_escape_changes_nothing,
    ],
    Alone if Galera because "they cut a node off, which only Galera has a switch for": [
        an_isolated_node_costs_a_retry_and_no_other_session,
    ],
    Alone if Writers because "they are about somebody at work on another node": [
        a_killed_node_costs_a_retry_and_no_other_session,
        a_node_that_hangs_costs_a_retry_and_no_other_session,
    ],
}

const EACH: u32 = 20_000;

/// A deletion on n2 that is under way, of a user's sessions beside as many of others.
async fn under_way_on_n2(db: &Database) -> Running {
    db.sessions("his", EACH, Vector::of("oauth").data(), DAY).await;
    db.rows("others", EACH, DAY).await;
    let args = ["--yes", "--on", "n2", "--batch", "20", "--format", "json", "--where", "user_id=1234567890123"];
    let mut running = Running::start(command(db, &args));
    under_way(db, "n3", u64::from(2 * EACH), &mut running).await;
    running
}

/// It went on elsewhere, and exactly his sessions are gone, on every node.
async fn went_on_elsewhere(db: &Database, run: Run) {
    let answer = run.success().json();
    assert!(answer["retries"].as_u64().is_some_and(|retries| retries >= 1), "{answer}");
    assert_eq!((&answer["matched"], &answer["deleted"]), (&json!(EACH), &json!(EACH)), "{answer}");
    assert_eq!(
        (&answer["changed"], &answer["gone"], &answer["node"]),
        (&json!(0), &json!(0), &json!("n1")),
        "{answer}"
    );
    for node in db.nodes() {
        assert!(ids(db, &node).await == names("others", EACH), "other rows than the others' are left on {node}");
    }
}

async fn a_killed_node_costs_a_retry_and_no_other_session() {
    let db = Database::migrated().await;
    let running = under_way_on_n2(&db).await;
    let run = killed("n2", || running.end()).await;
    went_on_elsewhere(&db, run).await;
}

async fn an_isolated_node_costs_a_retry_and_no_other_session() {
    let db = Database::migrated().await;
    let running = under_way_on_n2(&db).await;
    let run = isolated("n2", || running.end()).await;
    went_on_elsewhere(&db, run).await;
}

async fn a_node_that_hangs_costs_a_retry_and_no_other_session() {
    let db = Database::migrated().await;
    let running = under_way_on_n2(&db).await;
    let run = hung(&db, "n2", || running.end()).await;
    went_on_elsewhere(&db, run).await;
}

async fn a_mode_in_which_backslashes_do_not_escape_changes_nothing() {
    let db = Database::migrated().await;
    for id in [r"it''s", r"a\\b", "usual", "stays"] {
        db.row(id, "x", DAY).await;
    }
    let mut root = db.root("n1").await;
    let modes: Option<String> = root.first("reading the mode", "SELECT @@GLOBAL.sql_mode", ()).await.unwrap();
    let modes = modes.unwrap();
    let set = |modes: &str| format!("SET GLOBAL sql_mode='{modes}'");
    root.execute("changing the mode", &set(&format!("{modes},NO_BACKSLASH_ESCAPES")), ()).await.unwrap();
    let run = db.csqlstore(&["session", "delete", "--yes", "--on", "n1", "it's", r"a\b", "usual", "--format", "json"]);
    root.execute("changing the mode back", &set(&modes), ()).await.unwrap();
    let answer = run.success().json();
    assert_eq!((&answer["matched"], &answer["deleted"]), (&json!(3), &json!(3)), "{answer}");
    assert_eq!(db.ids("n1").await, ["stays"]);
}
