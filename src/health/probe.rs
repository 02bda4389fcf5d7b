//! Asking every node at once, with a deadline on each answer.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use jiff::Timestamp;

use super::clocks::Zone;
use crate::cluster::{Clock, Cluster, Connection, Error, Kind, Node, Replication, Timing, Vitals};

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

impl Reading {
    pub(super) fn of(node: &Node, outcome: Outcome) -> Self {
        Self { node: node.name().to_owned(), address: node.dsn().address.to_string(), outcome }
    }
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Its own account of its state, the last that it gave.
    pub vitals: Vitals,
    /// The shortest round trip of a statement.
    pub latency: Duration,
    /// Its clock against this machine's, if it told the time.
    pub clock: Option<Clock>,
    /// Its time zone, if it told it.
    pub zone: Option<Zone>,
    /// How it follows its source; asked of servers that are members of no cluster.
    pub replication: Replication,
    /// When all this was, by this machine's clock.
    pub at: Timestamp,
    /// An earlier account of its state, and how long before the last one: what its counters grew by in between.
    pub earlier: Option<(Duration, Vitals)>,
}

/// Asks all nodes at once for their state.
///
/// A refused connection is final; a node that hangs costs the cluster's deadline once, whenever it begins to.
pub async fn probe(cluster: &Cluster) -> Vec<Reading> {
    probe_over(cluster, Duration::ZERO).await
}

/// The same, and once more after an interval, over the same connections: only what counters grew by in between says what
/// happens now. With no interval there is one look, and nothing to compare with.
pub async fn probe_over(cluster: &Cluster, interval: Duration) -> Vec<Reading> {
    let deadline = cluster.deadline();
    join_all(cluster.nodes().iter().map(|node| async move {
        let outcome = match take(node, deadline, interval).await {
            Ok(taken) => Outcome::Answered(Box::new(taken)),
            Err(error) => failed(&error),
        };
        Reading::of(node, outcome)
    }))
    .await
}

pub(super) fn failed(error: &Error) -> Outcome {
    match error {
        Error::Connect { source, .. } | Error::Statement { source, .. } if source.is_broken() => {
            Outcome::Silent(error.reason())
        }
        Error::Deadline { .. } => Outcome::Silent(error.reason()),
        _ => Outcome::Refused(error.reason()),
    }
}

/// Connects to a node and asks once; says when its counters were read, which may be long after the beginning.
pub(super) async fn look_anew(node: &Node, deadline: Duration) -> Result<(Taken, Instant), Error> {
    let mut connection = node.connect(deadline).await?;
    let looked = look(&mut connection, deadline).await;
    connection.close().await;
    looked
}

/// Tells what counters grew by since the look before, if there was one, and keeps this one for the next.
pub(super) fn grown(last: &mut Option<(Instant, Vitals)>, (taken, at): (Taken, Instant)) -> Taken {
    let last = last.replace((at, taken.vitals.clone()));
    Taken { earlier: last.map(|(before, vitals)| (at.duration_since(before), vitals)), ..taken }
}

async fn take(node: &Node, deadline: Duration, interval: Duration) -> Result<Taken, Error> {
    let mut connection = node.connect(deadline).await?;
    let taken = ask(&mut connection, deadline, interval).await;
    connection.close().await;
    taken
}

async fn ask(connection: &mut Connection, deadline: Duration, interval: Duration) -> Result<Taken, Error> {
    let (first, begin) = look(connection, deadline).await?;
    if interval.is_zero() {
        return Ok(first);
    }
    tokio::time::sleep(interval.saturating_sub(begin.elapsed())).await;
    let (vitals, apart) = (Vitals::read_with_counters(connection).await?, begin.elapsed());
    Ok(Taken { vitals, at: Timestamp::now(), earlier: Some((apart, first.vitals)), ..first })
}

/// Asks once, and says when its counters were read.
pub(super) async fn look(connection: &mut Connection, deadline: Duration) -> Result<(Taken, Instant), Error> {
    let (vitals, begin) = (Vitals::read_with_counters(connection).await?, Instant::now());
    let Timing { latency, clock } = Timing::take(connection, deadline).await?;
    let zone = Zone::read(connection, &vitals).await?;
    let replication = match vitals.kind() {
        Kind::Standalone => Replication::read(connection, vitals.family()).await?,
        Kind::Galera | Kind::GroupReplication => Replication::None,
    };
    Ok((Taken { vitals, latency, clock, zone, replication, at: Timestamp::now(), earlier: None }, begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_grow_from_when_they_were_read_to_when_they_were_read() {
        let start = Instant::now();
        let mut last = None;
        // When the counters were read, in ms, and how long that is after the ones before.
        for (at, apart) in [(900, None), (2_010, Some(1_110)), (4_000, Some(1_990))] {
            let looked = (Taken::default(), start + Duration::from_millis(at));
            let taken = grown(&mut last, looked);
            assert_eq!(taken.earlier.map(|(apart, _)| apart), apart.map(Duration::from_millis), "{at}");
        }
        last = None;
        assert_eq!(grown(&mut last, (Taken::default(), start)).earlier, None, "after one that failed");
    }
}
