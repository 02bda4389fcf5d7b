//! Saving a session, under its id or under a new one.

use http::HeaderValue;
use jiff::Timestamp;

use super::handle::unwritable;
use super::session::{Mark, Stored};
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
    /// What was asked for with [`Session::regenerate`] and [`Session::delete`] is done by this, too: it is saved under a new
    /// id; it is deleted, and what was put into it after that is saved as a new session.
    ///
    /// # Errors
    ///
    /// [`Error::Unwritable`] if the values are too long, or none that Go reads; [`Error::Gone`] if the session was deleted
    /// since it was read; [`Error::Overtaken`] if it was changed, and the store is to notice; [`Error::Cluster`] if no node
    /// took it in time: it may be saved all the same, or a moment later, and the same [`Session`] can be saved again. If it
    /// is not, a session that was to have a new id may have it, which no browser knows: its user logs in again.
    /// [`Error::Denied`] if the account may not, [`Error::NoFreeId`] if the table has every id that was drawn.
    pub async fn save(&self, session: &mut Session) -> Result<HeaderValue, Error> {
        match session.mark {
            Some(Mark::Delete) if session.values().is_empty() => self.delete(session).await,
            Some(Mark::Delete) => {
                // What is not deleted yet stays known, for another try. Should the second half fail, the user is logged
                // out all the same.
                if let Some(id) = session.id_to_delete().cloned() {
                    self.delete_id(&id).await?;
                }
                session.forget_stored();
                self.put(session, None).await
            }
            Some(Mark::Regenerate) | None => self.put(session, None).await,
        }
    }

    /// Saves a session under a new id, and returns the `Set-Cookie` header that goes with it. The row of the old id is the
    /// row of the new one from then on, in one statement.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save).
    pub async fn regenerate(&self, session: &mut Session) -> Result<HeaderValue, Error> {
        session.regenerate();
        self.save(session).await
    }

    /// Does what is left to do for a session at the end of a request ([`Session::pending`]), and returns the `Set-Cookie`
    /// header that goes with it, if there is one.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save).
    pub async fn commit(&self, session: &mut Session) -> Result<Option<HeaderValue>, Error> {
        match session.pending() {
            Pending::Nothing if self.is_to_be_touched(session) => match self.touch(session).await {
                // Whoever only reads it has nothing to say to what somebody else did to it meanwhile.
                Err(Error::Gone { .. }) => Ok(None),
                touched => touched,
            },
            Pending::Nothing => Ok(None),
            Pending::Save | Pending::Regenerate | Pending::Delete | Pending::Replace => {
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

    /// Signs a session's data anew, which is as it was read, unless somebody else has saved the session since: then
    /// [`Error::Overtaken`], whatever the store is to notice.
    pub(super) async fn sign_anew(&self, session: &mut Session) -> Result<HeaderValue, Error> {
        let unchanged = session.stored.as_ref().map(|stored| stored.data.clone());
        self.put(session, unchanged).await
    }

    /// Writes a session's row, under a new id if it is to have one. The row must have the data `unchanged`, where there is
    /// any, or that which it was read with, where the store is to notice changes.
    async fn put(&self, session: &mut Session, unchanged: Option<Vec<u8>>) -> Result<HeaderValue, Error> {
        let Some(lifetime) = self.settings().lifetime(session.options().max_age) else {
            return self.delete(session).await;
        };
        let codecs = self.codecs();
        let now = Timestamp::now();
        let name = session.name.clone();
        let refused = |source| unwritable(&name, source);
        session.take_wish().map_err(refused)?;
        let data = session::seal_data(&codecs.limited, &name, session.values(), now).map_err(refused)?;
        let expiry_wish = session.wished();
        let (id, expires_at) = match &mut session.stored {
            None => {
                let expires_at = expiry::on_insert(now, lifetime, session.wish);
                (self.add(&name, Content { data: &data, expires_at }, now).await?, expires_at)
            }
            Some(stored) => {
                let expires_at = expiry::on_update(now, lifetime, expiry_wish);
                let content = Content { data: &data, expires_at };
                let noticed = || (self.settings().conflicts == Conflicts::Detected).then(|| stored.data.clone());
                let unchanged = unchanged.or_else(noticed);
                let id = if session.mark == Some(Mark::Regenerate) {
                    self.rename(&name, stored, (unchanged.as_deref(), content), now).await?
                } else {
                    self.change(&stored.id, None, (unchanged.as_deref(), content)).await?.then(|| stored.id.clone())
                };
                (id.ok_or_else(no_free_id)?, expires_at)
            }
        };
        let value = session::seal_id(&codecs.limited, &name, &id, now).map_err(refused)?;
        let header = set_cookie_header(&name, &value, session.options(), now)?;
        session.saved(Stored { id, expires_at, signed_at: now, data: data.into_bytes(), drawn: None });
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
    async fn change(
        &self,
        id: &Id,
        renamed: Option<&Id>,
        (unchanged, content): (Option<&[u8]>, Content<'_>),
    ) -> Result<bool, Error> {
        let statements = &self.inner.statements;
        let update = Update { id, renamed, unchanged, content };
        let work = Work::safe(id.as_str());
        let change = self.inner.farm.run(work, async |mut lent: Lent| statements.update(&mut lent, update).await);
        let change: Result<Change, Error> = change.await;
        match change? {
            Change::Done => Ok(true),
            Change::Taken => Ok(false),
            Change::Gone => Err(gone(id)),
            Change::Overtaken => Err(Error::Overtaken { id: id.to_string(), place: Place::here() }),
        }
    }

    /// Gives a row a new id. The one that was drawn is kept until it is known what became of it: if the answer got lost,
    /// the next try finds the row under it.
    async fn rename(
        &self,
        name: &str,
        stored: &mut Stored,
        (unchanged, content): (Option<&[u8]>, Content<'_>),
        now: Timestamp,
    ) -> Result<Option<Id>, Error> {
        for _ in 0..TRIES {
            let (id, before) = match &stored.drawn {
                Some(drawn) => (drawn.clone(), true),
                None => (Id::generate(now).map_err(|source| unwritable(name, source))?, false),
            };
            stored.drawn = Some(id.clone());
            let free = match self.change(&stored.id, Some(&id), (unchanged, content)).await {
                // Nobody else was told this id, so nobody else has changed what is there.
                Err(Error::Gone { .. }) if before => match self.change(&id, None, (None, content)).await {
                    Err(Error::Gone { .. }) => return Err(gone(&stored.id)),
                    changed => changed,
                },
                changed => changed,
            };
            if free? {
                return Ok(Some(id));
            }
            stored.drawn = None;
        }
        Ok(None)
    }
}

/// Makes the error of a session that was deleted since it was read.
#[track_caller]
pub(super) fn gone(id: &Id) -> Error {
    Error::Gone { id: id.to_string(), place: Place::here() }
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
