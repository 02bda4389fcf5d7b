//! `csqlstore session stats`.

use serde_json::{Value as Json, json};

use crate::cases;
use crate::support::Database;
use crate::support::command::{self, Run};
use crate::support::vectors::Vector;

cases! {
    Beside: [
        counts_by_state_size_age_and_expiry_without_a_key,
        counts_what_sessions_hold_with_one,
        people_see_it_drawn_in_80_columns,
        an_empty_table_has_nothing_to_count,
    ],
}

/// Rows of two writers in three states; two of them do not open.
async fn seeded() -> Database {
    let db = Database::migrated().await;
    let oauth = Vector::of("oauth");
    let sql = format!(
        "INSERT INTO session_cluster (id, data, expire_on, modify_at) VALUES \
         ('2026-11-20T09:30:00Z11111', '{0}', UTC_TIMESTAMP() + INTERVAL 3 DAY, NOW()), \
         ('2026-11-20T09:30:00+08:0022222', '{0}', UTC_TIMESTAMP() + INTERVAL 20 MINUTE, NOW()), \
         ('2026-11-20T09:30:00+08:0033333', '{0}', UTC_TIMESTAMP() - INTERVAL 20 MINUTE, '2026-11-20 01:29:18'), \
         ('no-time', 'no base64!', UTC_TIMESTAMP() - INTERVAL 3 DAY, NOW()), \
         ('other', '{1}', UTC_TIMESTAMP() + INTERVAL 3 DAY, NOW())",
        oauth.data(),
        Vector::of("user").data(),
    );
    db.execute("n1", &sql).await;
    db
}

fn with_keys(db: &Database, args: &[&str]) -> Run {
    let vector = Vector::of("oauth");
    let (line, mut command) = db.command(&[&["session", "stats", "--max-age", "0"], args].concat());
    command.env("CSQLSTORE_KEYS", vector.keys()).env("CSQLSTORE_NAMES", vector.name());
    command::run((line, command))
}

/// The rows of the span that begins and ends there.
fn span(spans: &Json, from_s: Json, to_s: Json) -> u64 {
    let found = spans.as_array().unwrap().iter().find(|it| it["from_s"] == from_s && it["to_s"] == to_s);
    found.unwrap()["rows"].as_u64().unwrap()
}

async fn counts_by_state_size_age_and_expiry_without_a_key() {
    let db = seeded().await;
    let run = db.csqlstore(&["session", "stats", "--format", "json"]).success();
    let answer = run.json();
    let (oauth, user) = (Vector::of("oauth").data().len(), Vector::of("user").data().len());
    assert_eq!((&answer["rows"], &answer["bytes"]), (&json!(5), &json!(3 * oauth + 10 + user)));
    let states = json!([
        {"state": "active", "rows": 3, "bytes": 2 * oauth + user},
        {"state": "expired", "rows": 1, "bytes": oauth},
        {"state": "purgeable", "rows": 1, "bytes": 10},
    ]);
    assert_eq!(answer["states"], states);
    let expiry = &answer["expiry"];
    assert_eq!(span(expiry, json!(0), json!(3600)), 1);
    assert_eq!(span(expiry, json!(86_400), json!(604_800)), 2);
    assert_eq!(span(expiry, json!(-3600), json!(0)), 1);
    assert_eq!(span(expiry, json!(-604_800), json!(-86_400)), 1);
    let all: u64 = expiry.as_array().unwrap().iter().map(|it| it["rows"].as_u64().unwrap()).sum();
    assert_eq!((all, expiry.as_array().unwrap().len()), (5, 12));
    assert_eq!(answer["ageless"], 2);
    assert_eq!(answer["sizes"], json!({"p50": oauth, "p99": user, "largest": user}));
    let offsets = json!([{"offset_s": 0, "rows": 1, "ahead_s": 0}, {"offset_s": 28800, "rows": 2, "ahead_s": 42}]);
    assert_eq!(answer["offsets"], offsets);
    let first = db.column("n1", "SELECT DATE_FORMAT(MIN(expire_on), '%Y-%m-%dT%TZ') FROM session_cluster").await;
    assert_eq!(answer["first_expired_at"], first[0]);
    for absent in ["readable", "unreadable", "types", "signed"] {
        assert_eq!(answer[absent], Json::Null, "{absent}");
    }
    assert_eq!(answer["whole"], true);
}

async fn counts_what_sessions_hold_with_one() {
    let db = seeded().await;
    let answer = with_keys(&db, &["--format", "json"]).success().json();
    assert_eq!((&answer["readable"], &answer["unreadable"]), (&json!(3), &json!({"no-key": 1, "not-base64": 1})));
    assert_eq!(answer["signed"], json!([{"name": "sid", "key": 1, "encrypted": false, "rows": 3}]));
    let types = json!([
        {"type": "string", "values": 9}, {"type": "[]uint8", "values": 3}, {"type": "bool", "values": 3},
        {"type": "int64", "values": 3}, {"type": "time.Time", "values": 3},
    ]);
    assert_eq!(answer["types"], types);
    let active = with_keys(&db, &["--format", "json", "--active"]).success().json();
    assert_eq!((&active["rows"], &active["readable"]), (&json!(3), &json!(2)));
}

async fn people_see_it_drawn_in_80_columns() {
    let db = seeded().await;
    let run = with_keys(&db, &[]).success();
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80 && !line.contains('\u{1b}')), "{}", run.stdout);
    for part in [
        "STATE      ROWS",
        "\nThey expire\n  1 day to 7 days ago  1  ##################\n  1 hour to 1 day ago  0\n  up to 1 hour ago     1  ##################\n",
        "  in 1 day to 7 days   2  ####################################\n",
        "\nTheir writers' local times\n  UTC+00:00  ",
        "  UTC+08:00, a clock 42 s ahead  2  ####################################",
        "\nTheir values, by Go type\n  string     9  ####################################\n",
        "\n2 rows are unreadable: 1 verify under no key and name, 1 not base64\n",
    ] {
        assert!(run.stdout.contains(part), "{part:?} is not in\n{}", run.stdout);
    }
    assert!(run.stderr.starts_with("counted 5 sessions in "), "{}", run.stderr);
    let without = db.csqlstore(&["session", "stats"]).success();
    assert!(without.stdout.ends_with("\nWithout a key nothing is said of what they hold.\n"), "{}", without.stdout);
}

async fn an_empty_table_has_nothing_to_count() {
    let db = Database::migrated().await;
    let nothing = "There is no session at all in `session_cluster`.\n";
    assert_eq!(db.csqlstore(&["session", "stats"]).success().stdout, nothing);
    assert_eq!(db.csqlstore(&["session", "stats", "--expired"]).success().stdout, "There is no such session.\n");
    let answer = db.csqlstore(&["session", "stats", "--format", "json"]).success().json();
    assert_eq!(
        (&answer["rows"], &answer["sizes"]["p50"], &answer["first_expired_at"]),
        (&json!(0), &Json::Null, &Json::Null)
    );
}
