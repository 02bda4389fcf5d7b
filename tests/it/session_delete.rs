//! `csqlstore session delete`: by id, and by what sessions hold.

use std::process::Command;
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value as Json, json};

use crate::cases;
use crate::support::Database;
use crate::support::command::{self, Run, Running};
use crate::support::database::PATIENCE;
use crate::support::expiry::{DAY, count};
use crate::support::vectors::Vector;

cases! {
    Beside: [
        deletes_the_sessions_of_some_ids_and_no_others,
        an_id_that_is_not_there_is_1_and_the_others_go,
        signs_a_user_out_everywhere,
        without_a_yes_or_on_a_dry_run_nothing_goes,
        a_session_that_is_saved_meanwhile_stays,
        no_right_is_refused_with_the_way_out,
        a_signal_ends_it_after_the_batch_with_a_report,
        what_cannot_be_meant_is_2,
    ],
    Beside if Galera because "they are about what only Galera does, where every node looks for each row by itself": [
        no_key_is_refused_with_the_way_out,
    ],
}

/// Builds the command with the keys and the name of the session that Go's `oauth` case holds.
pub(crate) fn command(db: &Database, args: &[&str]) -> (String, Command) {
    let vector = Vector::of("oauth");
    let (line, mut command) = db.command(&[&["session", "delete", "--max-age", "0"], args].concat());
    command.env("CSQLSTORE_KEYS", vector.keys()).env("CSQLSTORE_NAMES", vector.name());
    (line, command)
}

fn run(db: &Database, args: &[&str]) -> Run {
    command::run(command(db, args))
}

async fn deletes_the_sessions_of_some_ids_and_no_others() {
    let db = Database::migrated().await;
    let odd = ["it's", "back\\\\slash", "UPPER", "lower", "\" OR 1=1 -- "];
    for id in odd {
        db.row(&id.replace('\'', "''"), "x", DAY).await;
    }
    db.row("other", "x", DAY).await;
    let ids = ["it's", "back\\slash", "UPPER", "\" OR 1=1 --"];
    let answer = run(&db, &[&["--yes", "--format", "json", "--"], &ids[..]].concat()).success().json();
    assert_eq!(
        (&answer["matched"], &answer["deleted"], &answer["changed"], &answer["gone"]),
        (&json!(4), &json!(4), &json!(0), &json!(0))
    );
    assert_eq!((&answer["missing"], &answer["stopped"], &answer["dry_run"]), (&json!([]), &Json::Null, &json!(false)));
    assert_eq!(answer["batches"], 1);
    for node in db.nodes() {
        assert_eq!(db.ids(&node).await, ["lower", "other"], "{node}");
    }
}

async fn an_id_that_is_not_there_is_1_and_the_others_go() {
    let db = Database::migrated().await;
    db.row("here", "x", DAY).await;
    let run = run(&db, &["--yes", "here", "HERE", "gone"]).exits(1);
    assert!(run.stdout.starts_with("Deleted 1 of 1 session: 1 batch in "), "{}", run.stdout);
    assert!(
        run.stderr.contains("error: there is no session `HERE` in `session_cluster`, nor 1 others"),
        "{}",
        run.stderr
    );
    assert_eq!(db.ids("n2").await, [""; 0]);
    let run = self::run(&db, &["--yes", "--format", "json", "gone"]).exits(1);
    assert_eq!((&run.json()["missing"], &run.json()["deleted"]), (&json!(["gone"]), &json!(0)));
    assert_eq!(run.json_error()["class"], "no");
}

/// Sessions of one user beside those of others, and rows that do not open.
async fn seeded() -> Database {
    let db = Database::migrated().await;
    let oauth = Vector::of("oauth");
    db.sessions("user", 3, oauth.data(), DAY).await;
    db.sessions("late", 2, oauth.data(), -DAY).await;
    db.row("other", Vector::of("user").data(), DAY).await;
    db.row("broken", "no base64!", DAY).await;
    db
}

async fn signs_a_user_out_everywhere() {
    let db = seeded().await;
    let run = run(&db, &["--yes", "--where", "user_id=1234567890123", "authenticated=true", "--active"]).success();
    assert!(run.stdout.starts_with("Deleted 3 of 3 sessions: "), "{}", run.stdout);
    assert!(
        run.stderr.contains("3 of 5 sessions in ") && run.stderr.contains("2 rows are unreadable"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("user-00003"), "what goes is not shown: {}", run.stderr);
    assert_eq!(db.ids("n3").await, ["broken", "late-00001", "late-00002", "other"]);
    let answer = self::run(&db, &["--yes", "--format", "json", "--where", "user_id exists"]).success().json();
    assert_eq!((&answer["deleted"], &answer["unreadable"]), (&json!(2), &json!({"no-key": 1, "not-base64": 1})));
    let none = self::run(&db, &["--yes", "--where", "user_id exists"]).success();
    assert_eq!(none.stdout, "There is no such session; nothing was deleted.\n");
}

async fn without_a_yes_or_on_a_dry_run_nothing_goes() {
    let db = seeded().await;
    let refused = run(&db, &["--where", "user_id exists"]).exits(2);
    assert!(refused.stderr.contains("there is no terminal to ask: Delete 5 sessions?"), "{}", refused.stderr);
    run(&db, &["user-00001"]).exits(2);
    let dry = run(&db, &["--dry-run", "--where", "user_id exists"]).success();
    assert!(
        dry.stdout.contains("late-00001")
            && dry.stdout.ends_with("5 sessions would go.\nThis was a dry run: nothing was deleted.\n"),
        "{}",
        dry.stdout
    );
    let answer = run(&db, &["--dry-run", "--format", "json", "user-00001", "nobody"]).exits(1).json();
    assert_eq!((&answer["dry_run"], &answer["matched"], &answer["deleted"]), (&json!(true), &json!(1), &json!(0)));
    assert_eq!(
        (&answer["sessions"][0]["id"], &answer["sessions"][0]["state"]),
        (&json!("user-00001"), &json!("active"))
    );
    assert_eq!(count(&db, "n1").await, 7);
}

async fn a_session_that_is_saved_meanwhile_stays() {
    let db = seeded().await;
    let mut writer = db.connect("n1").await;
    writer.execute("beginning", "START TRANSACTION", ()).await.unwrap();
    writer.execute("saving", "UPDATE session_cluster SET data='saved' WHERE id='user-00002'", ()).await.unwrap();
    let running =
        Running::start(command(&db, &["--yes", "--on", "n1", "--format", "json", "--where", "user_id exists"]));
    // It has seen the row as it was, and waits for the writer.
    let begun = Instant::now();
    let waits = format!(
        "SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.PROCESSLIST WHERE DB='{}' AND INFO LIKE 'DELETE FROM%'",
        db.name
    );
    while db.column("n1", &waits).await != ["1"] {
        assert!(begun.elapsed() < PATIENCE, "the deletion does not come to its batch");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    writer.execute("saving", "COMMIT", ()).await.unwrap();
    let answer = tokio::task::spawn_blocking(|| running.end()).await.unwrap().exits(5).json();
    assert_eq!((&answer["matched"], &answer["deleted"], &answer["changed"]), (&json!(5), &json!(4), &json!(1)));
    assert_eq!(db.ids("n2").await, ["broken", "other", "user-00002"]);
    assert_eq!(db.column("n2", "SELECT data FROM session_cluster WHERE id='user-00002'").await, ["saved"]);
}

async fn no_key_is_refused_with_the_way_out() {
    let db = Database::documented().await;
    db.row("one", "x", DAY).await;
    db.row("two", "x", DAY).await;
    let refused = run(&db, &["--yes", "one"]).exits(4);
    assert!(refused.stderr.contains("has no key") && refused.stderr.contains("migrate up"), "{}", refused.stderr);
    assert_eq!(count(&db, "n1").await, 2);
    let run = run(&db, &["--yes", "--without-key", "one"]).success();
    assert!(run.stderr.contains("warning: the table has no key"), "{}", run.stderr);
    assert_eq!(db.ids("n2").await, ["two"]);
}

async fn no_right_is_refused_with_the_way_out() {
    let db = seeded().await;
    let mut root = db.root("n1").await;
    root.execute("taking a right", &format!("REVOKE DELETE ON `{0}`.* FROM '{0}'@'%'", db.name), ()).await.unwrap();
    let refused = run(&db, &["--yes", "--format", "json", "user-00001"]).exits(2);
    let hint = refused.json_error()["hint"].to_string();
    assert!(hint.contains(&format!("GRANT SELECT, DELETE ON `{0}`.`session_cluster` TO '{0}'@'%'", db.name)), "{hint}");
    assert_eq!(count(&db, "n1").await, 7);
}

async fn a_signal_ends_it_after_the_batch_with_a_report() {
    let db = Database::migrated().await;
    db.sessions("s", 5000, Vector::of("oauth").data(), DAY).await;
    let args = ["--yes", "--on", "n1", "--batch", "1", "-v", "--format", "json", "--where", "user_id exists"];
    let mut running = Running::start(command(&db, &args));
    running.until_it_says("3 so far");
    kill_process(Pid::from_raw(running.pid().cast_signed()).unwrap(), Signal::INT).unwrap();
    let answer = running.end().exits(130).json();
    let deleted = answer["deleted"].as_u64().unwrap();
    assert_eq!((&answer["stopped"], &answer["matched"]), (&json!("interrupted"), &json!(5000)));
    assert!(deleted >= 3 && count(&db, "n1").await == 5000 - deleted, "{answer}");
}

async fn what_cannot_be_meant_is_2() {
    let db = seeded().await;
    for args in
        [&[][..], &["id", "--where", "a=1"], &["user-00001", "--active"], &["--where", "a"], &["--yes", "--where"]]
    {
        run(&db, args).exits(2);
    }
    assert_eq!(count(&db, "n1").await, 7);
}
