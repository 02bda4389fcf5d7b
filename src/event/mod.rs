//! The cleanup that the server runs itself: an EVENT that deletes expired sessions.
//!
//! An event looks simple and is not, on a cluster: it is stored on every node and enabled on the one that ran the last
//! `CREATE` or `ALTER`; the scheduler that runs it is a switch of each node; nothing keeps two runs from meeting; and no
//! status of it proves that anything was deleted. So this module writes the statements ([`create`], [`alter`], [`body`]:
//! pure), whose runs take the cluster's lease and record themselves there; looks at every node ([`inspect()`]); concludes
//! from all of it and from the age of the oldest expired row ([`judge()`]: pure, [`examine`]: with the looking); installs
//! the event on one node ([`plan()`] and [`install()`]), shows it in SQL ([`show()`]) and removes it from all
//! ([`removal`] and [`remove()`]).
//!
//! It ends where rows begin: deleting them from outside the server is the business of `purge`.

mod backlog;
mod body;
mod definition;
mod documented;
mod error;
mod inspect;
mod install;
mod judge;
mod name;
mod plan;
mod record;
mod remove;
mod render;
mod rights;
mod show;
mod watch;

pub use backlog::{Backlog, backlog};
pub use body::body;
pub use definition::{Choices, Definition};
pub use documented::{DOCUMENTED_NAME, cleans};
pub use error::Error;
pub use inspect::{Found, Seen, Sight, View, inspect};
pub use install::{Installed, Step, install};
pub use judge::{Evidence, Instead, NodeReport, Question, Report, Status, examine, judge};
pub use name::Name;
pub use plan::{Action, Change, Documented, Other, Plan, Scheduler, Unchanged, Wishes, plan};
pub use record::{Record, Run, Standing, standing};
pub use remove::{Removal, removal, remove};
pub use render::{SESSION, alter, create, drop};
pub use show::{Shown, Stored, show};
pub use watch::FirstRun;
