//! What the names under which Go registers its own types say of a value.
//!
//! Go decodes what an interface holds into the type that is registered under its name, and refuses the gob where that does
//! not fit. What a program has registered is not known here; the names of types without one (`int8`, `[]string`,
//! `map[string]interface {}`) say what they are.

use super::error::Step;
use super::stock::Stock;
use super::types::{Form, OpaqueKind, Part};
use super::{Concrete, Definition, Error, Fault};

/// Checks what an interface holds against its registered name.
pub(super) fn check(name: &[u8], value: &Concrete<'_>) -> Result<(), Error> {
    // The usual ones first.
    match (name, value.definition().and_then(Definition::as_stock)) {
        (b"[]interface {}", Some(Stock::AnySlice)) => return Ok(()),
        (b"map[string]interface {}", Some(Stock::StringMap)) => return Ok(()),
        (b"[]string", Some(Stock::Strings)) => return Ok(()),
        (b"time.Time", Some(Stock::Time)) => return check_range(name, value),
        _ => {}
    }
    if !type_fits(name, value.part()) {
        let declared = String::from_utf8_lossy(name).into_owned();
        return Err(Fault::Type { declared, found: value.part().to_string() }.error());
    }
    check_range(name, value)
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
    if let Some((length, elem)) = split_array(name) {
        let Part::Defined(at) = part else { return false };
        return match at.shape().map(|shape| &shape.form) {
            Some(Form::Array { elem: id, length: found }) => length == *found && type_fits(elem, at.part(*id)),
            _ => false,
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

/// Splits `[N]T`.
fn split_array(name: &[u8]) -> Option<(u64, &[u8])> {
    let end = name.iter().position(|byte| *byte == b']')?;
    let length = std::str::from_utf8(name[..end].strip_prefix(b"[")?).ok()?.parse().ok()?;
    Some((length, &name[end + 1..]))
}

/// Whether there are values on the wire that the type of this name has no room for.
fn is_narrow(name: &[u8]) -> bool {
    let elem = |elem: &[u8]| match elem {
        b"string" | b"interface {}" | b"bool" | b"int" | b"int64" | b"uint" | b"uint64" | b"float64" => false,
        elem => is_narrow(elem),
    };
    match name {
        b"int8" | b"int16" | b"int32" | b"uint8" | b"uint16" | b"uint32" | b"float32" | b"complex64" | b"time.Time" => {
            true
        }
        // Bytes, which are all in range.
        b"[]uint8" => false,
        _ => {
            name.strip_prefix(b"[]").is_some_and(elem)
                || split_array(name).is_some_and(|(_, it)| elem(it))
                || split_map(name).is_some_and(|(key, it)| elem(key) || elem(it))
        }
    }
}

/// Checks that the numbers in a value have room in the type of this name, and that times are some.
fn check_range(name: &[u8], value: &Concrete<'_>) -> Result<(), Error> {
    let fits = match (name, value) {
        (b"time.Time", Concrete::Opaque(it)) => {
            if !matches!((it.bytes.first(), it.bytes.len()), (Some(1), 15) | (Some(2), 16)) {
                return Err(Fault::Time.error());
            }
            true
        }
        (b"int8", Concrete::Int(it)) => i8::try_from(*it).is_ok(),
        (b"int16", Concrete::Int(it)) => i16::try_from(*it).is_ok(),
        (b"int32", Concrete::Int(it)) => i32::try_from(*it).is_ok(),
        (b"uint8", Concrete::Uint(it)) => u8::try_from(*it).is_ok(),
        (b"uint16", Concrete::Uint(it)) => u16::try_from(*it).is_ok(),
        (b"uint32", Concrete::Uint(it)) => u32::try_from(*it).is_ok(),
        (b"float32", Concrete::Float(it)) => narrow(*it),
        (b"complex64", Concrete::Complex(re, im)) => narrow(*re) && narrow(*im),
        (_, Concrete::Slice(list) | Concrete::Array(list)) => {
            let elem = name.strip_prefix(b"[]").or_else(|| split_array(name).map(|(_, elem)| elem));
            return elem.filter(|elem| is_narrow(elem)).map_or(Ok(()), |elem| {
                let mut items = list.items.iter().enumerate();
                items.try_for_each(|(at, item)| {
                    check_range(elem, &item.concrete).map_err(|error| error.under(&Step::Index(at)))
                })
            });
        }
        (_, Concrete::Map(map)) if is_narrow(name) => {
            let Some((key, elem)) = split_map(name) else { return Ok(()) };
            return map.entries.iter().try_for_each(|(at, value)| {
                check_range(key, &at.concrete)
                    .and_then(|()| check_range(elem, &value.concrete))
                    .map_err(|error| error.under(&Step::Key(at)))
            });
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
