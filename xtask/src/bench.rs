//! `cargo xtask bench WHAT`: csqlstore beside what else there is, in one run on one machine.

pub(crate) mod change;
mod farm;
pub(crate) mod formats;
pub(crate) mod migrate;
pub(crate) mod purge;
mod rows;
pub(crate) mod scan;
pub(crate) mod store;
mod writers;
