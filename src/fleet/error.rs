//! Why many sessions could not be read or changed.

use crate::Place;
use crate::cluster::{self, Class};

/// Why many sessions could not be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing was read: no node was usable, or a statement failed.
    #[error(transparent)]
    Cluster(#[from] cluster::Error),
    /// A scan ended before its time; what it had handed out until then holds.
    #[error("the scan broke off after {rows} rows")]
    BrokeOff {
        /// Rows that it had handed out.
        rows: u64,
        /// What ended it.
        #[source]
        source: cluster::Error,
    },
}

impl Error {
    /// Returns the kind of trouble this is.
    #[must_use]
    pub fn class(&self) -> Class {
        self.cluster().class()
    }

    /// Returns the cluster's error behind it.
    #[must_use]
    pub fn cluster(&self) -> &cluster::Error {
        match self {
            Self::Cluster(source) | Self::BrokeOff { source, .. } => source,
        }
    }

    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        self.cluster().place()
    }
}
