//! What a session holds.

use serde_json::Value as Json;

use super::{Error, Line, json, lines};
use crate::Place;
use crate::gob::{self, Map, Type, Value};

/// The values of a session: what gorilla calls `session.Values`.
#[derive(Clone, Debug, PartialEq)]
pub struct Values<'a>(Map<'a>);

impl<'a> Values<'a> {
    /// Decodes the gob of a session's values.
    ///
    /// # Errors
    ///
    /// [`Error::Gob`] if the bytes are no gob, [`Error::NotValues`] if they are one of something else.
    pub fn decode(gob: &'a [u8]) -> Result<Self, Error> {
        Self::from_value(gob::decode(gob)?).map_err(|found| Error::NotValues { found, place: Place::here() })
    }

    /// Takes a decoded gob for values; gives back what it holds, in Go's words, if it cannot be that.
    pub(super) fn from_value(value: Value<'a>) -> Result<Self, String> {
        match value {
            Value::Map(map) if is_session(&map) => Ok(Self(map)),
            other => Err(other.go_type().into_owned()),
        }
    }

    /// Returns the value under a text key, which may be of any string type.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.iter().find(|(at, _)| at.as_str() == Some(key)).map(|(_, value)| value)
    }

    /// Returns keys and values, each in its interface, in the order of the wire, which Go leaves to chance.
    pub fn iter(&self) -> impl Iterator<Item = (&Value<'a>, &Value<'a>)> {
        self.0.entries().iter().map(|(key, value)| (key, value))
    }

    /// Returns how many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.entries().len()
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.entries().is_empty()
    }

    /// Returns the values as JSON: an object, or `{"$map": …}` where a key is no plain text.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json::map(&self.0)
    }

    /// Returns the Go type of each value as registered (`"int64"`, `"main.User"`), `null` for a nil: an object where
    /// [`to_json`](Self::to_json) is one, else a list in the order of its `$map`.
    #[must_use]
    pub fn types(&self) -> Json {
        json::types(&self.0)
    }

    /// Returns the values as lines for people, keys in order, what is nested indented, long text and bytes cut.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        lines::of(&self.0)
    }

    /// Returns the values without a tie to the gob they were decoded from.
    #[must_use]
    pub fn into_owned(self) -> Values<'static> {
        Values(self.0.into_owned())
    }
}

/// Go decodes session values into a `map[interface{}]interface{}`, and nothing else fits one.
fn is_session(map: &Map<'_>) -> bool {
    let ty = map.definition();
    ty.key() == Some(Type::Interface) && ty.elem() == Some(Type::Interface)
}
