//! What Go can have for the key of a map.

use std::collections::HashSet;

use super::error::Step;
use super::types::{At, Field, Form, Part};
use super::{Concrete, Error, Fault, Value};

/// Checks keys, and remembers which types are fine.
///
/// Slices and maps are no keys, nor is what holds some: an array or a struct with a field of such a type, empty or not.
/// Go panics on such a key in an interface. The wire does not tell a field that is a pointer from one that is not, so a
/// struct with a pointer to a slice counts as one with a slice.
#[derive(Default)]
pub(super) struct Keys {
    fine: HashSet<(usize, u32)>,
}

impl Keys {
    /// Checks that Go can have a value for a key.
    #[inline]
    pub(super) fn check(&mut self, key: &Value<'_>) -> Result<(), Error> {
        match &key.concrete {
            Concrete::String(_) | Concrete::Int(_) | Concrete::Uint(_) | Concrete::Bool(_) => Ok(()),
            concrete => self.check_unusual(&key.name, concrete),
        }
    }

    fn check_unusual(&mut self, name: &[u8], key: &Concrete<'_>) -> Result<(), Error> {
        // A pointer is a key, whatever it points to.
        if name.starts_with(b"*") {
            return Ok(());
        }
        match key {
            Concrete::Interface(inner) => self.check(inner),
            Concrete::Bytes(_) | Concrete::Slice(_) | Concrete::Map(_) => Err(no_key(key.part())),
            Concrete::Array(list) => {
                self.check_type(key)?;
                let mut items = list.items.iter().enumerate();
                items.try_for_each(|(at, item)| self.check(item).map_err(|error| error.under(&Step::Index(at))))
            }
            Concrete::Struct(it) => {
                self.check_type(key)?;
                let mut fields = it.fields();
                fields.try_for_each(|(field, value)| {
                    self.check(value).map_err(|error| error.under(&Step::Field(&field.name)))
                })
            }
            _ => Ok(()),
        }
    }

    fn check_type(&mut self, key: &Concrete<'_>) -> Result<(), Error> {
        match key.at() {
            Some(at) if !self.fine.contains(&at.key()) => self.check_new_type(at),
            _ => Ok(()),
        }
    }

    /// Checks all types that one is made of. A list, not recursion: a chain of a thousand types must not take the stack.
    /// A type within itself is there by a pointer.
    fn check_new_type(&mut self, at: At<'_>) -> Result<(), Error> {
        let mut reached = vec![Reached { at, from: 0, field: None }];
        let mut next = 0;
        while let Some(&Reached { at, .. }) = reached.get(next) {
            let mut visit = |id: i32, field: Option<_>| match at.part(id) {
                part @ Part::Basic(5) => Err(Reached::path(&reached, next, field, no_key(part))),
                Part::Defined(part) => {
                    if self.fine.insert(part.key()) {
                        reached.push(Reached { at: part, from: next, field });
                    }
                    Ok(())
                }
                Part::Basic(_) | Part::Undefined => Ok(()),
            };
            match at.shape().map(|shape| &shape.form) {
                Some(Form::Slice { .. } | Form::Map { .. }) => {
                    // What is not fine ends the encoding, and what was reached on the way to it is not asked for again.
                    let Reached { from, field, .. } = reached[next];
                    return Err(Reached::path(&reached, from, field, no_key(Part::Defined(at))));
                }
                Some(Form::Array { elem, .. }) => visit(*elem, None)?,
                Some(Form::Struct { fields }) => fields.iter().try_for_each(|field| visit(field.id, Some(field)))?,
                Some(Form::Opaque(_)) | None => {}
            }
            next += 1;
        }
        self.fine.insert(at.key());
        Ok(())
    }
}

/// A type, and how it was reached: as a field of another one, or as what that is made of.
#[derive(Clone, Copy)]
struct Reached<'t> {
    at: At<'t>,
    from: usize,
    field: Option<&'t Field>,
}

impl Reached<'_> {
    /// Puts the way to a type before an error.
    fn path(reached: &[Self], from: usize, field: Option<&Field>, error: Error) -> Error {
        let step = |error: Error, field: Option<&Field>| match field {
            Some(field) => error.under(&Step::Field(&field.name)),
            None => error,
        };
        let (mut error, mut at) = (step(error, field), from);
        while at != 0 {
            error = step(error, reached[at].field);
            at = reached[at].from;
        }
        error
    }
}

fn no_key(part: Part<'_>) -> Error {
    Fault::Key { found: part.to_string() }.error()
}
