//! Asking every node at once, with a deadline on each answer.

use std::time::Duration;

use futures_util::future::join_all;

use crate::cluster::{Clock, Cluster, Connection, DriverError, Error, Node, Timing, Vitals};

/// One node and what it answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The node's name.
    pub node: String,
    /// Host and port, or the socket's path.
    pub address: String,
    /// What came of asking.
    pub outcome: Outcome,
}

/// What came of asking a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It answered.
    Answered(Box<Taken>),
    /// Something is there and does not serve us: wrong account, no such database, too many connections, a way to
    /// authenticate that this program does not have, an answer that is none of the protocol.
    Refused(String),
    /// Nothing is there, or it is silent.
    Silent(String),
}

/// What a node that answered says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its own account of its state.
    pub vitals: Vitals,
    /// The shortest round trip of a statement.
    pub latency: Duration,
    /// Its clock against this machine's, if it told the time.
    pub clock: Option<Clock>,
}

/// Asks all nodes at once for their state.
///
/// A refused connection is final; a node that hangs costs the cluster's deadline once, whenever it begins to.
pub async fn probe(cluster: &Cluster) -> Vec<Reading> {
    let deadline = cluster.deadline();
    join_all(cluster.nodes().iter().map(|node| async move {
        let outcome = match take(node, deadline).await {
            Ok(taken) => Outcome::Answered(Box::new(taken)),
            Err(error) => failed(&error),
        };
        Reading { node: node.name().to_owned(), address: node.dsn().address.to_string(), outcome }
    }))
    .await
}

fn failed(error: &Error) -> Outcome {
    match error {
        Error::Connect { source: DriverError::Broken { .. }, .. }
        | Error::Statement { source: DriverError::Broken { .. }, .. }
        | Error::Deadline { .. } => Outcome::Silent(error.reason()),
        _ => Outcome::Refused(error.reason()),
    }
}

async fn take(node: &Node, deadline: Duration) -> Result<Taken, Error> {
    let mut connection = node.connect(deadline).await?;
    let taken = ask(&mut connection, deadline).await;
    connection.close().await;
    taken
}

async fn ask(connection: &mut Connection, deadline: Duration) -> Result<Taken, Error> {
    let vitals = Vitals::read(connection).await?;
    let Timing { latency, clock } = Timing::take(connection, deadline).await?;
    Ok(Taken { vitals, latency, clock })
}
