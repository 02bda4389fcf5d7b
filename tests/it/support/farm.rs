//! A farm of the common cluster's nodes.

use std::time::{Duration, Instant};

use csqlstore::cluster::dsn::NamedDsn;
use csqlstore::cluster::farm::{Deadlines, HOLD_OFF, NodeState, NodeStats, Options, Policy, Work};
use csqlstore::cluster::{Error, Farm, Node};

use super::database::PATIENCE;
use super::{Database, cluster};

/// Options with which nothing is noticed before work runs into it: the next probe is far away.
pub fn blind() -> Options {
    Options { probe_every: Duration::from_secs(600), ..patient() }
}

/// Options whose time for a statement and for all is as long as a busy machine may need, and a cluster that waits for one
/// of its nodes; and whose choice does not go by how busy that is: once all are well, the first node gets the work.
pub fn patient() -> Options {
    let deadlines = Deadlines { statement: PATIENCE, operation: PATIENCE, ..Deadlines::default() };
    Options { policy: Policy::Ordered { hold_off: HOLD_OFF }, deadlines, ..Options::default() }
}

/// The same with a policy.
pub fn by(policy: Policy) -> Options {
    Options { policy, ..patient() }
}

/// The nodes of a list of DSNs.
pub fn nodes(dsns: &str) -> Vec<Node> {
    let named = dsns.split_whitespace().map(|entry| NamedDsn::parse(entry).unwrap());
    named.map(|NamedDsn { name, dsn, .. }| Node::new(name, dsn)).collect()
}

/// A farm of some nodes.
pub fn of(nodes: Vec<Node>, options: Options) -> Farm {
    let farm = Farm::new("sessions", options);
    for node in nodes {
        farm.add_node(node).unwrap();
    }
    farm
}

/// A farm of all nodes with the database's account.
pub fn farm(db: &Database, options: Options) -> Farm {
    of(nodes(&db.dsns()), options)
}

/// A farm of the first node alone.
pub fn only_first(db: &Database, options: Options) -> Farm {
    of(nodes(&db.dsns()).into_iter().take(1).collect(), options)
}

/// Asks for the number of the connection: the node that it is to, and the number.
pub async fn ask(farm: &Farm, work: Work<'_>) -> Result<(String, u32), Error> {
    farm.run(work, async |mut c| {
        let id: Option<u32> = c.first("asking who it is", "SELECT CONNECTION_ID()", ()).await?;
        Ok((c.node().to_owned(), id.unwrap_or_default()))
    })
    .await
}

/// The same, of which only the node is of interest.
pub async fn node(farm: &Farm) -> String {
    ask(farm, Work::safe("x")).await.unwrap().0
}

/// What is counted of a node.
pub fn stats(farm: &Farm, node: &str) -> NodeStats {
    farm.stats().into_iter().find(|it| it.name == node).unwrap_or_else(|| panic!("no `{node}` in {farm:?}"))
}

/// Waits until something holds for what is counted of a node.
pub async fn until(farm: &Farm, node: &str, holds: impl Fn(&NodeStats) -> bool) -> NodeStats {
    let begin = Instant::now();
    loop {
        let now = stats(farm, node);
        if holds(&now) {
            return now;
        }
        assert!(begin.elapsed() < 2 * PATIENCE, "{now:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until all nodes are well.
pub async fn until_all_well(farm: &Farm) {
    for node in farm.nodes() {
        until(farm, &node, |it| it.state == NodeState::Well).await;
    }
}

/// How often a server wrote into its log that a connection of the database's account, or one whose account it did not yet
/// know, was broken off. (It counts them too, and with them whatever else tests do.)
pub fn aborted(db: &Database, node: &str) -> usize {
    let log = cluster::common().sandbox().dir().join(format!("{node}.log"));
    let log = String::from_utf8_lossy(&std::fs::read(log).expect("the server's log")).into_owned();
    let whose = [format!("user: '{}'", db.name), "user: 'unauthenticated'".to_owned()];
    let aborted = log.lines().filter(|line| line.contains("Aborted connection"));
    aborted.filter(|line| whose.iter().any(|whose| line.contains(whose))).count()
}

/// Asserts that no node wrote of a connection that was broken off since `before`, and that it would have.
pub async fn none_was_aborted(db: &Database, before: &[usize]) {
    for (node, before) in nodes(&db.dsns()).iter().zip(before) {
        assert_eq!(aborted(db, node.name()), *before, "on {}", node.name());
        // One of our own.
        drop(std::net::TcpStream::connect(node.dsn().address.to_string()).expect("the node is there"));
        let begin = Instant::now();
        while aborted(db, node.name()) != before + 1 {
            assert!(begin.elapsed() < PATIENCE, "{} does not write of it", node.name());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// How many connections of the database's account there are to a node.
pub async fn connected(db: &Database, node: &str) -> u64 {
    let mut root = db.root(node).await;
    let sql = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE user = ?";
    let count: Option<u64> = root.first("counting connections", sql, (&db.name,)).await.unwrap();
    root.close().await;
    count.unwrap()
}

/// Waits until there are none.
pub async fn until_disconnected(db: &Database) {
    let begin = Instant::now();
    for node in db.nodes() {
        loop {
            let count = connected(db, &node).await;
            if count == 0 {
                break;
            }
            assert!(begin.elapsed() < PATIENCE, "{count} connections to {node} are left");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A process that is stopped until this is dropped.
pub struct Stopped(rustix::process::Pid);

impl Stopped {
    pub fn node(node: &str) -> Self {
        let pid = cluster::common().pid(node);
        rustix::process::kill_process(pid, rustix::process::Signal::STOP).expect("the node is ours");
        Self(pid)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = rustix::process::kill_process(self.0, rustix::process::Signal::CONT);
    }
}
