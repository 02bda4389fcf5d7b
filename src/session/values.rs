//! What a session holds.

use serde::Deserialize;

use super::{Error, Json, Line, Types, lines};
use crate::Place;
use crate::gob::{self, Concrete, Definition, List, Map, ToGo, Type, Value};

/// The key of flashes that were added under no other, as in gorilla.
const FLASHES: &str = "_flash";

/// The values of a session: what gorilla calls `session.Values`.
///
/// Keys are text by far the most often, and the methods here take such; [`map_mut`](Self::map_mut) reaches the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Values<'a>(Map<'a>);

impl Default for Values<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> Values<'a> {
    /// Makes the values of a new session: none.
    #[must_use]
    pub fn new() -> Self {
        Self(Map::new(Definition::map(&Type::Interface, &Type::Interface), Vec::new()))
    }

    /// Decodes the gob of a session's values into some that have no tie to it.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    pub fn decode_owned(gob: &[u8]) -> Result<Values<'static>, Error> {
        let value = gob::decode_owned(gob, &gob::Limits::default())?;
        Values::from_value(value).map_err(|found| Error::NotValues { found, place: Place::here() })
    }

    /// Encodes the values as the gob that Go reads into a `map[interface{}]interface{}`.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] where Go would refuse the gob: a struct without its registered name, a number that does not fit
    /// its type.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        gob::encode_map(&self.0).map_err(|source| Error::Encoding { source })
    }

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
        let found = match value.into_plain() {
            Ok(Concrete::Map(map)) if is_session(&map) => return Ok(Self(map)),
            Ok(other) => Value::from(other),
            Err(interface) => interface,
        };
        Err(found.go_type().into_owned())
    }

    /// Returns the value under a text key, which may be of any string type.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.iter().find(|(at, _)| at.as_str() == Some(key)).map(|(_, value)| value)
    }

    /// Returns the value under a text key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value<'a>> {
        self.0.entries_mut().iter_mut().find(|(at, _)| at.as_str() == Some(key)).map(|(_, value)| value)
    }

    /// Reads the value under a text key into a Rust type, by the table at [`Value::read`]. Into an `Option`, a value that
    /// is not there reads as `None`.
    ///
    /// ```
    /// use csqlstore::session::Values;
    ///
    /// let mut values = Values::new();
    /// values.insert("visits", 300_i64);
    /// assert_eq!(values.get_as::<u16>("visits")?, 300);
    /// assert_eq!(values.get_as::<Option<String>>("name")?, None);
    /// # Ok::<(), csqlstore::session::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Typed`], whose source names the way to the value that does not fit, its Go type and the Rust type;
    /// [`Error::Missing`] if there is none, and the type has no way to be without.
    pub fn get_as<'v, T: Deserialize<'v>>(&'v self, key: &str) -> Result<T, Error> {
        match self.get(key) {
            Some(value) => value.read().map_err(|source| Error::Typed { source: source.under_key(key) }),
            None => Value::missing().ok_or_else(|| Error::Missing {
                key: key.to_owned(),
                rust_type: std::any::type_name::<T>(),
                place: Place::here(),
            }),
        }
    }

    /// Puts a value under a text key, as the Go type that the table at [`ToGo`] gives, and returns the one that was there.
    ///
    /// ```
    /// # use csqlstore::session::Values;
    /// # let mut values = Values::new();
    /// values.insert("n", 5_isize); // session.Values["n"].(int)
    /// values.insert("name", "Ada"); // session.Values["name"].(string)
    /// assert_eq!(values.types(), serde_json::json!({"n": "int", "name": "string"}));
    /// ```
    pub fn insert(&mut self, key: &str, value: impl ToGo) -> Option<Value<'a>> {
        let value = value.into_interface();
        match self.get_mut(key) {
            Some(at) => Some(std::mem::replace(at, value)),
            None => {
                self.0.entries_mut().push((Value::of(key), value));
                None
            }
        }
    }

    /// Takes out the value under a text key.
    pub fn remove(&mut self, key: &str) -> Option<Value<'a>> {
        let at = self.0.entries().iter().position(|(at, _)| at.as_str() == Some(key))?;
        Some(self.0.entries_mut().remove(at).1)
    }

    /// Takes out all values.
    pub fn clear(&mut self) {
        self.0.entries_mut().clear();
    }

    /// Returns the map of the values, whose keys may be of any type, in interfaces as the values are.
    #[must_use]
    pub fn map(&self) -> &Map<'a> {
        &self.0
    }

    /// Returns the map of the values, to be changed.
    pub fn map_mut(&mut self) -> &mut Map<'a> {
        &mut self.0
    }

    /// Puts the values in the order of their keys, so that equal sessions are encoded to equal bytes.
    pub fn sort(&mut self) {
        self.0.sort();
    }

    /// Adds a flash: a value that is shown once.
    ///
    /// # Errors
    ///
    /// [`Error::NotFlashes`] if something else has the key `_flash`.
    pub fn add_flash(&mut self, flash: impl ToGo) -> Result<(), Error> {
        self.add_flash_under(FLASHES, flash)
    }

    /// Adds a flash under a key of its own.
    ///
    /// # Errors
    ///
    /// [`Error::NotFlashes`] if something else has the key.
    pub fn add_flash_under(&mut self, key: &str, flash: impl ToGo) -> Result<(), Error> {
        let flash = flash.into_interface();
        match self.get_mut(key) {
            Some(flashes) => flashes_of(flashes, key)?.items_mut().push(flash),
            None => drop(self.insert(key, vec![flash])),
        }
        Ok(())
    }

    /// Takes the flashes out, in the order in which they were added.
    ///
    /// # Errors
    ///
    /// [`Error::NotFlashes`] if something else has the key `_flash`, which stays.
    pub fn take_flashes(&mut self) -> Result<Vec<Value<'a>>, Error> {
        self.take_flashes_under(FLASHES)
    }

    /// Takes out the flashes that were added under a key of their own.
    ///
    /// # Errors
    ///
    /// [`Error::NotFlashes`] if something else has the key, which stays.
    pub fn take_flashes_under(&mut self, key: &str) -> Result<Vec<Value<'a>>, Error> {
        let Some(flashes) = self.get_mut(key) else { return Ok(Vec::new()) };
        let flashes = std::mem::take(flashes_of(flashes, key)?.items_mut());
        self.remove(key);
        Ok(flashes)
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

    /// Returns the values as JSON: an object, or `{"$map": …}` where a key is no plain text. Keys are in order.
    ///
    /// It borrows, and is made while it is written, which takes at most 64 bytes of memory for each byte of the gob, and
    /// 64 KiB, beside the text. The text itself may be much longer than the gob, where the names of fields stand once.
    ///
    /// ```
    /// # use csqlstore::session::Values;
    /// let mut values = Values::new();
    /// values.insert("n", 5);
    /// assert_eq!(values.to_json().to_string(), r#"{"n":5}"#);
    /// assert_eq!(serde_json::to_value(values.to_json())?["n"], 5);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Json<'_> {
        Json::of(&self.0)
    }

    /// Returns the Go type of each value as registered (`"int64"`, `"main.User"`), `null` for a nil: an object where
    /// [`to_json`](Self::to_json) is one, else a list in the order of its `$map`.
    #[must_use]
    pub fn types(&self) -> serde_json::Value {
        // Text, lists and objects of text are JSON.
        serde_json::to_value(self.to_types_json()).unwrap_or_default()
    }

    /// Returns what [`types`](Self::types) does, made while it is written.
    #[must_use]
    pub fn to_types_json(&self) -> Types<'_> {
        Types::of(&self.0)
    }

    /// Returns the values as lines for people, keys in order, what is nested indented, long text and bytes cut.
    ///
    /// Lines borrow, and take at most 64 bytes of memory for each byte of the gob, and 64 KiB. What they are asked for is
    /// a text of its own each time.
    #[must_use]
    pub fn lines(&self) -> Vec<Line<'_>> {
        lines::of(&self.0)
    }

    /// Returns the values without a tie to the gob they were decoded from.
    #[must_use]
    pub fn into_owned(self) -> Values<'static> {
        Values(self.0.into_owned())
    }
}

/// Returns the list of flashes: a slice of interfaces, the only thing that gorilla takes for one.
fn flashes_of<'v, 'a>(value: &'v mut Value<'a>, key: &str) -> Result<&'v mut List<'a>, Error> {
    let found = value.go_type().into_owned();
    match value.concrete_mut() {
        Concrete::Slice(list) if list.definition().elem() == Some(Type::Interface) => Ok(list),
        _ => Err(Error::NotFlashes { key: key.to_owned(), found, place: Place::here() }),
    }
}

/// Go decodes session values into a `map[interface{}]interface{}`, and nothing else fits one.
fn is_session(map: &Map<'_>) -> bool {
    let ty = map.definition();
    ty.is_session() || ty.key() == Some(Type::Interface) && ty.elem() == Some(Type::Interface)
}
