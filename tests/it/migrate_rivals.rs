//! Many runners at once, round after round; a rival under a long ALTER; a node that dies under its runner; and what all of
//! that does to others' writes.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use csqlstore::cluster::On;
use csqlstore::lease::{self, Name, Terms};
use csqlstore::migrate::{self, Event, Goal};
use csqlstore::schema::Table;

use crate::cases;
use crate::migrate::{ADOPTED, FREE, HISTORY, KEYS, applied, library};
use crate::migrate_race::{hold_up, in_the_alter, until_it_alters, until_somebody};
use crate::support::database::{DOCUMENTED, PATIENCE};
use crate::support::engine::{Needs, engine};
use crate::support::{Database, cluster};

cases! {
    Beside: [
        nine_runners_on_three_nodes_for_twenty_rounds,
        a_rival_cannot_steal_the_lease_under_a_long_alter,
    ],
    Alone if Writers because "they are about somebody at work on another node": [
        a_node_that_dies_under_its_runner_leaves_work_that_the_next_finishes,
    ],
    Beside if Galera because "only there all writes wait for a change of the schema": [
        how_long_writes_waited_on_another_node_is_reported,
    ],
}

/// Lets nine runners loose on one database, three on each node, and returns what each of them recorded.
async fn round(db: &Database) -> Vec<String> {
    let farm = library(db);
    let each = (0..9).map(|n| {
        let (farm, on) = (&farm, On::Named(engine().writable(["n1", "n2", "n3"][n % 3]).into()));
        async move {
            let usable = farm.usable(&on).await.expect("a usable node");
            let runner = migrate::begin(usable, &Table::default(), Goal::default()).await.expect("a plan");
            let terms = Terms { wait: Duration::from_secs(120), ..Terms::of(farm) };
            let mut took_over = 0;
            let outcome = runner.run(terms, |event| {
                took_over += u32::from(matches!(event, Event::TookOver { .. }));
                ControlFlow::Continue(())
            });
            let outcome = outcome.await.unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(took_over, 0, "nobody's lease ran out");
            outcome.done
        }
    });
    let done = futures_util::future::join_all(each).await.concat();
    let mut all: Vec<String> =
        done.iter().map(|done| format!("{} {}", done.migration.version, done.state.expect("a state"))).collect();
    all.sort();
    all
}

async fn nine_runners_on_three_nodes_for_twenty_rounds() {
    // Four databases at once, five rounds each.
    let databases = (0..4).map(|_| async {
        let db = Database::empty().await;
        for number in 0..5 {
            db.execute("n1", "DROP TABLE IF EXISTS session_cluster, csqlstore_migrations, csqlstore_lease").await;
            // Rounds on a table that is there, and on one that is not.
            let expected = if number % 2 == 0 {
                db.execute("n1", DOCUMENTED).await;
                db.rows("live", 200, 3600).await;
                ["1 adopted", "2 applied", "3 applied"]
            } else {
                ["1 applied", "2 adopted", "3 adopted"]
            };
            for node in db.nodes() {
                db.column(&node, "SELECT '1'").await;
            }
            assert_eq!(round(&db).await, expected, "round {number} of {}", db.name);
            assert_eq!(db.column("n3", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
            assert_eq!(db.column("n2", FREE).await, ["|"]);
        }
    });
    futures_util::future::join_all(databases).await;
}

async fn a_rival_cannot_steal_the_lease_under_a_long_alter() {
    let db = Database::documented().await;
    db.rows("live", 100, 3600).await;
    let holder = hold_up(&db, "n1").await;
    let running = in_the_alter(&db, "n1", "json").await;
    let (farm, table) = (library(&db), Table::default());
    // From the others, where others take writes.
    let rivals = if engine().has(Needs::Writers) { &farm.nodes()[1..] } else { &farm.nodes()[..1] };
    for node in rivals.iter().cycle().take(8) {
        let mut rival = node.connect(PATIENCE).await.expect("the node is there");
        let terms = Terms { wait: Duration::ZERO, ..Terms::of(&farm) };
        let taken = lease::acquire(&mut rival, &table, Name::Migrate, terms, |_, _| ControlFlow::Break(()));
        let Err(lease::Error::Held { holder, .. }) = taken.await else { panic!("it is held") };
        assert!(holder.is_in_ddl(), "{holder}");
        // Nobody can renew it meanwhile, and so it is taken for far longer than the shortest one.
        let left = holder.until.expect("a time").0.as_second() - jiff::Timestamp::now().as_second();
        assert!(left > lease::SHORTEST.as_secs().cast_signed(), "{holder}");
        rival.close().await;
    }
    until_it_alters(&db, "n1").await;
    holder.close().await;
    assert_eq!(applied(&running.end().success().json()), ["1 adopted", "2 applied", "3 applied"]);
}

async fn how_long_writes_waited_on_another_node_is_reported() {
    let db = Database::documented().await;
    db.rows("live", 100, 3600).await;
    for (args, keys) in [(&["migrate", "up"][..], 2), (&["migrate", "down", "--to", "1", "--force", "--yes"], 0)] {
        // What the ALTER waits for on n2 alone, all writes on n2 wait for as well.
        let holder = hold_up(&db, "n2").await;
        let running = db.start(&[args, &["--on", "n1", "--format", "json"]].concat());
        let mut root = db.root("n1").await;
        root.execute("selecting the database", &format!("USE `{}`", db.name), ()).await.expect("the database is there");
        let began = Instant::now();
        while root.rows::<String>("looking", KEYS, ()).await.expect("an answer").len() != keys {
            assert!(began.elapsed() < PATIENCE, "the ALTER does not end on n1");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        root.close().await;
        until_somebody(&db, "n2", "INFO LIKE 'UPDATE `csqlstore_lease` SET note%' AND TIME >= 2").await;
        holder.close().await;
        let answer = running.end().success().json();
        assert_eq!(answer["stall"]["node"], "n2", "{answer}");
        assert!(answer["stall"]["longest_s"].as_f64().is_some_and(|longest| longest > 1.0), "{answer}");
        assert_eq!(db.column("n2", KEYS).await.len(), keys);
        assert_eq!(db.column("n3", "SELECT note FROM csqlstore_lease WHERE name='migrate'").await, [""]);
    }
}

async fn a_node_that_dies_under_its_runner_leaves_work_that_the_next_finishes() {
    let db = Database::documented().await;
    db.rows("live", 300, 3600).await;
    let before = db.column("n1", crate::migrate::ROWS).await;
    let holder = hold_up(&db, "n2").await;
    let running = in_the_alter(&db, "n2", "human").await;
    let mut sandbox = cluster::common().sandbox();
    sandbox.kill("n2", |_| ()).await.expect("n2 can be killed");
    let lost = running.end();
    drop(holder);
    let running_rows = db.column("n3", HISTORY).await;
    let held = db.csqlstore(&["migrate", "up", "--on", "n1", "--lock-timeout", "0s"]);
    // It ran out, and the clock of n2 cannot be asked: it may be its holder who is slow.
    let ends = "UPDATE csqlstore_lease SET expires_at=UTC_TIMESTAMP(6) - INTERVAL 10 SECOND";
    db.execute("n1", ends).await;
    let early = db.csqlstore(&["migrate", "up", "--on", "n1", "--lock-timeout", "0s"]);
    db.execute("n1", "UPDATE csqlstore_lease SET expires_at=UTC_TIMESTAMP(6) - INTERVAL 62 SECOND").await;
    let next = db.csqlstore(&["migrate", "up", "--on", "n1"]);
    sandbox.start("n2", |_| ()).await.expect("n2 comes back");

    let lost = lost.exits(3);
    assert!(lost.stderr.contains("migrations 2 and 3 of `session_cluster` did not succeed"), "{}", lost.stderr);
    assert!(lost.stdout.starts_with("adopted  1 session_cluster"), "{}", lost.stdout);
    assert_eq!(running_rows, ["1 session_cluster adopted", "2 primary_key running", "3 expire_on_index running"]);
    assert!(held.exits(3).stderr.contains("phase ddl"));
    let early = early.exits(3);
    assert!(early.stderr.contains("60 s, because of clocks that could not be read: `n2` ("), "{}", early.stderr);
    let next = next.success();
    assert!(next.stderr.contains("took over from"), "{}", next.stderr);
    assert!(next.stdout.starts_with("applied  2 primary_key"), "{}", next.stdout);
    for node in db.nodes() {
        assert_eq!(db.column(&node, KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
        assert_eq!(db.column(&node, HISTORY).await, ADOPTED);
        assert!(db.column(&node, crate::migrate::ROWS).await == before, "rows differ on {node}");
    }
}
