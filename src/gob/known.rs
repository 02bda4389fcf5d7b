//! The types of a stream that is written, and the ids that they get.

use super::encode::{Encoder, FIRST_ID};
use super::stock::Stock;
use super::types::{At, Form, Part};
use super::{Concrete, Error, Fault, wire, writer};

/// A type that has an id.
pub(super) struct Known<'v> {
    pub(super) at: At<'v>,
    pub(super) id: i32,
    pub(super) sent: bool,
}

impl<'v> Encoder<'v, '_> {
    /// Returns the id of a value's type, defining the type if it was not yet.
    pub(super) fn type_of(&mut self, value: &'v Concrete<'_>) -> Result<i32, Error> {
        match value.part() {
            Part::Basic(id) => Ok(id),
            Part::Defined(at) => self.id_of(at),
            Part::Undefined => Err(Fault::Undefined.error()),
        }
    }

    /// Returns the id of a defined type, defining it if it was not yet.
    pub(super) fn id_of(&mut self, at: At<'v>) -> Result<i32, Error> {
        let known = self.know(at)?;
        if !self.known[known].sent {
            self.define(known)?;
        }
        Ok(self.known[known].id)
    }

    /// Defines a type and those that it is made of, each in a message of its own, but for the first if a message has
    /// begun already: it takes that to its end.
    fn define(&mut self, known: usize) -> Result<(), Error> {
        if let Some(stock) = self.known[known].at.stock() {
            return self.define_stock(known, stock);
        }
        let mut open = vec![known];
        while let Some(known) = open.pop() {
            let Known { at, id, ref mut sent } = self.known[known];
            if std::mem::replace(sent, true) {
                continue;
            }
            if let Some(stock) = at.stock() {
                self.define_stock(known, stock)?;
                continue;
            }
            let shape = at.shape().ok_or_else(|| Fault::Undefined.error())?;
            if let Form::Struct { fields } = &shape.form
                && let Some(field) = fields.iter().find(|field| !field.is_sent())
            {
                return Err(Fault::FieldName { field: field.name().into_owned() }.error());
            }
            let first = open.len();
            let mut parts = Vec::new();
            shape.form.each_part(|part| parts.push(part));
            let mut ids = Vec::with_capacity(parts.len());
            for part in parts {
                ids.push(match at.part(part) {
                    Part::Basic(id) => id,
                    Part::Undefined => return Err(Fault::Undefined.error()),
                    Part::Defined(at) => {
                        let part = self.know(at)?;
                        open.push(part);
                        self.known[part].id
                    }
                });
            }
            // The first part is to be the next that is defined.
            open[first..].reverse();
            writer::int(self.out, i64::from(-id));
            wire::write_definition(self.out, shape, id, &ids);
            self.end(self.start)?;
            self.start = writer::begin(self.out);
        }
        Ok(())
    }

    fn define_stock(&mut self, known: usize, stock: Stock) -> Result<(), Error> {
        let Known { id, ref mut sent, .. } = self.known[known];
        *sent = true;
        writer::int(self.out, i64::from(-id));
        stock.write(self.out, id);
        self.end(self.start)?;
        self.start = writer::begin(self.out);
        Ok(())
    }

    /// Returns the place in `known` of a type, which has its id from then on.
    ///
    /// That is the id that it was read with, if no other type has it: what is read and not changed is written to the same
    /// bytes.
    fn know(&mut self, at: At<'v>) -> Result<usize, Error> {
        let slot = at.index as usize;
        let table = match at.stock() {
            Some(_) => None,
            None => Some(
                self.tables.iter().position(|(entries, _)| std::ptr::eq(*entries, at.entries)).unwrap_or_else(|| {
                    self.tables.push((at.entries, vec![0; at.entries.shapes.len()]));
                    self.tables.len() - 1
                }),
            ),
        };
        let place = match table {
            Some(table) => self.tables[table].1.get(slot),
            None => self.stock.get(slot),
        };
        match place {
            Some(0) => {}
            Some(known) => return Ok(known - 1),
            None => return Err(Fault::Undefined.error()),
        }
        let known = match self.known.iter().position(|known| !known.at.is_beside(at) && known.at.same(at)) {
            Some(known) => known,
            None => self.take_id(at)?,
        };
        match table {
            Some(table) => self.tables[table].1[slot] = known + 1,
            None => self.stock[slot] = known + 1,
        }
        Ok(known)
    }

    fn take_id(&mut self, at: At<'v>) -> Result<usize, Error> {
        let limit = self.limits.types;
        if self.known.len() >= limit {
            return Err(Fault::TooManyTypes { limit }.error());
        }
        let taken = |id: i32| self.known.iter().any(|known| known.id == id);
        let wanted = Some(at.id()).filter(|id| *id >= FIRST_ID && !taken(*id));
        let id = wanted.or_else(|| (FIRST_ID..).find(|id| !taken(*id))).ok_or_else(|| Fault::Undefined.error())?;
        self.known.push(Known { at, id, sent: false });
        Ok(self.known.len() - 1)
    }
}
