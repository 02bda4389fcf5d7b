//! Deleting expired sessions, in batches that the cluster does not feel.
//!
//! [`plan`] fixes the moment by the server's clock and counts what is past it; [`run`] deletes exactly that, oldest
//! first, through conflicts and the loss of a node. How large a batch is and what follows a failure are pure
//! functions of [`pacing`](crate::pacing). One purge or cleanup event runs at a time in the whole cluster: it holds the
//! lease [`Purge`](crate::lease::Name::Purge). Nothing here prints or asks: what happens is told through a callback that
//! takes a [`Step`].
//!
//! It lets the cluster breathe: every node is looked at ten times a second, and batches wait while flow control pauses
//! writes, a receive queue fills, a replica falls behind or a server is busy.
//!
//! What it does not do: it never waits for a quieter hour, and it never deletes a row whose `expire_on` is not past the
//! plan's cutoff, however long it runs.

mod access;
mod ending;
mod error;
mod leased;
mod plan;
mod recovery;
mod run;
mod step;
mod worker;

pub use crate::pacing::{Beat, Leasing, Limits, RowImage, Stop, Throttle, Throttles};
pub use access::Access;
pub use error::Error;
pub use leased::Found;
pub use plan::{Denied, Estimate, Grace, Plan, plan};
pub use run::{Options, run};
pub use step::{Outcome, Step, Stopped};
