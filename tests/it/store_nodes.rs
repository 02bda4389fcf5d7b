//! The session store and the nodes: what each of them is asked, one that is behind, and none at all.

use std::time::Duration;

use csqlstore::cluster::{Class, Connection, Dsn, Farm, Node, farm};
use csqlstore::securecookie::Keyring;
use csqlstore::store::{Causal, Error, New, Settings, Store};

use crate::cases;
use crate::support::Database;
use crate::support::behind::Behind;
use crate::support::browser::{Browser, KEYS, saved, store, through_a_relay};
use crate::support::database::PATIENCE;

cases! {
    Beside: [
        a_database_that_is_down_is_an_error_and_no_new_session,
        who_logs_out_while_the_session_could_not_be_read_is_logged_out,
        an_answer_that_was_lost_leaves_one_row_under_an_id_that_is_known,
        a_new_id_is_found_again_when_nobody_knew_whether_it_was_given,
    ],
    Alone: [
        a_get_is_one_round_trip_and_a_save_is_one,
    ],
    Alone if Nodes because "a node is to be behind another": [
        a_session_is_found_on_a_node_that_is_behind,
    ],
    Alone if Writers because "two nodes are written to": [
        a_session_is_deleted_and_changed_on_a_node_that_is_behind,
        a_node_that_is_behind_is_not_banned_for_it,
    ],
}

/// A store on a port where nobody listens.
fn on_nobody(settings: Settings) -> Store {
    let deadlines = farm::Deadlines { operation: Duration::from_millis(500), ..farm::Deadlines::default() };
    let farm = Farm::new("sessions", farm::Options { deadlines, ..farm::Options::default() });
    farm.add_node(Node::new("gone", Dsn::parse("mysql://app:x@127.0.0.1:1/web").unwrap().dsn)).unwrap();
    Store::new(farm, Keyring::parse(KEYS).unwrap(), settings)
}

async fn a_database_that_is_down_is_an_error_and_no_new_session() {
    let db = Database::migrated().await;
    let mut browser = saved(&store(&db, &[], Settings::default())).await;
    let down = on_nobody(Settings::default());
    let error = down.get(&browser.headers(), "sid").await.unwrap_err();
    assert!(matches!(&error, Error::Cluster(_)) && error.class() == Class::Node, "{error:?}");
    // Who has no cookie needs no database, until there is something to save.
    let mut session = Browser::default().get(&down, "sid").await;
    assert!(matches!(session.why_new(), Some(New::NoCookie)));
    session.values_mut().insert("n", 2_i64);
    assert!(matches!(down.save(&mut session).await.unwrap_err(), Error::Cluster(_)));
    // What was to be saved is still there, and can be.
    browser.save(&store(&db, &[], Settings::default()), &mut session).await;
    let lenient = on_nobody(Settings::default().lenient());
    let session = browser.get(&lenient, "sid").await;
    assert!(matches!(session.why_new(), Some(New::Unavailable(_))), "{session:?}");
}

async fn who_logs_out_while_the_session_could_not_be_read_is_logged_out() {
    let db = Database::migrated().await;
    let store = store(&db, &[], Settings::default());
    for says_good_bye in [false, true] {
        let mut browser = saved(&store).await;
        let id = browser.get(&store, "sid").await.id().unwrap().clone();
        let lenient = on_nobody(Settings::default().lenient());
        let mut session = browser.get(&lenient, "sid").await;
        assert!(session.id().is_none() && matches!(session.why_new(), Some(New::Unavailable(_))), "{session:?}");
        session.delete();
        if says_good_bye {
            session.values_mut().insert("bye", 1_i64);
        }
        // Nobody is told that he is logged out as long as he is not.
        assert!(matches!(lenient.commit(&mut session).await.unwrap_err(), Error::Cluster(_)));
        assert!(store.exists(&id).await.unwrap());
        browser.takes(&store.commit(&mut session).await.unwrap().unwrap());
        assert!(!store.exists(&id).await.unwrap(), "the row that could not be read is still there");
        assert_eq!(browser.cookies.len(), usize::from(says_good_bye));
    }
    // Who does not log out leaves the row where it is.
    let mut browser = saved(&store).await;
    let id = browser.get(&store, "sid").await.id().unwrap().clone();
    let mut session = browser.get(&on_nobody(Settings::default().lenient()), "sid").await;
    session.values_mut().insert("n", 2_i64);
    browser.save(&store, &mut session).await;
    store.delete(&mut session).await.unwrap();
    assert!(store.exists(&id).await.unwrap());
}

async fn an_answer_that_was_lost_leaves_one_row_under_an_id_that_is_known() {
    let db = Database::migrated().await;
    let (store, relay) = through_a_relay(&db, PATIENCE);
    // Of a new session the row that nobody was told of is nobody's; the other one is found.
    relay.lose(1);
    let mut browser = saved(&store).await;
    assert_eq!((relay.lost(), db.ids("n1").await.len()), (1, 2));
    let mut session = browser.get(&store, "sid").await;
    assert!(!session.is_new());
    let before = session.id().unwrap().clone();
    // A change, and a new id, are not made twice.
    session.values_mut().insert("n", 2_i64);
    relay.lose(1);
    browser.save(&store, &mut session).await;
    relay.lose(1);
    browser.takes(&store.regenerate(&mut session).await.unwrap());
    assert_eq!(relay.lost(), 3);
    let after = session.id().unwrap().clone();
    assert!(before != after && !store.exists(&before).await.unwrap());
    assert_eq!(db.ids("n1").await.len(), 2);
    let session = browser.get(&store, "sid").await;
    assert_eq!((session.id(), session.values().get_as::<i64>("n").unwrap()), (Some(&after), 2));
    store.close().await;
}

async fn a_new_id_is_found_again_when_nobody_knew_whether_it_was_given() {
    let db = Database::migrated().await;
    let (store, relay) = through_a_relay(&db, Duration::from_secs(5));
    let mut browser = saved(&store).await;
    let before = db.ids("n1").await;
    let mut session = browser.get(&store, "sid").await;
    session.regenerate();
    relay.lose(u32::MAX);
    let error = store.save(&mut session).await.unwrap_err();
    assert!(matches!(&error, Error::Cluster(_)) && relay.lost() > 0, "{error:?}");
    relay.lose(0);
    // The row has the new id, and nobody was told.
    let drawn = db.ids("n1").await;
    assert!(drawn.len() == 1 && drawn != before, "{drawn:?}");
    assert_eq!(session.id().unwrap().as_str(), before[0]);
    session.values_mut().insert("n", 2_i64);
    browser.save(&store, &mut session).await;
    assert_eq!(db.ids("n1").await, drawn);
    let session = browser.get(&store, "sid").await;
    assert_eq!((session.id().unwrap().as_str(), session.values().get_as::<i64>("n").unwrap()), (drawn[0].as_str(), 2));
    store.close().await;
}

/// What a server has counted so far: prepared, executed, and all that clients asked for.
async fn counted(root: &mut Connection) -> (u64, u64, u64) {
    let sql = "SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_stmt_prepare', 'Com_stmt_execute', 'Questions')";
    let rows: Vec<(String, String)> = root.rows("reading counters", sql, ()).await.unwrap();
    let value = |name: &str| -> u64 { rows.iter().find(|(it, _)| it == name).unwrap().1.parse().unwrap() };
    (value("Com_stmt_prepare"), value("Com_stmt_execute"), value("Questions"))
}

async fn a_get_is_one_round_trip_and_a_save_is_one() {
    const ROUNDS: u64 = 50;
    let db = Database::migrated().await;
    let first = crate::support::farm::nodes(&db.dsns()).remove(0);
    let mut root = db.root(first.name()).await;
    let farm = crate::support::farm::of(vec![first], crate::support::farm::blind());
    let store = Store::new(farm, Keyring::parse(KEYS).unwrap(), Settings::default());
    let mut browser = saved(&store).await;
    let before = counted(&mut root).await;
    for n in 0..ROUNDS {
        let mut session = browser.get(&store, "sid").await;
        session.values_mut().insert("n", n);
        browser.save(&store, &mut session).await;
    }
    let after = counted(&mut root).await;
    // The SELECT and the UPDATE are prepared once, on the one connection there is; what is counted last is the counting.
    let (prepared, executed, asked) = (after.0 - before.0, after.1 - before.1, after.2 - before.2);
    assert_eq!((prepared, executed), (2, 2 * ROUNDS));
    assert_eq!(asked, 2 * ROUNDS + 1, "nothing else was asked");
    assert_eq!(store.farm().stats()[0].connections, 1);
    store.close().await;
    root.close().await;
}

async fn a_session_is_found_on_a_node_that_is_behind() {
    let db = Database::migrated().await;
    let first = store(&db, &["n1"], Settings::default());
    let on_n2 = |causal| store(&db, &["n2"], Settings { causal, ..Settings::default() });
    // They are connected before the node falls behind: looking at its table while it does would wait.
    let stores = [on_n2(Causal::Never), on_n2(Causal::Miss), on_n2(Causal::Always)];
    for store in &stores {
        assert!(!store.exists(&csqlstore::session::Id::new("nobody")).await.unwrap());
    }
    for store in &stores[1..] {
        let mut behind = Behind::new(&db, "n2").await;
        let browser = saved(&first).await;
        let blind = browser.get(&stores[0], "sid").await;
        assert!(matches!(blind.why_new(), Some(New::NoRow)), "it is not behind: {blind:?}");
        let found = async {
            let session = browser.get(store, "sid").await;
            (session.is_new(), store.exists(session.id().unwrap()).await.unwrap())
        };
        let let_go = async {
            behind.until_waited_for(&db).await;
            behind.catches_up().await;
        };
        let (found, ()) = tokio::join!(found, let_go);
        assert_eq!(found, (false, true), "{:?}", store.settings().causal);
    }
}

async fn a_session_is_deleted_and_changed_on_a_node_that_is_behind() {
    let db = Database::migrated().await;
    let (first, second) = (store(&db, &["n1"], Settings::default()), store(&db, &["n2"], Settings::default()));
    assert!(!second.exists(&csqlstore::session::Id::new("nobody")).await.unwrap());
    for deletes in [true, false] {
        let mut behind = Behind::new(&db, "n2").await;
        let browser = saved(&first).await;
        // It was read on the node that has it; that one went away, and it is saved on the one that is behind.
        let mut session = browser.get(&first, "sid").await;
        session.values_mut().insert("n", 2_i64);
        let ended = async {
            if deletes {
                second.delete(&mut session).await.map(drop)
            } else {
                second.save(&mut session).await.map(drop)
            }
        };
        let let_go = async {
            behind.until_waited_for(&db).await;
            behind.catches_up().await;
        };
        let (ended, ()) = tokio::join!(ended, let_go);
        ended.unwrap();
        db.settled().await;
        let session = browser.get(&first, "sid").await;
        assert_eq!(session.is_new(), deletes);
        if !deletes {
            assert_eq!(session.values().get_as::<i64>("n").unwrap(), 2);
        }
    }
}

async fn a_node_that_is_behind_is_not_banned_for_it() {
    let db = Database::migrated().await;
    let browser = saved(&store(&db, &["n1"], Settings::default())).await;
    db.settled().await;
    let second: Vec<Node> =
        crate::support::farm::nodes(&db.dsns()).into_iter().filter(|it| it.name() == "n2").collect();
    const SECOND: Duration = Duration::from_secs(1);
    let deadlines = farm::Deadlines { statement: SECOND, operation: 3 * SECOND, ..farm::Deadlines::default() };
    let options = farm::Options { deadlines, ..crate::support::farm::blind() };
    let farm = crate::support::farm::of(second, options);
    let settings = Settings { causal: Causal::Always, ..Settings::default() };
    let store = Store::new(farm.clone(), Keyring::parse(KEYS).unwrap(), settings);
    assert!(!browser.get(&store, "sid").await.is_new());
    let behind = Behind::new(&db, "n2").await;
    let late = store.get(&browser.headers(), "sid").await;
    let then = crate::support::farm::stats(&farm, "n2");
    behind.catches_up().await;
    let error = late.unwrap_err();
    assert!(matches!(&error, Error::Cluster(csqlstore::cluster::Error::Deadline { .. })), "{error:?}");
    assert_eq!((then.state, then.errors), (farm::NodeState::Well, 0), "it is well, and waits for the others");
    assert!(!browser.get(&store, "sid").await.is_new());
    store.close().await;
}
