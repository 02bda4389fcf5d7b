//! `csqlstore migrate verify`: what every node has, against what is expected and against the others.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::cases;
use crate::support::engine::engine;
use crate::support::{Database, cluster, command};

cases! {
    Beside: [
        what_migrate_makes_is_as_expected_on_every_node,
        what_the_dba_may_have_is_told_and_is_no_drift,
        what_all_nodes_have_lost_is_repaired_and_brought_again,
        what_is_pending_is_exit_1_and_no_drift,
        a_half_applied_migration_is_drift_unless_somebody_is_at_it,
        what_the_account_may_not_see_is_not_called_missing,
        a_node_that_is_down_is_named_and_is_no_drift,
    ],
    Beside if Writers because "they change one of several nodes that take writes": [
        an_index_that_one_node_lost_is_drift_until_it_is_put_right,
        an_index_that_one_node_has_alone_is_drift,
        a_column_that_one_node_has_otherwise_is_drift,
        a_history_that_one_node_has_otherwise_is_drift,
    ],
    Alone if Galera because "they cut a node off, which only Galera has a switch for": [
        a_node_that_is_cut_off_is_not_called_drift,
    ],
    Alone if Nodes because "they are about a node beside the one at work": [
        a_node_that_hangs_costs_verify_its_deadline_once,
    ],
}

/// Runs statements on one node alone, as an administrator in a hurry would.
async fn alone(db: &Database, node: &str, statements: &[&str]) {
    let mut root = db.connect(node).await;
    root.execute("leaving the others alone", engine().alone(), ()).await.expect("root may do that");
    for sql in statements {
        root.execute_unhurried("a statement on one node", sql, ())
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    root.close().await;
}

fn verify(db: &Database, code: i32) -> serde_json::Value {
    db.csqlstore(&["migrate", "verify", "--format", "json"]).exits(code).json()
}

/// Each difference in short: `n2 session_cluster index expire_on`.
fn differences(answer: &serde_json::Value) -> Vec<String> {
    let text = |value: &serde_json::Value| value.as_str().expect("a string").to_owned();
    let each = |one: &serde_json::Value| {
        let nodes: Vec<String> = one["nodes"].as_array().expect("a list").iter().map(text).collect();
        format!("{} {} {}", nodes.join(" "), text(&one["table"]), text(&one["item"]))
    };
    answer["differences"].as_array().expect("a list").iter().map(each).collect()
}

fn verdicts(answer: &serde_json::Value) -> Vec<String> {
    let nodes = answer["nodes"].as_array().expect("a list");
    nodes.iter().map(|node| node["verdict"].as_str().expect("a word").to_owned()).collect()
}

async fn added() -> Database {
    let db = Database::documented().await;
    db.row("live", "x", 3600).await;
    db.csqlstore(&["migrate", "up"]).success();
    db
}

async fn what_migrate_makes_is_as_expected_on_every_node() {
    for db in [Database::migrated().await, added().await] {
        let run = db.csqlstore(&["migrate", "verify"]).success();
        let lines: String = db.nodes().iter().map(|node| format!("{node}    as expected\n")).collect();
        assert_eq!(run.stdout, format!("NODE  SCHEMA\n{lines}"));
        assert_eq!(run.stderr, "");
        let answer = verify(&db, 0);
        assert_eq!(
            (&answer["schema_version"], &answer["verdict"], &answer["pending"]),
            (&1.into(), &"ok".into(), &0.into())
        );
        assert_eq!(verdicts(&answer), vec!["ok"; db.nodes().len()]);
        assert_eq!(answer["nodes"][0]["database"], db.name.as_str());
        assert_eq!(
            (answer["differences"].as_array().map(Vec::len), answer["notes"].as_array().map(Vec::len)),
            (Some(0), Some(0))
        );
        assert!(answer["holder"].is_null());
    }
}

async fn an_index_that_one_node_lost_is_drift_until_it_is_put_right() {
    let db = added().await;
    alone(&db, "n2", &["ALTER TABLE session_cluster DROP INDEX expire_on"]).await;
    let run = db.csqlstore(&["migrate", "verify"]).exits(4);
    let diff = "NODE  SCHEMA\nn1    as expected\nn2    differs\nn3    as expected\n\n\
                --- expected\n+++ n2: session_cluster\n-KEY `expire_on` (`expire_on`)\n\n";
    assert!(run.stdout.starts_with(diff), "{}", run.stdout);
    assert!(run.stdout.contains("a statement was run on one of them alone"), "{}", run.stdout);
    assert!(!run.stdout.contains("migrate repair"), "it would look at one node: {}", run.stdout);
    let answer = verify(&db, 4);
    assert_eq!(answer["verdict"], "drift");
    assert_eq!(differences(&answer), ["n2 session_cluster index expire_on"]);
    assert_eq!(verdicts(&answer), ["ok", "differs", "ok"]);
    let difference = &answer["differences"][0];
    assert_eq!(difference["expected"], "KEY `expire_on` (`expire_on`)");
    assert!(difference["found"].is_null() && difference["compared_with"].is_null(), "{difference}");
    // What the report says mends it.
    alone(&db, "n2", &["ALTER TABLE session_cluster ADD INDEX expire_on (expire_on)"]).await;
    verify(&db, 0);
}

async fn an_index_that_one_node_has_alone_is_drift() {
    let db = added().await;
    alone(&db, "n3", &["ALTER TABLE session_cluster ADD INDEX by_hand (modify_at)"]).await;
    let run = db.csqlstore(&["migrate", "verify"]).exits(4);
    assert!(
        run.stdout.contains("--- n1, n2\n+++ n3: session_cluster\n+KEY `by_hand` (`modify_at`)\n"),
        "{}",
        run.stdout
    );
    assert_eq!(verify(&db, 4)["differences"][0]["compared_with"], serde_json::json!(["n1", "n2"]));
    alone(&db, "n3", &["ALTER TABLE session_cluster DROP INDEX by_hand"]).await;
    verify(&db, 0);
}

async fn a_column_that_one_node_has_otherwise_is_drift() {
    let db = added().await;
    let changes = [
        "ALTER TABLE session_cluster MODIFY id char(32) CHARACTER SET ascii NOT NULL",
        "ALTER TABLE session_cluster MODIFY modify_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP",
        "ALTER TABLE csqlstore_lease DROP COLUMN note",
    ];
    alone(&db, "n2", &changes).await;
    let run = db.csqlstore(&["migrate", "verify"]).exits(4);
    let diff = "--- expected\n+++ n2: session_cluster\n\
                -`id` char(40) CHARACTER SET ascii NOT NULL\n\
                +`id` char(32) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL\n\
                -`modify_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP\n\
                +`modify_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP\n\n\
                --- expected\n+++ n2: csqlstore_lease\n-`note` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL\n";
    assert!(run.stdout.contains(diff), "{}", run.stdout);
    // What does as well is drift all the same where one node alone has it.
    let db = added().await;
    alone(&db, "n1", &["ALTER TABLE session_cluster MODIFY id varchar(64) CHARACTER SET ascii NOT NULL"]).await;
    let answer = verify(&db, 4);
    assert_eq!(differences(&answer), ["n1 session_cluster column id"]);
    assert_eq!(answer["differences"][0]["compared_with"], serde_json::json!(["n2", "n3"]));
}

async fn a_history_that_one_node_has_otherwise_is_drift() {
    let db = added().await;
    alone(&db, "n3", &["DELETE FROM csqlstore_migrations WHERE version=3", "DROP TABLE csqlstore_lease"]).await;
    let answer = verify(&db, 4);
    assert_eq!(differences(&answer), ["n3 csqlstore_lease table", "n3 csqlstore_migrations record 3"]);
    assert_eq!(answer["pending"], 1, "as n3 has it");
    let db = added().await;
    alone(&db, "n2", &["UPDATE csqlstore_migrations SET checksum=REPEAT('0', 64), state='done' WHERE version=2"]).await;
    let run = db.csqlstore(&["migrate", "verify"]).exits(4);
    let zeros = "0".repeat(64);
    let line = format!("+2 primary_key done {zeros}\n");
    assert!(run.stdout.contains("-2 primary_key applied 23710a42") && run.stdout.contains(&line), "{}", run.stdout);
}

async fn what_the_dba_may_have_is_told_and_is_no_drift() {
    let db = Database::documented().await;
    for sql in [
        "ALTER TABLE session_cluster MODIFY id varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL FIRST, \
         MODIFY expire_on datetime(6) NOT NULL, ADD PRIMARY KEY (id), ADD INDEX by_the_dba (expire_on, id)",
        "ALTER TABLE session_cluster ADD COLUMN tenant int NOT NULL DEFAULT 0, ADD INDEX tenant (tenant), ROW_FORMAT=COMPRESSED",
    ] {
        db.execute("n1", sql).await;
    }
    db.csqlstore(&["migrate", "adopt"]).success();
    let run = db.csqlstore(&["migrate", "verify"]).success();
    for said in [
        "its column is `id` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, which does as well",
        "its column is `expire_on` datetime(6) NOT NULL, which does as well",
        "it has a column of its own: `tenant` int NOT NULL DEFAULT '0'",
        "its index KEY `by_the_dba` (`expire_on`, `id`) does what `expire_on` is for",
        "it has an index of its own: KEY `tenant` (`tenant`)",
    ] {
        assert!(
            run.stdout.contains(&format!("note: session_cluster on {}: {said}", db.nodes().join(", "))),
            "{said}: {}",
            run.stdout
        );
    }
    let answer = verify(&db, 0);
    assert_eq!((&answer["verdict"], answer["notes"].as_array().map(Vec::len)), (&"ok".into(), Some(5)));
    // One that no program can leave out is drift.
    db.execute("n1", "ALTER TABLE session_cluster ADD COLUMN owner int NOT NULL").await;
    let run = db.csqlstore(&["migrate", "verify"]).exits(4);
    let diff = format!("+++ {}: session_cluster\n+`owner` int NOT NULL\n", db.nodes().join(", "));
    assert!(run.stdout.contains(&diff), "{}", run.stdout);
}

async fn what_all_nodes_have_lost_is_repaired_and_brought_again() {
    let db = added().await;
    db.execute("n1", "ALTER TABLE session_cluster DROP PRIMARY KEY, DROP INDEX expire_on").await;
    let run = db.csqlstore(&["migrate", "verify"]).exits(4);
    let diff = "session_cluster\n-PRIMARY KEY (`id`)\n-KEY `expire_on` (`expire_on`)\n";
    assert!(run.stdout.contains(&format!("+++ {}: {diff}", db.nodes().join(", "))), "{}", run.stdout);
    assert!(run.stdout.contains("`csqlstore migrate repair` makes the history say"), "{}", run.stdout);
    db.csqlstore(&["migrate", "repair"]).success();
    assert_eq!(verify(&db, 1)["pending"], 2);
    db.csqlstore(&["migrate", "up"]).success();
    verify(&db, 0);
}

async fn what_is_pending_is_exit_1_and_no_drift() {
    let run = Database::documented().await.csqlstore(&["migrate", "verify"]).exits(1);
    assert!(run.stdout.contains("Pending: 1 session_cluster, 2 primary_key and 3 expire_on_index."), "{}", run.stdout);
    assert!(
        run.stdout.contains("it has what migration 1 session_cluster brings, which is not recorded"),
        "{}",
        run.stdout
    );
    let answer = verify(&Database::empty().await, 1);
    assert_eq!((&answer["verdict"], &answer["pending"]), (&"pending".into(), &3.into()));
    // A table that cannot be migrated is no matter of waiting.
    let db = Database::empty().await;
    let sql = "CREATE TABLE session_cluster (id char(10) NOT NULL, data longblob NOT NULL, expire_on datetime NOT NULL, \
               modify_at timestamp NOT NULL) ENGINE=MEMORY";
    db.execute("n1", &sql.replace("longblob", "varchar(9)")).await;
    let items = differences(&verify(&db, 4));
    for item in ["engine", "column id"] {
        assert!(items.contains(&format!("{} session_cluster {item}", db.nodes().join(" "))), "{items:?}");
    }
}

async fn a_half_applied_migration_is_drift_unless_somebody_is_at_it() {
    let db = added().await;
    db.execute("n1", "UPDATE csqlstore_migrations SET state='running' WHERE version=3").await;
    assert_eq!(differences(&verify(&db, 4)), [format!("{} csqlstore_migrations record 3", db.nodes().join(" "))]);
    db.execute(
        "n1",
        "UPDATE csqlstore_lease SET owner='ci-7:42:cafe', phase='ddl', expires_at=UTC_TIMESTAMP(6) + INTERVAL 1 HOUR",
    )
    .await;
    let run = db.csqlstore(&["migrate", "verify"]).exits(1);
    assert!(
        run.stdout.contains("Somebody migrates at this moment, and what differs may pass: ci-7:42:cafe"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("migration 3 expire_on_index is running at this moment"), "{}", run.stdout);
    assert_eq!(verify(&db, 1)["holder"]["owner"], "ci-7:42:cafe");
}

async fn what_the_account_may_not_see_is_not_called_missing() {
    let db = added().await;
    let (name, user) = (&db.name, format!("'{}'@'%'", db.name));
    let grant = format!("GRANT SELECT ON `{name}`.* TO {user}");
    for rights in [
        format!("GRANT SELECT ON `{name}`.session_cluster TO {user}"),
        // Of which information_schema lists two columns and no more.
        format!("GRANT SELECT (id, expire_on) ON `{name}`.session_cluster TO {user}"),
        format!("GRANT INSERT ON `{name}`.* TO {user}"),
    ] {
        db.execute("n1", &format!("REVOKE ALL PRIVILEGES, GRANT OPTION FROM {user}")).await;
        db.execute("n1", &rights).await;
        db.settled().await;
        let run = db.csqlstore(&["migrate", "verify"]).exits(2);
        let unseen = format!("`csqlstore_migrations` cannot be seen on {}.", db.nodes().join(", "));
        assert!(run.stdout.contains(&unseen), "{rights}: {}", run.stdout);
        assert!(
            run.stdout.contains(&format!("Somebody with the right to may run: {grant}")),
            "{rights}: {}",
            run.stdout
        );
        let answer = verify(&db, 2);
        assert!(differences(&answer).is_empty(), "{rights}: {answer}");
        assert_eq!(answer["verdict"], "unseen");
    }
    db.execute("n1", &grant).await;
    db.settled().await;
    verify(&db, 0);
}

async fn a_node_that_is_down_is_named_and_is_no_drift() {
    let db = added().await;
    let closed =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let dsns = format!("{} n4=mysql://{}@127.0.0.1:{}/{}", db.dsns(), db.name, closed.port(), db.name);
    let with_a_dead_one = |args: &[&str]| {
        let (line, mut command) = db.command(args);
        command.env("CSQLSTORE_NODES", &dsns);
        command::run((line, command))
    };
    let run = with_a_dead_one(&["migrate", "verify"]).exits(3);
    assert!(run.stdout.contains("    as expected\nn4    not seen: Connection refused"), "{}", run.stdout);
    let answer = with_a_dead_one(&["migrate", "verify", "--format", "json"]).exits(3).json();
    assert_eq!(verdicts(&answer), [vec!["ok"; db.nodes().len()], vec!["unseen"]].concat());
    assert_eq!((&answer["verdict"], differences(&answer).len()), (&"unseen".into(), 0));
    // Drift is worse.
    db.execute("n1", "ALTER TABLE session_cluster DROP INDEX expire_on").await;
    with_a_dead_one(&["migrate", "verify"]).exits(4);
}

async fn a_node_that_hangs_costs_verify_its_deadline_once() {
    let db = added().await;
    db.until_well().await;
    let nodes = cluster::common().sandbox().nodes();
    let pid = nodes[0].pid.and_then(|pid| Pid::from_raw(pid.cast_signed())).expect("n1 runs");
    kill_process(pid, Signal::STOP).expect("n1 is ours");
    let begin = Instant::now();
    let run = db.csqlstore(&["migrate", "verify", "--format", "json", "--timeout", "2s"]);
    let took = begin.elapsed();
    kill_process(pid, Signal::CONT).expect("n1 is ours");
    db.until_well().await;
    let answer = run.exits(3).json();
    assert_eq!(verdicts(&answer), ["unseen", "ok", "ok"], "{answer}");
    assert!(answer["nodes"][0]["reason"].as_str().is_some_and(|r| r.contains("no answer within 2s")), "{answer}");
    // The other two wait for n1 before they answer a causal read, and are then asked again without: twice the deadline.
    // Of its own, n1 has some thirteen answers to give.
    assert!((Duration::from_secs(2)..Duration::from_secs(12)).contains(&took), "{took:?}");
    verify(&db, 0);
}

async fn a_node_that_is_cut_off_is_not_called_drift() {
    let db = added().await;
    db.until_well().await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.isolate("n2", |_| ()).await.expect("n2 can be cut off");
    let run = db.csqlstore(&["migrate", "verify", "--format", "json"]);
    sandbox.heal("n2", |_| ()).await.expect("n2 is let in again");
    db.until_well().await;
    let answer = run.exits(3).json();
    assert_eq!(verdicts(&answer), ["ok", "unseen", "ok"], "{answer}");
    assert_eq!(answer["nodes"][1]["reason"], "wsrep_cluster_status is non-Primary");
    verify(&db, 0);
}
