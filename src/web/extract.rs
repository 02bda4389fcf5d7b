//! How an axum handler comes to its session.

use std::ops::Deref;
use std::sync::Arc;

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use super::{Error, Session};
use crate::Place;
use crate::store::Registry;

/// All sessions of a request, by their names: for a handler that uses more than the one that the layer names.
///
/// ```
/// use csqlstore::web::{self, Sessions};
///
/// async fn add(sessions: Sessions) -> Result<(), web::Error> {
///     let cart = sessions.get("cart").await?;
///     cart.insert("items", vec!["apple"]);
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Sessions {
    pub(super) registry: Arc<Registry>,
    /// The name of the usual one.
    pub(super) name: Arc<str>,
}

impl Sessions {
    /// Gets the session that the layer names.
    ///
    /// # Errors
    ///
    /// As [`Store::get`](crate::store::Store::get).
    pub async fn usual(&self) -> Result<Session, crate::store::Error> {
        self.registry.get(&self.name).await
    }
}

impl Deref for Sessions {
    type Target = Registry;

    fn deref(&self) -> &Registry {
        &self.registry
    }
}

impl<S: Sync> FromRequestParts<S> for Sessions {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Error::NoLayer { place: Place::here() })
    }
}

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Ok(Sessions::from_request_parts(parts, state).await?.usual().await?)
    }
}
