//! Work in batches beside others: how large the next one is, when it has to wait, what follows a failure.
//!
//! [`purge`](crate::purge) and [`fleet`](crate::fleet) work this way: they aim at batches of some time, look at every node
//! ten times a second and wait while one has to breathe, back off from conflicts and go on elsewhere when a node is lost.
//! The rules are pure functions ([`pace`], [`strain`], [`after_failure`]); what is sent to the servers is the caller's.


mod pace;
mod retry;
mod stop;
mod strain;
mod throttles;
mod watch;
mod watched;

pub(crate) use watched::watched;
pub use pace::{Limits, Measured, Pace, Throttle, pace};
pub use retry::{Move, Trouble, after_failure};
pub use stop::Stop;
pub use strain::{Queue, Reading, Replica, strain};
pub use throttles::Throttles;
pub(crate) use watch::Watch;
