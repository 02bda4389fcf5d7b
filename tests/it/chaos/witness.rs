//! What the cluster itself lets writers wait: one on each node, who waits for as long as it takes.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use csqlstore::cluster::Node;
use tokio::task::JoinHandle;

use crate::load::{GAP, now_ms};
use crate::support::Database;
use crate::support::cluster;
use crate::support::database::PATIENCE;

/// A write that waited for longer than [`GAP`].
pub struct Wait {
    pub node: String,
    pub began_ms: u64,
    pub ms: u64,
}

/// Writers on all nodes.
pub struct Witnesses(Vec<JoinHandle<()>>, Receiver<Wait>);

impl Witnesses {
    pub async fn begin(db: &Database) -> Self {
        db.execute("n1", "CREATE TABLE witness (node varchar(8) PRIMARY KEY, n bigint NOT NULL)").await;
        let (told, waits) = channel();
        let mut tasks = Vec::new();
        for node in db.nodes() {
            db.execute("n1", &format!("INSERT INTO witness VALUES ('{node}', 0)")).await;
            let root = cluster::common().sandbox().root(&node).expect("a node of the common cluster");
            let (sql, told) = (format!("UPDATE {}.witness SET n=n+1 WHERE node='{node}'", db.name), told.clone());
            tasks.push(tokio::spawn(async move {
                loop {
                    // Its node goes, and comes back.
                    write(&root, &sql, &told).await;
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }));
        }
        Self(tasks, waits)
    }

    /// Ends them, and returns which writes waited.
    pub fn end(self) -> Vec<Wait> {
        self.0.iter().for_each(JoinHandle::abort);
        self.1.try_iter().collect()
    }
}

/// Writes until that fails.
async fn write(node: &Node, sql: &str, told: &Sender<Wait>) {
    let Ok(mut root) = node.connect(PATIENCE).await else { return };
    loop {
        let (begin, began_ms) = (Instant::now(), now_ms());
        let done = root.execute_unhurried("writing", sql, ()).await;
        let waited = begin.elapsed();
        if done.is_err() {
            return;
        }
        if waited >= GAP
            && told.send(Wait { node: node.name().to_owned(), began_ms, ms: waited.as_millis() as u64 }).is_err()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
