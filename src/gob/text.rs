//! The bytes of strings, byte slices and names.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

/// How many bytes are kept without an allocation: as many as the other forms take.
const INLINE: usize = 16;

/// The bytes of a string, a byte slice or a name: borrowed, or its own.
///
/// Derefs to `[u8]`. Short ones of its own (most keys, names of types, times) take no allocation.
#[derive(Clone)]
pub struct Text<'a>(Form<'a>);

#[derive(Clone)]
enum Form<'a> {
    Borrowed(&'a [u8]),
    Inline(u8, Inline),
    Owned(Box<[u8]>),
}

/// In one piece and at a boundary: it is copied with the value that it is in, in larger pieces, right after it was written,
/// and a processor stumbles over a piece that was written as several.
#[derive(Clone, Copy)]
#[repr(align(8))]
struct Inline([u8; INLINE]);

impl<'a> Text<'a> {
    /// No bytes.
    pub(super) const EMPTY: Self = Self(Form::Inline(0, Inline([0; INLINE])));

    /// Makes a text that borrows its bytes.
    #[must_use]
    pub const fn borrowed(bytes: &'a [u8]) -> Self {
        Self(Form::Borrowed(bytes))
    }

    /// Makes a text of its own from a copy of the bytes.
    #[must_use]
    pub fn copied(bytes: &[u8]) -> Text<'static> {
        match u8::try_from(bytes.len()) {
            Ok(length) if bytes.len() <= INLINE => {
                let mut inline = [0; INLINE];
                inline[..bytes.len()].copy_from_slice(bytes);
                Text(Form::Inline(length, Inline(inline)))
            }
            _ => Text(Form::Owned(bytes.into())),
        }
    }

    /// Becomes a copy of the first bytes of `rest`.
    ///
    /// Where there are enough of them, as many are copied as there is room for, which takes less time than to copy as many
    /// as are needed: their number is known to the compiler.
    #[inline(always)]
    pub(super) fn copy_front(&mut self, rest: &[u8], length: usize) {
        match (&mut self.0, rest.first_chunk()) {
            (Form::Inline(short, Inline(inline)), Some(bytes)) if length <= INLINE => {
                *short = length as u8;
                *inline = *bytes;
            }
            _ => *self = Self::copied(&rest[..length]),
        }
    }

    /// Returns the text without a tie to what it borrows from.
    #[must_use]
    pub fn into_owned(self) -> Text<'static> {
        match self.0 {
            Form::Borrowed(bytes) => Self::copied(bytes),
            Form::Inline(length, bytes) => Text(Form::Inline(length, bytes)),
            Form::Owned(bytes) => Text(Form::Owned(bytes)),
        }
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
        match &self.0 {
            Form::Borrowed(bytes) => bytes,
            Form::Inline(length, Inline(bytes)) => &bytes[..usize::from(*length)],
            Form::Owned(bytes) => bytes,
        }
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

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text<'_> {}

impl Hash for Text<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
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
        write!(f, "b\"{}\"", self.escape_ascii())
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
        Self(Form::Owned(bytes.into()))
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
            for more in [0, 1, 30] {
                let rest = [&bytes[..], &vec![0xff; more]].concat();
                let mut front = Text::default();
                front.copy_front(&rest, bytes.len());
                assert_eq!(front, text);
            }
            assert_eq!(Text::borrowed(&bytes).into_owned(), Text::from(bytes.clone()).into_owned());
        }
        assert_eq!(size_of::<Text<'_>>(), 24);
        assert_eq!(format!("{:?}", Text::from("a\"\u{e9}")), r#"b"a\"\xc3\xa9""#);
    }
}
