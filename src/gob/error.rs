//! Why bytes are no gob, and a value cannot be one.

use crate::Place;

use super::Fault;

/// Why a gob does not decode, a value cannot be encoded, or one is not of the Rust type that was asked for.
///
/// What has to do with reading bytes says at which byte of the input reading stopped, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input, or the message within it, ends inside a value.
    #[error("the gob ends at byte {offset}, inside {what}")]
    Truncated {
        /// Where reading stopped.
        offset: usize,
        /// What was being read.
        what: &'static str,
        /// Where the error was made.
        place: Place,
    },
    /// A length says more bytes than there are.
    #[error("{what} at byte {offset} is said to take {length} bytes, and {left} are left")]
    Length {
        /// Where reading stopped.
        offset: usize,
        /// What has the length.
        what: &'static str,
        /// The length that the input claims.
        length: u64,
        /// The bytes that are left for it.
        left: usize,
        /// Where the error was made.
        place: Place,
    },
    /// A count says more elements than could follow, each taking at least a byte.
    #[error("{what} at byte {offset} is said to have {count} elements, more than the bytes that follow can hold")]
    Count {
        /// Where reading stopped.
        offset: usize,
        /// What has the count.
        what: &'static str,
        /// The count that the input claims.
        count: u64,
        /// Where the error was made.
        place: Place,
    },
    /// An integer does not fit what it stands for.
    #[error("{what} at byte {offset} is out of range")]
    Range {
        /// Where reading stopped.
        offset: usize,
        /// What the integer stands for.
        what: &'static str,
        /// Where the error was made.
        place: Place,
    },
    /// The zero byte that stands before a value that is no struct is something else.
    #[error("no zero byte before the value at byte {offset}")]
    Singleton {
        /// Where reading stopped.
        offset: usize,
        /// Where the error was made.
        place: Place,
    },
    /// A message that defines a type goes on after the definition.
    #[error("bytes after the type definition that ends at byte {offset}")]
    ExtraData {
        /// Where reading stopped.
        offset: usize,
        /// Where the error was made.
        place: Place,
    },
    /// A value is of a type that was not defined before it.
    #[error("type {id}, named at byte {offset}, is not defined")]
    UndefinedType {
        /// Where reading stopped.
        offset: usize,
        /// The id of the type.
        id: i32,
        /// Where the error was made.
        place: Place,
    },
    /// A type is defined twice, or under an id that Go keeps for itself.
    #[error("type {id}, defined at byte {offset}, is taken already")]
    DuplicateType {
        /// Where reading stopped.
        offset: usize,
        /// The id of the type.
        id: i32,
        /// Where the error was made.
        place: Place,
    },
    /// A type definition is of none of the seven forms, or of several.
    #[error("the definition of type {id} that ends at byte {offset} has no single form")]
    BadDefinition {
        /// Where reading stopped.
        offset: usize,
        /// The id of the type.
        id: i32,
        /// Where the error was made.
        place: Place,
    },
    /// A struct has a field that its type does not have.
    #[error("a struct at byte {offset} has a field beyond the {fields} of its type")]
    UnknownField {
        /// Where reading stopped.
        offset: usize,
        /// How many fields the type has.
        fields: usize,
        /// Where the error was made.
        place: Place,
    },
    /// An array does not have the length of its type.
    #[error("an array at byte {offset} has {found} elements, its type {declared}")]
    ArrayLength {
        /// Where reading stopped.
        offset: usize,
        /// The length that the value claims.
        found: u64,
        /// The length that the type claims.
        declared: u64,
        /// Where the error was made.
        place: Place,
    },
    /// Values nest deeper than [`Limits::depth`](super::Limits::depth).
    #[error("values nest deeper than {limit} levels at byte {offset}")]
    TooDeep {
        /// Where reading stopped.
        offset: usize,
        /// The limit.
        limit: usize,
        /// Where the error was made.
        place: Place,
    },
    /// More types than [`Limits::types`](super::Limits::types) are defined.
    #[error("more than {limit} types are defined at byte {offset}")]
    TooManyTypes {
        /// Where reading stopped.
        offset: usize,
        /// The limit.
        limit: usize,
        /// Where the error was made.
        place: Place,
    },
    /// The decoded value would take more memory than its bytes can justify.
    #[error("the value at byte {offset} needs more than {limit} bytes of memory")]
    TooLarge {
        /// Where reading stopped.
        offset: usize,
        /// The limit, 64 bytes for each byte of input and 64 KiB.
        limit: usize,
        /// Where the error was made.
        place: Place,
    },
    /// A value cannot be encoded: Go would refuse the gob.
    #[error("{} cannot be written: {fault}", at(path))]
    Encode {
        /// The way to the value, by keys, fields and places in lists (`user.Roles[2]`); empty for the whole.
        path: String,
        /// What is wrong there.
        fault: Fault,
        /// Where the error was made.
        place: Place,
    },
    /// A value does not fit the Rust type that was asked for.
    #[error("{} is a Go {go_type}, and {reason}", at(path))]
    Read {
        /// The way to the value, by keys, fields and places in lists (`user.Roles[2]`); empty for the whole.
        path: String,
        /// Its Go type.
        go_type: String,
        /// What the Rust type takes instead.
        reason: String,
        /// Where the error was made.
        place: Place,
    },
}

/// Names a value by the way to it.
fn at(path: &str) -> String {
    if path.is_empty() { "the value".into() } else { format!("`{path}`") }
}

impl Error {
    /// Returns the byte of the input at which reading stopped, counted from 0, where bytes were read.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        match self {
            Self::Encode { .. } | Self::Read { .. } => None,
            Self::Truncated { offset, .. }
            | Self::Length { offset, .. }
            | Self::Count { offset, .. }
            | Self::Range { offset, .. }
            | Self::Singleton { offset, .. }
            | Self::ExtraData { offset, .. }
            | Self::UndefinedType { offset, .. }
            | Self::DuplicateType { offset, .. }
            | Self::BadDefinition { offset, .. }
            | Self::UnknownField { offset, .. }
            | Self::ArrayLength { offset, .. }
            | Self::TooDeep { offset, .. }
            | Self::TooManyTypes { offset, .. }
            | Self::TooLarge { offset, .. } => Some(*offset),
        }
    }

    /// Returns where the error was made.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Truncated { place, .. }
            | Self::Length { place, .. }
            | Self::Count { place, .. }
            | Self::Range { place, .. }
            | Self::Singleton { place, .. }
            | Self::ExtraData { place, .. }
            | Self::UndefinedType { place, .. }
            | Self::DuplicateType { place, .. }
            | Self::BadDefinition { place, .. }
            | Self::UnknownField { place, .. }
            | Self::ArrayLength { place, .. }
            | Self::TooDeep { place, .. }
            | Self::TooManyTypes { place, .. }
            | Self::TooLarge { place, .. }
            | Self::Encode { place, .. }
            | Self::Read { place, .. } => *place,
        }
    }
}

/// One step on the way to a value.
pub(super) enum Step<'a> {
    Index(usize),
    Field(&'a [u8]),
    Key(&'a super::Value<'a>),
}

impl Error {
    /// Says that the value was under a text key.
    pub(crate) fn under_key(self, key: &str) -> Self {
        self.under(&Step::Field(key.as_bytes()))
    }

    /// Puts a step in front of the way to the value that the error is about.
    pub(super) fn under(mut self, step: &Step<'_>) -> Self {
        if let Self::Encode { path, .. } | Self::Read { path, .. } = &mut self {
            *path = step.before(path);
        }
        self
    }
}

impl Step<'_> {
    /// Puts the step in front of a way.
    pub(super) fn before(&self, path: &str) -> String {
        let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        format!("{self}{dot}{path}")
    }
}

impl std::fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        /// As much of a key as tells it from others.
        const SHOWN: usize = 60;
        let name = |bytes: &[u8]| -> String {
            let text = String::from_utf8_lossy(bytes);
            let short: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
            if text.chars().nth(SHOWN).is_some() { short + "…" } else { short }
        };
        match self {
            Self::Index(at) => write!(f, "[{at}]"),
            Self::Field(bytes) => f.write_str(&name(bytes)),
            Self::Key(key) => match key.concrete() {
                super::Concrete::String(bytes) => f.write_str(&name(bytes)),
                super::Concrete::Int(it) => write!(f, "{it}"),
                super::Concrete::Uint(it) => write!(f, "{it}"),
                super::Concrete::Bool(it) => write!(f, "{it}"),
                _ => f.write_str("?"),
            },
        }
    }
}
