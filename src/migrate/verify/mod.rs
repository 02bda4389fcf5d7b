//! Whether the schema is, on every node, what the migrations have made of it.
//!
//! Nodes of one cluster can differ: a statement run with `wsrep_on=OFF` or under `wsrep_OSU_method=RSU` changes one of
//! them alone. So every node is asked at once, and is compared with what is expected and with the others.
//!
//! - [`look`] asks, and writes nothing; a node that is down or silent is a [`Refusal`](crate::cluster::Refusal) in its
//!   place, and a table that the account may not see is told apart from one that is missing;
//! - [`judge`] is pure: it takes what was seen, and returns a [`Verdict`] of plain data.
//!
//! What is expected of a table is read from the very statement that makes it. Spellings in which servers differ are made
//! one before anything is compared: the order of columns in the dictionary, `CURRENT_TIMESTAMP`, display widths of
//! integers, names by case. What may be otherwise without harm is a [`Note`]: a wider `id`, other indexes, columns that a
//! program which does not know them can leave out.

mod expected;
mod judge;
#[cfg(test)]
mod judge_tests;
mod look;
mod normal;
mod session;
mod shape;

pub use judge::{Against, Denied, Difference, Note, Unseen, Verdict, judge};
pub use look::{HistoryRow, Seen, Sight, View, look};
pub use shape::{Column, Shape};
