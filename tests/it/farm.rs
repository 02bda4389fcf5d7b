//! The client side of the farm: one handle, many nodes.

use csqlstore::cluster::dsn::NamedDsn;
use csqlstore::cluster::farm::{NodeState, Options, Work};
use csqlstore::cluster::{Error, Farm, Node};

use crate::cases;
use crate::support::Database;

cases! {
    Beside: [
        work_runs_and_its_connection_is_used_again,
    ],
}

/// A farm of all nodes with the database's account.
fn farm(db: &Database, options: Options) -> Farm {
    let farm = Farm::new("sessions", options);
    for entry in db.dsns().split_whitespace() {
        let NamedDsn { name, dsn, .. } = NamedDsn::parse(entry).unwrap();
        farm.add_node(Node::new(name, dsn)).unwrap();
    }
    farm
}

async fn work_runs_and_its_connection_is_used_again() {
    let db = Database::empty().await;
    let farm = farm(&db, Options::default());
    let mut ids = Vec::new();
    for _ in 0..5 {
        let work = async |mut c: csqlstore::cluster::farm::Lent| -> Result<Option<u32>, Error> {
            c.first("asking who it is", "SELECT CONNECTION_ID() + ?", (0,)).await
        };
        ids.push(farm.run(Work::safe("x"), work).await.unwrap().unwrap());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    let stats = farm.stats();
    assert_eq!(stats.iter().map(|node| node.connections).sum::<u64>(), 1, "{stats:?}");
    assert!(stats.iter().any(|node| node.state == NodeState::Well), "{stats:?}");
    farm.close().await;
}
