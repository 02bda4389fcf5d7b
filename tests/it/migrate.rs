//! `csqlstore migrate` on the cluster: what becomes of the table, and what is said.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use csqlstore::cluster::{Cluster, Connection, Dsn, Node, On};
use csqlstore::lease::{self, Name, Terms};
use csqlstore::migrate::{self, Error, Event};
use csqlstore::schema::Table;
use rustix::process::{Pid, Signal, kill_process};

use crate::cases;
use crate::support::Database;
use crate::support::command::{self, Running};
use crate::support::database::{PATIENCE, connect};

cases! {
    Beside: [
        a_fresh_database_gets_the_table_with_key_and_index,
        the_documented_table_is_adopted_without_losing_a_row,
        nine_at_once_on_three_nodes_apply_each_migration_once,
        nine_at_once_make_a_table_once,
        a_second_run_has_nothing_to_do_and_takes_no_lease,
        an_index_of_another_name_counts,
        duplicates_are_listed_and_nothing_is_changed,
        ids_that_the_collation_holds_for_equal_are_duplicates,
        what_cannot_be_migrated_is_named_and_nothing_is_changed,
        status_and_plan_leave_no_table,
        plan_shows_the_sql_and_what_the_cluster_feels,
        status_check_exits_1_while_something_is_pending,
        a_running_row_whose_work_is_done_becomes_applied,
        a_running_row_whose_work_is_not_done_is_done_again,
        what_is_recorded_and_missing_is_drift,
        a_held_lease_is_exit_3_and_names_the_holder,
        a_large_table_is_not_altered_without_being_asked,
        a_freshly_loaded_table_is_measured_and_not_believed,
        a_missing_right_is_named_as_a_grant,
        tables_that_cannot_be_seen_are_not_called_pending,
        others_outlast_a_long_alter,
        a_runner_killed_in_its_alter_is_finished_by_the_next,
        a_signal_in_the_alter_lets_it_finish_and_be_recorded,
        a_runner_that_lost_its_lease_records_nothing,
        a_signal_while_waiting_ends_with_its_status,
        tables_of_other_names_have_histories_of_their_own,
        a_dsn_without_a_database_is_exit_2,
        the_human_report_has_a_line_for_each_migration,
    ],
    Alone: [
        duplicates_are_searched_to_plan_and_again_right_before_the_alter,
    ],
}

const KEYS: &str = "SELECT CONCAT(INDEX_NAME, ':', GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX)) \
                    FROM information_schema.STATISTICS \
                    WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME='session_cluster' GROUP BY INDEX_NAME ORDER BY 1";
const HISTORY: &str = "SELECT CONCAT(version, ' ', name, ' ', state) FROM csqlstore_migrations \
                       WHERE session_table='session_cluster' ORDER BY version";
const ROWS: &str =
    "SELECT CONCAT_WS('|', HEX(id), HEX(data), HEX(expire_on), HEX(modify_at)) FROM session_cluster ORDER BY id";
const FREE: &str = "SELECT CONCAT(owner, '|', phase) FROM csqlstore_lease WHERE name='migrate'";

const ADOPTED: [&str; 3] = ["1 session_cluster adopted", "2 primary_key applied", "3 expire_on_index applied"];

/// `1 adopted`, … as `migrate up` answers in JSON.
fn applied(answer: &serde_json::Value) -> Vec<String> {
    let each = answer["applied"].as_array().expect("a list");
    each.iter().map(|one| format!("{} {}", one["version"], one["state"].as_str().unwrap_or("?"))).collect()
}

/// The cluster of a test's database, as the library has it.
fn library(db: &Database) -> Cluster {
    let node = |entry: &str| {
        let (name, dsn) = entry.split_once('=').expect("NAME=DSN");
        Node::new(name, Dsn::parse(dsn).expect("a DSN of the tests").dsn)
    };
    Cluster::new("it", db.dsns().split(' ').map(node).collect(), PATIENCE)
}

async fn a_fresh_database_gets_the_table_with_key_and_index() {
    let db = Database::empty().await;
    let answer = db.csqlstore(&["migrate", "up", "--format", "json"]).success().json();
    assert_eq!(answer["schema_version"], 1);
    assert_eq!(applied(&answer), ["1 applied", "2 adopted", "3 adopted"]);
    assert!(answer["applied"][0]["elapsed_s"].as_f64().is_some_and(|elapsed| elapsed > 0.0), "{answer}");
    assert_eq!(answer["waited_s"], 0.0);
    for node in db.nodes() {
        assert_eq!(db.column(&node, KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
    }
    assert_eq!(
        db.column("n2", HISTORY).await,
        ["1 session_cluster applied", "2 primary_key adopted", "3 expire_on_index adopted"]
    );
    assert_eq!(db.tables().await, ["csqlstore_lease", "csqlstore_migrations", "session_cluster"]);
    assert_eq!(db.column("n3", FREE).await, ["|"]);
}

async fn the_documented_table_is_adopted_without_losing_a_row() {
    let db = Database::documented().await;
    db.rows("live", 5_000, 3600).await;
    db.rows("old", 5_000, -3600).await;
    let before = db.column("n1", ROWS).await;
    assert_eq!(before.len(), 10_000);
    let answer = db.csqlstore(&["migrate", "up", "--format", "json"]).success().json();
    assert_eq!(applied(&answer), ["1 adopted", "2 applied", "3 applied"]);
    assert_eq!(answer["applied"][1]["elapsed_s"], answer["applied"][2]["elapsed_s"], "one ALTER for both");
    for node in db.nodes() {
        assert!(db.column(&node, ROWS).await == before, "rows differ on {node}");
        assert_eq!(db.column(&node, KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
        assert_eq!(db.column(&node, HISTORY).await, ADOPTED);
    }
}

/// Runs nine at once, three on each node, and returns who applied what.
async fn nine(db: &Database) -> Vec<String> {
    let runs: Vec<_> =
        (0..9).map(|n| db.start(&["migrate", "up", "--on", ["n1", "n2", "n3"][n % 3], "--format", "json"])).collect();
    let answers = runs.into_iter().map(|run| run.end().success().json());
    let mut all: Vec<String> = answers.flat_map(|answer| applied(&answer)).collect();
    all.sort();
    all
}

async fn nine_at_once_on_three_nodes_apply_each_migration_once() {
    for _ in 0..3 {
        let db = Database::documented().await;
        db.rows("live", 3_000, 3600).await;
        assert_eq!(nine(&db).await, ["1 adopted", "2 applied", "3 applied"]);
        assert_eq!(db.column("n3", HISTORY).await, ADOPTED);
        assert_eq!(db.column("n3", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
        assert_eq!(db.ids("n2").await.len(), 3_000);
        assert_eq!(db.column("n1", FREE).await, ["|"]);
    }
}

async fn nine_at_once_make_a_table_once() {
    for _ in 0..3 {
        let db = Database::empty().await;
        assert_eq!(nine(&db).await, ["1 applied", "2 adopted", "3 adopted"]);
        assert_eq!(db.column("n1", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
    }
}

async fn a_second_run_has_nothing_to_do_and_takes_no_lease() {
    let db = Database::migrated().await;
    let lease = "SELECT CONCAT_WS(' ', epoch, acquired_at, expires_at) FROM csqlstore_lease";
    let before = db.column("n1", lease).await;
    let answer = db.csqlstore(&["migrate", "up", "--format", "json"]).success().json();
    assert!(applied(&answer).is_empty(), "{answer}");
    let run = db.csqlstore(&["migrate", "up"]).success();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("Nothing to do: `session_cluster` is up to date.\n", ""));
    assert_eq!(db.column("n1", lease).await, before);
}

async fn an_index_of_another_name_counts() {
    let db = Database::documented().await;
    db.execute("n1", "ALTER TABLE session_cluster ADD INDEX by_the_dba (expire_on)").await;
    let answer = db.csqlstore(&["migrate", "up", "--format", "json"]).success().json();
    assert_eq!(applied(&answer), ["1 adopted", "2 applied", "3 adopted"]);
    assert_eq!(db.column("n2", KEYS).await, ["by_the_dba:expire_on", "PRIMARY:id"]);
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
                    WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME='session_cluster'";
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

async fn status_and_plan_leave_no_table() {
    for db in [Database::empty().await, Database::documented().await] {
        let before = db.tables().await;
        for args in [&["migrate", "status"][..], &["migrate", "plan"], &["migrate", "up", "--dry-run"]] {
            for format in ["human", "json"] {
                db.csqlstore(&[args, &["--format", format]].concat()).success();
            }
        }
        for node in db.nodes() {
            assert_eq!(db.column(&node, "SHOW TABLES").await, before);
        }
    }
}

async fn plan_shows_the_sql_and_what_the_cluster_feels() {
    let db = Database::documented().await;
    db.rows("live", 2_000, 3600).await;
    let answer = db.csqlstore(&["migrate", "plan", "--format", "json"]).success().json();
    assert_eq!(answer["schema_version"], 1);
    assert_eq!(answer["steps"][0]["versions"], serde_json::json!([1]));
    assert_eq!(answer["steps"][0]["action"], "adopt");
    assert_eq!(answer["steps"][1]["versions"], serde_json::json!([2, 3]));
    assert_eq!(
        answer["steps"][1]["sql"],
        "ALTER TABLE `session_cluster` ADD PRIMARY KEY (id), ADD INDEX expire_on (expire_on)"
    );
    assert_eq!(answer["writes_wait"], true);
    assert!(answer["table"]["rows"].as_u64().is_some_and(|rows| (1_000..4_000).contains(&rows)), "{answer}");
    assert!(answer["table"]["bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{answer}");
    let run = db.csqlstore(&["migrate", "plan"]).success();
    assert!(run.stdout.contains("ALTER TABLE `session_cluster` ADD PRIMARY KEY (id), ADD INDEX"), "{}", run.stdout);
    assert!(run.stdout.contains("every write in the whole cluster waits"), "{}", run.stdout);
    assert_eq!(db.csqlstore(&["migrate", "up", "--dry-run"]).success().stdout, run.stdout);
}

async fn status_check_exits_1_while_something_is_pending() {
    let db = Database::documented().await;
    let answer = db.csqlstore(&["migrate", "status", "--check", "--format", "json"]).exits(1).json();
    assert_eq!(answer["pending"], 3);
    assert_eq!(answer["migrations"][0]["state"], "pending");
    assert_eq!(answer["migrations"][0]["present"], true);
    assert_eq!(answer["migrations"][1]["present"], false);
    db.csqlstore(&["migrate", "status"]).success();
    db.csqlstore(&["migrate", "up"]).success();
    let answer = db.csqlstore(&["migrate", "status", "--check", "--format", "json"]).success().json();
    assert_eq!(answer["pending"], 0);
    let states: Vec<_> = (0..3).map(|n| answer["migrations"][n]["state"].as_str().unwrap_or("?")).collect();
    assert_eq!(states, ["adopted", "applied", "applied"]);
    assert!(answer["migrations"][1]["applied_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{answer}");
}

/// Puts the history back to where a run was killed while its ALTER was on the way.
async fn interrupt(db: &Database) {
    db.execute("n1", "UPDATE csqlstore_migrations SET state='running', elapsed_us=0 WHERE version > 1").await;
    db.execute(
        "n1",
        "UPDATE csqlstore_lease SET owner='gone:1:0', phase='ddl', expires_at=UTC_TIMESTAMP(6) - INTERVAL 6 SECOND",
    )
    .await;
}

async fn a_running_row_whose_work_is_done_becomes_applied() {
    let db = Database::documented().await;
    db.rows("live", 100, 3600).await;
    db.csqlstore(&["migrate", "up"]).success();
    interrupt(&db).await;
    let answer = db.csqlstore(&["migrate", "status", "--format", "json"]).success().json();
    assert_eq!((answer["pending"].as_u64(), answer["migrations"][1]["state"].as_str()), (Some(2), Some("running")));
    let run = db.csqlstore(&["migrate", "up"]).success();
    assert!(run.stdout.contains("applied  2 primary_key  (an interrupted run had done it)"), "{}", run.stdout);
    assert_eq!(db.column("n2", HISTORY).await, ADOPTED);
    assert_eq!(db.ids("n2").await.len(), 100);
}

async fn a_running_row_whose_work_is_not_done_is_done_again() {
    let db = Database::documented().await;
    db.rows("live", 100, 3600).await;
    db.csqlstore(&["migrate", "up"]).success();
    db.execute("n1", "ALTER TABLE session_cluster DROP PRIMARY KEY, DROP INDEX expire_on").await;
    interrupt(&db).await;
    let answer = db.csqlstore(&["migrate", "up", "--format", "json"]).success().json();
    assert_eq!(applied(&answer), ["2 applied", "3 applied"]);
    assert_eq!(db.column("n2", HISTORY).await, ADOPTED);
    assert_eq!(db.column("n3", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
    assert_eq!(db.ids("n2").await.len(), 100);
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

async fn a_held_lease_is_exit_3_and_names_the_holder() {
    let db = Database::migrated().await;
    interrupt(&db).await;
    db.execute(
        "n1",
        "UPDATE csqlstore_lease SET owner='ci-7:42:cafe', node='db1:3306', acquired_at='2026-11-22 01:02:03', \
         expires_at=UTC_TIMESTAMP(6) + INTERVAL 1 HOUR",
    )
    .await;
    let run = db.csqlstore(&["migrate", "up", "--lock-timeout", "1s"]).exits(3);
    let said = "is held by ci-7:42:cafe since 2026-11-22T01:02:03Z (phase ddl, on db1:3306, until";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(run.stderr.contains("waiting for ci-7:42:cafe"), "{}", run.stderr);
    assert!(run.stderr.contains("`--lock-timeout`"), "{}", run.stderr);
    assert_eq!(run.stdout, "");
    // Given back, the waiting one gets it.
    let mut waiting = db.start(&["migrate", "up", "--lock-timeout", "20s"]);
    waiting.until_it_says("waiting for ci-7:42:cafe");
    db.execute("n2", "UPDATE csqlstore_lease SET owner=''").await;
    let run = waiting.end().success();
    assert_eq!(run.stdout.matches("(an interrupted run had done it)").count(), 2, "{}", run.stdout);
    let history = ["1 session_cluster applied", "2 primary_key applied", "3 expire_on_index applied"];
    assert_eq!(db.column("n1", HISTORY).await, history);
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
    let load = "INSERT INTO session_cluster (id, data, expire_on) SELECT CONCAT('live-', seq), REPEAT('x', 1000), \
                UTC_TIMESTAMP() + INTERVAL 1 HOUR FROM seq_1_to_8000";
    db.execute("n1", load).await;
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
    let (name, user) = (&db.name, format!("'{}'@'%'", db.name));
    db.execute("n1", &format!("REVOKE ALL ON `{name}`.* FROM {user}")).await;
    db.execute("n1", &format!("GRANT SELECT, INSERT, UPDATE, CREATE ON `{name}`.* TO {user}")).await;
    let run = db.csqlstore(&["migrate", "up"]).exits(2);
    let grant = format!("GRANT SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX ON `{name}`.* TO {user}");
    assert!(run.stderr.contains(&grant), "{}", run.stderr);
    assert_eq!(db.column("n1", KEYS).await, Vec::<String>::new());
    assert_eq!(db.column("n1", FREE).await, ["|"], "given back after an error");
    // What the hint says is enough, and the next run goes on.
    db.execute("n1", &grant).await;
    db.csqlstore(&["migrate", "up"]).success();
    assert_eq!(db.column("n1", HISTORY).await, ADOPTED);
    // Reading needs no more than SELECT.
    db.execute("n1", &format!("REVOKE ALL ON `{name}`.* FROM {user}")).await;
    db.execute("n1", &format!("GRANT SELECT ON `{name}`.* TO {user}")).await;
    db.csqlstore(&["migrate", "status"]).success();
    db.csqlstore(&["migrate", "plan"]).success();
    db.csqlstore(&["migrate", "up"]).success();
}

async fn tables_that_cannot_be_seen_are_not_called_pending() {
    let db = Database::migrated().await;
    let (name, user) = (&db.name, format!("'{}'@'%'", db.name));
    for table in ["session_cluster", "csqlstore_migrations"] {
        db.execute("n1", &format!("REVOKE ALL PRIVILEGES, GRANT OPTION FROM {user}")).await;
        db.execute("n1", &format!("GRANT SELECT ON `{name}`.{table} TO {user}")).await;
        for verb in ["status", "plan", "up"] {
            let run = db.csqlstore(&["migrate", verb, "--on", "n1"]).exits(2);
            let right = if verb == "up" { "SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX" } else { "SELECT" };
            let grant = format!("GRANT {right} ON `{name}`.* TO {user}");
            assert!(run.stderr.contains(&grant), "{table}, {verb}: {}", run.stderr);
            assert_eq!(run.stdout, "", "{table}, {verb}");
        }
    }
    db.execute("n1", &format!("GRANT SELECT ON `{name}`.* TO {user}")).await;
    let run = db.csqlstore(&["migrate", "status", "--on", "n1", "--format", "json"]).success();
    assert_eq!(run.json()["pending"], 0);
}

/// Holds up every ALTER of the table on n1 until it is closed: what is locked by name no replicated DDL pushes aside.
async fn hold_up(db: &Database) -> Connection {
    let mut holder = db.connect("n1").await;
    holder.execute("locking", "LOCK TABLES session_cluster READ", ()).await.expect("root may do that");
    holder
}

/// Starts a run on n1 that is held up in its ALTER.
async fn in_the_alter(db: &Database, format: &str) -> Running {
    let running = db.start(&["migrate", "up", "--on", "n1", "--format", format]);
    let began = Instant::now();
    let waits =
        "SELECT CAST(ID AS CHAR) FROM information_schema.PROCESSLIST WHERE DB=DATABASE() AND INFO LIKE 'ALTER%'";
    // Not by way of `connect`: its reads would wait for the ALTER.
    let mut root = db.root("n1").await;
    root.execute("selecting the database", &format!("USE `{}`", db.name), ()).await.expect("the database is there");
    while root.rows::<String>("looking", waits, ()).await.expect("an answer").is_empty() {
        assert!(began.elapsed() < PATIENCE, "the run does not come to its ALTER");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    root.close().await;
    running
}

async fn others_outlast_a_long_alter() {
    let db = Database::documented().await;
    db.rows("live", 1_000, 3600).await;
    let holder = hold_up(&db).await;
    let first = in_the_alter(&db, "json").await;
    let others: Vec<Running> =
        ["n1", "n2", "n3"].iter().map(|node| db.start(&["migrate", "up", "--on", node, "--format", "json"])).collect();
    // Longer than the time-out of a short answer.
    tokio::time::sleep(Duration::from_secs(5)).await;
    holder.close().await;
    let answer = first.end().success().json();
    assert_eq!(applied(&answer), ["1 adopted", "2 applied", "3 applied"]);
    assert!(answer["applied"][1]["elapsed_s"].as_f64().is_some_and(|elapsed| elapsed > 4.0), "{answer}");
    let answers: Vec<_> = others.into_iter().map(|other| other.end().success().json()).collect();
    assert!(answers.iter().all(|answer| applied(answer).is_empty()), "{answers:?}");
    // On the node of the ALTER the first look may be what waits; on the others it is the lease.
    let waited = |answer: &serde_json::Value| answer["waited_s"].as_f64().is_some_and(|waited| waited > 3.0);
    assert!(answers[1..].iter().all(waited), "{answers:?}");
    assert_eq!(db.column("n2", HISTORY).await, ADOPTED);
}

async fn a_runner_killed_in_its_alter_is_finished_by_the_next() {
    let db = Database::documented().await;
    db.rows("live", 1_000, 3600).await;
    let holder = hold_up(&db).await;
    let running = in_the_alter(&db, "json").await;
    signal(&running, Signal::KILL);
    assert_eq!(running.end().code, None, "it was killed");
    holder.close().await;
    let before: Vec<String> = db.column("n2", HISTORY).await;
    assert_eq!(before, ["1 session_cluster adopted", "2 primary_key running", "3 expire_on_index running"]);
    let held = db.csqlstore(&["migrate", "up", "--lock-timeout", "0s"]).exits(3);
    assert!(held.stderr.contains("phase ddl"), "{}", held.stderr);
    let ends = "SELECT DATE_FORMAT(expires_at + INTERVAL 5 SECOND, '%Y-%m-%dT%H:%i:%sZ') FROM csqlstore_lease";
    let ends = &db.column("n1", ends).await[0];
    let hint = format!(
        "if its holder was killed in its ALTER, the server finishes that and the lease ends by itself at {ends}"
    );
    assert!(held.stderr.contains(&hint), "{}", held.stderr);
    assert!(held.stderr.contains("which outlasts its ALTER"), "{}", held.stderr);
    // It would run out in two minutes.
    db.execute("n3", "UPDATE csqlstore_lease SET expires_at=UTC_TIMESTAMP(6) - INTERVAL 6 SECOND").await;
    let answer = db.csqlstore(&["migrate", "up", "--format", "json"]).success().json();
    assert_eq!(applied(&answer), ["2 applied", "3 applied"]);
    assert_eq!(db.column("n2", HISTORY).await, ADOPTED);
    for node in db.nodes() {
        assert_eq!(db.column(&node, KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
        assert_eq!(db.ids(&node).await.len(), 1_000);
    }
}

async fn a_signal_in_the_alter_lets_it_finish_and_be_recorded() {
    let db = Database::documented().await;
    db.row("live", "x", 60).await;
    let holder = hold_up(&db).await;
    let mut running = in_the_alter(&db, "human").await;
    signal(&running, Signal::INT);
    running.until_it_says("SIGINT: finishing the statement");
    assert!(!running.has_ended(), "a statement that was sent is seen to its end");
    holder.close().await;
    let run = running.end().exits(130);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{}", run.stdout);
    assert!(lines[2].starts_with("applied  3 expire_on_index"), "{}", run.stdout);
    assert_eq!(lines[3], "Stopped by SIGINT; nothing was left to do.");
    assert_eq!(db.column("n2", HISTORY).await, ADOPTED);
    assert_eq!(db.column("n2", FREE).await, ["|"]);
}

fn signal(running: &Running, signal: Signal) {
    let pid = Pid::from_raw(running.pid().try_into().expect("a pid")).expect("a pid");
    kill_process(pid, signal).expect("it is ours");
}

async fn a_runner_that_lost_its_lease_records_nothing() {
    let db = Database::documented().await;
    db.row("live", "x", 60).await;
    let table = Table::default();
    let usable = library(&db).usable(&On::Auto).await.expect("a usable node");
    let runner = migrate::begin(usable, &table).await.expect("a plan");
    assert_eq!(runner.plan().steps.len(), 2);
    // Between the plan and the record, somebody else takes the lease: from another node, by hand.
    let thief = db.dsns().split(' ').nth(1).and_then(|entry| entry.split_once('=')).expect("NAME=DSN").1.to_owned();
    let outcome = runner
        .run(Terms::default(), |event| {
            if matches!(event, Event::Starting { .. }) {
                let thief = thief.clone();
                std::thread::spawn(move || steal(&thief)).join().expect("the thief ends");
            }
            ControlFlow::Continue(())
        })
        .await;
    let error = outcome.expect_err("the lease is gone");
    assert!(matches!(error, Error::Lease(lease::Error::Lost { .. })), "{error}");
    assert_eq!(db.column("n1", HISTORY).await, Vec::<String>::new());
    assert_eq!(db.column("n1", FREE).await, ["thief|work"], "the thief's lease was left alone");
}

/// Takes the lease `migrate` away from whoever has it.
fn steal(dsn: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut thief = connect("n2", dsn).await;
        let sql = "UPDATE csqlstore_lease SET owner='thief', epoch=epoch+1";
        thief.execute("waiting for the others", "SET SESSION wsrep_sync_wait=15", ()).await.expect("a session");
        assert_eq!(thief.execute("stealing", sql, ()).await.expect("an account with all rights").rows, 1);
        thief.close().await;
    });
}

async fn a_signal_while_waiting_ends_with_its_status() {
    let db = Database::migrated().await;
    interrupt(&db).await;
    db.execute("n1", "UPDATE csqlstore_lease SET expires_at=UTC_TIMESTAMP(6) + INTERVAL 1 HOUR").await;
    for (sent, code, name) in [(Signal::INT, 130, "SIGINT"), (Signal::TERM, 143, "SIGTERM")] {
        let mut running = db.start(&["migrate", "up"]);
        running.until_it_says("waiting for gone:1:0");
        signal(&running, sent);
        let run = running.end().exits(code);
        assert_eq!(run.stdout, format!("Stopped by {name}; run it again to go on.\n"));
    }
    assert_eq!(db.column("n1", FREE).await, ["gone:1:0|ddl"], "somebody else's lease was left alone");
}

async fn tables_of_other_names_have_histories_of_their_own() {
    let db = Database::documented().await;
    db.csqlstore(&["--table", "other` sessions", "migrate", "up"]).success();
    assert_eq!(db.csqlstore(&["migrate", "status", "--format", "json"]).success().json()["pending"], 3);
    db.csqlstore(&["migrate", "up"]).success();
    let count =
        "SELECT CONCAT(session_table, ' ', COUNT(*)) FROM csqlstore_migrations GROUP BY session_table ORDER BY 1";
    assert_eq!(db.column("n2", count).await, ["other` sessions 3", "session_cluster 3"]);
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

async fn the_human_report_has_a_line_for_each_migration() {
    let db = Database::documented().await;
    db.row("live", "x", 60).await;
    let run = db.csqlstore(&["migrate", "up"]).success();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", run.stdout);
    assert_eq!(lines[0], "adopted  1 session_cluster  (it was there already)");
    assert!(lines[1].starts_with("applied  2 primary_key  (") && lines[1].ends_with(" s)"), "{}", run.stdout);
    assert!(lines[2].starts_with("applied  3 expire_on_index  ("), "{}", run.stdout);
    assert_eq!(run.stderr, "");
    let run = db.csqlstore(&["migrate", "status"]).success();
    assert!(run.stdout.starts_with("VERSION  MIGRATION        STATE    RECORDED AT"), "{}", run.stdout);
    assert!(run.stdout.ends_with("`session_cluster` is up to date.\n"), "{}", run.stdout);
    assert!(db.csqlstore(&["migrate", "up", "--quiet"]).success().stdout.is_empty());
    // The lease that was taken and given back is anybody's.
    let mut connection = library(&db).nodes()[2].connect(PATIENCE).await.expect("the node is there");
    assert_eq!(lease::holder(&mut connection, &Table::default(), Name::Migrate).await.expect("a lease"), None);
}
