//! One node of a farm: its connections, how it stands, and what is counted of it.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinHandle;

use super::options::Options;
use super::standing::Standing;
use super::stats::{NodeState, NodeStats};
use crate::Place;
use crate::cluster::{Connection, Error, Node, Refusal, Server, Vitals};

/// One node of a farm.
pub(super) struct Member {
    pub(super) node: Node,
    pub(super) options: Arc<Options>,
    /// Places for connections, in use or not.
    places: Arc<Semaphore>,
    state: Mutex<State>,
    /// Tells the health task to look at once.
    pub(super) look: Notify,
    /// Whether the node belongs to the farm no more.
    pub(super) gone: watch::Sender<bool>,
    /// Tells the farm that a verdict is there.
    pub(super) heard: Arc<Notify>,
    task: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct State {
    standing: Standing,
    /// Why it is banned.
    refusal: Option<Refusal>,
    latency: Option<Duration>,
    server: Option<Server>,
    idle: Vec<Idle>,
    counters: Counters,
}

#[derive(Default)]
struct Counters {
    connections: u64,
    errors: u64,
    last_success: Option<SystemTime>,
    last_error: Option<SystemTime>,
    last_error_message: Option<String>,
}

/// A connection that waits for use, with the place that it takes.
struct Idle {
    connection: Connection,
    place: OwnedSemaphorePermit,
    since: Instant,
}

/// A connection and the place that it takes among those of its node.
type Placed = (Connection, OwnedSemaphorePermit);

/// A connection in use. One that is not [given back](Taken::give_back) is given up.
pub(super) struct Taken {
    member: Arc<Member>,
    /// There while it is not lent.
    placed: Option<Placed>,
    /// Where it comes back to from whom it was lent to.
    returned: Arc<Mutex<Option<Placed>>>,
}

/// A connection that is lent to work: a [`Connection`] by `Deref`. It goes back when this is dropped.
#[derive(Debug)]
pub struct Lent {
    /// There until it is dropped.
    connection: Option<Placed>,
    returned: Arc<Mutex<Option<Placed>>>,
}

/// An older latency counts for so many times the newest one.
const SMOOTHING: u32 = 7;

impl Member {
    pub(super) fn new(node: Node, options: Arc<Options>, heard: Arc<Notify>) -> Self {
        Self {
            node,
            places: Arc::new(Semaphore::new(options.connections.max(1))),
            options,
            state: Mutex::default(),
            look: Notify::new(),
            gone: watch::Sender::new(false),
            heard,
            task: Mutex::default(),
        }
    }

    /// Starts the health task, if there is a runtime and it does not run.
    pub(super) fn watch(self: &Arc<Self>) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        if task.as_ref().is_none_or(JoinHandle::is_finished) && !*self.gone.borrow() {
            *task = Some(runtime.spawn(super::watch::watch(Arc::downgrade(self))));
        }
    }

    /// Lets the node belong to the farm no more: its connections are closed, those in use once they are given back.
    pub(super) fn leave(&self) {
        self.gone.send_replace(true);
        self.abandon_idle();
    }

    /// Waits until the health task has ended and every connection is closed.
    pub(super) async fn ended(&self) {
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            // It only ends otherwise with its runtime, which is as good.
            let _ = task.await;
        }
        let all = u32::try_from(self.options.connections.max(1)).unwrap_or(u32::MAX);
        // Nobody closes it.
        let _ = self.places.acquire_many(all).await;
    }

    fn abandon_idle(&self) {
        let idle = std::mem::take(&mut self.state().idle);
        for Idle { connection, place, .. } in idle {
            connection.abandon(place);
        }
    }

    /// The state. What a panic left behind is as good as any: each change is one assignment.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn standing(&self) -> Standing {
        self.state().standing
    }

    pub(super) fn latency(&self) -> Option<Duration> {
        self.state().latency
    }

    /// Why it is not used.
    pub(super) fn refusal(&self) -> Refusal {
        let known = self.state().refusal.clone();
        known.unwrap_or_else(|| Refusal {
            node: self.node.name().to_owned(),
            reason: "it has not answered yet".to_owned(),
            class: crate::cluster::Class::Node,
            place: Place::here(),
        })
    }

    /// Takes a connection that waits for use, or opens one; waits for a place at most as long as `left`.
    pub(super) async fn take(self: &Arc<Self>, left: Duration) -> Result<Taken, Error> {
        if let Some(taken) = self.take_idle() {
            return Ok(taken);
        }
        let places = Arc::clone(&self.places);
        let place = Place::here();
        let Ok(Ok(permit)) = tokio::time::timeout(left, places.acquire_owned()).await else {
            let doing = "waiting for a free connection";
            return Err(Error::Deadline { node: self.node.name().to_owned(), doing, after: left, place });
        };
        // It may have become free, and not gone, while we waited.
        if let Some(taken) = self.take_idle() {
            return Ok(taken);
        }
        let connection = self.open(left).await?;
        Ok(Taken::new(self, (connection, permit)))
    }

    pub(super) fn take_idle(self: &Arc<Self>) -> Option<Taken> {
        let idle = self.state().idle.pop()?;
        Some(Taken::new(self, (idle.connection, idle.place)))
    }

    /// Opens a connection. Where nobody knows yet what the node is, it is looked at first.
    pub(super) async fn open(&self, left: Duration) -> Result<Connection, Error> {
        let deadlines = self.options.deadlines;
        let connected = self.node.connect(deadlines.connect.min(left)).await;
        let mut connection = match connected {
            Ok(connection) => connection,
            Err(error) => {
                self.failed(&error);
                return Err(error);
            }
        };
        self.state().counters.connections += 1;
        let known = self.state().server;
        let server = match known {
            Some(server) => server,
            None => {
                let vitals = Vitals::read(&mut connection).await?;
                Server { kind: vitals.kind(), family: vitals.family() }
            }
        };
        connection.set_server(server);
        connection.set_deadline(deadlines.statement);
        Ok(connection)
    }

    /// Notes what a probe that was begun at some moment found.
    pub(super) fn probed(&self, begun: Instant, found: Result<(Vitals, Duration), Error>) {
        let now = Instant::now();
        let refusal = match found {
            Ok((vitals, latency)) => {
                let mut state = self.state();
                state.server = Some(Server { kind: vitals.kind(), family: vitals.family() });
                state.latency =
                    Some(state.latency.map_or(latency, |old| (old * SMOOTHING + latency) / (SMOOTHING + 1)));
                vitals.objection().map(|reason| Refusal {
                    node: self.node.name().to_owned(),
                    reason,
                    class: vitals.objection_class(),
                    place: Place::here(),
                })
            }
            Err(error) => {
                self.count(&error);
                Some(Refusal::new(self.node.name(), &error))
            }
        };
        let mut state = self.state();
        match refusal {
            None => {
                let before = state.standing;
                state.standing = before.cleared(begun, now);
                if state.standing.is_well() {
                    state.refusal = None;
                    if !before.is_well() {
                        tracing::info!(node = self.node.name(), "the node may take work");
                    }
                }
            }
            Some(refusal) => {
                if state.standing.is_well() || state.standing == Standing::Unknown {
                    tracing::warn!(node = self.node.name(), reason = refusal.reason, "the node takes no work");
                }
                state.standing = state.standing.banned(now);
                state.refusal = Some(refusal);
            }
        }
        drop(state);
        self.heard.notify_waiters();
    }

    /// Bans the node for an error of its own, and lets it be looked at.
    pub(super) fn failed(&self, error: &Error) {
        self.count(error);
        let mut state = self.state();
        if state.standing.is_well() {
            tracing::warn!(node = self.node.name(), reason = error.reason(), "the node is left alone for a while");
        }
        state.standing = state.standing.banned(Instant::now());
        state.refusal = Some(Refusal::new(self.node.name(), error));
        drop(state);
        // What else is open to it is of no more use than this was.
        self.abandon_idle();
        self.look.notify_one();
    }

    fn count(&self, error: &Error) {
        let mut state = self.state();
        state.counters.errors += 1;
        state.counters.last_error = Some(SystemTime::now());
        state.counters.last_error_message = Some(error.reason());
    }

    /// Closes the connections that have waited for use for too long, or all of them.
    pub(super) async fn close_idle(&self, all: bool) {
        let (now, limit) = (Instant::now(), self.options.idle);
        let mut late = Vec::new();
        {
            let mut state = self.state();
            let waiting = std::mem::take(&mut state.idle);
            let (old, young) =
                waiting.into_iter().partition(|idle| all || now.saturating_duration_since(idle.since) >= limit);
            state.idle = young;
            late.extend::<Vec<Idle>>(old);
        }
        for Idle { connection, .. } in late {
            connection.close().await;
        }
    }

    pub(super) fn stats(&self) -> NodeStats {
        let in_all = self.options.connections.max(1);
        let state = self.state();
        NodeStats {
            name: self.node.name().to_owned(),
            address: self.node.dsn().address.to_string(),
            state: match state.standing {
                Standing::Unknown => NodeState::Unknown,
                Standing::Well { .. } => NodeState::Well,
                Standing::Banned { until, .. } => NodeState::Banned {
                    left: until.saturating_duration_since(Instant::now()),
                    reason: state.refusal.as_ref().map(|refusal| refusal.reason.clone()).unwrap_or_default(),
                },
            },
            server: state.server,
            latency: state.latency,
            open: in_all - self.places.available_permits().min(in_all),
            idle: state.idle.len(),
            connections: state.counters.connections,
            errors: state.counters.errors,
            last_success: state.counters.last_success,
            last_error: state.counters.last_error,
            last_error_message: state.counters.last_error_message.clone(),
        }
    }
}

impl Taken {
    pub(super) fn new(member: &Arc<Member>, placed: Placed) -> Self {
        Self { member: Arc::clone(member), placed: Some(placed), returned: Arc::default() }
    }

    pub(super) fn member(&self) -> &Arc<Member> {
        &self.member
    }

    /// The connection, unless whoever it was lent to has kept it.
    pub(super) fn connection(&mut self) -> Option<&mut Connection> {
        if self.placed.is_none() {
            self.placed = self.returned.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
        self.placed.as_mut().map(|(connection, _)| connection)
    }

    /// Keeps it from being used again.
    pub(super) fn retire(&mut self) {
        if let Some(connection) = self.connection() {
            connection.retire();
        }
    }

    /// Lends it.
    pub(super) fn lend(&mut self) -> Option<Lent> {
        self.connection()?;
        Some(Lent { connection: self.placed.take(), returned: Arc::clone(&self.returned) })
    }

    /// Notes that work on it succeeded.
    pub(super) fn succeeded(&self) {
        self.member.state().counters.last_success = Some(SystemTime::now());
    }

    /// Lets the connection wait for the next use, if it is as it was.
    pub(super) fn give_back(mut self) {
        self.connection();
        let Some((connection, place)) = self.placed.take() else { return };
        let mut state = self.member.state();
        // Asked with the state in hand: who leaves after this finds the connection where it waits.
        let gone = *self.member.gone.borrow() || self.member.options.idle.is_zero();
        if gone || !connection.is_reusable() {
            drop(state);
            connection.abandon(place);
            return;
        }
        state.idle.push(Idle { connection, place, since: Instant::now() });
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.connection();
        if let Some((connection, place)) = self.placed.take() {
            connection.abandon(place);
        }
    }
}

impl Deref for Lent {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection.as_ref().expect("it is taken out only as this is dropped").0
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection.as_mut().expect("it is taken out only as this is dropped").0
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        *self.returned.lock().unwrap_or_else(PoisonError::into_inner) = self.connection.take();
    }
}
