//! How long writes wait on another node while a statement runs here.
//!
//! Under Galera an ALTER makes every write in the whole cluster wait. How long that was is measured where it is felt: on
//! another node, one small UPDATE after the other is sent and timed. What it writes is a note in our own lease's row, and
//! only while that is ours; nobody else writes this row during a DDL, so it is in nobody's way. It renews nothing: the
//! fence stays with the connection that does the work.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cluster::{Cluster, Connection, Error, Kind, Node, Vitals};
use crate::lease::{Lease, Noted, is_conflict};

/// How long to pause between two writes.
const PAUSE: Duration = Duration::from_millis(50);
/// How long to wait for the first write before the statement is sent all the same.
const TO_BEGIN: Duration = Duration::from_secs(1);
/// How long to wait, after the statement, for a write that is still on its way.
const TO_END: Duration = Duration::from_secs(10);

/// The longest that a write on another node waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stall {
    /// The node.
    pub node: String,
    /// How long it waited.
    pub longest: Duration,
}

/// Writes that are being timed.
pub(super) struct Timed {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    node: String,
    longest: Duration,
    writes: u64,
    /// When the write began that is on its way.
    since: Option<Instant>,
}

impl Seen {
    /// Takes a write's outcome into account; false if there is no use in another.
    fn take(&mut self, outcome: &Result<bool, Error>, began: Instant) -> bool {
        self.since = None;
        match outcome {
            // Not ours as this node knows it, yet or any more: it wrote nothing, and so it waited for nothing.
            Ok(false) => return true,
            Ok(true) => self.writes += 1,
            // What lost against others waited as well.
            Err(error) if is_conflict(error) => {}
            Err(_) => return false,
        }
        self.longest = self.longest.max(began.elapsed());
        true
    }
}

impl Timed {
    /// Begins to time writes on the first usable node of the cluster that is not this one.
    ///
    /// Never fails, and returns within a second: where no other node can be written to, there is nothing to report.
    pub(super) async fn begin(cluster: &Cluster, kind: Kind, here: &str, lease: &Lease) -> Option<Self> {
        // Servers that do not wait for each other would not show the stall, and may not be ours to write to.
        if kind != Kind::Galera {
            return None;
        }
        let others: Vec<Node> = cluster.nodes().iter().filter(|node| node.name() != here).cloned().collect();
        let (stop, stopped) = watch::channel(false);
        let (first, mut begun) = watch::channel(false);
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (note, deadline, theirs) = (lease.noted(), cluster.deadline(), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            let Some(mut connection) = usable(&others, deadline).await else { return };
            lock(&theirs).node = connection.node().to_owned();
            time(&mut connection, &note, &theirs, (&stopped, &first)).await;
            connection.close().await;
        });
        // A node that is slow to answer does not hold the statement up; its first write counts when it comes.
        let _ = tokio::time::timeout(TO_BEGIN, begun.wait_for(|begun| *begun)).await;
        Some(Self { task, stop, seen })
    }

    /// Ends the timing, and returns what it saw; `None` if it came to no write.
    pub(super) async fn end(self) -> Option<Stall> {
        let Self { mut task, stop, seen } = self;
        // Nobody listens if it has ended by itself.
        let _ = stop.send(true);
        // One that is still looking for a node is not waited for.
        let begun = lock(&seen).writes > 0 || lock(&seen).since.is_some();
        if !begun {
            task.abort();
            return None;
        }
        if tokio::time::timeout(TO_END, &mut task).await.is_err() {
            task.abort();
        }
        let seen = lock(&seen);
        let longest = seen.since.map_or(seen.longest, |since| seen.longest.max(since.elapsed()));
        (seen.writes > 0 || seen.since.is_some()).then(|| Stall { node: seen.node.clone(), longest })
    }
}

fn lock(seen: &Mutex<Seen>) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Connects to the first node that may be written to.
async fn usable(nodes: &[Node], deadline: Duration) -> Option<Connection> {
    for node in nodes {
        let Ok(mut connection) = node.connect(deadline).await else { continue };
        match Vitals::read(&mut connection).await {
            Ok(vitals) if vitals.kind() == Kind::Galera && vitals.objection().is_none() => return Some(connection),
            _ => connection.close().await,
        }
    }
    None
}

async fn time(
    connection: &mut Connection,
    note: &Noted,
    seen: &Mutex<Seen>,
    (stopped, first): (&watch::Receiver<bool>, &watch::Sender<bool>),
) {
    for turn in 0_u64.. {
        let began = Instant::now();
        lock(seen).since = Some(began);
        let outcome = note.write(connection, &format!("writes are timed ({turn})")).await;
        if !lock(seen).take(&outcome, began) {
            return;
        }
        if matches!(outcome, Ok(true)) {
            first.send_replace(true);
        }
        if *stopped.borrow() {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
