//! Getting a session.

use http::HeaderMap;
use http::header::COOKIE;
use jiff::Timestamp;

use super::handle::unwritable;
use super::row::Row;
use super::session::Stored;
use super::{Causal, Error, New, Outage, Session, Store};
use crate::Place;
use crate::cluster::Connection;
use crate::cluster::farm::{Lent, Work};
use crate::session::{self, Id, State, cookie};

impl Store {
    /// Gets the session of a name that a request's headers have a cookie of, or a new one, which says why it is new.
    ///
    /// One statement, and none where there is no cookie that opens. Whether a session has expired goes by the server's
    /// clock. The values have no key `x`, which Go programs find there: see [`Session::expires_at`].
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] if no node could be asked in time, [`Error::Denied`] if the account may not read: the session may
    /// well be there. A [lenient](super::Settings::lenient) store has a new one then. [`Error::Unwritable`] if the name
    /// cannot be a cookie's.
    pub async fn get(&self, headers: &HeaderMap, name: &str) -> Result<Session, Error> {
        if !cookie::is_name(name) {
            let source = session::Error::CookieName { name: name.to_owned(), place: Place::here() };
            return Err(unwritable(name, source));
        }
        let sent = headers.get_all(COOKIE).into_iter().map(|header| header.as_bytes());
        match self.found(cookie::find(sent, name), name).await {
            Ok(session) => Ok(session),
            Err(Missed::New(new)) => Ok(self.begun(name, new)),
            Err(Missed::Error(error)) => Err(error),
        }
        .inspect(|session| {
            if let Some(new) = session.why_new() {
                tracing::debug!(name, reason = new.as_str(), "a new session");
            }
        })
    }

    /// Begins a session that no request has a cookie of.
    #[must_use]
    pub fn begin(&self, name: &str) -> Session {
        self.begun(name, New::NoCookie)
    }

    fn begun(&self, name: &str, new: New) -> Session {
        Session::begun(name, self.settings().cookie.clone(), new)
    }

    async fn found(&self, value: Option<&str>, name: &str) -> Result<Session, Missed> {
        let value = value.ok_or(New::NoCookie)?;
        let codecs = self.codecs();
        let now = Timestamp::now();
        let id = session::open_id(&codecs.limited, &[name], value, now).map_err(New::Refused)?.id;
        let row = match self.row(&id).await {
            Ok(row) => row.ok_or(New::NoRow)?,
            Err(error @ (Error::Column { .. } | Error::TooLarge { .. })) => {
                return Err(New::Misfit(error.into()).into());
            }
            Err(error) if self.settings().outage == Outage::New => {
                return Ok(Session::unread(name, self.settings().cookie.clone(), (id, error)));
            }
            Err(error) => return Err(Missed::Error(error)),
        };
        if is_over(&row) {
            return Err(New::Expired { at: row.expires_at }.into());
        }
        let text = String::from_utf8_lossy(&row.data);
        let data = session::open_data(&codecs.rows, &[name], &text, now).map_err(New::Unreadable)?;
        let stored = Stored { id, expires_at: row.expires_at, signed_at: data.signed_at, data: row.data, drawn: None };
        Ok(Session::read(name, self.settings().cookie.clone(), data.values, stored))
    }

    async fn row(&self, id: &Id) -> Result<Option<Row>, Error> {
        let (statements, causal) = (&self.inner.statements, self.settings().causal);
        let read = async |connection: &mut Connection| statements.read(connection, id).await;
        self.inner
            .farm
            .run(Work::safe(id.as_str()), async |mut lent: Lent| {
                let connection = &mut *lent;
                if causal != Causal::Always {
                    let found = read(connection).await?;
                    if causal == Causal::Never || found.as_ref().is_some_and(|row| !is_over(row)) {
                        return Ok(found);
                    }
                    // This node may be behind the one that the session was saved on.
                }
                statements.catch_up(connection).await?;
                let found = read(connection).await?;
                statements.caught_up(connection).await;
                Ok(found)
            })
            .await
    }

    /// Returns whether there is a session of this id that has not expired. Nothing of it is opened.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] if no node could be asked in time, [`Error::Denied`] if the account may not read.
    pub async fn exists(&self, id: &Id) -> Result<bool, Error> {
        let (statements, causal) = (&self.inner.statements, self.settings().causal);
        self.inner
            .farm
            .run(Work::safe(id.as_str()), async |mut lent: Lent| {
                let connection = &mut *lent;
                if causal != Causal::Always {
                    let alive = statements.is_alive(connection, id).await?;
                    if alive || causal == Causal::Never {
                        return Ok(alive);
                    }
                }
                statements.catch_up(connection).await?;
                let alive = statements.is_alive(connection, id).await?;
                statements.caught_up(connection).await;
                Ok(alive)
            })
            .await
    }
}

fn is_over(row: &Row) -> bool {
    row.state(std::time::Duration::ZERO) != State::Active
}

/// Why no session was found.
enum Missed {
    /// There is a new one.
    New(New),
    /// Nobody knows.
    Error(Error),
}

impl From<New> for Missed {
    fn from(new: New) -> Self {
        Self::New(new)
    }
}
