//! `csqlstore event show` and `remove` on the cluster.

use std::process::Stdio;

use serde_json::Value;

use crate::support::engine::engine;
use crate::support::events::{HOUR, NAME, column_of, install, said, status, statuses};
use crate::support::{Database, cluster, command};

crate::cases! {
    Beside: [
        shows_that_there_is_none,
        asks_before_it_removes,
    ],
    Beside if Writers because "they move an event, or its conflicts, between nodes that take writes": [
        shows_what_is_stored_and_what_would_be_written,
        what_it_shows_can_be_run_by_somebody_else,
        removes_it_from_every_node,
        removes_what_one_node_alone_has,
    ],
}

const SHOW: &[&str] = &["event", "show", "--format", "json"];
const REMOVE: &[&str] = &["event", "remove", "--yes", "--format", "json"];

async fn shows_what_is_stored_and_what_would_be_written() {
    let db = Database::migrated().await;
    install(&db, &["--on", "n2", "--grace", "2h"]).success();
    let answer = db.csqlstore(SHOW).success().json();
    assert_eq!(
        (&answer["installed"], &answer["install"]["same"]),
        (&Value::from(true), &Value::from(true)),
        "{answer}"
    );
    assert_eq!(statuses(&answer), ["SLAVESIDE_DISABLED", "ENABLED", "SLAVESIDE_DISABLED"]);
    for node in answer["nodes"].as_array().expect("a list") {
        let stored = node["statement"].as_str().expect("a statement");
        assert!(stored.starts_with("CREATE DEFINER=") && stored.contains("INTERVAL 7200 SECOND"), "{stored}");
    }
    let human = db.csqlstore(&["event", "show"]).success().stdout;
    assert_eq!(human.matches("--   CREATE DEFINER=").count(), 1, "what all store alike is shown once: {human}");
    assert!(human.contains("as stored on n1, n2, n3") && human.contains("-- node n2: ENABLED"), "{human}");
    // With options, what they would make of it.
    let answer = db.csqlstore(&[SHOW, &["--every", "10m"]].concat()).success().json();
    assert_eq!(
        (&answer["install"]["same"], &answer["install"]["every_s"], &answer["install"]["grace_s"]),
        (&Value::from(false), &Value::from(600), &Value::from(2 * HOUR)),
        "{answer}"
    );
    assert_eq!(column_of(&db, "n2", "INTERVAL_VALUE", NAME).await, ["3600"], "it only shows");
}

async fn what_it_shows_can_be_run_by_somebody_else() {
    let db = Database::migrated().await;
    let script = db.csqlstore(&["event", "show", "--every", "3h"]).exits(1).stdout;
    let common = cluster::common();
    let socket =
        common.root_dsn("n3").split_once("unix(").and_then(|(_, rest)| Some(rest.split_once(')')?.0.to_owned()));
    let mut client = std::process::Command::new("mariadb");
    client.args(["--no-defaults", "--user=root"]);
    client.arg(format!("--socket={}", socket.expect("root goes through a socket"))).arg(&db.name).stdin(Stdio::piped());
    let run = command::run_with_input(("mariadb".to_owned(), client), script.as_bytes()).success();
    assert_eq!(run.stdout, "");
    assert_eq!(said(&db, NAME).await, ["SLAVESIDE_DISABLED", "SLAVESIDE_DISABLED", "ENABLED"]);
    let answer = db.csqlstore(SHOW).success().json();
    assert_eq!(
        (&answer["install"]["same"], &answer["install"]["every_s"]),
        (&Value::from(true), &Value::from(3 * HOUR))
    );
    assert_eq!(install(&db, &[]).success().json()["action"], "kept");
}

async fn shows_that_there_is_none() {
    let db = Database::migrated().await;
    let answer = db.csqlstore(SHOW).exits(1).json();
    assert_eq!((statuses(&answer), &answer["installed"]), (vec!["MISSING"; db.nodes().len()], &Value::from(false)));
    assert_eq!(answer["install"]["statements"].as_array().map(Vec::len), Some(3));
    assert!(said(&db, NAME).await.is_empty());
}

async fn removes_it_from_every_node() {
    let db = Database::migrated().await;
    let none = db.csqlstore(REMOVE).success().json();
    assert_eq!((&none["removed"], &none["nodes"]), (&Value::from(false), &serde_json::json!([])), "{none}");
    assert!(db.csqlstore(&["event", "remove"]).success().stdout.contains("nothing to remove"));
    install(&db, &["--event", "mine"]).success();
    install(&db, &["--on", "n3"]).success();
    let answer = db.csqlstore(REMOVE).success().json();
    assert_eq!((&answer["removed"], statuses(&answer).len()), (&Value::from(true), 3), "{answer}");
    assert!(said(&db, NAME).await.is_empty());
    assert_eq!(said(&db, "mine").await.len(), 3, "the other one was not meant");
    db.csqlstore(&["event", "remove", "--event", "MINE", "--yes"]).success();
    assert!(said(&db, "mine").await.is_empty());
    assert_eq!(statuses(&status(&db).exits(1).json()), vec!["MISSING"; db.nodes().len()]);
}

async fn removes_what_one_node_alone_has() {
    let db = Database::migrated().await;
    let mut alone = db.connect("n3").await;
    let create = format!("CREATE EVENT {NAME} ON SCHEDULE EVERY 1 DAY DO DELETE FROM session_cluster WHERE 1 = 0");
    let create = db.own(&create);
    for sql in [engine().alone(), create.as_str()] {
        alone.execute_unhurried("making an event here alone", sql, ()).await.expect("root may do that");
    }
    alone.close().await;
    let answer = db.csqlstore(REMOVE).success().json();
    assert_eq!(answer["nodes"], serde_json::json!([{"node": "n3", "status": "ENABLED"}]));
    assert!(said(&db, NAME).await.is_empty());
}

async fn asks_before_it_removes() {
    let db = Database::migrated().await;
    install(&db, &[]).success();
    let run = db.csqlstore(&["event", "remove"]).exits(2);
    assert!(run.stderr.contains("--yes") && run.stdout.is_empty(), "{run:?}");
    assert_eq!(said(&db, NAME).await.len(), db.nodes().len());
}
