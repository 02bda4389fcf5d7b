//! A farm whose nodes go, hang, are cut off or take no writes.

use std::time::{Duration, Instant};

use csqlstore::cluster::farm::{Deadlines, NodeState, Options, Work};
use csqlstore::cluster::{Class, Done, Error, Farm};

use crate::cases;
use crate::support::doctor::Globals;
use crate::support::farm::{Stopped, ask, blind, farm, node, only_first, patient, stats, until, until_all_well};
use crate::support::{Database, cluster};

cases! {
    Alone if Writers because "they are about work that another node takes over": [
        a_killed_node_costs_a_second_try,
        a_node_that_hangs_costs_the_deadline_of_a_statement,
        a_read_only_node_refuses_and_another_one_does_it,
        a_node_that_is_found_out_gets_no_work,
    ],
    Alone if Galera because "it cuts a node off, which only Galera has a switch for": [
        an_isolated_node_refuses_and_another_one_does_it,
    ],
    Alone: [
        when_every_node_is_banned_one_is_tried_all_the_same,
        a_farm_without_a_node_that_runs_waits_for_one,
    ],
    Alone if OnePrimary because "it is about a primary and its secondaries": [
        a_secondary_gets_no_work,
    ],
}

/// Writes a row that may be written twice.
async fn write(farm: &Farm, work: Work<'_>) -> Result<(String, Done), Error> {
    farm.run(work, async |mut c| {
        let sql = "INSERT INTO session_cluster (id, data, expire_on) VALUES (?, 'x', UTC_TIMESTAMP()) \
                   ON DUPLICATE KEY UPDATE data = 'y'";
        let done = c.execute("writing a row", sql, ("a",)).await?;
        Ok((c.node().to_owned(), done))
    })
    .await
}

/// Waits until a node that was banned is found well again.
async fn back(farm: &Farm, node: &str) {
    let found = until(farm, node, |it| it.state == NodeState::Well).await;
    assert!(found.errors > 0 && found.last_error_message.is_some(), "{found:?}");
}

async fn a_killed_node_costs_a_second_try() {
    let db = Database::migrated().await;
    let mut sandbox = cluster::common().sandbox();
    // With work that may be repeated nobody notices anything.
    let farm = farm(&db, blind());
    until_all_well(&farm).await;
    let first = node(&farm).await;
    sandbox.kill(&first, |_| ()).await.expect("it can be killed");
    let second = write(&farm, Work::safe("a")).await;
    let gone = stats(&farm, &first);
    sandbox.start(&first, |_| ()).await.expect("it comes back");
    farm.close().await;
    db.until_well().await;
    assert_ne!(second.unwrap().0, first);
    assert!(matches!(gone.state, NodeState::Banned { .. }) && gone.idle == 0 && gone.errors > 0, "{gone:?}");
    // With work that may not: the connection that waits is to a server that is gone, and what was sent over it may have been
    // done. After that it is known that nobody can connect, and so that nothing was done.
    let farm = self::farm(&db, blind());
    until_all_well(&farm).await;
    let first = node(&farm).await;
    sandbox.kill(&first, |_| ()).await.expect("it can be killed");
    let told = write(&farm, Work::once("a")).await;
    let second = write(&farm, Work::once("a")).await;
    sandbox.start(&first, |_| ()).await.expect("it comes back");
    farm.close().await;
    db.until_well().await;
    let error = told.unwrap_err();
    assert_eq!((error.class(), error.code(), error.node()), (Class::Node, None, Some(first.as_str())), "{error:?}");
    assert_ne!(second.unwrap().0, first);
}

async fn a_node_that_hangs_costs_the_deadline_of_a_statement() {
    let db = Database::migrated().await;
    let deadlines = Deadlines { statement: Duration::from_secs(1), ..blind().deadlines };
    let farm = farm(&db, Options { deadlines, probe_every: Duration::from_secs(1), ..blind() });
    until_all_well(&farm).await;
    let first = node(&farm).await;
    let stopped = Stopped::node(&first);
    let (second, _) = ask(&farm, Work::safe("a")).await.unwrap();
    assert_ne!(first, second);
    let error = stats(&farm, &first).last_error_message.unwrap();
    assert!(error.contains("no answer within"), "{error}");
    // From now on it costs nothing.
    for _ in 0..10 {
        assert_ne!(node(&farm).await, first);
    }
    drop(stopped);
    db.until_caught_up(&first).await;
    back(&farm, &first).await;
    farm.close().await;
    db.until_well().await;
}

async fn an_isolated_node_refuses_and_another_one_does_it() {
    let db = Database::migrated().await;
    let farm = farm(&db, blind());
    until_all_well(&farm).await;
    let (first, _) = write(&farm, Work::once("a")).await.unwrap();
    let mut sandbox = cluster::common().sandbox();
    sandbox.isolate(&first, |_| ()).await.expect("it can be cut off");
    // 1047 proves that nothing was done.
    let second = write(&farm, Work::once("a")).await;
    let cut_off = stats(&farm, &first);
    sandbox.heal(&first, |_| ()).await.expect("it can be healed");
    farm.close().await;
    db.until_well().await;
    assert_ne!(second.unwrap().0, first);
    assert!(cut_off.last_error_message.as_ref().is_some_and(|text| text.ends_with("(1047)")), "{cut_off:?}");
    assert_eq!(cut_off.idle, 0, "what answered with 1047 is thrown away: {cut_off:?}");
}

async fn a_read_only_node_refuses_and_another_one_does_it() {
    let db = Database::migrated().await;
    let farm = farm(&db, blind());
    until_all_well(&farm).await;
    let (first, _) = write(&farm, Work::once("a")).await.unwrap();
    let globals = Globals::set(&db, &[&first], "read_only", "ON").await;
    let (second, _) = write(&farm, Work::once("a")).await.unwrap();
    assert_ne!(first, second);
    let refused = stats(&farm, &first);
    assert!(matches!(&refused.state, NodeState::Banned { .. }), "{refused:?}");
    assert!(refused.last_error_message.as_ref().is_some_and(|text| text.contains("(1290)")), "{refused:?}");
    drop(globals);
    farm.close().await;
}

async fn a_node_that_is_found_out_gets_no_work() {
    let db = Database::migrated().await;
    let farm = farm(&db, Options { probe_every: Duration::from_millis(100), ..patient() });
    until_all_well(&farm).await;
    let (first, _) = write(&farm, Work::once("a")).await.unwrap();
    let errors = stats(&farm, &first).errors;
    let globals = Globals::set(&db, &[&first], "read_only", "ON").await;
    let found = until(&farm, &first, |it| it.state != NodeState::Well).await;
    assert!(matches!(&found.state, NodeState::Banned { reason, .. } if reason == "read_only is ON"), "{found:?}");
    let (second, _) = write(&farm, Work::once("a")).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(stats(&farm, &first).errors, errors, "nothing ran into it");
    drop(globals);
    until(&farm, &first, |it| it.state == NodeState::Well).await;
    farm.close().await;
}

async fn when_every_node_is_banned_one_is_tried_all_the_same() {
    let db = Database::migrated().await;
    let farm = farm(&db, Options { probe_every: Duration::from_millis(100), ..patient() });
    until(&farm, "n1", |it| it.state == NodeState::Well).await;
    let names = db.nodes();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let globals = Globals::set(&db, &names, "read_only", "ON").await;
    for name in &names {
        until(&farm, name, |it| matches!(it.state, NodeState::Banned { .. })).await;
    }
    // They take no writes, and answer all the same.
    ask(&farm, Work::safe("a")).await.unwrap();
    drop(globals);
    until(&farm, "n1", |it| it.state == NodeState::Well).await;
    write(&farm, Work::once("a")).await.unwrap();
    farm.close().await;
}

async fn a_farm_without_a_node_that_runs_waits_for_one() {
    let db = Database::migrated().await;
    let deadlines = Deadlines { operation: Duration::from_secs(1), ..patient().deadlines };
    let short = only_first(&db, Options { deadlines, ..patient() });
    let farm = only_first(&db, patient());
    assert_eq!(node(&farm).await, "n1");
    assert_eq!(node(&short).await, "n1");
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n1", |_| ()).await.expect("it can be killed");
    // Only the first of these may wait: after it the outage is as old as an operation may take.
    let first = ask(&short, Work::safe("a")).await;
    tokio::time::sleep(deadlines.operation).await;
    let begin = Instant::now();
    let mut later = Vec::new();
    for _ in 0..20 {
        later.push(ask(&short, Work::safe("a")).await);
    }
    let took = begin.elapsed();
    let (waited, started) = tokio::join!(ask(&farm, Work::safe("a")), sandbox.start("n1", |_| ()));
    started.expect("it comes back");
    farm.close().await;
    short.close().await;
    db.until_well().await;
    assert_eq!(first.unwrap_err().class(), Class::Node);
    for error in later.into_iter().map(Result::unwrap_err) {
        assert!(matches!(&error, Error::NoUsableNode { refusals, .. } if refusals.len() == 1), "{error}");
    }
    assert!(took < 10 * deadlines.operation, "each of them waited: {took:?}");
    assert_eq!(waited.unwrap().0, "n1");
}

async fn a_secondary_gets_no_work() {
    let db = Database::migrated().await;
    let farm = farm(&db, patient());
    for name in ["n2", "n3"] {
        let found = until(&farm, name, |it| it.state != NodeState::Unknown).await;
        let NodeState::Banned { reason, .. } = found.state else { panic!("{found:?}") };
        assert_eq!(reason, "super_read_only is ON, for MEMBER_ROLE is SECONDARY");
    }
    assert_eq!(write(&farm, Work::once("a")).await.unwrap().0, "n1");
    farm.close().await;
}
