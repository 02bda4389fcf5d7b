//! The types that almost every session has: known beforehand, they need no table of their stream.

use std::sync::LazyLock;

use super::types::{Entries, Form, Shape};
use super::{OpaqueKind, reader, writer};

/// A type that is known beforehand, by its place among all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stock {
    /// `map[interface {}]interface {}`: a session.
    AnyMap,
    /// `[]interface {}`: flashes.
    AnySlice,
    /// `time.Time`.
    Time,
    /// `[]string`.
    Strings,
    /// `map[string]interface {}`.
    StringMap,
}

/// How many there are.
pub(super) const COUNT: usize = 5;

impl Stock {
    pub(super) const ALL: [Self; COUNT] = [Self::AnyMap, Self::AnySlice, Self::Time, Self::Strings, Self::StringMap];

    /// Returns the definition as Go writes it: what stands before the id and behind it.
    #[inline(always)]
    fn wire(self) -> (&'static [u8], &'static [u8]) {
        match self {
            Self::AnyMap => (b"\x04\x01\x02", b"\0\x01\x10\x01\x10\0\0"),
            Self::AnySlice => (b"\x02\x01\x02", b"\0\x01\x10\0\0"),
            Self::Time => (b"\x05\x01\x01\x04Time\x01", b"\0\0\0"),
            Self::Strings => (b"\x02\x01\x02", b"\0\x01\x0c\0\0"),
            Self::StringMap => (b"\x04\x01\x02", b"\0\x01\x0c\x01\x10\0\0"),
        }
    }

    pub(super) fn form(self) -> Form {
        match self {
            Self::AnyMap => Form::Map { key: 8, elem: 8 },
            Self::AnySlice => Form::Slice { elem: 8 },
            Self::Time => Form::Opaque(OpaqueKind::GobEncoder),
            Self::Strings => Form::Slice { elem: 6 },
            Self::StringMap => Form::Map { key: 6, elem: 8 },
        }
    }

    fn name(self) -> &'static [u8] {
        match self {
            Self::Time => b"Time",
            _ => b"",
        }
    }

    /// Returns the type that is defined at the front of `bytes` under an id, and the length of the definition.
    pub(super) fn read(bytes: &[u8], id: i32) -> Option<(Self, usize)> {
        match bytes.first()? {
            2 => Self::AnySlice.is_at(bytes, id).or_else(|| Self::Strings.is_at(bytes, id)),
            4 => Self::AnyMap.is_at(bytes, id).or_else(|| Self::StringMap.is_at(bytes, id)),
            5 => Self::Time.is_at(bytes, id),
            _ => None,
        }
    }

    /// Inlined, for the compiler to know what is compared.
    #[inline(always)]
    fn is_at(self, bytes: &[u8], id: i32) -> Option<(Self, usize)> {
        let (before, after) = self.wire();
        let (first, rest) = bytes.strip_prefix(before)?.split_first()?;
        let (own, length) = reader::number(*first, rest)?;
        let rest = rest[length..].strip_prefix(after)?;
        (reader::signed(own) == i64::from(id)).then_some((self, bytes.len() - rest.len()))
    }

    /// Writes the definition under an id.
    pub(super) fn write(self, out: &mut Vec<u8>, id: i32) {
        let (before, after) = self.wire();
        out.extend_from_slice(before);
        writer::int(out, id.into());
        out.extend_from_slice(after);
    }
}

/// Returns the table of these types, in their order.
pub(super) fn entries() -> &'static Entries {
    static ENTRIES: LazyLock<Entries> = LazyLock::new(|| {
        let shape = |stock: Stock| Shape { name: stock.name().into(), id: 0, own_id: 0, form: stock.form() };
        Entries { shapes: Stock::ALL.map(shape).into(), ..Entries::default() }
    });
    &ENTRIES
}

#[cfg(test)]
mod tests {
    use super::super::wire;
    use super::*;

    #[test]
    fn they_are_written_as_any_other_and_read_back() {
        for (at, stock) in Stock::ALL.into_iter().enumerate() {
            assert_eq!(stock as usize, at);
            for id in [65, 127, 128, 70_000, i32::MAX] {
                let shape = Shape { name: stock.name().into(), id, own_id: id, form: stock.form() };
                let mut parts = Vec::new();
                shape.form.each_part(|part| parts.push(part));
                let (mut written, mut expected) = (Vec::new(), Vec::new());
                stock.write(&mut written, id);
                wire::write_definition(&mut expected, &shape, id, &parts);
                assert_eq!(written, expected, "{stock:?}");
                assert_eq!(Stock::read(&written, id), Some((stock, written.len())));
                assert_eq!(Stock::read(&written, id - 1), None);
                assert_eq!(Stock::read(&written[..written.len() - 1], id), None);
            }
        }
    }
}
