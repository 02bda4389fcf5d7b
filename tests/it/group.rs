//! What is different where the servers are members of a group: who takes writes, what a majority is, and what an
//! account has to be able to see.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::cases;
use crate::migrate::library;
use crate::support::Database;
use crate::support::cluster;
use crate::support::database::PATIENCE;
use crate::support::engine::engine;

cases! {
    Beside if Group because "they are about Group Replication": [
        a_table_without_a_key_is_mended_before_anything_can_be_deleted,
        duplicate_ids_are_resolved_once_the_table_has_a_key_of_any_kind,
    ],
    Beside if OnePrimary because "they are about a primary and its secondaries": [
        a_secondary_is_well_and_takes_no_writes,
    ],
    Alone if Group because "they are about Group Replication": [
        an_account_that_cannot_see_the_group_is_told_the_grant,
        a_member_that_has_left_is_unusable_though_it_takes_writes,
        without_a_majority_no_member_is_usable,
        a_look_waits_for_what_the_others_have_committed,
        a_member_that_has_left_is_let_in_again,
    ],
    Alone if OnePrimary because "they are about a primary and its secondaries": [
        a_secondary_takes_over_from_a_primary_that_was_killed,
    ],
}

fn status(db: &Database) -> Value {
    let run = db.csqlstore(&["node", "status", "--format", "json"]);
    assert!(matches!(run.code, Some(0 | 1)), "{run:?}");
    run.json()
}

fn each(answer: &Value, field: &str) -> Vec<Value> {
    answer["nodes"].as_array().expect("nodes are a list").iter().map(|node| node[field].clone()).collect()
}

/// Waits until `node status` is as wanted.
async fn until(db: &Database, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let answer = status(db);
        if holds(&answer) {
            return answer;
        }
        assert!(begun.elapsed() < 2 * PATIENCE, "never {what}: {answer}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn until_well(db: &Database) {
    until(db, "well", |answer| answer["verdict"] == "ok" && answer["size"] == 3).await;
}

async fn a_table_without_a_key_is_mended_before_anything_can_be_deleted() {
    let db = Database::documented().await;
    db.rows("expired", 3, -86_400).await;
    let run = db.csqlstore(&["purge", "--yes"]).exits(4);
    assert!(run.stderr.contains("with Group Replication, deletes no row of such a table"), "{}", run.stderr);
    assert!(run.stderr.contains("hint: `csqlstore migrate up`"), "{}", run.stderr);
    let run = db.csqlstore(&["purge", "--yes", "--without-key", "--no-lease"]).exits(4);
    assert!(run.stderr.contains("with Group Replication, deletes no row of such a table"), "{}", run.stderr);
    let run = db.csqlstore(&["event", "install", "--yes"]).exits(4);
    assert!(run.stderr.contains("Group Replication deletes no row of a table without a key"), "{}", run.stderr);
    db.csqlstore(&["migrate", "up"]).success();
    let answer = db.csqlstore(&["purge", "--yes", "--format", "json"]).success().json();
    assert_eq!(answer["deleted"], 3, "{answer}");
    for node in db.nodes() {
        assert_eq!(db.ids(&node).await, [] as [&str; 0], "{node}");
    }
}

async fn duplicate_ids_are_resolved_once_the_table_has_a_key_of_any_kind() {
    let db = Database::documented().await;
    for data in ["old", "new"] {
        db.row("twice", data, 3600).await;
    }
    let run = db.csqlstore(&["migrate", "up", "--dedupe", "newest"]).exits(4);
    assert!(run.stderr.contains("(3098)") && run.stderr.contains("ADD my_row_id BIGINT UNSIGNED"), "{}", run.stderr);
    assert_eq!(db.ids("n1").await, ["twice", "twice"]);
    // What the hint says.
    let key =
        "ALTER TABLE session_cluster ADD my_row_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT INVISIBLE PRIMARY KEY FIRST";
    db.execute("n1", key).await;
    db.csqlstore(&["migrate", "up", "--dedupe", "newest"]).success();
    for node in db.nodes() {
        assert_eq!(db.ids(&node).await, ["twice"], "{node}");
    }
    let run = db.csqlstore(&["migrate", "plan"]).success();
    assert!(run.stdout.starts_with("Nothing to do"), "{}", run.stdout);
}

async fn a_secondary_is_well_and_takes_no_writes() {
    let db = Database::migrated().await;
    let answer = status(&db);
    assert_eq!((&answer["kind"], &answer["verdict"]), (&"group-replication".into(), &"ok".into()), "{answer}");
    assert_eq!(each(&answer, "verdict"), ["ok", "ok", "ok"], "{answer}");
    assert_eq!(each(&answer, "usable"), [true, false, false], "{answer}");
    assert_eq!(each(&answer, "state"), ["PRIMARY", "SECONDARY", "SECONDARY"], "{answer}");
    let (line, mut command) = db.command(&["purge", "--yes", "--on", "second"]);
    let second = db.dsns().split(' ').nth(1).and_then(|entry| entry.split_once('=')).expect("NAME=DSN").1.to_owned();
    command.env("CSQLSTORE_NODES", format!("second={second}"));
    let run = crate::support::command::run((line, command)).exits(3);
    assert!(run.stderr.contains("second: super_read_only is ON, for MEMBER_ROLE is SECONDARY"), "{}", run.stderr);
}

async fn an_account_that_cannot_see_the_group_is_told_the_grant() {
    let db = Database::migrated().await;
    until_well(&db).await;
    for node in db.nodes() {
        db.execute(&node, "SET GLOBAL mandatory_roles=''").await;
    }
    let seen = db.csqlstore(&["node", "status", "--format", "json"]);
    let refused = db.csqlstore(&["purge", "--dry-run"]);
    let grant = format!("GRANT SELECT ON performance_schema.replication_group_members TO '{}'@'%'", db.name);
    db.execute("n1", &grant).await;
    let granted = db.csqlstore(&["purge", "--dry-run"]);
    for node in db.nodes() {
        db.execute(&node, "SET GLOBAL mandatory_roles='watcher'").await;
    }
    let answer = seen.exits(1).json();
    assert_eq!(each(&answer, "verdict"), ["unusable"; 3], "{answer}");
    let reason = answer["nodes"][0]["reason"].as_str().expect("a reason");
    assert!(reason.contains("cannot see") && reason.ends_with(&grant), "{reason}");
    let refused = refused.exits(2);
    assert!(refused.stderr.contains(&grant), "{}", refused.stderr);
    granted.success();
}

async fn a_member_that_has_left_is_unusable_though_it_takes_writes() {
    let db = Database::migrated().await;
    until_well(&db).await;
    db.execute("n3", "STOP GROUP_REPLICATION").await;
    db.execute("n3", "SET GLOBAL super_read_only=OFF").await;
    db.execute("n3", "SET GLOBAL read_only=OFF").await;
    let answer = status(&db);
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n3", |_| ()).await.expect("n3 can be killed");
    sandbox.start("n3", |_| ()).await.expect("n3 comes back");
    until_well(&db).await;
    let left = &answer["nodes"][2];
    assert_eq!((&left["verdict"], &left["usable"]), (&"unusable".into(), &false.into()), "{answer}");
    assert_eq!((&left["reason"], &left["state"]), (&"MEMBER_STATE is OFFLINE".into(), &"OFFLINE".into()), "{answer}");
    assert_eq!((&answer["verdict"], &answer["size"]), (&"warning".into(), &2.into()), "{answer}");
}

async fn without_a_majority_no_member_is_usable() {
    let db = Database::migrated().await;
    until_well(&db).await;
    db.row("expired", "x", -86_400).await;
    let mut sandbox = cluster::common().sandbox();
    for node in ["n2", "n3"] {
        sandbox.kill(node, |_| ()).await.expect("it can be killed");
    }
    // The member that is left does not know yet, and would let this wait for ever.
    let mut writer = library(&db).node("n1").expect("a node").connect(PATIENCE).await.expect("it is there");
    let sql = "UPDATE session_cluster SET data='y' WHERE id='expired'";
    let written = writer.execute_unhurried("writing without a majority", sql, ());
    let written = tokio::time::timeout(2 * PATIENCE, written).await.expect("somebody looks after a while");
    let answer = until(&db, "noticed", |answer| answer["nodes"][0]["verdict"] == "unusable").await;
    let begun = Instant::now();
    let purge = db.csqlstore(&["purge", "--yes"]);
    let migrate = db.csqlstore(&["migrate", "status"]);
    let took = begun.elapsed();
    sandbox.start_all(|_| ()).await.expect("they come back");
    until_well(&db).await;
    assert_eq!((&answer["verdict"], &answer["size"]), (&"critical".into(), &0.into()), "{answer}");
    let reason = answer["nodes"][0]["reason"].as_str().expect("a reason");
    assert!(reason.contains("reaches 1 of the 3 members of its group"), "{reason}");
    for run in [purge.exits(3), migrate.exits(3)] {
        assert!(run.stderr.contains("n1: it reaches 1 of the 3 members"), "{}", run.stderr);
    }
    assert!(took < PATIENCE, "nothing waits for a majority: {took:?}");
    let written = written.expect_err("nobody can say that it holds");
    assert!(written.reason().contains("reaches 1 of the 3 members of its group"), "{written:?}");
    db.csqlstore(&["purge", "--yes"]).success();
    assert_eq!(db.ids("n1").await, [] as [&str; 0]);
}

async fn a_look_waits_for_what_the_others_have_committed() {
    let db = Database::migrated().await;
    until_well(&db).await;
    let mut root = db.connect("n3").await;
    root.execute("holding the table", "LOCK TABLES session_cluster READ", ()).await.expect("root may do that");
    db.row("new", "x", 3600).await;
    let farm = library(&db);
    let node = farm.node("n3").expect("a node");
    let held_up = node.connect_current(Duration::from_secs(1)).await.expect("it answers");
    root.close().await;
    assert!(held_up.stale.is_some(), "it cannot have what is held up");
    held_up.connection.close().await;
    let mut current = node.connect_current(PATIENCE).await.expect("it answers");
    let ids: Vec<String> =
        current.connection.rows("reading the ids", "SELECT id FROM session_cluster", ()).await.expect("ids");
    current.connection.close().await;
    assert_eq!((current.stale, ids), (None, vec!["new".to_owned()]));
}

async fn a_member_that_has_left_is_let_in_again() {
    let db = Database::migrated().await;
    until_well(&db).await;
    db.execute("n3", "STOP GROUP_REPLICATION").await;
    db.row("new", "x", 3600).await;
    cluster::common().sandbox().start_all(|_| ()).await.expect("it joins the others");
    let answer = status(&db);
    assert_eq!((&answer["verdict"], &answer["size"]), (&"ok".into(), &3.into()), "{answer}");
    assert_eq!(db.ids("n3").await, ["new"]);
}

async fn a_secondary_takes_over_from_a_primary_that_was_killed() {
    let db = Database::migrated().await;
    until_well(&db).await;
    db.row("expired", "x", -86_400).await;
    assert_eq!(engine().writable("n2"), "n1", "n1 is the primary that this is about");
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n1", |_| ()).await.expect("n1 can be killed");
    let answer = until(&db, "taken over", |answer| each(answer, "usable").contains(&true.into())).await;
    let purged = db.csqlstore(&["purge", "--yes", "--format", "json"]);
    sandbox.start("n1", |_| ()).await.expect("n1 comes back");
    until_well(&db).await;
    assert_eq!(answer["verdict"], "warning", "{answer}");
    let purged = purged.success().json();
    assert_eq!(purged["deleted"], 1, "{purged}");
    assert_ne!(purged["node"], "n1", "{purged}");
    assert_eq!(db.ids("n1").await, [] as [&str; 0], "the one that comes back learns of it");
}
