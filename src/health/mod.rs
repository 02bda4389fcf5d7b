//! Which nodes may take sessions, and why not the others.
//!
//! [`probe`] asks all nodes at once and never fails: a node that cannot be asked is an answer too. [`judge()`] (pure) turns
//! the readings into one verdict a node, with the variable that decided it, and one for the cluster. Whether a single
//! node may take a statement is decided in [`cluster`](crate::cluster); here it is graded and compared with the others.

mod between;
mod certificate;
mod check;
mod clocks;
mod definition;
mod grade;
mod judge;
mod load;
mod mend;
mod observer;
mod probe;
mod sessions;
mod thresholds;
mod watch;

pub use check::{Check, Expected, Scope, check};
pub use clocks::Zone;
pub use definition::differences;
pub(crate) use definition::told;
pub use grade::{NodeReport, NodeVerdict};
pub use judge::{ClusterKind, ClusterVerdict, Report, judge, judge_by};
pub use load::{Load, Rates};
pub use observer::Observer;
pub use probe::{Outcome, Reading, Taken, probe, probe_over};
pub use sessions::{Count, Sessions, sessions};
pub use thresholds::Thresholds;
pub use watch::{Pace, Sight, Watch};
