//! What comes late: a save that was given up on a node that hangs, and a node that does not catch up in time.

use std::time::{Duration, Instant};

use csqlstore::cluster::farm::{Deadlines, NodeState, Options};
use csqlstore::securecookie::Keyring;
use csqlstore::store::{Causal, Conflicts, Settings, Store};

use crate::cases;
use crate::support::Database;
use crate::support::behind::Behind;
use crate::support::browser::{Browser, KEYS, saved, store};
use crate::support::database::PATIENCE;
use crate::support::farm::{blind, nodes, of, stats, until_all_well};
use crate::support::relay::Relay;

cases! {
    Beside if Writers because "a save is done on one node and comes to another one": [
        a_save_that_was_given_up_may_undo_a_later_one_unless_that_is_noticed,
    ],
    Alone if Galera because "it sets for how long a node waits for the others": [
        a_read_goes_elsewhere_when_a_node_gives_up_catching_up,
    ],
}

const SECOND: Duration = Duration::from_secs(1);

async fn n(store: &Store, browser: &Browser) -> i64 {
    browser.get(store, "sid").await.values().get_as("n").unwrap()
}

async fn a_save_that_was_given_up_may_undo_a_later_one_unless_that_is_noticed() {
    for (conflicts, expected) in [(Conflicts::LastWins, 3), (Conflicts::Detected, 4)] {
        let db = Database::migrated().await;
        let all = nodes(&db.dsns());
        let relay = Relay::before(&all[0]);
        let deadlines = Deadlines { statement: SECOND, ..blind().deadlines };
        let farm = of(vec![relay.node("n1", &all[0]), all[1].clone()], Options { deadlines, ..blind() });
        until_all_well(&farm).await;
        let store = Store::new(farm, Keyring::parse(KEYS).unwrap(), Settings { conflicts, ..Settings::default() });
        let mut browser = saved(&store).await;
        let mut change = async |n: i64| {
            let mut session = browser.get(&store, "sid").await;
            session.values_mut().insert("n", n);
            browser.save(&store, &mut session).await;
            browser.clone()
        };
        change(2).await;
        db.settled().await;
        // The first node takes the statement and hangs. The request is served by the other one, and so is the next.
        let mut session = browser.get(&store, "sid").await;
        relay.hold();
        session.values_mut().insert("n", 3_i64);
        browser.save(&store, &mut session).await;
        assert!(stats(store.farm(), "n1").last_error_message.is_some_and(|text| text.contains("no answer within")));
        let mut session = browser.get(&store, "sid").await;
        session.values_mut().insert("n", 4_i64);
        browser.save(&store, &mut session).await;
        assert_eq!(n(&store, &browser).await, 4);
        // It has what the other one did when it comes to that statement.
        db.settled().await;
        relay.let_go();
        let begin = Instant::now();
        while relay.late() == 0 {
            assert!(begin.elapsed() < PATIENCE, "the statement was never carried out");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        db.settled().await;
        assert_eq!(n(&store, &browser).await, expected, "{conflicts:?}");
        store.close().await;
    }
}

/// Sets for how long a node waits for what the others have before it says that it came to nothing.
async fn set_patience(db: &Database, node: &str, timeout: &str) {
    let mut root = db.root(node).await;
    let sql = format!("SET GLOBAL wsrep_provider_options='repl.causal_read_timeout={timeout}'");
    root.execute("setting a timeout", &sql, ()).await.expect("it can be set while the node runs");
    root.close().await;
}

async fn a_read_goes_elsewhere_when_a_node_gives_up_catching_up() {
    let db = Database::migrated().await;
    let mut all = nodes(&db.dsns());
    all.rotate_left(1);
    let deadlines = Deadlines { statement: PATIENCE / 3, operation: PATIENCE / 3, ..blind().deadlines };
    let farm = of(all, Options { deadlines, ..blind() });
    until_all_well(&farm).await;
    let reading = Store::new(farm, Keyring::parse(KEYS).unwrap(), Settings::default());
    let always = Settings { causal: Causal::Always, ..Settings::default() };
    let always = Store::new(reading.farm().clone(), Keyring::parse(KEYS).unwrap(), always);
    let first = store(&db, &["n1"], Settings::default());
    // It is connected to before the node falls behind.
    assert!(!reading.exists(&csqlstore::session::Id::new("nobody")).await.unwrap());
    assert_eq!(stats(reading.farm(), "n2").connections, 1);
    set_patience(&db, "n2", "PT1S").await;
    let behind = Behind::new(&db, "n2").await;
    let mut browser = saved(&first).await;
    let mut seen = Vec::new();
    for store in [&reading, &always] {
        seen.push(store.get(&browser.headers(), "sid").await.map(|session| session.is_new()));
    }
    let mut session = browser.get(&first, "sid").await;
    session.values_mut().insert("n", 2_i64);
    let written = reading.save(&mut session).await;
    let deleted = reading.delete(&mut session).await;
    let then = stats(reading.farm(), "n2");
    behind.catches_up().await;
    // What it is unless it is set.
    set_patience(&db, "n2", "PT30S").await;
    for new in seen {
        assert!(!new.unwrap(), "it was found on another node");
    }
    browser.takes(&written.unwrap());
    deleted.unwrap();
    assert_eq!((then.state, then.errors), (NodeState::Well, 0), "it is well, and waits for the others");
    db.settled().await;
    assert!(browser.get(&first, "sid").await.is_new());
    reading.close().await;
    first.close().await;
}
