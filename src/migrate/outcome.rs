//! What a run tells while it works, and what it did.

use std::time::Duration;

use crate::lease::Holder;

use super::catalog::Migration;
use super::dedupe::Deduped;
use super::ledger::State;
use super::plan::{Plan, Step};
use super::stall::Stall;

/// What happens while the migrations run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Somebody else migrates; told before each look at whether they are done.
    Waiting {
        /// Who it is.
        holder: &'a Holder,
        /// For how long we have waited so far.
        waited: Duration,
    },
    /// A step begins.
    Starting {
        /// The step.
        step: &'a Step,
        /// The plan that it is the first step of, made a moment ago.
        plan: &'a Plan,
    },
    /// The lease of somebody who did not come back was taken over.
    TookOver {
        /// Who it was, and how long after its end the lease was taken.
        holder: &'a Holder,
    },
    /// Rows of a duplicate id were deleted.
    Deduped {
        /// How many there were in this run so far.
        so_far: Deduped,
    },
    /// The history was changed.
    Recorded(&'a Done),
}

/// A migration whose record this run made, changed or struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The migration.
    pub migration: &'static Migration,
    /// How it is recorded now; `None` if it is not any more.
    pub state: Option<State>,
    /// How long its statement took; zero where none was run.
    pub elapsed: Duration,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The migrations whose records it changed, in order.
    pub done: Vec<Done>,
    /// The migrations that the history did not have as done at its end; unknown, and none, if it was stopped.
    pub pending: Vec<&'static Migration>,
    /// The rows that it deleted because a newer one has the same id.
    pub deduped: Deduped,
    /// The longest that a write on another node waited while a statement ran; `None` if none was timed.
    pub stall: Option<Stall>,
    /// How long it waited for others.
    pub waited: Duration,
    /// Whether it was stopped with work left.
    pub stopped: bool,
}
