//! `csqlstore event` where nodes are changed, stopped and killed.

use serde_json::Value;

use crate::support::engine::engine;
use crate::support::events::{DAY, HOUR, NAME, as_root, codes, fix, install, said, settled, status, statuses};
use crate::support::{Database, cluster};

crate::cases! {
    Alone: [
        zones_of_the_server_do_not_matter,
    ],
    Alone if Writers because "they move an event, or its conflicts, between nodes that take writes": [
        a_node_whose_scheduler_is_off_is_not_chosen,
        an_event_whose_node_dies_is_taken_over,
        it_is_removed_while_its_node_is_down,
    ],
}

async fn zones_of_the_server_do_not_matter() {
    let db = Database::migrated().await;
    let rows = [("gone", -HOUR - 120), ("kept", -HOUR + 120), ("live-for-two-hours", 2 * HOUR)];
    let mut before = Vec::new();
    for node in db.nodes() {
        before.push(db.column(&node, "SELECT @@GLOBAL.time_zone").await.remove(0));
    }
    for zone in ["+05:00", "-05:00"] {
        for node in db.nodes() {
            db.execute(&node, &format!("SET GLOBAL time_zone = '{zone}'")).await;
        }
        db.execute("n1", "DELETE FROM session_cluster").await;
        for (id, expires_in_s) in rows {
            db.row(id, "x", expires_in_s).await;
        }
        // Anew each time: one that is as it should be does not begin a run.
        db.csqlstore(&["event", "remove", "--yes"]).success();
        let run = install(&db, &[]);
        let answer = status(&db);
        // The first run was watched until what was due had gone, which is one statement.
        let left = db.ids("n1").await;
        for (node, zone) in db.nodes().iter().zip(&before) {
            db.execute(node, &format!("SET GLOBAL time_zone = '{zone}'")).await;
        }
        assert_eq!(run.success().json()["first_run"], "cleaned", "{zone}");
        assert_eq!(left, ["kept", "live-for-two-hours"], "{zone}");
        let answer = answer.exits(0).json();
        let last: jiff::Timestamp = answer["nodes"][0]["last_executed"]
            .as_str()
            .and_then(|at| at.parse().ok())
            .unwrap_or_else(|| panic!("n1 has run it: {answer}"));
        let ago = jiff::Timestamp::now().duration_since(last).as_secs();
        assert!((0..60).contains(&ago), "{last} is not in UTC");
    }
}

async fn a_node_whose_scheduler_is_off_is_not_chosen() {
    let db = Database::migrated().await;
    install(&db, &["--on", "n1"]).success();
    db.execute("n1", "SET GLOBAL event_scheduler = OFF").await;
    let stopped = status(&db);
    let refused = install(&db, &["--on", "n1"]);
    let moved = install(&db, &[]);
    let after = status(&db);
    // Somebody who may turns it on.
    let turned_on = as_root(&db, &["event", "install", "--yes", "--on", "n1", "--format", "json"]);
    for node in db.nodes() {
        db.execute(&node, "SET GLOBAL event_scheduler = OFF").await;
    }
    // Where all are off and this account may turn none on, the statement is named.
    let all_off = install(&db, &[]);
    let by_root = as_root(&db, &["event", "install", "--yes", "--format", "json"]);
    let switch = db.column("n1", "SELECT CAST(@@GLOBAL.event_scheduler AS CHAR)").await;
    for node in db.nodes() {
        db.execute(&node, "SET GLOBAL event_scheduler = ON").await;
    }

    let stopped = stopped.exits(1).json();
    assert_eq!(codes(&stopped), ["scheduler-off"]);
    assert_eq!(
        fix(&stopped, "scheduler-off"),
        "SET GLOBAL event_scheduler = ON; -- in my.cnf, under [mysqld]: event_scheduler = ON"
    );
    let error = refused.exits(2).json_error();
    let hint = error["hint"].as_str().expect("a hint");
    for word in ["SET GLOBAL event_scheduler = ON", engine().right_to_set_globals(), "event_scheduler=ON", "my.cnf"] {
        assert!(hint.contains(word), "{hint}");
    }
    let moved = moved.success().json();
    assert_eq!((&moved["node"], &moved["moved_from"]), (&Value::from("n2"), &Value::from("n1")), "{moved}");
    assert_eq!(after.exits(0).json()["nodes"][0]["scheduler"], "OFF");
    let turned_on = turned_on.success();
    assert!(turned_on.stderr.contains("my.cnf"), "{turned_on:?}");
    let answer = turned_on.json();
    assert_eq!((&answer["scheduler_turned_on"], &answer["moved_from"]), (&Value::from(true), &Value::from("n2")));
    let error = all_off.exits(2).json_error();
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("SET GLOBAL event_scheduler = ON")), "{error}");
    // The event itself is as it should be: only the switch is turned.
    let answer = by_root.success().json();
    assert_eq!(
        (&answer["action"], &answer["scheduler_turned_on"]),
        (&Value::from("kept"), &Value::from(true)),
        "{answer}"
    );
    assert_eq!(switch, ["ON"]);
}

async fn an_event_whose_node_dies_is_taken_over() {
    let db = Database::migrated().await;
    install(&db, &["--on", "n2", "--every", "2h"]).success();
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n2", |_| ()).await.expect("n2 can be killed");
    let orphaned = status(&db);
    db.row("old", "x", -DAY).await;
    // As cron does on every host, one after another.
    let cron = ["event", "install", "--yes", "--timeout", "20s"];
    let (taken, again) = (db.csqlstore(&cron), db.csqlstore(&[&cron[..], &["--format", "json"]].concat()));
    let after = status(&db);
    sandbox.start("n2", |_| ()).await.expect("n2 comes back");
    let (back, still) = (status(&db), db.csqlstore(&[&cron[..], &["--format", "json"]].concat()));

    let answer = orphaned.exits(1).json();
    assert_eq!(statuses(&answer), ["SLAVESIDE_DISABLED", "UNSEEN", "SLAVESIDE_DISABLED"]);
    assert_eq!(settled(&answer), ["event-node-down", "node-down"]);
    assert_eq!(fix(&answer, "event-node-down"), "csqlstore event install");
    let taken = taken.success();
    assert!(taken.stderr.contains("moves from node `n2`, which does not answer, to node `n1`"), "{taken:?}");
    assert!(taken.stdout.contains("moved from node `n2` to node `n1`"), "{taken:?}");
    assert!(
        taken.stdout.contains("every 2h") && taken.stdout.contains("every session that was due is gone"),
        "{taken:?}"
    );
    let again = again.success().json();
    assert_eq!((&again["action"], &again["node"]), (&Value::from("kept"), &Value::from("n1")), "{again}");
    let answer = after.exits(0).json();
    assert_eq!(statuses(&answer), ["ENABLED", "UNSEEN", "SLAVESIDE_DISABLED"]);
    assert_eq!(settled(&answer), ["node-down"]);
    assert_eq!(statuses(&back.exits(0).json()), ["ENABLED", "SLAVESIDE_DISABLED", "SLAVESIDE_DISABLED"]);
    assert_eq!(still.success().json()["action"], "kept");
}

async fn it_is_removed_while_its_node_is_down() {
    let db = Database::migrated().await;
    install(&db, &["--on", "n3"]).success();
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n3", |_| ()).await.expect("n3 can be killed");
    let removed = db.csqlstore(&["event", "remove", "--yes", "--timeout", "20s"]);
    sandbox.start("n3", |_| ()).await.expect("n3 comes back");
    let removed = removed.success();
    let first = format!("removed from n1 ({}), n2", engine().elsewhere());
    assert!(removed.stdout.contains(&first), "{removed:?}");
    assert!(removed.stderr.contains("node `n3` could not be asked"), "{removed:?}");
    assert!(said(&db, NAME).await.is_empty(), "it goes with the node's return");
}
