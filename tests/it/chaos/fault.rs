//! What happens to a node.

use std::time::Duration;

use rustix::process::{Signal, kill_process};

use crate::support::{Database, cluster};

/// What happens to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Its server is killed.
    Kill,
    /// Its server is stopped as it wishes to be.
    Stop,
    /// It is cut off from the others, and goes on talking to clients.
    Isolate,
    /// It does nothing at all, for longer than the others wait for it.
    Hang,
    /// The same for a shorter time: it goes on where it stood, with the statements that nobody waits for any more.
    Pause,
    /// It takes no writes.
    ReadOnly,
}

pub const FAULTS: [Fault; 6] = [Fault::Kill, Fault::Stop, Fault::Isolate, Fault::Hang, Fault::Pause, Fault::ReadOnly];

impl Fault {
    pub fn name(self) -> &'static str {
        match self {
            Self::Kill => "killed",
            Self::Stop => "stopped",
            Self::Isolate => "isolated",
            Self::Hang => "hung for 9 s",
            Self::Pause => "hung for 4 s",
            Self::ReadOnly => "read-only",
        }
    }

    /// How long it is left so.
    pub fn lasts(self) -> Duration {
        Duration::from_secs(match self {
            // More than the 5 s after which the others go on without it.
            Self::Hang => 9,
            // Less than that, and more than a statement's deadline.
            Self::Pause => 4,
            _ => 5,
        })
    }

    pub async fn strike(self, db: &Database, node: &str) {
        let mut sandbox = cluster::common().sandbox();
        match self {
            Self::Kill => sandbox.kill(node, |_| ()).await.expect("it can be killed"),
            Self::Stop => sandbox.stop(node, |_| ()).await.expect("it can be stopped"),
            Self::Isolate => sandbox.isolate(node, |_| ()).await.expect("it can be cut off"),
            Self::Hang | Self::Pause => kill_process(cluster::common().pid(node), Signal::STOP).expect("it is ours"),
            Self::ReadOnly => set_read_only(db, node, true).await,
        }
    }

    pub async fn mend(self, db: &Database, node: &str) {
        let mut sandbox = cluster::common().sandbox();
        match self {
            Self::Kill | Self::Stop => sandbox.start(node, |_| ()).await.expect("it comes back"),
            Self::Isolate => sandbox.heal(node, |_| ()).await.expect("it is let in again"),
            Self::Hang | Self::Pause => kill_process(cluster::common().pid(node), Signal::CONT).expect("it is ours"),
            Self::ReadOnly => set_read_only(db, node, false).await,
        }
    }
}

async fn set_read_only(db: &Database, node: &str, on: bool) {
    let mut root = db.root(node).await;
    let sql = format!("SET GLOBAL read_only={on}");
    root.execute("making it read-only, or not", &sql, ()).await.expect("root may do that");
    root.close().await;
}

/// Returns the node that does the most of the work now.
pub async fn busiest(db: &Database) -> String {
    let before = executed(db).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let after = executed(db).await;
    let most = (0..before.len()).max_by_key(|&at| after[at].saturating_sub(before[at])).expect("there are nodes");
    db.nodes().swap_remove(most)
}

async fn executed(db: &Database) -> Vec<u64> {
    let mut all = Vec::new();
    for node in db.nodes() {
        let mut root = db.root(&node).await;
        let sql = "SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'";
        let row: Option<(String, String)> = root.first("reading a counter", sql, ()).await.expect("an answer");
        all.push(row.expect("it is counted").1.parse().expect("a number"));
        root.close().await;
    }
    all
}
