//! Why a lease could not be had, and who has it.

use std::fmt;
use std::time::Duration;

use super::{Margin, Name, Phase};
use crate::Place;
use crate::cluster::{self, Class, Instant};
use crate::schema::{LEASE_TABLE, Table};

/// Who holds a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Host, process and a random part, as the holder wrote it.
    pub owner: String,
    /// How often the lease has changed hands.
    pub epoch: u64,
    /// What the holder says it is doing: `work` or `ddl`.
    pub phase: String,
    /// The server that the holder works on, as `host:port`.
    pub node: String,
    /// Since when it is held over the connection that the row names.
    pub since: Option<Instant>,
    /// When it ends if it is not renewed.
    pub until: Option<Instant>,
    /// How long after that whoever looked would take it over.
    pub margin: Margin,
}

/// Why a lease could not be taken, kept or given back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Somebody else holds it, and kept it for longer than we would wait.
    #[error("the lease `{name}` of `{table}` is held by {holder}")]
    Held {
        /// The session table.
        table: Table,
        /// The lease.
        name: Name,
        /// Who holds it.
        holder: Box<Holder>,
        /// How long was waited for it.
        waited: Duration,
        /// Where it was given up.
        place: Place,
    },
    /// It was ours, ran out, and somebody else took it.
    #[error("the lease `{name}` of `{table}` was lost: epoch {epoch} has passed")]
    Lost {
        /// The session table.
        table: Table,
        /// The lease.
        name: Name,
        /// The epoch that was ours.
        epoch: u64,
        /// Where it was noticed.
        place: Place,
    },
    /// There is no table of leases.
    #[error("there is no table `{LEASE_TABLE}` beside `{table}`")]
    NoTable {
        /// The session table.
        table: Table,
        /// Where it was noticed.
        place: Place,
    },
    /// The account lacks a right.
    #[error("the account may not take a lease")]
    Denied {
        /// The statement that gives the right.
        grant: String,
        /// What the server said.
        #[source]
        source: Box<cluster::Error>,
    },
    /// The server refused, or is gone.
    #[error(transparent)]
    Cluster(#[from] cluster::Error),
}

impl Error {
    /// Returns the kind of trouble this is.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Held { .. } | Self::Lost { .. } => Class::Conflict,
            Self::NoTable { .. } => Class::Data,
            Self::Denied { .. } => Class::Config,
            Self::Cluster(error) => error.class(),
        }
    }

    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Held { place, .. } | Self::Lost { place, .. } | Self::NoTable { place, .. } => *place,
            Self::Denied { source, .. } => source.place(),
            Self::Cluster(error) => error.place(),
        }
    }
}

impl Holder {
    /// Returns whether the holder has sent a DDL, during which it can neither renew the lease nor give it back.
    #[must_use]
    pub fn is_in_ddl(&self) -> bool {
        self.phase == Phase::Ddl.as_str()
    }

    /// Returns when whoever looked may take the lease if the holder does not come back: the margin after its end.
    #[must_use]
    pub fn free_at(&self) -> Option<jiff::Timestamp> {
        let margin = jiff::SignedDuration::try_from(self.margin.length).ok()?;
        self.until?.0.checked_add(margin).ok()
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The row is input: whatever it holds must not reach a terminal as control characters.
        write!(f, "{}", self.owner.escape_debug())?;
        if let Some(since) = self.since {
            write!(f, " since {:.0}", since.0)?;
        }
        write!(f, " (phase {}, on {}", self.phase.escape_debug(), self.node.escape_debug())?;
        if let Some(until) = self.until {
            // During a DDL nobody can renew it, so it is taken for longer than the statement should need.
            let why = if self.is_in_ddl() { "which outlasts its ALTER" } else { "unless renewed" };
            write!(f, ", until {:.0}{} {why}", until.0, if self.is_in_ddl() { "," } else { "" })?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_is_shown_without_control_characters() {
        let at = |text: &str| Some(Instant(text.parse().unwrap()));
        let holder = Holder {
            owner: "host:1:\u{1b}[2J".into(),
            epoch: 3,
            phase: "ddl".into(),
            node: "db1:3306".into(),
            since: at("2026-11-22T01:02:03.4Z"),
            until: at("2026-11-22T01:04:03.4Z"),
            margin: Margin::default(),
        };
        assert_eq!(
            holder.to_string(),
            "host:1:\\u{1b}[2J since 2026-11-22T01:02:03Z (phase ddl, on db1:3306, until 2026-11-22T01:04:03Z, which outlasts its ALTER)"
        );
        assert_eq!(holder.free_at().map(|at| at.to_string()).as_deref(), Some("2026-11-22T01:04:08.4Z"));
        let working = Holder { phase: "work".into(), ..holder };
        assert!(working.to_string().ends_with("until 2026-11-22T01:04:03Z unless renewed)"), "{working}");
    }
}
