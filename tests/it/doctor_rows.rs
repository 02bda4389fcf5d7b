//! Findings about rows, writers, growth and the account, each provoked and mended.

use crate::support::Database;
use crate::support::doctor::{Reader, findings, look, mends, mends_with, run_fix, until_found, until_gone};
use crate::support::engine::engine;
use crate::support::proof;
use crate::support::sql::numbers;
use crate::support::vectors::{Vector, gob_of, sign};

crate::cases! {
    Beside: [
        duplicate_ids,
        whatever_migrates_resolves_duplicates_too,
        rows_unverified,
        rows_undecodable,
        a_missing_or_wrong_block_key_is_no_reason_to_delete,
        rows_unread,
        writer_zone,
        expired_backlog,
        table_growth,
        table_fragmented,
        privilege_missing,
        a_writer_behind_utc_makes_sessions_that_are_dead_on_arrival,
        keys_are_counted_by_their_place,
    ],
}

const DAY: i64 = 86_400;

async fn duplicate_ids() {
    let db = Database::documented().await;
    for data in ["older", "newer"] {
        db.row("2026-01-01T00:00:00Z12345", data, DAY).await;
    }
    look(&db, "duplicate-ids", &[]).exits(4);
    if engine().is_group() {
        // It takes a key of any kind first; then the fix is the same as elsewhere.
        let found = until_found(&db, "duplicate-ids", &[]).await;
        run_fix(&db, &found, &[]).await;
    }
    mends(&db, "duplicate-ids").await;
    assert_eq!(db.ids("n1").await.len(), 1);
}

async fn whatever_migrates_resolves_duplicates_too() {
    let db = Database::documented().await;
    for data in ["older", "newer"] {
        db.row("2026-01-01T00:00:00Z12345", data, DAY).await;
    }
    const CODES: &str = "primary-key-missing,index-missing,duplicate-ids";
    let ask = || db.csqlstore(&["--table", "session_cluster", "doctor", "--format", "json", "--only", CODES]);
    let found = findings(&ask().exits(4).json());
    assert_eq!(found.len(), 3, "{found:?}");
    for finding in &found {
        let fix = finding["fix"].as_str().expect("a fix");
        assert!(fix.ends_with("csqlstore --table session_cluster migrate up --dedupe newest"), "{finding}");
    }
    run_fix(&db, &found[0], &[]).await;
    if engine().is_group() {
        // It took a key of any kind first; then the fix is the same as elsewhere.
        run_fix(&db, &findings(&ask().exits(4).json())[0], &[]).await;
    }
    assert_eq!(findings(&ask().success().json()), Vec::<serde_json::Value>::new());
}

/// A file with the keys in the test's folder.
pub(crate) fn keys_of(db: &Database, name: &str, keys: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let path = db.folder.path().join(name);
    std::fs::write(&path, format!("{keys}\n")).expect("a writable folder");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("our own file");
}

async fn rows_unverified() {
    let db = Database::migrated().await;
    let good = Vector::of("uints");
    db.row("2026-01-01T00:00:00Z10001", good.data(), DAY).await;
    db.row("2026-01-01T00:00:00Z10002", "no signed value", DAY).await;
    keys_of(&db, "right", &good.keys());
    keys_of(&db, "wrong", "raw:another-key");
    let wrong = look(&db, "rows-unverified", &["--key-file", "wrong", "--name", good.name()]).exits(4);
    let found = findings(&wrong.json()).remove(0);
    assert!(found["message"].as_str().is_some_and(|message| message.starts_with("2 of 2 sessions")), "{found}");
    // The fix is the key that is missing; one row is of nobody.
    let fix = found["fix"].as_str().expect("a fix").replace("FILE", "right").replace("NAME", good.name());
    let args: Vec<&str> = fix.split(' ').skip(1).chain(["--only", "rows-unverified", "--format", "json"]).collect();
    proof::mended(&found);
    let found = findings(&db.csqlstore(&args).success().json()).remove(0);
    assert_eq!(found["level"], "warning");
    assert!(found["message"].as_str().is_some_and(|message| message.starts_with("1 of 2 sessions")), "{found}");
    db.execute("n1", "DELETE FROM session_cluster WHERE data = 'no signed value'").await;
    assert!(findings(&db.csqlstore(&args).success().json()).is_empty());
}

async fn rows_undecodable() {
    let db = Database::migrated().await;
    // Signed, and the gob of a text instead of values; signed, and no gob; and three that are in order.
    let good = Vector::of("oauth");
    for (id, data) in [
        ("2026-01-01T00:00:00Z10001", sign(&good.hash_key(), good.name(), 0, &gob_of("text"))),
        ("2026-01-01T00:00:00Z10002", sign(&good.hash_key(), good.name(), 0, b"no gob")),
        ("2026-01-01T00:00:00Z10003", good.data().to_owned()),
        ("2026-01-01T00:00:00Z10004", good.data().to_owned()),
        ("2026-01-01T00:00:00Z10005", good.data().to_owned()),
    ] {
        db.row(id, &data, DAY).await;
    }
    keys_of(&db, "keys", &good.keys());
    let more = ["--key-file", "keys", "--name", good.name()];
    let found = findings(&look(&db, "rows-undecodable", &more).exits(4).json()).remove(0);
    assert!(found["message"].as_str().is_some_and(|message| message.starts_with("2 of 5 sessions")), "{found}");
    mends_with(&db, "rows-undecodable", &more, &[]).await;
    assert_eq!(
        db.ids("n1").await,
        ["2026-01-01T00:00:00Z10003", "2026-01-01T00:00:00Z10004", "2026-01-01T00:00:00Z10005"]
    );
}

async fn a_missing_or_wrong_block_key_is_no_reason_to_delete() {
    let db = Database::migrated().await;
    let good = Vector::of("large");
    assert!(good.encrypted());
    for n in 1..=3 {
        db.row(&format!("2026-01-01T00:00:00Z1000{n}"), good.data(), DAY).await;
    }
    let keys = good.keys();
    let (hash, _) = keys.split_once(',').expect("a pair");
    keys_of(&db, "right", &keys);
    keys_of(&db, "without", hash);
    keys_of(&db, "other", &format!("{hash},raw:another-block-key-of-32-bytes-00"));
    for file in ["without", "other"] {
        let more = ["--key-file", file, "--name", good.name()];
        let found = findings(&look(&db, "rows-undecodable", &more).exits(4).json());
        assert_eq!(found.len(), 1, "{file}: {found:?}");
        let message = found[0]["message"].as_str().expect("a message");
        for word in ["3 of the 3 sessions", "under key 1", "block key of that pair is missing or differs"] {
            assert!(message.contains(word), "{file}: {message}");
        }
        // The fix is the whole pair, and takes nothing away.
        run_fix(&db, &found[0], &[("FILE", "right"), ("NAME", good.name())]).await;
    }
    until_gone(&db, "rows-undecodable", &["--key-file", "right", "--name", good.name()]).await;
    assert_eq!(db.ids("n1").await.len(), 3);
}

async fn keys_are_counted_by_their_place() {
    let db = Database::migrated().await;
    let good = Vector::of("uints");
    for n in 1..=3 {
        db.row(&format!("2026-01-01T00:00:00Z1000{n}"), good.data(), DAY).await;
    }
    std::fs::write(db.folder.path().join("keys"), format!("raw:a-newer-key\n{}", good.keys()))
        .expect("a writable folder");
    let answer = db.csqlstore(&["doctor", "--format", "json", "--key-file", "keys", "--name", good.name()]).json();
    assert_eq!(answer["sample"]["keys"], serde_json::json!([{"key": 2, "opens": 3}]), "{answer}");
    let human = db.csqlstore(&["doctor", "--key-file", "keys", "--name", good.name()]);
    assert!(human.stdout.contains("Of the 3 newest sessions key 2 opens 3."), "{human:?}");
}

async fn rows_unread() {
    let db = Database::migrated().await;
    let mut root = db.connect("n1").await;
    root.execute("holding the table", "LOCK TABLES session_cluster WRITE", ()).await.expect("root may do that");
    let ask = |timeout| {
        db.csqlstore(&["doctor", "--format", "json", "--only", "rows-unread,expired-rows-unread", "--timeout", timeout])
    };
    let found = findings(&ask("1s").exits(1).json());
    let of = |code: &str| found.iter().find(|finding| finding["code"] == code).unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!((&of("rows-unread")["node"], &of("expired-rows-unread")["level"]), (&"n1".into(), &"error".into()));
    root.close().await;
    run_fix(&db, of("rows-unread"), &[]).await;
    until_gone(&db, "rows-unread", &["--timeout", "30s"]).await;
    until_gone(&db, "expired-rows-unread", &["--timeout", "30s"]).await;
}

/// Sessions `count`, made in the last hour by a program whose clock is at this offset, that live for so many seconds.
async fn written(db: &Database, count: u32, hours: i64, lives_s: i64) {
    let zone = match hours {
        0 => "Z".to_owned(),
        _ => format!("{}{:02}:00", if hours < 0 { '-' } else { '+' }, hours.abs()),
    };
    // As the Go package does on insert: both in the program's local time.
    let sql = format!(
        "INSERT INTO session_cluster (id, data, expire_on) SELECT CONCAT(\
         DATE_FORMAT(UTC_TIMESTAMP() + INTERVAL {hours} HOUR - INTERVAL MOD(seq, 3600) SECOND, '%Y-%m-%dT%H:%i:%s'), \
         '.', LPAD(seq, 6, '0'), '{zone}12345'), REPEAT('x', 200), \
         UTC_TIMESTAMP() + INTERVAL {hours} HOUR - INTERVAL MOD(seq, 3600) SECOND + INTERVAL {lives_s} SECOND \
         FROM {}",
        numbers(count)
    );
    db.execute("n1", &sql).await;
}

async fn writer_zone() {
    let db = Database::migrated().await;
    written(&db, 20, 8, 30 * DAY).await;
    let found = until_found(&db, "writer-zone", &[]).await;
    assert_eq!((&found["level"], &found["fix"]), (&"warning".into(), &"TZ=UTC".into()));
    let message = found["message"].as_str().expect("a message");
    for word in ["20 of the 20", "+08:00", "lives 8h too long"] {
        assert!(message.contains(word), "{message}");
    }
    // What the fix does: whoever writes from now on writes in UTC. The ids of +08:00 sort as if they were made later.
    db.execute("n1", "UPDATE session_cluster SET id = CONCAT('2025', SUBSTRING(id, 5))").await;
    written(&db, 1000, 0, 30 * DAY).await;
    proof::mended(&found);
    until_gone(&db, "writer-zone", &[]).await;
}

async fn a_writer_behind_utc_makes_sessions_that_are_dead_on_arrival() {
    let db = Database::migrated().await;
    written(&db, 5, 0, 3600).await;
    written(&db, 3, -5, 3600).await;
    let run = look(&db, "writer-zone", &[]).exits(4);
    let found = findings(&run.json()).remove(0);
    let message = found["message"].as_str().expect("a message");
    for word in ["3 of the 8", "-05:00", "dead on arrival: 3 of them"] {
        assert!(message.contains(word), "{message}");
    }
    let writers = &run.json()["sample"]["writers"];
    assert_eq!((&writers[0]["offset_s"], &writers[0]["dead_on_arrival"]), (&(-18_000).into(), &3.into()), "{writers}");
    // Without a key any rows are looked at, and they say the same.
    db.execute("n1", "ALTER TABLE session_cluster DROP PRIMARY KEY").await;
    look(&db, "writer-zone", &[]).exits(4);
}

async fn expired_backlog() {
    let db = Database::migrated().await;
    db.rows("old", 30, -2 * DAY).await;
    db.row("just-expired", "x", -60).await;
    let found = until_found(&db, "expired-backlog", &[]).await;
    assert_eq!(found["level"], "warning");
    assert!(found["message"].as_str().is_some_and(|message| message.starts_with("30 sessions")), "{found}");
    db.row("older", "x", -8 * DAY).await;
    let found = findings(&look(&db, "expired-backlog", &[]).exits(1).json()).remove(0);
    assert_eq!(found["level"], "error");
    mends(&db, "expired-backlog").await;
    assert_eq!(db.ids("n1").await, ["just-expired"]);
}

async fn table_growth() {
    let db = Database::migrated().await;
    written(&db, 1000, 0, 36_500 * DAY).await;
    let found = until_found(&db, "table-growth", &[]).await;
    assert_eq!((&found["level"], &found["fix"]), (&"warning".into(), &"store.Options.MaxAge = 86400 * 30".into()));
    // What the fix does: sessions that are made from then on live for a month.
    // (What is deleted takes its room until the server comes to it, and a row's share of it is what growth goes by.)
    db.execute("n1", "TRUNCATE TABLE session_cluster").await;
    written(&db, 1000, 0, 30 * DAY).await;
    proof::mended(&found);
    until_gone(&db, "table-growth", &[]).await;
    let answer = look(&db, "table-growth", &[]).success().json();
    let lifetime = answer["table"]["lifetime_s"].as_i64().expect("a number");
    assert!((30 * DAY - 2..=30 * DAY).contains(&lifetime), "{answer}");
    assert!(
        answer["table"]["sessions_a_day"].as_f64().is_some_and(|rate| (10_000.0..100_000.0).contains(&rate)),
        "{answer}"
    );
}

async fn table_fragmented() {
    let db = Database::migrated().await;
    // 48 MB, of which nothing stays.
    let sql = format!(
        "INSERT INTO session_cluster (id, data, expire_on) SELECT CONCAT('x-', seq), REPEAT('x', 4000), \
         UTC_TIMESTAMP() + INTERVAL 1 DAY FROM {}",
        numbers(12_000)
    );
    db.execute("n1", &sql).await;
    db.execute("n1", "DELETE FROM session_cluster").await;
    let found = mends(&db, "table-fragmented").await;
    assert_eq!((&found["level"], &found["fix"]), (&"note".into(), &"OPTIMIZE TABLE `session_cluster`".into()));
}

async fn privilege_missing() {
    let db = Database::migrated().await;
    let reader = Reader::of(&db).await;
    let ask = || findings(&reader.look("privilege-missing").success().json());
    let found = ask();
    let of = |command: &str| {
        found.iter().find(|finding| finding["message"].as_str().is_some_and(|text| text.contains(command)))
    };
    assert!(of("`csqlstore migrate status`").is_none() && of("`csqlstore session show`").is_none(), "{found:?}");
    let purge = of("`csqlstore purge`").unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!(purge["level"], "note");
    let fix = purge["fix"].as_str().expect("a fix");
    assert!(fix.starts_with("GRANT DELETE ON") && fix.contains("; GRANT INSERT, UPDATE ON"), "{fix}");
    for finding in &found {
        run_fix(&db, finding, &[]).await;
    }
    assert_eq!(ask(), [] as [serde_json::Value; 0]);
}
