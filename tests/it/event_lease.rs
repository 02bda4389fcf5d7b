//! The event's runs on the cluster: one at a time, never beside a purge, and through conflicts to their end.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use csqlstore::lease::{self, Terms};
use csqlstore::schema::Table;
use serde_json::Value;

use crate::migrate::library;
use crate::support::Database;
use crate::support::database::connect;
use crate::support::engine::engine;
use crate::support::events::{
    DAY, NAME, codes, everywhere, fix, install, of_lease, said, status, until, until_given_back, until_ids, until_runs,
};

crate::cases! {
    Beside: [
        deletes_nothing_while_somebody_has_the_lease,
        a_run_ends_when_its_time_is_over_and_the_next_one_goes_on,
        a_run_whose_lease_was_taken_over_stops,
        a_lease_that_ran_out_is_taken_over_and_not_before,
        a_row_that_a_writer_keeps_locked_does_not_end_the_run,
    ],
    Beside if Writers because "they move an event, or its conflicts, between nodes that take writes": [
        enabled_on_two_nodes_it_never_runs_on_both_at_once,
    ],
    Alone if Galera because "it counts conflicts as Galera does": [
        lost_certifications_do_not_end_the_run,
    ],
}

async fn deletes_nothing_while_somebody_has_the_lease() {
    let db = Database::migrated().await;
    let farm = library(&db);
    let dsns = db.dsns();
    let mut nodes = dsns.split(' ').filter_map(|entry| entry.split_once('='));
    let (name, dsn) = nodes.find(|(name, _)| *name == engine().writable("n3")).expect("a node");
    let mut purge = connect(name, dsn).await;
    let terms = Terms { length: Duration::from_secs(300), wait: Duration::ZERO, cluster: &farm };
    let table = Table::default();
    let held = lease::acquire(&mut purge, &table, lease::Name::Purge, terms, |_, _| ControlFlow::Continue(()));
    let held = held.await.expect("a free lease").expect("nobody broke off");
    everywhere(&db).await;
    db.row("old", "x", -DAY).await;
    let answer = install(&db, &["--every", "1s", "--grace", "0s"]).success().json();
    assert_eq!(answer["first_run"], "held", "{answer}");
    until_runs(&db, "n1", NAME, 3).await;
    assert_eq!(db.ids("n1").await, ["old"]);
    let answer = status(&db).exits(1).json();
    assert_eq!(
        (&answer["holder"]["owner"], &answer["last_run"]),
        (&Value::from(held.owner()), &Value::Null),
        "{answer}"
    );
    assert_eq!(of_lease(&db, "epoch").await, held.epoch().to_string());
    held.release(&mut purge).await.expect("a release");
    until_ids(&db, "n2", &[]).await;
    assert_eq!(of_lease(&db, "epoch > 1").await, "1");
}

/// Who deleted what, and who had the lease then.
const WITNESS: &[&str] = &[
    "CREATE TABLE witness (id varchar(40) NOT NULL PRIMARY KEY, server varchar(255), owner varchar(255), epoch bigint)",
    "CREATE TRIGGER witness AFTER DELETE ON session_cluster FOR EACH ROW INSERT INTO witness \
     SELECT OLD.id, CONCAT(@@hostname, ':', @@port), owner, epoch FROM csqlstore_lease \
     WHERE session_table = 'session_cluster' AND name = 'purge'",
    "CREATE TABLE taken_away (epoch bigint NOT NULL PRIMARY KEY, from_whom varchar(255), by_whom varchar(255))",
    "CREATE TRIGGER taken_away AFTER UPDATE ON csqlstore_lease FOR EACH ROW INSERT INTO taken_away \
     SELECT NEW.epoch, OLD.owner, NEW.owner FROM DUAL WHERE OLD.owner <> '' AND NEW.epoch <> OLD.epoch",
];

async fn enabled_on_two_nodes_it_never_runs_on_both_at_once() {
    let db = Database::migrated().await;
    for sql in WITNESS {
        db.execute("n1", sql).await;
    }
    install(&db, &["--every", "1s", "--grace", "0s", "--batch", "3", "--on", "n1"]).success();
    let mut alone = db.connect("n2").await;
    alone.execute("leaving the cluster out", engine().alone(), ()).await.expect("root may do that");
    let enable = db.own(&format!("ALTER EVENT {NAME} ENABLE"));
    alone.execute_unhurried("enabling it here too", &enable, ()).await.expect("root may do that");
    alone.close().await;
    assert_eq!(said(&db, NAME).await, ["ENABLED", "ENABLED", "SLAVESIDE_DISABLED"]);
    for turn in 0..6 {
        db.rows(&format!("t{turn}"), 100, -10).await;
        let both = [until_runs(&db, "n1", NAME, 1), until_runs(&db, "n2", NAME, 1)];
        futures_util::future::join_all(both).await;
    }
    until_ids(&db, "n1", &[]).await;
    until_given_back(&db).await;
    let count = db.column("n1", "SELECT CAST(COUNT(*) AS CHAR) FROM witness").await;
    assert_eq!(count, ["600"]);
    let strangers = format!("SELECT id FROM witness WHERE owner <> CONCAT('event:{NAME}@', server)");
    assert_eq!(db.column("n1", &strangers).await, [] as [&str; 0], "deleted by somebody who did not have the lease");
    let taken = "SELECT CONCAT(by_whom, ' from ', from_whom) FROM taken_away";
    assert_eq!(db.column("n1", taken).await, [] as [&str; 0], "a run took the lease of another that was at it");
    let shared = "SELECT CAST(epoch AS CHAR) FROM witness GROUP BY epoch HAVING COUNT(DISTINCT server) > 1";
    assert_eq!(db.column("n1", shared).await, [] as [&str; 0], "two runs in one holding of the lease");

    let answer = status(&db).exits(0).json();
    assert_eq!(codes(&answer), ["event-enabled-twice"], "{answer}");
    assert_eq!(fix(&answer, "event-enabled-twice"), "csqlstore event install");
    install(&db, &[]).success();
    assert_eq!(said(&db, NAME).await, ["ENABLED", "SLAVESIDE_DISABLED", "SLAVESIDE_DISABLED"]);
}

async fn a_run_ends_when_its_time_is_over_and_the_next_one_goes_on() {
    let db = Database::migrated().await;
    // At 50 ms a batch, more than a second and less than all the time there is.
    db.rows("old", 200, -DAY).await;
    let answer = install(&db, &["--batch", "1", "--max-time", "1s"]).success().json();
    assert_eq!((&answer["first_run"], &answer["max_time_s"]), (&Value::from("rows-left"), &Value::from(1)), "{answer}");
    until_given_back(&db).await;
    let left = db.ids("n1").await.len();
    assert!((1..200).contains(&left), "{left}");
    let rows: usize = of_lease(&db, "last_rows").await.parse().expect("a number");
    assert_eq!(rows + left, 200, "the record counts what went");
    let first = of_lease(&db, "epoch").await;
    install(&db, &["--batch", "100", "--max-time", "30s"]).success();
    until_ids(&db, "n1", &[]).await;
    assert_ne!(of_lease(&db, "epoch").await, first);
}

async fn a_run_whose_lease_was_taken_over_stops() {
    let db = Database::migrated().await;
    db.rows("old", 2000, -DAY).await;
    let running = db.start(&["event", "install", "--yes", "--batch", "1", "--max-time", "10m"]);
    until(&db, "n1", "SELECT last_rows > 3 FROM csqlstore_lease WHERE name = 'purge'", &["1"]).await;
    let connection = of_lease(&db, "connection_id").await;
    let thief = "UPDATE csqlstore_lease SET owner = 'thief', epoch = epoch + 1, expires_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR \
                 WHERE name = 'purge'";
    db.execute("n1", thief).await;
    let left = db.ids("n1").await.len();
    until(&db, "n1", &format!("SELECT ID FROM information_schema.PROCESSLIST WHERE ID = {connection}"), &[]).await;
    assert_eq!(db.ids("n1").await.len(), left, "deleted without the lease");
    assert!(left > 0, "it had to be in the middle");
    assert_eq!(of_lease(&db, "owner").await, "thief", "what is not its own it does not give back");
    let answer = running.end().success();
    assert!(answer.stdout.contains("the lease is held by thief"), "{answer:?}");
}

async fn a_lease_that_ran_out_is_taken_over_and_not_before() {
    let db = Database::migrated().await;
    install(&db, &["--every", "1s", "--grace", "0s"]).success();
    let leave = async |seconds: i64| {
        let sql = format!(
            "UPDATE csqlstore_lease SET owner = 'event:{NAME}@gone:3306', expires_at = UTC_TIMESTAMP(6) + INTERVAL {seconds} SECOND WHERE name = 'purge'"
        );
        db.execute("n1", &sql).await;
    };
    // A run of the same event on a node that is gone since: long past its end by a clock that is ahead, and not yet by one that may be behind.
    leave(60).await;
    db.execute("n1", &format!("ALTER EVENT {NAME} COMMENT 'csqlstore grace=0 batch=200 max=1 margin=600'")).await;
    let answer = install(&db, &[]).success().json();
    assert_eq!(answer["first_run"], "held", "{answer}");
    leave(-300).await;
    db.row("old", "x", -60).await;
    until_runs(&db, "n1", NAME, 3).await;
    assert_eq!(
        (db.ids("n1").await, of_lease(&db, "owner").await),
        (vec!["old".to_owned()], format!("event:{NAME}@gone:3306"))
    );
    leave(-601).await;
    until_ids(&db, "n1", &[]).await;
}

async fn a_row_that_a_writer_keeps_locked_does_not_end_the_run() {
    let db = Database::migrated().await;
    db.rows("old", 1000, -DAY).await;
    let mut writer = db.connect("n1").await;
    for sql in ["BEGIN", "UPDATE session_cluster SET data = 'renewed' WHERE id = 'old-00500'"] {
        writer.execute_unhurried("a writer's statement", sql, ()).await.expect("nobody is in the way");
    }
    // One run only: the next is in an hour.
    let run = install(&db, &["--batch", "100"]);
    // All the others go around it, from both ends.
    until_ids(&db, "n1", &["old-00500"]).await;
    writer.execute("the writer's end", "COMMIT", ()).await.expect("the writer is there");
    assert!(["rows-left", "cleaned"].contains(&run.success().json()["first_run"].as_str().expect("a word")));
    until_ids(&db, "n2", &[]).await;
    until_given_back(&db).await;
    assert_eq!((of_lease(&db, "last_rows").await, of_lease(&db, "epoch").await), ("1000".into(), "1".into()));
}

async fn lost_certifications_do_not_end_the_run() {
    let db = Arc::new(Database::migrated().await);
    db.rows("old", 3000, -DAY).await;
    let lost = async |db: &Database| -> u64 {
        let sql = "SELECT CAST(SUM(VARIABLE_VALUE) AS CHAR) FROM information_schema.GLOBAL_STATUS \
                   WHERE VARIABLE_NAME IN ('wsrep_local_cert_failures', 'wsrep_local_bf_aborts')";
        db.column("n1", sql).await.remove(0).parse().expect("a number")
    };
    let before = lost(&db).await;
    let (stop, writes) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let mut writers = Vec::new();
    for writer in 0_u32..4 {
        let (db, stop, writes) = (Arc::clone(&db), Arc::clone(&stop), Arc::clone(&writes));
        writers.push(tokio::spawn(async move {
            let mut connection = db.connect(["n2", "n3"][writer as usize % 2]).await;
            let mut turn = writer;
            while !stop.load(Ordering::Relaxed) {
                turn = turn.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let sql = format!(
                    "UPDATE session_cluster SET data = 'w{turn}' WHERE id = 'old-{:05}'",
                    (turn >> 8) % 3000 + 1
                );
                // Whoever loses tries the next row, as a program would.
                if connection.execute("a writer's statement", &sql, ()).await.is_ok() {
                    writes.fetch_add(1, Ordering::Relaxed);
                }
            }
            connection.close().await;
        }));
    }
    let run = tokio::task::spawn_blocking({
        let db = Arc::clone(&db);
        move || install(&db, &["--on", "n1"])
    });
    until_ids(&db, "n1", &[]).await;
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.expect("a writer ends");
    }
    run.await.expect("the command ran").success();
    until_given_back(&db).await;
    assert!(lost(&db).await > before, "nobody was in the way of {} writes", writes.load(Ordering::Relaxed));
    // All of it in one run, and counted right through every batch that was rolled back.
    assert_eq!((of_lease(&db, "last_rows").await, of_lease(&db, "epoch").await), ("3000".into(), "1".into()));
    until_ids(&db, "n3", &[]).await;
}
