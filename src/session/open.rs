//! From what is stored to what it says.

use jiff::Timestamp;

use super::{Error, Id, Values, candidates};
use crate::Place;
use crate::gob;
use crate::securecookie::{Codec, Opened};

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
/// [`Error::Refused`] if it does not verify or is too old; [`Error::NotGob`] and [`Error::OtherValue`] if it verifies,
/// and holds no session values.
pub fn open_data<S: AsRef<str>>(codec: &Codec, names: &[S], data: &str, now: Timestamp) -> Result<Data, Error> {
    let (opened, values) = codec.decode_then(names, data.trim(), now, read_values)?;
    let Opened { name, key, signed_at, age_s, encrypted, .. } = opened;
    Ok(Data { name, signed_at: moment(signed_at), age_s, key, encrypted, values: values? })
}

/// Opens the value of a session cookie under the first name and the first pair that fit. White space around it is passed
/// over.
///
/// # Errors
///
/// [`Error::Refused`] if it does not verify or is too old; [`Error::NotGob`] and [`Error::OtherValue`] if it verifies,
/// and holds no id.
pub fn open_id<S: AsRef<str>>(codec: &Codec, names: &[S], value: &str, now: Timestamp) -> Result<Cookie, Error> {
    let (opened, id) = codec.decode_then(names, value.trim(), now, read_id)?;
    let Opened { name, key, signed_at, age_s, encrypted, .. } = opened;
    Ok(Cookie { name, signed_at: moment(signed_at), age_s, key, encrypted, id: id? })
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

pub(super) fn read_values(opened: &Opened) -> Result<Values<'static>, Error> {
    let value =
        gob::decode_owned(&opened.plaintext, &gob::Limits::default()).map_err(|source| not_gob(opened, source))?;
    Values::from_value(value).map_err(|found| other(opened, "session values", found))
}

pub(super) fn read_id(opened: &Opened) -> Result<Id, Error> {
    let value = gob::decode(&opened.plaintext).map_err(|source| not_gob(opened, source))?;
    match value.as_str() {
        Some(text) if value.name().is_none() => Ok(Id::new(text)),
        _ => Err(other(opened, "a session id", value.go_type().into_owned())),
    }
}

fn not_gob(opened: &Opened, source: gob::Error) -> Error {
    Error::NotGob { name: opened.name.clone(), key: opened.key, source }
}

#[track_caller]
fn other(opened: &Opened, expected: &'static str, found: String) -> Error {
    Error::OtherValue { name: opened.name.clone(), key: opened.key, expected, found, place: Place::here() }
}

/// Signers may write any number for a date; one beyond the calendar becomes its end.
pub(super) fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
