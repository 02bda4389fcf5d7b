//! `csqlstore purge` on the cluster: which rows go, which stay, and what it says.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::cases;
use crate::support::Database;
use crate::support::database::{PATIENCE, connect};
use crate::support::engine::engine;
use crate::support::expiry::{DAY, count, ids, names, under_way};
use crate::support::sql::numbers;

cases! {
    Beside: [
        deletes_exactly_the_expired_rows_on_every_node,
        deletes_only_rows_past_the_grace,
        a_dry_run_changes_nothing,
        deletes_exactly_max_rows_oldest_first,
        stops_after_max_time_and_says_what_is_left,
        a_row_that_expires_during_the_run_stays,
        waits_out_a_lock_that_another_transaction_holds,
        never_deletes_a_session_that_is_renewed_meanwhile,
        finishes_its_batch_on_a_signal_and_reports,
        nothing_to_delete_needs_no_yes,
        quiet_leaves_the_human_report_out_and_writes_json,
        the_human_report_says_what_was_done,
        rows_that_come_in_as_fast_as_they_go_are_not_called_drained,
    ],
}

async fn deletes_exactly_the_expired_rows_on_every_node() {
    let db = Database::migrated().await;
    db.rows("expired", 30_000, -DAY).await;
    db.rows("live", 30_000, DAY).await;
    let answer = db.csqlstore(&["purge", "--yes", "--format", "json"]).success().json();
    assert_eq!(answer["schema_version"], 1);
    assert_eq!(answer["dry_run"], false);
    assert_eq!(answer["expired"], 30_000);
    assert_eq!(answer["deleted"], 30_000);
    assert_eq!(answer["remaining"], 0);
    assert_eq!(answer["stopped"], "drained");
    assert!(answer["batches"].as_u64().is_some_and(|batches| batches >= 30), "{answer}");
    assert!(answer["cutoff"].as_str().is_some_and(|cutoff| cutoff.ends_with('Z')), "{answer}");
    for node in db.nodes() {
        assert!(ids(&db, &node).await == names("live", 30_000), "other rows than the live ones are left on {node}");
    }
}

async fn deletes_only_rows_past_the_grace() {
    let db = Database::migrated().await;
    db.row("three-days", "x", -3 * DAY).await;
    db.row("a-minute", "x", -60).await;
    db.row("live", "x", 60).await;
    let answer = db.csqlstore(&["purge", "--yes", "--format", "json"]).success().json();
    assert_eq!((answer["expired"].as_u64(), answer["deleted"].as_u64()), (Some(1), Some(1)), "{answer}");
    assert_eq!(db.ids("n2").await, ["a-minute", "live"]);
    db.csqlstore(&["purge", "--yes", "--grace", "2m"]).success();
    assert_eq!(db.ids("n2").await, ["a-minute", "live"]);
    db.csqlstore(&["purge", "--yes", "--grace", "0s"]).success();
    assert_eq!(db.ids("n2").await, ["live"]);
}

async fn a_dry_run_changes_nothing() {
    let db = Database::migrated().await;
    db.rows("expired", 500, -2 * DAY).await;
    db.row("live", "x", 60).await;
    let checksum = "SELECT CONCAT(COUNT(*), ' ', SHA2(GROUP_CONCAT(id, data, expire_on, modify_at ORDER BY id), 256)) \
                    FROM session_cluster";
    let before = db.column("n1", checksum).await;
    let answer = db.csqlstore(&["purge", "--dry-run", "--format", "json"]).success().json();
    assert_eq!(answer["dry_run"], true);
    assert_eq!(answer["expired"], 500);
    assert_eq!(answer["deleted"], 0);
    assert_eq!(answer["remaining"], 500);
    assert_eq!(answer["stopped"], serde_json::Value::Null);
    let run = db.csqlstore(&["purge", "--dry-run"]).success();
    assert!(run.stdout.starts_with("500 sessions in `session_cluster` expired before "), "{}", run.stdout);
    assert!(run.stdout.contains("nothing was deleted"), "{}", run.stdout);
    assert_eq!(db.column("n1", checksum).await, before);
}

async fn deletes_exactly_max_rows_oldest_first() {
    let db = Database::migrated().await;
    db.rows("old", 400, -3 * DAY).await;
    db.rows("older", 400, -4 * DAY).await;
    let first = db.csqlstore(&["purge", "--yes", "--max-rows", "333", "--batch", "100", "--format", "json"]);
    let answer = first.exits(5).json();
    assert_eq!((answer["deleted"].as_u64(), answer["remaining"].as_u64()), (Some(333), Some(467)), "{answer}");
    assert_eq!((answer["batches"].as_u64(), answer["stopped"].as_str()), (Some(4), Some("max-rows")), "{answer}");
    let left = ids(&db, "n3").await;
    assert_eq!(left.len(), 467);
    assert!(left.is_superset(&names("old", 400)), "younger rows went before older ones");
    // As many as are due: nothing is left, so the limit has stopped nothing.
    let second = db.csqlstore(&["purge", "--yes", "--max-rows", "467", "--format", "json"]).success().json();
    assert_eq!((second["deleted"].as_u64(), second["remaining"].as_u64()), (Some(467), Some(0)), "{second}");
    assert_eq!(second["stopped"], "drained");
    assert_eq!(count(&db, "n1").await, 0);
}

async fn stops_after_max_time_and_says_what_is_left() {
    let db = Database::migrated().await;
    db.rows("expired", 30_000, -DAY).await;
    let begun = Instant::now();
    let run = db.csqlstore(&["purge", "--yes", "--batch", "1", "--max-time", "1s", "--format", "json"]);
    let answer = run.exits(5).json();
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(answer["stopped"], "max-time");
    let (deleted, remaining) = (answer["deleted"].as_u64().unwrap(), answer["remaining"].as_u64().unwrap());
    assert!(deleted > 0 && remaining > 0 && deleted + remaining == 30_000, "{answer}");
    assert_eq!(count(&db, "n2").await, remaining);
}

/// Locks a row for a while, from before the future's first value until it ends.
async fn lock(db: &Database, id: &str, held: Duration) -> impl Future<Output = ()> + use<> {
    let mut holder = db.connect("n1").await;
    holder.execute("beginning", "BEGIN", ()).await.unwrap();
    let sql = format!("SELECT id FROM session_cluster WHERE id = '{id}' FOR UPDATE");
    let locked: Vec<(String,)> = holder.rows("locking", &sql, ()).await.unwrap();
    assert_eq!(locked.len(), 1);
    async move {
        tokio::time::sleep(held).await;
        holder.execute("letting go", "ROLLBACK", ()).await.unwrap();
    }
}

async fn a_row_that_expires_during_the_run_stays() {
    let db = Database::migrated().await;
    db.rows("expired", 10, -60).await;
    db.row("soon", "x", 3).await;
    let held = lock(&db, "expired-00005", Duration::from_millis(4500)).await;
    let running = db.start(&["purge", "--yes", "--grace", "0s", "--on", "n1", "--format", "json"]);
    held.await;
    let answer = running.end().success().json();
    let expired = "SELECT id FROM session_cluster WHERE expire_on < UTC_TIMESTAMP()";
    assert_eq!(db.column("n1", expired).await, ["soon"], "it has expired by now, and is still there");
    assert_eq!((answer["expired"].as_u64(), answer["deleted"].as_u64()), (Some(10), Some(10)), "{answer}");
    assert_eq!(answer["remaining"], 0);
}

async fn waits_out_a_lock_that_another_transaction_holds() {
    let db = Database::migrated().await;
    db.rows("expired", 300, -DAY).await;
    let held = lock(&db, "expired-00150", Duration::from_secs(7)).await;
    let running = db.start(&["purge", "--yes", "--on", "n1", "--format", "json", "-v"]);
    held.await;
    let run = running.end().success();
    let answer = run.json();
    assert!(answer["retries"].as_u64().is_some_and(|retries| retries >= 1), "{answer}");
    assert_eq!((answer["deleted"].as_u64(), answer["remaining"].as_u64()), (Some(300), Some(0)), "{answer}");
    assert!(run.stderr.contains("(1205)"), "{}", run.stderr);
}

async fn never_deletes_a_session_that_is_renewed_meanwhile() {
    let db = Database::migrated().await;
    db.rows("expired", 10_000, -DAY).await;
    db.rows("live", 100, DAY).await;
    let mut running = db.start(&["purge", "--yes", "--on", "n1", "--batch", "20", "--format", "json"]);
    let mut writer = db.writer("n2").await;
    let mut renewed = BTreeSet::new();
    let mut id = 10_000;
    // From the youngest down, at another node: both ends meet.
    while id > 0 && !running.has_ended() {
        let name = format!("expired-{id:05}");
        let sql =
            format!("UPDATE session_cluster SET expire_on = UTC_TIMESTAMP() + INTERVAL 1 DAY WHERE id = '{name}'");
        match writer.execute("renewing", &sql, ()).await {
            Ok(done) if done.rows == 1 => {
                renewed.insert(name);
            }
            Ok(_) => {}
            Err(error) => assert_eq!(error.code(), Some(1213), "{error}"),
        }
        id -= 7;
    }
    let answer = running.end().success().json();
    assert!(renewed.len() > 10, "the writer was too slow for this test: {}", renewed.len());
    let mut expected = names("live", 100);
    expected.append(&mut renewed);
    for node in db.nodes() {
        let left = ids(&db, &node).await;
        let (lost, kept) = (expected.difference(&left).count(), left.difference(&expected).count());
        assert_eq!((lost, kept), (0, 0), "live rows lost and expired rows kept on {node}: {answer}");
    }
    assert_eq!(answer["deleted"].as_u64(), Some(10_100 - expected.len() as u64), "{answer}");
}

async fn finishes_its_batch_on_a_signal_and_reports() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let db = Database::migrated().await;
        db.rows("expired", 30_000, -DAY).await;
        let mut running = db.start(&["purge", "--yes", "--batch", "5", "--format", "json"]);
        under_way(&db, "n1", 30_000, &mut running).await;
        let pid = Pid::from_raw(running.pid().try_into().unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
        let answer = running.end().exits(code).json();
        assert_eq!(answer["stopped"], "interrupted");
        let (deleted, remaining) = (answer["deleted"].as_u64().unwrap(), answer["remaining"].as_u64().unwrap());
        assert!(deleted > 0 && deleted % 5 == 0 && deleted + remaining == 30_000, "{answer}");
        assert_eq!(count(&db, "n3").await, remaining);
    }
}

async fn nothing_to_delete_needs_no_yes() {
    let db = Database::migrated().await;
    db.row("live", "x", 60).await;
    let answer = db.csqlstore(&["purge", "--format", "json"]).success().json();
    assert_eq!((answer["deleted"].as_u64(), answer["stopped"].as_str()), (Some(0), Some("drained")), "{answer}");
    assert_eq!(answer["batches"], 0, "a batch of nothing is a write all the same: {answer}");
    assert_eq!(db.ids("n1").await, ["live"]);
    // Nor does one follow a last batch that was full.
    db.rows("expired", 300, -DAY).await;
    let answer = db.csqlstore(&["purge", "--yes", "--batch", "100", "--format", "json"]).success().json();
    assert_eq!((answer["deleted"].as_u64(), answer["batches"].as_u64()), (Some(300), Some(3)), "{answer}");
}

async fn quiet_leaves_the_human_report_out_and_writes_json() {
    let db = Database::migrated().await;
    db.row("expired", "x", -DAY).await;
    let run = db.csqlstore(&["purge", "--yes", "--quiet"]).success();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    let run = db.csqlstore(&["purge", "--yes", "--quiet", "--format", "json"]).success();
    assert_eq!((run.json()["expired"].as_u64(), run.stderr.as_str()), (Some(0), ""));
}

async fn the_human_report_says_what_was_done() {
    let db = Database::migrated().await;
    db.rows("expired", 3, -DAY).await;
    let run = db.csqlstore(&["purge", "--yes", "--max-rows", "2", "--on", "n2"]).exits(5);
    let mut lines = run.stdout.lines();
    let first = lines.next().unwrap_or_default();
    assert!(first.starts_with("Deleted 2 of 3 sessions expired before "), "{first}");
    let node = engine().writable("n2");
    assert!(first.contains(&format!(", on node `{node}`: 1 batch in ")), "{first}");
    assert_eq!(lines.next(), Some("1 is left. The limit of rows was reached."));
    assert_eq!(lines.next(), None);
}

/// Stores rows that are expired at birth, again and again, until the sender is gone.
fn flood(db: &Database, done: &Arc<AtomicBool>) -> tokio::task::JoinHandle<()> {
    let (dsn, done) =
        (db.dsns().split(' ').next().and_then(|dsn| dsn.split_once('=')).unwrap().1.to_owned(), done.clone());
    tokio::spawn(async move {
        let mut writer = connect("n1", &dsn).await;
        let sql = format!(
            "INSERT INTO session_cluster (id, data, expire_on) SELECT UUID(), 'x', UTC_TIMESTAMP() - INTERVAL 1 DAY FROM {}",
            numbers(5)
        );
        while !done.load(Ordering::Relaxed) {
            match writer.execute("storing", &sql, ()).await {
                Ok(_) => {}
                Err(error) => assert!(matches!(error.code(), Some(1213 | 1205)), "{error}"),
            }
        }
    })
}

async fn rows_that_come_in_as_fast_as_they_go_are_not_called_drained() {
    let db = Database::migrated().await;
    let begun = Instant::now();
    loop {
        // Whether a writer is fast enough is up to the machine; what is said has to hold either way.
        let done = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..3).map(|_| flood(&db, &done)).collect();
        let running = db.start(&["purge", "--yes", "--on", "n1", "--batch", "10000", "--format", "json"]);
        let run = tokio::task::spawn_blocking(|| running.end()).await.unwrap();
        done.store(true, Ordering::Relaxed);
        for writer in writers {
            writer.await.unwrap();
        }
        let answer = run.json();
        if answer["remaining"].as_u64().unwrap() == 0 {
            assert_eq!((run.code, &answer["stopped"]), (Some(0), &serde_json::Value::from("drained")), "{answer}");
            assert!(begun.elapsed() < PATIENCE, "no writer was ever as fast as the purge");
            continue;
        }
        assert_eq!((run.code, &answer["stopped"]), (Some(5), &serde_json::Value::Null), "{answer}");
        assert_eq!(run.stderr.matches("error").count(), 0, "{}", run.stderr);
        return;
    }
}
