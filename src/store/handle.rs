//! The store: its farm, its keys, how it works.

use std::sync::{Arc, PoisonError, RwLock};

use super::statements::Statements;
use super::{Error, Settings};
use crate::cluster::Farm;
use crate::securecookie::{Codec, Keyring};
use crate::session;

/// The session store. A clone is the same store.
///
/// ```no_run
/// use csqlstore::cluster::{Dsn, Farm, Node, farm};
/// use csqlstore::securecookie::Keyring;
/// use csqlstore::store::{Settings, Store};
///
/// # async fn handle(headers: http::HeaderMap) -> Result<(), Box<dyn std::error::Error>> {
/// let farm = Farm::new("sessions", farm::Options::default());
/// farm.add_node(Node::new("db1", Dsn::parse("app:secret@tcp(db1:3306)/web")?.dsn))?;
/// farm.add_node(Node::new("db2", Dsn::parse("app:secret@tcp(db2:3306)/web")?.dsn))?;
/// let store = Store::new(farm, Keyring::parse(&std::fs::read_to_string("keys")?)?, Settings::default());
///
/// let mut session = store.get(&headers, "session-key").await?;
/// if let Some(reason) = session.why_new() {
///     println!("a new session: {}", reason.as_str());
/// }
/// let visits: Option<i64> = session.values().get_as("visits")?;
/// session.values_mut().insert("visits", visits.unwrap_or(0) + 1);
/// let set_cookie: http::HeaderValue = store.save(&mut session).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Store {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) farm: Farm,
    pub(super) settings: Settings,
    pub(super) statements: Statements,
    codecs: RwLock<Codecs>,
}

/// The keys, with the limits of what they vouch for.
#[derive(Clone)]
pub(super) struct Codecs {
    /// For cookies, and for what is written.
    pub(super) limited: Codec,
    /// For rows that are read: one that is too long to be written is a session all the same.
    pub(super) rows: Codec,
}

impl Codecs {
    fn new(keyring: Keyring, settings: &Settings) -> Self {
        let rows = Codec::new(keyring).max_age(settings.oldest_signature());
        Self { limited: rows.clone().max_length(settings.max_length), rows }
    }
}

impl Store {
    /// Makes a store on a farm.
    ///
    /// Nothing is asked of any server yet. The first pair of keys signs, and encrypts where it has a block key; every pair
    /// verifies.
    #[must_use]
    pub fn new(farm: Farm, keyring: Keyring, settings: Settings) -> Self {
        let statements = Statements::new(&settings.table);
        let codecs = RwLock::new(Codecs::new(keyring, &settings));
        Self { inner: Arc::new(Inner { farm, settings, statements, codecs }) }
    }

    /// Closes the store and its farm: what runs comes to its end, and what is asked for after this is an error.
    pub async fn close(&self) {
        self.inner.farm.close().await;
    }

    /// Returns how the store works.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Returns the farm.
    #[must_use]
    pub fn farm(&self) -> &Farm {
        &self.inner.farm
    }

    /// Takes other keys, while requests run. Those that have begun may still end with the keys of before.
    ///
    /// In this order nobody is signed out: every server gets the new pair behind the old one, so that all of them verify
    /// it; then every server gets it in front; `csqlstore session rekey` signs the rows anew; and the old pair is taken out
    /// when every cookie signed by it was issued anew, or is past its max age. No command reaches the cookies in browsers.
    pub fn set_keyring(&self, keyring: Keyring) {
        let codecs = Codecs::new(keyring, &self.inner.settings);
        *self.inner.codecs.write().unwrap_or_else(PoisonError::into_inner) = codecs;
    }

    /// The keys of now. They are shared, and cheap to clone.
    pub(super) fn codecs(&self) -> Codecs {
        self.inner.codecs.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Inner { farm, settings, .. } = &*self.inner;
        f.debug_struct("Store").field("farm", farm).field("settings", settings).finish_non_exhaustive()
    }
}

/// Makes the error of a session that cannot be written.
pub(super) fn unwritable(name: &str, source: session::Error) -> Error {
    Error::Unwritable { name: name.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::cluster::farm::Options;
    use crate::session::Id;

    fn is_send<T: Send>(_: T) {}

    #[test]
    fn all_that_waits_can_be_done_in_a_task() {
        let keyring = Keyring::parse("raw:very-secret").unwrap();
        let store = Store::new(Farm::new("f", Options::default()), keyring, Settings::default());
        let (headers, mut session, id) = (HeaderMap::new(), store.begin("sid"), Id::new("id"));
        is_send(store.get(&headers, "sid"));
        is_send(store.exists(&id));
        is_send(store.delete_id(&id));
        is_send(store.save(&mut session));
        is_send(store.regenerate(&mut session));
        is_send(store.touch(&mut session));
        is_send(store.delete(&mut session));
        is_send(store.commit(&mut session));
        is_send(store.close());
    }

    #[test]
    fn keys_are_not_shown() {
        let keyring = Keyring::parse("raw:very-secret").unwrap();
        let store = Store::new(Farm::new("f", Options::default()), keyring, Settings::default());
        let text = format!("{store:?}");
        assert!(text.contains("session_cluster") && !text.contains("secret"), "{text}");
    }
}
