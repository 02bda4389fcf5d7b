//! Where each migration stands. Pure, and never an error: it is what one looks at when something is wrong.

use std::time::Duration;

use crate::cluster::Instant;

use super::catalog::{Migration, all};
use super::guard::{self, Misfit};
use super::inspect::Inspected;
use super::ledger::State;
use super::plan::record;

/// Where all migrations stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Each migration, in order.
    pub migrations: Vec<Standing>,
    /// How many of them are not recorded as done.
    pub pending: usize,
    /// Why the pending ones cannot be applied to the table as it is.
    pub misfit: Option<Misfit>,
}

/// Where one migration stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The migration.
    pub migration: &'static Migration,
    /// What the history says, `None` if nothing.
    pub state: Option<State>,
    /// When it was recorded as done.
    pub applied_at: Option<Instant>,
    /// How long its statement took.
    pub elapsed: Option<Duration>,
    /// Whether the table has what it brings; `None` where the table is of another shape altogether.
    pub present: Option<bool>,
    /// Whether the history has it with the text that this program has; true where it has none.
    pub same_text: bool,
}

impl Standing {
    /// Returns whether it is still to be done or recorded.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        !self.state.is_some_and(State::is_final)
    }
}

/// Says where each migration stands.
#[must_use]
pub fn status(inspected: &Inspected) -> Status {
    let standing = |migration: &'static Migration| {
        let record = record(inspected, migration);
        let done = record.filter(|record| record.state.is_final());
        Standing {
            migration,
            state: record.map(|record| record.state),
            applied_at: done.and_then(|record| record.applied_at),
            elapsed: done.map(|record| record.elapsed),
            present: guard::is_there(migration.version, inspected.table.as_ref()).ok(),
            same_text: record.is_none_or(|record| record.checksum == migration.checksum()),
        }
    };
    let migrations: Vec<Standing> = all().iter().map(standing).collect();
    let pending = migrations.iter().filter(|standing| standing.is_pending()).count();
    let misfit = guard::misfit(inspected.table.as_ref());
    Status { migrations, pending, misfit }
}

#[cfg(test)]
mod tests {
    use super::super::inspect::Found;
    use super::super::inspect::samples::{documented, inspected};
    use super::super::ledger::Record;
    use super::*;

    fn row(version: u32, state: State) -> Record {
        let migration = &all()[version as usize - 1];
        Record {
            version,
            name: migration.name.into(),
            checksum: migration.checksum(),
            state,
            applied_at: Some(Instant(jiff::Timestamp::UNIX_EPOCH)),
            elapsed: Duration::from_secs(1),
        }
    }

    #[test]
    fn without_a_history_everything_is_pending() {
        let status = status(&inspected(Some(documented()), None));
        assert_eq!(status.pending, 3);
        let present: Vec<Option<bool>> = status.migrations.iter().map(|standing| standing.present).collect();
        assert_eq!(present, [Some(true), Some(false), Some(false)]);
    }

    #[test]
    fn what_was_interrupted_is_pending_and_has_no_time() {
        let history = vec![row(1, State::Adopted), row(2, State::Running), row(3, State::Failed)];
        let status = status(&inspected(Some(documented()), Some(history)));
        assert_eq!(status.pending, 2);
        let times: Vec<bool> = status.migrations.iter().map(|standing| standing.applied_at.is_some()).collect();
        assert_eq!(times, [true, false, false]);
    }

    #[test]
    fn a_misfit_and_another_text_are_told_and_are_no_error() {
        let view = Found { kind: "VIEW".into(), ..documented() };
        let history = vec![Record { checksum: "other".into(), ..row(1, State::Applied) }];
        let status = status(&inspected(Some(view), Some(history)));
        assert_eq!((status.migrations[0].present, status.migrations[0].same_text), (None, false));
        assert!(status.migrations[1].same_text);
        assert_eq!(status.misfit, Some(Misfit::Kind { kind: "VIEW".into() }));
    }
}
