//! Work in batches beside others: how large the next one is, when it has to wait, what follows a failure.
//!
//! [`purge`](crate::purge) and [`fleet`](crate::fleet) work this way: they aim at batches of some time, look at every node
//! ten times a second and wait while one has to breathe, back off from conflicts and go on elsewhere when a node is lost.
//! The rules are pure functions ([`pace`], [`strain`], [`after_failure`]); what is sent to the servers is the caller's.

mod beat;
mod leased;
mod pace;
mod pacer;
mod retry;
mod session;
mod stop;
mod strain;
mod throttles;
mod watch;
mod watched;

pub use beat::Beat;
pub(crate) use leased::Leased;
pub use leased::Leasing;
pub use pace::{Limits, Measured, Pace, Throttle, pace};
pub(crate) use pacer::{NODE_WAIT, Pacer, Recovery, Tally};
pub(crate) use retry::Failures;
pub use retry::{Move, Trouble, after_failure};
pub use session::RowImage;
pub(crate) use session::batching;
pub use stop::Stop;
pub use strain::{Queue, Reading, Replica, strain};
pub use throttles::Throttles;
pub(crate) use watch::Watch;
pub(crate) use watched::watched;
