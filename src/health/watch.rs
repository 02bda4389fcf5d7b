//! Looking at nodes again and again, so that whoever asks how they are is answered at once and costs them nothing.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use super::probe::{Outcome, Reading, failed, grown, look_anew};
use crate::cluster::{Cluster, Node};

/// How often to look, and for how long an answer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// From the beginning of a look at a node to that of the next one. A node that hangs is looked at again once it was
    /// given up.
    pub every: Duration,
    /// The age from which on an answer says nothing any more.
    pub max_age: Duration,
}

/// A look at all nodes that goes on until it is dropped: a task for each, so that one that hangs delays no other.
///
/// The tasks look at the same moments. What nodes say of each other is compared, and would differ for a moment if one was
/// asked before a member came and the other one after.
#[derive(Debug)]
pub struct Watch {
    nodes: Vec<Watched>,
    pace: Pace,
    /// Whoever waits for the first look waits no longer.
    deadline: Duration,
    /// Aborted with it.
    _tasks: JoinSet<()>,
}

#[derive(Debug)]
struct Watched {
    name: String,
    address: String,
    seen: Arc<Mutex<Option<Seen>>>,
    looked: watch::Receiver<u64>,
}

/// What came of the last look at a node.
#[derive(Debug)]
struct Seen {
    reading: Reading,
    /// When the look began: what it says may have been so already then.
    begun: Instant,
}

/// What is known of a node at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// What it answered; once that is too old, that it is silent and since when.
    pub reading: Reading,
    /// How long ago the last look at it began that came to an end; `None` before the first.
    pub age: Option<Duration>,
    /// Whether that is too long ago to say anything.
    pub stale: bool,
    /// How many looks at it came to an end.
    pub looks: u64,
}

impl Watch {
    /// Begins to look at all nodes.
    #[must_use]
    pub fn start(cluster: &Cluster, pace: Pace) -> Self {
        let mut tasks = JoinSet::new();
        let start = tokio::time::Instant::now();
        let nodes = cluster.nodes().iter().map(|node| {
            let seen = Arc::new(Mutex::new(None));
            let (tell, looked) = watch::channel(0);
            let each = Each { node: node.clone(), deadline: cluster.deadline(), start, every: pace.every };
            tasks.spawn(look(each, Arc::clone(&seen), tell));
            Watched { name: node.name().to_owned(), address: node.dsn().address.to_string(), seen, looked }
        });
        Self { nodes: nodes.collect(), pace, deadline: cluster.deadline(), _tasks: tasks }
    }

    /// Waits until every node was looked at once, for the cluster's deadline at most: a look at a node that is slow with each
    /// statement takes many times that, and says nothing of the others.
    pub async fn first(&self) {
        let all = async {
            for node in &self.nodes {
                // The task that would tell lives as long as this.
                let _ = node.looked.clone().wait_for(|looks| *looks > 0).await;
            }
        };
        // What was not looked at yet is said to be so.
        let _ = tokio::time::timeout(self.deadline, all).await;
    }

    /// Returns what is known of every node now.
    #[must_use]
    pub fn sights(&self) -> Vec<Sight> {
        let sight = |node: &Watched| {
            let seen = node.seen.lock().unwrap_or_else(PoisonError::into_inner);
            let seen = seen.as_ref().map(|seen| (&seen.reading, seen.begun.elapsed()));
            let Watched { name, address, seen: _, looked } = node;
            Sight { looks: *looked.borrow(), ..sight(name, address, seen, self.pace.max_age) }
        };
        self.nodes.iter().map(sight).collect()
    }

    /// Returns how often it looks, and for how long an answer counts.
    #[must_use]
    pub fn pace(&self) -> Pace {
        self.pace
    }
}

/// A node, and when to look at it.
struct Each {
    node: Node,
    deadline: Duration,
    start: tokio::time::Instant,
    every: Duration,
}

/// Looks at one node for ever.
async fn look(each: Each, seen: Arc<Mutex<Option<Seen>>>, tell: watch::Sender<u64>) {
    let Each { node, deadline, start, every } = each;
    let mut ticks = tokio::time::interval_at(start, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut last = None;
    loop {
        ticks.tick().await;
        let begun = Instant::now();
        let outcome = match look_anew(&node, deadline).await {
            // What its counters grew by since the last look: a second one at once would say less.
            Ok(looked) => Outcome::Answered(Box::new(grown(&mut last, looked))),
            Err(error) => {
                last = None;
                failed(&error)
            }
        };
        let reading = Reading::of(&node, outcome);
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(Seen { reading, begun });
        tell.send_modify(|looks| *looks += 1);
    }
}

/// Decides what a look that lies back some time still says.
fn sight(name: &str, address: &str, seen: Option<(&Reading, Duration)>, max_age: Duration) -> Sight {
    let silent =
        |reason| Reading { node: name.to_owned(), address: address.to_owned(), outcome: Outcome::Silent(reason) };
    match seen {
        None => Sight { reading: silent("it has not been looked at yet".to_owned()), age: None, stale: true, looks: 0 },
        Some((_, age)) if age > max_age => {
            let reason = format!(
                "it was last looked at {} s ago, and an answer counts for {}",
                age.as_secs(),
                humantime::format_duration(max_age)
            );
            Sight { reading: silent(reason), age: Some(age), stale: true, looks: 0 }
        }
        Some((reading, age)) => Sight { reading: reading.clone(), age: Some(age), stale: false, looks: 0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::{NodeVerdict, judge};

    #[tokio::test]
    async fn one_that_is_slow_keeps_nobody_waiting_for_longer_than_the_deadline() {
        let watched = |name: &str, seen| {
            let (tell, looked) = watch::channel(0);
            (
                tell,
                Watched { name: name.to_owned(), address: "h:1".to_owned(), seen: Arc::new(Mutex::new(seen)), looked },
            )
        };
        let reading =
            Reading { node: "n1".to_owned(), address: "h:1".to_owned(), outcome: Outcome::Answered(Box::default()) };
        let (fast, n1) = watched("n1", Some(Seen { reading, begun: Instant::now() }));
        let (slow, n2) = watched("n2", None);
        let pace = Pace { every: Duration::from_secs(600), max_age: Duration::from_secs(1200) };
        let patience = Duration::from_secs(60);
        let mut watch =
            Watch { nodes: vec![n2, n1], pace, deadline: Duration::from_millis(20), _tasks: JoinSet::new() };
        fast.send_modify(|looks| *looks += 1);
        tokio::time::timeout(patience, watch.first()).await.expect("the deadline ends it");
        let sights = watch.sights();
        let told: Vec<_> =
            sights.iter().map(|sight| (&*sight.reading.node, sight.age.is_some(), sight.looks)).collect();
        assert_eq!(told, [("n2", false, 0), ("n1", true, 1)]);
        let report = judge(&[sights[0].reading.clone()]);
        assert_eq!(report.nodes[0].reason.as_deref(), Some("it has not been looked at yet"));

        // Within the deadline all are waited for.
        watch.deadline = patience;
        let mut first = std::pin::pin!(watch.first());
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut first).await.is_err(), "n2 was not looked at");
        slow.send_modify(|looks| *looks += 1);
        tokio::time::timeout(patience, first).await.expect("all were looked at");
    }

    #[test]
    fn what_is_too_old_says_nothing_any_more() {
        let taken = super::super::probe::Taken::default();
        let reading = |outcome| Reading { node: "n1".to_owned(), address: "h:1".to_owned(), outcome };
        let (answered, refused) =
            (reading(Outcome::Answered(Box::new(taken))), reading(Outcome::Refused("no rights".to_owned())));
        let (second, most) = (Duration::from_secs(1), Duration::from_secs(10));
        // Name, what was seen and how long ago, then: whether it is too old, and what is said.
        let cases = [
            ("never", None, true, Some("it has not been looked at yet")),
            ("just now", Some((&answered, second)), false, None),
            ("at the limit", Some((&answered, most)), false, None),
            (
                "beyond it",
                Some((&answered, most + second)),
                true,
                Some("it was last looked at 11 s ago, and an answer counts for 10s"),
            ),
            ("refused just now", Some((&refused, second)), false, Some("no rights")),
            (
                "refused long ago",
                Some((&refused, most * 2)),
                true,
                Some("it was last looked at 20 s ago, and an answer counts for 10s"),
            ),
        ];
        for (name, seen, stale, said) in cases {
            let sight = sight("n1", "h:1", seen, most);
            assert_eq!((sight.stale, sight.age), (stale, seen.map(|(_, age)| age)), "{name}");
            assert_eq!((&*sight.reading.node, &*sight.reading.address), ("n1", "h:1"), "{name}");
            let reason = match &sight.reading.outcome {
                Outcome::Answered(_) => None,
                Outcome::Refused(reason) | Outcome::Silent(reason) => Some(reason.as_str()),
            };
            assert_eq!(reason, said, "{name}");
            if stale {
                let report = judge(&[sight.reading]);
                assert_eq!((report.nodes[0].verdict, report.nodes[0].usable), (NodeVerdict::Down, false), "{name}");
            }
        }
    }
}
