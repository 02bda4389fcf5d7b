//! Memory to work in.

/// Values that need no more than this are opened and sealed on the stack; a cookie needs about 190 bytes, and 30 more where
/// it is encrypted.
const FEW: usize = 256;

/// Bytes to work in, on the stack while they are few.
pub(super) struct Scratch {
    few: [u8; FEW],
    many: Vec<u8>,
}

impl Scratch {
    pub(super) fn new() -> Self {
        Self { few: [0; FEW], many: Vec::new() }
    }

    /// Returns so many bytes.
    pub(super) fn room(&mut self, length: usize) -> &mut [u8] {
        if length <= FEW {
            return &mut self.few[..length];
        }
        // Asked for and filled: glibc does not give out again what was freed where zeroed memory is asked for.
        self.many.reserve_exact(length);
        self.many.resize(length, 0);
        &mut self.many
    }
}
