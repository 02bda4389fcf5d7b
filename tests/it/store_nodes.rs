//! The session store and the nodes: what each of them is asked, one that is behind, and none at all.

use std::time::{Duration, Instant};

use csqlstore::cluster::{Class, Connection, Dsn, Farm, Node, farm};
use csqlstore::securecookie::Keyring;
use csqlstore::store::{Causal, Error, New, Settings, Store};

use crate::cases;
use crate::support::Database;
use crate::support::browser::{Browser, KEYS, store};
use crate::support::database::PATIENCE;
use crate::support::engine::engine;

cases! {
    Beside: [
        a_database_that_is_down_is_an_error_and_no_new_session,
    ],
    Alone: [
        a_get_is_one_round_trip_and_a_save_is_one,
    ],
    Alone if Nodes because "a node is to be behind another": [
        a_session_is_found_on_a_node_that_is_behind,
    ],
    Alone if Writers because "two nodes are written to": [
        a_session_is_deleted_and_changed_on_a_node_that_is_behind,
    ],
}

async fn saved(store: &Store) -> Browser {
    let mut browser = Browser::default();
    let mut session = browser.get(store, "sid").await;
    session.values_mut().insert("n", 1_i64);
    browser.save(store, &mut session).await;
    browser
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

/// A node that has stopped to apply what the others do, until it is [let go](Behind::catches_up).
struct Behind {
    locking: Connection,
    watching: Connection,
}

impl Behind {
    async fn new(db: &Database, node: &str) -> Self {
        db.execute("n1", "CREATE TABLE IF NOT EXISTS decoy (id INT AUTO_INCREMENT PRIMARY KEY)").await;
        let mut locking = db.connect(node).await;
        // What another node writes into this table waits here, and all that is written anywhere after that, too. The table
        // of the sessions itself is free: a statement on it is not held up by the lock.
        locking.execute("locking a table", "LOCK TABLES decoy READ", ()).await.unwrap();
        db.execute("n1", "INSERT INTO decoy VALUES ()").await;
        Self { locking, watching: db.root(node).await }
    }

    /// Waits until somebody waits for what this node has not applied.
    async fn until_waited_for(&mut self, db: &Database) {
        let begin = Instant::now();
        let sql = format!(
            "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = '{}' AND COMMAND <> 'Sleep' AND TIME_MS > 300",
            db.name
        );
        let sql = if engine().is_group() { sql.replace("TIME_MS > 300", "TIME >= 1") } else { sql };
        loop {
            let waiting: Option<i64> = self.watching.first("looking who waits", &sql, ()).await.unwrap();
            if waiting.is_some_and(|waiting| waiting > 0) {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "nobody waits");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn catches_up(mut self) {
        self.locking.execute("letting the node go on", "UNLOCK TABLES", ()).await.unwrap();
        self.locking.close().await;
        self.watching.close().await;
    }
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
