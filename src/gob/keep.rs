//! What a decoded value holds of the input's bytes: a borrowed slice, or a copy.

use super::Text;

/// Makes what a value holds of the input's bytes.
pub(super) trait Keep<'i, 'v> {
    /// Puts a text where an empty one is. `rest` is the input from the text's first byte on.
    fn keep(slot: &mut Text<'v>, rest: &'i [u8], length: usize);
}

pub(super) struct Borrow;

impl<'i> Keep<'i, 'i> for Borrow {
    #[inline(always)]
    fn keep(slot: &mut Text<'i>, rest: &'i [u8], length: usize) {
        *slot = Text::borrowed(&rest[..length]);
    }
}

pub(super) struct Copy;

impl<'i> Keep<'i, 'static> for Copy {
    #[inline(always)]
    fn keep(slot: &mut Text<'static>, rest: &'i [u8], length: usize) {
        slot.copy_front(rest, length);
    }
}
