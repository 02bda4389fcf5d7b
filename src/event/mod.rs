//! The cleanup that the server runs itself: an EVENT that deletes expired sessions.
//!
//! An event looks simple and is not, on a cluster: it is stored on every node and enabled on the one that ran the last
//! `CREATE` or `ALTER`; the scheduler that runs it is a switch of each node; and no status of it proves that anything was
//! deleted. So this module writes the statements ([`create`], [`alter`]: pure), looks at every node ([`inspect()`]),
//! concludes from all of it and from the age of the oldest expired row ([`judge()`]: pure), and installs the event on one
//! node ([`plan()`] and [`install()`]).
//!
//! It ends where rows begin: deleting them from outside the server is the business of `purge`.

mod definition;
mod documented;
mod error;
mod inspect;
mod install;
mod judge;
mod plan;
mod render;

pub use definition::{Definition, Name};
pub use documented::{DOCUMENTED_NAME, cleans};
pub use error::Error;
pub use inspect::{Backlog, Found, Seen, Sight, View, backlog, inspect};
pub use install::{FirstRun, Installed, Step, install};
pub use judge::{NodeReport, Question, Report, Status, judge};
pub use plan::{Action, Plan, Scheduler, Wishes, plan};
pub use render::{alter, body, create};
