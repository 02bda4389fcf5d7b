//! `csqlstore purge` while nodes go, or refuse what it sends.

use crate::cases;
use crate::support::Database;
use crate::support::command::{Run, Running};
use crate::support::expiry::{DAY, count, ids, names, under_way};
use crate::support::losing::{hung, isolated, killed};

cases! {
    Alone if Galera because "they are about the variables and the flow control of Galera": [
        a_write_set_that_the_cluster_refuses_is_halved,
    ],
    Alone if Writers because "they are about somebody at work on another node": [
        a_node_that_hangs_costs_a_retry_and_not_a_row,
        a_killed_node_costs_a_retry_and_not_a_row,
        no_node_left_is_exit_3_with_what_was_done,
    ],
    Alone if Galera because "they cut a node off, which only Galera has a switch for": [
        an_isolated_node_costs_a_retry_and_not_a_row,
    ],
}

/// A purge on n2 that is under way, of 30,000 expired rows beside 30,000 live ones.
async fn under_way_on_n2(db: &Database) -> Running {
    db.rows("expired", 30_000, -DAY).await;
    db.rows("live", 30_000, DAY).await;
    let mut running = db.start(&["purge", "--yes", "--on", "n2", "--batch", "20", "--format", "json"]);
    under_way(db, "n3", 60_000, &mut running).await;
    running
}

/// It went on elsewhere, and exactly the expired rows are gone, on every node.
async fn went_on_elsewhere(db: &Database, run: Run) {
    let answer = run.success().json();
    assert!(answer["retries"].as_u64().is_some_and(|retries| retries >= 1), "{answer}");
    assert_eq!((answer["deleted"].as_u64(), answer["remaining"].as_u64()), (Some(30_000), Some(0)), "{answer}");
    assert_eq!((answer["stopped"].as_str(), answer["node"].as_str()), (Some("drained"), Some("n1")), "{answer}");
    for node in db.nodes() {
        assert!(ids(db, &node).await == names("live", 30_000), "other rows than the live ones are left on {node}");
    }
    assert_eq!(db.column("n1", "SELECT owner FROM csqlstore_lease WHERE name='purge'").await, [""]);
}

async fn a_killed_node_costs_a_retry_and_not_a_row() {
    let db = Database::migrated().await;
    let running = under_way_on_n2(&db).await;
    let run = killed("n2", || running.end()).await;
    went_on_elsewhere(&db, run).await;
}

async fn an_isolated_node_costs_a_retry_and_not_a_row() {
    let db = Database::migrated().await;
    let running = under_way_on_n2(&db).await;
    let run = isolated("n2", || running.end()).await;
    went_on_elsewhere(&db, run).await;
}

async fn a_node_that_hangs_costs_a_retry_and_not_a_row() {
    let db = Database::migrated().await;
    let running = under_way_on_n2(&db).await;
    let run = hung(&db, "n2", || running.end()).await;
    went_on_elsewhere(&db, run).await;
}

async fn no_node_left_is_exit_3_with_what_was_done() {
    let db = Database::migrated().await;
    db.rows("expired", 30_000, -DAY).await;
    let only = db.dsns().split(' ').find(|dsn| dsn.starts_with("n2=")).expect("n2 is a node").to_owned();
    let (line, mut command) = db.command(&["purge", "--yes", "--batch", "5", "--format", "json"]);
    command.env("CSQLSTORE_NODES", only);
    let mut running = Running::start((line, command));
    under_way(&db, "n3", 30_000, &mut running).await;
    let run = killed("n2", || running.end()).await;
    let run = run.exits(3);
    let answer = run.json();
    let deleted = answer["deleted"].as_u64().unwrap();
    assert_eq!((&answer["remaining"], &answer["stopped"]), (&serde_json::Value::Null, &serde_json::Value::Null));
    assert_eq!((answer["expired"].as_u64(), answer["node"].as_str()), (Some(30_000), Some("n2")), "{answer}");
    // The last batch may have gone without its answer.
    let gone = 30_000 - count(&db, "n1").await;
    assert!(gone == deleted || gone == deleted + 5, "{gone} rows are gone: {answer}");
    let error = run.json_error();
    assert_eq!(error["class"], "unavailable");
    assert!(!run.stderr.contains(&db.password), "{}", run.stderr);
}

async fn a_write_set_that_the_cluster_refuses_is_halved() {
    let db = Database::migrated().await;
    db.rows("expired", 300, -DAY).await;
    let mut root = db.root("n1").await;
    root.execute("limiting write sets", "SET GLOBAL wsrep_max_ws_rows=30", ()).await.unwrap();
    let run = db.csqlstore(&["purge", "--yes", "--on", "n1", "--batch", "200", "--format", "json"]);
    root.execute("lifting the limit", "SET GLOBAL wsrep_max_ws_rows=0", ()).await.unwrap();
    let answer = run.success().json();
    // 200, 100, 50, 25: three refusals, and never again a larger one.
    assert_eq!((answer["deleted"].as_u64(), answer["retries"].as_u64()), (Some(300), Some(3)), "{answer}");
    assert_eq!(count(&db, "n2").await, 0);
}
