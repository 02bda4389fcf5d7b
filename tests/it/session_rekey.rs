//! `csqlstore session rekey`: live rows under another key, and nothing else of them changed.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Instant;

use csqlstore::securecookie::{Codec, Keyring};
use csqlstore::session::{self, Values};
use jiff::{SignedDuration, Timestamp};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value as Json, json};

use crate::cases;
use crate::support::Database;
use crate::support::command::{self, Run, Running};
use crate::support::database::PATIENCE;
use crate::support::expiry::DAY;
use crate::support::pty::Terminal;

cases! {
    Beside: [
        signs_live_sessions_anew_and_changes_nothing_else,
        a_dry_run_tells_the_order_and_changes_nothing,
        the_sessions_by_key_are_shown_before_it_asks,
        what_cannot_be_signed_anew_stays_and_is_4,
        a_session_that_is_saved_meanwhile_is_read_again,
        what_was_interrupted_goes_on,
        one_runs_at_a_time,
        what_it_lacks_is_2,
    ],
}

/// The key of before, and the one of after, which encrypts.
pub(crate) const OLD: &str = "raw:the-old-hash-key-of-thirty-two-b";
pub(crate) const NEW: &str = "raw:the-new-hash-key-of-thirty-two-b,raw:0123456789abcdef";

/// Signs a session that holds `n`.
pub(crate) fn sealed(keys: &str, n: isize, age_s: i64) -> String {
    let mut values = Values::new();
    values.insert("n", n);
    values.insert("user", "ada");
    sealed_values(keys, &values, age_s)
}

fn sealed_values(keys: &str, values: &Values<'_>, age_s: i64) -> String {
    let codec = Codec::new(Keyring::parse(keys).unwrap());
    let signed_at = Timestamp::now() - SignedDuration::from_secs(age_s);
    session::seal_data(&codec, "sid", values, signed_at).unwrap()
}

/// Builds the command with the new key before the old one.
pub(crate) fn command(db: &Database, args: &[&str]) -> (String, Command) {
    let (line, mut command) = db.command(&[&["session", "rekey"], args].concat());
    command.env("CSQLSTORE_KEYS", format!("{NEW};{OLD}")).env("CSQLSTORE_NAMES", "other sid");
    (line, command)
}

fn run(db: &Database, args: &[&str]) -> Run {
    command::run(command(db, args))
}

/// What all sessions are that verify under these keys alone, one a line.
pub(crate) fn exported(db: &Database, keys: &str) -> Vec<Json> {
    let (line, mut command) = db.command(&["session", "export", "--max-age", "0"]);
    command.env("CSQLSTORE_KEYS", keys).env("CSQLSTORE_NAMES", "sid");
    let run = command::run((line, command)).success();
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn rows(db: &Database) -> Vec<String> {
    db.column("n2", "SELECT CONCAT_WS(' ', id, data, expire_on, modify_at) FROM session_cluster ORDER BY id").await
}

/// All but the data.
async fn dates(db: &Database) -> Vec<String> {
    db.column("n3", "SELECT CONCAT_WS(' ', id, expire_on, modify_at) FROM session_cluster ORDER BY id").await
}

async fn the_sessions_by_key_are_shown_before_it_asks() {
    let db = Database::migrated().await;
    db.sessions("d", 3, &sealed(OLD, 4, 60), DAY).await;
    db.row("new", &sealed(NEW, 2, 60), DAY).await;
    db.row("odd", "no session", DAY).await;
    let before = rows(&db).await;
    let mut terminal = Terminal::start(command(&db, &["--color", "never"]));
    terminal.until_it_shows("Sign 3 sessions anew?");
    terminal.press("n");
    let (status, shown) = terminal.end();
    assert_eq!(status, Some(1), "{shown}");
    let (told, _) = shown.split_once("Sign 3 sessions anew?").unwrap();
    let lines: Vec<Vec<&str>> = told.lines().map(|line| line.split_whitespace().collect()).collect();
    for expected in ["1 yes 1 signs", "2 no 3"] {
        assert!(lines.iter().any(|line| line.join(" ") == expected), "no `{expected}` before it asks: {shown}");
    }
    assert!(told.contains("they stay as they are"), "{shown}");
    assert_eq!(rows(&db).await, before);
}

async fn signs_live_sessions_anew_and_changes_nothing_else() {
    let db = Database::migrated().await;
    let old_age = 40 * DAY;
    db.row("a-old", &sealed(OLD, 1, old_age), DAY).await;
    db.row("b-new", &sealed(NEW, 2, 60), DAY).await;
    db.row("c-gone", &sealed(OLD, 3, 60), -DAY).await;
    db.sessions("d", 1500, &sealed(OLD, 4, 60), DAY).await;
    db.execute("n1", "UPDATE session_cluster SET modify_at = '2026-11-01 01:02:03'").await;
    let (before, held) = (dates(&db).await, exported(&db, &format!("{NEW};{OLD}")));
    let gone = db.column("n1", "SELECT data FROM session_cluster WHERE id IN ('b-new', 'c-gone')").await;
    let answer = run(&db, &["--yes", "--format", "json"]).success().json();
    assert_eq!((&answer["rows"], &answer["rekeyed"]), (&json!(1502), &json!(1501)));
    let keys = json!([{"key": 1, "encrypts": true, "rows": 1}, {"key": 2, "encrypts": false, "rows": 1501}]);
    assert_eq!(answer["keys"], keys);
    for nothing in ["renewed", "gone", "left", "too_long"] {
        assert_eq!(answer[nothing], 0, "{nothing}");
    }
    assert_eq!(dates(&db).await, before);
    assert_eq!(db.column("n3", "SELECT data FROM session_cluster WHERE id IN ('b-new', 'c-gone')").await, gone);
    let after = exported(&db, NEW);
    for (before, after) in held.iter().zip(&after).filter(|(it, _)| it["id"] != "c-gone") {
        for same in ["id", "name", "values", "types", "signed_at", "expires_at", "modified_at"] {
            assert_eq!(before[same], after[same], "{same} of {after}");
        }
        assert_eq!((&after["key"], &after["encrypted"]), (&json!(1), &json!(true)), "{after}");
    }
    assert_eq!(after.len(), 1503);
    assert_eq!(db.column("n1", "SELECT owner FROM csqlstore_lease WHERE name='rekey'").await, [""]);
    let untouched = rows(&db).await;
    let again = run(&db, &["--yes"]).success();
    assert!(again.stdout.contains("No session has to be signed anew."), "{}", again.stdout);
    assert_eq!(rows(&db).await, untouched);
}

async fn a_dry_run_tells_the_order_and_changes_nothing() {
    let db = Database::migrated().await;
    db.sessions("s", 3, &sealed(OLD, 1, 60), DAY).await;
    db.row("new", &sealed(NEW, 1, 60), DAY).await;
    db.row("broken", "no base64!", DAY).await;
    let before = rows(&db).await;
    let dry = run(&db, &["--dry-run"]).success();
    assert!(
        dry.stdout.starts_with(
            "KEY  ENCRYPTS  LIVE SESSIONS\n1    yes                   1  signs\n2    no                    3\n"
        ),
        "{}",
        dry.stdout
    );
    let at = |part: &str| dry.stdout.find(part).unwrap_or_else(|| panic!("{part:?} is not in {}", dry.stdout));
    assert!(at("1. Give every server") < at("3. Run") && at("signs 3 sessions anew") < at("4. Take the old keys"));
    assert!(dry.stdout.contains("disarmed only then") && dry.stdout.contains("1 row is unreadable: 1 not base64"));
    assert!(dry.stdout.lines().all(|line| line.chars().count() <= 84), "{}", dry.stdout);
    let answer = run(&db, &["--dry-run", "--format", "json"]).success().json();
    assert_eq!(
        (&answer["dry_run"], &answer["rekeyed"], &answer["unreadable"]),
        (&json!(true), &json!(0), &json!({"not-base64": 1}))
    );
    let refused = run(&db, &[]).exits(2);
    assert!(refused.stderr.contains("Sign 3 sessions anew?"), "{}", refused.stderr);
    assert_eq!(rows(&db).await, before);
}

async fn what_cannot_be_signed_anew_stays_and_is_4() {
    let db = Database::migrated().await;
    let mut long = Values::new();
    long.insert("text", "x".repeat(2_210).as_str());
    let long = sealed_values(OLD, &long, 60);
    assert!((4070..=4096).contains(&long.len()), "{}", long.len());
    db.row("long", &long, DAY).await;
    db.row("third", &sealed("raw:a-third-key-that-nobody-has-here", 1, 60), DAY).await;
    db.row("old", &sealed(OLD, 1, 60), DAY).await;
    let kept = "SELECT data FROM session_cluster WHERE id <> 'old' ORDER BY id";
    let before = db.column("n1", kept).await;
    let answer = run(&db, &["--yes", "--format", "json"]).exits(4).json();
    assert_eq!(
        (&answer["rekeyed"], &answer["too_long"], &answer["unreadable"]),
        (&json!(1), &json!(1), &json!({"no-key": 1}))
    );
    assert_eq!(db.column("n2", kept).await, before);
    let again = run(&db, &["--yes"]).exits(4);
    assert!(again.stdout.contains("1 session would grow beyond what Go reads"), "{}", again.stdout);
    let lifted = run(&db, &["--yes", "--max-length", "0", "--format", "json"]).exits(4).json();
    assert_eq!((&lifted["rekeyed"], &lifted["too_long"]), (&json!(1), &json!(0)));
}

/// Waits until a statement that begins like this runs on n1.
async fn until_runs(db: &Database, begin: &str) {
    let begun = Instant::now();
    let sql = format!(
        "SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.PROCESSLIST WHERE DB='{}' AND INFO LIKE '{begin}%'",
        db.name
    );
    while db.column("n1", &sql).await == ["0"] {
        assert!(begun.elapsed() < PATIENCE, "{begin} does not come");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

async fn a_session_that_is_saved_meanwhile_is_read_again() {
    let db = Database::migrated().await;
    db.sessions("s", 20, &sealed(OLD, 1, 60), DAY).await;
    let mut writer = db.connect("n1").await;
    writer.execute("beginning", "START TRANSACTION", ()).await.unwrap();
    for (id, data) in [("s-00002", sealed(OLD, 2, 0)), ("s-00003", sealed(NEW, 3, 0))] {
        let sql = format!("UPDATE session_cluster SET data='{data}' WHERE id='{id}'");
        writer.execute("saving", &sql, ()).await.unwrap();
    }
    writer.execute("deleting", "DELETE FROM session_cluster WHERE id='s-00004'", ()).await.unwrap();
    let running = Running::start(command(&db, &["--yes", "--on", "n1", "--format", "json"]));
    until_runs(&db, "UPDATE `session_cluster`").await;
    writer.execute("saving", "COMMIT", ()).await.unwrap();
    let answer = tokio::task::spawn_blocking(|| running.end()).await.unwrap().success().json();
    assert_eq!(
        (&answer["rekeyed"], &answer["renewed"], &answer["gone"], &answer["left"]),
        (&json!(18), &json!(1), &json!(1), &json!(0))
    );
    let held = exported(&db, NEW);
    let n: Vec<i64> = held.iter().map(|it| it["values"]["n"].as_i64().unwrap()).collect();
    assert_eq!((n.len(), n[0], n[1], n[2], n[3]), (19, 1, 2, 3, 1));
}

async fn what_was_interrupted_goes_on() {
    let db = Database::migrated().await;
    db.sessions("s", 3000, &sealed(OLD, 1, 60), DAY).await;
    let mut running = Running::start(command(&db, &["--yes", "--batch", "1", "-v", "--format", "json"]));
    running.until_it_says("3 so far");
    kill_process(Pid::from_raw(running.pid().cast_signed()).unwrap(), Signal::TERM).unwrap();
    let first = running.end().exits(143).json();
    let done = first["rekeyed"].as_u64().unwrap();
    assert!((3..3000).contains(&done) && first["stopped"] == "interrupted", "{first}");
    let second = run(&db, &["--yes", "--format", "json"]).success().json();
    assert_eq!(second["rekeyed"].as_u64(), Some(3000 - done), "{second}");
    assert_eq!(second["keys"][0]["rows"].as_u64(), Some(done));
    assert!(exported(&db, NEW).iter().all(|it| it["values"]["n"] == 1));
}

async fn one_runs_at_a_time() {
    let db = Database::migrated().await;
    db.sessions("s", 5, &sealed(OLD, 1, 60), DAY).await;
    let mut writer = db.connect("n1").await;
    writer.execute("beginning", "START TRANSACTION", ()).await.unwrap();
    writer.execute("locking", "SELECT * FROM session_cluster WHERE id='s-00003' FOR UPDATE", ()).await.unwrap();
    let running = Running::start(command(&db, &["--yes", "--on", "n1", "--format", "json"]));
    until_runs(&db, "UPDATE `session_cluster`").await;
    let second = run(&db, &["--yes", "--format", "json"]).exits(3);
    assert_eq!(second.stdout, "");
    assert!(second.json_error()["message"].as_str().unwrap().contains("rekey"), "{}", second.stderr);
    writer.execute("letting go", "ROLLBACK", ()).await.unwrap();
    let answer = tokio::task::spawn_blocking(|| running.end()).await.unwrap().success().json();
    assert_eq!(answer["rekeyed"], 5);
}

async fn what_it_lacks_is_2() {
    let db = Database::migrated().await;
    db.row("s", &sealed(OLD, 1, 60), DAY).await;
    let run = db.csqlstore(&["session", "rekey", "--yes"]).exits(2);
    assert!(run.stderr.contains("no key is given"), "{}", run.stderr);
    let mut root = db.root("n1").await;
    root.execute("taking a right", &format!("REVOKE UPDATE ON `{0}`.* FROM '{0}'@'%'", db.name), ()).await.unwrap();
    let refused = self::run(&db, &["--yes", "--format", "json"]).exits(2);
    let hint = refused.json_error()["hint"].to_string();
    assert!(hint.contains("GRANT SELECT, UPDATE ON"), "{hint}");
    assert_eq!(exported(&db, OLD).iter().filter(|it| it.get("values").is_some()).count(), 1);
}

/// Which rows are under the new key alone, by their ids.
pub(crate) fn readable(db: &Database, keys: &str) -> BTreeSet<String> {
    let held = exported(db, keys);
    let held = held.iter().filter(|it| it.get("values").is_some());
    held.map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}
