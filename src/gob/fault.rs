//! What Go would refuse.

use crate::Place;

use super::types::Part;
use super::{Error, Value};

/// What is wrong with a value that is to be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A registered name is longer than Go takes.
    #[error("its registered name has {length} bytes, and Go takes 1024")]
    Name {
        /// The length of the name.
        length: usize,
    },
    /// A value stands where an interface does, and has no name under which Go would know its type.
    #[error("a {found} stands in an interface without its registered name")]
    Nameless {
        /// What the value is, in Go's words.
        found: String,
    },
    /// A value is not of the type that its place has.
    #[error("its type is {declared}, and the value is {found}")]
    Type {
        /// The type that a list, a map, a struct or a registered name declares.
        declared: String,
        /// What the value is, in Go's words.
        found: String,
    },
    /// A number does not fit the type that is registered under the name.
    #[error("the number does not fit {go_type}")]
    Range {
        /// The type.
        go_type: String,
    },
    /// An array does not have the length of its type.
    #[error("the array has {found} elements, its type {declared}")]
    ArrayLength {
        /// How many elements it has.
        found: usize,
        /// How many its type has.
        declared: u64,
    },
    /// A slice or a map is a key or part of one, which makes Go panic.
    #[error("a {found} is no key for Go")]
    Key {
        /// The type of the key, in Go's words.
        found: String,
    },
    /// A time has a form that Go's `time.Time` does not read.
    #[error("the bytes are no time.Time")]
    Time,
    /// The offset of a time is more than Go can write, or within the minute west of UTC, which stands for UTC itself.
    #[error("an offset of {seconds} seconds cannot be written")]
    Offset {
        /// The offset, in seconds east of UTC.
        seconds: i32,
    },
    /// Values nest deeper than decoding allows.
    #[error("values nest deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// There are more types than decoding allows.
    #[error("there are more than {limit} types")]
    TooManyTypes {
        /// The limit.
        limit: usize,
    },
    /// A message is longer than Go takes.
    #[error("the message has more than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A type is named and not defined.
    #[error("a type is not defined")]
    Undefined,
    /// A struct type has no field of this name.
    #[error("there is no field `{field}` in {go_type}")]
    NoField {
        /// The name that was asked for.
        field: String,
        /// The struct type.
        go_type: String,
    },
    /// A field has a name that no field has which Go sends: it would be passed over.
    #[error("a field has the name `{field}`, and Go sends those alone that begin with a capital letter")]
    FieldName {
        /// The name.
        field: String,
    },
}

impl Fault {
    /// Makes the error of a value that is to be written.
    #[track_caller]
    pub(super) fn error(self) -> Error {
        Error::Encode { path: String::new(), fault: self, place: Place::here() }
    }

    /// The fault of a value that is not of the type declared for it.
    pub(super) fn unfit(declared: Part<'_>, value: &Value<'_>) -> Self {
        Self::Type { declared: declared.to_string(), found: value.go_type().into_owned() }
    }
}
