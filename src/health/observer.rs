//! Looking at one node again and again.

use std::time::{Duration, Instant};

use super::probe::{Outcome, Reading, Taken, failed, grown, look};
use crate::cluster::{Connection, Error, Node, Vitals};

/// A node that is looked at again and again, over one connection for as long as that lasts.
///
/// What counters grew by is told from one look to the next; the first look, and the first after one that failed, tells
/// none.
#[derive(Debug)]
pub struct Observer {
    node: Node,
    deadline: Duration,
    connection: Option<Connection>,
    /// What the node said last, and when.
    last: Option<(Instant, Vitals)>,
}

impl Observer {
    /// Prepares to look; nothing is opened yet.
    #[must_use]
    pub fn new(node: &Node, deadline: Duration) -> Self {
        Self { node: node.clone(), deadline, connection: None, last: None }
    }

    /// Looks at the node. Never fails: a node that cannot be asked is an answer too.
    ///
    /// One that hangs costs the deadline. A connection that the server has ended since the last look, such as by a
    /// restart, is opened anew at once.
    pub async fn look(&mut self) -> Reading {
        let outcome = match self.take().await {
            Ok(taken) => Outcome::Answered(Box::new(taken)),
            Err(error) => {
                self.last = None;
                failed(&error)
            }
        };
        Reading::of(&self.node, outcome)
    }

    async fn take(&mut self) -> Result<Taken, Error> {
        // Whoever drops the future of this drops the connection, which would be out of step.
        let kept = match self.connection.take() {
            Some(mut kept) => match look(&mut kept, self.deadline).await {
                Ok(looked) => Some((kept, looked)),
                // It hangs, and would with another connection.
                Err(error @ Error::Deadline { .. }) => return Err(error),
                Err(_) => None,
            },
            None => None,
        };
        let (connection, looked) = match kept {
            Some(kept) => kept,
            None => {
                let mut connection = self.node.connect(self.deadline).await?;
                match look(&mut connection, self.deadline).await {
                    Ok(looked) => (connection, looked),
                    Err(error) => {
                        connection.close().await;
                        return Err(error);
                    }
                }
            }
        };
        self.connection = Some(connection);
        Ok(grown(&mut self.last, looked))
    }

    /// Says good-bye to the server.
    pub async fn close(self) {
        if let Some(connection) = self.connection {
            connection.close().await;
        }
    }
}
