//! One handle, many nodes: its connections and its counters.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use csqlstore::cluster::farm::{Deadlines, NodeState, Options, Repeat, Work};
use csqlstore::cluster::{Class, Error, Farm};

use crate::cases;
use crate::support::Database;
use crate::support::farm::{
    aborted, ask, blind, connected, farm, node, nodes, none_was_aborted, of, only_first, patient, stats, until,
    until_all_well, until_disconnected,
};

cases! {
    Beside: [
        a_statement_is_one_round_trip_and_prepared_once,
        nodes_come_and_go,
        what_changed_a_session_is_not_used_again,
        what_is_dropped_in_the_middle_is_not_used_again,
        an_error_of_the_work_goes_back_at_once,
        a_conflict_is_done_again,
        a_deadline_of_a_statement_and_one_of_all,
        a_farm_may_be_made_before_there_is_a_runtime,
        idle_connections_are_closed,
        accounts_that_are_refused_are_no_outage,
        nothing_shows_a_password,
    ],
    Alone if Galera because "its log tells whose connections were broken off": [
        a_node_goes_while_it_is_in_use,
        closing_leaves_no_connection_and_breaks_none_off,
    ],
}

/// What the server counted for one connection: statements, and what became of prepared ones.
async fn counted(farm: &Farm) -> Vec<(String, u64)> {
    const NAMES: [&str; 5] =
        ["questions", "com_stmt_prepare", "com_stmt_execute", "com_set_option", "com_stmt_reprepare"];
    let all: Vec<(String, String)> = farm
        .run(Work::safe("x"), async |mut c| -> Result<_, Error> {
            c.rows("asking what was counted", "SHOW SESSION STATUS", ()).await
        })
        .await
        .unwrap();
    let all = all.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
    let mut of_interest: Vec<(String, u64)> = all
        .filter(|(name, _)| NAMES.contains(&name.as_str()))
        .map(|(name, value)| (name, value.parse().unwrap()))
        .collect();
    of_interest.sort();
    of_interest
}

async fn a_statement_is_one_round_trip_and_prepared_once() {
    let db = Database::migrated().await;
    let farm = only_first(&db, patient());
    let mut connections = Vec::new();
    let mut before = Vec::new();
    for turn in 0..21 {
        let work = farm.run(Work::safe("x"), async |mut c| -> Result<_, Error> {
            let found: Option<u64> =
                c.first("reading a row", "SELECT LENGTH(data) FROM session_cluster WHERE id = ?", ("a",)).await?;
            Ok((found, c.id()))
        });
        connections.push(work.await.unwrap().1);
        if turn == 0 {
            before = counted(&farm).await;
        }
    }
    let after = counted(&farm).await;
    connections.dedup();
    assert_eq!(connections.len(), 1, "one connection does for all");
    let more = |name: &str| {
        let of = |all: &[(String, u64)]| all.iter().find(|it| it.0 == name).unwrap_or_else(|| panic!("{name}")).1;
        of(&after) - of(&before)
    };
    assert_eq!(more("com_stmt_execute"), 20);
    assert_eq!(more("com_stmt_prepare"), 0, "it was prepared before: {before:?} {after:?}");
    assert_eq!(more("com_set_option"), 0, "its session is set up once");
    // Twenty, and the second of the two questions for these numbers.
    assert_eq!(more("questions"), 21, "{before:?} {after:?}");
    let used = farm.stats().into_iter().find(|it| it.connections > 0).unwrap();
    assert_eq!((used.connections, used.open, used.idle, used.errors), (1, 1, 1, 0), "{used:?}");
    assert!(used.last_success.is_some() && used.latency.is_some() && used.server.is_some(), "{used:?}");
    farm.close().await;
}

async fn nodes_come_and_go() {
    let db = Database::empty().await;
    let all = nodes(&db.dsns());
    let farm = Farm::new("sessions", patient());
    let error = ask(&farm, Work::safe("x")).await.unwrap_err();
    assert_eq!(error.to_string(), "no node of `sessions` is usable: it has none");
    for node in all.iter().rev() {
        farm.add_node(node.clone()).unwrap();
    }
    assert_eq!(farm.nodes(), db.nodes(), "sorted");
    assert_eq!(farm.stats().iter().map(|it| it.name.clone()).collect::<Vec<_>>(), db.nodes());
    let error = farm.add_node(all[0].clone()).unwrap_err();
    assert!(matches!(&error, Error::NodeTaken { name, .. } if name == "n1"), "{error}");
    let error = farm.del_node("n9").unwrap_err();
    assert_eq!(error.to_string(), format!("there is no node `n9` in `sessions`; there are {}", db.nodes().join(", ")));
    assert_eq!(farm.clone().nodes().len(), all.len(), "a clone is the same farm");
    for name in farm.nodes() {
        farm.del_node(&name).unwrap();
    }
    assert!(farm.nodes().is_empty());
    farm.add_node(all[0].clone()).unwrap();
    assert_eq!(node(&farm).await, "n1");
    farm.close().await;
    let error = ask(&farm, Work::safe("x")).await.unwrap_err();
    assert!(matches!(error, Error::Closed { .. }), "{error}");
    assert!(matches!(farm.add_node(all[0].clone()), Err(Error::Closed { .. })));
    until_disconnected(&db).await;
}

async fn what_changed_a_session_is_not_used_again() {
    let db = Database::migrated().await;
    let farm = only_first(&db, patient());
    let mut ids = Vec::new();
    for sql in ["START TRANSACTION", "SET autocommit=0", "SELECT 1", "SELECT 2"] {
        let id = farm.run(Work::safe("x"), async |mut c| -> Result<_, Error> {
            c.execute("a test's statement", sql, ()).await?;
            if sql == "SELECT 1" {
                c.retire();
            }
            Ok(c.id())
        });
        ids.push(id.await.unwrap());
    }
    // The same where the work fails in the middle of its transaction.
    for sql in ["SELECT no_such_column FROM session_cluster", "SELECT 1"] {
        let id = AtomicU32::new(0);
        let done = farm.run(Work::safe("x"), async |mut c| -> Result<(), Error> {
            id.store(c.id(), Ordering::Relaxed);
            c.execute("beginning", "START TRANSACTION", ()).await?;
            c.execute("a test's statement", sql, ()).await?;
            c.execute("ending", "COMMIT", ()).await.map(|_| ())
        });
        assert_eq!(done.await.is_ok(), sql == "SELECT 1");
        ids.push(id.into_inner());
    }
    let last = ask(&farm, Work::safe("x")).await.unwrap().1;
    let [begun, changed, retired, plain, failed, committed] = ids[..] else { panic!("{ids:?}") };
    assert!(begun != changed && changed != retired && retired != plain, "{ids:?}");
    assert_eq!(plain, failed, "{ids:?}");
    assert_ne!(failed, committed, "{ids:?}");
    assert_eq!(committed, last, "what was committed is over");
    farm.close().await;
}

async fn what_is_dropped_in_the_middle_is_not_used_again() {
    let db = Database::empty().await;
    let farm = only_first(&db, patient());
    let (node, first) = ask(&farm, Work::safe("x")).await.unwrap();
    let long = farm.run(Work::safe("x"), async |mut c| -> Result<Option<i64>, Error> {
        c.first("sleeping", "SELECT SLEEP(1)", ()).await
    });
    assert!(tokio::time::timeout(Duration::from_millis(50), long).await.is_err(), "it was to be dropped");
    let (again, second) = ask(&farm, Work::safe("x")).await.unwrap();
    assert_eq!(node, again, "the node is not held to account for that");
    assert_ne!(first, second, "an answer may still come");
    assert_eq!(stats(&farm, &node).errors, 0);
    // What was dropped is closed once its answer is there, and its place is free again.
    until(&farm, &node, |it| it.open == 1).await;
    farm.close().await;
}

async fn an_error_of_the_work_goes_back_at_once() {
    let db = Database::migrated().await;
    db.row("taken", "data", 60).await;
    db.settled().await;
    let farm = only_first(&db, patient());
    for (sql, code) in [
        ("INSERT INTO session_cluster (id, data, expire_on) VALUES ('taken', '', UTC_TIMESTAMP())", 1062),
        ("SELECT no_such_column FROM session_cluster", 1054),
        ("SELECT 1 FROM no_such_table", 1146),
        ("SELECT", 1064),
    ] {
        let times = AtomicU32::new(0);
        let done = farm.run(Work::safe("taken"), async |mut c| -> Result<_, Error> {
            times.fetch_add(1, Ordering::Relaxed);
            c.execute("a test's statement", sql, ()).await
        });
        let error = done.await.unwrap_err();
        assert_eq!((error.code(), times.into_inner()), (Some(code), 1), "{sql}: {error:?}");
    }
    let stats = farm.stats();
    assert!(stats.iter().all(|it| it.state == NodeState::Well || it.connections == 0), "{stats:?}");
    assert_eq!(stats.iter().map(|it| (it.connections, it.errors)).max(), Some((1, 0)), "{stats:?}");
    farm.close().await;
}

async fn a_conflict_is_done_again() {
    let db = Database::migrated().await;
    db.row("a", "data", 60).await;
    db.settled().await;
    let farm = only_first(&db, patient());
    let node = node(&farm).await;
    // Somebody holds the row until the first attempt has failed.
    let mut rival = db.connect(&node).await;
    rival.execute("beginning", "START TRANSACTION", ()).await.unwrap();
    rival.execute("holding the row", "UPDATE session_cluster SET data = 'theirs' WHERE id = 'a'", ()).await.unwrap();
    let rival = tokio::sync::Mutex::new(Some(rival));
    for (work, expected) in [(Work::once("a"), 2), (Work::once("a"), 1)] {
        let times = AtomicU32::new(0);
        let done = farm.run(work, async |mut c| -> Result<Option<String>, Error> {
            if times.fetch_add(1, Ordering::Relaxed) == 1
                && let Some(mut rival) = rival.lock().await.take()
            {
                rival.execute("ending", "COMMIT", ()).await?;
            }
            c.first("taking the row", "SELECT data FROM session_cluster WHERE id = 'a' FOR UPDATE NOWAIT", ()).await
        });
        assert_eq!(done.await.unwrap().as_deref(), Some("theirs"));
        assert_eq!(times.into_inner(), expected);
    }
    assert_eq!((stats(&farm, &node).errors, stats(&farm, &node).connections), (0, 1), "no trouble of the node");
    farm.close().await;
}

async fn a_deadline_of_a_statement_and_one_of_all() {
    let db = Database::empty().await;
    let deadlines = Deadlines { statement: Duration::from_millis(500), ..patient().deadlines };
    let quick = farm(&db, Options { deadlines, ..patient() });
    let slow = async |farm: &Farm, work: Work<'_>| {
        let times = AtomicU32::new(0);
        let done = farm.run(work, async |mut c| -> Result<Option<i64>, Error> {
            times.fetch_add(1, Ordering::Relaxed);
            c.first("sleeping", "SELECT SLEEP(5)", ()).await
        });
        (done.await, times.into_inner())
    };
    let (done, times) = slow(&quick, Work::once("x")).await;
    let error = done.unwrap_err();
    assert!(matches!(&error, Error::Deadline { doing: "sleeping", .. }), "{error:?}");
    assert_eq!((error.class(), times), (Class::Node, 1), "it may be done already");
    let deadlines = Deadlines { operation: Duration::from_millis(1200), ..deadlines };
    let short = farm(&db, Options { deadlines, ..patient() });
    let (done, times) = slow(&short, Work::safe("x")).await;
    assert!(matches!(done, Err(Error::Deadline { .. })), "{done:?}");
    assert!(times >= 2 || db.nodes().len() == 1, "{times}");
    quick.close().await;
    short.close().await;
}

async fn a_farm_may_be_made_before_there_is_a_runtime() {
    let db = Database::empty().await;
    let dsns = db.dsns();
    let made = std::thread::spawn(move || of(nodes(&dsns), patient())).join().unwrap();
    assert!(made.stats().iter().all(|it| it.state == NodeState::Unknown));
    let dropped = made.clone();
    assert!(db.nodes().contains(&node(&made).await));
    // The last handle may go where there is none, too.
    drop(made);
    std::thread::spawn(move || drop(dropped)).join().unwrap();
    until_disconnected(&db).await;
}

async fn idle_connections_are_closed() {
    let db = Database::empty().await;
    let options = Options { idle: Duration::from_millis(200), probe_every: Duration::from_millis(200), ..patient() };
    let farm = only_first(&db, options);
    let (node, first) = ask(&farm, Work::safe("x")).await.unwrap();
    until(&farm, &node, |it| it.open == 0).await;
    assert_ne!(ask(&farm, Work::safe("x")).await.unwrap().1, first);
    farm.close().await;
    let none = only_first(&db, Options { idle: Duration::ZERO, ..patient() });
    let first = ask(&none, Work::safe("x")).await.unwrap();
    assert_ne!(ask(&none, Work::safe("x")).await.unwrap(), first);
    none.close().await;
}

async fn accounts_that_are_refused_are_no_outage() {
    let db = Database::empty().await;
    let wrong = nodes(&db.dsns().replace(&db.password, "Wrong"));
    let count = wrong.len();
    let farm = of(wrong, patient());
    let error = ask(&farm, Work::safe("x")).await.unwrap_err();
    assert_eq!((error.class(), error.refusals().len()), (Class::Config, count), "{error}");
    assert!(error.refusals().iter().all(|it| it.reason.contains("(1045)")), "{error}");
    for it in farm.stats() {
        assert!(matches!(&it.state, NodeState::Banned { reason, .. } if reason.contains("(1045)")), "{it:?}");
        assert!(it.errors > 0 && it.last_error_message.is_some_and(|text| text.contains("(1045)")));
    }
    farm.close().await;
}

async fn nothing_shows_a_password() {
    let db = Database::empty().await;
    let right = farm(&db, patient());
    ask(&right, Work::safe("x")).await.unwrap();
    let wrong = of(nodes(&db.dsns().replace(&db.name, "nobody")), patient());
    let error = ask(&wrong, Work::safe("x")).await.unwrap_err();
    let lent =
        right.run(Work::safe("x"), async |c| -> Result<_, Error> { Ok(format!("{c:?} {:?}", &*c)) }).await.unwrap();
    for shown in [
        format!("{right:?} {wrong:?} {lent} {:?}", right.options()),
        format!("{error} {error:?} {:?}", std::error::Error::source(&error)),
        format!("{:?} {:?}", right.stats(), wrong.stats()),
    ] {
        assert!(!shown.contains(&db.password), "{shown}");
    }
    right.close().await;
    wrong.close().await;
}

async fn a_node_goes_while_it_is_in_use() {
    let db = Database::empty().await;
    let farm = farm(&db, patient());
    until_all_well(&farm).await;
    let name = node(&farm).await;
    let before: Vec<usize> = db.nodes().iter().map(|node| aborted(&db, node)).collect();
    let work = farm.run(Work::once("x"), async |mut c| -> Result<_, Error> {
        farm.del_node(c.node())?;
        let one: Option<i64> = c.first("going on", "SELECT 1", ()).await?;
        Ok(one)
    });
    assert_eq!(work.await.unwrap(), Some(1), "what runs comes to its end");
    assert!(!farm.nodes().contains(&name));
    let begin = std::time::Instant::now();
    while connected(&db, &name).await > 0 {
        assert!(begin.elapsed() < crate::support::database::PATIENCE, "a connection is left");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_ne!(node(&farm).await, name);
    farm.close().await;
    none_was_aborted(&db, &before).await;
}

async fn closing_leaves_no_connection_and_breaks_none_off() {
    let db = Database::empty().await;
    let before: Vec<usize> = db.nodes().iter().map(|node| aborted(&db, node)).collect();
    for times in [1, 8] {
        let farm = farm(&db, blind());
        let each = (0..times).map(|_| ask(&farm, Work { affinity: None, repeat: Repeat::Safe }));
        let all = futures_util::future::join_all(each).await;
        assert!(all.iter().all(Result::is_ok), "{all:?}");
        // One that is in use meanwhile, and one that has only just been asked for.
        let (used, asked) = (farm.clone(), farm.clone());
        let used = tokio::spawn(async move {
            let done = used.run(Work::once("x"), async |mut c| -> Result<Option<i64>, Error> {
                c.first("sleeping", "SELECT SLEEP(0.3)", ()).await
            });
            done.await
        });
        let asked = tokio::spawn(async move { ask(&asked, Work::once("x")).await });
        tokio::task::yield_now().await;
        farm.close().await;
        until_disconnected(&db).await;
        let ended = used.await.unwrap();
        assert!(matches!(ended, Ok(Some(0)) | Err(Error::Closed { .. })), "{ended:?}");
        let ended = asked.await.unwrap();
        assert!(matches!(ended, Ok(_) | Err(Error::Closed { .. })), "{ended:?}");
    }
    none_was_aborted(&db, &before).await;
}
