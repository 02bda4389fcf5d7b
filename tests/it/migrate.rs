//! `csqlstore migrate` on the cluster: what becomes of the table, and what is said.

use csqlstore::cluster::{Cluster, Dsn, Node};
use csqlstore::lease::{self, Name};
use csqlstore::schema::Table;

use crate::cases;
use crate::support::Database;
use crate::support::database::PATIENCE;
use crate::support::engine::{Engine, engine};

cases! {
    Beside: [
        a_fresh_database_gets_the_table_with_key_and_index,
        the_documented_table_is_adopted_without_losing_a_row,
        a_second_run_has_nothing_to_do_and_takes_no_lease,
        an_index_of_another_name_counts,
        status_and_plan_leave_no_table,
        plan_shows_the_sql_and_what_the_cluster_feels,
        status_check_exits_1_while_something_is_pending,
        tables_of_other_names_have_histories_of_their_own,
        the_human_report_has_a_line_for_each_migration,
    ],
}

pub(crate) const KEYS: &str = "SELECT CONCAT(INDEX_NAME, ':', GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX)) \
                    FROM information_schema.STATISTICS \
                    WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME='session_cluster' GROUP BY INDEX_NAME ORDER BY 1";
pub(crate) const HISTORY: &str = "SELECT CONCAT(version, ' ', name, ' ', state) FROM csqlstore_migrations \
                       WHERE session_table='session_cluster' ORDER BY version";
pub(crate) const ROWS: &str =
    "SELECT CONCAT_WS('|', HEX(id), HEX(data), HEX(expire_on), HEX(modify_at)) FROM session_cluster ORDER BY id";
pub(crate) const FREE: &str = "SELECT CONCAT(owner, '|', phase) FROM csqlstore_lease WHERE name='migrate'";

pub(crate) const ADOPTED: [&str; 3] =
    ["1 session_cluster adopted", "2 primary_key applied", "3 expire_on_index applied"];

/// `1 adopted`, … as `migrate up` answers in JSON.
pub(crate) fn applied(answer: &serde_json::Value) -> Vec<String> {
    let each = answer["applied"].as_array().expect("a list");
    each.iter().map(|one| format!("{} {}", one["version"], one["state"].as_str().unwrap_or("?"))).collect()
}

/// The cluster of a test's database, as the library has it.
pub(crate) fn library(db: &Database) -> Cluster {
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
    let galera = engine() == Engine::Galera;
    assert_eq!(answer["writes_wait"], galera);
    assert!(answer["table"]["rows"].as_u64().is_some_and(|rows| (1_000..4_000).contains(&rows)), "{answer}");
    assert!(answer["table"]["bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{answer}");
    let run = db.csqlstore(&["migrate", "plan"]).success();
    assert!(run.stdout.contains("ALTER TABLE `session_cluster` ADD PRIMARY KEY (id), ADD INDEX"), "{}", run.stdout);
    assert_eq!(run.stdout.contains("every write in the whole cluster waits"), galera, "{}", run.stdout);
    assert_eq!(run.stdout.contains("each other member, which falls behind"), engine().is_group(), "{}", run.stdout);
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

async fn tables_of_other_names_have_histories_of_their_own() {
    let db = Database::documented().await;
    db.csqlstore(&["--table", "other` sessions", "migrate", "up"]).success();
    assert_eq!(db.csqlstore(&["migrate", "status", "--format", "json"]).success().json()["pending"], 3);
    db.csqlstore(&["migrate", "up"]).success();
    let count =
        "SELECT CONCAT(session_table, ' ', COUNT(*)) FROM csqlstore_migrations GROUP BY session_table ORDER BY 1";
    assert_eq!(db.column("n2", count).await, ["other` sessions 3", "session_cluster 3"]);
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
    let mut connection =
        library(&db).nodes().last().expect("a node").connect(PATIENCE).await.expect("the node is there");
    assert_eq!(lease::holder(&mut connection, &Table::default(), Name::Migrate).await.expect("a lease"), None);
}
