//! Integers, lengths and messages: the lowest level of a gob.

use super::Error;
use crate::Place;

/// A position in the input, and the end of the message that it lies in.
///
/// A message's length does not delimit a value: a type that is met for the first time inside an interface is defined in
/// the middle of the value, and the value goes on in the next message. So the end moves while a value is read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    input: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        Self { input, at: 0, end: 0 }
    }

    /// Returns the position from the front of the input.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// Returns how many bytes the whole input has.
    pub(super) fn total(&self) -> usize {
        self.input.len()
    }

    /// Returns how many bytes are left of the message.
    pub(super) fn left(&self) -> usize {
        self.end - self.at
    }

    /// Returns how many bytes are left of the whole input.
    pub(super) fn left_of_input(&self) -> usize {
        self.input.len() - self.at
    }

    /// Returns what is left of the message.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.input[self.at..self.end]
    }

    /// Passes over bytes that [`rest`](Self::rest) has shown.
    pub(super) fn skip(&mut self, count: usize) {
        self.at += count;
    }

    /// Enters the message that starts here, the last one having been used up.
    #[track_caller]
    pub(super) fn message(&mut self) -> Result<(), Box<Error>> {
        self.end = self.input.len();
        let length = self.uint("the length of a message")?;
        self.end = self.at + self.fits(length, "a message")?;
        Ok(())
    }

    /// Reads an unsigned integer of 1 to 9 bytes: itself if below 128, else a negated count and big-endian bytes.
    #[inline(always)]
    #[track_caller]
    pub(super) fn uint(&mut self, what: &'static str) -> Result<u64, Box<Error>> {
        match self.rest() {
            [byte @ 0..128, ..] => {
                self.at += 1;
                Ok(u64::from(*byte))
            }
            // What most ids of types are.
            [255, byte, ..] => {
                self.at += 2;
                Ok(u64::from(*byte))
            }
            _ => self.wide_uint(what),
        }
    }

    #[track_caller]
    fn wide_uint(&mut self, what: &'static str) -> Result<u64, Box<Error>> {
        let Some((&first, rest)) = self.input[self.at..self.end].split_first() else {
            return Err(self.truncated(what));
        };
        match number(first, rest) {
            Some((value, count)) => {
                self.at += 1 + count;
                Ok(value)
            }
            None if first < 248 => Err(self.range(what)),
            None => Err(self.truncated(what)),
        }
    }

    /// Reads a signed integer.
    #[inline]
    #[track_caller]
    pub(super) fn int(&mut self, what: &'static str) -> Result<i64, Box<Error>> {
        Ok(signed(self.uint(what)?))
    }

    /// Reads a float: the bits of a float64 with its bytes reversed, as an unsigned integer.
    #[track_caller]
    pub(super) fn float(&mut self) -> Result<f64, Box<Error>> {
        Ok(f64::from_bits(self.uint("a float")?.swap_bytes()))
    }

    /// Reads the id of a type, negative where its definition follows.
    #[inline]
    #[track_caller]
    pub(super) fn id(&mut self) -> Result<i32, Box<Error>> {
        let what = "the id of a type";
        let id = self.int(what)?;
        i32::try_from(id).map_err(|_| self.range(what))
    }

    /// Reads a length and as many bytes.
    #[inline]
    #[track_caller]
    pub(super) fn bytes(&mut self, what: &'static str) -> Result<&'a [u8], Box<Error>> {
        let (rest, length) = self.bytes_and_rest(what)?;
        Ok(&rest[..length])
    }

    /// Reads a length and as many bytes, and returns the input from the first of them on, and the length.
    #[inline(always)]
    #[track_caller]
    pub(super) fn bytes_and_rest(&mut self, what: &'static str) -> Result<(&'a [u8], usize), Box<Error>> {
        let length = self.uint(what)?;
        let rest = &self.input[self.at..];
        let left = self.left();
        match usize::try_from(length) {
            Ok(length) if length <= left => {
                self.at += length;
                Ok((rest, length))
            }
            _ => Err(self.too_long(length, what)),
        }
    }

    #[track_caller]
    fn fits(&self, length: u64, what: &'static str) -> Result<usize, Box<Error>> {
        match usize::try_from(length) {
            Ok(length) if length <= self.left() => Ok(length),
            _ => Err(self.too_long(length, what)),
        }
    }

    #[cold]
    #[track_caller]
    fn too_long(&self, length: u64, what: &'static str) -> Box<Error> {
        Box::new(Error::Length { offset: self.at, what, length, left: self.left(), place: Place::here() })
    }

    #[cold]
    #[track_caller]
    pub(super) fn truncated(&self, what: &'static str) -> Box<Error> {
        Box::new(Error::Truncated { offset: self.at, what, place: Place::here() })
    }

    #[cold]
    #[track_caller]
    pub(super) fn range(&self, what: &'static str) -> Box<Error> {
        Box::new(Error::Range { offset: self.at, what, place: Place::here() })
    }
}

/// Reads an unsigned integer from its first byte and what follows that; returns how many bytes of these it takes too.
#[inline(always)]
pub(super) fn number(first: u8, rest: &[u8]) -> Option<(u64, usize)> {
    let count = match first {
        0..128 => return Some((first.into(), 0)),
        128..248 => return None,
        248.. => 256 - usize::from(first),
    };
    if let Some(bytes) = rest.first_chunk() {
        // Of eight bytes those that belong to it: one reading instead of a loop.
        return Some((u64::from_be_bytes(*bytes) >> (64 - 8 * count), count));
    }
    let bytes = rest.get(..count)?;
    Some((bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)), count))
}

/// Returns the signed integer that an unsigned one stands for: bit 0 is the sign (complement), the rest is shifted.
#[inline(always)]
pub(super) fn signed(bits: u64) -> i64 {
    let value = (bits >> 1).cast_signed();
    if bits & 1 == 0 { value } else { !value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(input: &[u8]) -> Reader<'_> {
        Reader { input, at: 0, end: input.len() }
    }

    #[test]
    fn reads_the_integers_of_gos_documentation() {
        for (bytes, value) in [(&b"\x00"[..], 0), (b"\x07", 7), (b"\x7f", 127), (b"\xfe\x01\x00", 256)] {
            assert_eq!(reader(bytes).uint("it").unwrap(), value);
        }
        assert_eq!(reader(b"\xf8\xff\xff\xff\xff\xff\xff\xff\xff").uint("it").unwrap(), u64::MAX);
        for (bytes, value) in [(&b"\x00"[..], 0), (b"\x01", -1), (b"\x02", 1), (b"\xfe\x01\x01", -129), (b"\x05", -3)] {
            assert_eq!(reader(bytes).int("it").unwrap(), value);
        }
        assert_eq!(reader(b"\xf8\xff\xff\xff\xff\xff\xff\xff\xff").int("it").unwrap(), i64::MIN);
        assert_eq!(reader(b"\xfe\x31\x40").float().unwrap(), 17.0);
    }

    #[test]
    fn refuses_integers_that_are_cut_or_too_wide() {
        assert!(matches!(reader(b"").uint("it").map_err(|error| *error), Err(Error::Truncated { offset: 0, .. })));
        assert!(matches!(
            reader(b"\xfe\x01").uint("it").map_err(|error| *error),
            Err(Error::Truncated { offset: 0, .. })
        ));
        assert!(matches!(reader(b"\xf7123456789").uint("it").map_err(|error| *error), Err(Error::Range { .. })));
        assert!(matches!(reader(b"\x80").uint("it").map_err(|error| *error), Err(Error::Range { .. })));
        assert!(matches!(reader(b"\xfc\x80\x00\x00\x00").id(), Ok(0x4000_0000)));
        assert!(matches!(reader(b"\xfb\x02\x00\x00\x00\x00").id().map_err(|error| *error), Err(Error::Range { .. })));
        assert!(matches!(
            reader(b"\x03ab").bytes("it").map_err(|error| *error),
            Err(Error::Length { length: 3, left: 2, .. })
        ));
    }
}
