//! Which node of a real cluster gets the work.

use std::collections::BTreeSet;
use std::time::Duration;

use csqlstore::cluster::farm::{APART, HOLD_OFF, NodeState, Options, Policy, Work};

use crate::cases;
use crate::support::Database;
use crate::support::database::PATIENCE;
use crate::support::doctor::Globals;
use crate::support::farm::{
    Stopped, aborted, ask, blind, by, farm, node, nodes, none_was_aborted, of, stats, until, until_all_well,
    until_disconnected,
};
use crate::support::relay::Relay;

cases! {
    Beside: [
        nearest_is_the_one_that_answers_soonest_and_moves_with_it,
    ],
    Beside if Writers because "they are about several nodes that take work": [
        affinity_is_one_node_for_one_session_in_every_process,
    ],
    Alone if Writers because "they are about several nodes that take work": [
        ordered_fails_back_after_the_hold_off,
    ],
    Alone if Galera because "its log tells whose connections were broken off": [
        a_race_leaves_no_aborted_client,
        a_race_does_not_wait_for_a_node_that_hangs,
    ],
}

async fn nearest_is_the_one_that_answers_soonest_and_moves_with_it() {
    const FAR: Duration = Duration::from_millis(50);
    let db = Database::empty().await;
    let first = nodes(&db.dsns()).remove(0);
    let relays = [Relay::before(&first), Relay::before(&first)];
    relays[0].delay(FAR);
    let each = ["far", "near"].iter().zip(&relays).map(|(name, relay)| relay.node(name, &first)).collect();
    let farm = of(each, Options { probe_every: Duration::from_millis(100), ..by(Policy::Nearest) });
    until_all_well(&farm).await;
    assert!(stats(&farm, "far").latency.is_some_and(|latency| latency >= FAR), "{:?}", stats(&farm, "far"));
    for turn in 0..30 {
        assert_eq!(node(&farm).await, "near", "turn {turn}: {:?}", farm.stats());
    }
    // They change places; the smoothed latency follows.
    relays[0].delay(Duration::ZERO);
    relays[1].delay(4 * FAR);
    let begin = std::time::Instant::now();
    while node(&farm).await != "far" {
        assert!(begin.elapsed() < PATIENCE, "{:?}", farm.stats());
    }
    for turn in 0..10 {
        assert_eq!(node(&farm).await, "far", "turn {turn}: {:?}", farm.stats());
    }
    farm.close().await;
}

async fn affinity_is_one_node_for_one_session_in_every_process() {
    let db = Database::empty().await;
    let backwards: Vec<_> = nodes(&db.dsns()).into_iter().rev().collect();
    let (one, other) = (farm(&db, by(Policy::Affinity)), of(backwards, by(Policy::Affinity)));
    until_all_well(&one).await;
    until_all_well(&other).await;
    let mut seen = BTreeSet::new();
    for n in 0..30 {
        let id = format!("2026-11-22T01:02:03Z{n:05}");
        let (first, second) =
            (ask(&one, Work::safe(&id)).await.unwrap().0, ask(&other, Work::once(&id)).await.unwrap().0);
        assert_eq!(first, second, "{id}");
        seen.insert(first);
    }
    assert_eq!(seen.len(), db.nodes().len(), "{seen:?}");
    one.close().await;
    other.close().await;
}

async fn ordered_fails_back_after_the_hold_off() {
    let db = Database::migrated().await;
    let order = |hold_off| {
        let mut all = nodes(&db.dsns());
        all.rotate_left(1);
        of(all, Options { probe_every: Duration::from_millis(100), ..by(Policy::Ordered { hold_off }) })
    };
    let (patient, hasty) = (order(100 * HOLD_OFF), order(Duration::ZERO));
    for farm in [&patient, &hasty] {
        until_all_well(farm).await;
        assert_eq!(node(farm).await, "n2", "the first of them");
    }
    let globals = Globals::set(&db, &["n2"], "read_only", "ON").await;
    for farm in [&patient, &hasty] {
        let out = until(farm, "n2", |it| it.state != NodeState::Well).await;
        assert!(matches!(&out.state, NodeState::Banned { reason, .. } if reason == "read_only is ON"), "{out:?}");
        assert_eq!(node(farm).await, "n3", "the next");
    }
    drop(globals);
    for farm in [&patient, &hasty] {
        until(farm, "n2", |it| it.state == NodeState::Well).await;
    }
    assert_eq!((node(&patient).await, node(&hasty).await), ("n3".to_owned(), "n2".to_owned()));
    patient.close().await;
    hasty.close().await;
}

async fn a_race_leaves_no_aborted_client() {
    const TURNS: u64 = 10;
    let db = Database::empty().await;
    let names = db.nodes();
    let before: Vec<usize> = names.iter().map(|node| aborted(&db, node)).collect();
    // One that all take part in at once, and one in which the others have to wait for longer than anything takes.
    for (apart, each) in [(Duration::ZERO, names.len() as u64), (Duration::from_secs(60), 1)] {
        let farm = farm(&db, Options { idle: Duration::ZERO, ..by(Policy::Race { apart }) });
        until_all_well(&farm).await;
        for _ in 0..TURNS {
            ask(&farm, Work::once("x")).await.unwrap();
        }
        // What comes too late comes to its end.
        let begin = std::time::Instant::now();
        let count = || farm.stats().iter().map(|it| it.connections).sum::<u64>();
        while count() < TURNS * each || farm.stats().iter().any(|it| it.open > 0) {
            assert!(begin.elapsed() < PATIENCE, "{:?}", farm.stats());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(count(), TURNS * each, "{apart:?}");
        farm.close().await;
        until_disconnected(&db).await;
    }
    none_was_aborted(&db, &before).await;
    // Who waits for use is used before anybody races.
    let farm = farm(&db, by(Policy::named("race").unwrap()));
    let first = ask(&farm, Work::once("x")).await.unwrap();
    assert_eq!(ask(&farm, Work::once("x")).await.unwrap(), first);
    farm.close().await;
}

async fn a_race_does_not_wait_for_a_node_that_hangs() {
    let db = Database::empty().await;
    let before: Vec<usize> = db.nodes().iter().map(|node| aborted(&db, node)).collect();
    for apart in [Duration::ZERO, APART] {
        let farm = farm(&db, Options { idle: Duration::ZERO, policy: Policy::Race { apart }, ..blind() });
        until_all_well(&farm).await;
        let stopped = Stopped::node("n2");
        let (taken, _) = ask(&farm, Work::once("x")).await.unwrap();
        drop(stopped);
        assert_ne!(taken, "n2");
        if apart.is_zero() {
            // It took part, and is there when it is too late.
            until(&farm, "n2", |it| it.connections == 1 && it.open == 0).await;
        }
        assert_eq!(stats(&farm, "n2").errors, 0, "it was not waited for");
        farm.close().await;
        until_disconnected(&db).await;
        db.until_caught_up("n2").await;
    }
    none_was_aborted(&db, &before).await;
}
