//! Types in Go's words, as far as the wire has them.

use std::fmt;

use super::types::{At, Form, Part, Shape};
use super::{Definition, OpaqueKind, Type};

impl fmt::Display for Type {
    /// Writes the type in Go's words, as far as the wire has them: `int` for every signed integer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.part().fmt(f)
    }
}

impl fmt::Display for Definition {
    /// Writes the type in Go's words, as far as the wire has them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.at().map_or(Part::Undefined, Part::Defined).fmt(f)
    }
}

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(*self, f, 8)
    }
}

fn write(part: Part<'_>, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    f.write_str(match part {
        Part::Basic(1) => "bool",
        Part::Basic(2) => "int",
        Part::Basic(3) => "uint",
        Part::Basic(4) => "float64",
        Part::Basic(5) => "[]uint8",
        Part::Basic(6) => "string",
        Part::Basic(7) => "complex128",
        Part::Basic(8) => "interface {}",
        Part::Defined(at) => return define(at, f, depth),
        Part::Basic(_) | Part::Undefined => "?",
    })
}

/// Nameless types may go in circles (`type T []T` has no end without its name), hence the depth.
fn define(at: At<'_>, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    let Some(Shape { name, form, .. }) = at.shape() else { return f.write_str("?") };
    if !name.is_empty() {
        return f.write_str(&String::from_utf8_lossy(name));
    }
    let Some(depth) = depth.checked_sub(1) else {
        return f.write_str("…");
    };
    let elem = match form {
        Form::Array { elem, length } => {
            write!(f, "[{length}]")?;
            elem
        }
        Form::Slice { elem } => {
            f.write_str("[]")?;
            elem
        }
        Form::Map { key, elem } => {
            f.write_str("map[")?;
            write(at.part(*key), f, depth)?;
            f.write_str("]")?;
            elem
        }
        Form::Struct { .. } => return f.write_str("struct"),
        Form::Opaque(OpaqueKind::GobEncoder) => return f.write_str("GobEncoder"),
        Form::Opaque(OpaqueKind::BinaryMarshaler) => return f.write_str("BinaryMarshaler"),
        Form::Opaque(OpaqueKind::TextMarshaler) => return f.write_str("TextMarshaler"),
    };
    write(at.part(*elem), f, depth)
}
