//! What a value claims, with no key to prove it.

use jiff::Timestamp;

use super::open::moment;
use super::repair::repair;
use super::{Error, Id, Values, candidates};
use crate::Place;
use crate::gob;
use crate::securecookie::{self, Unverified};

/// What a value claims of itself. **Anybody can write such a value**: this is for looking at, never for trusting.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Claims {
    /// The name that the cookie came under, where the text has one.
    pub name: Option<String>,
    /// When it claims to have been signed; `None` if it gives no number.
    pub signed_at: Option<Timestamp>,
    /// The length of its payload in bytes.
    pub bytes: usize,
    /// What the payload holds.
    pub content: Content,
}

/// What is in the payload of a value that nobody verified.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Content {
    /// A session's id, as a cookie holds it.
    Id(Id),
    /// A session's values, as a row's data holds them.
    Values(Values<'static>),
    /// A gob of something else, in Go's words.
    Other(String),
    /// No gob: encrypted, or damaged.
    Unreadable(gob::Error),
}

/// Reads what a value claims, without a key. What happened to it on its way is undone where that is recognised: quotes,
/// URL encoding, padding that is missing.
///
/// # Errors
///
/// [`Error::Refused`] if it has not the form of a signed value.
pub fn claims(value: &str) -> Result<Claims, Error> {
    let value = value.trim();
    let Unverified { signed_at, payload, .. } = match securecookie::unverified(value) {
        Ok(unverified) => unverified,
        Err(error) => securecookie::unverified(&repair(value).0).map_err(|_| error)?,
    };
    let content = match gob::decode(&payload) {
        Err(error) => Content::Unreadable(error),
        Ok(value) => match value.as_str() {
            Some(text) if value.name().is_none() => Content::Id(Id::new(text)),
            _ => {
                let found = value.go_type().into_owned();
                Values::from_value(value).map_or(Content::Other(found), |values| Content::Values(values.into_owned()))
            }
        },
    };
    Ok(Claims { name: None, signed_at: signed_at.map(moment), bytes: payload.len(), content })
}

/// Reads what the first cookie in a text claims that has the form of a session's, of those with a name in `names` unless
/// that is empty. The text is whatever [`candidates`] takes.
///
/// # Errors
///
/// [`Error::NoCookie`] and [`Error::OtherCookies`] if there is none to read; else as [`claims`] for the first.
pub fn cookie_claims<S: AsRef<str>>(names: &[S], text: &str) -> Result<Claims, Error> {
    let cookies = candidates(text);
    let asked = |name: &str| names.is_empty() || names.iter().any(|asked| asked.as_ref() == name);
    let mut first = None;
    for cookie in cookies.iter().filter(|cookie| cookie.name.as_deref().is_none_or(asked)) {
        match claims(&cookie.value) {
            Ok(claims) => return Ok(Claims { name: cookie.name.clone(), ..claims }),
            Err(error) => {
                first.get_or_insert(error);
            }
        }
    }
    Err(first.unwrap_or_else(|| {
        let place = Place::here();
        match cookies.is_empty() {
            true => Error::NoCookie { place },
            false => Error::OtherCookies {
                asked: names.iter().map(|name| name.as_ref().to_owned()).collect(),
                found: cookies.into_iter().filter_map(|cookie| cookie.name).collect(),
                place,
            },
        }
    }))
}
