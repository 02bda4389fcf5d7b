//! `csqlstore event` on the cluster: which rows go, on which node, and what is said when none do.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::command::{self, Run};
use crate::support::database::PATIENCE;
use crate::support::{Database, cluster};

crate::cases! {
    Beside: [
        the_documented_event_never_runs_and_the_installed_one_runs_at_once,
        deletes_exactly_what_is_past_the_grace,
        is_enabled_on_exactly_one_node,
        installing_again_changes_the_interval_and_keeps_one_event,
        runs_again_at_its_interval,
        installed_again_in_the_second_of_its_last_run_it_runs_at_once,
        a_definition_of_somebody_else_is_replaced_and_its_zone_pinned,
        status_says_missing_and_changes_nothing,
        status_says_disabled,
        status_is_not_satisfied_while_old_rows_are_there,
        an_account_without_the_privilege_is_told_so_and_not_that_there_is_none,
        an_event_that_could_not_delete_is_not_installed,
        a_table_without_keys_is_refused,
        a_missing_table_is_named_with_the_way_out,
        without_a_terminal_it_needs_yes,
        a_name_or_a_number_that_makes_no_sense_is_a_wrong_request,
    ],
    Alone: [
        zones_of_the_server_do_not_matter,
        a_conflict_with_a_writer_does_not_end_the_run,
        a_node_whose_scheduler_is_off_is_not_chosen,
        an_event_whose_node_dies_is_taken_over,
    ],
}

const NAME: &str = "csqlstore_purge_session_cluster";
const HOUR: i64 = 3600;
const DAY: i64 = 86_400;

/// What the Go package documents, but for the interval: a test cannot wait an hour.
const DOCUMENTED_EVENT: &str = "CREATE EVENT AutoDeleteOldSession ON SCHEDULE EVERY 1 SECOND ON COMPLETION PRESERVE \
    DISABLE ON SLAVE DO DELETE LOW_PRIORITY FROM session_cluster WHERE expire_on < DATE_SUB(NOW(), INTERVAL 1 HOUR)";

/// A database with the table as it should be.
async fn keyed() -> Database {
    let db = Database::documented().await;
    db.execute("n1", "ALTER TABLE session_cluster ADD PRIMARY KEY (id), ADD INDEX expire_on (expire_on)").await;
    db
}

fn install(db: &Database, more: &[&str]) -> Run {
    db.csqlstore(&[&["event", "install", "--yes", "--format", "json"], more].concat())
}

fn status(db: &Database) -> Run {
    // Long enough for a cluster that is deciding about a node that it lost.
    db.csqlstore(&["event", "status", "--format", "json", "--timeout", "20s"])
}

fn codes(answer: &Value) -> Vec<&str> {
    let findings = answer["findings"].as_array().expect("findings are a list");
    findings.iter().map(|finding| finding["code"].as_str().expect("a code")).collect()
}

/// The findings but those that pass by themselves: for some seconds after a node died the others answer late.
fn settled(answer: &Value) -> Vec<&str> {
    codes(answer).into_iter().filter(|code| *code != "node-behind").collect()
}

fn statuses(answer: &Value) -> Vec<&str> {
    let nodes = answer["nodes"].as_array().expect("nodes are a list");
    nodes.iter().map(|node| node["status"].as_str().expect("a status")).collect()
}

/// The state of an event as each node itself says.
async fn said(db: &Database, event: &str) -> Vec<String> {
    let mut said = Vec::new();
    for node in db.nodes() {
        let sql = format!(
            "SELECT STATUS FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '{}' AND EVENT_NAME = '{event}'",
            db.name
        );
        said.extend(db.column(&node, &sql).await);
    }
    said
}

/// Waits until the table holds exactly these.
async fn until_ids(db: &Database, node: &str, expected: &[&str]) {
    let begin = Instant::now();
    while db.ids(node).await != expected {
        assert!(begin.elapsed() < PATIENCE, "{:?} on {node} and not {expected:?}", db.ids(node).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn the_documented_event_never_runs_and_the_installed_one_runs_at_once() {
    let db = keyed().await;
    db.row("old", "x", -3 * DAY).await;
    db.execute("n1", DOCUMENTED_EVENT).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(db.ids("n1").await, ["old"], "the documented event ran");

    let answer = status(&db).exits(1).json();
    assert_eq!((&answer["event"], &answer["working"]), (&Value::from("AutoDeleteOldSession"), &Value::from(false)));
    assert_eq!(statuses(&answer), ["SLAVESIDE_DISABLED"; 3]);
    for node in answer["nodes"].as_array().expect("a list") {
        // That is not why it does not run.
        assert_eq!((&node["scheduler"], &node["last_executed"]), (&Value::from("ON"), &Value::Null), "{node}");
    }
    assert_eq!(codes(&answer), ["event-documented", "expired-rows-left"], "{answer}");
    let human = db.csqlstore(&["event", "status"]).exits(1).stdout;
    assert!(human.contains("DISABLE ON SLAVE") && human.contains("not working"), "{human}");

    let run = db.csqlstore(&["event", "install", "--yes"]).success();
    assert!(run.stderr.contains("`AutoDeleteOldSession` is SLAVESIDE_DISABLED"), "{run:?}");
    assert!(run.stdout.contains("every session that was due is gone"), "{run:?}");
    until_ids(&db, "n3", &[]).await;
    let answer = status(&db).exits(0).json();
    assert_eq!((&answer["event"], &answer["working"]), (&Value::from(NAME), &Value::from(true)), "{answer}");
}

async fn deletes_exactly_what_is_past_the_grace() {
    let db = keyed().await;
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
    let db = keyed().await;
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

async fn installing_again_changes_the_interval_and_keeps_one_event() {
    let db = keyed().await;
    install(&db, &["--every", "1h"]).success();
    let answer = install(&db, &["--every", "10m", "--grace", "2h", "--batch", "50"]).success().json();
    assert_eq!((&answer["action"], &answer["every_s"]), (&Value::from("replaced"), &Value::from(600)), "{answer}");
    let sql = format!(
        "SELECT CONCAT_WS(' ', EVENT_NAME, INTERVAL_VALUE, INTERVAL_FIELD, TIME_ZONE, EVENT_COMMENT) \
         FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '{}'",
        db.name
    );
    for node in db.nodes() {
        let expected = format!("{NAME} 600 SECOND +00:00 csqlstore grace=7200 batch=50 max=300");
        assert_eq!(db.column(&node, &sql).await, [expected], "{node}");
    }
    assert_eq!(codes(&status(&db).exits(0).json()), [] as [&str; 0]);
}

async fn runs_again_at_its_interval() {
    let db = keyed().await;
    install(&db, &["--every", "1s", "--grace", "0s"]).success();
    db.row("live", "x", DAY).await;
    for id in ["first", "second"] {
        db.row(id, "x", -5).await;
        until_ids(&db, "n2", &["live"]).await;
    }
}

async fn installed_again_in_the_second_of_its_last_run_it_runs_at_once() {
    let db = keyed().await;
    for n in 0..3 {
        db.row("old", "x", -DAY).await;
        assert_eq!(install(&db, &[]).success().json()["first_run"], "cleaned", "{n}");
    }
}

async fn a_definition_of_somebody_else_is_replaced_and_its_zone_pinned() {
    let db = keyed().await;
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
    assert_eq!(codes(&answer), ["event-zone", "event-foreign"], "{answer}");

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

async fn status_says_missing_and_changes_nothing() {
    let db = keyed().await;
    let tables = db.tables().await;
    let answer = status(&db).exits(1).json();
    assert_eq!(answer["schema_version"], 1);
    assert_eq!((&answer["installed"], &answer["working"]), (&Value::from(false), &Value::from(false)));
    assert_eq!(statuses(&answer), ["MISSING"; 3]);
    assert_eq!(answer["oldest_expired_age_s"], Value::Null);
    assert_eq!(codes(&answer), ["event-missing"]);
    db.csqlstore(&["event", "status", "--check"]).exits(1);
    let quiet = db.csqlstore(&["event", "status", "--quiet"]).exits(1);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    assert_eq!(db.tables().await, tables);
    assert!(said(&db, NAME).await.is_empty());
}

async fn status_says_disabled() {
    let db = keyed().await;
    install(&db, &[]).success();
    db.execute("n1", &format!("ALTER EVENT {NAME} DISABLE")).await;
    let answer = status(&db).exits(1).json();
    assert_eq!((&answer["installed"], &answer["working"]), (&Value::from(true), &Value::from(false)), "{answer}");
    assert_eq!(codes(&answer), ["event-disabled"], "{answer}");
    let fix = answer["findings"][0]["fix"].as_str().expect("a fix");
    assert_eq!(fix, "csqlstore event install");
    install(&db, &[]).success();
    status(&db).exits(0);
}

async fn status_is_not_satisfied_while_old_rows_are_there() {
    let db = keyed().await;
    install(&db, &[]).success();
    status(&db).exits(0);
    db.row("within-the-grace", "x", -HOUR + 60).await;
    status(&db).exits(0);
    // As if the event had run and not deleted: everything that the servers say of it is in order.
    db.row("old", "x", -DAY).await;
    let answer = status(&db).exits(1).json();
    assert_eq!(answer["working"], false);
    assert!(answer["oldest_expired_age_s"].as_i64().is_some_and(|age| (DAY..DAY + 600).contains(&age)), "{answer}");
    assert!(statuses(&answer).contains(&"ENABLED"));
    assert_eq!(codes(&answer), ["expired-rows-left"]);
}

/// Runs the command as another account of the same database, which has these rights and no others.
async fn as_account(db: &Database, rights: &str, args: &[&str]) -> Run {
    let user = format!("{}_r", db.name);
    db.execute("n1", &format!("CREATE USER IF NOT EXISTS '{user}'@'%' IDENTIFIED BY '{}'", db.password)).await;
    db.execute("n1", &format!("GRANT {rights} ON `{}`.* TO '{user}'@'%'", db.name)).await;
    db.column("n2", "SELECT '1'").await;
    db.column("n3", "SELECT '1'").await;
    let (line, mut command) = db.command(args);
    command.env("CSQLSTORE_NODES", db.dsns().replace(&format!("//{}:", db.name), &format!("//{user}:")));
    command::run((line, command))
}

async fn an_account_without_the_privilege_is_told_so_and_not_that_there_is_none() {
    let db = keyed().await;
    install(&db, &[]).success();
    let run = as_account(&db, "SELECT, DELETE", &["event", "status", "--format", "json"]).await;
    let answer = run.exits(1).json();
    assert_eq!(statuses(&answer), ["UNSEEN"; 3]);
    assert_eq!(codes(&answer), ["event-unseen"]);
    let grant = answer["findings"][0]["fix"].as_str().expect("a fix").to_owned();
    assert_eq!(grant, format!("GRANT EVENT ON `{0}`.* TO '{0}_r'@'%'", db.name));

    let run = as_account(&db, "SELECT, DELETE", &["event", "install", "--yes", "--format", "json"]).await.exits(2);
    let hint = run.json_error()["hint"].as_str().map(str::to_owned).expect("a hint");
    assert!(hint.contains(&grant), "{hint}");

    // The fix is the fix.
    db.execute("n1", &grant).await;
    let run = as_account(&db, "SELECT, DELETE", &["event", "status", "--format", "json"]).await;
    assert_eq!(statuses(&run.exits(0).json()), ["ENABLED", "SLAVESIDE_DISABLED", "SLAVESIDE_DISABLED"]);
}

async fn an_event_that_could_not_delete_is_not_installed() {
    let db = keyed().await;
    let run = as_account(&db, "SELECT, EVENT", &["event", "install", "--yes", "--format", "json"]).await.exits(2);
    let error = run.json_error();
    let grant = format!("GRANT SELECT, DELETE ON `{0}`.`session_cluster` TO '{0}_r'@'%'", db.name);
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains(&grant)), "{error}");
    assert!(said(&db, NAME).await.is_empty());
    db.execute("n1", &grant).await;
    as_account(&db, "SELECT, EVENT", &["event", "install", "--yes"]).await.success();
}

async fn a_table_without_keys_is_refused() {
    let db = Database::documented().await;
    let error = install(&db, &[]).exits(4).json_error();
    assert_eq!(error["class"], "data", "{error}");
    assert!(
        error["message"].as_str().is_some_and(|m| m.contains("no primary key and no index on expire_on")),
        "{error}"
    );
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("csqlstore migrate up")), "{error}");
    db.execute("n1", "ALTER TABLE session_cluster ADD PRIMARY KEY (id)").await;
    let error = install(&db, &[]).exits(4).json_error();
    assert!(error["message"].as_str().is_some_and(|m| m.contains("no index on expire_on")), "{error}");
    assert!(said(&db, NAME).await.is_empty());
}

async fn a_missing_table_is_named_with_the_way_out() {
    let db = Database::empty().await;
    let error = install(&db, &[]).exits(4).json_error();
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("csqlstore migrate up")), "{error}");
    let answer = status(&db).exits(1).json();
    assert_eq!(codes(&answer), ["event-missing", "expired-rows-unread"], "{answer}");
}

async fn without_a_terminal_it_needs_yes() {
    let db = keyed().await;
    let run = db.csqlstore(&["event", "install"]).exits(2);
    assert!(run.stderr.contains("--yes") && run.stdout.is_empty(), "{run:?}");
    assert!(said(&db, NAME).await.is_empty());
}

async fn a_name_or_a_number_that_makes_no_sense_is_a_wrong_request() {
    let db = keyed().await;
    for args in [
        &["--every", "0s"][..],
        &["--every", "1500ms"],
        &["--grace", "20years"],
        &["--batch", "0"],
        &["--batch", "10001"],
        &["--event", ""],
        &["--event", "a.b"],
        &["--on", "n9"],
    ] {
        let error = install(&db, args).exits(2).json_error();
        assert!(error["message"].is_string(), "{args:?}: {error}");
    }
    install(&db, &["--event", "my own`event"]).success();
    assert_eq!(said(&db, "my own`event").await.len(), 3);
    let run = db.csqlstore(&["event", "status", "--event", "my own`event", "--format", "json"]);
    assert_eq!(run.exits(0).json()["installed"], true);
}

async fn zones_of_the_server_do_not_matter() {
    let db = keyed().await;
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

async fn a_conflict_with_a_writer_does_not_end_the_run() {
    let db = keyed().await;
    db.rows("old", 1000, -DAY).await;
    let before = db.column("n1", "SELECT CAST(@@GLOBAL.innodb_lock_wait_timeout AS CHAR)").await.remove(0);
    // Sessions that begin from now on give up after a second: 1205.
    db.execute("n1", "SET GLOBAL innodb_lock_wait_timeout = 1").await;
    let mut writer = db.connect("n1").await;
    for sql in ["BEGIN", "UPDATE session_cluster SET data = 'renewed' WHERE id = 'old-00500'"] {
        writer.execute_unhurried("a writer's statement", sql, ()).await.expect("nobody is in the way");
    }
    // One run only: the next is in an hour.
    let run = install(&db, &["--batch", "100"]);
    let in_the_way = db.ids("n1").await.len();
    tokio::time::sleep(Duration::from_secs(2)).await;
    writer.execute("the writer's end", "COMMIT", ()).await.expect("the writer is there");
    db.execute("n1", &format!("SET GLOBAL innodb_lock_wait_timeout = {before}")).await;
    assert_eq!(run.success().json()["first_run"], "rows-left");
    assert!(in_the_way > 0, "the writer was not in the way");
    until_ids(&db, "n1", &[]).await;
}

async fn a_node_whose_scheduler_is_off_is_not_chosen() {
    let db = keyed().await;
    install(&db, &["--on", "n1"]).success();
    db.execute("n1", "SET GLOBAL event_scheduler = OFF").await;
    let stopped = status(&db);
    let refused = install(&db, &["--on", "n1"]);
    let moved = install(&db, &[]);
    let after = status(&db);
    // Somebody who may turns it on.
    let (line, mut command) = db.command(&["event", "install", "--yes", "--on", "n1", "--format", "json"]);
    let nodes = db.nodes();
    let roots: Vec<String> =
        nodes.iter().map(|node| format!("{node}={}{}", cluster::common().root_dsn(node), db.name)).collect();
    command.env("CSQLSTORE_NODES", roots.join(" "));
    let turned_on = command::run((line, command));
    db.execute("n1", "SET GLOBAL event_scheduler = ON").await;

    assert_eq!(codes(&stopped.exits(1).json()), ["scheduler-off"]);
    let error = refused.exits(2).json_error();
    let hint = error["hint"].as_str().expect("a hint");
    for word in ["SET GLOBAL event_scheduler = ON", "SUPER", "event_scheduler=ON", "my.cnf"] {
        assert!(hint.contains(word), "{hint}");
    }
    let moved = moved.success().json();
    assert_eq!((&moved["node"], &moved["moved_from"]), (&Value::from("n2"), &Value::from("n1")), "{moved}");
    assert_eq!(after.exits(0).json()["nodes"][0]["scheduler"], "OFF");
    let turned_on = turned_on.success();
    assert!(turned_on.stderr.contains("my.cnf"), "{turned_on:?}");
    let answer = turned_on.json();
    assert_eq!((&answer["scheduler_turned_on"], &answer["moved_from"]), (&Value::from(true), &Value::from("n2")));
}

async fn an_event_whose_node_dies_is_taken_over() {
    let db = keyed().await;
    install(&db, &["--on", "n2"]).success();
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n2", |_| ()).await.expect("n2 can be killed");
    let orphaned = status(&db);
    db.row("old", "x", -DAY).await;
    let taken = install(&db, &[]);
    let after = status(&db);
    sandbox.start("n2", |_| ()).await.expect("n2 comes back");
    let back = status(&db);

    let answer = orphaned.exits(1).json();
    assert_eq!(statuses(&answer), ["SLAVESIDE_DISABLED", "UNSEEN", "SLAVESIDE_DISABLED"]);
    assert_eq!(settled(&answer), ["event-node-down", "node-down"]);
    let answer = taken.success().json();
    assert_eq!((&answer["node"], &answer["first_run"]), (&Value::from("n1"), &Value::from("cleaned")), "{answer}");
    let answer = after.exits(0).json();
    assert_eq!(statuses(&answer), ["ENABLED", "UNSEEN", "SLAVESIDE_DISABLED"]);
    assert_eq!(settled(&answer), ["node-down"]);
    assert_eq!(statuses(&back.exits(0).json()), ["ENABLED", "SLAVESIDE_DISABLED", "SLAVESIDE_DISABLED"]);
}
