//! Many sessions at once: read, asked, counted.
//!
//! [`scan`] reads the table in pages over one connection, so that no server keeps a long snapshot, and gives the rows to
//! threads that decode them; a node that is lost costs a moment, and no row comes twice. [`Query`] is what sessions are
//! asked for by what they hold, [`Opener`] opens them and says why one does not open.
//!
//! [`delete`] and [`rekey`] change rows in batches at the pace of [`pacing`](crate::pacing), and only those that are still as they were
//! seen ([`Target`]). Nothing here prints or asks.

mod batches;
mod delete;
mod error;
mod list;
mod may;
mod open;
mod page;
mod query;
mod reader;
mod rekey;
mod renewal;
mod row;
mod scan;
mod sizes;
mod stats;
mod target;

pub use batches::Paced;
pub use delete::{Deleted, Deleting, Looked, delete, looked};
pub use error::Error;
pub use list::{List, Order, list};
pub use may::{changeable, deletable};
pub use open::{Opener, Reason, Unreadable};
pub use page::{Fetch, Filter, Life};
pub use query::{Condition, Fault, Query};
pub use rekey::{Keys, Rekeyed, Rekeying, Resigning, keys, rekey};
pub use renewal::Resealer;
pub use row::{Row, Stored};
pub use scan::{Options, Scanned, Step, scan};
pub use sizes::Sizes;
pub use stats::{Amount, BOUNDS, STATES, Stats, Writers};
pub use target::Target;
