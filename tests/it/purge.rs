//! `csqlstore purge` on the cluster: which rows go, which stay, and what it says.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::cases;
use crate::support::command::Running;
use crate::support::database::{PATIENCE, connect};
use crate::support::sql::numbers;
use crate::support::{Database, cluster};

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
        a_table_without_key_and_index_is_refused,
        a_table_with_a_key_alone_is_purged_with_a_warning,
        a_missing_table_is_named_with_the_way_out,
        without_a_terminal_it_needs_yes,
        nothing_to_delete_needs_no_yes,
        quiet_leaves_the_human_report_out_and_writes_json,
        says_when_row_images_stay_full_and_only_then,
        the_human_report_says_what_was_done,
        limits_that_make_no_sense_are_refused,
        a_missing_right_is_named_before_the_question,
        a_right_that_is_taken_away_meanwhile_is_named,
        a_table_that_migrate_refuses_is_not_sent_there,
        rows_that_come_in_as_fast_as_they_go_are_not_called_drained,
    ],
    Alone: [
        a_killed_node_costs_a_retry_and_not_a_row,
        no_node_left_is_exit_3_with_what_was_done,
        a_write_set_that_the_cluster_refuses_is_halved,
    ],
}

const DAY: i64 = 86_400;

/// `PREFIX-00001` to `PREFIX-COUNT`.
fn names(prefix: &str, count: u32) -> BTreeSet<String> {
    (1..=count).map(|n| format!("{prefix}-{n:05}")).collect()
}

async fn ids(db: &Database, node: &str) -> BTreeSet<String> {
    db.ids(node).await.into_iter().collect()
}

async fn count(db: &Database, node: &str) -> u64 {
    db.column(node, "SELECT CAST(COUNT(*) AS CHAR) FROM session_cluster").await[0].parse().expect("a number")
}

/// Waits until a purge that runs beside has deleted something and is not at its end.
async fn under_way(db: &Database, node: &str, before: u64, running: &mut Running) {
    let begun = Instant::now();
    while count(db, node).await + 100 > before {
        assert!(!running.has_ended(), "the purge ended before anybody looked");
        assert!(begun.elapsed() < PATIENCE, "the purge deletes nothing");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!running.has_ended(), "the purge was too quick for this test");
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
    let checksum = "SELECT CONCAT(COUNT(*), ' ', MD5(GROUP_CONCAT(id, data, expire_on, modify_at ORDER BY id))) \
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
    let mut writer = db.connect("n2").await;
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

async fn a_table_without_key_and_index_is_refused() {
    let db = Database::documented().await;
    db.row("expired", "x", -DAY).await;
    let run = db.csqlstore(&["purge", "--yes"]).exits(4);
    assert!(run.stderr.contains("has no key and no index"), "{}", run.stderr);
    assert!(run.stderr.contains("hint: `csqlstore migrate up`"), "{}", run.stderr);
    assert_eq!(run.stdout, "");
    let error = db.csqlstore(&["purge", "--yes", "--format", "json"]).exits(4).json_error();
    assert_eq!(error["class"], "data");
    assert_eq!(db.csqlstore(&["purge", "--dry-run", "--format", "json"]).success().json()["expired"], 1);
    assert_eq!(db.ids("n1").await, ["expired"]);
}

async fn a_table_with_a_key_alone_is_purged_with_a_warning() {
    let db = Database::documented().await;
    db.execute("n1", "ALTER TABLE session_cluster ADD PRIMARY KEY (id)").await;
    db.rows("expired", 50, -DAY).await;
    db.row("live", "x", 60).await;
    let run = db.csqlstore(&["purge", "--yes"]).success();
    assert!(run.stderr.contains("no index begins with `expire_on`"), "{}", run.stderr);
    assert_eq!(db.ids("n2").await, ["live"]);
}

async fn a_missing_table_is_named_with_the_way_out() {
    let db = Database::empty().await;
    for args in [&["purge", "--yes"][..], &["purge", "--dry-run"]] {
        let run = db.csqlstore(args).exits(4);
        assert!(run.stderr.contains("session_cluster"), "{}", run.stderr);
        assert!(run.stderr.contains("hint: `csqlstore migrate up` creates the table"), "{}", run.stderr);
        assert!(!run.stderr.contains(&db.password), "{}", run.stderr);
    }
}

async fn without_a_terminal_it_needs_yes() {
    let db = Database::migrated().await;
    db.row("expired", "x", -DAY).await;
    let run = db.csqlstore(&["purge"]).exits(2);
    assert!(run.stderr.contains("Delete 1 expired session?"), "{}", run.stderr);
    assert!(run.stderr.contains("`--yes`"), "{}", run.stderr);
    assert_eq!((run.stdout.as_str(), db.ids("n1").await), ("", vec!["expired".to_owned()]));
}

async fn nothing_to_delete_needs_no_yes() {
    let db = Database::migrated().await;
    db.row("live", "x", 60).await;
    let answer = db.csqlstore(&["purge", "--format", "json"]).success().json();
    assert_eq!((answer["deleted"].as_u64(), answer["stopped"].as_str()), (Some(0), Some("drained")), "{answer}");
    assert_eq!(db.ids("n1").await, ["live"]);
}

async fn quiet_leaves_the_human_report_out_and_writes_json() {
    let db = Database::migrated().await;
    db.row("expired", "x", -DAY).await;
    let run = db.csqlstore(&["purge", "--yes", "--quiet"]).success();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    let run = db.csqlstore(&["purge", "--yes", "--quiet", "--format", "json"]).success();
    assert_eq!((run.json()["expired"].as_u64(), run.stderr.as_str()), (Some(0), ""));
}

async fn says_when_row_images_stay_full_and_only_then() {
    let db = Database::migrated().await;
    db.row("expired", "x", -DAY).await;
    let user = format!("'{}'@'%'", db.name);
    let run = db.csqlstore(&["purge", "--yes"]).success();
    let said =
        format!("deleted rows are replicated whole, data included; smaller with GRANT BINLOG ADMIN ON *.* TO {user}\n");
    assert_eq!(run.stderr, said);
    let run = db.csqlstore(&["purge", "--yes", "-v"]).success();
    assert!(run.stderr.contains("(1227)"), "{}", run.stderr);
    db.execute("n1", &format!("GRANT BINLOG ADMIN ON *.* TO '{}'@'%'", db.name)).await;
    db.row("expired", "x", -DAY).await;
    let run = db.csqlstore(&["purge", "--yes"]).success();
    assert_eq!(run.stderr, "");
    assert_eq!(count(&db, "n2").await, 0);
}

async fn the_human_report_says_what_was_done() {
    let db = Database::migrated().await;
    db.rows("expired", 3, -DAY).await;
    let run = db.csqlstore(&["purge", "--yes", "--max-rows", "2", "--on", "n2"]).exits(5);
    let mut lines = run.stdout.lines();
    let first = lines.next().unwrap_or_default();
    assert!(first.starts_with("Deleted 2 of 3 sessions expired before "), "{first}");
    assert!(first.contains(", on node `n2`: 1 batch in "), "{first}");
    assert_eq!(lines.next(), Some("1 is left. The limit of rows was reached."));
    assert_eq!(lines.next(), None);
}

async fn limits_that_make_no_sense_are_refused() {
    let db = Database::migrated().await;
    db.row("expired", "x", -3 * DAY).await;
    for args in [
        ["purge", "--yes", "--batch", "0"],
        ["purge", "--yes", "--batch", "10001"],
        ["purge", "--yes", "--max-rows", "0"],
        ["purge", "--yes", "--grace", "-1h"],
        ["purge", "--yes", "--grace", "3000years"],
        ["purge", "--yes", "--on", "n9"],
    ] {
        db.csqlstore(&args).exits(2);
    }
    assert_eq!(db.ids("n1").await, ["expired"]);
}

async fn a_killed_node_costs_a_retry_and_not_a_row() {
    let db = Database::migrated().await;
    db.rows("expired", 30_000, -DAY).await;
    db.rows("live", 30_000, DAY).await;
    let mut running = db.start(&["purge", "--yes", "--on", "n2", "--batch", "20", "--format", "json"]);
    under_way(&db, "n3", 60_000, &mut running).await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n2", |_| ()).await.expect("n2 can be killed");
    let run = running.end();
    sandbox.start("n2", |_| ()).await.expect("n2 comes back");
    let run = run.success();
    let answer = run.json();
    assert!(answer["retries"].as_u64().is_some_and(|retries| retries >= 1), "{answer}");
    assert_eq!((answer["deleted"].as_u64(), answer["remaining"].as_u64()), (Some(30_000), Some(0)), "{answer}");
    assert_eq!((answer["stopped"].as_str(), answer["node"].as_str()), (Some("drained"), Some("n1")), "{answer}");
    for node in db.nodes() {
        assert!(ids(&db, &node).await == names("live", 30_000), "other rows than the live ones are left on {node}");
    }
}

async fn no_node_left_is_exit_3_with_what_was_done() {
    let db = Database::migrated().await;
    db.rows("expired", 30_000, -DAY).await;
    let only = db.dsns().split(' ').find(|dsn| dsn.starts_with("n2=")).expect("n2 is a node").to_owned();
    let (line, mut command) = db.command(&["purge", "--yes", "--batch", "5", "--format", "json"]);
    command.env("CSQLSTORE_NODES", only);
    let mut running = Running::start((line, command));
    under_way(&db, "n3", 30_000, &mut running).await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n2", |_| ()).await.expect("n2 can be killed");
    let run = running.end();
    sandbox.start("n2", |_| ()).await.expect("n2 comes back");
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

/// Leaves the test's account these rights on the session table, and none beyond.
async fn rights(db: &Database, rights: &str) -> String {
    let user = format!("'{}'@'%'", db.name);
    db.execute("n1", &format!("REVOKE ALL PRIVILEGES, GRANT OPTION FROM {user}")).await;
    db.execute("n1", &format!("GRANT {rights} ON `{}`.session_cluster TO {user}", db.name)).await;
    format!("GRANT SELECT, DELETE ON `{}`.`session_cluster` TO {user}", db.name)
}

async fn a_missing_right_is_named_before_the_question() {
    let db = Database::migrated().await;
    db.row("expired", "x", -DAY).await;
    let grant = rights(&db, "SELECT").await;
    for args in [&["purge", "--on", "n1"][..], &["purge", "--on", "n1", "--yes"]] {
        let run = db.csqlstore(args).exits(2);
        assert!(run.stderr.contains("this account may not delete expired sessions"), "{}", run.stderr);
        assert!(run.stderr.contains(&grant) && !run.stderr.contains("Delete 1"), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    // Counting needs no more than it has.
    let run = db.csqlstore(&["purge", "--on", "n1", "--dry-run", "--format", "json"]).success();
    assert_eq!(run.json()["expired"], 1);
    assert!(run.stderr.contains("may not delete") && run.stderr.contains(&grant), "{}", run.stderr);
    rights(&db, "DELETE").await;
    let error = db.csqlstore(&["purge", "--on", "n1", "--dry-run", "--format", "json"]).exits(2).json_error();
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains(&grant)), "{error}");
    assert_eq!(db.ids("n1").await, ["expired"]);
    // What it says is enough.
    db.execute("n1", &grant).await;
    db.csqlstore(&["purge", "--on", "n1", "--yes"]).success();
    assert_eq!(db.ids("n1").await, Vec::<String>::new());
}

async fn a_right_that_is_taken_away_meanwhile_is_named() {
    let db = Database::migrated().await;
    db.rows("expired", 30_000, -DAY).await;
    // Rights on a table are looked up for each statement, those on a database are the connection's for good.
    let grant = rights(&db, "SELECT, DELETE").await;
    let mut running = db.start(&["purge", "--yes", "--on", "n1", "--batch", "5", "--format", "json"]);
    under_way(&db, "n1", 30_000, &mut running).await;
    db.execute("n1", &format!("REVOKE DELETE ON session_cluster FROM '{}'@'%'", db.name)).await;
    let run = running.end().exits(2);
    let answer = run.json();
    let deleted = answer["deleted"].as_u64().unwrap();
    assert!(deleted > 0 && answer["stopped"].is_null(), "{answer}");
    assert_eq!(count(&db, "n1").await, 30_000 - deleted);
    assert!(run.json_error()["hint"].as_str().is_some_and(|hint| hint.contains(&grant)), "{}", run.stderr);
}

async fn a_table_that_migrate_refuses_is_not_sent_there() {
    let columns = "id char(40) NOT NULL, data longblob NOT NULL, expire_on datetime NOT NULL, \
                   modify_at timestamp NOT NULL";
    for (misfit, sql) in [
        ("it is a view", format!("CREATE TABLE base ({columns}); CREATE VIEW session_cluster AS SELECT * FROM base")),
        ("its engine is MyISAM, not InnoDB", format!("CREATE TABLE session_cluster ({columns}) ENGINE=MyISAM")),
        ("it is a sequence", "CREATE SEQUENCE session_cluster CACHE 1 INCREMENT BY 0".to_owned()),
    ] {
        let db = Database::empty().await;
        for statement in sql.split("; ") {
            db.execute("n1", statement).await;
        }
        for args in [&["purge", "--yes", "--on", "n1"][..], &["event", "install", "--yes", "--on", "n1"]] {
            let run = db.csqlstore(args).exits(4);
            assert!(run.stderr.contains(misfit), "{args:?}: {}", run.stderr);
            assert!(!run.stderr.contains("`csqlstore migrate up` adds"), "{args:?}: {}", run.stderr);
        }
        let run = db.csqlstore(&["migrate", "status", "--on", "n1"]).success();
        assert!(run.stdout.ends_with(&format!("`session_cluster` cannot be migrated: {misfit}.\n")), "{}", run.stdout);
        let run = db.csqlstore(&["migrate", "status", "--on", "n1", "--check", "--format", "json"]).exits(4);
        assert_eq!(run.json()["misfit"], misfit);
    }
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
