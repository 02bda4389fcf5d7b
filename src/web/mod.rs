//! Sessions in a web service: a tower layer, and extractors for axum.
//!
//! [`SessionLayer`] goes around the routes once. A handler takes a [`Session`] for an argument, reads and changes it, and
//! that is all: it is read from the database when the first handler asks for it, and saved before the response leaves, if it
//! was changed. Under the same name and keys a Go service with gorilla/sessions has the same sessions.
//!
//! ```no_run
//! use axum::Router;
//! use axum::routing::{get, post};
//! use csqlstore::cluster::{Dsn, Farm, Node, farm};
//! use csqlstore::securecookie::Keyring;
//! use csqlstore::store::{Settings, Store};
//! use csqlstore::web::{self, Session, SessionLayer};
//!
//! async fn hello(session: Session) -> Result<String, web::Error> {
//!     let user: Option<String> = session.get("user")?;
//!     Ok(format!("Hello, {}", user.as_deref().unwrap_or("stranger")))
//! }
//!
//! async fn login(session: Session) {
//!     // After you have checked the password.
//!     session.regenerate();
//!     session.insert("user", "ada");
//! }
//!
//! async fn logout(session: Session) {
//!     session.delete();
//! }
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let farm = Farm::new("sessions", farm::Options::default());
//! farm.add_node(Node::new("db1", Dsn::parse("app:secret@tcp(db1:3306)/web")?.dsn))?;
//! let store = Store::new(farm, Keyring::parse(&std::env::var("CSQLSTORE_KEYS")?)?, Settings::default());
//! let app: Router = Router::new()
//!     .route("/", get(hello))
//!     .route("/login", post(login))
//!     .route("/logout", post(logout))
//!     .layer(SessionLayer::new(store, "session-key"));
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! axum::serve(listener, app).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A whole program is in `examples/axum.rs`.
//!
//! # What answers when
//!
//! | what happened | the response |
//! |---|---|
//! | no database could be asked, or took the session in time | 503; what the handler answered is dropped, as what it did to the session is not saved |
//! | the session was deleted or, where [that is noticed](crate::store::Conflicts), changed by another request meanwhile | 409 |
//! | the values are too long for a session, or none that Go reads; a right is missing | 500, and the reason in the log ([`tracing`]) |
//! | a handler asks for a session where there is no layer | 500, which names the mend |
//! | a handler answers with 5xx | that; nothing that was done to the session is saved |
//!
//! # Without axum
//!
//! The layer is of tower, and knows requests by the `http` crate's types; whatever handles them finds [`Sessions`] among
//! the request's extensions. Where there is no tower, [`Registry`](crate::store::Registry) does the same by hand.

mod error;
mod extract;
mod layer;

pub use crate::store::Shared as Session;
pub use error::{Error, status};
pub use extract::Sessions;
pub use layer::{SessionLayer, SessionService};
