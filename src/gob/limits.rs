//! How much a gob may ask of its reader.

/// The longest name of a type or a field, in bytes. Go has this limit for the names in interface values.
pub(super) const LONGEST_NAME: usize = 1024;

/// The bounds within which a gob is decoded.
///
/// The defaults suit sessions: they leave every row that Go can write with room to spare. Memory needs no setting of its
/// own: decoding `n` bytes never allocates more than `64 * n` bytes and 64 KiB.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How deep values may nest, each interface, struct, map, slice and array counting one. 128 by default, which a
    /// thread of 1 MiB survives in a debug build.
    pub depth: usize,
    /// How many types one stream may define. 1024 by default.
    pub types: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 128, types: 1024 }
    }
}

impl Limits {
    /// Returns these limits with another depth.
    #[must_use]
    pub fn with_depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// Returns these limits with another number of type definitions.
    #[must_use]
    pub fn with_types(mut self, types: usize) -> Self {
        self.types = types;
        self
    }
}
