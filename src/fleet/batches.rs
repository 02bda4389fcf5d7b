//! What deleting and signing anew have in common: a connection that changes rows in batches, at a pace that others bear.

use std::time::{Duration, Instant};

use super::target::read_escapes;
use crate::cluster::{self, Cluster, Connection, On};
use crate::lease;
use crate::pacing::{Beat, Leased, Limits, Pacer, Recovery, RowImage, Stop, Tally, batching, watched};
use crate::schema::Table;

/// How rows are changed.
#[derive(Clone, Debug)]
pub struct Paced {
    /// Where it starts. If that node is lost it goes on on any usable one.
    pub on: On,
    /// The size of the batches.
    pub limits: Limits,
    /// How long it goes on without a batch that goes through.
    pub patience: Duration,
    /// What of a changed row travels to the other nodes.
    pub row_image: RowImage,
}

impl Default for Paced {
    /// Any usable node, adaptive batches that aim at 100 ms, 30 s of patience, small row images where they can be had.
    fn default() -> Self {
        Self {
            on: On::Auto,
            limits: Limits::adaptive(Duration::from_millis(100)),
            patience: Duration::from_secs(30),
            row_image: RowImage::Auto,
        }
    }
}

/// The connection and its pace.
pub(super) struct Batches<'a> {
    cluster: &'a Cluster,
    paced: &'a Paced,
    stop: &'a Stop,
    pacer: Pacer<'a>,
    connection: Option<Connection>,
    node: Option<String>,
}

/// How one try ended.
pub(super) enum Tried<T> {
    /// It went through; why to wait after it is still to be done.
    Done(T),
    /// It failed, and is to be tried again; true if its answer was lost, so that it may have gone through.
    Again(bool),
    /// It failed for good.
    Failed(cluster::Error),
}

impl<'a> Batches<'a> {
    pub(super) fn new(cluster: &'a Cluster, paced: &'a Paced, stop: &'a Stop) -> Self {
        let pacer = Pacer::start(cluster, stop, &paced.limits, paced.patience);
        Self { cluster, paced, stop, pacer, connection: None, node: None }
    }

    /// Returns how many rows the next batch may have.
    pub(super) fn rows(&self) -> usize {
        usize::try_from(self.pacer.rows()).unwrap_or(usize::MAX)
    }

    /// Returns the last node that was worked on.
    pub(super) fn node(&self) -> Option<&str> {
        self.node.as_deref()
    }

    /// Waits until the cluster is at ease, or a stop is asked for.
    pub(super) async fn at_ease(&mut self, tell: &mut (dyn FnMut(Beat<'_>) + Send)) {
        while !self.stop.asked()
            && let Some(throttle) = self.pacer.strain()
        {
            self.pacer.breathe(&throttle, tell).await;
        }
    }

    /// Does one thing over the connection; `batch` has so many rows, or none where it only reads.
    pub(super) async fn attempt<T>(
        &mut self,
        batch: Option<usize>,
        tell: &mut (dyn FnMut(Beat<'_>) + Send),
        work: impl AsyncFnOnce(&mut Connection) -> Result<T, cluster::Error>,
    ) -> Tried<T> {
        let began = Instant::now();
        let outcome = match self.connected(tell).await {
            Ok(connection) => work(connection).await,
            Err(error) => Err(error),
        };
        self.settle(outcome, (batch, began), tell).await
    }

    /// Does what an outcome calls for.
    async fn settle<T>(
        &mut self,
        outcome: Result<T, cluster::Error>,
        (batch, began): (Option<usize>, Instant),
        tell: &mut (dyn FnMut(Beat<'_>) + Send),
    ) -> Tried<T> {
        let rows = batch.map_or(self.pacer.rows(), |rows| rows as u64);
        match outcome {
            Ok(done) => {
                if batch.is_some()
                    && let Some(throttle) = self.pacer.went_through(rows, began.elapsed())
                    && !self.stop.asked()
                {
                    self.pacer.pause(&throttle, tell).await;
                }
                Tried::Done(done)
            }
            Err(error) => {
                let lost = error.may_have_gone_through();
                match self.pacer.recover(error, (rows, self.node.is_some()), tell).await {
                    Ok(Recovery::Reconnect) => self.connection = None,
                    // A read waits for no lock, but for what the cluster has committed: where that takes too long (1205), the
                    // node may be cut off, and is looked at again.
                    Ok(Recovery::Again) if batch.is_none() => self.connection = None,
                    Ok(Recovery::Again | Recovery::Waited) => {}
                    Err(error) => return Tried::Failed(error),
                }
                Tried::Again(lost)
            }
        }
    }

    async fn connected(&mut self, tell: &mut (dyn FnMut(Beat<'_>) + Send)) -> Result<&mut Connection, cluster::Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                // The node asked for is where it starts; after a loss any will do.
                let on = if self.node.is_none() { self.paced.on.clone() } else { On::Auto };
                let mut connection = batching(self.cluster, &on, self.paced.row_image, tell).await?;
                read_escapes(&mut connection).await?;
                self.node = Some(connection.node().to_owned());
                connection
            }
        };
        Ok(self.connection.insert(connection))
    }

    /// Takes the lease, or renews it where that is due; `Ok(false)` if a stop was asked for while it was waited for.
    pub(super) async fn keep(
        &mut self,
        lease: &mut Leased,
        place: (&Cluster, &Table),
        stop: &Stop,
        tell: &mut (dyn FnMut(Beat<'_>) + Send),
    ) -> Tried<Result<bool, lease::Error>> {
        if self.connection.is_none() {
            lease.recheck();
        }
        let began = Instant::now();
        let outcome = match self.connected(tell).await {
            Ok(connection) => {
                let node = connection.node().to_owned();
                match watched(place.0, &node, lease.keep(connection, place, stop, tell)).await {
                    Err(lease::Error::Cluster(error)) => Err(error),
                    outcome => Ok(outcome),
                }
            }
            Err(error) => Err(error),
        };
        self.settle(outcome, (None, began), tell).await
    }

    /// Gives the lease back. One that cannot be given back runs out by itself.
    pub(super) async fn release(&mut self, lease: &mut Leased, tell: &mut (dyn FnMut(Beat<'_>) + Send)) {
        let cluster = self.cluster;
        let work = async |it: &mut Connection| {
            let node = it.node().to_owned();
            let released = async {
                lease.release(it).await;
                Ok(())
            };
            watched(cluster, &node, released).await
        };
        // A node that hangs takes no lease back either.
        let _: Tried<()> = self.attempt(None, tell, work).await;
    }

    /// Gives the connection back, and returns what the batches came to.
    pub(super) async fn close(self) -> Tally {
        if let Some(connection) = self.connection {
            connection.close().await;
        }
        self.pacer.close().await
    }
}
