//! `cargo xtask bench WHAT`: csqlstore beside what else there is, in one run on one machine.

mod farm;
pub(crate) mod formats;
pub(crate) mod migrate;
pub(crate) mod purge;
mod rows;
pub(crate) mod scan;
mod writers;
