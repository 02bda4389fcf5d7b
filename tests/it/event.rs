//! `csqlstore event install` on the cluster: which rows go, on which node, and what installing again does.

use std::time::Instant;

use serde_json::Value;

use crate::support::Database;
use crate::support::database::PATIENCE;
use crate::support::engine::engine;
use crate::support::events::{
    DAY, HOUR, NAME, aside, changes, codes, column_of, fix, install, said, status, statuses, until, until_ids,
    until_runs,
};

crate::cases! {
    Beside: [
        the_documented_event_never_runs_and_the_installed_one_runs_at_once,
        the_documented_event_stays_if_it_is_wished_to,
        deletes_exactly_what_is_past_the_grace,
        an_event_that_is_as_it_should_be_is_left_alone,
        installing_again_keeps_what_was_chosen_and_says_what_changes,
        runs_again_at_its_interval,
        installed_again_in_the_second_of_its_last_run_it_runs_at_once,
        an_event_of_another_spelling_is_the_same_one,
        a_missing_table_is_named_with_the_way_out,
        without_a_terminal_it_needs_yes,
        a_name_or_a_number_that_makes_no_sense_is_a_wrong_request,
    ],
    Beside if Writers because "they move an event, or its conflicts, between nodes that take writes": [
        is_enabled_on_exactly_one_node,
    ],
    Beside if MariaDb because "MySQL lets nobody else change an event of root's": [
        a_definition_of_somebody_else_is_replaced_and_its_zone_pinned,
    ],
}

/// What the Go package documents, but for the interval: a test cannot wait an hour.
const DOCUMENTED_EVENT: &str = "CREATE EVENT AutoDeleteOldSession ON SCHEDULE EVERY 1 SECOND ON COMPLETION PRESERVE \
    DISABLE ON SLAVE DO DELETE LOW_PRIORITY FROM session_cluster WHERE expire_on < DATE_SUB(NOW(), INTERVAL 1 HOUR)";

async fn the_documented_event_never_runs_and_the_installed_one_runs_at_once() {
    let db = Database::migrated().await;
    db.row("old", "x", -3 * DAY).await;
    db.execute("n1", DOCUMENTED_EVENT).await;
    // One that is created after it, on the same node and with the same interval, tells that its time came several times.
    db.execute("n1", "CREATE EVENT probe ON SCHEDULE EVERY 1 SECOND DO SET @seen = 1").await;
    until_runs(&db, "n1", "probe", 4).await;
    db.execute("n1", "DROP EVENT probe").await;
    assert_eq!(db.ids("n1").await, ["old"], "the documented event ran");

    let answer = status(&db).exits(1).json();
    assert_eq!((&answer["event"], &answer["working"]), (&Value::from("AutoDeleteOldSession"), &Value::from(false)));
    assert_eq!(statuses(&answer), aside(&db));
    for node in answer["nodes"].as_array().expect("a list") {
        // That is not why it does not run.
        assert_eq!((&node["scheduler"], &node["last_executed"]), (&Value::from("ON"), &Value::Null), "{node}");
    }
    assert_eq!(codes(&answer), ["event-documented", "expired-rows-left"], "{answer}");
    let human = db.csqlstore(&["event", "status"]).exits(1).stdout;
    assert!(human.contains("DISABLE ON SLAVE") && human.contains("not working"), "{human}");

    // What would be done is said before anything is.
    let asked = db.csqlstore(&["event", "install"]).exits(2);
    assert!(asked.stderr.contains("DISABLE ON SLAVE") && asked.stderr.contains("it is dropped"), "{asked:?}");
    assert_eq!(said(&db, "AutoDeleteOldSession").await.len(), db.nodes().len());

    let begin = Instant::now();
    let run = db.csqlstore(&["event", "install", "--yes"]).success();
    assert!(run.stderr.contains(&format!("`AutoDeleteOldSession` is {}", engine().elsewhere())), "{run:?}");
    assert!(run.stdout.contains("every session that was due is gone"), "{run:?}");
    assert!(run.stdout.contains("event `AutoDeleteOldSession` dropped"), "{run:?}");
    until_ids(&db, "n3", &[]).await;
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
    assert_eq!(said(&db, "AutoDeleteOldSession").await, [] as [&str; 0]);
    let answer = status(&db).exits(0).json();
    assert_eq!((&answer["event"], &answer["working"]), (&Value::from(NAME), &Value::from(true)), "{answer}");
}

async fn the_documented_event_stays_if_it_is_wished_to() {
    let db = Database::migrated().await;
    db.execute("n2", DOCUMENTED_EVENT).await;
    let answer = install(&db, &["--keep-documented"]).success().json();
    assert_eq!((&answer["action"], &answer["dropped"]), (&Value::from("created"), &Value::Null), "{answer}");
    assert_eq!(said(&db, "AutoDeleteOldSession").await, aside(&db));
    // The other one is as it should be, and is left alone while this one goes.
    let altered = column_of(&db, "n1", "LAST_ALTERED", NAME).await;
    let answer = install(&db, &[]).success().json();
    assert_eq!(
        (&answer["action"], &answer["dropped"], &answer["first_run"]),
        (&Value::from("kept"), &Value::from("AutoDeleteOldSession"), &Value::Null),
        "{answer}"
    );
    assert_eq!(said(&db, "AutoDeleteOldSession").await, [] as [&str; 0]);
    assert_eq!(column_of(&db, "n1", "LAST_ALTERED", NAME).await, altered);
}

async fn an_event_that_is_as_it_should_be_is_left_alone() {
    let db = Database::migrated().await;
    install(&db, &["--every", "2h", "--on", "n2"]).success();
    let stored = async || {
        let mut all = Vec::new();
        for node in db.nodes() {
            for column in ["STATUS", "STARTS", "LAST_ALTERED", "LAST_EXECUTED"] {
                all.extend(column_of(&db, &node, column, NAME).await);
            }
        }
        all
    };
    let before = stored().await;
    // Longer than the clock that would tell a new ALTER.
    until(&db, "n1", &format!("SELECT UTC_TIMESTAMP() > '{}' + INTERVAL 1 SECOND", before[2]), &["1"]).await;
    // As from cron: nobody can be asked, and nobody has to be.
    for args in [
        &["event", "install", "--format", "json"][..],
        &["event", "install", "--yes", "--every", "2h", "--format", "json"],
    ] {
        let answer = db.csqlstore(args).success().json();
        assert_eq!(
            (&answer["action"], &answer["node"], &answer["every_s"], &answer["first_run"]),
            (&Value::from("kept"), &Value::from(engine().writable("n2")), &Value::from(7200), &Value::Null),
            "{answer}"
        );
        assert_eq!(changes(&answer), [] as [&str; 0]);
    }
    assert!(db.csqlstore(&["event", "install"]).success().stdout.contains("as it should be"));
    assert_eq!(stored().await, before);
}

async fn installing_again_keeps_what_was_chosen_and_says_what_changes() {
    let db = Database::migrated().await;
    let chosen = ["--every", "1h", "--grace", "2h", "--batch", "50", "--max-time", "20s"];
    install(&db, &chosen).success();
    let asked = db.csqlstore(&["event", "install", "--every", "10m"]).exits(2);
    assert!(asked.stderr.contains("interval: 1h -> 10m") && !asked.stderr.contains("grace"), "{asked:?}");
    let answer = install(&db, &["--every", "10m"]).success().json();
    assert_eq!((&answer["action"], &answer["every_s"]), (&Value::from("replaced"), &Value::from(600)), "{answer}");
    assert_eq!(answer["changes"], serde_json::json!([{"what": "interval", "from": "1h", "to": "10m"}]));
    let sql = format!(
        "SELECT CONCAT_WS(' ', EVENT_NAME, INTERVAL_VALUE, INTERVAL_FIELD, TIME_ZONE, EVENT_COMMENT) \
         FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '{}'",
        db.name
    );
    for node in db.nodes() {
        let expected = format!("{NAME} 600 SECOND +00:00 csqlstore grace=7200 batch=50 max=20 margin=60");
        assert_eq!(db.column(&node, &sql).await, [expected], "{node}");
    }
    let answer = status(&db).exits(0).json();
    assert_eq!(codes(&answer), [] as [&str; 0]);
    let expected = serde_json::json!({"every_s": 600, "grace_s": 7200, "batch": 50, "max_time_s": 20, "margin_s": 60});
    assert_eq!(answer["definition"], expected);
}

async fn deletes_exactly_what_is_past_the_grace() {
    let db = Database::migrated().await;
    for (id, expires_in_s) in [("a", -3 * DAY), ("b", -HOUR - 60), ("c", -HOUR + 60), ("d", -60), ("e", DAY)] {
        db.row(id, "x", expires_in_s).await;
    }
    // More than one batch.
    db.rows("many", 450, -2 * DAY).await;
    let answer = install(&db, &["--batch", "100"]).success().json();
    assert_eq!(
        (&answer["action"], &answer["first_run"]),
        (&Value::from("created"), &Value::from("cleaned")),
        "{answer}"
    );
    for node in db.nodes() {
        until_ids(&db, &node, &["c", "d", "e"]).await;
    }
    let age = status(&db).exits(0).json()["oldest_expired_age_s"].as_i64().expect("`c` has expired");
    assert!((HOUR - 60..HOUR).contains(&age), "{age}");
    // What a longer grace keeps.
    db.row("f", "x", -2 * HOUR).await;
    // What goes, goes in one statement: once this one is gone, what is left was spared.
    db.row("g", "x", -2 * DAY).await;
    install(&db, &["--grace", "1d"]).success();
    until_ids(&db, "n1", &["c", "d", "e", "f"]).await;
}

async fn is_enabled_on_exactly_one_node() {
    let db = Database::migrated().await;
    assert_eq!(install(&db, &["--on", "n2"]).success().json()["node"], "n2");
    assert_eq!(said(&db, NAME).await, ["SLAVESIDE_DISABLED", "ENABLED", "SLAVESIDE_DISABLED"]);
    let answer = status(&db).exits(0).json();
    assert_eq!(statuses(&answer), ["SLAVESIDE_DISABLED", "ENABLED", "SLAVESIDE_DISABLED"]);
    let enabled: Vec<bool> = (0..3).map(|i| answer["nodes"][i]["enabled"] == true).collect();
    assert_eq!(enabled, [false, true, false]);
    // It stays where it is, and moves when it is told to.
    assert_eq!(install(&db, &[]).success().json()["node"], "n2");
    let answer = install(&db, &["--on", "n3"]).success().json();
    assert_eq!((&answer["action"], &answer["moved_from"]), (&Value::from("moved"), &Value::from("n2")), "{answer}");
    assert_eq!(said(&db, NAME).await, ["SLAVESIDE_DISABLED", "SLAVESIDE_DISABLED", "ENABLED"]);
}

async fn runs_again_at_its_interval() {
    let db = Database::migrated().await;
    install(&db, &["--every", "1s", "--grace", "0s"]).success();
    db.row("live", "x", DAY).await;
    for id in ["first", "second"] {
        db.row(id, "x", -5).await;
        until_ids(&db, "n2", &["live"]).await;
    }
}

async fn a_definition_of_somebody_else_is_replaced_and_its_zone_pinned() {
    let db = Database::migrated().await;
    db.row("live-for-two-hours", "x", 2 * HOUR).await;
    let mut root = db.connect("n3").await;
    // With NOW() in a body made at +05:00, a session that has two hours to live goes.
    for sql in [
        "SET SESSION time_zone = '+05:00'".to_owned(),
        format!(
            "CREATE EVENT {NAME} ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' DO \
             DELETE FROM session_cluster WHERE expire_on < NOW() - INTERVAL 1 HOUR"
        ),
    ] {
        root.execute_unhurried("making a bad event", &sql, ()).await.expect("root may do that");
    }
    let answer = status(&db).exits(0).json();
    assert_eq!(answer["nodes"][2]["time_zone"], "+05:00", "{answer}");
    // That root made it, this account cannot see to be true.
    assert_eq!(codes(&answer), ["event-zone", "event-foreign", "event-definer-unseen"], "{answer}");

    db.row("old", "x", -DAY).await;
    let answer = install(&db, &["--on", "n1"]).success().json();
    assert_eq!((&answer["action"], &answer["moved_from"]), (&Value::from("moved"), &Value::from("n3")), "{answer}");
    // One statement deletes all that is due: had the other one been, it would be gone as well.
    until_ids(&db, "n1", &["live-for-two-hours"]).await;
    let answer = status(&db).exits(0).json();
    assert_eq!(statuses(&answer), ["ENABLED", "SLAVESIDE_DISABLED", "SLAVESIDE_DISABLED"]);
    for node in answer["nodes"].as_array().expect("a list") {
        assert_eq!(node["time_zone"], "+00:00", "{node}");
    }
    assert_eq!(codes(&answer), [] as [&str; 0]);
}

async fn a_missing_table_is_named_with_the_way_out() {
    let db = Database::empty().await;
    let error = install(&db, &[]).exits(4).json_error();
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("csqlstore migrate up")), "{error}");
    let answer = status(&db).exits(1).json();
    assert_eq!(codes(&answer), ["event-missing", "expired-rows-unread"], "{answer}");
    assert_eq!(fix(&answer, "expired-rows-unread"), "csqlstore migrate up");
}

async fn without_a_terminal_it_needs_yes() {
    let db = Database::migrated().await;
    let run = db.csqlstore(&["event", "install"]).exits(2);
    assert!(run.stderr.contains("--yes") && run.stdout.is_empty(), "{run:?}");
    assert!(said(&db, NAME).await.is_empty());
}

async fn a_name_or_a_number_that_makes_no_sense_is_a_wrong_request() {
    let db = Database::migrated().await;
    for args in [
        &["--every", "0s"][..],
        &["--every", "1500ms"],
        &["--grace", "20years"],
        &["--batch", "0"],
        &["--batch", "10001"],
        &["--max-time", "0s"],
        &["--max-time", "25h"],
        &["--event", ""],
        &["--event", "a.b"],
        &["--on", "n9"],
    ] {
        let error = install(&db, args).exits(2).json_error();
        assert!(error["message"].is_string(), "{args:?}: {error}");
    }
    install(&db, &["--event", "my own`event"]).success();
    assert_eq!(said(&db, "my own`event").await.len(), db.nodes().len());
    let run = db.csqlstore(&["event", "status", "--event", "my own`event", "--format", "json"]);
    assert_eq!(run.exits(0).json()["installed"], true);
}

async fn installed_again_in_the_second_of_its_last_run_it_runs_at_once() {
    let db = Database::migrated().await;
    for (n, batch) in ["10", "20", "30"].into_iter().enumerate() {
        db.row("old", "x", -DAY).await;
        assert_eq!(install(&db, &["--batch", batch]).success().json()["first_run"], "cleaned", "{n}");
    }
}

async fn an_event_of_another_spelling_is_the_same_one() {
    let db = Database::migrated().await;
    install(&db, &["--event", "Cleanup"]).success();
    let answer = install(&db, &["--event", "cleanup"]).success().json();
    assert_eq!((&answer["action"], &answer["event"]), (&Value::from("kept"), &Value::from("Cleanup")), "{answer}");
}
