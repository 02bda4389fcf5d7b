//! Deleting expired sessions, in batches that the cluster does not feel.
//!
//! [`plan`] fixes the moment by the server's clock and counts what is past it; [`run`] deletes exactly that, oldest
//! first, through conflicts and the loss of a node. How large a batch is and what follows a failure are pure
//! functions ([`pace`], [`after_failure`]). One purge or cleanup event runs at a time in the whole cluster: it holds the
//! lease [`Purge`](crate::lease::Name::Purge). Nothing here prints or asks: what happens is told through a callback that
//! takes a [`Step`].
//!
//! It lets the cluster breathe: every node is looked at ten times a second, and batches wait while flow control pauses
//! writes, a receive queue fills, a replica falls behind or a server is busy ([`strain`]).
//!
//! What it does not do: it never waits for a quieter hour, and it never deletes a row whose `expire_on` is not past the
//! plan's cutoff, however long it runs.

mod ending;
mod error;
mod leased;
mod pace;
mod plan;
mod recovery;
mod retry;
mod run;
mod step;
mod stop;
mod strain;
mod watch;
mod watched;
mod worker;

pub use error::Error;
pub use leased::{Found, Leasing};
pub use pace::{Limits, Measured, Pace, Throttle, pace};
pub use plan::{Denied, Estimate, Grace, Plan, plan};
pub use retry::{Move, Trouble, after_failure};
pub use run::{Options, run};
pub use step::{Outcome, Step, Stopped, Throttles};
pub use stop::Stop;
pub use strain::{Queue, Reading, Replica, strain};
pub use worker::RowImage;
