//! Type definitions, read and written.
//!
//! A definition is a gob itself, of Go's struct `wireType`, whose types both sides know beforehand. Its structs are read
//! and written here by hand: a field number, the field, and so on, up to a zero.

use super::decode::Decoder;
use super::keep::Keep;
use super::limits::LONGEST_NAME;
use super::types::{Field, Form, OpaqueKind, Shape};
use super::{Error, writer};
use crate::Place;

/// What every definition begins with. The id is the definition's own again, or means nothing (Go writes another one for
/// pointers to types that write themselves).
#[derive(Default)]
struct Common {
    name: Box<[u8]>,
    id: i32,
}

impl<'i, 'v, K: Keep<'i, 'v>> Decoder<'i, 'v, K> {
    /// Reads a `wireType`: a struct of which one field says of what form the type is.
    pub(super) fn read_definition(&mut self, id: i32) -> Result<Shape, Box<Error>> {
        let mut shape = None;
        let mut number = 0;
        while self.next_field(&mut number, 7)? {
            let form = match number {
                1 => self.read_array()?,
                2 => self.read_slice()?,
                3 => self.read_struct()?,
                4 => self.read_map()?,
                5 => self.read_opaque(OpaqueKind::GobEncoder)?,
                6 => self.read_opaque(OpaqueKind::BinaryMarshaler)?,
                _ => self.read_opaque(OpaqueKind::TextMarshaler)?,
            };
            if shape.replace(form).is_some() {
                return Err(self.bad_definition(id));
            }
        }
        let (Common { name, id: own_id }, form) = shape.ok_or_else(|| self.bad_definition(id))?;
        Ok(Shape { name, id, own_id, form })
    }

    #[track_caller]
    fn bad_definition(&self, id: i32) -> Box<Error> {
        Box::new(Error::BadDefinition { offset: self.reader.offset(), id, place: Place::here() })
    }

    /// Reads the number of the next field of a struct into `number`; returns false at the struct's end.
    fn next_field(&mut self, number: &mut u64, count: u64) -> Result<bool, Box<Error>> {
        if self.reader.left() == 0 {
            return Ok(false);
        }
        let delta = self.reader.uint("the number of a field")?;
        if delta == 0 {
            return Ok(false);
        }
        match number.checked_add(delta) {
            Some(next) if next <= count => *number = next,
            _ => return Err(self.reader.range("the number of a field in a type definition")),
        }
        Ok(true)
    }

    /// Reads a name. Go bounds only those of interface values; a name that stands once on the wire is shown with every
    /// value of its type, so that one without a bound multiplies.
    fn name(&mut self, what: &'static str) -> Result<&'i [u8], Box<Error>> {
        let name = self.reader.bytes(what)?;
        if name.len() > LONGEST_NAME {
            return Err(self.reader.range(what));
        }
        Ok(name)
    }

    /// Reads a `CommonType`: name and id.
    fn read_common(&mut self) -> Result<Common, Box<Error>> {
        let (mut name, mut id): (&[u8], i32) = (&[], 0);
        let mut number = 0;
        while self.next_field(&mut number, 2)? {
            match number {
                1 => name = self.name("the name of a type")?,
                _ => id = self.reader.id()?,
            }
        }
        self.charge(1, name.len())?;
        Ok(Common { name: name.into(), id })
    }

    fn read_array(&mut self) -> Result<(Common, Form), Box<Error>> {
        let (mut common, mut elem, mut length) = (Common::default(), 0, 0);
        let mut number = 0;
        while self.next_field(&mut number, 3)? {
            match number {
                1 => common = self.read_common()?,
                2 => elem = self.reader.id()?,
                _ => {
                    let what = "the length of an array type";
                    length = u64::try_from(self.reader.int(what)?).map_err(|_| self.reader.range(what))?;
                }
            }
        }
        Ok((common, Form::Array { elem, length }))
    }

    fn read_slice(&mut self) -> Result<(Common, Form), Box<Error>> {
        let (mut common, mut elem) = (Common::default(), 0);
        let mut number = 0;
        while self.next_field(&mut number, 2)? {
            match number {
                1 => common = self.read_common()?,
                _ => elem = self.reader.id()?,
            }
        }
        Ok((common, Form::Slice { elem }))
    }

    fn read_map(&mut self) -> Result<(Common, Form), Box<Error>> {
        let (mut common, mut key, mut elem) = (Common::default(), 0, 0);
        let mut number = 0;
        while self.next_field(&mut number, 3)? {
            match number {
                1 => common = self.read_common()?,
                2 => key = self.reader.id()?,
                _ => elem = self.reader.id()?,
            }
        }
        Ok((common, Form::Map { key, elem }))
    }

    fn read_struct(&mut self) -> Result<(Common, Form), Box<Error>> {
        let (mut common, mut fields) = (Common::default(), Box::default());
        let mut number = 0;
        while self.next_field(&mut number, 2)? {
            match number {
                1 => common = self.read_common()?,
                _ => fields = self.read_fields()?,
            }
        }
        Ok((common, Form::Struct { fields }))
    }

    fn read_fields(&mut self) -> Result<Box<[Field]>, Box<Error>> {
        let what = "the field list of a struct type";
        let count = self.reader.uint(what)?;
        let count = self.count(count, 1, what)?;
        self.charge(count, size_of::<Field>())?;
        let mut fields = Vec::with_capacity(count);
        for _ in 0..count {
            if self.reader.left() == 0 {
                return Err(self.reader.truncated(what));
            }
            fields.push(self.read_field()?);
        }
        Ok(fields.into())
    }

    fn read_field(&mut self) -> Result<Field, Box<Error>> {
        let (mut name, mut id): (&[u8], i32) = (&[], 0);
        let mut number = 0;
        while self.next_field(&mut number, 2)? {
            match number {
                1 => name = self.name("the name of a field")?,
                _ => id = self.reader.id()?,
            }
        }
        self.charge(1, name.len())?;
        Ok(Field { name: name.into(), id })
    }

    fn read_opaque(&mut self, kind: OpaqueKind) -> Result<(Common, Form), Box<Error>> {
        let mut common = Common::default();
        let mut number = 0;
        while self.next_field(&mut number, 1)? {
            common = self.read_common()?;
        }
        Ok((common, Form::Opaque(kind)))
    }
}

/// Writes a `wireType`: a struct of which one field says of what form the type is.
///
/// `ids` are those of the types that it is made of, in the order of [`Form::each_part`].
pub(super) fn write_definition(out: &mut Vec<u8>, shape: &Shape, id: i32, ids: &[i32]) {
    let form = match &shape.form {
        Form::Array { .. } => 1,
        Form::Slice { .. } => 2,
        Form::Struct { .. } => 3,
        Form::Map { .. } => 4,
        Form::Opaque(kind) => 5 + *kind as u8,
    };
    // Every form begins with a `CommonType`: name and id.
    out.extend([form, 1]);
    let own_id = if id == shape.id { shape.own_id } else { id };
    write_named(out, &shape.name, own_id);
    match &shape.form {
        Form::Struct { fields } if !fields.is_empty() => {
            out.push(1);
            writer::uint(out, fields.len() as u64);
            for (field, id) in fields.iter().zip(ids) {
                write_named(out, &field.name, *id);
            }
        }
        _ => {
            for id in ids {
                out.push(1);
                writer::int(out, i64::from(*id));
            }
        }
    }
    if let Form::Array { length: length @ 1.., .. } = &shape.form {
        out.push(1);
        // It was an int64 where it was read or made.
        writer::int(out, length.cast_signed());
    }
    out.extend([0, 0]);
}

/// Writes a struct of a name and an id, as types and fields have them.
fn write_named(out: &mut Vec<u8>, name: &[u8], id: i32) {
    let named = !name.is_empty();
    if named {
        out.push(1);
        writer::bytes(out, name);
    }
    if id != 0 {
        out.push(if named { 1 } else { 2 });
        writer::int(out, id.into());
    }
    out.push(0);
}
