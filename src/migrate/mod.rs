//! The schema, brought to where it should be, on a cluster that is in use.
//!
//! DDL is not transactional, and under Galera every statement that fails is a vote of the cluster. So each migration
//! is one statement with a guard: a look into `information_schema` that says whether what it brings is there already.
//! Nothing is sent that a guard foresees to fail, and after any interruption the guards are read again and the work
//! goes on. One runner at a time holds the lease `migrate` (see [`lease`](crate::lease)), and each record in the
//! history is fenced by its epoch.
//!
//! - [`inspect`] reads what is there, and writes nothing, not even our own tables;
//! - [`plan`] and [`status`] say what follows from it, and are pure;
//! - [`verify`] compares every node with what is expected and with the others;
//! - [`begin`] looks, and the [`Runner`] that it returns does what is left, telling its caller each step;
//!   what that is, a [`Task`] says: to bring what is pending, to record what is there, to put the history right, to take
//!   migrations back.

mod adopt;
mod catalog;
mod dedupe;
mod down;
mod error;
mod estimate;
mod fence;
mod guard;
mod inspect;
mod ledger;
mod look;
mod outcome;
mod pinned;
mod plan;
mod record;
mod repair;
mod run;
mod stall;
mod statement;
mod status;
mod task;
pub mod verify;

pub use catalog::{Migration, all};
pub use dedupe::Deduped;
pub use down::{Down, Loss};
pub use error::Error;
pub use guard::Misfit;
pub use inspect::{Column, Depth, Duplicate, Duplicates, Found, Inspected, inspect, misfit};
pub use ledger::{Record, State};
pub use outcome::{Done, Event, Outcome};
pub use pinned::Server;
pub use plan::{Action, Goal, OnDuplicates, Plan, Step, plan, plan_for};
pub use repair::{Irreparable, Reason, irreparable};
pub use run::{Runner, begin};
pub use stall::Stall;
pub use status::{Standing, Status, status};
pub use task::Task;
