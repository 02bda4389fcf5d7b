//! What most interfaces hold, read and written at one glance.
//!
//! The registered names of strings, integers and the like stand on the wire in full with each value. Here name, type and
//! lengths are compared and written as one piece; everything that is not as usual is left to the decoder and the encoder.

use super::decode::{Decoder, put};
use super::encode::Encoder;
use super::keep::Keep;
use super::name::Name;
use super::{Concrete, Text, Value, reader, writer};

/// What texts are before they are read. Constants, as these are copied in whole pieces: what was just put together of
/// smaller ones a processor is slow to read.
pub(super) const NO_BYTES: Concrete<'static> = Concrete::Bytes(Text::EMPTY);
pub(super) const NO_STRING: Concrete<'static> = Concrete::String(Text::EMPTY);

impl<'i, 'v, K: Keep<'i, 'v>> Decoder<'i, 'v, K> {
    /// Reads what most interfaces hold, where name, type and lengths take what they take by far the most often: all are
    /// seen at one glance. Returns false, with nothing read, if it is something else.
    #[inline(always)]
    pub(super) fn usual(&mut self, slot: &mut Value<'v>) -> bool {
        // What follows the type is the length of the value, which is not looked at, and a zero.
        let rest = self.reader.rest();
        macro_rules! text {
            ($front:literal $name:literal $empty:ident $concrete:ident) => {
                if let Some([0..128, 0, length @ 0..128, text @ ..]) = rest.strip_prefix($front)
                    && usize::from(*length) <= text.len()
                    && let Some(memory) = self.memory.checked_sub(K::text_cost(usize::from(*length)))
                {
                    let length = usize::from(*length);
                    self.memory = memory;
                    self.reader.skip($front.len() + 3 + length);
                    slot.name = Name::Borrowed($name);
                    put(&mut slot.concrete, $empty);
                    if let Concrete::$concrete(slot) = &mut slot.concrete {
                        K::text(slot, text, length);
                    }
                    return true;
                }
            };
        }
        macro_rules! number {
            ($front:literal $name:literal |$number:ident| $concrete:expr) => {
                if let Some([0..128, 0, first, bytes @ ..]) = rest.strip_prefix($front)
                    && let Some(($number, length)) = reader::number(*first, bytes)
                {
                    self.reader.skip($front.len() + 3 + length);
                    slot.name = Name::Borrowed($name);
                    put(&mut slot.concrete, $concrete);
                    return true;
                }
            };
        }
        match rest {
            [6, ..] => text!(b"\x06string\x0c" b"string" NO_STRING String),
            [5, ..] => number!(b"\x05int64\x04" b"int64" |it| Concrete::Int(reader::signed(it))),
            [4, ..] => number!(b"\x04bool\x02" b"bool" |it| Concrete::Bool(it != 0)),
            [3, ..] => number!(b"\x03int\x04" b"int" |it| Concrete::Int(reader::signed(it))),
            [7, ..] => text!(b"\x07[]uint8\x0a" b"[]uint8" NO_BYTES Bytes),
            _ => {}
        }
        false
    }
}

impl Encoder<'_, '_> {
    /// Writes what most interfaces hold, in one piece whose length the compiler knows, and the text: name, id, length, a
    /// zero and the value. Returns false if this is something else.
    #[inline(always)]
    pub(super) fn usual(&mut self, name: &[u8], value: &Concrete<'_>) -> bool {
        /// Texts whose length takes a byte, and the length of the value too.
        const SHORT: usize = 126;
        let out = &mut *self.out;
        match value {
            Concrete::String(text) if text.len() < SHORT && name == b"string" => {
                let length = text.len() as u8;
                let mut head = *b"\x06string\x0c\x00\x00\x00";
                [head[8], head[10]] = [length + 2, length];
                out.extend_from_slice(&head);
                text.write(out);
            }
            Concrete::Int(it) if name == b"int64" => {
                out.extend_from_slice(b"\x05int64\x04");
                integer(out, writer::bits(*it));
            }
            Concrete::Int(it) if name == b"int" => {
                out.extend_from_slice(b"\x03int\x04");
                integer(out, writer::bits(*it));
            }
            Concrete::Bool(it) if name == b"bool" => {
                let mut whole = *b"\x04bool\x02\x02\x00\x00";
                whole[8] = u8::from(*it);
                out.extend_from_slice(&whole);
            }
            Concrete::Bytes(bytes) if bytes.len() < SHORT && name == b"[]uint8" => {
                let length = bytes.len() as u8;
                let mut head = *b"\x07[]uint8\x0a\x00\x00\x00";
                [head[9], head[11]] = [length + 2, length];
                out.extend_from_slice(&head);
                bytes.write(out);
            }
            _ => return false,
        }
        true
    }
}

/// Writes the length of an integer in an interface, a zero and the integer.
#[inline]
fn integer(out: &mut Vec<u8>, bits: u64) {
    match u8::try_from(bits) {
        Ok(short @ 0..128) => out.extend_from_slice(&[2, 0, short]),
        _ => {
            let wide = writer::Uint::new(bits);
            let wide = wide.as_slice();
            out.extend_from_slice(&[wide.len() as u8 + 1, 0]);
            out.extend_from_slice(wide);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, decode, decode_owned, encode};
    use super::*;

    /// The other path is taken for a name that says nothing, which has to lead to the same.
    #[test]
    fn what_is_read_and_written_at_a_glance_is_as_it_is_piece_by_piece() {
        let mut cases: Vec<(&str, &str, Value<'static>)> = Vec::new();
        for length in (0..70).chain(100..140).chain([255, 256, 300]) {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            cases.push(("string", "String", Value::string(bytes.clone())));
            cases.push(("[]uint8", "[]Uint8", Value::bytes(bytes)));
        }
        let powers = (0..64).map(|bit| 1_i64 << bit);
        for int in powers.flat_map(|it| [it, it.wrapping_sub(1), !it, it.wrapping_neg()]) {
            cases.push(("int", "Int", Concrete::Int(int).into()));
            cases.push(("int64", "Int64", Concrete::Int(int).into()));
        }
        cases.extend([true, false].map(|it| ("bool", "Bool", Concrete::Bool(it).into())));
        for (usual, other, value) in cases {
            let gob =
                |name| encode(&Value::of(vec![Value::interface(name, value.clone()), Value::of("after")])).unwrap();
            let (short, long) = (gob(usual), gob(other));
            let at = long.windows(other.len()).position(|bytes| bytes == other.as_bytes()).unwrap();
            let renamed = [&long[..at], usual.as_bytes(), &long[at + usual.len()..]].concat();
            assert_eq!(short, renamed, "{usual} {value:?}");
            let read = |gob: &[u8]| {
                let owned = decode_owned(gob, &Limits::default()).unwrap();
                assert_eq!(owned, decode(gob).unwrap());
                let items = owned.as_list().unwrap().items().to_vec();
                assert_eq!(items[1], Value::of("after"));
                items[0].concrete().clone()
            };
            assert_eq!((read(&short), read(&long)), (value.concrete().clone(), value.into_concrete()), "{usual}");
            for end in 0..short.len() {
                assert!(decode(&short[..end]).is_err(), "{usual} cut at {end}");
            }
        }
    }
}
