//! Which nodes may take sessions, and why not the others.
//!
//! [`probe`] asks all nodes at once and never fails: a node that cannot be asked is an answer too. [`judge()`] (pure) turns
//! the readings into one verdict a node, with the variable that decided it, and one for the cluster. Whether a single
//! node may take a statement is decided in [`cluster`](crate::cluster); here it is graded and compared with the others.

mod grade;
mod judge;
mod mend;
mod probe;

pub use grade::{NodeReport, NodeVerdict};
pub use judge::{ClusterKind, ClusterVerdict, Report, judge};
pub use probe::{Outcome, Reading, Taken, probe};
