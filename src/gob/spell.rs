//! Types in Go's words, as far as the wire has them.

use std::borrow::Cow;
use std::fmt::{self, Write};

use super::types::{At, Form, Part, Shape};
use super::{Definition, OpaqueKind, Type};

/// How deep nameless types are spelled out. They may go in circles: `type T []T` has no end without its name.
const DEPTH: usize = 8;
/// How many bytes of a type that has no name are spelled out: `map[K]V` may double with each level.
const LENGTH: usize = 200;

impl fmt::Display for Type {
    /// Writes the type in Go's words, as far as the wire has them: `int` for every signed integer. What would be very long
    /// is cut.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.part().fmt(f)
    }
}

impl fmt::Display for Definition {
    /// Writes the type in Go's words, as far as the wire has them. What would be very long is cut.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.at().map_or(Part::Undefined, Part::Defined).fmt(f)
    }
}

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words())
    }
}

impl<'t> Part<'t> {
    /// Returns the type in Go's words; borrowed where it has a name.
    pub(super) fn words(self) -> Cow<'t, str> {
        Cow::Borrowed(match self {
            Part::Basic(1) => "bool",
            Part::Basic(2) => "int",
            Part::Basic(3) => "uint",
            Part::Basic(4) => "float64",
            Part::Basic(5) => "[]uint8",
            Part::Basic(6) => "string",
            Part::Basic(7) => "complex128",
            Part::Basic(8) => "interface {}",
            Part::Defined(at) => match at.shape() {
                Some(Shape { name, .. }) if !name.is_empty() => return String::from_utf8_lossy(name),
                _ => {
                    let mut out = Short(String::new());
                    // It stops where there is no more room.
                    define(at, &mut out, DEPTH).ok();
                    return Cow::Owned(out.0);
                }
            },
            Part::Basic(_) | Part::Undefined => "?",
        })
    }
}

/// Text that is cut where it becomes too long.
struct Short(String);

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = LENGTH.saturating_sub(self.0.len());
        if text.len() <= room {
            self.0.push_str(text);
            return Ok(());
        }
        self.0.push_str(&text[..text.floor_char_boundary(room)]);
        self.0.push('…');
        Err(fmt::Error)
    }
}

fn write(part: Part<'_>, out: &mut Short, depth: usize) -> fmt::Result {
    match part {
        Part::Defined(at) if at.shape().is_some_and(|shape| shape.name.is_empty()) => define(at, out, depth),
        _ => out.write_str(&part.words()),
    }
}

fn define(at: At<'_>, out: &mut Short, depth: usize) -> fmt::Result {
    let Some(Shape { form, .. }) = at.shape() else { return out.write_str("?") };
    let Some(depth) = depth.checked_sub(1) else {
        return out.write_str("…");
    };
    let elem = match form {
        Form::Array { elem, length } => {
            write!(out, "[{length}]")?;
            elem
        }
        Form::Slice { elem } => {
            out.write_str("[]")?;
            elem
        }
        Form::Map { key, elem } => {
            out.write_str("map[")?;
            write(at.part(*key), out, depth)?;
            out.write_str("]")?;
            elem
        }
        Form::Struct { .. } => return out.write_str("struct"),
        Form::Opaque(OpaqueKind::GobEncoder) => return out.write_str("GobEncoder"),
        Form::Opaque(OpaqueKind::BinaryMarshaler) => return out.write_str("BinaryMarshaler"),
        Form::Opaque(OpaqueKind::TextMarshaler) => return out.write_str("TextMarshaler"),
    };
    write(at.part(*elem), out, depth)
}
