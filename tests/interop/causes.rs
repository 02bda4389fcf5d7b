//! Whether the cause that tests/testdata/differential.md gives for a refusal is there, in the gob that was refused.

use csqlstore::gob::{self, Concrete, Value};
use csqlstore::session::Error;

use crate::compare::Anew;
use crate::types::{GoType, GoTypes};

/// What is left to be seen when the cause of a refusal was looked for.
pub(crate) enum Cause {
    /// It is there.
    Seen,
    /// It is not: the difference is of another kind.
    Absent,
    /// Go has to say the same of one of these opaque values alone.
    Within(Vec<Anew>),
}

impl From<bool> for Cause {
    fn from(seen: bool) -> Self {
        if seen { Self::Seen } else { Self::Absent }
    }
}

/// Looks for the cause of what Go says and we do not: `word` is how Go says it.
pub(crate) fn of_go(word: &str, gob: &[u8], types: &GoTypes) -> Cause {
    let value = match gob::decode(gob) {
        Ok(value) => value,
        // Both refuse, whatever Go does then; more memory than there is it asks for because of a number alone.
        Err(error) => return (word != "fatal error: out of memory" || is_more_than_there_is(&error)).into(),
    };
    let Some((_, looks_for)) = WORDS.into_iter().find(|(start, _)| word.starts_with(start)) else {
        return Cause::Absent;
    };
    let mut walk = Walk { types, found: false, opaque: Vec::new(), looks_for };
    walk.value(&value, types.of("map[interface {}]interface {}"));
    match looks_for {
        LooksFor::Opaque => Cause::Within(walk.opaque),
        LooksFor::Type => Cause::Seen,
        LooksFor::UnknownName | LooksFor::UnhashableKey | LooksFor::TooLarge => walk.found.into(),
    }
}

/// Whether a gob claims more than Go may allocate here: a message of so many bytes, or entries of a map, each of which takes
/// some hundred.
fn is_more_than_there_is(error: &gob::Error) -> bool {
    match error {
        gob::Error::Length { length, .. } => *length >= 1 << 30,
        gob::Error::Count { count, .. } => *count >= 1 << 23,
        _ => false,
    }
}

/// Looks for the cause of what we say and Go does not.
pub(crate) fn of_us(error: &Error) -> Cause {
    match error {
        // Go takes such a count for a negative number.
        Error::Gob(gob::Error::Count { count, .. }) => (*count >= 1 << 63).into(),
        Error::Gob(gob::Error::BadDefinition { .. } | gob::Error::UndefinedType { .. }) => Cause::Seen,
        _ => Cause::Absent,
    }
}

/// What makes Go say what it says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LooksFor {
    UnknownName,
    UnhashableKey,
    TooLarge,
    /// A value that writes itself, and is not read by its type.
    Opaque,
    /// Nothing: Go compares the types that the bytes define with its own before it reads a value, and names both.
    Type,
}

/// By how Go's message begins.
const WORDS: [(&str, LooksFor); 12] = [
    ("name not registered for interface", LooksFor::UnknownName),
    ("runtime error: hash of unhashable type", LooksFor::UnhashableKey),
    ("value for ", LooksFor::TooLarge),
    ("Int.GobDecode: ", LooksFor::Opaque),
    ("Time.UnmarshalBinary: ", LooksFor::Opaque),
    ("parse \"", LooksFor::Opaque),
    ("decoding into local type", LooksFor::Type),
    ("wrong type (", LooksFor::Type),
    ("type mismatch in decoder", LooksFor::Type),
    ("unknown type id or corrupted data", LooksFor::Type),
    ("bad data: undefined type", LooksFor::Type),
    ("empty name for remote field of type", LooksFor::Type),
];

struct Walk<'t> {
    types: &'t GoTypes,
    looks_for: LooksFor,
    found: bool,
    /// Values that write themselves.
    opaque: Vec<Anew>,
}

impl<'t> Walk<'t> {
    /// Goes through a value, `ty` being the type that Go has in its place.
    fn value(&mut self, value: &Value<'_>, ty: GoType<'t>) {
        let ty = match value.name() {
            Some(name) if ty.kind == "interface" => match self.types.registered(&name) {
                Some(ty) => ty,
                None => {
                    self.found |= self.looks_for == LooksFor::UnknownName;
                    return;
                }
            },
            _ => ty,
        };
        match value.concrete() {
            Concrete::Int(it) => self.number(!fits(ty.kind, i128::from(*it))),
            Concrete::Uint(it) => self.number(!fits(ty.kind, i128::from(*it))),
            Concrete::Float(it) => self.number(ty.kind == "float32" && too_large(*it)),
            Concrete::Complex(re, im) => self.number(ty.kind == "complex64" && (too_large(*re) || too_large(*im))),
            Concrete::Opaque(it) if ty.opaque => self.opaque.push(Anew {
                ty: ty.name.to_owned(),
                bytes: it.bytes().to_vec(),
                shown: serde_json::Value::Null,
            }),
            Concrete::Slice(list) | Concrete::Array(list) => {
                for item in list.items() {
                    self.part(item, ty.elem);
                }
            }
            Concrete::Struct(it) => {
                for (field, value) in it.fields() {
                    self.part(value, ty.fields.and_then(|fields| fields.get(&*field.name())).map(String::as_str));
                }
            }
            Concrete::Map(map) => {
                for (key, value) in map.entries() {
                    let unhashable =
                        matches!(key.concrete(), Concrete::Slice(_) | Concrete::Bytes(_) | Concrete::Map(_));
                    self.found |= self.looks_for == LooksFor::UnhashableKey && unhashable;
                    self.part(key, ty.key);
                    self.part(value, ty.elem);
                }
            }
            _ => {}
        }
    }

    /// A part of a value; where Go's type has none such, what is in it is no matter.
    fn part(&mut self, value: &Value<'_>, ty: Option<&'t str>) {
        if let Some(ty) = ty {
            self.value(value, self.types.of(ty));
        }
    }

    fn number(&mut self, too_large: bool) {
        self.found |= self.looks_for == LooksFor::TooLarge && too_large;
    }
}

/// Whether Go's type of this kind can hold an integer.
fn fits(kind: &str, value: i128) -> bool {
    let bits = |prefix: &str| kind.strip_prefix(prefix).map(|bits| bits.parse::<u32>().unwrap_or(64));
    if let Some(bits) = bits("uint").filter(|_| kind != "uintptr") {
        return value >= 0 && value < 1 << bits;
    }
    bits("int")
        .filter(|_| kind != "interface")
        .is_none_or(|bits| (-(1 << (bits - 1))..1 << (bits - 1)).contains(&value))
}

fn too_large(value: f64) -> bool {
    value.is_finite() && value.abs() > f64::from(f32::MAX)
}
