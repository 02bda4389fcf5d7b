//! One session: its id, its cookie, its values.
//!
//! # Reading
//!
//! [`open_data`] and [`open_id`] join [`securecookie`](crate::securecookie) and [`gob`](crate::gob): the first opens a
//! row's data, the second a cookie's value, which holds the id of the row. [`open_cookie`] takes whatever a person has
//! at hand: the value, `name=value`, a `Cookie:` or `Set-Cookie:` header. [`diagnose_data`] and [`diagnose_cookie`] say why
//! a value does not open, and [`claims`] reads what it claims without a key.
//!
//! ```
//! use csqlstore::securecookie::{Codec, Keyring};
//! use csqlstore::session;
//!
//! let codec = Codec::gorilla(Keyring::parse("raw:very-secret")?);
//! let data = "MTc5NTM5ODQzMnxEdi1CQkFFQ180SUFBUkFCRUFBQUlmLUNBQUVHYzNSeWFXNW5EQVlBQkhWelpYSUdjM1J5YVc1bkRBVUFBMkZrWVE9PXx62psux5_fLs3heCa39m95woJ0xApioojEchpCLwWUCQ==";
//! let now = "2026-11-23T00:00:00Z".parse()?;
//!
//! let data = session::open_data(&codec, &["session-key"], data, now)?;
//! assert_eq!(data.values.get_as::<String>("user")?, "ada");
//! assert_eq!(data.values.to_json(), serde_json::json!({"user": "ada"}));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Writing
//!
//! [`seal_data`] and [`seal_id`] are the way back. What follows is a new session that a Go program with gorilla/sessions
//! reads: `session.Values["user_id"].(int64)` is 42 there, and `session.Flashes()` has one. The first goes into the row of
//! that id, the second is the value of the cookie.
//!
//! ```
//! use csqlstore::securecookie::{Codec, Keyring};
//! use csqlstore::session::{self, Id, Values};
//!
//! let codec = Codec::gorilla(Keyring::parse("raw:very-secret,raw:0123456789abcdef")?);
//! let now = jiff::Timestamp::now();
//! let id = Id::generate(now)?;
//! let mut values = Values::new();
//! values.insert("user_id", 42_i64);
//! values.add_flash("Welcome back")?;
//! let data = session::seal_data(&codec, "session-key", &values, now)?;
//! let cookie = session::seal_id(&codec, "session-key", &id, now)?;
//! # assert_eq!(session::open_data(&codec, &["session-key"], &data, now)?.values, values);
//! # assert_eq!(session::open_id(&codec, &["session-key"], &cookie, now)?.id, id);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Which Go type each Rust type becomes is in the table at [`ToGo`](crate::gob::ToGo). Go's structs are declared once:
//!
//! ```
//! # use csqlstore::session::Values;
//! // In Go: type User struct { Name string; Age int }, and gob.Register(User{}) in package main.
//! struct User { name: String, age: isize }
//! csqlstore::go_struct!(User as "main.User" { name => "Name", age => "Age" });
//!
//! let mut values = Values::new();
//! values.insert("user", User { name: "Ada".into(), age: 36 }); // session.Values["user"].(User).Name
//! assert_eq!(values.types(), serde_json::json!({"user": "main.User"}));
//! ```
//!
//! A session that was read keeps the types it was read with, and can be changed and sealed again without declaring any:
//! [`Values::get_mut`], [`gob::Struct::set`](crate::gob::Struct::set).

mod claims;
pub mod cookie;
mod cookies;
mod diagnosis;
mod error;
pub mod expiry;
mod id;
mod json;
mod lines;
mod open;
#[cfg(test)]
mod reasons;
mod repair;
mod seal;
mod state;
mod string;
mod values;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod writing;

pub use claims::{Claims, Content, claims, cookie_claims};
pub use cookies::{Candidate, candidates};
pub use diagnosis::{Diagnosis, Note, Outcome, Trial, diagnose_cookie, diagnose_data};
pub use error::Error;
pub use id::Id;
pub use json::{Json, Types};
pub use lines::{Held, Line};
pub use open::{Cookie, Data, open_cookie, open_data, open_id};
pub use repair::Damage;
pub use seal::{seal_data, seal_id};
pub use state::State;
pub use values::Values;
