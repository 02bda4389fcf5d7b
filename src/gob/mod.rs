//! Go's `encoding/gob`: reading a whole stream without its Go program.
//!
//! [`decode`] turns the bytes that a Go program wrote into a [`Value`]: a tree that keeps, beside the values, everything
//! that Go would need to read them again: the names under which types were registered, struct types with their fields,
//! element types, the bytes of opaque encoders. Text and bytes are borrowed from the input; [`Value::into_owned`] frees
//! a value from it.
//!
//! The input is hostile until proven otherwise: nesting, type definitions, element counts and memory are bounded
//! ([`Limits`]), and nothing is allocated on the word of a count alone.
//!
//! ```
//! use csqlstore::gob::{self, Value};
//!
//! // What `gob.NewEncoder(w).Encode("hi")` writes: length, type 6 (string), a zero, length, bytes.
//! let value = gob::decode(b"\x05\x0c\x00\x02hi")?;
//! assert_eq!(value, Value::String(b"hi".into()));
//! # Ok::<(), gob::Error>(())
//! ```
//!
//! # Source
//!
//! Go's package documentation of `encoding/gob`, "Encoding Details", and where that is silent, what Go 1.19 does.

mod builder;
mod decode;
mod edit;
mod encode;
mod error;
mod fault;
mod fields;
#[cfg(test)]
mod hostile;
mod limits;
mod names;
mod read;
mod reader;
mod text;
mod time;
mod to_go;
mod types;
mod value;
mod wire;
mod writer;

pub use builder::{TypeRef, Types};
pub use decode::{decode, decode_owned, decode_with};
pub(crate) use encode::encode_map;
pub use encode::{encode, encode_into};
pub use error::Error;
pub use fault::Fault;
pub use limits::Limits;
pub use text::Text;
pub use time::Time;
pub use to_go::ToGo;
pub use types::{Definition, Field, Kind, OpaqueKind, Type};
pub use value::{Interface, List, Map, Opaque, Struct, Value};
