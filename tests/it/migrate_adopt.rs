//! `csqlstore migrate adopt`: what is there is recorded, and the session table is left as it is.

use crate::cases;
use crate::migrate::{FREE, HISTORY, KEYS};
use crate::support::Database;
use crate::support::rights::ADOPT;

cases! {
    Beside: [
        what_is_there_is_recorded_and_the_table_is_left_as_it_is,
        a_table_that_has_all_leaves_nothing_pending,
        an_adoption_makes_no_table_where_there_is_nothing_to_adopt,
        a_table_of_leases_that_is_gone_is_made_again,
        an_adoption_of_what_is_recorded_and_gone_is_drift,
        an_adoption_waits_for_the_lease,
        an_adoption_without_the_right_names_the_grant,
    ],
}

/// The table as the server shows it.
pub(crate) const DEFINITION: &str = "SELECT CONCAT_WS('|', COLUMN_NAME, ORDINAL_POSITION, COLUMN_TYPE, IS_NULLABLE, \
    COLUMN_DEFAULT, EXTRA, COLLATION_NAME, COLUMN_KEY) FROM information_schema.COLUMNS \
    WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME='session_cluster' ORDER BY ORDINAL_POSITION";

async fn what_is_there_is_recorded_and_the_table_is_left_as_it_is() {
    let db = Database::documented().await;
    db.rows("live", 100, 3600).await;
    db.execute("n1", "ALTER TABLE session_cluster ADD INDEX by_the_dba (expire_on, id)").await;
    let (keys, definition) = (db.column("n1", KEYS).await, db.column("n1", DEFINITION).await);
    let dry = db.csqlstore(&["migrate", "adopt", "--dry-run"]).exits(1);
    let lines = [
        "adopted  1 session_cluster",
        "adopted  3 expire_on_index  (by its index `by_the_dba`)",
        "Pending: 2 primary_key. `csqlstore migrate up` brings what is left; `migrate plan` shows it.",
        "This was a dry run: nothing was recorded.",
    ];
    assert_eq!(dry.stdout.lines().collect::<Vec<_>>(), lines);
    assert_eq!(db.tables().await, ["session_cluster"]);
    let answer = db.csqlstore(&["migrate", "adopt", "--format", "json"]).exits(1).json();
    assert_eq!(answer["schema_version"], 1);
    assert_eq!((answer["dry_run"].as_bool(), answer["waited_s"].as_f64()), (Some(false), Some(0.0)));
    let adopted: Vec<_> = answer["adopted"].as_array().expect("a list").iter().collect();
    assert_eq!(adopted.len(), 2, "{answer}");
    assert_eq!((&adopted[1]["version"], &adopted[1]["state"]), (&3.into(), &"adopted".into()));
    assert_eq!(answer["pending"], serde_json::json!([{"version": 2, "name": "primary_key"}]));
    for node in db.nodes() {
        assert_eq!(db.column(&node, HISTORY).await, ["1 session_cluster adopted", "3 expire_on_index adopted"]);
        assert_eq!(
            (db.column(&node, KEYS).await, db.column(&node, DEFINITION).await),
            (keys.clone(), definition.clone())
        );
    }
    assert_eq!(db.column("n3", FREE).await, ["|"]);
    // What is left is brought by `up`, and then there is nothing to adopt.
    db.csqlstore(&["migrate", "up"]).success();
    let run = db.csqlstore(&["migrate", "adopt"]).success();
    assert_eq!(run.stdout, "Nothing to adopt of `session_cluster`: all is recorded.\n");
    assert_eq!(db.ids("n2").await.len(), 100);
}

async fn a_table_that_has_all_leaves_nothing_pending() {
    let db = Database::documented().await;
    db.execute("n1", "ALTER TABLE session_cluster ADD PRIMARY KEY (id), ADD INDEX expire_on (expire_on)").await;
    let run = db.csqlstore(&["migrate", "adopt"]).success();
    let lines = ["adopted  1 session_cluster", "adopted  2 primary_key", "adopted  3 expire_on_index"];
    assert_eq!(run.stdout.lines().collect::<Vec<_>>(), lines);
    assert_eq!(run.stderr, "");
    assert_eq!(db.csqlstore(&["migrate", "status", "--check", "--format", "json"]).success().json()["pending"], 0);
}

async fn an_adoption_makes_no_table_where_there_is_nothing_to_adopt() {
    let db = Database::empty().await;
    let answer = db.csqlstore(&["migrate", "adopt", "--format", "json"]).exits(1).json();
    assert_eq!(
        (answer["adopted"].as_array().map(Vec::len), answer["pending"].as_array().map(Vec::len)),
        (Some(0), Some(3))
    );
    assert!(db.tables().await.is_empty());
}

async fn a_table_of_leases_that_is_gone_is_made_again() {
    for verb in ["adopt", "up"] {
        let db = Database::migrated().await;
        db.execute("n1", "DROP TABLE csqlstore_lease").await;
        db.csqlstore(&["migrate", verb]).success();
        assert_eq!(db.tables().await, ["csqlstore_lease", "csqlstore_migrations", "session_cluster"], "{verb}");
    }
}

async fn an_adoption_of_what_is_recorded_and_gone_is_drift() {
    let db = Database::migrated().await;
    db.execute("n1", "ALTER TABLE session_cluster DROP INDEX expire_on").await;
    let run = db.csqlstore(&["migrate", "adopt"]).exits(4);
    assert!(run.stderr.contains("migration 3 (expire_on_index) is recorded as done"), "{}", run.stderr);
    assert!(run.stderr.contains("`csqlstore migrate repair`"), "{}", run.stderr);
}

async fn an_adoption_waits_for_the_lease() {
    let db = Database::migrated().await;
    db.execute("n1", "DELETE FROM csqlstore_migrations WHERE version=3").await;
    db.execute("n1", "UPDATE csqlstore_lease SET owner='ci-7:42:cafe', expires_at=UTC_TIMESTAMP(6) + INTERVAL 1 HOUR")
        .await;
    let run = db.csqlstore(&["migrate", "adopt", "--lock-timeout", "0s"]).exits(3);
    assert!(run.stderr.contains("is held by ci-7:42:cafe"), "{}", run.stderr);
    let mut waiting = db.start(&["migrate", "adopt"]);
    waiting.until_it_says("waiting for ci-7:42:cafe");
    db.execute("n2", "UPDATE csqlstore_lease SET owner=''").await;
    waiting.end().success();
    assert_eq!(db.column("n1", HISTORY).await.len(), 3);
}

async fn an_adoption_without_the_right_names_the_grant() {
    let db = Database::documented().await;
    db.limit_to(&[("SELECT", "*")]).await;
    let run = db.csqlstore(&["migrate", "adopt"]).exits(2);
    assert!(run.stderr.contains(&db.grants(ADOPT)), "{}", run.stderr);
    assert_eq!(db.tables().await, ["session_cluster"]);
    // What the hint says is enough.
    db.limit_to(ADOPT).await;
    db.csqlstore(&["migrate", "adopt"]).exits(1);
    assert_eq!(db.column("n1", HISTORY).await, ["1 session_cluster adopted"]);
}
