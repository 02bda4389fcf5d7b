//! `csqlstore migrate repair`: the history is made to say what the table shows, and the table is left alone.

use crate::cases;
use crate::migrate::{ADOPTED, FREE, HISTORY, KEYS};
use crate::migrate_adopt::DEFINITION;
use crate::support::Database;

cases! {
    Beside: [
        what_an_interrupted_run_had_done_becomes_applied,
        what_is_recorded_and_gone_becomes_pending_and_up_brings_it,
        an_unknown_checksum_is_explained_and_left,
        a_checksum_of_crlf_is_put_right,
        a_right_history_is_left_without_a_lease,
        a_repair_waits_for_the_lease,
        a_repair_without_the_right_names_the_grant,
    ],
}

const RECORDS: &str = "SELECT CONCAT_WS('|', version, name, checksum, state, applied_at, elapsed_us, owner, epoch) \
    FROM csqlstore_migrations ORDER BY version";

async fn repaired(db: &Database, args: &[&str], code: i32) -> Vec<String> {
    let answer = db.csqlstore(&[&["migrate", "repair", "--format", "json"], args].concat()).exits(code).json();
    let text = |value: &serde_json::Value| value.as_str().expect("a string").to_owned();
    let each = |one: &serde_json::Value| format!("{} {} -> {}", one["version"], text(&one["from"]), text(&one["to"]));
    answer["repaired"].as_array().expect("a list").iter().map(each).collect()
}

/// An index that is there and a key that is not, both left behind by a run that was killed.
async fn half_done() -> Database {
    let db = Database::documented().await;
    db.rows("live", 100, 3600).await;
    db.csqlstore(&["migrate", "up"]).success();
    db.execute("n1", "ALTER TABLE session_cluster DROP PRIMARY KEY").await;
    db.execute("n1", "UPDATE csqlstore_migrations SET state=IF(version=2, 'failed', 'running') WHERE version > 1")
        .await;
    db
}

async fn what_an_interrupted_run_had_done_becomes_applied() {
    let db = half_done().await;
    let (records, keys, definition) =
        (db.column("n1", RECORDS).await, db.column("n1", KEYS).await, db.column("n1", DEFINITION).await);
    let expected = ["2 failed -> pending", "3 running -> applied"];
    assert_eq!(repaired(&db, &["--dry-run"], 0).await, expected);
    let dry = db.csqlstore(&["migrate", "repair", "--dry-run"]).success();
    assert!(dry.stdout.contains("2 primary_key: failed -> pending  (the table does not have it)\n"), "{}", dry.stdout);
    assert!(dry.stdout.ends_with("This was a dry run: nothing was written.\n"), "{}", dry.stdout);
    assert_eq!(db.column("n2", RECORDS).await, records, "a dry run writes nothing");
    assert_eq!(repaired(&db, &[], 0).await, expected);
    assert_eq!(db.column("n2", HISTORY).await, ["1 session_cluster adopted", "3 expire_on_index applied"]);
    assert_eq!((db.column("n2", KEYS).await, db.column("n2", DEFINITION).await), (keys, definition));
    assert_eq!(db.column("n3", FREE).await, ["|"]);
    db.csqlstore(&["migrate", "up"]).success();
    assert_eq!(db.column("n2", HISTORY).await, ADOPTED);
    assert_eq!(db.ids("n3").await.len(), 100);
}

async fn what_is_recorded_and_gone_becomes_pending_and_up_brings_it() {
    let db = Database::migrated().await;
    db.row("live", "x", 60).await;
    db.execute("n1", "ALTER TABLE session_cluster DROP INDEX expire_on").await;
    db.csqlstore(&["migrate", "up"]).exits(4);
    let run = db.csqlstore(&["migrate", "repair"]).success();
    assert_eq!(
        run.stdout,
        "3 expire_on_index: adopted -> pending  (the table does not have it)\n\
         `csqlstore migrate up` brings what is pending now.\n"
    );
    assert_eq!(db.column("n1", KEYS).await, ["PRIMARY:id"], "no statement was run");
    db.csqlstore(&["migrate", "up"]).success();
    assert_eq!(db.column("n3", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
}

async fn an_unknown_checksum_is_explained_and_left() {
    let db = half_done().await;
    db.execute("n1", "UPDATE csqlstore_migrations SET checksum=REPEAT('a', 64) WHERE version=2").await;
    let record = "SELECT CONCAT_WS('|', checksum, state, applied_at) FROM csqlstore_migrations WHERE version=2";
    let before = db.column("n1", record).await;
    let run = db.csqlstore(&["migrate", "repair"]).exits(4);
    assert!(run.stdout.contains("3 expire_on_index: running -> applied  (the table has it)\n"), "{}", run.stdout);
    let said = "2 primary_key is left as it is: it was recorded by a program with another text of it (checksum aaaaaaaaaaaa…, here 23710a42e457…)";
    assert!(run.stdout.contains(said), "{}", run.stdout);
    assert!(run.stdout.contains("delete\nthat row of csqlstore_migrations by hand"), "{}", run.stdout);
    assert_eq!(db.column("n2", record).await, before);
    let answer = db.csqlstore(&["migrate", "repair", "--format", "json"]).exits(4).json();
    assert_eq!(
        (&answer["irreparable"][0]["version"], answer["repaired"].as_array().map(Vec::len)),
        (&2.into(), Some(0))
    );
    // What the report says helps.
    db.execute("n1", "DELETE FROM csqlstore_migrations WHERE version=2").await;
    db.csqlstore(&["migrate", "up"]).success();
    db.csqlstore(&["migrate", "repair"]).success();
}

async fn a_checksum_of_crlf_is_put_right() {
    let db = Database::migrated().await;
    let crlf = "UPDATE csqlstore_migrations SET checksum=SHA2('ALTER TABLE {table} ADD PRIMARY KEY (id);\\r\\n', 256) WHERE version=2";
    assert_eq!(db.execute("n1", crlf).await, 1);
    db.csqlstore(&["migrate", "up"]).exits(4);
    let record = "SELECT CONCAT_WS('|', state, applied_at) FROM csqlstore_migrations WHERE version=2";
    let before = db.column("n1", record).await;
    let run = db.csqlstore(&["migrate", "repair"]).success();
    let said = "2 primary_key: checksum  (its checksum was that of the same text with CRLF at its line ends)\n";
    assert_eq!(run.stdout, said);
    assert_eq!(db.column("n2", record).await, before, "all else is as it was");
    db.csqlstore(&["migrate", "up"]).success();
    assert!(repaired(&db, &[], 0).await.is_empty());
}

async fn a_right_history_is_left_without_a_lease() {
    let db = Database::migrated().await;
    let lease = "SELECT CONCAT_WS(' ', epoch, acquired_at, expires_at) FROM csqlstore_lease";
    let before = (db.column("n1", lease).await, db.column("n1", RECORDS).await);
    let run = db.csqlstore(&["migrate", "repair"]).success();
    assert_eq!(run.stdout, "Nothing to repair: the history says what `session_cluster` shows.\n");
    assert_eq!((db.column("n2", lease).await, db.column("n2", RECORDS).await), before);
    // Nor does it make our tables.
    let db = Database::documented().await;
    db.csqlstore(&["migrate", "repair"]).success();
    assert_eq!(db.tables().await, ["session_cluster"]);
}

async fn a_repair_waits_for_the_lease() {
    let db = half_done().await;
    db.execute("n1", "UPDATE csqlstore_lease SET owner='ci-7:42:cafe', expires_at=UTC_TIMESTAMP(6) + INTERVAL 1 HOUR")
        .await;
    let before = db.column("n1", RECORDS).await;
    let run = db.csqlstore(&["migrate", "repair", "--lock-timeout", "0s"]).exits(3);
    assert!(run.stderr.contains("is held by ci-7:42:cafe"), "{}", run.stderr);
    assert_eq!(db.column("n1", RECORDS).await, before);
}

async fn a_repair_without_the_right_names_the_grant() {
    let db = half_done().await;
    let rights = [
        ("SELECT", "session_cluster"),
        ("SELECT, INSERT, UPDATE, DELETE", "csqlstore_migrations"),
        ("SELECT, UPDATE", "csqlstore_lease"),
    ];
    db.limit_to(&[("SELECT", "*"), ("INSERT, UPDATE", "csqlstore_migrations"), rights[2]]).await;
    let before = db.column("n1", RECORDS).await;
    let run = db.csqlstore(&["migrate", "repair"]).exits(2);
    assert!(run.stderr.contains(&db.grants(&rights)), "{}", run.stderr);
    assert_eq!(db.column("n1", RECORDS).await, before, "a change that fails leaves nothing behind");
    // Somebody has deleted the lease's row: then it has to be made again, and that is named as well.
    db.limit_to(&rights).await;
    db.execute("n1", "DELETE FROM csqlstore_lease").await;
    db.settled().await;
    let run = db.csqlstore(&["migrate", "repair"]).exits(2);
    let more = [rights[0], rights[1], ("SELECT, INSERT, UPDATE", "csqlstore_lease")];
    assert!(run.stderr.contains(&db.grants(&more)), "{}", run.stderr);
    db.limit_to(&more).await;
    db.csqlstore(&["migrate", "repair"]).success();
    assert_eq!(db.column("n1", HISTORY).await, ["1 session_cluster adopted", "3 expire_on_index applied"]);
}
