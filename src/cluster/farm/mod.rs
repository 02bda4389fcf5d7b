//! Many nodes behind one handle: the client side of the farm.
//!
//! A [`Farm`] keeps a few connections to each of its nodes, asks each over and over how it is, and runs work on one that
//! is well. Several farms in one program are several handles; a clone of a handle is the same farm, and with the last of
//! them its tasks and connections go.
//!
//! ```no_run
//! use csqlstore::cluster::dsn::NamedDsn;
//! use csqlstore::cluster::farm::{Options, Work};
//! use csqlstore::cluster::{Error, Farm, Node};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let farm = Farm::new("sessions", Options::default());
//! for entry in ["n1=app:s3cret@tcp(db1:3306)/app", "n2=app:s3cret@tcp(db2:3306)/app"] {
//!     let NamedDsn { name, dsn, .. } = NamedDsn::parse(entry)?;
//!     farm.add_node(Node::new(name, dsn))?;
//! }
//! let id = "2026-11-22T01:02:03Z12345";
//! // May be done again elsewhere, whatever became of the first time.
//! let bytes: Option<u64> = farm
//!     .run(Work::safe(id), async |mut c| -> Result<_, Error> {
//!         c.first("measuring a session", "SELECT LENGTH(data) FROM session_cluster WHERE id = ?", (id,)).await
//!     })
//!     .await?;
//! println!("{bytes:?}, and the nodes: {:?}", farm.stats());
//! farm.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Which node
//!
//! A node may take work if it has [no objection](crate::cluster::Vitals::objection), by the same rule as every command of
//! this crate: a node of a primary component, in step, and not read-only. Of those the [`Policy`] takes one.
//!
//! What goes wrong on a node bans it, for 250 ms at first and for up to 30 s when it goes on; a look that finds it well
//! ends the ban. One that is late with what waits for other nodes is not banned for it. When all are banned, the one whose
//! ban ends first is tried all the same. The choice is a
//! [pure function](pick()):
//!
//! ```
//! use std::time::{Duration, Instant};
//! use csqlstore::cluster::farm::{Candidate, Policy, Standing, pick};
//!
//! let well = Standing::Well { since: None, bans: 0 };
//! let node = |name, standing, ms| Candidate { name, standing, latency: Some(Duration::from_millis(ms)) };
//! let nodes = [node("far", well, 30), node("near", well, 1), node("new", Standing::Unknown, 0)];
//! assert_eq!(pick(Policy::Nearest, &nodes, None, None, Instant::now()), [1, 0, 2]);
//! ```
//!
//! # What is done again
//!
//! | what happened | [`Repeat::Safe`] | [`Repeat::IfNotSent`] |
//! |---|---|---|
//! | no connection to be had | another node | another node |
//! | the account or a certificate is refused, on every node | error | error |
//! | the first statement was refused: 1047, read-only, too many connections | another node | another node |
//! | the connection broke, or no answer came in time | another node | error |
//! | a conflict on the first statement: 1213, 1205, 3101 | again, a little later | again, a little later |
//! | a node that waits for the others gave that up: 1205, 3797, 3798 | another node | error |
//! | a conflict, or a refusal, after a statement was answered | again | error |
//! | anything wrong with the work or the table | error | error |
//!
//! All of it ends when the [operation's time](Deadlines::operation) is over.
//!
//! # What is told
//!
//! [`Farm::stats`] has the counters of each node. The same events go to `tracing`: a node that is banned (`warn`) or may
//! take work again (`info`), the work going to another node, and a connection that is opened (`debug`).

mod member;
mod next;
mod options;
mod pick;
mod pool;
mod race;
mod run;
mod standing;
mod stats;
mod watch;
mod work;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

pub use next::{Failure, Next, after_failure};
pub use options::{APART, Deadlines, HOLD_OFF, Options, Policy};
pub use pick::{Candidate, pick};
pub use pool::Lent;
pub use standing::{LONGEST_BAN, SHORTEST_BAN, Standing};
pub use stats::{NodeState, NodeStats};
pub use work::{Repeat, RunError, Work};

use crate::Place;
use crate::cluster::{Cluster, Error, Node};
use member::Member;

/// A named set of nodes behind one handle. A clone is the same farm.
#[derive(Clone)]
pub struct Farm {
    inner: Arc<Inner>,
}

struct Inner {
    name: String,
    options: Arc<Options>,
    nodes: Mutex<Nodes>,
    /// Told whenever a node's verdict is there.
    heard: Arc<Notify>,
}

#[derive(Default)]
struct Nodes {
    members: Vec<Arc<Member>>,
    /// The node that had the work last.
    current: Option<String>,
    /// Since when no node has been well.
    outage: Option<std::time::Instant>,
    closed: bool,
}

impl Farm {
    /// Makes a farm without any node.
    #[must_use]
    pub fn new(name: impl Into<String>, options: Options) -> Self {
        let (options, heard) = (Arc::new(options), Arc::new(Notify::new()));
        Self { inner: Arc::new(Inner { name: name.into(), options, nodes: Mutex::default(), heard }) }
    }

    /// Makes a farm of the nodes that a configuration names.
    ///
    /// # Errors
    ///
    /// [`Error::NodeTaken`] if two of them have one name.
    #[track_caller]
    pub fn of(cluster: &Cluster, options: Options) -> Result<Self, Error> {
        let farm = Self::new(cluster.name(), options);
        for node in cluster.nodes() {
            farm.add_node(node.clone())?;
        }
        Ok(farm)
    }

    /// Returns the farm's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// Returns how the farm is used.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.inner.options
    }

    /// Takes a node in, and begins to look how it is: at once inside of a runtime, else with the first
    /// [`run`](Self::run). It gets work once it was found well.
    ///
    /// # Errors
    ///
    /// [`Error::NodeTaken`] if there is one of that name, [`Error::Closed`] after [`close`](Self::close).
    #[track_caller]
    pub fn add_node(&self, node: Node) -> Result<(), Error> {
        let place = Place::here();
        let mut nodes = self.nodes_locked();
        if nodes.closed {
            return Err(Error::Closed { cluster: self.name().to_owned(), place });
        }
        if nodes.members.iter().any(|member| member.name() == node.name()) {
            return Err(Error::NodeTaken { name: node.name().to_owned(), cluster: self.name().to_owned(), place });
        }
        let member = Arc::new(Member::new(node, Arc::clone(&self.inner.options), Arc::clone(&self.inner.heard)));
        member.watch();
        nodes.members.push(member);
        Ok(())
    }

    /// Takes a node out. Its connections are closed: those in use once they are given back.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownNode`] if there is none of that name.
    #[track_caller]
    pub fn del_node(&self, name: &str) -> Result<(), Error> {
        let place = Place::here();
        let mut nodes = self.nodes_locked();
        let Some(at) = nodes.members.iter().position(|member| member.name() == name) else {
            let mut known: Vec<String> = nodes.members.iter().map(|member| member.name().to_owned()).collect();
            known.sort();
            return Err(Error::UnknownNode { name: name.to_owned(), cluster: self.name().to_owned(), known, place });
        };
        let member = nodes.members.remove(at);
        drop(nodes);
        member.leave();
        member.pool.abandon_idle();
        Ok(())
    }

    /// Returns the names of the nodes, sorted.
    #[must_use]
    pub fn nodes(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.nodes_locked().members.iter().map(|member| member.name().to_owned()).collect();
        names.sort();
        names
    }

    /// Returns what is known and counted of each node, sorted by name.
    #[must_use]
    pub fn stats(&self) -> Vec<NodeStats> {
        let members = self.nodes_locked().members.clone();
        let mut stats: Vec<NodeStats> = members.iter().map(|member| member.stats()).collect();
        stats.sort_by(|one, other| one.name.cmp(&other.name));
        stats
    }

    /// Closes the farm: work that is asked for after this is refused, work that runs comes to its end, and every
    /// connection is closed as its server expects it. Waits for that, at most as long as one operation may take.
    pub async fn close(&self) {
        let members = {
            let mut nodes = self.nodes_locked();
            nodes.closed = true;
            std::mem::take(&mut nodes.members)
        };
        for member in &members {
            member.leave();
        }
        // All at once: one that hangs takes no time from the others.
        let ended = futures_util::future::join_all(members.iter().map(|member| member.ended()));
        let _ = tokio::time::timeout(self.inner.options.deadlines.operation, ended).await;
    }

    fn nodes_locked(&self) -> MutexGuard<'_, Nodes> {
        self.inner.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        for member in &self.nodes.get_mut().unwrap_or_else(PoisonError::into_inner).members {
            member.leave();
            member.pool.abandon_idle();
        }
    }
}

impl std::fmt::Debug for Farm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Farm").field("name", &self.inner.name).field("nodes", &self.nodes()).finish_non_exhaustive()
    }
}
