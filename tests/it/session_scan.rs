//! `csqlstore session find` and `session export`: every session is read and opened.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value as Json, json};

use crate::cases;
use crate::support::Database;
use crate::support::command::{self, Run, Running};
use crate::support::database::PATIENCE;
use crate::support::expiry::DAY;
use crate::support::vectors::{Vector, gob_of, sign};

cases! {
    Beside: [
        exports_every_session_that_go_wrote,
        a_row_that_does_not_open_stops_nothing_and_is_counted,
        keys_and_names_of_another_table_are_suspected,
        raw_needs_no_key_and_opens_nothing,
        finds_sessions_by_what_they_hold,
        the_filters_are_the_server_s,
        a_table_without_a_key_is_read_in_one_pass_with_a_word,
        pages_join_without_a_gap,
        a_closed_pipe_is_a_quiet_end,
        a_signal_ends_a_scan_with_a_report,
        a_signal_ends_a_scan_whose_output_nobody_takes,
        a_signal_lets_a_slow_reader_have_what_is_counted,
        what_is_no_condition_or_lacks_a_key_is_2,
    ],
}

/// Builds the command with the keys and names of all vectors; ages are no matter.
fn command(db: &Database, args: &[&str]) -> (String, Command) {
    let all = Vector::all();
    let keys: Vec<String> = all.iter().map(Vector::keys).collect();
    let (line, mut command) = db.command(&[&["session"], args, &["--max-age", "0"]].concat());
    command.env("CSQLSTORE_KEYS", keys.join("\n"));
    command.env("CSQLSTORE_NAMES", "sid session-key my_app_session foobar");
    (line, command)
}

fn run(db: &Database, args: &[&str]) -> Run {
    command::run(command(db, args))
}

fn lines(run: &Run) -> Vec<Json> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A database with all vectors.
async fn seeded() -> Database {
    let db = Database::migrated().await;
    let rows = Vector::all()
        .iter()
        .map(|it| format!("('{}', '{}', UTC_TIMESTAMP() + INTERVAL 1 DAY)", it.id(), it.data()))
        .collect::<Vec<_>>();
    db.execute("n1", &format!("INSERT INTO session_cluster (id, data, expire_on) VALUES {}", rows.join(","))).await;
    db
}

async fn exports_every_session_that_go_wrote() {
    let db = seeded().await;
    let run = run(&db, &["export"]).success();
    let lines = lines(&run);
    let ids: Vec<&str> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted(), "not in the order of the scan");
    let by_id: BTreeMap<&str, &Json> = lines.iter().map(|line| (line["id"].as_str().unwrap(), line)).collect();
    assert_eq!((lines.len(), by_id.len()), (82, 82));
    for vector in Vector::all() {
        let line = by_id[vector.id()];
        assert_eq!(&line["values"], vector.values(), "{}", vector.case());
        assert_eq!((&line["name"], &line["encrypted"]), (&json!(vector.name()), &json!(vector.encrypted())));
        let fields: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = [
            "age_s",
            "bytes",
            "encrypted",
            "expires_at",
            "id",
            "key",
            "modified_at",
            "name",
            "signed_at",
            "state",
            "types",
            "values",
        ];
        assert_eq!(fields, expected);
        assert!(line.get("schema_version").is_none());
    }
    assert!(run.stderr.starts_with("exported 82 sessions in ") && run.stderr.lines().count() == 1, "{}", run.stderr);
}

async fn a_row_that_does_not_open_stops_nothing_and_is_counted() {
    let db = Database::migrated().await;
    let vector = Vector::of("oauth");
    db.row("a-good", vector.data(), DAY).await;
    db.row("b-base64", "no base64!", DAY).await;
    db.row("c-key", &sign(b"another key", "sid", 0, b"x"), DAY).await;
    db.row("d-gob", &sign(&vector.hash_key(), "sid", 0, b"no gob"), DAY).await;
    db.row("e-id", &sign(&vector.hash_key(), "sid", 0, &gob_of("an id")), DAY).await;
    db.row("f-empty", "", DAY).await;
    db.row("g-good", vector.data(), DAY).await;
    let export = run(&db, &["export"]).success();
    let told = lines(&export);
    let errors: Vec<bool> = told.iter().map(|line| line.get("error").is_some()).collect();
    assert_eq!(errors, [false, true, true, true, true, true, false]);
    assert!(told.iter().all(|line| line.get("values").is_some() != line.get("error").is_some()));
    assert_eq!(
        (&told[1]["state"], &told[1]["bytes"], &told[1]["error"]),
        (&json!("active"), &json!(10), &json!("the value is not base64"))
    );
    let find = run(&db, &["find", "user_id exists"]).success();
    assert_eq!(find.stdout, "a-good\ng-good\n");
    for run in [export, find] {
        let second = run.stderr.lines().nth(1).unwrap();
        assert_eq!(
            second,
            "5 rows are unreadable: 1 verify, and hold no gob, 1 verify under no key and name, 1 verify, and hold no session, 1 not base64, 1 not made of a date, a payload and a MAC",
        );
    }
    // What is wrong with a row is not what it holds.
    assert!(!told[3]["error"].as_str().unwrap().contains("no gob\""));
}

async fn keys_and_names_of_another_table_are_suspected() {
    const SUSPICION: &str = "not one session opens: are these the keys of the application that wrote them";
    let db = seeded().await;
    for args in [
        &["session", "find", "user exists"][..],
        &["session", "export"],
        &["session", "stats"],
        &["session", "delete", "--where", "user exists", "--dry-run"],
    ] {
        let (line, mut other) = command(&db, &args[1..]);
        other.env("CSQLSTORE_NAMES", "another");
        let run = command::run((line, other)).success();
        assert!(run.stderr.contains(SUSPICION), "{run:?}");
        let run = self::run(&db, &args[1..]).success();
        assert!(!run.stderr.contains(SUSPICION), "{run:?}");
    }
}

async fn raw_needs_no_key_and_opens_nothing() {
    let db = seeded().await;
    db.execute("n1", "INSERT INTO session_cluster (id, data, expire_on) VALUES ('binary', x'ff00', UTC_TIMESTAMP())")
        .await;
    let run = db.csqlstore(&["session", "export", "--raw"]).success();
    let lines = lines(&run);
    assert_eq!(lines.len(), 83);
    for vector in Vector::all() {
        let line = lines.iter().find(|line| line["id"] == vector.id()).unwrap();
        assert_eq!((&line["data"], &line["bytes"]), (&json!(vector.data()), &json!(vector.data().len())));
        assert!(line.get("values").is_none() && line.get("name").is_none());
    }
    let binary = lines.iter().find(|line| line["id"] == "binary").unwrap();
    assert_eq!(binary["data"], json!({"$bytes": "/wA="}));
}

async fn finds_sessions_by_what_they_hold() {
    let db = seeded().await;
    let id = |case: &str| Vector::of(case).id().to_owned();
    for (conditions, expected) in [
        (&["user_id=1234567890123"][..], vec!["oauth"]),
        (&["user_id=\"1234567890123\""], vec![]),
        (&["user.Name=~"], vec![]),
        (&["user.Name~^Ada", "user.Addr.Geo[0]>51", "user.Base.ID=77"], vec!["user"]),
        (&["_flash[0]=foo", "custom_key.2=true"], vec!["flashes"]),
        (&["expiry<2026-01-01T08:00:01+08:00", "authenticated!=false"], vec!["oauth"]),
        (&["expiry<2026-01-01T08:00:00+08:00"], vec![]),
    ] {
        let run = run(&db, &[&["find"], conditions].concat()).success();
        let mut expected: Vec<String> = expected.into_iter().map(id).collect();
        expected.sort();
        assert_eq!(run.stdout.lines().collect::<Vec<_>>(), expected, "{conditions:?}");
        assert!(run.stderr.starts_with(&format!("{} of 82 sessions in ", expected.len())), "{}", run.stderr);
    }
    let found = run(&db, &["find", "--format", "json", "user_id exists"]).success();
    let found = lines(&found);
    let line = found.iter().find(|line| line["id"] == id("oauth")).unwrap();
    assert_eq!(&line["values"], Vector::of("oauth").values());
    let fields: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["expires_at", "id", "name", "state", "values"]);
    assert_eq!(run(&db, &["find", "--quiet", "user_id exists"]).success().stdout, "");
}

async fn the_filters_are_the_server_s() {
    let db = Database::migrated().await;
    let vector = Vector::of("oauth");
    db.row("live", vector.data(), DAY).await;
    db.row("gone", vector.data(), -DAY).await;
    db.execute("n1", "UPDATE session_cluster SET modify_at = NOW() - INTERVAL 2 HOUR WHERE id = 'live'").await;
    for (args, expected, read) in [
        (&["--active"][..], "live\n", 1),
        (&["--expired"], "gone\n", 1),
        (&["--since", "1h"], "gone\n", 1),
        (&[], "gone\nlive\n", 2),
    ] {
        let run = run(&db, &[&["find", "user_id exists"], args].concat()).success();
        assert_eq!(run.stdout, expected, "{args:?}");
        assert!(run.stderr.contains(&format!(" of {read} session")), "{}", run.stderr);
    }
}

async fn a_table_without_a_key_is_read_in_one_pass_with_a_word() {
    let db = Database::documented().await;
    let data = Vector::of("oauth").data().to_owned();
    db.sessions("s", 12_000, &data, DAY).await;
    // The package's table takes an id twice.
    db.row("s-00001", &data, DAY).await;
    let run = run(&db, &["find", "user_id exists"]).success();
    assert_eq!(run.stdout.lines().count(), 12_001);
    assert!(run.stderr.contains("is read in one pass") && run.stderr.contains("migrate up"), "{}", run.stderr);
}

async fn pages_join_without_a_gap() {
    let db = Database::migrated().await;
    let data = Vector::of("oauth").data().to_owned();
    // Two whole pages, and nothing on the third; ids that a literal would have to escape.
    db.sessions("it''s", 20_000, &data, DAY).await;
    let run = run(&db, &["find", "user_id exists"]).success();
    let expected: Vec<String> = (1..=20_000).map(|n| format!("it's-{n:05}")).collect();
    assert!(run.stdout.lines().eq(expected.iter().map(String::as_str)), "{} lines", run.stdout.lines().count());
    assert!(!run.stderr.contains("pass"), "{}", run.stderr);
}

async fn a_closed_pipe_is_a_quiet_end() {
    let db = Database::migrated().await;
    db.sessions("s", 30_000, Vector::of("oauth").data(), DAY).await;
    let (_, mut command) = command(&db, &["export"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    // The reader, and with it the pipe, is gone now.
    assert!(first.starts_with("{\"id\":\"s-00001\""), "{first}");
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
    let rows: u64 = said.split(' ').nth(1).unwrap().parse().unwrap();
    assert!(rows < 30_000 && said.lines().count() == 1, "{said}");
}

async fn a_signal_ends_a_scan_with_a_report() {
    let db = Database::migrated().await;
    db.row("s", Vector::of("oauth").data(), DAY).await;
    for (signal, name, code) in [(Signal::INT, "SIGINT", 130), (Signal::TERM, "SIGTERM", 143)] {
        let mut root = db.connect("n1").await;
        root.execute("holding the scan up", "LOCK TABLES session_cluster WRITE", ()).await.unwrap();
        let mut running = Running::start(command(&db, &["find", "user_id exists", "--on", "n1", "-v"]));
        running.until_it_says("reading on node `n1`");
        kill_process(Pid::from_raw(running.pid().cast_signed()).unwrap(), signal).unwrap();
        let run = running.end().exits(code);
        assert_eq!(run.stdout, "");
        assert!(
            run.stderr.contains("0 of 0 sessions in ") && run.stderr.contains(&format!(", stopped by {name}")),
            "{}",
            run.stderr
        );
        root.close().await;
    }
}

async fn a_signal_ends_a_scan_whose_output_nobody_takes() {
    let db = Database::migrated().await;
    db.sessions("s", 30_000, Vector::of("oauth").data(), DAY).await;
    for args in [&["export"][..], &["find", "--format", "json", "user_id exists"]] {
        let (_, mut command) = command(&db, args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        stdout.read_line(&mut text).unwrap();
        // It is about to wait, or waits already, for somebody who reads: a pipe holds a hundredth of what there is.
        kill_process(Pid::from_raw(child.id().cast_signed()).unwrap(), Signal::INT).unwrap();
        let began = Instant::now();
        let status = loop {
            match child.try_wait().unwrap() {
                Some(status) => break status,
                None if began.elapsed() > PATIENCE => {
                    child.kill().unwrap();
                    panic!("it waits for a reader");
                }
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(status.code(), Some(130), "{said}");
        assert!(said.contains("stopped by SIGINT"), "{said}");
        stdout.read_to_string(&mut text).unwrap();
        assert_eq!(written(&said), whole_lines(&text), "{said}");
    }
}

async fn a_signal_lets_a_slow_reader_have_what_is_counted() {
    let db = Database::migrated().await;
    db.sessions("s", 30_000, Vector::of("oauth").data(), DAY).await;
    let (_, mut command) = command(&db, &["export"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    stdout.read_line(&mut text).unwrap();
    kill_process(Pid::from_raw(child.id().cast_signed()).unwrap(), Signal::TERM).unwrap();
    // Slowly enough to be left behind with some of it.
    while stdout.read_line(&mut text).unwrap() > 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(143), "{said}");
    assert_eq!(written(&said), whole_lines(&text), "{said}");
}

/// How many lines a report says were written: `exported 3 sessions`, `3 of 5 sessions`.
fn written(said: &str) -> usize {
    let count = said.split(' ').find_map(|word| word.parse().ok());
    count.unwrap_or_else(|| panic!("a number: {said}"))
}

/// How many lines there are, of which each is whole.
fn whole_lines(text: &str) -> usize {
    assert!(text.ends_with('\n'), "a line is cut: {:?}", text.lines().last());
    for line in text.lines() {
        let _: Json = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
    text.lines().count()
}

async fn what_is_no_condition_or_lacks_a_key_is_2() {
    let db = Database::migrated().await;
    let fault = run(&db, &["find", "user.id"]).exits(2);
    assert!(
        fault.stderr.contains("`user.id` is no condition: ") && fault.stderr.contains("hint: "),
        "{}",
        fault.stderr
    );
    run(&db, &["find"]).exits(2);
    for args in [&["session", "find", "a=1"][..], &["session", "export"]] {
        let run = db.csqlstore(args).exits(2);
        assert!(run.stderr.contains("no key is given"), "{}", run.stderr);
    }
}
