//! `csqlstore session list`: rows without their data, and without keys.

use serde_json::{Value as Json, json};

use crate::cases;
use crate::support::Database;
use crate::support::expiry::DAY;

cases! {
    Beside: [
        lists_the_newest_first_and_says_whether_there_are_more,
        the_server_picks_and_sorts,
        a_date_that_is_none_is_long_past,
        people_see_a_table_of_80_columns,
        changes_nothing_and_needs_no_key,
    ],
}

const OLD: &str = "2026-11-01T00:00:00Z11111";
const NEW: &str = "2026-11-20T09:30:00.123456789+08:0022222";

async fn seeded() -> Database {
    let db = Database::migrated().await;
    db.row(OLD, "four", -DAY).await;
    db.row(NEW, "seven!!", DAY).await;
    db.row("no-time", "x", -60).await;
    db
}

fn list(db: &Database, args: &[&str]) -> Json {
    db.csqlstore(&[&["session", "list", "--format", "json"], args].concat()).success().json()
}

fn ids(answer: &Json) -> Vec<&str> {
    answer["sessions"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect()
}

async fn lists_the_newest_first_and_says_whether_there_are_more() {
    let db = seeded().await;
    let answer = list(&db, &["--limit", "2"]);
    assert_eq!((ids(&answer), &answer["more"]), (vec!["no-time", NEW], &json!(true)));
    let all = list(&db, &[]);
    assert_eq!(
        (ids(&all), &all["more"], &all["schema_version"]),
        (vec!["no-time", NEW, OLD], &json!(false), &json!(1))
    );
    let (first, second, third) = (&all["sessions"][0], &all["sessions"][1], &all["sessions"][2]);
    assert_eq!(first["created_at"], Json::Null);
    assert_eq!(second["created_at"], "2026-11-20T01:30:00.123456789Z");
    assert_eq!(
        (&first["state"], &second["state"], &third["state"]),
        (&json!("expired"), &json!("active"), &json!("purgeable"))
    );
    assert_eq!((&first["bytes"], &second["bytes"]), (&json!(1), &json!(7)));
    let fields: Vec<&str> = second.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["bytes", "created_at", "expires_at", "id", "modified_at", "state"]);
    let expires = db
        .column("n1", &format!("SELECT DATE_FORMAT(expire_on, '%Y-%m-%dT%TZ') FROM session_cluster WHERE id='{NEW}'"))
        .await;
    assert_eq!(second["expires_at"], expires[0]);
    assert_eq!(ids(&list(&db, &["--grace", "2d", "--expired"])).len(), 2);
    assert_eq!(list(&db, &["--grace", "2d"])["sessions"][2]["state"], "expired");
}

async fn the_server_picks_and_sorts() {
    let db = seeded().await;
    db.execute("n1", &format!("UPDATE session_cluster SET modify_at = NOW() - INTERVAL 1 HOUR WHERE id <> '{OLD}'"))
        .await;
    for (args, expected) in [
        (&["--active"][..], &[NEW][..]),
        (&["--expired"], &["no-time", OLD]),
        (&["--since", "30m"], &[OLD]),
        (&["--since", "1000y"], &["no-time", NEW, OLD]),
        (&["--since", "30m", "--active"], &[]),
        (&["--sort", "expires"], &[OLD, "no-time", NEW]),
        (&["--sort", "bytes"], &[NEW, OLD, "no-time"]),
        (&["--sort", "modified"], &[OLD, NEW, "no-time"]),
    ] {
        assert_eq!(ids(&list(&db, args)), expected, "{args:?}");
    }
    for args in [&["--active", "--expired"][..], &["--limit", "0"], &["--sort", "no"]] {
        db.csqlstore(&[&["session", "list"], args].concat()).exits(2);
    }
}

async fn a_date_that_is_none_is_long_past() {
    let db = seeded().await;
    let mut root = db.connect("n1").await;
    root.execute("a mode without checks", "SET SESSION sql_mode=''", ()).await.unwrap();
    root.execute(
        "a row",
        "INSERT INTO session_cluster VALUES ('zero', '', '0000-00-00 00:00:00', '0000-00-00 00:00:00')",
        (),
    )
    .await
    .unwrap();
    let answer = list(&db, &["--expired", "--limit", "1"]);
    let expected = json!({
        "id": "zero", "created_at": null, "state": "purgeable", "expires_at": null, "modified_at": null, "bytes": 0
    });
    assert_eq!(answer["sessions"][0], expected);
}

async fn people_see_a_table_of_80_columns() {
    let db = seeded().await;
    let run = db.csqlstore(&["session", "list", "--limit", "2"]).success();
    assert_eq!(run.stderr, "");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], "ID                                        STATE    EXPIRES  WRITTEN  BYTES");
    assert!(lines[1].starts_with("no-time                                   expired  "), "{lines:?}");
    assert!(lines[2].starts_with(&format!("{NEW}  active   in ")) && lines[2].ends_with("      7"), "{lines:?}");
    assert_eq!(lines[3], "There are more (`--limit`).");
    assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:?}");
    let run =
        db.csqlstore(&["session", "list", "--since", "1s", "--expired", "--grace", "1s", "--sort", "bytes", "--quiet"]);
    assert_eq!(run.success().stdout, "");
}

async fn changes_nothing_and_needs_no_key() {
    let db = seeded().await;
    let rows = "SELECT CONCAT(id, data, expire_on, modify_at) FROM session_cluster ORDER BY id";
    let before = db.column("n2", rows).await;
    list(&db, &[]);
    assert_eq!(db.column("n2", rows).await, before);
    let empty = Database::migrated().await;
    let nothing = "There is no session at all in `session_cluster`.\n";
    assert_eq!(empty.csqlstore(&["session", "list"]).success().stdout, nothing);
    assert_eq!(empty.csqlstore(&["session", "list", "--active"]).success().stdout, "There is no such session.\n");
    let none = Database::empty().await;
    let run = none.csqlstore(&["session", "list", "--format", "json"]).exits(4);
    assert!(run.json_error()["hint"].as_str().unwrap().contains("migrate up"), "{run:?}");
}
