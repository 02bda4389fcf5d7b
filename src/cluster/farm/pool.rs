//! The connections to one node: those in use, and those that wait for use.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::member::{Look, Member};
use crate::Place;
use crate::cluster::{Class, Connection, Error, Refusal, Vitals};

/// The connections to one node.
///
/// A place is taken while a connection is used, opened or closed; those that wait for use take none. As one is opened
/// only by whoever has a place and finds none waiting, there are never more than there are places.
pub(super) struct Pool {
    size: u32,
    places: Arc<Semaphore>,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

/// A connection and the place that it takes.
type Placed = (Connection, Permit);
/// A place for a connection.
pub(super) type Permit = OwnedSemaphorePermit;

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
    /// There until this is dropped.
    placed: Option<Placed>,
    returned: Arc<Mutex<Option<Placed>>>,
}

/// What becomes of a connection that nobody waits for any more when it is there at last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    /// It waits for the next use.
    Keep,
    /// It is closed.
    Close,
}

impl Pool {
    pub(super) fn new(size: usize) -> Self {
        let size = u32::try_from(size).unwrap_or(u32::MAX).clamp(1, 1 << 16);
        Self { size, places: Arc::new(Semaphore::new(size as usize)), idle: Mutex::default() }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many connections there are, and how many of them wait for use.
    pub(super) fn count(&self) -> (usize, usize) {
        let idle = self.idle().len();
        (idle + self.size as usize - self.places.available_permits(), idle)
    }

    /// Closes those that have waited for use for so long, all at once: a node that hangs answers none of them.
    pub(super) async fn close_idle(&self, limit: Duration) {
        let now = Instant::now();
        let late: Vec<Idle> =
            self.idle().extract_if(.., |idle| now.saturating_duration_since(idle.since) >= limit).collect();
        join_all(late.into_iter().map(|Idle { connection, .. }| connection.close())).await;
    }

    /// Gives those up that wait for use.
    pub(super) fn abandon_idle(&self) {
        let idle = std::mem::take(&mut *self.idle());
        for Idle { connection, .. } in idle {
            connection.abandon(());
        }
    }

    /// Waits until no connection is in use.
    pub(super) async fn all_free(&self) {
        // Nobody closes it.
        let _ = self.places.acquire_many(self.size).await;
    }
}

impl Member {
    /// Returns a place, if one is free.
    pub(super) fn free_place(&self) -> Option<Permit> {
        Arc::clone(&self.pool.places).try_acquire_owned().ok()
    }

    /// Waits for a place, for as long as it takes.
    pub(super) async fn place(&self) -> Result<Permit, Refusal> {
        if let Some(permit) = self.free_place() {
            return Ok(permit);
        }
        let was_well = self.standing().is_well();
        // Nobody closes it.
        let Ok(permit) = Arc::clone(&self.pool.places).acquire_owned().await else { return Err(self.ending()) };
        // What went wrong for those before us would go wrong for us.
        if was_well && let Some(refusal) = self.refusal() {
            return Err(refusal);
        }
        Ok(permit)
    }

    /// Takes a connection that waits for use, or opens one, for which there is a place.
    pub(super) async fn take(self: &Arc<Self>, permit: Permit) -> Result<Taken, Refusal> {
        match self.idle_with(permit) {
            Ok(taken) => Ok(taken),
            Err(permit) => self.open(permit, Late::Keep).await,
        }
    }

    /// Takes a connection that waits for use, if there is one.
    pub(super) fn take_idle(self: &Arc<Self>) -> Option<Taken> {
        let permit = self.free_place()?;
        self.idle_with(permit).ok()
    }

    /// Opens a connection, if there is a place for one.
    pub(super) async fn open_another(self: &Arc<Self>, late: Late) -> Result<Taken, Refusal> {
        let Some(permit) = self.free_place() else {
            return Err(self.refused(format!("all {} connections are in use", self.pool.size)));
        };
        self.open(permit, late).await
    }

    fn idle_with(self: &Arc<Self>, permit: Permit) -> Result<Taken, Permit> {
        let newest = self.pool.idle().pop();
        match newest {
            Some(Idle { connection, since }) if since.elapsed() < self.options.idle => {
                Ok(Taken::new(self, (connection, permit)))
            }
            Some(Idle { connection, .. }) => {
                // All the others have waited longer.
                connection.abandon(());
                self.pool.abandon_idle();
                Err(permit)
            }
            None => Err(permit),
        }
    }

    /// Opens a connection in a task of its own: whoever gives up waiting leaves no connect behind that was broken off in
    /// the middle, which the server would count as an aborted one.
    async fn open(self: &Arc<Self>, permit: Permit, late: Late) -> Result<Taken, Refusal> {
        let (done, told) = oneshot::channel();
        let member = Arc::clone(self);
        tokio::spawn(async move {
            let taken = member.connect().await.map(|connection| Taken::new(&member, (connection, permit)));
            if let Err(Ok(taken)) = done.send(taken)
                && late == Late::Keep
            {
                taken.give_back();
            }
        });
        told.await.unwrap_or_else(|_| Err(self.ending()))
    }

    fn ending(&self) -> Refusal {
        self.refused("the program is ending".to_owned())
    }

    fn refused(&self, reason: String) -> Refusal {
        Refusal {
            node: self.name().to_owned(),
            reason,
            code: None,
            obstacle: None,
            class: Class::Node,
            place: Place::here(),
        }
    }

    /// Connects. Where nobody knows yet what the node is, it is looked at first.
    async fn connect(&self) -> Result<Connection, Refusal> {
        let deadlines = self.options.deadlines;
        let failed = |error: Error| {
            self.failed(&error);
            Refusal::new(self.name(), &error)
        };
        let begun = Instant::now();
        let mut connection = self.node.connect(deadlines.connect).await.map_err(failed)?;
        self.connected();
        if self.server().is_none() {
            let found = Vitals::read(&mut connection).await.map(|vitals| (vitals, None));
            self.looked(Look { begun, found });
            if let Some(refusal) = self.refusal() {
                connection.abandon(());
                return Err(refusal);
            }
        }
        if let Some(server) = self.server() {
            connection.set_server(server);
        }
        connection.set_deadline(deadlines.statement);
        Ok(connection)
    }
}

impl Taken {
    fn new(member: &Arc<Member>, placed: Placed) -> Self {
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
        Some(Lent { placed: self.placed.take(), returned: Arc::clone(&self.returned) })
    }

    /// Lets the connection wait for the next use, if it is as it was.
    pub(super) fn give_back(mut self) {
        self.connection();
        let Some((connection, place)) = self.placed.take() else { return };
        if self.member.options.idle.is_zero() || !connection.is_reusable() {
            connection.abandon(place);
            return;
        }
        self.member.pool.idle().push(Idle { connection, since: Instant::now() });
        // Only now: whoever waits for the place finds the connection.
        drop(place);
        // Asked last: who left before this has not seen it.
        if self.member.is_gone() {
            self.member.pool.abandon_idle();
        }
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
        &self.placed.as_ref().expect("it is taken out only as this is dropped").0
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.placed.as_mut().expect("it is taken out only as this is dropped").0
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        *self.returned.lock().unwrap_or_else(PoisonError::into_inner) = self.placed.take();
    }
}
