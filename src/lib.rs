//! gorilla sessions in a MySQL cluster.
//!
//! Go programs keep web sessions in a table, `session_cluster`, on a farm of MySQL servers. This crate reads them, and
//! looks after the table and the farm. The command `csqlstore` is a thin terminal over it.
//!
//! # Map
//!
//! | layer | modules | what they know |
//! |---|---|---|
//! | formats | [`gob`], [`securecookie`], [`session`] | bytes in, bytes out; pure, and no feature needed |
//! | farm | `cluster`, `schema` | servers, connections, errors by number (feature `mysql`) |
//! | jobs | `lease`, `store`, `fleet`, `migrate`, `event`, `pacing`, `purge`, `health`, `doctor` | what a farm needs done; they neither print nor ask (feature `mysql`) |
//! | web | `web` | sessions in a web service: a tower layer, extractors for axum (feature `axum`) |
//! | sandbox | `sandbox` | a throw-away cluster of real servers on this machine (feature `sandbox`) |
//!
//! Every error that is not merely handing on another one carries a [`Place`], the line of source where it was made.

#[cfg(feature = "mysql")]
mod backoff;
#[cfg(feature = "mysql")]
pub mod cluster;
#[cfg(feature = "mysql")]
pub mod doctor;
#[cfg(feature = "mysql")]
pub mod event;
#[cfg(feature = "mysql")]
mod finding;
#[cfg(feature = "mysql")]
pub mod fleet;
pub mod gob;
#[cfg(feature = "mysql")]
mod grant;
#[cfg(feature = "mysql")]
pub mod health;
#[cfg(feature = "mysql")]
pub mod lease;
#[cfg(feature = "mysql")]
pub mod migrate;
#[cfg(feature = "mysql")]
pub mod pacing;
mod place;
#[cfg(feature = "mysql")]
pub mod purge;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(feature = "mysql")]
pub mod schema;
pub mod securecookie;
pub mod session;
#[cfg(feature = "mysql")]
mod span;
#[cfg(feature = "mysql")]
pub mod store;
#[cfg(feature = "axum")]
pub mod web;

#[cfg(feature = "mysql")]
pub use finding::{Code, Finding, Level, Subject};
pub use place::Place;
#[cfg(feature = "mysql")]
pub use span::span;

// The examples of the README are compiled with those of the documentation.
#[cfg(all(doctest, feature = "axum"))]
#[doc = include_str!("../README.md")]
struct Readme;
