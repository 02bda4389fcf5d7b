//! `csqlstore migrate up` beside others, interrupted, and after somebody who was.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use csqlstore::cluster::{Connection, On};
use csqlstore::lease::{self, Terms};
use csqlstore::migrate::{self, Error, Event, Goal};
use csqlstore::schema::Table;
use rustix::process::{Pid, Signal, kill_process};

use crate::cases;
use crate::migrate::{ADOPTED, FREE, HISTORY, KEYS, applied, library};
use crate::support::Database;
use crate::support::command::Running;
use crate::support::database::{PATIENCE, connect};
use crate::support::engine::{Needs, engine};

cases! {
    Beside: [
        nine_at_once_on_three_nodes_apply_each_migration_once,
        nine_at_once_make_a_table_once,
        a_running_row_whose_work_is_done_becomes_applied,
        a_running_row_whose_work_is_not_done_is_done_again,
        a_held_lease_is_exit_3_and_names_the_holder,
        others_outlast_a_long_alter,
        a_runner_killed_in_its_alter_is_finished_by_the_next,
        a_signal_in_the_alter_lets_it_finish_and_be_recorded,
        a_runner_that_lost_its_lease_records_nothing,
        a_signal_while_waiting_ends_with_its_status,
    ],
}

/// Runs nine at once, three on each node, and returns who applied what.
async fn nine(db: &Database) -> Vec<String> {
    let runs: Vec<_> =
        (0..9).map(|n| db.start(&["migrate", "up", "--on", ["n1", "n2", "n3"][n % 3], "--format", "json"])).collect();
    let answers = runs.into_iter().map(|run| run.end().success().json());
    let mut all: Vec<String> = answers.flat_map(|answer| applied(&answer)).collect();
    all.sort();
    all
}

async fn nine_at_once_on_three_nodes_apply_each_migration_once() {
    for _ in 0..3 {
        let db = Database::documented().await;
        db.rows("live", 3_000, 3600).await;
        assert_eq!(nine(&db).await, ["1 adopted", "2 applied", "3 applied"]);
        assert_eq!(db.column("n3", HISTORY).await, ADOPTED);
        assert_eq!(db.column("n3", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
        assert_eq!(db.ids("n2").await.len(), 3_000);
        assert_eq!(db.column("n1", FREE).await, ["|"]);
    }
}

async fn nine_at_once_make_a_table_once() {
    for _ in 0..3 {
        let db = Database::empty().await;
        assert_eq!(nine(&db).await, ["1 applied", "2 adopted", "3 adopted"]);
        assert_eq!(db.column("n1", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
    }
}

/// Puts the history back to where a run was killed while its ALTER was on the way.
async fn interrupt(db: &Database) {
    db.execute("n1", "UPDATE csqlstore_migrations SET state='running', elapsed_us=0 WHERE version > 1").await;
    db.execute(
        "n1",
        "UPDATE csqlstore_lease SET owner='gone:1:0', phase='ddl', expires_at=UTC_TIMESTAMP(6) - INTERVAL 6 SECOND",
    )
    .await;
}

async fn a_running_row_whose_work_is_done_becomes_applied() {
    let db = Database::documented().await;
    db.rows("live", 100, 3600).await;
    db.csqlstore(&["migrate", "up"]).success();
    interrupt(&db).await;
    let answer = db.csqlstore(&["migrate", "status", "--format", "json"]).success().json();
    assert_eq!((answer["pending"].as_u64(), answer["migrations"][1]["state"].as_str()), (Some(2), Some("running")));
    let run = db.csqlstore(&["migrate", "up"]).success();
    assert!(run.stdout.contains("applied  2 primary_key  (an interrupted run had done it)"), "{}", run.stdout);
    assert_eq!(db.column("n2", HISTORY).await, ADOPTED);
    assert_eq!(db.ids("n2").await.len(), 100);
}

async fn a_running_row_whose_work_is_not_done_is_done_again() {
    let db = Database::documented().await;
    db.rows("live", 100, 3600).await;
    db.csqlstore(&["migrate", "up"]).success();
    db.execute("n1", "ALTER TABLE session_cluster DROP PRIMARY KEY, DROP INDEX expire_on").await;
    interrupt(&db).await;
    let answer = db.csqlstore(&["migrate", "up", "--format", "json"]).success().json();
    assert_eq!(applied(&answer), ["2 applied", "3 applied"]);
    assert_eq!(db.column("n2", HISTORY).await, ADOPTED);
    assert_eq!(db.column("n3", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
    assert_eq!(db.ids("n2").await.len(), 100);
}

async fn a_held_lease_is_exit_3_and_names_the_holder() {
    let db = Database::migrated().await;
    interrupt(&db).await;
    db.execute(
        "n1",
        "UPDATE csqlstore_lease SET owner='ci-7:42:cafe', node='db1:3306', acquired_at='2026-11-22 01:02:03', \
         expires_at=UTC_TIMESTAMP(6) + INTERVAL 1 HOUR",
    )
    .await;
    let run = db.csqlstore(&["migrate", "up", "--lock-timeout", "1s"]).exits(3);
    let said = "is held by ci-7:42:cafe since 2026-11-22T01:02:03Z (phase ddl, on db1:3306, until";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(run.stderr.contains("waiting for ci-7:42:cafe"), "{}", run.stderr);
    assert!(run.stderr.contains("`--lock-timeout`"), "{}", run.stderr);
    assert_eq!(run.stdout, "");
    // Given back, the waiting one gets it.
    let mut waiting = db.start(&["migrate", "up", "--lock-timeout", "20s"]);
    waiting.until_it_says("waiting for ci-7:42:cafe");
    db.execute("n2", "UPDATE csqlstore_lease SET owner=''").await;
    let run = waiting.end().success();
    assert_eq!(run.stdout.matches("(an interrupted run had done it)").count(), 2, "{}", run.stdout);
    let history = ["1 session_cluster applied", "2 primary_key applied", "3 expire_on_index applied"];
    assert_eq!(db.column("n1", HISTORY).await, history);
}

/// Holds up every ALTER of the table on a node until it is closed: what is locked by name no replicated DDL pushes aside.
pub(crate) async fn hold_up(db: &Database, node: &str) -> Connection {
    let mut holder = db.connect(node).await;
    holder.execute("locking", "LOCK TABLES session_cluster READ", ()).await.expect("root may do that");
    holder
}

/// Starts a run on a node that is held up in its ALTER.
pub(crate) async fn in_the_alter(db: &Database, node: &str, format: &str) -> Running {
    let running = db.start(&["migrate", "up", "--on", node, "--format", format]);
    until_it_alters(db, node).await;
    running
}

/// Waits until somebody is held up on a node in an ALTER.
pub(crate) async fn until_it_alters(db: &Database, node: &str) {
    until_somebody(db, node, "INFO LIKE 'ALTER%'").await;
}

/// Waits until a connection of this database on a node is as this condition on the process list says.
pub(crate) async fn until_somebody(db: &Database, node: &str, condition: &str) {
    let began = Instant::now();
    let listed = format!(
        "SELECT CAST(ID AS CHAR) FROM information_schema.PROCESSLIST \
         WHERE DB=DATABASE() AND ID<>CONNECTION_ID() AND {condition}"
    );
    // Not by way of `connect`: its reads would wait for the ALTER.
    let mut root = db.root(node).await;
    root.execute("selecting the database", &format!("USE `{}`", db.name), ()).await.expect("the database is there");
    while root.rows::<String>("looking", &listed, ()).await.expect("an answer").is_empty() {
        assert!(began.elapsed() < PATIENCE, "nobody on {node} comes to {condition}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    root.close().await;
}

async fn others_outlast_a_long_alter() {
    let db = Database::documented().await;
    db.rows("live", 1_000, 3600).await;
    let holder = hold_up(&db, "n1").await;
    let first = in_the_alter(&db, "n1", "json").await;
    // A time-out of short answers that is over before the ALTER is.
    let other = |node: &&str| db.start(&["--timeout", "1s", "migrate", "up", "--on", node]);
    let mut others: Vec<Running> = ["n1", "n2", "n3"].iter().map(other).collect();
    // On the node of the ALTER the first look waits; on the others it is the lease.
    until_somebody(&db, "n1", "INFO LIKE 'SELECT%' AND TIME >= 2").await;
    if engine().has(Needs::Writers) {
        others[1..].iter_mut().for_each(|other| other.until_it_says("waiting for"));
    }
    holder.close().await;
    let answer = first.end().success().json();
    assert_eq!(applied(&answer), ["1 adopted", "2 applied", "3 applied"]);
    assert!(answer["applied"][1]["elapsed_s"].as_f64().is_some_and(|elapsed| elapsed > 1.0), "{answer}");
    for other in others {
        let run = other.end().success();
        assert_eq!(run.stdout, "Nothing to do: `session_cluster` is up to date.\n", "{}", run.stderr);
    }
    assert_eq!(db.column("n2", HISTORY).await, ADOPTED);
}

async fn a_runner_killed_in_its_alter_is_finished_by_the_next() {
    let db = Database::documented().await;
    db.rows("live", 1_000, 3600).await;
    let holder = hold_up(&db, "n1").await;
    let running = in_the_alter(&db, "n1", "json").await;
    signal(&running, Signal::KILL);
    assert_eq!(running.end().code, None, "it was killed");
    holder.close().await;
    let before: Vec<String> = db.column("n2", HISTORY).await;
    assert_eq!(before, ["1 session_cluster adopted", "2 primary_key running", "3 expire_on_index running"]);
    let held = db.csqlstore(&["migrate", "up", "--lock-timeout", "0s"]).exits(3);
    assert!(held.stderr.contains("phase ddl"), "{}", held.stderr);
    let ends = "SELECT DATE_FORMAT(expires_at + INTERVAL 5 SECOND, '%Y-%m-%dT%H:%i:%sZ') FROM csqlstore_lease";
    let ends = &db.column("n1", ends).await[0];
    let hint = format!(
        "if its holder was killed in its ALTER, the server finishes that and the lease ends by itself at {ends}"
    );
    assert!(held.stderr.contains(&hint), "{}", held.stderr);
    assert!(held.stderr.contains("which outlasts its ALTER"), "{}", held.stderr);
    // It would run out in two minutes.
    db.execute("n3", "UPDATE csqlstore_lease SET expires_at=UTC_TIMESTAMP(6) - INTERVAL 6 SECOND").await;
    let answer = db.csqlstore(&["migrate", "up", "--format", "json"]).success().json();
    assert_eq!(applied(&answer), ["2 applied", "3 applied"]);
    assert_eq!(db.column("n2", HISTORY).await, ADOPTED);
    for node in db.nodes() {
        assert_eq!(db.column(&node, KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
        assert_eq!(db.ids(&node).await.len(), 1_000);
    }
}

async fn a_signal_in_the_alter_lets_it_finish_and_be_recorded() {
    let db = Database::documented().await;
    db.row("live", "x", 60).await;
    let holder = hold_up(&db, "n1").await;
    let mut running = in_the_alter(&db, "n1", "human").await;
    signal(&running, Signal::INT);
    running.until_it_says("SIGINT: finishing the statement");
    assert!(!running.has_ended(), "a statement that was sent is seen to its end");
    holder.close().await;
    let run = running.end().exits(130);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{}", run.stdout);
    assert!(lines[2].starts_with("applied  3 expire_on_index"), "{}", run.stdout);
    assert_eq!(lines[3], "Stopped by SIGINT; nothing was left to do.");
    assert_eq!(db.column("n2", HISTORY).await, ADOPTED);
    assert_eq!(db.column("n2", FREE).await, ["|"]);
}

pub(crate) fn signal(running: &Running, signal: Signal) {
    let pid = Pid::from_raw(running.pid().try_into().expect("a pid")).expect("a pid");
    kill_process(pid, signal).expect("it is ours");
}

async fn a_runner_that_lost_its_lease_records_nothing() {
    let db = Database::documented().await;
    db.row("live", "x", 60).await;
    let table = Table::default();
    let farm = library(&db);
    let usable = farm.usable(&On::Auto).await.expect("a usable node");
    let runner = migrate::begin(usable, &table, Goal::default()).await.expect("a plan");
    assert_eq!(runner.plan().steps.len(), 2);
    // Between the plan and the record, somebody else takes the lease: from another node, by hand.
    let other = if engine().has(Needs::Writers) { 1 } else { 0 };
    let thief = db.dsns().split(' ').nth(other).and_then(|entry| entry.split_once('=')).expect("NAME=DSN").1.to_owned();
    let outcome = runner
        .run(Terms::of(&farm), |event| {
            if matches!(event, Event::Starting { .. }) {
                let thief = thief.clone();
                std::thread::spawn(move || steal(&thief)).join().expect("the thief ends");
            }
            ControlFlow::Continue(())
        })
        .await;
    let error = outcome.expect_err("the lease is gone");
    assert!(matches!(error, Error::Lease(lease::Error::Lost { .. })), "{error}");
    assert_eq!(db.column("n1", HISTORY).await, Vec::<String>::new());
    assert_eq!(db.column("n1", FREE).await, ["thief|work"], "the thief's lease was left alone");
}

/// Takes the lease `migrate` away from whoever has it.
pub(crate) fn steal(dsn: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut thief = connect("n2", dsn).await;
        let sql = "UPDATE csqlstore_lease SET owner='thief', epoch=epoch+1";
        if let Some(wait) = engine().waiting() {
            thief.execute("waiting for the others", wait, ()).await.expect("a session");
        }
        assert_eq!(thief.execute("stealing", sql, ()).await.expect("an account with all rights").rows, 1);
        thief.close().await;
    });
}

async fn a_signal_while_waiting_ends_with_its_status() {
    let db = Database::migrated().await;
    interrupt(&db).await;
    db.execute("n1", "UPDATE csqlstore_lease SET expires_at=UTC_TIMESTAMP(6) + INTERVAL 1 HOUR").await;
    for (sent, code, name) in [(Signal::INT, 130, "SIGINT"), (Signal::TERM, 143, "SIGTERM")] {
        let mut running = db.start(&["migrate", "up"]);
        running.until_it_says("waiting for gone:1:0");
        signal(&running, sent);
        let run = running.end().exits(code);
        assert_eq!(run.stdout, format!("Stopped by {name}; run it again to go on.\n"));
    }
    assert_eq!(db.column("n1", FREE).await, ["gone:1:0|ddl"], "somebody else's lease was left alone");
}
