//! A connection that sees what the other nodes have committed, or says why it may not.

use std::time::Duration;

use super::connection::Connection;
use super::dialect::{WAITING_READ, Wait};
use super::error::Error;
use super::node::Node;
use super::vitals::{Kind, Vitals};

/// A connection to a node in whatever state it is.
#[derive(Debug)]
pub struct Current {
    /// The connection.
    pub connection: Connection,
    /// What the node said of itself a moment ago.
    pub vitals: Vitals,
    /// Why what it says may be a moment old, if it could not catch up with the other nodes first.
    pub stale: Option<String>,
}

impl Node {
    /// Opens a connection, and waits until the node has applied what the others had committed.
    ///
    /// Where another node hangs, all of them wait for it until they agree to go on without: some seconds, in which a
    /// node that is well itself does not answer a causal read. It is then read as it is.
    ///
    /// # Errors
    ///
    /// As [`connect`](Node::connect); [`Error::Statement`] and [`Error::Deadline`] if it tells nothing of itself.
    pub async fn connect_current(&self, deadline: Duration) -> Result<Current, Error> {
        let mut connection = self.connect(deadline).await?;
        let vitals = Vitals::read(&mut connection).await?;
        if vitals.apart().is_some() {
            // Not in a state to catch up.
            return Ok(Current { connection, vitals, stale: None });
        }
        let (connection, stale) = self.caught_up(connection, vitals.kind(), deadline).await?;
        Ok(Current { connection, vitals, stale })
    }

    /// Waits, over a connection to this node, until it has applied what the others had committed; or says why it did not
    /// come to that, and goes on with a new connection. Later reads over it do not wait.
    ///
    /// # Errors
    ///
    /// As [`connect`](Node::connect).
    pub async fn caught_up(
        &self,
        mut connection: Connection,
        kind: Kind,
        deadline: Duration,
    ) -> Result<(Connection, Option<String>), Error> {
        let Some((wait, wait_no_more)) = kind.wait(Wait::Reads).zip(kind.wait(Wait::Nothing)) else {
            // There is nobody to wait for.
            return Ok((connection, None));
        };
        match catch_up(&mut connection, (wait, wait_no_more)).await {
            Ok(()) => Ok((connection, None)),
            Err(error) => Ok((self.connect(deadline).await?, Some(error.reason()))),
        }
    }
}

async fn catch_up(connection: &mut Connection, (wait, wait_no_more): (&str, &str)) -> Result<(), Error> {
    connection.execute("asking for causal reads", wait, ()).await?;
    connection.first::<i64>("waiting for the other nodes", WAITING_READ, ()).await?;
    // Once is enough; every later read would wait again, and for a node that hangs by then.
    connection.execute("asking for no more causal reads", wait_no_more, ()).await.map(|_| ())
}
