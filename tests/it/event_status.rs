//! `csqlstore event status` on the cluster: what is wrong, what mends it, and that it is gone then.

use serde_json::Value;

use crate::support::Database;
use crate::support::doctor::run_fix;
use crate::support::engine::{Engine, engine};
use crate::support::events::{
    Account, DAY, HOUR, NAME, as_root, changes, codes, everywhere, fix, install, of_lease, said, status, statuses,
    until_ids, until_runs,
};

crate::cases! {
    Beside: [
        status_says_missing_and_changes_nothing,
        status_says_disabled,
        status_is_not_satisfied_while_old_rows_are_there,
        the_last_run_is_told_with_its_rows_and_its_node,
        a_body_that_somebody_changed_is_found_and_mended,
        a_definer_who_is_gone_is_found_and_replaced,
        without_the_table_of_leases_it_does_not_work,
        where_nothing_is_migrated_the_migration_comes_first,
        a_table_that_takes_too_long_to_read_is_unread_and_no_proof,
    ],
    Beside if MariaDb because "MySQL keeps its events where nobody can write": [
        a_run_that_could_not_record_itself_is_told,
    ],
}

async fn status_says_missing_and_changes_nothing() {
    let db = Database::migrated().await;
    let tables = db.tables().await;
    let answer = status(&db).exits(1).json();
    assert_eq!(answer["schema_version"], 1);
    assert_eq!((&answer["installed"], &answer["working"]), (&Value::from(false), &Value::from(false)));
    assert_eq!(statuses(&answer), vec!["MISSING"; db.nodes().len()]);
    assert_eq!(answer["oldest_expired_age_s"], Value::Null);
    assert_eq!(codes(&answer), ["event-missing"]);
    db.csqlstore(&["event", "status", "--check"]).exits(1);
    let quiet = db.csqlstore(&["event", "status", "--quiet"]).exits(1);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    assert_eq!(db.tables().await, tables);
    assert!(said(&db, NAME).await.is_empty());
}

/// Whether what root does to an event makes it root's: on MySQL the tests leave it to its account.
fn by_root() -> bool {
    engine() == Engine::Galera
}

/// What an installation changes after root has changed one thing.
fn with_definer(what: &str) -> Vec<&str> {
    if by_root() { vec![what, "definer"] } else { vec![what] }
}

async fn status_says_disabled() {
    let db = Database::migrated().await;
    install(&db, &[]).success();
    db.execute("n1", &format!("ALTER EVENT {NAME} DISABLE")).await;
    let answer = status(&db).exits(1).json();
    assert_eq!((&answer["installed"], &answer["working"]), (&Value::from(true), &Value::from(false)), "{answer}");
    assert_eq!(codes(&answer), ["event-disabled"], "{answer}");
    assert_eq!(fix(&answer, "event-disabled"), "csqlstore event install");
    assert_eq!(changes(&install(&db, &[]).success().json()), with_definer("state"));
    status(&db).exits(0);
}

async fn status_is_not_satisfied_while_old_rows_are_there() {
    let db = Database::migrated().await;
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

async fn the_last_run_is_told_with_its_rows_and_its_node() {
    let db = Database::migrated().await;
    db.rows("old", 30, -DAY).await;
    assert_eq!(status(&db).exits(1).json()["last_run"], Value::Null);
    install(&db, &["--on", "n2", "--batch", "7"]).success();
    let answer = status(&db).exits(0).json();
    let run = &answer["last_run"];
    assert_eq!((&run["rows"], &run["node"]), (&Value::from(30), &Value::from(engine().writable("n2"))), "{answer}");
    let server = db.column(engine().writable("n2"), "SELECT CONCAT(@@hostname, ':', @@port)").await.remove(0);
    assert_eq!((run["server"].as_str(), of_lease(&db, "last_node").await), (Some(server.as_str()), server.clone()));
    let at: jiff::Timestamp = run["at"].as_str().and_then(|at| at.parse().ok()).expect("a time");
    let ago = jiff::Timestamp::now().duration_since(at).as_secs();
    assert!((0..120).contains(&ago), "{at} is not a moment ago, in UTC");
    let (human, node) = (db.csqlstore(&["event", "status"]).exits(0).stdout, engine().writable("n2"));
    assert!(human.contains(&format!("the last run deleted 30 rows on node `{node}`")), "{human}");
}

async fn a_body_that_somebody_changed_is_found_and_mended() {
    let db = Database::migrated().await;
    install(&db, &[]).success();
    assert_eq!(codes(&status(&db).exits(0).json()), [] as [&str; 0]);
    // The comment is ours still, the interval too.
    db.execute("n1", &format!("ALTER EVENT {NAME} DO DELETE FROM session_cluster WHERE expire_on < NOW() LIMIT 5"))
        .await;
    let answer = status(&db).exits(0).json();
    // Whoever alters an event is its definer from then on: root, whom this account cannot see.
    let found = if by_root() { &["event-drifted", "event-definer-unseen"][..] } else { &["event-drifted"] };
    assert_eq!(codes(&answer), found, "{answer}");
    assert_eq!(fix(&answer, "event-drifted"), "csqlstore event install");
    assert_eq!(changes(&install(&db, &[]).success().json()), with_definer("body"));
    assert_eq!(codes(&status(&db).exits(0).json()), [] as [&str; 0]);
}

async fn a_definer_who_is_gone_is_found_and_replaced() {
    let db = Database::migrated().await;
    let account = Account::new(&db, &[("ALL", "*")]).await;
    account.csqlstore(&["event", "install", "--yes"]).success();
    let answer = status(&db).exits(0).json();
    assert_eq!(answer["definer"], format!("{}@%", account.user));
    // Another account's name stands there, and the list of accounts is not for everyone.
    assert_eq!(codes(&answer), ["event-definer-unseen"], "{answer}");
    assert_eq!(fix(&answer, "event-definer-unseen"), "csqlstore event install --anew");
    assert_eq!(codes(&as_root(&db, &["event", "status", "--format", "json"]).exits(0).json()), [] as [&str; 0]);

    db.execute("n1", &format!("DROP USER '{}'@'%'", account.user)).await;
    everywhere(&db).await;
    let answer = as_root(&db, &["event", "status", "--format", "json"]).exits(1).json();
    assert_eq!((codes(&answer), &answer["working"]), (vec!["event-definer-gone"], &Value::from(false)), "{answer}");
    assert_eq!(fix(&answer, "event-definer-gone"), "csqlstore event install");
    let answer = as_root(&db, &["event", "install", "--yes", "--format", "json"]).success().json();
    assert_eq!(changes(&answer), ["definer"]);
    assert_eq!(codes(&as_root(&db, &["event", "status", "--format", "json"]).exits(0).json()), [] as [&str; 0]);
}

async fn without_the_table_of_leases_it_does_not_work() {
    let db = Database::migrated().await;
    install(&db, &[]).success();
    db.execute("n1", "DROP TABLE csqlstore_lease").await;
    let answer = status(&db).exits(1).json();
    assert_eq!(codes(&answer), ["event-lease-missing"], "{answer}");
    assert_eq!(fix(&answer, "event-lease-missing"), "csqlstore migrate up");
    let error = install(&db, &["--every", "2h"]).exits(4).json_error();
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("csqlstore migrate up")), "{error}");
    assert!(!db.tables().await.contains(&"csqlstore_lease".to_owned()));
    db.csqlstore(&["migrate", "up", "--yes"]).success();
    assert_eq!(codes(&status(&db).exits(0).json()), [] as [&str; 0]);
}

async fn where_nothing_is_migrated_the_migration_comes_first() {
    for (event, found) in [("", "event-missing"), ("AutoDeleteOldSession", "event-documented")] {
        let db = Database::documented().await;
        if !event.is_empty() {
            let sql = format!(
                "CREATE EVENT {event} ON SCHEDULE EVERY 1 HOUR DISABLE ON SLAVE DO DELETE FROM session_cluster \
                 WHERE expire_on < DATE_SUB(NOW(), INTERVAL 1 HOUR)"
            );
            db.execute("n1", &sql).await;
        }
        db.csqlstore(&["event", "install", "--yes"]).exits(4);
        let answer = status(&db).exits(1).json();
        assert_eq!(codes(&answer), [found], "{answer}");
        assert_eq!(fix(&answer, found), "csqlstore migrate up && csqlstore event install");
        run_fix(&db, &answer["findings"][0], &[]).await;
        assert_eq!(codes(&status(&db).exits(0).json()), [] as [&str; 0]);
    }
}

async fn a_run_that_could_not_record_itself_is_told() {
    let db = Database::migrated().await;
    install(&db, &["--every", "1s", "--grace", "0s"]).success();
    // Whoever has the lease keeps the event from it, and a run of two minutes ago has left nothing.
    db.execute(
        "n1",
        "UPDATE csqlstore_lease SET owner = 'a-purge:1:x', expires_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR, \
         last_run_at = NULL WHERE name = 'purge'",
    )
    .await;
    until_runs(&db, "n1", NAME, 1).await;
    db.execute("n1", &format!("ALTER EVENT {NAME} DISABLE")).await;
    // Written there, it is what the server says of the event, and not what its scheduler has in mind.
    db.execute("n1", &format!("UPDATE mysql.event SET last_executed = UTC_TIMESTAMP() - INTERVAL 2 MINUTE, status = 'ENABLED' WHERE db = '{}'", db.name)).await;
    db.row("old", "x", -DAY).await;
    let answer = as_root(&db, &["event", "status", "--format", "json"]).exits(1).json();
    assert_eq!(codes(&answer), ["expired-rows-left", "event-run-unrecorded"], "{answer}");
    assert_eq!(answer["holder"]["owner"], "a-purge:1:x");
    let message = answer["findings"][1]["message"].as_str().expect("a message");
    assert!(message.contains("a-purge:1:x"), "{message}");
    until_ids(&db, "n1", &["old"]).await;
    // Once the lease is free, what the finding says begins a run that records itself.
    assert_eq!(fix(&answer, "event-run-unrecorded"), "csqlstore event install --anew");
    db.execute("n1", "UPDATE csqlstore_lease SET owner = '' WHERE name = 'purge'").await;
    let answer = install(&db, &["--anew"]).success().json();
    assert_eq!(
        (changes(&answer), &answer["first_run"]),
        (vec!["schedule", "definer"], &Value::from("cleaned")),
        "{answer}"
    );
    assert_eq!(codes(&status(&db).exits(0).json()), [] as [&str; 0]);
}

async fn a_table_that_takes_too_long_to_read_is_unread_and_no_proof() {
    let db = Database::migrated().await;
    install(&db, &[]).success();
    db.rows("expired", 100, -DAY / 1440).await;
    // As slow as one that is large and has no index.
    db.execute("n1", "RENAME TABLE session_cluster TO base").await;
    db.execute("n1", "CREATE VIEW session_cluster AS SELECT * FROM base WHERE SLEEP(0.2) = 0").await;
    let run = db.csqlstore(&["event", "status", "--format", "json", "--timeout", "2s"]).exits(1);
    let answer = run.json();
    assert_eq!((&answer["installed"], &answer["working"]), (&Value::from(true), &Value::from(false)), "{answer}");
    assert_eq!(answer["oldest_expired_age_s"], Value::Null, "{answer}");
    assert_eq!(fix(&answer, "expired-rows-unread"), "csqlstore migrate up");
    let human = db.csqlstore(&["event", "status", "--timeout", "2s"]).exits(1).stdout;
    assert!(!human.contains("no session in the table has expired") && human.contains("could not be read"), "{human}");
    db.execute("n1", "DROP VIEW session_cluster").await;
    db.execute("n1", "RENAME TABLE base TO session_cluster").await;
    status(&db).exits(0);
}
