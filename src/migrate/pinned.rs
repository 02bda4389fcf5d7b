//! One connection to one server, from the first look to the last record.
//!
//! A proxy may hand each statement to another server behind one connection of ours. What was set for the session, what
//! was looked at and what is recorded would then belong to different servers, so the server is asked who it is again
//! before each statement that matters.

use std::fmt;

use crate::Place;
use crate::cluster::{self, Connection};
use crate::lease::retried;

use super::error::Error;

/// A server, and a connection as that server counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// What the server tells of itself, by name; those that it does not have are not there.
    values: Vec<(String, String)>,
}

/// `pseudo_thread_id` is what `CONNECTION_ID()` returns; MySQL has `server_uuid`, MariaDB `server_uid`.
const WHO: &str = "SHOW SESSION VARIABLES WHERE Variable_name IN \
     ('hostname','port','server_id','server_uuid','server_uid','pseudo_thread_id')";

impl Server {
    async fn at(connection: &mut Connection) -> Result<Self, cluster::Error> {
        let mut values: Vec<(String, String)> =
            connection.rows_unhurried("asking the server who it is", WHO, ()).await?;
        values.sort();
        Ok(Self { values })
    }

    fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| known == name).map_or("?", |(_, value)| value)
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = |name| self.value(name).escape_debug();
        write!(f, "{}:{} (connection {})", value("hostname"), value("port"), value("pseudo_thread_id"))
    }
}

/// A connection that is known to lead to one server.
#[derive(Debug)]
pub(super) struct Pinned {
    /// The connection.
    pub(super) connection: Connection,
    server: Server,
}

impl Pinned {
    /// Remembers the server at the other end.
    pub(super) async fn new(mut connection: Connection) -> Result<Self, (Connection, Error)> {
        match Server::at(&mut connection).await {
            Ok(server) => Ok(Self { connection, server }),
            Err(error) => Err((connection, error.into())),
        }
    }

    /// Looks whether the same server is still at the other end.
    ///
    /// # Errors
    ///
    /// [`Error::Moved`] if it is not.
    pub(super) async fn check(&mut self) -> Result<(), Error> {
        // This read waits for other nodes too, and 1205 is how that ends when they take too long.
        match retried(async || self.moved().await).await? {
            Some(moved) => Err(moved),
            None => Ok(()),
        }
    }

    /// Returns the error that it is if another server is at the other end.
    pub(super) async fn moved(&mut self) -> Result<Option<Error>, cluster::Error> {
        let now = Server::at(&mut self.connection).await?;
        if now == self.server {
            return Ok(None);
        }
        let node = self.connection.node().to_owned();
        let (from, to) = (Box::new(self.server.clone()), Box::new(now));
        Ok(Some(Error::Moved { node, from, to, place: Place::here() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_what_it_tells_without_control_characters() {
        let value = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let values = vec![value("hostname", "db1\u{1b}"), value("pseudo_thread_id", "17")];
        assert_eq!(Server { values }.to_string(), "db1\\u{1b}:? (connection 17)");
    }
}
