//! Reading structs.

use super::decode::Decoder;
use super::keep::Keep;
use super::types::{Field, Form};
use super::{Concrete, Definition, Error, Struct, Value};
use crate::Place;

/// For how many fields of unfinished structs there is room at first; it doubles when it is used up.
const FEW_FIELDS: usize = 32;

impl<'i, 'v, K: Keep<'i, 'v>> Decoder<'i, 'v, K> {
    pub(super) fn structure(&mut self, ty: Definition, index: usize) -> Result<Concrete<'v>, Box<Error>> {
        let start = self.fields.len();
        let mut next = 0;
        while let Some((number, id)) = self.next_field_of(index, next)? {
            next = number + 1;
            let mut value = Value::NIL;
            self.value(id, &mut value)?;
            self.put_by(number, value)?;
        }
        let fields = self.take_back(start)?;
        Ok(Concrete::Struct(Struct { ty, fields }))
    }

    /// Reads the number of a struct's next field, its distance from `next` and one more; returns it with the field's
    /// type, or `None` at the zero that ends the struct. As in Go, the end of the message will do for that too.
    fn next_field_of(&mut self, index: usize, next: u32) -> Result<Option<(u32, i32)>, Box<Error>> {
        if self.reader.left() == 0 {
            return Ok(None);
        }
        let delta = self.reader.uint("the number of a field")?;
        if delta == 0 {
            return Ok(None);
        }
        let fields: &[Field] = match &self.types.shapes[index].form {
            Form::Struct { fields } => fields,
            _ => &[],
        };
        let number = u32::try_from(delta - 1).ok().and_then(|skipped| skipped.checked_add(next));
        let field = number.and_then(|number| Some((number, fields.get(usize::try_from(number).ok()?)?.id)));
        if field.is_none() {
            let offset = self.reader.offset();
            return Err(Box::new(Error::UnknownField { offset, fields: fields.len(), place: Place::here() }));
        }
        Ok(field)
    }

    fn put_by(&mut self, number: u32, value: Value<'v>) -> Result<(), Box<Error>> {
        if self.fields.len() == self.fields.capacity() {
            // A field takes two bytes of input, its number and its value: half of what is left bounds all that are to
            // come.
            let room = self.fields.len().max(FEW_FIELDS).min(self.reader.left_of_input() / 2 + 1);
            self.charge(self.fields.len() + room, size_of::<(u32, Value<'_>)>())?;
            self.fields.reserve_exact(room);
        }
        self.fields.push((number, value));
        Ok(())
    }

    /// Takes back the fields that were put by since there were `start` of them.
    fn take_back(&mut self, start: usize) -> Result<Vec<(u32, Value<'v>)>, Box<Error>> {
        let own = self.fields.len() - start;
        self.charge(own, size_of::<(u32, Value<'_>)>())?;
        let mut fields = Vec::with_capacity(own);
        fields.extend(self.fields.drain(start..));
        Ok(fields)
    }
}
