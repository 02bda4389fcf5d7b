//! Ending a session, and letting it live on.

use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};

use super::handle::unwritable;
use super::save::{gone, set_cookie_header};
use super::{Error, Pending, Session, Store};
use crate::cluster::farm::{Lent, Work};
use crate::session::cookie::{MaxAge, Options};
use crate::session::{self, Id, expiry};

impl Store {
    /// Deletes a session, takes its values out, and returns the `Set-Cookie` header that takes its cookie back.
    ///
    /// One statement, and none for a session that has no row. One whose row is gone already is deleted, too. Where a
    /// [lenient](super::Settings::lenient) store could not read the session, its row is deleted by the id in the cookie:
    /// who logs out is logged out, or told that he is not.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] if no node took it in time: the session may still be there. [`Error::Denied`] if the account may
    /// not.
    pub async fn delete(&self, session: &mut Session) -> Result<HeaderValue, Error> {
        let options = Options { max_age: MaxAge::Ended, ..session.options().clone() };
        let header = set_cookie_header(session.name(), "", &options, Timestamp::now())?;
        if let Some(id) = session.id_to_delete() {
            self.delete_id(id).await?;
        }
        session.deleted();
        Ok(header)
    }

    /// Deletes the session of an id, whatever its name; false if there was none. Its cookie stays in the browser, and is
    /// worth nothing.
    ///
    /// # Errors
    ///
    /// As [`delete`](Self::delete).
    pub async fn delete_id(&self, id: &Id) -> Result<bool, Error> {
        let statements = &self.inner.statements;
        let work = Work::safe(id.as_str());
        self.inner.farm.run(work, async |mut lent: Lent| statements.delete(&mut lent, id).await).await
    }

    /// Lets a session expire a max age from now, without a look at its values, and returns the `Set-Cookie` header with
    /// which the cookie does, too; `None` for a session that has no row.
    ///
    /// One statement. A session whose data was signed so long ago that its signature is halfway to being too old is
    /// [saved](Self::save) instead, with whatever was changed; where nothing was, not over what somebody else saved since.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save).
    pub async fn touch(&self, session: &mut Session) -> Result<Option<HeaderValue>, Error> {
        let Some(stored) = &session.stored else { return Ok(None) };
        let Some(lifetime) = self.settings().lifetime(session.options().max_age) else {
            return self.delete(session).await.map(Some);
        };
        let now = Timestamp::now();
        let age = now.duration_since(stored.signed_at);
        let oldest = self.settings().oldest_signature().and_then(|oldest| SignedDuration::try_from(oldest).ok());
        if oldest.is_some_and(|oldest| age >= oldest / 2) {
            if session.pending() != Pending::Nothing {
                return self.save(session).await.map(Some);
            }
            match self.sign_anew(session).await {
                // Somebody else has saved it, and signed it by that. It lives on as any other does.
                Err(Error::Overtaken { .. }) => {}
                signed => return signed.map(Some),
            }
        }
        let Some(stored) = &session.stored else { return Ok(None) };
        let (id, expires_at) = (stored.id.clone(), expiry::on_update(now, lifetime, session.wished()));
        let statements = &self.inner.statements;
        let work = Work::safe(id.as_str());
        let extend = async |mut lent: Lent| statements.extend(&mut lent, &id, expires_at).await;
        let found: Result<bool, Error> = self.inner.farm.run(work, extend).await;
        if !found? {
            return Err(gone(&id));
        }
        let refused = |source| unwritable(session.name(), source);
        let value = session::seal_id(&self.codecs().limited, session.name(), &id, now).map_err(refused)?;
        let header = set_cookie_header(session.name(), &value, session.options(), now)?;
        session.extended(expires_at);
        Ok(Some(header))
    }
}
