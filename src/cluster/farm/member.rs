//! One node of a farm: how it stands, and what is counted of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::options::Options;
use super::pool::Pool;
use super::standing::Standing;
use super::stats::{NodeState, NodeStats};
use crate::Place;
use crate::cluster::{Error, Node, Refusal, Server, Vitals};

/// One node of a farm.
pub(super) struct Member {
    pub(super) node: Node,
    pub(super) options: Arc<Options>,
    pub(super) pool: Pool,
    state: Mutex<State>,
    task: Mutex<Option<JoinHandle<()>>>,
    /// Whether the node belongs to the farm no more.
    gone: watch::Sender<bool>,
    /// Tells the health task to look at once.
    pub(super) look: Notify,
    /// Tells the farm that a verdict is there.
    heard: Arc<Notify>,
}

#[derive(Default)]
struct State {
    standing: Standing,
    /// Why it is banned.
    refusal: Option<Refusal>,
    latency: Option<Duration>,
    server: Option<Server>,
    connections: u64,
    errors: u64,
    last_success: Option<SystemTime>,
    last_error: Option<(SystemTime, String)>,
}

/// What was learned of a node by looking at it.
pub(super) struct Look {
    /// When the look began.
    pub(super) begun: Instant,
    /// Its own account of its state, and its round trip where that was measured.
    pub(super) found: Result<(Vitals, Option<Duration>), Error>,
}

/// The smoothed latency is made of so many parts of what it was, and one of the newest.
const SMOOTHING: u32 = 7;

impl Member {
    pub(super) fn new(node: Node, options: Arc<Options>, heard: Arc<Notify>) -> Self {
        Self {
            node,
            pool: Pool::new(options.connections),
            options,
            state: Mutex::default(),
            task: Mutex::default(),
            gone: watch::Sender::new(false),
            look: Notify::new(),
            heard,
        }
    }

    /// The state. What a panic left behind is as good as any.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn name(&self) -> &str {
        self.node.name()
    }

    pub(super) fn standing(&self) -> Standing {
        self.state().standing
    }

    pub(super) fn latency(&self) -> Option<Duration> {
        self.state().latency
    }

    pub(super) fn server(&self) -> Option<Server> {
        self.state().server
    }

    /// Why it is not used, if it is not.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        self.state().refusal.clone()
    }

    /// Starts the health task, if there is a runtime and it does not run.
    pub(super) fn watch(self: &Arc<Self>) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        if task.as_ref().is_none_or(JoinHandle::is_finished) && !self.is_gone() {
            *task = Some(runtime.spawn(super::watch::watch(Arc::clone(self))));
        }
    }

    pub(super) fn is_gone(&self) -> bool {
        *self.gone.borrow()
    }

    /// Tells when the node belongs to the farm no more.
    pub(super) fn going(&self) -> watch::Receiver<bool> {
        self.gone.subscribe()
    }

    /// Lets the node belong to the farm no more: its health task ends, and what is in use is closed once it is given back.
    pub(super) fn leave(&self) {
        self.gone.send_replace(true);
    }

    /// Waits until the health task has ended and every connection is closed.
    pub(super) async fn ended(&self) {
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            // Otherwise it ends only with its runtime, which is as good.
            let _ = task.await;
        }
        self.pool.close_idle(Duration::ZERO).await;
        self.pool.all_free().await;
        // One that was given back while we waited.
        self.pool.close_idle(Duration::ZERO).await;
    }

    /// Notes what a look at the node told, and returns whether there was no objection.
    pub(super) fn looked(&self, look: Look) -> bool {
        let Look { begun, found } = look;
        let now = Instant::now();
        let mut state = self.state();
        let refusal = match found {
            Ok((vitals, latency)) => {
                state.server = Some(Server::of(&vitals));
                if let Some(latency) = latency {
                    let smoothed = |old| (old * SMOOTHING + latency) / (SMOOTHING + 1);
                    state.latency = Some(state.latency.map_or(latency, smoothed));
                }
                vitals.objection().map(|reason| Refusal {
                    node: self.name().to_owned(),
                    reason,
                    code: None,
                    obstacle: None,
                    class: vitals.objection_class(),
                    place: Place::here(),
                })
            }
            Err(error) => {
                state.count(&error);
                Some(Refusal::new(self.name(), &error))
            }
        };
        let (before, is_good) = (state.standing, refusal.is_none());
        match refusal {
            None => {
                state.standing = before.cleared(begun, now);
                if state.standing.is_well() && !before.is_well() {
                    state.refusal = None;
                    let latency_us = state.latency.map(|latency| latency.as_micros());
                    tracing::info!(node = self.name(), latency_us, "the node may take work");
                }
            }
            Some(refusal) => {
                if !matches!(before, Standing::Banned { .. }) {
                    tracing::warn!(node = self.name(), reason = refusal.reason, "the node may take no work");
                }
                state.standing = before.banned(now);
                state.refusal = Some(refusal);
            }
        }
        drop(state);
        self.heard.notify_waiters();
        is_good
    }

    /// Bans the node for an error of its own, and lets it be looked at.
    pub(super) fn failed(&self, error: &Error) {
        let mut state = self.state();
        state.count(error);
        let before = state.standing;
        if !matches!(before, Standing::Banned { .. }) {
            tracing::warn!(node = self.name(), reason = error.reason(), "the node gets no work for a while");
        }
        state.standing = before.banned(Instant::now());
        let is_new = state.standing != before;
        state.refusal = Some(Refusal::new(self.name(), error));
        drop(state);
        // What else is open to it is of no more use than this was; what came back since was answered.
        if is_new {
            self.pool.abandon_idle();
        }
        self.look.notify_one();
    }

    /// Notes that a connection for work was opened.
    pub(super) fn connected(&self) {
        self.state().connections += 1;
        tracing::debug!(node = self.name(), "a connection was opened");
    }

    /// Notes that work succeeded.
    pub(super) fn succeeded(&self) {
        self.state().last_success = Some(SystemTime::now());
    }

    pub(super) fn stats(&self) -> NodeStats {
        let (open, idle) = self.pool.count();
        let state = self.state();
        let (last_error, last_error_message) = state.last_error.clone().unzip();
        NodeStats {
            name: self.name().to_owned(),
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
            open,
            idle,
            connections: state.connections,
            errors: state.errors,
            last_success: state.last_success,
            last_error,
            last_error_message,
        }
    }
}

impl State {
    fn count(&mut self, error: &Error) {
        self.errors += 1;
        self.last_error = Some((SystemTime::now(), error.reason()));
    }
}
