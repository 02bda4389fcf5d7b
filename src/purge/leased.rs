//! The lease under which a purge works, so that one purge or cleanup event runs in the whole cluster.

use std::time::Duration;

use super::error::Error;
use super::plan::Plan;
use crate::Place;
use crate::cluster::{self, Connection};
use crate::lease::{self, Holder, Name};
use crate::pacing::Leasing;
use crate::schema::Table;

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
