//! The lease under which a purge works, so that one purge or cleanup event runs in the whole cluster.

use std::ops::ControlFlow;
use std::time::Duration;

use super::error::Error;
use super::plan::Plan;
use super::step::Step;
use crate::Place;
use crate::cluster::{self, Cluster, Connection};
use crate::lease::{self, Holder, Lease, Name, Phase, Terms};
use crate::pacing::Stop;
use crate::schema::Table;

/// Whether a purge takes the lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leasing {
    /// It takes it, and waits this long while somebody else holds it.
    Take {
        /// How long to wait; zero tries once.
        wait: Duration,
    },
    /// It goes without: for an account that may not write our tables. Two purges at once delete nothing that one would not,
    /// and hinder each other.
    Without,
}

impl Default for Leasing {
    fn default() -> Self {
        Self::Take { wait: Duration::ZERO }
    }
}

/// How the lease was found when the purge was planned.
#[derive(Clone, Debug)]
pub enum Found {
    /// Nobody has it.
    Free,
    /// Somebody purges, by command or by event.
    Held(Box<Holder>),
    /// There is no table of leases.
    NoTable,
    /// The account may not read it.
    Denied {
        /// The statement that gives the right, for somebody who may.
        grant: String,
    },
}

/// The shortest there is: a purge that was killed keeps the next one from its work for no longer than needed.
const LENGTH: Duration = lease::SHORTEST;

/// Looks who has the lease. Waits for nobody.
pub(super) async fn look(connection: &mut Connection, table: &Table) -> Result<Found, cluster::Error> {
    match lease::holder(connection, table, Name::Purge).await {
        Ok(None) => Ok(Found::Free),
        Ok(Some(holder)) => Ok(Found::Held(Box::new(holder))),
        Err(lease::Error::Denied { grant, .. }) => Ok(Found::Denied { grant }),
        Err(lease::Error::Cluster(error)) => Err(error),
        Err(_) => Ok(Found::NoTable),
    }
}

impl Plan {
    /// Looks whether the lease can be had, as far as the plan knows: to be told before anybody is asked.
    ///
    /// # Errors
    ///
    /// [`Error::Lease`] if somebody else has it and is not waited for, or if there is no table of leases.
    #[track_caller]
    pub fn leasable(&self, leasing: Leasing) -> Result<(), Error> {
        let Leasing::Take { wait } = leasing else { return Ok(()) };
        let (table, name, place) = (self.table.clone(), Name::Purge, Place::here());
        match &self.lease {
            Found::Held(holder) if wait.is_zero() => {
                let holder = holder.clone();
                Err(lease::Error::Held { table, name, holder, waited: Duration::ZERO, place }.into())
            }
            Found::NoTable => Err(lease::Error::NoTable { table, place }.into()),
            // Taking it says which right is lacking, with the server's own words.
            Found::Held(_) | Found::Free | Found::Denied { .. } => Ok(()),
        }
    }
}

/// The lease of a purge that runs.
#[derive(Debug)]
pub(super) struct Leased {
    leasing: Leasing,
    held: Option<Lease>,
    /// Whether the connection is another one than that which last wrote the lease's row: meanwhile it may have been lost.
    unchecked: bool,
}

impl Leased {
    pub(super) fn new(leasing: Leasing) -> Self {
        Self { leasing, held: None, unchecked: false }
    }

    /// Notes that the purge goes on over another connection.
    pub(super) fn recheck(&mut self) {
        self.unchecked = true;
    }

    /// Takes the lease if it is not ours yet, else renews it where that is due. False if a stop was asked for while it was
    /// waited for.
    pub(super) async fn keep(
        &mut self,
        connection: &mut Connection,
        (cluster, table): (&Cluster, &Table),
        stop: &Stop,
        tell: &mut (dyn FnMut(Step<'_>) + Send),
    ) -> Result<bool, lease::Error> {
        let Leasing::Take { wait } = self.leasing else { return Ok(true) };
        if let Some(lease) = &mut self.held {
            if self.unchecked {
                lease.renew(connection, Phase::Work, LENGTH).await?;
            } else {
                lease.keep(connection).await?;
            }
            self.unchecked = false;
            return Ok(true);
        }
        let terms = Terms { length: LENGTH, wait, cluster };
        let waiting = |holder: &Holder, waited: Duration| {
            tell(Step::Waiting { holder, waited });
            if stop.asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        self.held = lease::acquire(connection, table, Name::Purge, terms, waiting).await?;
        self.unchecked = false;
        Ok(self.held.is_some())
    }

    /// Gives the lease back, if it is ours. One that cannot be given back runs out by itself.
    pub(super) async fn release(&mut self, connection: &mut Connection) {
        if let Some(lease) = self.held.take()
            && let Err(error) = lease.release(connection).await
        {
            tracing::warn!("the lease was not given back: {error}");
        }
    }
}
