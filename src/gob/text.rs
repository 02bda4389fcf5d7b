//! The bytes of strings, byte slices and names.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

/// How many bytes of a text are kept in place, without an allocation: as many as the largest of the other values take.
pub(super) const INLINE: usize = 32;
/// How many bytes of what a type wrote of itself are: the 16 of a time.
pub(super) const PAYLOAD: usize = 16;

/// The bytes of a string, a byte slice or a name: borrowed, or its own.
///
/// Derefs to `[u8]`. Short ones of its own (keys, most text) take no allocation.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Text<'a>(Kept<'a, INLINE>);

/// Bytes that are borrowed, or their own; up to `ROOM` of these are kept in place.
#[derive(Clone)]
pub(super) struct Kept<'a, const ROOM: usize>(Form<'a, ROOM>);

#[derive(Clone)]
enum Form<'a, const ROOM: usize> {
    Borrowed(&'a [u8]),
    Inline(u8, Inline<ROOM>),
    Owned(Box<[u8]>),
}

/// In one piece and at a boundary: it is copied with the value that it is in, in larger pieces, right after it was written,
/// and a processor stumbles over a piece that was written as several.
#[derive(Clone, Copy)]
#[repr(align(8))]
struct Inline<const ROOM: usize>([u8; ROOM]);

impl<'a, const ROOM: usize> Kept<'a, ROOM> {
    /// No bytes.
    pub(super) const EMPTY: Self = Self(Form::Inline(0, Inline([0; ROOM])));

    pub(super) const fn borrowed(bytes: &'a [u8]) -> Self {
        Self(Form::Borrowed(bytes))
    }

    pub(super) fn copied(bytes: &[u8]) -> Kept<'static, ROOM> {
        match u8::try_from(bytes.len()) {
            Ok(length) if bytes.len() <= ROOM => {
                let mut inline = [0; ROOM];
                inline[..bytes.len()].copy_from_slice(bytes);
                Kept(Form::Inline(length, Inline(inline)))
            }
            _ => Kept(Form::Owned(bytes.into())),
        }
    }

    /// Becomes a copy of the first bytes of `rest`.
    ///
    /// Where there are enough of them, as many are copied as there is room for, which takes less time than to copy as many
    /// as are needed: their number is known to the compiler.
    #[inline(always)]
    pub(super) fn copy_front(&mut self, rest: &[u8], length: usize) {
        match (&mut self.0, rest.first_chunk()) {
            (Form::Inline(short, Inline(inline)), Some(bytes)) if length <= ROOM => {
                *short = length as u8;
                *inline = *bytes;
            }
            _ => *self = Self::copied(&rest[..length]),
        }
    }

    pub(super) fn into_owned(self) -> Kept<'static, ROOM> {
        match self.0 {
            Form::Borrowed(bytes) => Self::copied(bytes),
            Form::Inline(length, bytes) => Kept(Form::Inline(length, bytes)),
            Form::Owned(bytes) => Kept(Form::Owned(bytes)),
        }
    }
}

impl<const ROOM: usize> Deref for Kept<'_, ROOM> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Form::Borrowed(bytes) => bytes,
            Form::Inline(length, Inline(bytes)) => &bytes[..usize::from(*length)],
            Form::Owned(bytes) => bytes,
        }
    }
}

impl<const ROOM: usize> PartialEq for Kept<'_, ROOM> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<const ROOM: usize> Eq for Kept<'_, ROOM> {}

impl<const ROOM: usize> Hash for Kept<'_, ROOM> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<const ROOM: usize> fmt::Debug for Kept<'_, ROOM> {
    /// Writes the bytes as a Rust byte string.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.escape_ascii())
    }
}

impl<'a, const ROOM: usize> From<Text<'a>> for Kept<'a, ROOM> {
    fn from(text: Text<'a>) -> Self {
        match text.0.0 {
            Form::Borrowed(bytes) => Self::borrowed(bytes),
            Form::Owned(bytes) => Self(Form::Owned(bytes)),
            Form::Inline(..) => Self::copied(&text),
        }
    }
}

impl<'a> Text<'a> {
    /// No bytes.
    pub(super) const EMPTY: Self = Self(Kept::EMPTY);

    /// Makes a text that borrows its bytes.
    #[must_use]
    pub const fn borrowed(bytes: &'a [u8]) -> Self {
        Self(Kept::borrowed(bytes))
    }

    /// Makes a text of its own from a copy of the bytes.
    #[must_use]
    pub fn copied(bytes: &[u8]) -> Text<'static> {
        Text(Kept::<INLINE>::copied(bytes))
    }

    /// Becomes a copy of the first bytes of `rest`.
    #[inline(always)]
    pub(super) fn copy_front(&mut self, rest: &[u8], length: usize) {
        self.0.copy_front(rest, length);
    }

    /// Writes the bytes at the end of `out`: those that are in place with all the room that they have, which is cut off
    /// again, as the compiler knows how much it is.
    #[inline]
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match &self.0.0 {
            Form::Inline(length, Inline(bytes)) => {
                let end = out.len() + usize::from(*length);
                out.extend_from_slice(bytes);
                out.truncate(end);
            }
            _ => out.extend_from_slice(self),
        }
    }

    /// Returns the text without a tie to what it borrows from.
    #[must_use]
    pub fn into_owned(self) -> Text<'static> {
        Text(self.0.into_owned())
    }

    /// Returns the bytes as text where they are UTF-8, which Go does not demand of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self).ok()
    }

    /// Returns the bytes as text, with U+FFFD for what is not UTF-8.
    #[must_use]
    pub fn to_str_lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self)
    }
}

impl Deref for Text<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Text<'_> {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Borrow<[u8]> for Text<'_> {
    fn borrow(&self) -> &[u8] {
        self
    }
}

impl Default for Text<'_> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl fmt::Debug for Text<'_> {
    /// Writes the bytes as a Rust byte string.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'a> From<&'a [u8]> for Text<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::borrowed(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Text<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::borrowed(bytes)
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::borrowed(text.as_bytes())
    }
}

impl From<Vec<u8>> for Text<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Kept(Form::Owned(bytes.into())))
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl<'a> From<Cow<'a, str>> for Text<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_the_same_at_every_length() {
        for length in 0..70 {
            let bytes: Vec<u8> = (0..length).collect();
            let text = Text::copied(&bytes);
            assert_eq!(*text, bytes[..]);
            assert_eq!(text, Text::borrowed(&bytes));
            for more in [0, 1, 60] {
                let rest = [&bytes[..], &vec![0xff; more]].concat();
                let mut front = Text::default();
                front.copy_front(&rest, bytes.len());
                assert_eq!(front, text);
            }
            assert_eq!(Text::borrowed(&bytes).into_owned(), Text::from(bytes.clone()).into_owned());
        }
        assert_eq!((size_of::<Text<'_>>(), size_of::<Kept<'_, 16>>()), (40, 24));
        assert_eq!(format!("{:?}", Text::from("a\"\u{e9}")), r#"b"a\"\xc3\xa9""#);
    }
}
