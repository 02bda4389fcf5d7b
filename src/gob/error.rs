//! Why bytes are no gob.

use crate::Place;

/// Why a gob does not decode.
///
/// Each variant says at which byte of the input reading stopped, counted from 0.
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
}

impl Error {
    /// Returns the byte of the input at which reading stopped, counted from 0.
    #[must_use]
    pub fn offset(&self) -> usize {
        match self {
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
            | Self::TooLarge { offset, .. } => *offset,
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
            | Self::TooLarge { place, .. } => *place,
        }
    }
}
