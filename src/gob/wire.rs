//! Reading type definitions.
//!
//! A definition is a gob itself, of Go's struct `wireType`, whose types both sides know beforehand. Its structs are read
//! here by hand: a field number, the field, and so on, up to a zero.

use super::Error;
use super::decode::Decoder;
use super::types::{Field, Form, OpaqueKind, Shape};
use crate::Place;

impl Decoder<'_> {
    /// Reads a `wireType`: a struct of which one field says of what form the type is.
    pub(super) fn read_definition(&mut self, id: i32) -> Result<Shape, Error> {
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
        shape.ok_or_else(|| self.bad_definition(id))
    }

    #[track_caller]
    fn bad_definition(&self, id: i32) -> Error {
        Error::BadDefinition { offset: self.reader.offset(), id, place: Place::here() }
    }

    /// Reads the number of the next field of a struct into `number`; returns false at the struct's end.
    fn next_field(&mut self, number: &mut u64, count: u64) -> Result<bool, Error> {
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

    /// Reads a `CommonType`: name and id. The id is the definition's own again, or means nothing (Go writes a wrong one
    /// for pointers to types that write themselves), so it is dropped.
    fn read_common(&mut self) -> Result<Box<[u8]>, Error> {
        let mut name: &[u8] = &[];
        let mut number = 0;
        while self.next_field(&mut number, 2)? {
            match number {
                1 => name = self.reader.bytes("the name of a type")?,
                _ => drop(self.reader.id()?),
            }
        }
        self.charge(1, name.len())?;
        Ok(name.into())
    }

    fn read_array(&mut self) -> Result<Shape, Error> {
        let (mut name, mut elem, mut length) = (Box::default(), 0, 0);
        let mut number = 0;
        while self.next_field(&mut number, 3)? {
            match number {
                1 => name = self.read_common()?,
                2 => elem = self.reader.id()?,
                _ => {
                    let what = "the length of an array type";
                    length = u64::try_from(self.reader.int(what)?).map_err(|_| self.reader.range(what))?;
                }
            }
        }
        Ok(Shape { name, form: Form::Array { elem, length } })
    }

    fn read_slice(&mut self) -> Result<Shape, Error> {
        let (mut name, mut elem) = (Box::default(), 0);
        let mut number = 0;
        while self.next_field(&mut number, 2)? {
            match number {
                1 => name = self.read_common()?,
                _ => elem = self.reader.id()?,
            }
        }
        Ok(Shape { name, form: Form::Slice { elem } })
    }

    fn read_map(&mut self) -> Result<Shape, Error> {
        let (mut name, mut key, mut elem) = (Box::default(), 0, 0);
        let mut number = 0;
        while self.next_field(&mut number, 3)? {
            match number {
                1 => name = self.read_common()?,
                2 => key = self.reader.id()?,
                _ => elem = self.reader.id()?,
            }
        }
        Ok(Shape { name, form: Form::Map { key, elem } })
    }

    fn read_struct(&mut self) -> Result<Shape, Error> {
        let (mut name, mut fields) = (Box::default(), Box::default());
        let mut number = 0;
        while self.next_field(&mut number, 2)? {
            match number {
                1 => name = self.read_common()?,
                _ => fields = self.read_fields()?,
            }
        }
        Ok(Shape { name, form: Form::Struct { fields } })
    }

    fn read_fields(&mut self) -> Result<Box<[Field]>, Error> {
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

    fn read_field(&mut self) -> Result<Field, Error> {
        let (mut name, mut id): (&[u8], i32) = (&[], 0);
        let mut number = 0;
        while self.next_field(&mut number, 2)? {
            match number {
                1 => name = self.reader.bytes("the name of a field")?,
                _ => id = self.reader.id()?,
            }
        }
        self.charge(1, name.len())?;
        Ok(Field { name: name.into(), id })
    }

    fn read_opaque(&mut self, kind: OpaqueKind) -> Result<Shape, Error> {
        let mut name = Box::default();
        let mut number = 0;
        while self.next_field(&mut number, 1)? {
            name = self.read_common()?;
        }
        Ok(Shape { name, form: Form::Opaque(kind) })
    }
}
