//! The session store: what clustersqlstore is to Go, for Rust, on the same rows and cookies.
//!
//! A [`Store`] keeps sessions in the table of a [`Farm`](crate::cluster::Farm). [`Store::get`] takes a request's headers
//! and a name, and has the [`Session`] of that name, or a new one that says why it is new; [`Store::save`] has the
//! `Set-Cookie` header in return. A Go program on gorilla/sessions with the same keys and names reads and writes the same
//! sessions. A [`Registry`] holds those of one request; for web services there is more in `web` (feature `axum`).
//!
//! # What it does otherwise than the original
//!
//! - A database that cannot be asked is an error, and not a new session, which would sign the user out on save
//!   ([`Settings::lenient`] for the original's way).
//! - A session is found on a node that has not seen it yet ([`Causal`]).
//! - Expiry is UTC on every path; the original writes new rows in the local time of its process.
//! - Saving twice in a request is one row. A max age of 0 is a browser session with a row that lives for
//!   [`Settings::browser_lifetime`], and below 0 the row is deleted.
//! - A session that was deleted while a request had it is not brought back: [`Error::Gone`].
//! - Cookies are `Secure`, `HttpOnly` and `SameSite=Lax` unless told otherwise
//!   ([`Options::go_compat`](crate::session::cookie::Options::go_compat)).
//!
//! # Rows
//!
//! A row is read as Go programs write it: its `data` is what [`session::open_data`](crate::session::open_data) opens, its
//! `expire_on` is UTC, and where it stands in its life goes by the server's clock, which comes with the row. Many rows at
//! once are another module's business; nothing here scans. [`row`] reads one without keys.

mod error;
mod get;
mod handle;
mod registry;
mod remove;
mod row;
mod save;
mod session;
mod settings;
mod statements;

pub use error::Error;
pub use handle::Store;
pub use registry::{Registry, Shared};
pub use row::{LARGEST, Row, row};
pub use session::{New, Pending, Session};
pub use settings::{Causal, Conflicts, Outage, Settings};
