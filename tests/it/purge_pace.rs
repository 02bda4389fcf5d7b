//! What makes `csqlstore purge` wait, and what it says of it.

use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::cases;
use crate::support::Database;
use crate::support::database::PATIENCE;
use crate::support::engine::{Engine, engine};
use crate::support::expiry::{DAY, count, ids, names};

cases! {
    Beside: [
        a_file_pauses_it_and_its_end_lets_it_go_on,
        busy_servers_make_it_wait,
        a_row_image_that_is_asked_for_and_refused_is_an_error,
        a_dry_run_says_what_it_would_come_to,
    ],
    Alone if Galera because "they are about the variables and the flow control of Galera": [
        a_peer_that_does_not_apply_makes_it_wait_before_flow_control_does,
    ],
    Alone if Nodes because "they are about a node beside the one at work": [
        a_grace_below_the_clocks_difference_is_refused,
    ],
    Beside if Galera because "they are about what only Galera does, where every node looks for each row by itself": [
        a_table_without_any_key_goes_in_tiny_batches_when_asked_for,
    ],
}

fn throttle(answer: &Json, reason: &str) -> Option<Json> {
    answer["throttles"].as_array()?.iter().find(|throttle| throttle["reason"] == reason).cloned()
}

async fn a_file_pauses_it_and_its_end_lets_it_go_on() {
    let db = Database::migrated().await;
    db.rows("expired", 100, -DAY).await;
    let file = db.folder.path().join("pause");
    std::fs::write(&file, "").unwrap();
    let mut running = db.start(&["purge", "--yes", "--pause-file", "pause", "--format", "json", "-v"]);
    running.until_it_says("waiting: there is a file `pause`");
    assert_eq!(count(&db, "n1").await, 100, "nothing goes while it is there");
    std::fs::remove_file(&file).unwrap();
    let answer = running.end().success().json();
    assert_eq!((answer["deleted"].as_u64(), count(&db, "n2").await), (Some(100), 0), "{answer}");
    let told = throttle(&answer, "pause-file").unwrap_or_else(|| panic!("{answer}"));
    assert!(told["count"].as_u64() >= Some(1) && told["waited_s"].as_f64() > Some(0.0), "{answer}");
    assert!(answer["throttled_s"].as_f64() >= told["waited_s"].as_f64(), "{answer}");
}

async fn busy_servers_make_it_wait() {
    let db = Database::migrated().await;
    db.rows("expired", 30_000, -DAY).await;
    let mut sleepers = Vec::new();
    for _ in 0..3 {
        let mut root = db.writer("n2").await;
        sleepers.push(tokio::spawn(async move {
            // It ends with the test's runtime, if not before.
            let _ended: Result<Vec<(u8,)>, _> = root.rows_unhurried("sleeping", "SELECT SLEEP(60)", ()).await;
        }));
    }
    let args = ["purge", "--yes", "--on", "n1", "--batch", "50", "--max-threads-running", "1", "--max-time", "3s"];
    let running = db.start(&[&args[..], &["--format", "json", "-v"]].concat());
    let run = tokio::task::spawn_blocking(|| running.end()).await.unwrap();
    for sleeper in sleepers {
        sleeper.abort();
    }
    let run = run.exits(5);
    let told = throttle(&run.json(), "threads-running").unwrap_or_else(|| panic!("{}", run.stdout));
    assert!(told["waited_s"].as_f64() > Some(0.1), "{told}");
    assert!(run.stderr.contains("statements run on node `n"), "{}", run.stderr);
}

async fn a_row_image_that_is_asked_for_and_refused_is_an_error() {
    let db = Database::migrated().await;
    db.row("expired", "x", -DAY).await;
    let run = db.csqlstore(&["purge", "--yes", "--row-image", "minimal"]).exits(2);
    assert!(run.stderr.contains(engine().right_to_set_row_image()), "{}", run.stderr);
    assert_eq!(count(&db, "n1").await, 1);
    let run = db.csqlstore(&["purge", "--yes", "--row-image", "full"]).success();
    assert_eq!(run.stderr, "", "what was asked for needs no word");
    assert_eq!(count(&db, "n1").await, 0);
}

async fn a_table_without_any_key_goes_in_tiny_batches_when_asked_for() {
    let db = Database::documented().await;
    db.rows("expired", 60, -DAY).await;
    db.row("live", "x", DAY).await;
    let run = db.csqlstore(&["purge", "--yes", "--without-key", "--no-lease", "--format", "json"]).success();
    let answer = run.json();
    assert_eq!((answer["deleted"].as_u64(), answer["index"].as_str()), (Some(60), None), "{answer}");
    assert!(answer["batches"].as_u64() >= Some(6), "of 10 rows at most: {answer}");
    assert!(run.stderr.contains("a scan of the whole table; the cluster waits for that"), "{}", run.stderr);
    assert_eq!(db.ids("n3").await, ["live"]);
}

async fn a_dry_run_says_what_it_would_come_to() {
    let db = Database::migrated().await;
    db.rows("expired", 2500, -DAY).await;
    // Until it has counted them, a server may take the table for one that is read in no time.
    db.execute("n1", "ANALYZE TABLE session_cluster").await;
    let run = db.csqlstore(&["purge", "--dry-run", "--on", "n1"]).success();
    assert!(run.stdout.contains("The index `expire_on` finds them.\n"), "{}", run.stdout);
    assert!(run.stdout.contains("That makes about 3 batches, and takes 0.3 s or more.\n"), "{}", run.stdout);
    let answer =
        db.csqlstore(&["purge", "--dry-run", "--on", "n1", "--batch", "100", "--format", "json"]).success().json();
    assert_eq!((answer["estimated_batches"].as_u64(), answer["index"].as_str()), (Some(25), Some("expire_on")));
    assert!(answer["oldest_expired_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{answer}");
    // Of two that could, the one that the server takes, which it says of the very statement.
    db.execute("n1", "ALTER TABLE session_cluster ADD INDEX a_wide (expire_on, modify_at, id)").await;
    let explained = explained(&db).await;
    let answer = db.csqlstore(&["purge", "--dry-run", "--on", "n1", "--format", "json"]).success().json();
    let index = answer["index"].as_str().unwrap();
    assert!(explained.contains(&format!("\"key\": \"{index}\"")), "{index}: {explained}");
    db.execute("n1", "ALTER TABLE session_cluster DROP INDEX a_wide").await;
    // Where the whole table is read in no time it need not be used.
    db.execute("n1", "DELETE FROM session_cluster LIMIT 2490").await;
    db.execute("n1", "ANALYZE TABLE session_cluster").await;
    let run = db.csqlstore(&["purge", "--dry-run", "--on", "n1"]).success();
    let small = "rather read the whole table than use the index `expire_on`: with about 10 rows that is as quick.\n";
    assert!(run.stdout.contains(small) || run.stdout.contains("`expire_on` finds them"), "{}", run.stdout);
    // The index is there and is not used.
    let unused = if engine() == Engine::Galera { "IGNORED" } else { "INVISIBLE" };
    db.execute("n1", &format!("ALTER TABLE session_cluster ALTER INDEX expire_on {unused}")).await;
    let answer = db.csqlstore(&["purge", "--dry-run", "--format", "json"]).success().json();
    assert_eq!(answer["index"], Json::Null, "{answer}");
}

/// How the server says it does a batch.
async fn explained(db: &Database) -> String {
    let sql =
        "EXPLAIN FORMAT=JSON DELETE FROM session_cluster WHERE expire_on < '2026-01-01' ORDER BY expire_on LIMIT 1000";
    let mut root = db.connect("n1").await;
    // Its newer form says nothing of a DELETE.
    if engine() != Engine::Galera {
        root.execute("a test's setting", "SET SESSION explain_json_format_version=1", ()).await.unwrap();
    }
    let plan: Option<String> = root.first("a test's question", sql, ()).await.unwrap();
    root.close().await;
    plan.expect("a plan")
}

/// For how long the cluster's writes were paused so far, in nanoseconds, as a node counts it.
async fn paused_ns(db: &Database, node: &str) -> u64 {
    let sql = "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS \
               WHERE VARIABLE_NAME='WSREP_FLOW_CONTROL_PAUSED_NS'";
    db.column(node, sql).await[0].parse().expect("a number")
}

async fn a_peer_that_does_not_apply_makes_it_wait_before_flow_control_does() {
    let db = Database::migrated().await;
    db.rows("expired", 20_000, -DAY).await;
    db.rows("live", 20_000, DAY).await;
    // Every node has them before one of them stands still.
    for node in db.nodes() {
        assert_eq!(count(&db, &node).await, 40_000);
    }
    let paused = paused_ns(&db, "n1").await;
    let mut backup = db.root("n3").await;
    backup.execute("standing still", "FLUSH TABLES WITH READ LOCK", ()).await.unwrap();
    let locked = Instant::now();
    let mut running = db.start(&["purge", "--yes", "--on", "n1", "--batch", "50", "--format", "json", "-v"]);
    running.until_it_says("write sets wait on node `n3`");
    assert!(locked.elapsed() < PATIENCE);
    // The cluster goes on for everybody else meanwhile.
    let mut writer = db.root("n2").await;
    let select = format!("USE `{}`", db.name);
    writer.execute("selecting", &select, ()).await.unwrap();
    let mut longest = Duration::ZERO;
    let mut written = 0;
    while locked.elapsed() < Duration::from_secs(5) {
        let begun = Instant::now();
        let sql =
            format!("INSERT INTO session_cluster (id, data, expire_on) VALUES ('new-{written}', 'x', '2038-01-01')");
        writer.execute("writing", &sql, ()).await.unwrap();
        longest = longest.max(begun.elapsed());
        written += 1;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let paused = paused_ns(&db, "n1").await - paused;
    backup.execute("going on", "UNLOCK TABLES", ()).await.unwrap();
    let run = tokio::task::spawn_blocking(|| running.end()).await.unwrap().success();
    let answer = run.json();
    let told = throttle(&answer, "recv-queue").unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(told["node"], "n3", "{answer}");
    assert!(answer["throttled_s"].as_f64() > Some(1.0), "{answer}");
    assert!(paused < 1_000_000_000 && longest < Duration::from_secs(2), "{paused} ns, {longest:?}: {answer}");
    assert_eq!((answer["deleted"].as_u64(), answer["stopped"].as_str()), (Some(20_000), Some("drained")), "{answer}");
    for node in db.nodes() {
        let left = ids(&db, &node).await;
        assert!(left.is_superset(&names("live", 20_000)) && left.len() == 20_000 + written, "{node}");
    }
}

async fn a_grace_below_the_clocks_difference_is_refused() {
    let db = Database::migrated().await;
    db.row("expired", "x", -DAY).await;
    db.execute("n2", "SET GLOBAL init_connect='SET timestamp=UNIX_TIMESTAMP()+20'").await;
    let refused = db.csqlstore(&["purge", "--yes", "--grace", "10s", "--on", "n1"]);
    let warned = db.csqlstore(&["purge", "--dry-run", "--grace", "10s", "--on", "n1"]);
    let covered = db.csqlstore(&["purge", "--dry-run", "--grace", "1m", "--on", "n1"]);
    db.execute("n2", "SET GLOBAL init_connect=''").await;
    let refused = refused.exits(2);
    assert!(refused.stderr.contains("s apart, more than a grace of 10s"), "{}", refused.stderr);
    assert!(warned.success().stderr.contains("a purge would be refused"));
    assert!(!covered.success().stderr.contains("apart"));
    assert_eq!(count(&db, "n1").await, 1);
    db.csqlstore(&["purge", "--yes", "--grace", "0s"]).success();
    assert_eq!(count(&db, "n1").await, 0, "clocks that agree need no grace");
}
