//! Saving a session, under its id or under a new one.

use http::HeaderValue;
use jiff::Timestamp;

use super::handle::unwritable;
use super::session::Stored;
use super::statements::{Change, Content, Update};
use super::{Conflicts, Error, Pending, Session, Store};
use crate::Place;
use crate::cluster::farm::{Lent, Work};
use crate::session::cookie::{Options, set_cookie};
use crate::session::{self, Id, expiry};

/// So many new ids are tried before it is said that none is free.
const TRIES: usize = 5;

impl Store {
    /// Saves a session, and returns the `Set-Cookie` header that goes with it.
    ///
    /// One statement: a row for a session that has none, a new content for one that has. Saved again within the request it
    /// is still one row. It expires a max age from now, and never sooner than it was going to
    /// ([`expiry`](crate::session::expiry)). A session whose max age is [`Ended`](crate::session::cookie::MaxAge::Ended) is
    /// deleted.
    ///
    /// # Errors
    ///
    /// [`Error::Unwritable`] if the values are too long, or none that Go reads; [`Error::Gone`] if the session was deleted
    /// since it was read; [`Error::Overtaken`] if it was changed, and the store is to notice; [`Error::Cluster`] if no node
    /// took it in time: it may be saved all the same, and saving it again does no harm. [`Error::Denied`] if the account
    /// may not, [`Error::NoFreeId`] if the table has every id that was drawn.
    pub async fn save(&self, session: &mut Session) -> Result<HeaderValue, Error> {
        self.put(session, Renaming::Keep).await
    }

    /// Saves a session under a new id, and returns the `Set-Cookie` header that goes with it. The row of the old id is the
    /// row of the new one from then on, in one statement.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save).
    pub async fn regenerate(&self, session: &mut Session) -> Result<HeaderValue, Error> {
        self.put(session, Renaming::Anew).await
    }

    /// Does what is left to do for a session at the end of a request ([`Session::pending`]), and returns the `Set-Cookie`
    /// header that goes with it, if there is one.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save).
    pub async fn commit(&self, session: &mut Session) -> Result<Option<HeaderValue>, Error> {
        match session.pending() {
            Pending::Nothing if self.is_to_be_touched(session) => self.touch(session).await,
            Pending::Nothing => Ok(None),
            Pending::Save => self.save(session).await.map(Some),
            Pending::Regenerate => self.regenerate(session).await.map(Some),
            Pending::Delete => self.delete(session).await.map(Some),
            Pending::Replace => {
                // Should the second half fail, the user is logged out all the same.
                if let Some(old) = session.take_stored() {
                    self.delete_id(&old.id).await?;
                }
                self.save(session).await.map(Some)
            }
        }
    }

    /// Whether a session would live so much longer if it were touched that it is worth it.
    fn is_to_be_touched(&self, session: &Session) -> bool {
        let lifetime = self.settings().lifetime(session.options().max_age);
        let Some(((least, lifetime), was)) = self.settings().touch_after.zip(lifetime).zip(session.expires_at()) else {
            return false;
        };
        let gained = expiry::on_update(Timestamp::now(), lifetime, None).duration_since(was);
        std::time::Duration::try_from(gained).is_ok_and(|gained| gained >= least)
    }

    async fn put(&self, session: &mut Session, renaming: Renaming) -> Result<HeaderValue, Error> {
        let Some(lifetime) = self.settings().lifetime(session.options().max_age) else {
            return self.delete(session).await;
        };
        let codecs = self.codecs();
        let now = Timestamp::now();
        session.take_wish().map_err(|source| unwritable(session.name(), source))?;
        let refused = |source| unwritable(session.name(), source);
        let data = session::seal_data(&codecs.limited, session.name(), session.values(), now).map_err(refused)?;
        let (id, expires_at) = match &session.stored {
            None => {
                let expires_at = expiry::on_insert(now, lifetime, session.wish);
                (self.add(session.name(), Content { data: &data, expires_at }, now).await?, expires_at)
            }
            Some(stored) => {
                let expires_at = expiry::on_update(now, lifetime, session.wished());
                let content = Content { data: &data, expires_at };
                let id = match renaming {
                    Renaming::Keep => self.change(stored, None, content).await?.then(|| stored.id.clone()),
                    Renaming::Anew => self.rename(session.name(), stored, content, now).await?,
                };
                (id.ok_or_else(no_free_id)?, expires_at)
            }
        };
        let value = session::seal_id(&codecs.limited, session.name(), &id, now).map_err(refused)?;
        let header = set_cookie_header(session.name(), &value, session.options(), now)?;
        let data = (self.settings().conflicts == Conflicts::Detected).then(|| data.into_bytes());
        session.saved(Stored { id, expires_at, signed_at: now, data });
        Ok(header)
    }

    /// Adds a row under a new id.
    async fn add(&self, name: &str, content: Content<'_>, now: Timestamp) -> Result<Id, Error> {
        let fresh = || Id::generate(now).map_err(|source| unwritable(name, source));
        let first = fresh()?;
        let (statements, affinity) = (&self.inner.statements, first.clone());
        let mut first = Some(first);
        let added = self.inner.farm.run(Work::safe(affinity.as_str()), |mut lent: Lent| {
            // A row that was added, and nobody knows, is never found under an id that nobody was given. So each attempt
            // has an id of its own: on a table without a key there would be two rows of one.
            let mut next = first.take();
            async move {
                for _ in 0..TRIES {
                    let id = match next.take() {
                        Some(id) => id,
                        None => fresh()?,
                    };
                    if statements.insert(&mut lent, &id, content).await? {
                        return Ok(Some(id));
                    }
                }
                Ok(None)
            }
        });
        let added: Result<Option<Id>, Error> = added.await;
        added?.ok_or_else(no_free_id)
    }

    /// Changes a row; false if another row has the id that it was to have.
    async fn change(&self, stored: &Stored, renamed: Option<&Id>, content: Content<'_>) -> Result<bool, Error> {
        let (statements, id) = (&self.inner.statements, &stored.id);
        let update = Update { id, renamed, unchanged: stored.data.as_deref(), content };
        let work = Work::safe(id.as_str());
        let change = self.inner.farm.run(work, async |mut lent: Lent| statements.update(&mut lent, update).await);
        let change: Result<Change, Error> = change.await;
        match change? {
            Change::Done => Ok(true),
            Change::Taken => Ok(false),
            Change::Gone => Err(Error::Gone { id: id.to_string(), place: Place::here() }),
            Change::Overtaken => Err(Error::Overtaken { id: id.to_string(), place: Place::here() }),
        }
    }

    /// Gives a row a new id.
    async fn rename(
        &self,
        name: &str,
        stored: &Stored,
        content: Content<'_>,
        now: Timestamp,
    ) -> Result<Option<Id>, Error> {
        for _ in 0..TRIES {
            let id = Id::generate(now).map_err(|source| unwritable(name, source))?;
            if self.change(stored, Some(&id), content).await? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}

/// Whether a session keeps its id.
enum Renaming {
    Keep,
    Anew,
}

fn no_free_id() -> Error {
    Error::NoFreeId { tries: TRIES, place: Place::here() }
}

/// Makes the header of a cookie.
pub(super) fn set_cookie_header(
    name: &str,
    value: &str,
    options: &Options,
    now: Timestamp,
) -> Result<HeaderValue, Error> {
    let header = set_cookie(name, value, options, now).map_err(|source| unwritable(name, source))?;
    Ok(HeaderValue::from_str(&header).expect("what may not stand in a header was left out"))
}
