//! A task for each node that looks at it again and again, and one that counts the sessions: none waits for another one.

use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use csqlstore::cluster::{Cluster, Node, On};
use csqlstore::health::{self, Observer};
use csqlstore::schema::Table;

use super::watched::{Counted, Seen};
use crate::failure::with_causes;

/// How often sessions are counted, at most.
const COUNTING: Duration = Duration::from_secs(10);
/// How long the end waits for connections to be closed.
const FAREWELL: Duration = Duration::from_millis(200);

/// What one of the tasks has found out.
pub(super) enum Event {
    Seen(Seen),
    Counted(Counted),
}

/// The tasks.
pub(super) struct Probing {
    begin: Instant,
    interval: Duration,
    events: mpsc::Receiver<Event>,
    tasks: JoinSet<()>,
    end: watch::Sender<()>,
}

impl Probing {
    /// Starts looking at all nodes; the looks of one round begin at the same moment.
    pub(super) fn start(cluster: &Cluster, table: &Table, interval: Duration) -> Self {
        let begin = Instant::now();
        let (tell, events) = mpsc::channel(64);
        let (end, ended) = watch::channel(());
        let mut tasks = JoinSet::new();
        for (at, node) in cluster.nodes().iter().enumerate() {
            let look = Look { node: node.clone(), at, deadline: cluster.deadline(), begin, interval };
            tasks.spawn(look.again_and_again(tell.clone(), ended.clone()));
        }
        tasks.spawn(count(cluster.clone(), table.clone(), interval.max(COUNTING), tell, ended));
        Self { begin, interval, events, tasks, end }
    }

    /// When a round begins, of which the first is 1.
    pub(super) fn beginning(&self, round: u64) -> Instant {
        let times = u32::try_from(round.saturating_sub(1)).unwrap_or(u32::MAX);
        self.begin.checked_add(self.interval.saturating_mul(times)).unwrap_or(self.begin)
    }

    /// The round that is on at this moment.
    pub(super) fn round(&self) -> u64 {
        round(self.begin.elapsed(), self.interval)
    }

    /// Waits for what comes next.
    pub(super) async fn next(&mut self) -> Event {
        tokio::select! {
            event = self.events.recv() => match event {
                Some(event) => event,
                // They end with us.
                None => std::future::pending().await,
            },
            Some(ended) = self.tasks.join_next() => match ended {
                // A bug, which has been reported: it must not look like a node that is silent.
                Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                _ => std::future::pending().await,
            }
        }
    }

    /// Says good-bye to the servers, as far as they listen.
    pub(super) async fn end(self) {
        let Self { events, tasks, end, .. } = self;
        drop((events, end));
        // What is still on its way is aborted.
        let _ = tokio::time::timeout(FAREWELL, tasks.join_all()).await;
    }
}

fn round(elapsed: Duration, interval: Duration) -> u64 {
    u64::try_from(elapsed.as_nanos() / interval.as_nanos().max(1)).unwrap_or(u64::MAX).saturating_add(1)
}

/// How one node is looked at.
struct Look {
    node: Node,
    at: usize,
    deadline: Duration,
    begin: Instant,
    interval: Duration,
}

impl Look {
    async fn again_and_again(self, tell: mpsc::Sender<Event>, mut ended: watch::Receiver<()>) {
        let Self { node, at, deadline, begin, interval } = self;
        let mut ticks = tokio::time::interval_at(begin.into(), interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut observer = Observer::new(&node, deadline);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = ended.changed() => break,
            }
            let round = round(begin.elapsed(), interval);
            let reading = tokio::select! {
                reading = observer.look() => reading,
                _ = ended.changed() => break,
            };
            let seen = Seen { node: at, round, reading, at: Instant::now() };
            if tell.send(Event::Seen(seen)).await.is_err() {
                break;
            }
        }
        observer.close().await;
    }
}

/// Counts sessions on the first usable node, which may be none.
async fn count(
    cluster: Cluster,
    table: Table,
    interval: Duration,
    tell: mpsc::Sender<Event>,
    mut ended: watch::Receiver<()>,
) {
    // Each of a few statements has its own deadline, and in the last moment of an ALTER even the catalogue waits.
    let patience = cluster.deadline().saturating_mul(3);
    loop {
        let counting = tokio::time::timeout(patience, health::sessions(&cluster, &On::Auto, &table));
        let outcome = tokio::select! {
            counted = counting => match counted {
                Ok(counted) => counted.map_err(|error| with_causes(&error)),
                Err(_) => Err(format!("no answer within {}", humantime::format_duration(patience))),
            },
            _ = ended.changed() => return,
        };
        if tell.send(Event::Counted(Counted { outcome, at: Instant::now() })).await.is_err() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(interval) => {}
            _ = ended.changed() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_begin_with_the_interval() {
        let ms = Duration::from_millis;
        for (elapsed, expected) in [(0, 1), (999, 1), (1000, 2), (1001, 2), (3500, 4)] {
            assert_eq!(round(ms(elapsed), ms(1000)), expected, "{elapsed}");
        }
        assert_eq!(round(ms(5), Duration::ZERO), 5_000_001, "an interval of nothing divides nothing");
    }
}
