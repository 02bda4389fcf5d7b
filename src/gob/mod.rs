//! Go's `encoding/gob`, both ways, without a Go program.
//!
//! # Reading
//!
//! [`decode`] turns the bytes that a Go program wrote into a [`Value`]: a tree that keeps, beside the values, everything
//! that Go needs to read them again: the names under which types were registered, struct types with their fields, element
//! types, the bytes of opaque encoders. Text and bytes are borrowed from the input; [`decode_owned`] copies them.
//! [`Value::read`] goes on into Rust types, by serde.
//!
//! The input is hostile until proven otherwise: nesting, type definitions, element counts and memory are bounded
//! ([`Limits`]), and nothing is allocated on the word of a count alone.
//!
//! ```
//! use csqlstore::gob::{self, Value};
//!
//! // What `gob.NewEncoder(w).Encode("hi")` writes: length, type 6 (string), a zero, length, bytes.
//! let value = gob::decode(b"\x05\x0c\x00\x02hi")?;
//! assert_eq!(value, Value::string("hi"));
//! assert_eq!(value.read::<&str>()?, "hi");
//! # Ok::<(), gob::Error>(())
//! ```
//!
//! # Writing
//!
//! [`encode`] writes any value. One that was read and not changed yields the bytes that Go wrote, ids of types and all;
//! a field of a struct that was read can be set without declaring its type anew ([`Struct::set`]).
//!
//! New values come from Rust types by the table at [`ToGo`]; structs are declared by [`go_struct!`](crate::go_struct), or
//! by hand with [`Types`]. What Go would refuse to read is an [`Error::Encode`].
//!
//! ```
//! use csqlstore::gob::{self, Value};
//!
//! let value = Value::of(vec![1_i64, 2]);
//! assert_eq!(value.go_type(), "[]int64");
//! assert_eq!(gob::decode(&gob::encode(&value)?)?.read::<Vec<u8>>()?, [1, 2]);
//! # Ok::<(), gob::Error>(())
//! ```
//!
//! # Source
//!
//! Go's package documentation of `encoding/gob`, "Encoding Details", and where that is silent, what Go 1.19 does.

mod builder;
mod decode;
mod definition;
mod edit;
mod encode;
mod error;
mod fault;
mod fields;
#[cfg(test)]
mod hostile;
mod keep;
mod keys;
mod known;
mod limits;
mod name;
mod names;
mod read;
mod reader;
#[cfg(test)]
mod roundtrip;
mod spell;
mod stock;
mod structure;
mod text;
mod time;
mod to_go;
#[cfg(test)]
mod typed;
mod types;
mod usual;
mod value;
mod variant;
mod wire;
mod writer;

pub use builder::{TypeRef, Types};
pub use decode::{decode, decode_owned, decode_with};
pub use definition::Definition;
pub(crate) use encode::encode_map;
pub use encode::{encode, encode_into};
pub use error::Error;
pub use fault::Fault;
pub use limits::Limits;
pub use text::Text;
pub use time::Time;
pub use to_go::ToGo;
pub use types::{Field, Kind, OpaqueKind, Type};
pub use value::{Concrete, List, Map, Opaque, Struct, Value};
