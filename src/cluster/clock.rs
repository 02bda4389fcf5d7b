//! The nodes' clocks: each against this machine's, and through that against each other.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::future::join_all;

use super::connection::Connection;
use super::error::{Error, Refusal};
use super::instant::Instant as Moment;
use super::node::{Cluster, Node};
use super::number::Class;
use super::vitals::Vitals;
use crate::Place;

/// How often a clock is read; the reading with the shortest round trip counts.
const READINGS: usize = 5;

/// A node's clock against this machine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Server's time minus ours, in microseconds; positive if the server is ahead.
    pub offset_us: i64,
    /// Half the round trip: how far the offset can be wrong.
    pub uncertainty: Duration,
}

/// How quickly a node answers, and what time it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// The shortest round trip of a statement.
    pub latency: Duration,
    /// Its clock against this machine's, if it told the time.
    pub clock: Option<Clock>,
}

/// The clocks of a cluster, and whose are not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// The clock of each node that told the time, in the order of the configuration.
    pub known: Vec<(String, Clock)>,
    /// The nodes that did not, and why.
    pub unknown: Vec<Refusal>,
    /// How many members the cluster counts beyond the nodes that are configured, whose clocks nobody can ask for.
    pub unlisted: u64,
}

impl Clock {
    /// Returns how far two clocks are apart at most: what was measured, and both errors of the measurement.
    #[must_use]
    pub fn apart(self, other: Self) -> Duration {
        Duration::from_micros(self.offset_us.abs_diff(other.offset_us))
            .saturating_add(self.uncertainty)
            .saturating_add(other.uncertainty)
    }
}

impl Clocks {
    /// Returns how far any two of the known clocks are apart at most; zero if fewer than two are known.
    #[must_use]
    pub fn spread(&self) -> Duration {
        let pairs = self.known.iter().enumerate().flat_map(|(at, (_, one))| {
            let later = self.known.iter().skip(at + 1);
            later.map(move |(_, other)| one.apart(*other))
        });
        pairs.max().unwrap_or(Duration::ZERO)
    }
}

/// Returns whether clocks that are `apart` decide which sessions a `grace` keeps: whose clock decides must not.
///
/// Clocks within a second are alike: `expire_on` has whole seconds.
#[must_use]
pub fn clocks_exceed(grace: Duration, apart: Duration) -> bool {
    apart > grace.max(Duration::from_secs(1))
}

impl Timing {
    /// Asks a node for its time, the best of five times; over a line on which that takes long, of fewer.
    ///
    /// Needs no table, and so is answered outside the primary component too.
    ///
    /// # Errors
    ///
    /// [`Error::Deadline`] if the node is silent, [`Error::Statement`] if it refuses.
    pub async fn take(connection: &mut Connection, deadline: Duration) -> Result<Self, Error> {
        let begin = Instant::now();
        let mut best = Self { latency: Duration::MAX, clock: None };
        for _ in 0..READINGS {
            let Self { latency, clock } = once(connection).await?;
            best.latency = best.latency.min(latency);
            if let Some(read) = clock
                && best.clock.is_none_or(|best| read.uncertainty < best.uncertainty)
            {
                best.clock = Some(read);
            }
            // Over a slow line one reading must do.
            if begin.elapsed() * 2 > deadline {
                break;
            }
        }
        Ok(best)
    }
}

async fn once(connection: &mut Connection) -> Result<Timing, Error> {
    let (sent, begin) = (SystemTime::now(), Instant::now());
    let said: Option<Moment> = connection.first("asking for the time", "SELECT UTC_TIMESTAMP(6)", ()).await?;
    let latency = begin.elapsed();
    let middle = sent.duration_since(UNIX_EPOCH).unwrap_or_default() + latency / 2;
    let clock = said.zip(i64::try_from(middle.as_micros()).ok()).map(|(Moment(at), ours)| Clock {
        offset_us: at.as_microsecond().saturating_sub(ours),
        uncertainty: latency / 2,
    });
    Ok(Timing { latency, clock })
}

impl Cluster {
    /// Reads the clocks of all nodes at once, whatever state they are in.
    ///
    /// Never fails: a node that cannot be asked is among the [`unknown`](Clocks::unknown). One that hangs costs the
    /// cluster's deadline once.
    pub async fn clocks(&self) -> Clocks {
        let deadline = self.deadline();
        let answers = join_all(self.nodes().iter().map(|node| read(node, deadline))).await;
        let (mut clocks, mut members) = (Clocks::default(), 0);
        for (node, answer) in self.nodes().iter().zip(answers) {
            match answer {
                Ok((clock, size)) => {
                    clocks.known.push((node.name().to_owned(), clock));
                    members = members.max(size);
                }
                Err(refusal) => clocks.unknown.push(refusal),
            }
        }
        clocks.unlisted = members.saturating_sub(self.nodes().len() as u64);
        clocks
    }
}

/// Returns a node's clock, and how many members its cluster has by its own count.
async fn read(node: &Node, deadline: Duration) -> Result<(Clock, u64), Refusal> {
    let refusal = |error: Error| Refusal::new(node.name(), &error);
    let mut connection = node.connect(deadline).await.map_err(refusal)?;
    let asked = async {
        let Timing { clock, .. } = Timing::take(&mut connection, deadline).await?;
        let members = Vitals::read(&mut connection).await?.members();
        Ok((clock, members))
    };
    let answer = asked.await;
    connection.close().await;
    let (clock, members) = answer.map_err(refusal)?;
    let silent = || Refusal {
        node: node.name().to_owned(),
        reason: "it does not tell the time".into(),
        code: None,
        obstacle: None,
        class: Class::Data,
        place: Place::here(),
    };
    Ok((clock.ok_or_else(silent)?, members))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clocks(known: &[(i64, u64)]) -> Clocks {
        let clock = |&(offset_ms, uncertainty_ms): &(i64, u64)| Clock {
            offset_us: offset_ms * 1000,
            uncertainty: Duration::from_millis(uncertainty_ms),
        };
        Clocks { known: known.iter().map(|it| ("n".to_owned(), clock(it))).collect(), ..Clocks::default() }
    }

    #[test]
    fn the_spread_is_the_widest_pair_and_never_less_than_it_may_be() {
        for (name, known, expected_ms) in [
            ("none", &[][..], 0),
            ("one", &[(5_000, 3)], 0),
            ("alike", &[(7, 0), (7, 0)], 0),
            ("errors add up", &[(0, 2), (0, 3)], 5),
            ("ahead and behind", &[(-600, 1), (0, 1), (600, 1)], 1_202),
            // The widest is not always between the first and the last: an unsure one in the middle counts.
            ("an unsure one", &[(0, 1), (10, 500), (20, 1)], 511),
        ] {
            assert_eq!(clocks(known).spread(), Duration::from_millis(expected_ms), "{name}");
        }
    }

    #[test]
    fn a_grace_has_to_cover_what_clocks_are_apart_beyond_a_second() {
        for (grace_ms, apart_ms, exceeded) in
            [(0, 0, false), (0, 1000, false), (0, 1001, true), (20_000, 20_000, false), (20_000, 20_001, true)]
        {
            let [grace, apart] = [grace_ms, apart_ms].map(Duration::from_millis);
            assert_eq!(clocks_exceed(grace, apart), exceeded, "{grace_ms} {apart_ms}");
        }
    }

    #[test]
    fn clocks_at_the_ends_of_time_do_not_overflow() {
        let at = |offset_us| Clock { offset_us, uncertainty: Duration::MAX };
        assert_eq!(at(i64::MIN).apart(at(i64::MAX)), Duration::MAX);
    }
}
