//! Findings about the deletion of expired sessions, each provoked and mended.

use std::time::Instant;

use crate::support::command;
use crate::support::database::PATIENCE;
use crate::support::doctor::{Globals, Reader, findings, look, mends, run_fix, until_found, until_gone};
use crate::support::engine::engine;
use crate::support::events::{Account, as_root, everywhere};
use crate::support::{Database, cluster, proof};

crate::cases! {
    Beside: [
        event_missing,
        a_purge_that_runs_makes_up_for_a_missing_event,
        event_documented,
        event_disabled,
        event_unseen,
        event_drifted,
        event_foreign,
        event_zone,
        event_unjudged,
        event_definer_gone,
        event_definer_unseen,
        event_definer_denied,
        event_lease_missing,
        event_record_unseen,
        expired_rows_left,
        expired_rows_unread,
    ],
    Beside if MariaDb because "MySQL keeps its events where nobody can write": [
        event_run_unrecorded,
    ],
    Beside if Writers because "they move an event, or its conflicts, between nodes that take writes": [
        event_enabled_twice,
    ],
    Alone: [
        scheduler_off,
    ],
    Alone if Writers because "they move an event, or its conflicts, between nodes that take writes": [
        event_node_down,
        event_node_unusable,
    ],
    Alone if Nodes because "they set the clock of a node beside the one at work": [
        event_clocks,
        a_grace_below_what_clocks_are_apart_is_refused,
    ],
}

const DAY: i64 = 86_400;
const NAME: &str = "csqlstore_purge_session_cluster";

/// A database with the event that csqlstore installs, on a node.
async fn installed(on: &str) -> Database {
    let db = Database::migrated().await;
    db.csqlstore(&["event", "install", "--yes", "--on", on]).success();
    db
}

/// Runs statements as root on one connection.
async fn on_one(db: &Database, node: &str, statements: &[&str]) {
    let mut root = db.connect(node).await;
    for sql in statements {
        let done = root.execute_unhurried("a test's statement", sql, ()).await;
        done.unwrap_or_else(|error| panic!("{sql}: {error}: {:?}", std::error::Error::source(&error)));
    }
    root.close().await;
}

async fn event_missing() {
    let db = Database::migrated().await;
    look(&db, "event-missing", &[]).exits(1);
    mends(&db, "event-missing").await;
}

async fn a_purge_that_runs_makes_up_for_a_missing_event() {
    let db = Database::migrated().await;
    let told = |run: &command::Run| {
        let found = findings(&run.json());
        assert_eq!(found.len(), 1, "{run:?}");
        found[0].clone()
    };
    let missing = || told(&look(&db, "event-missing", &[]).exits(1));
    let made_up_for = || {
        let finding = told(&look(&db, "event-missing", &["--strict"]).success());
        assert_eq!((finding["level"].as_str(), finding["fix"].as_str()), (Some("note"), None), "{finding}");
        assert!(
            finding["message"].as_str().is_some_and(|text| text.contains("`csqlstore purge` last ran")),
            "{finding}"
        );
    };
    missing();
    // It found nothing to delete, and that it ran is known all the same.
    db.csqlstore(&["purge", "--yes", "--quiet", "--if-free"]).success();
    made_up_for();
    db.row("2026-01-01T00:00:00Z12345", "x", -3 * 3600).await;
    assert_eq!(missing()["level"], "error");
    db.csqlstore(&["purge", "--yes", "--quiet", "--if-free"]).success();
    made_up_for();
    db.execute("n1", "UPDATE csqlstore_lease SET acquired_at = acquired_at - INTERVAL 27 HOUR").await;
    missing();
    // A run of an event that is gone is nobody's promise of another one.
    db.csqlstore(&["event", "install", "--yes"]).success();
    db.csqlstore(&["event", "remove", "--yes"]).success();
    missing();
    db.csqlstore(&["purge", "--yes", "--quiet", "--if-free"]).success();
    made_up_for();
    // Whoever asks for the event hears that there is none.
    db.csqlstore(&["event", "status", "--check"]).exits(1);
}

async fn event_documented() {
    let db = Database::migrated().await;
    let sql = "CREATE EVENT AutoDeleteOldSession ON SCHEDULE EVERY 1 HOUR ON COMPLETION PRESERVE DISABLE ON SLAVE \
               DO DELETE LOW_PRIORITY FROM session_cluster WHERE expire_on < DATE_SUB(NOW(), INTERVAL 1 HOUR)";
    db.execute("n1", sql).await;
    look(&db, "event-documented", &[]).exits(1);
    mends(&db, "event-documented").await;
}

async fn event_disabled() {
    let db = installed("n1").await;
    db.execute("n1", &format!("ALTER EVENT {NAME} DISABLE")).await;
    look(&db, "event-disabled", &[]).exits(1);
    mends(&db, "event-disabled").await;
}

async fn event_enabled_twice() {
    let db = installed("n1").await;
    on_one(&db, "n2", &[engine().alone(), &db.own(&format!("ALTER EVENT {NAME} ENABLE"))]).await;
    mends(&db, "event-enabled-twice").await;
}

async fn event_unseen() {
    let db = installed("n1").await;
    let reader = Reader::of(&db).await;
    let ask = || reader.look("event-unseen");
    let found = findings(&ask().exits(1).json());
    run_fix(&db, &found[0], &[]).await;
    // The grant reaches the other nodes a moment later.
    let begin = Instant::now();
    while !findings(&ask().json()).is_empty() {
        assert!(begin.elapsed() < PATIENCE, "{found:?}");
    }
}

async fn event_drifted() {
    let db = installed("n1").await;
    db.execute("n1", &format!("ALTER EVENT {NAME} DO DELETE FROM session_cluster WHERE expire_on < UTC_TIMESTAMP()"))
        .await;
    mends(&db, "event-drifted").await;
}

async fn event_foreign() {
    let db = Database::migrated().await;
    let sql = "CREATE EVENT of_somebody ON SCHEDULE EVERY 1 HOUR DO \
               DELETE FROM session_cluster WHERE expire_on < UTC_TIMESTAMP() - INTERVAL 1 DAY";
    db.execute("n1", sql).await;
    mends(&db, "event-foreign").await;
}

async fn event_zone() {
    let db = Database::migrated().await;
    let sql = "CREATE EVENT of_somebody ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' DO \
               DELETE FROM session_cluster WHERE expire_on < NOW() - INTERVAL 1 HOUR";
    on_one(&db, "n1", &["SET SESSION time_zone = '+05:00'", sql]).await;
    mends(&db, "event-zone").await;
}

async fn event_unjudged() {
    let db = Database::migrated().await;
    let sql = "CREATE EVENT of_somebody ON SCHEDULE EVERY 1 MONTH STARTS '2037-01-01 00:00:00' DO \
               DELETE FROM session_cluster WHERE expire_on < UTC_TIMESTAMP()";
    db.execute("n1", sql).await;
    db.row("old", "x", -DAY).await;
    mends(&db, "event-unjudged").await;
}

/// What the doctor says as another account, of one code.
fn said(run: &command::Run) -> Vec<serde_json::Value> {
    findings(&run.json())
}

async fn event_definer_gone() {
    let db = Database::migrated().await;
    let account = Account::new(&db, &[("ALL", "*")]).await;
    account.csqlstore(&["event", "install", "--yes"]).success();
    db.execute("n1", &format!("DROP USER '{}'@'%'", account.user)).await;
    everywhere(&db).await;
    // The list of accounts is not for everyone: root sees it.
    let ask = ["doctor", "--format", "json", "--only", "event-definer-gone"];
    let found = said(&as_root(&db, &ask).exits(1));
    assert_eq!(found[0]["fix"], "csqlstore event install");
    as_root(&db, &["event", "install", "--yes"]).success();
    proof::mended(&found[0]);
    assert!(said(&as_root(&db, &ask).success()).is_empty());
}

async fn event_definer_unseen() {
    let db = Database::migrated().await;
    let account = Account::new(&db, &[("ALL", "*")]).await;
    account.csqlstore(&["event", "install", "--yes"]).success();
    let found = mends(&db, "event-definer-unseen").await;
    assert_eq!(found["level"], "note");
}

async fn event_definer_denied() {
    let db = Database::migrated().await;
    let rights = [("EVENT", "*"), ("SELECT, DELETE", "session_cluster"), ("SELECT, INSERT, UPDATE", "csqlstore_lease")];
    let account = Account::new(&db, &rights).await;
    account.csqlstore(&["event", "install", "--yes"]).success();
    db.execute("n1", &format!("REVOKE DELETE ON `{}`.session_cluster FROM '{}'@'%'", db.name, account.user)).await;
    everywhere(&db).await;
    let ask = ["doctor", "--format", "json", "--only", "event-definer-denied"];
    let found = said(&account.csqlstore(&ask).exits(1));
    run_fix(&db, &found[0], &[]).await;
    everywhere(&db).await;
    assert!(said(&account.csqlstore(&ask).success()).is_empty());
}

async fn event_lease_missing() {
    let db = installed("n1").await;
    db.execute("n1", "DROP TABLE csqlstore_lease").await;
    look(&db, "event-lease-missing", &[]).exits(1);
    mends(&db, "event-lease-missing").await;
}

async fn event_record_unseen() {
    let db = installed("n1").await;
    let account = Account::new(&db, &[("EVENT", "*"), ("SELECT", "session_cluster")]).await;
    let ask = ["doctor", "--format", "json", "--only", "event-record-unseen"];
    let found = said(&account.csqlstore(&ask).success());
    assert_eq!(found[0]["level"], "note");
    run_fix(&db, &found[0], &[]).await;
    everywhere(&db).await;
    assert!(said(&account.csqlstore(&ask).success()).is_empty());
}

async fn event_run_unrecorded() {
    let db = installed("n1").await;
    // A run of two minutes ago that left nothing.
    db.execute("n1", "UPDATE csqlstore_lease SET last_run_at = NULL WHERE name = 'purge'").await;
    let began = "UPDATE mysql.event SET last_executed = UTC_TIMESTAMP() - INTERVAL 2 MINUTE WHERE db = DATABASE()";
    db.execute("n1", began).await;
    // The server reads its own table anew when the event is altered.
    let found = mends(&db, "event-run-unrecorded").await;
    assert_eq!(found["level"], "warning");
}

async fn expired_rows_left() {
    let db = Database::migrated().await;
    db.row("old", "x", -DAY).await;
    look(&db, "expired-rows-left", &[]).exits(1);
    mends(&db, "expired-rows-left").await;
    assert!(db.ids("n1").await.is_empty());
}

async fn expired_rows_unread() {
    let db = Database::migrated().await;
    let mut root = db.connect("n1").await;
    root.execute("holding the table", "LOCK TABLES session_cluster WRITE", ()).await.expect("root may do that");
    let run =
        db.csqlstore(&["doctor", "--format", "json", "--only", "expired-rows-unread", "--timeout", "1s"]).exits(1);
    root.close().await;
    run_fix(&db, &findings(&run.json())[0], &[]).await;
    until_gone(&db, "expired-rows-unread", &[]).await;
}

async fn event_node_down() {
    let db = installed("n2").await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n2", |_| ()).await.expect("n2 can be killed");
    let found = until_found(&db, "event-node-down", &[]).await;
    run_fix(&db, &found, &[]).await;
    until_gone(&db, "event-node-down", &[]).await;
    sandbox.start("n2", |_| ()).await.expect("n2 comes back");
    until_gone(&db, "node-down", &[]).await;
}

async fn event_node_unusable() {
    let db = installed("n2").await;
    let _globals = Globals::set(&db, &["n2"], "read_only", "ON").await;
    look(&db, "event-node-unusable", &[]).exits(1);
    mends(&db, "event-node-unusable").await;
}

async fn scheduler_off() {
    let db = installed("n2").await;
    let node = engine().writable("n2");
    let _globals = Globals::set(&db, &[node], "event_scheduler", "OFF").await;
    look(&db, "scheduler-off", &[]).exits(1);
    let found = mends(&db, "scheduler-off").await;
    assert_eq!(found["node"], node);
}

/// Lets sessions on n2 believe that it is later, until it is dropped.
async fn ahead(db: &Database, seconds: u32) -> Globals {
    Globals::set(db, &["n2"], "init_connect", &format!("'SET timestamp = UNIX_TIMESTAMP() + {seconds}'")).await
}

async fn event_clocks() {
    // Written with a margin of a minute, and with a grace of an hour, which covers what is to come.
    let db = installed("n1").await;
    let _globals = ahead(&db, 90).await;
    let found = mends(&db, "event-clocks").await;
    assert_eq!((&found["level"], &found["fix"]), (&"warning".into(), &"csqlstore event install".into()), "{found}");
    assert!(found["message"].as_str().is_some_and(|text| text.contains("lease over 1m after its end")), "{found}");
    let status = db.csqlstore(&["event", "status", "--format", "json"]).json();
    assert!(status["definition"]["margin_s"].as_u64().is_some_and(|margin| (90..100).contains(&margin)), "{status}");
    // A grace that was enough for clocks that were alike.
    let db = Database::migrated().await;
    {
        let _alike = Globals::set(&db, &["n2"], "init_connect", "''").await;
        db.csqlstore(&["event", "install", "--yes", "--grace", "10s"]).success();
    }
    let found = mends(&db, "event-clocks").await;
    let fix = found["fix"].as_str().expect("a fix");
    assert!(fix.starts_with("csqlstore event install --grace 9"), "{found}");
    // And `event status` tells it as well.
    let (answer, _grown) = (db.csqlstore(&["event", "status", "--format", "json"]), ahead(&db, 200).await);
    assert!(!answer.stdout.contains("event-clocks"), "{answer:?}");
    let answer = db.csqlstore(&["event", "status", "--format", "json"]);
    assert!(answer.stdout.contains("event-clocks"), "{answer:?}");
}

async fn a_grace_below_what_clocks_are_apart_is_refused() {
    let db = Database::migrated().await;
    let globals = ahead(&db, 20).await;
    let refused = db.csqlstore(&["event", "install", "--yes", "--grace", "10s"]).exits(2);
    assert!(refused.stderr.contains("s apart, more than a grace of 10s"), "{refused:?}");
    assert!(refused.stderr.contains("longer `--grace`"), "{refused:?}");
    look(&db, "event-missing", &[]).exits(1);
    db.csqlstore(&["event", "install", "--yes", "--grace", "30s"]).success();
    // What was chosen once is kept, with a word; chosen anew it is refused.
    drop(globals);
    let _globals = ahead(&db, 50).await;
    db.csqlstore(&["event", "install", "--yes"]).success();
    let kept = db.csqlstore(&["event", "install", "--yes", "--every", "2h"]).success();
    assert!(kept.stderr.contains("s apart, which is more than the grace"), "{kept:?}");
    db.csqlstore(&["event", "install", "--yes", "--grace", "30s"]).exits(2);
}
