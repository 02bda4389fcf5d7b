//! The statements on one session's row, each a single round trip.
//!
//! A connection prepares each of them once: their texts are made once for a table, and never differ by what is asked.
//! Which row is meant is said twice: the first comparison may use the key, the second compares byte for byte.

use jiff::Timestamp;

use super::row::{LARGEST, fits};
use super::{Error, Row};
use crate::cluster::{self, Connection, Instant, Wait, Waiting};
use crate::grant::{self, Object};
use crate::schema::Table;
use crate::session::Id;

/// Duplicate key.
const DUPLICATE: u16 = 1062;

/// The texts of the statements on one table.
#[derive(Clone, Debug)]
pub(super) struct Statements {
    table: Table,
    pub(super) select: String,
    alive: String,
    insert: String,
    update: String,
    update_unchanged: String,
    rename: String,
    rename_unchanged: String,
    extend: String,
    delete: String,
}

/// What a row is to hold.
#[derive(Clone, Copy)]
pub(super) struct Content<'a> {
    pub(super) data: &'a str,
    pub(super) expires_at: Timestamp,
}

/// What became of a change to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The row is as it should be.
    Done,
    /// There is no such row any more.
    Gone,
    /// Somebody else has changed the row since it was read.
    Overtaken,
    /// Another row has the new id.
    Taken,
}

/// How a row is to be changed.
#[derive(Clone, Copy)]
pub(super) struct Update<'a> {
    pub(super) id: &'a Id,
    /// Its id after that, where it gets another one.
    pub(super) renamed: Option<&'a Id>,
    /// The data that it must still have, where that matters.
    pub(super) unchanged: Option<&'a [u8]>,
    pub(super) content: Content<'a>,
}

impl Statements {
    pub(super) fn new(table: &Table) -> Self {
        const THIS: &str = "WHERE id = ? AND CAST(id AS BINARY) = ?";
        let name = table.quoted();
        Self {
            table: table.clone(),
            // Data that is too long stays where it is.
            select: format!(
                "SELECT LENGTH(data), IF(LENGTH(data) > {LARGEST}, '', data), expire_on, modify_at, UTC_TIMESTAMP() \
                 FROM {name} {THIS} LIMIT 1"
            ),
            alive: format!("SELECT 1 FROM {name} {THIS} AND expire_on >= UTC_TIMESTAMP() LIMIT 1"),
            insert: format!("INSERT INTO {name} (id, data, expire_on) VALUES (?, ?, ?)"),
            update: format!("UPDATE {name} SET data = ?, expire_on = ? {THIS}"),
            update_unchanged: format!("UPDATE {name} SET data = ?, expire_on = ? {THIS} AND data = ?"),
            rename: format!("UPDATE {name} SET id = ?, data = ?, expire_on = ? {THIS}"),
            rename_unchanged: format!("UPDATE {name} SET id = ?, data = ?, expire_on = ? {THIS} AND data = ?"),
            extend: format!("UPDATE {name} SET expire_on = GREATEST(expire_on, ?) {THIS}"),
            delete: format!("DELETE FROM {name} {THIS}"),
        }
    }

    /// Whether there is a row that has not expired.
    pub(super) async fn is_alive(&self, connection: &mut Connection, id: &Id) -> Result<bool, Error> {
        if !fits(id) {
            return Ok(false);
        }
        let asked = (id.as_str(), id.as_str());
        match connection.first::<i64>("looking for a session", &self.alive, asked).await {
            Ok(found) => Ok(found.is_some()),
            Err(source) => Err(self.refused(connection, "SELECT", source).await),
        }
    }

    /// Adds a row; false if another one has its id.
    pub(super) async fn insert(
        &self,
        connection: &mut Connection,
        id: &Id,
        content: Content<'_>,
    ) -> Result<bool, Error> {
        let row = (id.as_str(), content.data, cluster::Value::from(Instant(content.expires_at)));
        match connection.execute("saving a new session", &self.insert, row).await {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some(DUPLICATE) => Ok(false),
            Err(source) => Err(self.refused(connection, "INSERT", source).await),
        }
    }

    /// Changes a row. One that is not found as it should be is looked for again once this node has what the others have:
    /// it may be behind.
    ///
    /// Doing it twice is as good as doing it once: a row that holds what it should already is done.
    pub(super) async fn update(&self, connection: &mut Connection, update: Update<'_>) -> Result<Change, Error> {
        if !fits(update.id) {
            return Ok(Change::Gone);
        }
        match self.update_here(connection, update).await? {
            Some(done) => return self.or_ours(connection, update, done).await,
            None => self.catch_up(connection).await?,
        }
        let change = match self.update_here(connection, update).await? {
            Some(done) => self.or_ours(connection, update, done).await?,
            None => self.or_ours(connection, update, Change::Gone).await?,
        };
        self.caught_up(connection).await;
        Ok(change)
    }

    /// Changes a row on this node; `None` if it has none such.
    async fn update_here(&self, connection: &mut Connection, update: Update<'_>) -> Result<Option<Change>, Error> {
        let Update { id, renamed, unchanged, content } = update;
        let mut parameters: Vec<cluster::Value> = Vec::with_capacity(6);
        parameters.extend(renamed.map(|id| id.as_str().into()));
        parameters.extend([content.data.into(), Instant(content.expires_at).into()]);
        parameters.extend([id.as_str().into(), id.as_str().into()]);
        parameters.extend(unchanged.map(Into::into));
        let sql = match (renamed, unchanged) {
            (None, None) => &self.update,
            (None, Some(_)) => &self.update_unchanged,
            (Some(_), None) => &self.rename,
            (Some(_), Some(_)) => &self.rename_unchanged,
        };
        match connection.execute("saving a session", sql, parameters).await {
            Ok(done) => Ok((done.rows > 0).then_some(Change::Done)),
            Err(error) if error.code() == Some(DUPLICATE) => Ok(Some(Change::Taken)),
            Err(source) => Err(self.refused(connection, "UPDATE", source).await),
        }
    }

    /// Tells why a row was not changed: it may be that this very change was made before, and its answer got lost.
    async fn or_ours(&self, connection: &mut Connection, update: Update<'_>, change: Change) -> Result<Change, Error> {
        if change == Change::Done {
            return Ok(change);
        }
        let Update { id, renamed, unchanged, content } = update;
        let is_ours = |row: Option<&Row>| row.is_some_and(|row| row.data == content.data.as_bytes());
        if let Some(renamed) = renamed
            && is_ours(self.read(connection, renamed).await?.as_ref())
        {
            return Ok(Change::Done);
        }
        if change == Change::Taken {
            return Ok(change);
        }
        let found = self.read(connection, id).await?;
        Ok(match (found, unchanged, renamed) {
            (None, ..) => Change::Gone,
            (found, _, None) if is_ours(found.as_ref()) => Change::Done,
            (Some(_), Some(_), _) => Change::Overtaken,
            // It came back between the two statements; whoever did that was first.
            (Some(_), None, _) => Change::Gone,
        })
    }

    /// Lets a row expire later, and never sooner; false if it is gone.
    pub(super) async fn extend(
        &self,
        connection: &mut Connection,
        id: &Id,
        expires_at: Timestamp,
    ) -> Result<bool, Error> {
        let parameters = || (Instant(expires_at), id.as_str(), id.as_str());
        self.on_this(connection, id, ("extending a session", "UPDATE", &self.extend), parameters).await
    }

    /// Deletes a row; false if there was none.
    pub(super) async fn delete(&self, connection: &mut Connection, id: &Id) -> Result<bool, Error> {
        let parameters = || (id.as_str(), id.as_str());
        self.on_this(connection, id, ("deleting a session", "DELETE", &self.delete), parameters).await
    }

    /// Runs a statement on a row, and once more if there is none, when this node has what the others have.
    async fn on_this<P: Into<cluster::Params>>(
        &self,
        connection: &mut Connection,
        id: &Id,
        (doing, right, sql): (&'static str, &'static str, &str),
        parameters: impl Fn() -> P,
    ) -> Result<bool, Error> {
        if !fits(id) {
            return Ok(false);
        }
        let waits = [false, true];
        for waiting in waits {
            if waiting {
                self.catch_up(connection).await?;
            }
            let parameters: cluster::Params = parameters().into();
            match connection.execute(doing, sql, parameters).await {
                Ok(done) if done.rows > 0 || waiting => {
                    if waiting {
                        self.caught_up(connection).await;
                    }
                    return Ok(done.rows > 0);
                }
                Ok(_) => {}
                Err(source) => return Err(self.refused(connection, right, source).await),
            }
        }
        Ok(false)
    }

    /// Lets what follows on this connection wait until its node has applied what the others have committed. Unless
    /// [it ends](Self::caught_up), nobody else has the connection after this.
    pub(super) async fn catch_up(&self, connection: &mut Connection) -> Result<(), Error> {
        if let Some(wait) = connection.server().and_then(|server| server.kind.wait(Wait::All)) {
            connection.set_waiting(Waiting::Asked);
            connection.execute("asking to wait for the other nodes", wait, ()).await?;
            connection.set_waiting(Waiting::Yes);
        }
        Ok(())
    }

    /// Lets what follows wait no more. After an error this is not called for: the connection is not used again.
    pub(super) async fn caught_up(&self, connection: &mut Connection) {
        if let Some(no_wait) = connection.server().and_then(|server| server.kind.wait(Wait::Nothing))
            && connection.execute("asking to wait for nobody", no_wait, ()).await.is_ok()
        {
            connection.set_waiting(Waiting::No);
        }
    }

    /// Makes the error of a statement that the server refused.
    pub(super) async fn refused(&self, connection: &mut Connection, right: &str, source: cluster::Error) -> Error {
        if !grant::is_lacking(&source) {
            return source.into();
        }
        // An UPDATE and a DELETE that say which row they mean read it, too.
        let rights = if matches!(right, "UPDATE" | "DELETE") { format!("SELECT, {right}") } else { right.to_owned() };
        let grant = grant::statement(connection, &rights, Object::Table(self.table.name())).await;
        let (table, right) = (self.table.name().to_owned(), right.to_owned());
        Error::Denied { table, right, grant, source: source.into() }
    }
}
