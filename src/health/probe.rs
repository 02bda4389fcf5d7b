//! Asking every node at once, with a deadline on each answer.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::future::join_all;

use crate::cluster::{self, Cluster, Connection, DriverError, Error, Node, Vitals};

/// How often the clock is read; the reading with the shortest round trip counts.
const CLOCK_READINGS: usize = 5;

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

/// A node's clock against this machine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Server's time minus ours, in microseconds; positive if the server is ahead.
    pub offset_us: i64,
    /// Half the round trip: how far the offset can be wrong.
    pub uncertainty: Duration,
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
    let begin = Instant::now();
    let mut latency = Duration::MAX;
    let mut clock: Option<Clock> = None;
    for _ in 0..CLOCK_READINGS {
        let (round_trip, read) = tell(connection).await?;
        latency = latency.min(round_trip);
        if let Some(read) = read
            && clock.is_none_or(|best| read.uncertainty < best.uncertainty)
        {
            clock = Some(read);
        }
        // Over a slow line one reading must do.
        if begin.elapsed() * 2 > deadline {
            break;
        }
    }
    Ok(Taken { vitals, latency, clock })
}

/// Asks a node for its time; it needs no table, and so is answered outside the primary component too.
async fn tell(connection: &mut Connection) -> Result<(Duration, Option<Clock>), Error> {
    let (sent, begin) = (SystemTime::now(), Instant::now());
    let said: Option<cluster::Instant> = connection.first("asking for the time", "SELECT UTC_TIMESTAMP(6)", ()).await?;
    let round_trip = begin.elapsed();
    let middle = sent.duration_since(UNIX_EPOCH).unwrap_or_default() + round_trip / 2;
    let clock = said.zip(i64::try_from(middle.as_micros()).ok()).map(|(cluster::Instant(at), ours)| Clock {
        offset_us: at.as_microsecond().saturating_sub(ours),
        uncertainty: round_trip / 2,
    });
    Ok((round_trip, clock))
}
