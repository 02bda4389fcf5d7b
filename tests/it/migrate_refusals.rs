//! What `csqlstore migrate` does not do, or not without being asked, and how it says so.

use crate::cases;
use crate::migrate::{ADOPTED, FREE, HISTORY, KEYS, ROWS};
use crate::support::rights::UP;
use crate::support::sql::numbers;
use crate::support::{Database, command};

cases! {
    Beside: [
        duplicates_are_listed_and_nothing_is_changed,
        ids_that_the_collation_holds_for_equal_are_duplicates,
        what_cannot_be_migrated_is_named_and_nothing_is_changed,
        what_is_recorded_and_missing_is_drift,
        a_large_table_is_not_altered_without_being_asked,
        a_freshly_loaded_table_is_measured_and_not_believed,
        a_missing_right_is_named_as_a_grant,
        tables_that_cannot_be_seen_are_not_called_pending,
        a_dsn_without_a_database_is_exit_2,
    ],
    Alone: [
        duplicates_are_searched_to_plan_and_again_right_before_the_alter,
    ],
}

async fn duplicates_are_listed_and_nothing_is_changed() {
    let db = Database::documented().await;
    db.rows("live", 100, 3600).await;
    db.row("twice", "a", 60).await;
    db.row("twice", "b", 60).await;
    let before = db.column("n1", ROWS).await;
    for verb in ["up", "plan"] {
        let run = db.csqlstore(&["migrate", verb]).exits(4);
        assert!(run.stderr.contains("`session_cluster` has 1 duplicate id: twice (2 rows)"), "{}", run.stderr);
        assert!(run.stderr.contains("hint: nothing was changed"), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    let error = db.csqlstore(&["migrate", "up", "--format", "json"]).exits(4).json_error();
    assert_eq!(error["class"], "data");
    assert_eq!(db.column("n1", ROWS).await, before);
    assert_eq!(db.column("n1", KEYS).await, Vec::<String>::new());
    assert_eq!(db.tables().await, ["session_cluster"]);
    // Status tells all the same.
    assert_eq!(db.csqlstore(&["migrate", "status", "--format", "json"]).success().json()["pending"], 3);
    db.execute("n1", "DELETE FROM session_cluster WHERE id='twice' AND data='a'").await;
    db.csqlstore(&["migrate", "up"]).success();
    assert_eq!(db.ids("n3").await.len(), 101);
}

async fn duplicates_are_searched_to_plan_and_again_right_before_the_alter() {
    let db = Database::documented().await;
    db.rows("live", 100, 3600).await;
    for sql in ["SET GLOBAL log_output='TABLE'", "SET GLOBAL general_log=ON"] {
        db.execute("n1", sql).await;
    }
    let run = db.csqlstore(&["migrate", "up", "--on", "n1"]);
    for sql in ["SET GLOBAL general_log=OFF", "SET GLOBAL log_output='FILE'"] {
        db.execute("n1", sql).await;
    }
    run.success();
    let sent = format!(
        "SELECT CONVERT(SUBSTRING_INDEX(argument, ' ', 4) USING utf8mb4) FROM mysql.general_log \
         WHERE user_host LIKE '%{}%' AND command_type IN ('Query', 'Execute') \
         AND (argument LIKE '%HAVING COUNT%' OR argument LIKE '%INTO `csqlstore_migrations`%' \
         OR argument LIKE 'ALTER TABLE%') ORDER BY event_time",
        db.name
    );
    let (search, record, alter) = (
        "SELECT id, COUNT(*) FROM",
        "INSERT INTO `csqlstore_migrations` (session_table,",
        "ALTER TABLE `session_cluster` ADD",
    );
    assert_eq!(db.column("n1", &sent).await, [search, record, search, record, record, alter, record, record]);
}

async fn ids_that_the_collation_holds_for_equal_are_duplicates() {
    let db = Database::documented().await;
    db.row("Case", "a", 60).await;
    db.row("case", "b", 60).await;
    let run = db.csqlstore(&["migrate", "up"]).exits(4);
    assert!(run.stderr.contains("1 duplicate id: "), "{}", run.stderr);
}

async fn what_cannot_be_migrated_is_named_and_nothing_is_changed() {
    for (name, sql, said) in [
        ("view", "CREATE VIEW session_cluster AS SELECT 1 AS id", "it is a view"),
        ("engine", "CREATE TABLE session_cluster (id char(40) NOT NULL) ENGINE=MEMORY", "its engine is MEMORY"),
        (
            "column",
            "CREATE TABLE session_cluster (id char(40) NOT NULL, data longblob NOT NULL) ENGINE=InnoDB",
            "it has no column `expire_on`",
        ),
        (
            "type",
            "CREATE TABLE session_cluster (id char(10) NOT NULL, data longblob NOT NULL, expire_on datetime NOT NULL, \
             modify_at timestamp NOT NULL) ENGINE=InnoDB",
            "its column `id` is char(10) NOT NULL, not char(40) NOT NULL",
        ),
        (
            "key",
            "CREATE TABLE session_cluster (n int AUTO_INCREMENT PRIMARY KEY, id char(40) NOT NULL, data longblob NOT NULL, \
             expire_on datetime NOT NULL, modify_at timestamp NOT NULL) ENGINE=InnoDB",
            "its primary key is on (n), not on (id)",
        ),
    ] {
        let db = Database::empty().await;
        db.execute("n1", sql).await;
        let show = "SELECT CONCAT_WS(' ', COLUMN_NAME, COLUMN_TYPE, COLUMN_KEY) FROM information_schema.COLUMNS \
                    WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME='session_cluster' ORDER BY ORDINAL_POSITION";
        let before = db.column("n1", show).await;
        for verb in ["up", "plan"] {
            let run = db.csqlstore(&["migrate", verb]).exits(4);
            assert!(run.stderr.contains(said), "{name}: {}", run.stderr);
        }
        db.csqlstore(&["migrate", "status"]).success();
        assert_eq!(db.tables().await, ["session_cluster"], "{name}");
        assert_eq!(db.column("n1", show).await, before, "{name}");
    }
}

async fn what_is_recorded_and_missing_is_drift() {
    let db = Database::migrated().await;
    db.execute("n1", "ALTER TABLE session_cluster DROP INDEX expire_on").await;
    let run = db.csqlstore(&["migrate", "up"]).exits(4);
    assert!(run.stderr.contains("migration 3 (expire_on_index) is recorded as done"), "{}", run.stderr);
    let answer = db.csqlstore(&["migrate", "status", "--format", "json"]).success().json();
    assert_eq!(answer["migrations"][2]["present"], false);
    assert_eq!(db.column("n1", KEYS).await, ["PRIMARY:id"]);
}

async fn a_large_table_is_not_altered_without_being_asked() {
    let db = Database::documented().await;
    db.rows("live", 1_000, 3600).await;
    for args in
        [&["migrate", "up", "--confirm-above", "1kB"][..], &["migrate", "up", "--confirm-above", "1kB", "--yes"]]
    {
        let run = db.csqlstore(args).exits(2);
        assert!(run.stderr.contains("there is no terminal to ask: Alter `session_cluster`"), "{}", run.stderr);
        assert!(run.stderr.contains("`--confirm-above`"), "{}", run.stderr);
    }
    assert_eq!(db.tables().await, ["session_cluster"]);
    db.csqlstore(&["migrate", "up", "--confirm-above", "1GB"]).success();
    // With nothing to do there is nothing to ask.
    db.csqlstore(&["migrate", "up", "--confirm-above", "1kB"]).success();
}

async fn a_freshly_loaded_table_is_measured_and_not_believed() {
    let db = Database::documented().await;
    // The server's own numbers stay those of an empty table, as they do for the first seconds after any load.
    db.execute("n1", "ALTER TABLE session_cluster STATS_AUTO_RECALC=0").await;
    let load = format!(
        "INSERT INTO session_cluster (id, data, expire_on) SELECT CONCAT('live-', seq), REPEAT('x', 1000), \
         UTC_TIMESTAMP() + INTERVAL 1 HOUR FROM {}",
        numbers(8000)
    );
    db.execute("n1", &load).await;
    let says = "SELECT CAST(DATA_LENGTH AS CHAR) FROM information_schema.TABLES \
                WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME='session_cluster'";
    assert_eq!(db.column("n1", says).await, ["16384"], "the case that this is about");
    let args = ["migrate", "up", "--on", "n1", "--confirm-above", "6MB"];
    let run = db.csqlstore(&args).exits(2);
    assert!(run.stderr.contains("there is no terminal to ask: Alter `session_cluster` of 8."), "{}", run.stderr);
    assert_eq!(db.tables().await, ["session_cluster"]);
    let table = &db.csqlstore(&["migrate", "plan", "--on", "n1", "--format", "json"]).success().json()["table"];
    assert_eq!(table["rows"], 8_000);
    assert!(table["bytes"].as_u64().is_some_and(|bytes| (8_000_000..12_000_000).contains(&bytes)), "{table}");
    // The same with a key alone: what the index is added to is as large.
    db.execute("n1", "ALTER TABLE session_cluster ADD PRIMARY KEY (id), STATS_AUTO_RECALC=0").await;
    db.csqlstore(&args).exits(2);
}

async fn a_missing_right_is_named_as_a_grant() {
    let db = Database::documented().await;
    db.row("live", "x", 60).await;
    db.limit_to(&[("SELECT, INSERT, UPDATE, CREATE", "*")]).await;
    let run = db.csqlstore(&["migrate", "up"]).exits(2);
    assert!(run.stderr.contains(&db.grants(UP)), "{}", run.stderr);
    assert_eq!(db.column("n1", KEYS).await, Vec::<String>::new());
    assert_eq!(db.column("n1", FREE).await, ["|"], "given back after an error");
    // What the hint says is enough, and the next run goes on.
    db.limit_to(UP).await;
    db.csqlstore(&["migrate", "up"]).success();
    assert_eq!(db.column("n1", HISTORY).await, ADOPTED);
    // Reading needs no more than SELECT.
    db.limit_to(&[("SELECT", "*")]).await;
    db.csqlstore(&["migrate", "status"]).success();
    db.csqlstore(&["migrate", "plan"]).success();
    db.csqlstore(&["migrate", "up"]).success();
}

async fn tables_that_cannot_be_seen_are_not_called_pending() {
    let db = Database::migrated().await;
    for table in ["session_cluster", "csqlstore_migrations"] {
        db.limit_to(&[("SELECT", table)]).await;
        for verb in ["status", "plan", "up"] {
            let run = db.csqlstore(&["migrate", verb, "--on", "n1"]).exits(2);
            let grant = db.grants(if verb == "up" { UP } else { &[("SELECT", "*")] });
            assert!(run.stderr.contains(&grant), "{table}, {verb}: {}", run.stderr);
            assert_eq!(run.stdout, "", "{table}, {verb}");
        }
    }
    db.give(&[("SELECT", "*")]).await;
    let run = db.csqlstore(&["migrate", "status", "--on", "n1", "--format", "json"]).success();
    assert_eq!(run.json()["pending"], 0);
}

async fn a_dsn_without_a_database_is_exit_2() {
    let db = Database::empty().await;
    let dsns: Vec<String> =
        db.dsns().split(' ').map(|dsn| dsn.rsplit_once('/').expect("a database").0.to_owned()).collect();
    let (line, mut command) = db.command(&["migrate", "status"]);
    command.env("CSQLSTORE_NODES", dsns.join(" "));
    let run = command::run((line, command)).exits(2);
    assert!(run.stderr.contains("names no database"), "{}", run.stderr);
}
