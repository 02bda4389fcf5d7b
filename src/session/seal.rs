//! From what a session holds to what is stored.

use jiff::Timestamp;

use super::{Error, Id, Values, string};
use crate::gob::{self, Value};
use crate::securecookie::Codec;

/// Seals the values of a session as a row's `data`, for the session name `name`, under the first pair of keys.
///
/// # Errors
///
/// [`Error::Encoding`] if Go would not read the values, [`Error::Sealing`] if the codec's limit of length is passed.
pub fn seal_data(codec: &Codec, name: &str, values: &Values<'_>, now: Timestamp) -> Result<String, Error> {
    let gob = values.encode()?;
    codec.encode(name, &gob, now).map_err(|source| Error::Sealing { source })
}

/// Seals the id of a session as the value of its cookie, for the session name `name`, under the first pair of keys.
///
/// # Errors
///
/// [`Error::Sealing`] if the codec's limit of length is passed.
pub fn seal_id(codec: &Codec, name: &str, id: &Id, now: Timestamp) -> Result<String, Error> {
    let mut room = string::room();
    let sealed = match string::write(id.as_str(), &mut room) {
        Some(gob) => codec.encode(name, gob, now),
        None => {
            let gob = gob::encode(&Value::string(id.as_str())).map_err(|source| Error::Encoding { source })?;
            codec.encode(name, &gob, now)
        }
    };
    sealed.map_err(|source| Error::Sealing { source })
}
