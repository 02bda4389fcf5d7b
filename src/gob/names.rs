//! What the names under which Go registers its own types say of a value.
//!
//! Go decodes what an interface holds into the type that is registered under its name, and refuses the gob where that does
//! not fit. What a program has registered is not known here; the names of types without one (`int8`, `[]string`,
//! `map[string]interface {}`) say what they are.

use super::types::{Form, OpaqueKind, Part};
use super::{Error, Fault, Value};

/// Checks what an interface holds against its registered name.
pub(super) fn check(name: &[u8], value: &Value<'_>) -> Result<(), Error> {
    let fits = match (name, value) {
        // The usual ones first.
        (b"string", Value::String(_)) | (b"int64" | b"int", Value::Int(_)) | (b"bool", Value::Bool(_)) => return Ok(()),
        _ => type_fits(name, value.part()),
    };
    if !fits {
        let declared = String::from_utf8_lossy(name).into_owned();
        return Err(Fault::Type { declared, found: value.wire_type() }.error());
    }
    check_range(name, value)
}

/// Checks that Go can have a value for the key of a map.
pub(super) fn check_key(key: &Value<'_>) -> Result<(), Error> {
    match key {
        Value::Interface(it) if it.name.starts_with(b"*") => Ok(()),
        Value::Interface(it) => check_key(&it.value),
        Value::Bytes(_) | Value::Slice(_) | Value::Map(_) => {
            Err(Fault::Key { found: key.go_type().into_owned() }.error())
        }
        _ => Ok(()),
    }
}

/// Whether a value of this type can be decoded into the one of this name; true for names that tell nothing.
fn type_fits(name: &[u8], part: Part<'_>) -> bool {
    let basic = match name {
        b"bool" => 1,
        b"int" | b"int8" | b"int16" | b"int32" | b"int64" => 2,
        b"uint" | b"uint8" | b"uint16" | b"uint32" | b"uint64" | b"uintptr" => 3,
        b"float32" | b"float64" => 4,
        b"[]uint8" => 5,
        b"string" => 6,
        b"complex64" | b"complex128" => 7,
        b"interface {}" => 8,
        _ => 0,
    };
    if basic != 0 {
        return matches!(part, Part::Basic(id) if id == basic);
    }
    if let Some(elem) = name.strip_prefix(b"[]") {
        return match part {
            Part::Defined(at) => match at.shape().map(|shape| &shape.form) {
                Some(Form::Slice { elem: id }) => type_fits(elem, at.part(*id)),
                _ => false,
            },
            // A named type of bytes, in a slice that is one of bytes for the wire.
            Part::Basic(id) => id == 5 && type_fits(elem, Part::Basic(3)),
            Part::Undefined => false,
        };
    }
    if let Some((key, elem)) = split_map(name) {
        let Part::Defined(at) = part else { return false };
        return match at.shape().map(|shape| &shape.form) {
            Some(Form::Map { key: k, elem: e }) => type_fits(key, at.part(*k)) && type_fits(elem, at.part(*e)),
            _ => false,
        };
    }
    if name == b"time.Time" {
        let Part::Defined(at) = part else { return false };
        return matches!(at.shape().map(|shape| &shape.form), Some(Form::Opaque(OpaqueKind::GobEncoder)));
    }
    true
}

/// Splits `map[K]V`; a key that is an array type has brackets of its own.
fn split_map(name: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = name.strip_prefix(b"map[")?;
    let mut depth = 1_usize;
    let end = rest.iter().position(|byte| {
        match byte {
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some((&rest[..end], &rest[end + 1..]))
}

fn check_range(name: &[u8], value: &Value<'_>) -> Result<(), Error> {
    let fits = match (name, value) {
        (b"int8", Value::Int(it)) => i8::try_from(*it).is_ok(),
        (b"int16", Value::Int(it)) => i16::try_from(*it).is_ok(),
        (b"int32", Value::Int(it)) => i32::try_from(*it).is_ok(),
        (b"uint8", Value::Uint(it)) => u8::try_from(*it).is_ok(),
        (b"uint16", Value::Uint(it)) => u16::try_from(*it).is_ok(),
        (b"uint32", Value::Uint(it)) => u32::try_from(*it).is_ok(),
        (b"float32", Value::Float(it)) => narrow(*it),
        (b"complex64", Value::Complex(re, im)) => narrow(*re) && narrow(*im),
        (b"time.Time", Value::Opaque(it)) => {
            if !matches!((it.bytes.first(), it.bytes.len()), (Some(1), 15) | (Some(2), 16)) {
                return Err(Fault::Time.error());
            }
            true
        }
        (_, Value::Slice(list)) => {
            let narrow = name.strip_prefix(b"[]").filter(|elem| !matches!(*elem, b"string" | b"interface {}"));
            return narrow.map_or(Ok(()), |elem| list.items.iter().try_for_each(|item| check_range(elem, item)));
        }
        _ => true,
    };
    if fits {
        return Ok(());
    }
    Err(Fault::Range { go_type: String::from_utf8_lossy(name).into_owned() }.error())
}

/// Whether Go reads a float into a float32: it may lose digits, and may not become infinite.
fn narrow(value: f64) -> bool {
    !value.is_finite() || value.abs() <= f64::from(f32::MAX)
}
