//! What a decoded value holds of the input's bytes: a borrowed slice, or a copy.

use super::Text;
use super::name::{Name, Recent};
use super::text::Kept;

/// Makes what a value holds of the input's bytes.
pub(super) trait Keep<'i, 'v> {
    /// Puts a text where an empty one is. `rest` is the input from the text's first byte on.
    fn text(slot: &mut Text<'v>, rest: &'i [u8], length: usize);

    /// Makes what a type wrote of itself.
    fn payload(bytes: &'i [u8]) -> Kept<'v, 16>;

    /// Makes a registered name, and says whether memory was allocated for it.
    fn name(bytes: &'i [u8], recent: &mut Recent) -> (Name<'v>, bool);
}

pub(super) struct Borrow;

impl<'i> Keep<'i, 'i> for Borrow {
    #[inline(always)]
    fn text(slot: &mut Text<'i>, rest: &'i [u8], length: usize) {
        *slot = Text::borrowed(&rest[..length]);
    }

    #[inline(always)]
    fn payload(bytes: &'i [u8]) -> Kept<'i, 16> {
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
    fn text(slot: &mut Text<'static>, rest: &'i [u8], length: usize) {
        slot.copy_front(rest, length);
    }

    #[inline(always)]
    fn payload(bytes: &'i [u8]) -> Kept<'static, 16> {
        Kept::<16>::copied(bytes)
    }

    #[inline(always)]
    fn name(bytes: &'i [u8], recent: &mut Recent) -> (Name<'static>, bool) {
        recent.name(bytes)
    }
}
