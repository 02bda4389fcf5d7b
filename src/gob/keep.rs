//! What a decoded value holds of the input's bytes: a borrowed slice, or a copy.

use super::Text;
use super::name::{Name, Recent};
use super::text::{self, Kept, PAYLOAD};

/// Makes what a value holds of the input's bytes.
pub(super) trait Keep<'i, 'v> {
    /// Returns how many bytes are allocated for a text.
    fn text_cost(length: usize) -> usize;

    /// Returns how many bytes are allocated for what a type wrote of itself.
    fn payload_cost(length: usize) -> usize;

    /// Puts a text where an empty one is. `rest` is the input from the text's first byte on.
    fn text(slot: &mut Text<'v>, rest: &'i [u8], length: usize);

    /// Makes what a type wrote of itself.
    fn payload(bytes: &'i [u8]) -> Kept<'v, PAYLOAD>;

    /// Makes a registered name, and says whether memory was allocated for it.
    fn name(bytes: &'i [u8], recent: &mut Recent) -> (Name<'v>, bool);
}

pub(super) struct Borrow;

impl<'i> Keep<'i, 'i> for Borrow {
    #[inline(always)]
    fn text_cost(_: usize) -> usize {
        0
    }

    #[inline(always)]
    fn payload_cost(_: usize) -> usize {
        0
    }

    #[inline(always)]
    fn text(slot: &mut Text<'i>, rest: &'i [u8], length: usize) {
        *slot = Text::borrowed(&rest[..length]);
    }

    #[inline(always)]
    fn payload(bytes: &'i [u8]) -> Kept<'i, PAYLOAD> {
        Kept::borrowed(bytes)
    }

    #[inline(always)]
    fn name(bytes: &'i [u8], _: &mut Recent) -> (Name<'i>, bool) {
        (Name::Borrowed(bytes), false)
    }
}

pub(super) struct Copy;

impl<'i> Keep<'i, 'static> for Copy {
    #[inline(always)]
    fn text_cost(length: usize) -> usize {
        if length > text::INLINE { length } else { 0 }
    }

    #[inline(always)]
    fn payload_cost(length: usize) -> usize {
        if length > PAYLOAD { length } else { 0 }
    }

    #[inline(always)]
    fn text(slot: &mut Text<'static>, rest: &'i [u8], length: usize) {
        slot.copy_front(rest, length);
    }

    #[inline(always)]
    fn payload(bytes: &'i [u8]) -> Kept<'static, PAYLOAD> {
        Kept::<PAYLOAD>::copied(bytes)
    }

    #[inline(always)]
    fn name(bytes: &'i [u8], recent: &mut Recent) -> (Name<'static>, bool) {
        recent.name(bytes)
    }
}
