//! The session store: one session's row, by its id.
//!
//! A row is read as Go programs write it: its `data` is what [`session::open_data`](crate::session::open_data) opens, its
//! `expire_on` is UTC, and where it stands in its life goes by the server's clock, which comes with the row. Many rows at
//! once are another module's business; nothing here scans.

mod error;
mod row;

pub use error::Error;
pub use row::{LARGEST, Row, row};
