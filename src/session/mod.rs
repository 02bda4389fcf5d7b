//! One session: its id, its cookie, its values.
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
//! let codec = Codec::new(Keyring::parse("raw:very-secret")?);
//! let data = "MTc5NTM5ODQzMnxEdi1CQkFFQ180SUFBUkFCRUFBQUlmLUNBQUVHYzNSeWFXNW5EQVlBQkhWelpYSUdjM1J5YVc1bkRBVUFBMkZrWVE9PXx62psux5_fLs3heCa39m95woJ0xApioojEchpCLwWUCQ==";
//! let now = "2026-11-23T00:00:00Z".parse()?;
//!
//! let data = session::open_data(&codec, &["session-key"], data, now)?;
//! assert_eq!(data.values.get("user").and_then(|user| user.as_str()), Some("ada"));
//! assert_eq!(data.values.to_json(), serde_json::json!({"user": "ada"}));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod claims;
mod cookies;
mod diagnosis;
mod error;
mod id;
mod json;
mod lines;
mod open;
#[cfg(test)]
mod reasons;
mod repair;
mod seal;
mod state;
mod values;
#[cfg(test)]
mod vectors;

pub use claims::{Claims, Content, claims, cookie_claims};
pub use cookies::{Candidate, candidates};
pub use diagnosis::{Diagnosis, Note, Outcome, Trial, diagnose_cookie, diagnose_data};
pub use error::Error;
pub use id::Id;
pub use lines::{Held, Line};
pub use open::{Cookie, Data, open_cookie, open_data, open_id};
pub use repair::Damage;
pub use seal::{seal_data, seal_id};
pub use state::State;
pub use values::Values;
