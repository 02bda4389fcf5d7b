//! The sessions of one request.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderMap;
use http::header::{COOKIE, SET_COOKIE};
use serde::de::DeserializeOwned;
use tokio::sync::Mutex as Turn;

use super::{Error, Session, Store};
use crate::gob::{ToGo, Value};
use crate::session;

/// The sessions of one request: each is read once, when it is asked for first, and all of them are saved together.
///
/// ```no_run
/// # use csqlstore::store::{Registry, Store};
/// # async fn answer(store: &Store, request: http::Request<()>) -> Result<(), Box<dyn std::error::Error>> {
/// let registry = Registry::new(store.clone(), request.headers());
/// registry.get("session-key").await?.insert("visits", 1_i64);
/// registry.get("cart").await?.insert("items", vec!["apple"]);
/// let mut response = http::Response::new("hello");
/// registry.commit(response.headers_mut()).await?;
/// # Ok(())
/// # }
/// ```
pub struct Registry {
    store: Store,
    /// The request's cookies, and none of its other headers.
    cookies: HeaderMap,
    sessions: Turn<BTreeMap<String, Shared>>,
}

/// A session that several may hold: a handler, and who saves it after that. A clone is the same session.
///
/// Its methods never wait. What is done to it after the response was made is not saved.
#[derive(Clone, Debug)]
pub struct Shared(Arc<Mutex<Session>>);

impl Registry {
    /// Takes in a request's cookies. Nothing is asked of the database yet.
    #[must_use]
    pub fn new(store: Store, headers: &HeaderMap) -> Self {
        let mut cookies = HeaderMap::new();
        for cookie in headers.get_all(COOKIE) {
            cookies.append(COOKIE, cookie.clone());
        }
        Self { store, cookies, sessions: Turn::default() }
    }

    /// Gets the session of a name, as [`Store::get`] does; the same one each time.
    ///
    /// # Errors
    ///
    /// As [`Store::get`]. It is tried again the next time.
    pub async fn get(&self, name: &str) -> Result<Shared, Error> {
        let mut sessions = self.sessions.lock().await;
        if let Some(session) = sessions.get(name) {
            return Ok(session.clone());
        }
        let session = Shared(Arc::new(Mutex::new(self.store.get(&self.cookies, name).await?)));
        sessions.insert(name.to_owned(), session.clone());
        Ok(session)
    }

    /// Does what is left to do for each of the sessions ([`Store::commit`]), and adds their `Set-Cookie` headers to a
    /// response's. What was not changed costs nothing. Whoever drops the future of this, and does it again, loses no change.
    ///
    /// # Errors
    ///
    /// As [`Store::save`], of the first session that could not be saved; those before it, in the order of their names, are,
    /// and their headers are added: a response that tells of the error needs them, too.
    pub async fn commit(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        let sessions = self.sessions.lock().await;
        for (name, shared) in &*sessions {
            // Others see an empty one while this is saved: what they would change then would be lost either way.
            let session = std::mem::replace(&mut *shared.lock(), self.store.begin(name));
            let mut away = Away { session, shared };
            if let Some(header) = self.store.commit(&mut away.session).await? {
                headers.append(SET_COOKIE, header);
            }
        }
        Ok(())
    }

    /// Returns the request's cookies, as headers.
    #[must_use]
    pub fn cookies(&self) -> &HeaderMap {
        &self.cookies
    }

    /// Returns the store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }
}

/// A session that is being saved. It is back in its place however that ends, also where nobody waits for the end.
struct Away<'a> {
    session: Session,
    shared: &'a Shared,
}

impl Drop for Away<'_> {
    fn drop(&mut self) {
        std::mem::swap(&mut self.session, &mut *self.shared.lock());
    }
}

impl std::fmt::Debug for Registry {
    /// Leaves the cookies out: whoever has them is the user.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut registry = f.debug_struct("Registry");
        if let Ok(sessions) = self.sessions.try_lock() {
            registry.field("sessions", &sessions.keys().collect::<Vec<_>>());
        }
        registry.finish_non_exhaustive()
    }
}

impl Shared {
    /// Lends the session. The guard must not be held over an `await`.
    pub fn lock(&self) -> MutexGuard<'_, Session> {
        // A handler that panicked left behind what it had done so far, as one that returns does.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a value, as [`Values::get_as`](session::Values::get_as) does: into an `Option`, one that is not there is
    /// `None`.
    ///
    /// # Errors
    ///
    /// [`session::Error::Typed`] if it is of another type, [`session::Error::Missing`] if there is none.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<T, session::Error> {
        self.lock().values().get_as(key)
    }

    /// Puts a value under a key, as the Go type that the table at [`ToGo`] gives.
    pub fn insert(&self, key: &str, value: impl ToGo) {
        self.lock().values_mut().insert(key, value);
    }

    /// Takes a value out.
    pub fn remove(&self, key: &str) -> Option<Value<'static>> {
        self.lock().values_mut().remove(key)
    }

    /// Adds a flash: a value that is shown once.
    ///
    /// # Errors
    ///
    /// [`session::Error::NotFlashes`] if something else has the key `_flash`.
    pub fn add_flash(&self, flash: impl ToGo) -> Result<(), session::Error> {
        self.lock().values_mut().add_flash(flash)
    }

    /// Takes the flashes out, in the order in which they were added.
    ///
    /// # Errors
    ///
    /// [`session::Error::NotFlashes`] if something else has the key `_flash`.
    pub fn take_flashes(&self) -> Result<Vec<Value<'static>>, session::Error> {
        self.lock().values_mut().take_flashes()
    }

    /// Returns whether this request began the session.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.lock().is_new()
    }

    /// Lets the session end with this request: see [`Session::delete`].
    pub fn delete(&self) {
        self.lock().delete();
    }

    /// Lets the session have a new id from this request on: see [`Session::regenerate`].
    pub fn regenerate(&self) {
        self.lock().regenerate();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Dsn, Farm, Node, farm};
    use crate::securecookie::Keyring;
    use crate::store::{Pending, Settings};

    fn store(farm: Farm) -> Store {
        Store::new(farm, Keyring::parse("raw:very-secret").unwrap(), Settings::default())
    }

    #[tokio::test]
    async fn what_was_to_be_saved_is_still_there_when_nobody_waited_for_it() {
        // The system takes connections to it, and nobody says a word on them.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let farm = Farm::new("f", farm::Options::default());
        let dsn = format!("app:x@tcp({})/app", silent.local_addr().unwrap());
        farm.add_node(Node::new("n1", Dsn::parse(&dsn).unwrap().dsn)).unwrap();
        let registry = Registry::new(store(farm), &HeaderMap::new());
        let session = registry.get("sid").await.unwrap();
        session.insert("n", 1_i64);
        let mut headers = HeaderMap::new();
        let saved = tokio::time::timeout(std::time::Duration::from_millis(20), registry.commit(&mut headers)).await;
        assert!(saved.is_err(), "it was to be dropped: {saved:?}");
        assert_eq!((session.get::<i64>("n").unwrap(), session.lock().pending()), (1, Pending::Save));
    }

    #[tokio::test]
    async fn debug_shows_names_and_no_cookie() {
        let store = store(Farm::new("f", farm::Options::default()));
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, http::HeaderValue::from_static("sid=private; other=private"));
        let registry = Registry::new(store, &headers);
        registry.get("cart").await.unwrap();
        let text = format!("{registry:?}");
        assert!(text.contains("\"cart\"") && !text.contains("private"), "{text}");
    }
}
