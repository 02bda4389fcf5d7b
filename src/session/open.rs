//! From what is stored to what it says.

use jiff::Timestamp;

use super::{Error, Id, Values, candidates, string};
use crate::Place;
use crate::gob;
use crate::securecookie::{Codec, Signature};

/// A row's data, opened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Data {
    /// The session name under which it verifies.
    pub name: String,
    /// When it was signed: when the session was saved last.
    pub signed_at: Timestamp,
    /// How long ago that was, in seconds; negative for a date in the future.
    pub age_s: i64,
    /// The place of the pair under which it verifies, counted from 1.
    pub key: usize,
    /// Whether it was encrypted.
    pub encrypted: bool,
    /// What the session holds.
    pub values: Values<'static>,
}

/// A session cookie, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cookie {
    /// The session name under which it verifies, which is the cookie's name.
    pub name: String,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// How long ago that was, in seconds; negative for a date in the future.
    pub age_s: i64,
    /// The place of the pair under which it verifies, counted from 1.
    pub key: usize,
    /// Whether it was encrypted.
    pub encrypted: bool,
    /// The id of the session's row.
    pub id: Id,
}

/// Opens a row's `data` under the first name and the first pair that fit. White space around it is passed over.
///
/// # Errors
///
/// [`Error::Refused`] if it does not verify or is too old; [`Error::Malformed`], [`Error::NotGob`] and
/// [`Error::OtherValue`] if it verifies, and holds no session values.
pub fn open_data<S: AsRef<str>>(codec: &Codec, names: &[S], data: &str, now: Timestamp) -> Result<Data, Error> {
    let (signature, values) = codec.open_each(names, data.trim(), now, read_values)?;
    let Signature { name, key, signed_at, age_s, encrypted } = signature;
    Ok(Data { name: name.to_owned(), signed_at: moment(signed_at), age_s, key, encrypted, values: values? })
}

/// Opens the value of a session cookie under the first name and the first pair that fit. White space around it is passed
/// over.
///
/// # Errors
///
/// [`Error::Refused`] if it does not verify or is too old; [`Error::Malformed`], [`Error::NotGob`] and
/// [`Error::OtherValue`] if it verifies, and holds no id.
pub fn open_id<S: AsRef<str>>(codec: &Codec, names: &[S], value: &str, now: Timestamp) -> Result<Cookie, Error> {
    let (signature, id) = codec.open_each(names, value.trim(), now, read_id)?;
    let Signature { name, key, signed_at, age_s, encrypted } = signature;
    Ok(Cookie { name: name.to_owned(), signed_at: moment(signed_at), age_s, key, encrypted, id: id? })
}

/// Opens the first cookie in a text that verifies under one of the names asked for.
///
/// The text is whatever [`candidates`] takes. A cookie with a name is tried under that name, if it is among `names` or
/// `names` is empty; a value alone is tried under each of `names`.
///
/// # Errors
///
/// [`Error::NoCookie`] and [`Error::OtherCookies`] if there is none to try; else as [`open_id`] for the cookie that came
/// farthest: one that is signed and too old says more than one that is not signed at all.
pub fn open_cookie<S: AsRef<str>>(codec: &Codec, names: &[S], text: &str, now: Timestamp) -> Result<Cookie, Error> {
    let cookies = candidates(text);
    let asked: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    let mut farthest: Option<Error> = None;
    for cookie in &cookies {
        let result = match cookie.name.as_deref() {
            None => open_id(codec, &asked, &cookie.value, now),
            Some(name) if asked.is_empty() || asked.contains(&name) => open_id(codec, &[name], &cookie.value, now),
            Some(_) => continue,
        };
        match result {
            Ok(cookie) => return Ok(cookie),
            Err(error) if farthest.as_ref().is_none_or(|last| distance(last) < distance(&error)) => {
                farthest = Some(error);
            }
            // An earlier cookie came as far.
            Err(_) => {}
        }
    }
    let place = Place::here();
    Err(farthest.unwrap_or_else(|| match cookies.is_empty() {
        true => Error::NoCookie { place },
        false => Error::OtherCookies {
            asked: asked.into_iter().map(str::to_owned).collect(),
            found: cookies.into_iter().filter_map(|cookie| cookie.name).collect(),
            place,
        },
    }))
}

/// How far a cookie came before it failed.
fn distance(error: &Error) -> u8 {
    match error {
        Error::Refused(error) if error.signed_by().is_none() => 0,
        Error::Refused(_) => 1,
        _ => 2,
    }
}

pub(super) fn read_values(signature: Signature<'_>, plain: &[u8]) -> Result<Values<'static>, Error> {
    let value = gob::decode_owned(plain, &gob::Limits::default()).map_err(|source| not_gob(signature, source))?;
    Values::from_value(value).map_err(|found| other(signature, "session values", found))
}

pub(super) fn read_id(signature: Signature<'_>, plain: &[u8]) -> Result<Id, Error> {
    if let Some(text) = string::read(plain) {
        return Ok(Id::new(text));
    }
    let value = gob::decode(plain).map_err(|source| not_gob(signature, source))?;
    match value.as_str() {
        Some(text) if value.name().is_none() => Ok(Id::new(text)),
        _ => Err(other(signature, "a session id", value.go_type().into_owned())),
    }
}

fn not_gob(signature: Signature<'_>, source: gob::Error) -> Error {
    let Signature { name, key, encrypted, .. } = signature;
    Error::NotGob { name: name.to_owned(), key, encrypted, source }
}

#[track_caller]
fn other(signature: Signature<'_>, expected: &'static str, found: String) -> Error {
    Error::OtherValue { name: signature.name.to_owned(), key: signature.key, expected, found, place: Place::here() }
}

/// Signers may write any number for a date; one beyond the calendar becomes its end.
pub(super) fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
