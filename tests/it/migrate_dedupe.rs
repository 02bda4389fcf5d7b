//! `csqlstore migrate up --dedupe newest`: one row of each id stays, and no session is lost.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use csqlstore::cluster::{Connection, On};
use csqlstore::lease::{self, Terms};
use csqlstore::migrate::{self, Error, Event, Goal, OnDuplicates};
use csqlstore::schema::Table;
use rustix::process::Signal;

use crate::cases;
use crate::migrate::{ADOPTED, FREE, KEYS, ROWS, applied, library};
use crate::migrate_race::{signal, steal};
use crate::support::Database;
use crate::support::engine::{Needs, engine};
use crate::support::rights::UP;
use crate::support::sql::numbers;

cases! {
    Beside if KeylessRows because "Group Replication lets no row of a table without a key be written or deleted": [
        a_run_that_lost_its_lease_deletes_no_more,
        a_live_writer_loses_nothing,
        what_was_stopped_goes_on,
        the_right_to_delete_is_named,
        the_newest_row_of_each_id_stays_and_those_that_live_before_all,
        an_id_that_cannot_be_read_ends_the_run,
        more_ids_than_one_look_finds_are_all_resolved,
    ],
}

/// Inserts a row with a time of its last change, and of its end, in seconds from now.
async fn row(db: &Database, id: &str, data: &str, (modified_s, expires_s): (i64, i64)) {
    let sql = format!(
        "INSERT INTO session_cluster (id, data, modify_at, expire_on) VALUES ('{id}', '{data}', \
         FROM_UNIXTIME(UNIX_TIMESTAMP() + {modified_s}), UTC_TIMESTAMP() + INTERVAL {expires_s} SECOND)"
    );
    db.execute("n1", &sql).await;
}

const DATA: &str = "SELECT CONCAT(id, ' ', data) FROM session_cluster ORDER BY id";

async fn the_newest_row_of_each_id_stays_and_those_that_live_before_all() {
    let db = Database::documented().await;
    row(&db, "alone", "x", (-1, 60)).await;
    for (data, modified) in [("first", -30), ("third", -10), ("second", -20)] {
        row(&db, "changed", data, (modified, 60)).await;
    }
    // Alike in everything: all at one moment.
    let alike = format!(
        "INSERT INTO session_cluster (id, data, modify_at, expire_on) SELECT 'alike', 'x', '2026-01-01', '2036-01-01' FROM {}",
        numbers(4)
    );
    db.execute("n1", &alike).await;
    // Touched last, and expired: whoever is signed in by the other stays so.
    row(&db, "live", "gone", (-1, -60)).await;
    row(&db, "live", "live", (-20, 60)).await;
    row(&db, "dead", "old", (-20, -60)).await;
    row(&db, "dead", "new", (-10, -60)).await;
    row(&db, "Case", "old", (-20, 60)).await;
    row(&db, "case", "new", (-10, 60)).await;
    let before = db.column("n1", ROWS).await;
    let refused = db.csqlstore(&["migrate", "up"]).exits(4);
    assert!(refused.stderr.contains("`session_cluster` has 5 duplicate ids: alike (4 rows), "), "{}", refused.stderr);
    assert!(refused.stderr.contains("`--dedupe newest`"), "{}", refused.stderr);
    let dry = db.csqlstore(&["migrate", "up", "--dedupe", "newest", "--dry-run"]).success();
    assert!(dry.stdout.contains("delete all rows but the newest of 5 ids"), "{}", dry.stdout);
    assert!(dry.stdout.contains("    changed (3 rows)\n"), "{}", dry.stdout);
    let plan = db.csqlstore(&["migrate", "plan", "--dedupe", "newest", "--format", "json"]).success().json();
    assert_eq!(plan["steps"][1]["action"], "dedupe");
    assert_eq!(plan["steps"][1]["duplicates"]["ids"][0], serde_json::json!({"id": "alike", "rows": 4}));
    assert_eq!(db.column("n1", ROWS).await, before);
    assert_eq!(db.tables().await, ["session_cluster"]);
    let answer = db.csqlstore(&["migrate", "up", "--dedupe", "newest", "--format", "json"]).success().json();
    assert_eq!(answer["deduplicated"], serde_json::json!({"rows": 8, "expired": 2}));
    assert_eq!(applied(&answer), ["1 adopted", "2 applied", "3 applied"]);
    for node in db.nodes() {
        let stay = ["alike x", "alone x", "case new", "changed third", "dead new", "live live"];
        assert_eq!(db.column(&node, DATA).await, stay, "{node}");
        assert_eq!(db.column(&node, KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
    }
    // With nothing to resolve it is as it was without.
    let again = db.csqlstore(&["migrate", "up", "--dedupe", "newest"]).success();
    assert_eq!(again.stdout, "Nothing to do: `session_cluster` is up to date.\n");
}

async fn an_id_that_cannot_be_read_ends_the_run() {
    let db = Database::documented().await;
    db.execute("n1", "ALTER TABLE session_cluster MODIFY id varchar(64) CHARACTER SET cp1251 NOT NULL").await;
    // The one byte that this character set has no character for: it is read as a question mark, and there is no such id.
    let sql = "INSERT INTO session_cluster (id, data, expire_on) VALUES (x'98', 'x', '2036-01-01'), (x'98', 'y', '2036-01-01')";
    db.execute("n1", sql).await;
    let run = db.csqlstore(&["migrate", "up", "--dedupe", "newest"]).exits(4);
    let said = "`session_cluster` has 1 duplicate id: ? (2 rows); again and again none of their rows could be deleted";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(run.stderr.contains("by `HEX(id)`"), "{}", run.stderr);
    assert_eq!(
        db.column("n2", "SELECT CONCAT(HEX(id), data) FROM session_cluster ORDER BY data").await,
        ["98x", "98y"]
    );
    assert_eq!(db.column("n1", FREE).await, ["|"]);
}

async fn more_ids_than_one_look_finds_are_all_resolved() {
    let db = Database::documented().await;
    for data in ["old", "new"] {
        let sql = format!(
            "INSERT INTO session_cluster (id, data, modify_at, expire_on) SELECT CONCAT('id-', LPAD(seq, 3, '0')), '{data}', \
             '2026-01-01' + INTERVAL {} SECOND, '2036-01-01' FROM {}",
            data.len() * usize::from(data == "new"),
            numbers(150)
        );
        db.execute("n1", &sql).await;
    }
    let plan = db.csqlstore(&["migrate", "plan", "--dedupe", "newest"]).success();
    assert!(plan.stdout.contains("the newest of more than 100 ids"), "{}", plan.stdout);
    let run = db.csqlstore(&["migrate", "up", "--dedupe", "newest"]).success();
    assert!(
        run.stdout.starts_with("deleted  150 rows whose id a newer row has, 0 of them expired\n"),
        "{}",
        run.stdout
    );
    let left = db.column("n3", DATA).await;
    assert_eq!(left.len(), 150);
    assert!(left.iter().all(|row| row.ends_with(" new")), "{left:?}");
}

/// Sends what a Go program sends, again and again where it loses against others, as its users do.
async fn write(connection: &mut Connection, sql: &str) {
    for _ in 0..200 {
        match connection.execute_unhurried("writing a session", sql, ()).await {
            Ok(_) => return,
            // 1213 and 1205: somebody else was faster, or alters the table. 1412: the table was altered meanwhile.
            Err(error) if matches!(error.code(), Some(1213 | 1205 | 1412)) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => panic!("{sql}: {error}: {:?}", std::error::Error::source(&error)),
        }
    }
    panic!("{sql} loses for ever");
}

async fn a_live_writer_loses_nothing() {
    let db = Database::documented().await;
    let mut expected: BTreeMap<String, String> = BTreeMap::new();
    for n in 0..60 {
        let id = format!("id-{n:03}");
        row(&db, &id, "older", (-20, 600)).await;
        row(&db, &id, "newer", (-10, 600)).await;
        expected.insert(id, "newer".into());
    }
    let mut writer = db.connect("n2").await;
    let mut running = db.start(&["migrate", "up", "--on", "n1", "--dedupe", "newest", "--format", "json"]);
    // Both work on the same ids: the Go program updates all rows of an id, and deletes all of them.
    let mut turn = 0_usize;
    while !running.has_ended() || turn < 60 {
        let id = format!("id-{:03}", (turn * 7) % 60);
        if turn % 10 == 9 {
            write(&mut writer, &format!("DELETE FROM session_cluster WHERE id='{id}'")).await;
            expected.remove(&id);
        } else if expected.contains_key(&id) {
            let sql = format!(
                "UPDATE session_cluster SET data='turn {turn}', expire_on=UTC_TIMESTAMP() + INTERVAL 1 HOUR WHERE id='{id}'"
            );
            write(&mut writer, &sql).await;
            expected.insert(id, format!("turn {turn}"));
        } else {
            let id = format!("new-{turn}");
            let sql = format!("INSERT INTO session_cluster (id, data, expire_on) VALUES ('{id}', 'new', '2036-01-01')");
            write(&mut writer, &sql).await;
            expected.insert(id, "new".into());
        }
        turn += 1;
    }
    let answer = running.end().success().json();
    assert_eq!(applied(&answer), ["1 adopted", "2 applied", "3 applied"]);
    assert!(answer["deduplicated"]["rows"].as_u64().is_some_and(|rows| rows > 0), "{answer}");
    let mut expected: Vec<String> = expected.iter().map(|(id, data)| format!("{id} {data}")).collect();
    expected.sort();
    for node in db.nodes() {
        assert_eq!(db.column(&node, DATA).await, expected, "{node}");
    }
}

async fn what_was_stopped_goes_on() {
    let db = Database::documented().await;
    for n in 0..80 {
        let sql = format!(
            "INSERT INTO session_cluster (id, data, modify_at, expire_on) VALUES ('id-{n:02}', 'old', '2026-01-01', '2036-01-01'), \
             ('id-{n:02}', 'new', '2026-01-02', '2036-01-01')"
        );
        db.execute("n1", &sql).await;
    }
    // A writer holds one id's rows and no others, so that the run comes to them and waits.
    let mut holder = db.connect("n1").await;
    let lax = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
    for sql in [lax, "START TRANSACTION", "UPDATE session_cluster SET data='mine' WHERE id='id-40'"] {
        holder.execute("holding a row", sql, ()).await.expect("root may do that");
    }
    let running = db.start(&["migrate", "up", "--on", "n1", "--dedupe", "newest"]);
    let count = "SELECT CAST(COUNT(*) AS CHAR) FROM session_cluster";
    let begin = std::time::Instant::now();
    while db.column("n2", count).await == ["160"] {
        assert!(begin.elapsed() < crate::support::database::PATIENCE, "no row goes");
    }
    signal(&running, Signal::INT);
    holder.execute("letting go", "COMMIT", ()).await.expect("root may do that");
    let run = running.end().exits(130);
    assert!(run.stdout.starts_with("deleted  "), "{}", run.stdout);
    assert!(run.stdout.contains("Stopped by SIGINT; run it again to go on."), "{}", run.stdout);
    db.csqlstore(&["migrate", "up", "--dedupe", "newest"]).success();
    let left = db.column("n3", DATA).await;
    assert_eq!(left.len(), 80);
    assert!(left.iter().all(|row| row.ends_with(" new") || row == "id-40 mine"), "{left:?}");
    assert_eq!(db.column("n3", crate::migrate::HISTORY).await, ADOPTED);
}

async fn a_run_that_lost_its_lease_deletes_no_more() {
    let db = Database::documented().await;
    let alike = format!(
        "INSERT INTO session_cluster (id, data, modify_at, expire_on) SELECT CONCAT('id-', seq MOD 3), 'x', \
         '2026-01-01', '2036-01-01' FROM {}",
        numbers(6)
    );
    db.execute("n1", &alike).await;
    let farm = library(&db);
    let usable = farm.usable(&On::Auto).await.expect("a usable node");
    let goal = Goal { duplicates: OnDuplicates::KeepNewest, ..Goal::default() };
    let runner = migrate::begin(usable, &Table::default(), goal).await.expect("a plan");
    let other = if engine().has(Needs::Writers) { 1 } else { 0 };
    let thief = db.dsns().split(' ').nth(other).and_then(|entry| entry.split_once('=')).expect("NAME=DSN").1.to_owned();
    let outcome = runner.run(Terms::of(&farm), |event| {
        if matches!(event, Event::Deduped { .. }) {
            let thief = thief.clone();
            std::thread::spawn(move || steal(&thief)).join().expect("the thief ends");
        }
        ControlFlow::Continue(())
    });
    let error = outcome.await.expect_err("the lease is gone");
    assert!(matches!(error, Error::Lease(lease::Error::Lost { .. })), "{error}");
    // One was deleted under the lease; of two alike, a second run might by now have deleted the other.
    assert_eq!(db.ids("n3").await.len(), 5);
}

async fn the_right_to_delete_is_named() {
    let db = Database::documented().await;
    row(&db, "twice", "a", (-20, 60)).await;
    row(&db, "twice", "b", (-10, 60)).await;
    db.limit_to(UP).await;
    let run = db.csqlstore(&["migrate", "up", "--on", "n1", "--dedupe", "newest"]).exits(2);
    let rights = [("SELECT, DELETE, CREATE, ALTER", "session_cluster"), UP[1], UP[2]];
    assert!(run.stderr.contains(&db.grants(&rights)), "{}", run.stderr);
    assert_eq!(db.column("n1", DATA).await, ["twice a", "twice b"]);
    db.limit_to(&rights).await;
    db.csqlstore(&["migrate", "up", "--on", "n1", "--dedupe", "newest"]).success();
    assert_eq!(db.column("n1", DATA).await, ["twice b"]);
}
