//! The lease under which work in batches is done, so that one does it in the whole cluster.

use std::ops::ControlFlow;
use std::time::Duration;

use super::pacer::Tell;
use super::{Beat, Stop};
use crate::cluster::{Cluster, Connection};
use crate::lease::{self, Holder, Lease, Name, Phase, Terms};
use crate::schema::Table;

/// Whether work takes the lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leasing {
    /// It takes it, and waits this long while somebody else holds it.
    Take {
        /// How long to wait; zero tries once.
        wait: Duration,
    },
    /// It goes without: for an account that may not write our tables. Two purges at once delete nothing that one would not,
    /// and hinder each other; two that sign anew likewise.
    Without,
}

impl Default for Leasing {
    fn default() -> Self {
        Self::Take { wait: Duration::ZERO }
    }
}

/// The shortest there is: one that was killed keeps the next one from its work for no longer than needed.
const LENGTH: Duration = lease::SHORTEST;

/// The lease of work that runs.
#[derive(Debug)]
pub(crate) struct Leased {
    name: Name,
    leasing: Leasing,
    held: Option<Lease>,
    /// Whether the connection is another one than that which last wrote the lease's row: meanwhile it may have been lost.
    unchecked: bool,
}

impl Leased {
    pub(crate) fn new(name: Name, leasing: Leasing) -> Self {
        Self { name, leasing, held: None, unchecked: false }
    }

    /// Notes that the work goes on over another connection.
    pub(crate) fn recheck(&mut self) {
        self.unchecked = true;
    }

    /// Takes the lease if it is not ours yet, else renews it where that is due. False if a stop was asked for while it was
    /// waited for.
    pub(crate) async fn keep(
        &mut self,
        connection: &mut Connection,
        (cluster, table): (&Cluster, &Table),
        stop: &Stop,
        tell: Tell<'_>,
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
            tell(Beat::Waiting { holder, waited });
            if stop.asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        self.held = lease::acquire(connection, table, self.name, terms, waiting).await?;
        self.unchecked = false;
        Ok(self.held.is_some())
    }

    /// Gives the lease back, if it is ours. One that cannot be given back runs out by itself.
    pub(crate) async fn release(&mut self, connection: &mut Connection) {
        if let Some(lease) = self.held.take()
            && let Err(error) = lease.release(connection).await
        {
            tracing::warn!("the lease was not given back: {error}");
        }
    }
}
