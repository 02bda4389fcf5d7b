//! Findings about the schema and the history of its migrations, each provoked and mended.

use std::time::Instant;

use crate::support::Database;
use crate::support::command;
use crate::support::database::PATIENCE;
use crate::support::doctor::{findings, look, mends, mends_with, run_fix, until_found, until_gone};
use crate::support::engine::{Engine, Needs, engine};
use crate::support::proof;

crate::cases! {
    Beside: [
        table_missing,
        table_misfit,
        table_misfit_of_every_kind_is_mended_by_its_statement,
        a_timestamp_becomes_the_same_moment_in_utc,
        a_missing_expiry_comes_with_a_time_to_live,
        what_is_no_time_does_not_become_one,
        primary_key_missing,
        index_missing,
        what_differs_from_the_migrations_on_every_node_is_told_and_mended,
        schema_unseen,
        database_missing,
        migration_unrecorded,
        migration_interrupted,
        migration_failed,
        migration_drift,
        migration_checksum,
        history_foreign,
    ],
    Beside if Nodes because "they are about a cluster of several nodes": [
        schema_differs,
    ],
    Alone if Galera because "a node takes its data from another one at its start": [
        columns_that_differ_are_taken_anew_from_another_node,
    ],
}

async fn table_missing() {
    let found = mends(&Database::empty().await, "table-missing").await;
    assert_eq!((found["level"].as_str(), found["fix"].as_str()), (Some("error"), Some("csqlstore migrate up")));
}

async fn table_misfit() {
    let db = Database::documented().await;
    db.execute("n1", "ALTER TABLE session_cluster ENGINE=MyISAM").await;
    look(&db, "table-misfit", &[]).exits(4);
    let found = mends(&db, "table-misfit").await;
    assert!(found["message"].as_str().is_some_and(|message| message.contains("MyISAM")), "{found}");
    db.csqlstore(&["migrate", "up", "--yes"]).success();
}

async fn table_misfit_of_every_kind_is_mended_by_its_statement() {
    for (provocation, word) in [
        ("ALTER TABLE session_cluster DROP COLUMN modify_at", "no column `modify_at`"),
        ("ALTER TABLE session_cluster MODIFY id char(20) NOT NULL", "char(20)"),
        ("ALTER TABLE session_cluster ADD PRIMARY KEY (expire_on)", "primary key is on (expire_on)"),
        (
            "ALTER TABLE session_cluster ADD my_row_id bigint unsigned NOT NULL AUTO_INCREMENT, ADD PRIMARY KEY (my_row_id)",
            "primary key is on (my_row_id)",
        ),
        ("ALTER TABLE session_cluster ADD INDEX expire_on (modify_at)", "index `expire_on`"),
        ("ALTER TABLE session_cluster PARTITION BY HASH(TO_DAYS(expire_on)) PARTITIONS 2", "partitioned"),
        ("ALTER TABLE session_cluster ADD SYSTEM VERSIONING", "system versioned"),
    ] {
        if word == "system versioned" && !engine().has(Needs::MariaDb) {
            continue;
        }
        let db = Database::documented().await;
        db.execute("n1", provocation).await;
        let found = until_found(&db, "table-misfit", &[]).await;
        assert!(found["message"].as_str().is_some_and(|message| message.contains(word)), "{word}: {found}");
        run_fix(&db, &found, &[]).await;
        until_gone(&db, "table-misfit", &[]).await;
        db.csqlstore(&["migrate", "up", "--yes"]).success();
    }
}

async fn a_timestamp_becomes_the_same_moment_in_utc() {
    let db = Database::documented().await;
    for sql in [
        "ALTER TABLE session_cluster MODIFY expire_on timestamp NULL",
        // In UTC, whatever the session's zone.
        "INSERT INTO session_cluster (id, data, expire_on) VALUES ('dated', 'x', FROM_UNIXTIME(1893553445)), ('none', 'x', NULL)",
    ] {
        db.execute("n1", sql).await;
    }
    // Whoever pastes the fix may be anywhere.
    let mut found = until_found(&db, "table-misfit", &[]).await;
    found["fix"] = format!("SET time_zone = '+05:30'; {}", found["fix"].as_str().expect("a fix")).into();
    run_fix(&db, &found, &[]).await;
    until_gone(&db, "table-misfit", &[]).await;
    let dated = db.column("n1", "SELECT CAST(expire_on AS CHAR) FROM session_cluster WHERE id = 'dated'").await;
    assert_eq!(dated, ["2030-01-02 03:04:05"]);
    // What had no end has one, and not yet.
    let left = "SELECT id FROM session_cluster WHERE id = 'none' AND expire_on > UTC_TIMESTAMP() + INTERVAL 29 DAY";
    assert_eq!(db.column("n1", left).await, ["none"]);
    // A key for the time being, where it took one, is no misfit of its own.
    db.csqlstore(&["migrate", "up", "--yes"]).success();
    db.csqlstore(&["migrate", "verify"]).success();
}

async fn a_missing_expiry_comes_with_a_time_to_live() {
    let db = Database::documented().await;
    db.row("2026-01-01T00:00:00Z12345", "x", 60).await;
    db.execute("n1", "ALTER TABLE session_cluster DROP COLUMN expire_on").await;
    let found = mends(&db, "table-misfit").await;
    assert!(found["message"].as_str().is_some_and(|message| message.contains("no column `expire_on`")), "{found}");
    let live = "SELECT CAST(expire_on AS CHAR) FROM session_cluster \
                WHERE expire_on BETWEEN UTC_TIMESTAMP() + INTERVAL 29 DAY AND UTC_TIMESTAMP() + INTERVAL 31 DAY";
    let mut ends = Vec::new();
    for node in db.nodes() {
        ends.extend(db.column(&node, live).await);
    }
    assert_eq!(ends.len(), db.nodes().len(), "{ends:?}");
    assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
    // The program goes on to name it in each INSERT, and nobody else may leave it out.
    let default = "SELECT COALESCE(COLUMN_DEFAULT, 'none') FROM information_schema.COLUMNS \
                   WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'session_cluster' AND COLUMN_NAME = 'expire_on'";
    assert_eq!(db.column("n1", default).await, ["none"]);
    db.csqlstore(&["migrate", "up", "--yes"]).success();
    db.csqlstore(&["migrate", "verify"]).success();
    db.csqlstore(&["purge", "--yes", "--grace", "0s"]).success();
    assert_eq!(db.ids("n1").await.len(), 1);
}

async fn what_is_no_time_does_not_become_one() {
    let db = Database::documented().await;
    db.execute("n1", "ALTER TABLE session_cluster MODIFY expire_on varchar(40) NOT NULL").await;
    db.execute("n1", "INSERT INTO session_cluster (id, data, expire_on) VALUES ('x', 'x', 'next week')").await;
    let found = until_found(&db, "table-misfit", &[]).await;
    let fix = found["fix"].as_str().expect("a fix");
    let (set, alter) = fix.split_once("; ").expect("two statements");
    let mut root = db.connect("n1").await;
    root.execute("what the fix begins with", set, ()).await.expect("root may do that");
    // 1292: incorrect datetime value.
    let refused = root.execute_unhurried("the rest of it", alter, ()).await.map(|done| done.rows);
    assert_eq!(refused.as_ref().err().and_then(csqlstore::cluster::Error::code), Some(1292), "{refused:?}");
    assert_eq!(db.column("n1", "SELECT expire_on FROM session_cluster").await, ["next week"]);
}

async fn primary_key_missing() {
    let db = Database::documented().await;
    look(&db, "primary-key-missing", &[]).exits(4);
    mends(&db, "primary-key-missing").await;
}

async fn index_missing() {
    let db = Database::documented().await;
    look(&db, "index-missing", &[]).exits(4);
    mends(&db, "index-missing").await;
}

async fn schema_differs() {
    let db = Database::migrated().await;
    let mut root = db.connect("n2").await;
    let [writable, read_only] = match engine() {
        // A secondary refuses it.
        Engine::Group => ["SET GLOBAL super_read_only = OFF", "SET GLOBAL super_read_only = ON"],
        _ => ["DO 0", "DO 0"],
    };
    for sql in [
        // This one waits until the table is there.
        "SELECT 1 FROM session_cluster",
        engine().alone(),
        writable,
        "ALTER TABLE session_cluster DROP INDEX expire_on, ADD INDEX of_its_own (modify_at, id(8))",
        read_only,
    ] {
        root.execute_unhurried("altering one node", sql, ()).await.expect("root may do that");
    }
    look(&db, "schema-differs", &[]).exits(4);
    let found = mends(&db, "schema-differs").await;
    assert_eq!(found["node"], "n2");
    for word in ["`expire_on` is missing", "`of_its_own` is there"] {
        assert!(found["message"].as_str().is_some_and(|message| message.contains(word)), "{found}");
    }
}

async fn what_differs_from_the_migrations_on_every_node_is_told_and_mended() {
    for (provocations, words) in [
        (
            &[
                "ALTER TABLE session_cluster MODIFY modify_at timestamp NOT NULL DEFAULT '2020-01-01 00:00:00', \
                 ADD COLUMN of_its_own int NOT NULL, ADD UNIQUE INDEX once (expire_on, of_its_own)",
                "ALTER TABLE session_cluster MODIFY expire_on datetime NOT NULL ON UPDATE CURRENT_TIMESTAMP",
            ][..],
            &[
                "column `modify_at` is ",
                "column `expire_on` is ",
                "column `of_its_own` is there",
                "index `once` is there",
            ][..],
        ),
        (&["ALTER TABLE csqlstore_lease DROP COLUMN last_rows"], &["column `last_rows` is missing"]),
        (&["DROP TABLE csqlstore_lease"], &["it is missing"]),
    ] {
        let db = Database::migrated().await;
        db.row("2026-01-01T00:00:00Z12345", "x", 3600).await;
        for sql in provocations {
            db.execute("n1", sql).await;
        }
        db.csqlstore(&["migrate", "verify"]).exits(4);
        look(&db, "schema-differs", &[]).exits(4);
        let found = mends(&db, "schema-differs").await;
        for word in words {
            assert!(found["message"].as_str().is_some_and(|message| message.contains(word)), "{word}: {found}");
        }
        assert_eq!(found["node"], serde_json::Value::Null, "{found}");
        assert_eq!(db.ids("n1").await.len(), 1);
        db.csqlstore(&["migrate", "verify"]).success();
    }
    // What other findings are about is not said again.
    let db = Database::migrated().await;
    db.execute("n1", "ALTER TABLE session_cluster MODIFY data varchar(200) NOT NULL, DROP INDEX expire_on").await;
    db.execute("n1", "UPDATE csqlstore_migrations SET checksum = 'x' WHERE version = 2").await;
    let said = |code| findings(&look(&db, code, &[]).json()).len();
    assert_eq!(["table-misfit", "migration-drift", "migration-checksum", "schema-differs"].map(said), [1, 1, 1, 0]);
}

async fn columns_that_differ_are_taken_anew_from_another_node() {
    let db = Database::migrated().await;
    db.row("2026-01-01T00:00:00Z12345", "x", 3600).await;
    let mut root = db.connect("n2").await;
    for sql in [
        "SELECT 1 FROM session_cluster",
        "SET SESSION wsrep_on = OFF",
        "ALTER TABLE session_cluster ADD COLUMN of_its_own int NULL",
    ] {
        root.execute_unhurried("altering one node", sql, ()).await.expect("root may do that");
    }
    root.close().await;
    let found = mends(&db, "schema-differs").await;
    assert_eq!(found["node"], "n2");
    assert!(
        found["message"].as_str().is_some_and(|message| message.contains("column `of_its_own` is there")),
        "{found}"
    );
    assert!(found["fix"].as_str().is_some_and(|fix| fix.contains("grastate.dat")), "{found}");
    assert_eq!(db.ids("n2").await.len(), 1);
    until_gone(&db, "size-differs", &[]).await;
}

async fn schema_unseen() {
    let db = Database::migrated().await;
    let user = format!("{}_blind", db.name);
    let mut root = db.root("n1").await;
    for sql in [
        format!("CREATE USER '{user}'@'%' IDENTIFIED BY '{}'", db.password),
        format!("GRANT EVENT ON `{}`.* TO '{user}'@'%'", db.name),
    ] {
        root.execute_unhurried("making an account", &sql, ()).await.expect("root may do that");
    }
    let dsns = db.dsns().replace(&format!("//{}:", db.name), &format!("//{user}:"));
    let ask = || {
        let (line, mut command) = db.command(&["doctor", "--format", "json", "--only", "schema-unseen"]);
        command.env("CSQLSTORE_NODES", &dsns);
        command::run((line, command))
    };
    let found = findings(&ask().success().json());
    assert_eq!(found.len(), 1, "{found:?}");
    run_fix(&db, &found[0], &[]).await;
    // The grant reaches the other nodes a moment later.
    let begin = Instant::now();
    while !findings(&ask().success().json()).is_empty() {
        assert!(begin.elapsed() < PATIENCE, "{found:?}");
    }
}

async fn database_missing() {
    let db = Database::migrated().await;
    let dsns: Vec<String> = db
        .dsns()
        .split(' ')
        .map(|dsn| dsn.strip_suffix(&format!("/{}", db.name)).expect("it ends so").to_owned())
        .collect();
    let (line, mut command) = db.command(&["doctor", "--format", "json", "--only", "database-missing"]);
    command.env("CSQLSTORE_NODES", &dsns[0]);
    let run = command::run((line, command)).exits(4);
    let found = findings(&run.json()).remove(0);
    let fix = found["fix"].as_str().expect("a fix").replace("DATABASE", &db.name);
    assert!(!fix.contains(&db.password), "{fix}");
    let dsn = fix.split('\'').nth(1).expect("a DSN in quotes");
    proof::mended(&found);
    let (line, mut command) = db.command(&["--node", dsn, "doctor", "--format", "json", "--only", "database-missing"]);
    command.env_remove("CSQLSTORE_NODES").env("CSQLSTORE_PASSWORD", &db.password);
    assert_eq!(findings(&command::run((line, command)).success().json()), [] as [serde_json::Value; 0]);
}

async fn migration_unrecorded() {
    let db = Database::migrated().await;
    db.execute("n1", "DELETE FROM csqlstore_migrations WHERE version = 3").await;
    let found = mends(&db, "migration-unrecorded").await;
    assert_eq!(found["level"], "note");
}

/// A database of which the third migration has this state in the history, and has been undone.
async fn undone(state: &str) -> Database {
    let db = Database::migrated().await;
    db.execute("n1", "ALTER TABLE session_cluster DROP INDEX expire_on").await;
    db.execute("n1", &format!("UPDATE csqlstore_migrations SET state = '{state}' WHERE version = 3")).await;
    db
}

async fn migration_interrupted() {
    let db = undone("running").await;
    look(&db, "migration-interrupted", &[]).exits(4);
    mends(&db, "migration-interrupted").await;
}

async fn migration_failed() {
    let db = undone("failed").await;
    look(&db, "migration-failed", &[]).exits(4);
    mends(&db, "migration-failed").await;
}

async fn migration_drift() {
    let db = undone("applied").await;
    look(&db, "migration-drift", &[]).exits(4);
    mends(&db, "migration-drift").await;
    // The whole table too.
    db.execute("n1", "DROP TABLE session_cluster").await;
    let found = mends(&db, "migration-drift").await;
    assert_eq!(found["fix"], "csqlstore migrate repair --yes && csqlstore migrate up");
    assert_eq!(db.ids("n1").await, [] as [String; 0]);
}

async fn migration_checksum() {
    let db = Database::migrated().await;
    db.execute("n1", "UPDATE csqlstore_migrations SET checksum = 'x' WHERE version = 2").await;
    look(&db, "migration-checksum", &[]).exits(4);
    mends(&db, "migration-checksum").await;
}

async fn history_foreign() {
    let db = Database::migrated().await;
    db.execute("n1", "UPDATE csqlstore_migrations SET state = 'odd' WHERE version = 2").await;
    look(&db, "history-foreign", &[]).exits(4);
    mends_with(&db, "history-foreign", &[], &[]).await;
    db.csqlstore(&["migrate", "up", "--yes"]).success();
}
