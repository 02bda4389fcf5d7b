//! A proxy that hands statements to more than one server is noticed before it does harm.

use std::ops::ControlFlow;

use csqlstore::cluster::{Class, Cluster, Dsn, Node, On};
use csqlstore::lease::Terms;
use csqlstore::migrate::{self, Action, Error, Event, Goal};
use csqlstore::schema::Table;

use crate::cases;
use crate::migrate::{ADOPTED, FREE, HISTORY, KEYS, applied};
use crate::support::Database;
use crate::support::cluster;
use crate::support::database::PATIENCE;
use crate::support::proxy::Proxy;

cases! {
    Beside if Writers because "they are about somebody at work on another node": [
        a_proxy_that_sends_us_elsewhere_before_the_alter_stops_the_run,
        a_proxy_that_sends_us_elsewhere_after_the_alter_leaves_the_record_to_the_next_run,
        a_proxy_that_stays_with_its_server_is_none_to_mind,
    ],
}

/// A cluster of one node, which is a proxy in front of n1 and n2.
async fn behind(db: &Database) -> (Proxy, Cluster) {
    let name = format!("{}_open", db.name);
    for sql in [format!("CREATE USER '{name}'@'%'"), format!("GRANT ALL ON `{}`.* TO '{name}'@'%'", db.name)] {
        db.execute("n1", &sql).await;
    }
    let ports: Vec<u16> = cluster::common().nodes.iter().map(|node| node.port).collect();
    // The account is there on n2 as well: what is executed there waits for what n1 committed.
    db.column("n2", "SELECT '1'").await;
    let proxy = Proxy::before(ports[0], ports[1]);
    let dsn = Dsn::parse(&format!("mysql://{name}@127.0.0.1:{}/{}", proxy.port, db.name)).expect("a DSN").dsn;
    (proxy, Cluster::new("it", vec![Node::new("proxy", dsn)], PATIENCE))
}

/// Runs all there is, and tells of each statement that is about to be sent.
async fn up(farm: &Cluster, mut about_to_run: impl FnMut()) -> Result<migrate::Outcome, Error> {
    let usable = farm.usable(&On::Auto).await.expect("a usable node");
    let runner = migrate::begin(usable, &Table::default(), Goal::default()).await.expect("a plan");
    let run = runner.run(Terms::of(farm), |event| {
        if let Event::Starting { step, .. } = event
            && matches!(step.action, Action::Run { .. })
        {
            about_to_run();
        }
        ControlFlow::Continue(())
    });
    run.await
}

fn moved(error: &Error) {
    let Error::Moved { node, from, to, .. } = error else { panic!("{error}") };
    let ports: Vec<u16> = cluster::common().nodes.iter().map(|node| node.port).collect();
    assert_eq!(node, "proxy");
    assert!(from.to_string().contains(&format!(":{} (connection ", ports[0])), "{from}");
    assert!(to.to_string().contains(&format!(":{} (connection ", ports[1])), "{to}");
    assert_eq!(error.class(), Class::Node);
}

async fn a_proxy_that_sends_us_elsewhere_before_the_alter_stops_the_run() {
    let db = Database::documented().await;
    db.row("live", "x", 60).await;
    let (proxy, farm) = behind(&db).await;
    moved(&up(&farm, || proxy.switch()).await.expect_err("another server answers"));
    assert_eq!(db.column("n3", KEYS).await, Vec::<String>::new(), "nothing was sent");
    assert_eq!(db.column("n3", HISTORY).await, ["1 session_cluster adopted"]);
    assert_eq!(db.column("n3", FREE).await, ["|"]);
    let answer = db.csqlstore(&["migrate", "up", "--format", "json"]).success().json();
    assert_eq!(applied(&answer), ["2 applied", "3 applied"]);
}

async fn a_proxy_that_sends_us_elsewhere_after_the_alter_leaves_the_record_to_the_next_run() {
    let db = Database::documented().await;
    db.row("live", "x", 60).await;
    let (proxy, farm) = behind(&db).await;
    proxy.switch_after("ALTER TABLE");
    moved(&up(&farm, || ()).await.expect_err("another server answers"));
    assert_eq!(db.column("n3", KEYS).await, ["expire_on:expire_on", "PRIMARY:id"]);
    let history = ["1 session_cluster adopted", "2 primary_key running", "3 expire_on_index running"];
    assert_eq!(db.column("n3", HISTORY).await, history);
    let run = db.csqlstore(&["migrate", "up"]).success();
    assert_eq!(run.stdout.matches("(an interrupted run had done it)").count(), 2, "{}", run.stdout);
    assert_eq!(db.column("n3", HISTORY).await, ADOPTED);
}

async fn a_proxy_that_stays_with_its_server_is_none_to_mind() {
    let db = Database::documented().await;
    db.row("live", "x", 60).await;
    let (_proxy, farm) = behind(&db).await;
    let outcome = up(&farm, || ()).await.expect("one server answers all along");
    assert_eq!(outcome.done.len(), 3);
    // There is no other node on which writes could have been timed.
    assert_eq!(outcome.stall, None);
    assert_eq!(db.column("n3", HISTORY).await, ADOPTED);
}
