//! `csqlstore session delete` while nodes go.

use rustix::process::{Signal, kill_process};
use serde_json::json;

use crate::cases;
use crate::session_delete::command;
use crate::support::command::{Run, Running};
use crate::support::expiry::{DAY, ids, names, under_way};
use crate::support::vectors::Vector;
use crate::support::{Database, cluster};

cases! {
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
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n2", |_| ()).await.expect("n2 can be killed");
    let run = running.end();
    sandbox.start("n2", |_| ()).await.expect("n2 comes back");
    went_on_elsewhere(&db, run).await;
}

async fn an_isolated_node_costs_a_retry_and_no_other_session() {
    let db = Database::migrated().await;
    let running = under_way_on_n2(&db).await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.isolate("n2", |_| ()).await.expect("n2 can be cut off");
    let run = running.end();
    sandbox.heal("n2", |_| ()).await.expect("n2 is let in again");
    went_on_elsewhere(&db, run).await;
}

async fn a_node_that_hangs_costs_a_retry_and_no_other_session() {
    let db = Database::migrated().await;
    let running = under_way_on_n2(&db).await;
    let pid = cluster::common().pid("n2");
    kill_process(pid, Signal::STOP).expect("n2 is ours");
    let run = tokio::task::spawn_blocking(|| running.end()).await.unwrap();
    kill_process(pid, Signal::CONT).expect("n2 is ours");
    // The others have voted it out meanwhile, and it joins them again by itself.
    db.until_caught_up("n2").await;
    db.until_well().await;
    went_on_elsewhere(&db, run).await;
}
