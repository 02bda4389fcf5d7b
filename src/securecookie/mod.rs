//! gorilla's securecookie: values that are signed, perhaps encrypted, and carry their date.
//!
//! A [`Keyring`] holds pairs of keys; as in gorilla, the first signs and every one verifies. A [`Codec`] joins it with
//! the limits of age and length, and opens and seals values. The clock is the caller's.
//!
//! ```
//! use csqlstore::securecookie::{Codec, Keyring};
//!
//! let keyring = Keyring::parse("raw:very-secret")?;
//! let codec = Codec::new(keyring);
//! let value = "MTc5NTM5ODQzMnxCUXdBQW1ocHwKUcu63yLH8vgmAmDwjNFyFEdJu8Ssqmbw2Qda4l_0zQ==";
//! let now = "2026-11-23T00:00:00Z".parse()?;
//!
//! let opened = codec.decode("session-key", value, now)?;
//! assert_eq!(opened.plaintext, b"\x05\x0c\x00\x02hi");
//! assert_eq!((opened.key, opened.signed_at), (1, 1_795_398_432));
//!
//! let again = codec.encode("session-key", &opened.plaintext, "2026-11-23T02:00:32Z".parse()?)?;
//! assert_eq!(codec.decode("session-key", &again, now)?.plaintext, opened.plaintext);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Source
//!
//! `Encode` and `Decode` in gorilla/securecookie 1.1.1, `securecookie.go`.

mod attempt;
mod audit;
mod base64;
#[cfg(test)]
mod checks;
mod cipher;
mod codec;
mod envelope;
mod error;
mod keyring;
mod mac;
mod opening;
mod scratch;
mod sealing;
mod text;

pub use attempt::{Attempt, Misread};
pub use audit::{Concern, Fault, Which};
pub use codec::Codec;
pub use envelope::{Unverified, unverified};
pub(crate) use error::Span;
pub use error::{Error, KeyFault};
pub use keyring::{KeyPair, Keyring};
pub use opening::Opened;
pub(crate) use opening::Signature;
pub use text::pair_lines;
