//! The connections that a farm keeps: those in use, those that wait for use, and those that are opened.

use std::time::Duration;

use csqlstore::cluster::farm::{Deadlines, NodeState, Options, Policy, Work};
use csqlstore::cluster::{Error, Node};

use crate::cases;
use crate::support::Database;
use crate::support::database::PATIENCE;
use crate::support::farm::{
    ask, blind, by, connected, farm, node, nodes, of, only_first, patient, stats, until, until_all_well,
    until_disconnected,
};
use crate::support::relay::Relay;

cases! {
    Beside: [
        there_are_no_more_connections_than_allowed,
        a_node_whose_connections_are_in_use_is_passed_over,
        the_operations_time_is_kept_while_a_connection_is_opened,
        what_was_answered_during_a_ban_is_kept,
    ],
    Beside if Writers because "several nodes are connected to": [
        closing_waits_for_all_nodes_at_once,
    ],
}

async fn there_are_no_more_connections_than_allowed() {
    let db = Database::empty().await;
    let farm = only_first(&db, Options { connections: 2, ..patient() });
    until_all_well(&farm).await;
    let each = (0..10).map(|_| {
        farm.run(Work::safe("x"), async |mut c| -> Result<_, Error> {
            let slept: Option<i64> = c.first("sleeping", "SELECT SLEEP(0.05)", ()).await?;
            Ok(slept)
        })
    });
    let all = futures_util::future::join_all(each).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    let stats = stats(&farm, "n1");
    assert_eq!((stats.connections, stats.open, stats.idle), (2, 2, 2), "{stats:?}");
    // Who waits for a place that does not get free is told so.
    let deadlines = Deadlines { operation: Duration::from_secs(2), ..Deadlines::default() };
    let tight = Options { connections: 1, deadlines, ..Options::default() };
    let tight = only_first(&db, tight);
    until_all_well(&tight).await;
    let held = tight.run(Work::safe("x"), async |c| -> Result<_, Error> {
        let error = ask(&tight, Work::safe("y")).await.unwrap_err();
        drop(c);
        Ok(error)
    });
    // The outer one is over at the same moment, and may be told so first.
    match held.await {
        Ok(error) | Err(error) => assert!(matches!(error, Error::Deadline { .. }), "{error}"),
    }
    farm.close().await;
}

async fn a_node_whose_connections_are_in_use_is_passed_over() {
    let db = Database::empty().await;
    let first = nodes(&db.dsns()).remove(0);
    let both = ["a", "b"].map(|name| Node::new(name, first.dsn().clone()));
    let farm = of(both.to_vec(), Options { connections: 1, ..patient() });
    until_all_well(&farm).await;
    let on_a = farm.run(Work::safe("x"), async |a| -> Result<_, Error> {
        assert_eq!(a.node(), "a");
        let on_b = farm.run(Work::safe("x"), async |b| -> Result<_, Error> {
            assert_eq!(b.node(), "b", "one of the others has a connection to spare");
            let others = farm.clone();
            let third = tokio::spawn(async move { node(&others).await });
            tokio::task::yield_now().await;
            // Whichever is free first, be it the policy's choice or not.
            drop(b);
            Ok(third)
        });
        let third = on_b.await?.await.expect("it ends");
        drop(a);
        Ok(third)
    });
    assert_eq!(on_a.await.unwrap(), "b");
    farm.close().await;
}

async fn the_operations_time_is_kept_while_a_connection_is_opened() {
    let db = Database::empty().await;
    let first = nodes(&db.dsns()).remove(0);
    let relay = Relay::before(&first);
    let deadlines = Deadlines { connect: PATIENCE, statement: PATIENCE, operation: PATIENCE / 10 };
    let farm = of(vec![relay.node("n1", &first)], Options { idle: Duration::ZERO, deadlines, ..blind() });
    assert_eq!(node(&farm).await, "n1");
    relay.be_mute();
    let begin = std::time::Instant::now();
    let error = ask(&farm, Work::safe("x")).await.unwrap_err();
    assert!(begin.elapsed() < PATIENCE / 2, "{:?}", begin.elapsed());
    assert!(error.to_string().contains("no connection within"), "{error}");
}

async fn what_was_answered_during_a_ban_is_kept() {
    let db = Database::empty().await;
    let farm = only_first(&db, blind());
    let late = || Error::Deadline {
        node: "n1".to_owned(),
        doing: "a test's statement",
        after: Duration::ZERO,
        place: csqlstore::Place::here(),
    };
    let begin = std::time::Instant::now();
    // Bans grow; in a long one there is time for what follows.
    loop {
        let failed = farm.run(Work::once("x"), async |_| -> Result<(), Error> { Err(late()) });
        failed.await.unwrap_err();
        match stats(&farm, "n1").state {
            NodeState::Banned { left, .. } if left > Duration::from_secs(3) => break,
            _ => until(&farm, "n1", |it| !matches!(it.state, NodeState::Banned { left, .. } if !left.is_zero())).await,
        };
        assert!(begin.elapsed() < PATIENCE, "{:?}", stats(&farm, "n1"));
    }
    let failed = farm.run(Work::once("x"), async |_| -> Result<(), Error> {
        ask(&farm, Work::safe("x")).await?;
        assert_eq!(stats(&farm, "n1").idle, 1);
        Err(late())
    });
    failed.await.unwrap_err();
    let after = stats(&farm, "n1");
    assert!(matches!(after.state, NodeState::Banned { left, .. } if !left.is_zero()), "{after:?}");
    assert_eq!(after.idle, 1, "it was answered on since the ban began: {after:?}");
    farm.close().await;
}

async fn closing_waits_for_all_nodes_at_once() {
    let db = Database::empty().await;
    let farm = farm(&db, by(Policy::Affinity));
    until_all_well(&farm).await;
    // Each has an idle connection; the first of them is in use for long.
    let mut on_first = String::new();
    for id in (0..100).map(|n: u32| n.to_string()) {
        if ask(&farm, Work::safe(&id)).await.unwrap().0 == "n1" {
            on_first = id;
        }
    }
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    let (holds, held) = tokio::sync::oneshot::channel::<String>();
    let holding = farm.clone();
    let holding = tokio::spawn(async move {
        let mut both = Some((holds, released));
        let work = holding.run(Work::once(&on_first), |lent| {
            let both = both.take();
            async move {
                if let Some((holds, released)) = both {
                    holds.send(lent.node().to_owned()).unwrap();
                    released.await.unwrap();
                }
                drop(lent);
                Ok::<(), Error>(())
            }
        });
        work.await
    });
    assert_eq!(held.await.unwrap(), "n1");
    let closing = farm.clone();
    let closing = tokio::spawn(async move { closing.close().await });
    let begin = std::time::Instant::now();
    for other in ["n2", "n3"] {
        while connected(&db, other).await > 0 {
            assert!(begin.elapsed() < PATIENCE / 2, "`{other}` has to wait for n1");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    assert!(!closing.is_finished(), "n1 is in use");
    release.send(()).unwrap();
    holding.await.unwrap().unwrap();
    closing.await.unwrap();
    until_disconnected(&db).await;
}
