//! Which node gets the work: a pure function of what is known of the nodes.

use std::cmp::Reverse;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::options::Policy;
use super::standing::Standing;

/// What is known of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Its name.
    pub name: &'a str,
    /// How it stands.
    pub standing: Standing,
    /// Its smoothed round trip, where it is known.
    pub latency: Option<Duration>,
}

/// Another node has to be quicker by more than this, and by more than a quarter, to be the nearest instead.
const WORTH_A_CHANGE: Duration = Duration::from_millis(1);

/// Returns the places of all candidates in the order in which they are to be tried.
///
/// Those that are well come first, as the policy ranks them; then those of which nothing is known, or whose ban is over
/// though no probe has found them well; at last those that are banned, the one whose ban ends first before the others.
/// `current` is the node that had the work last, `affinity` what the work is about.
#[must_use]
pub fn pick(
    policy: Policy,
    candidates: &[Candidate],
    current: Option<&str>,
    affinity: Option<&str>,
    now: Instant,
) -> Vec<usize> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    let latency = |at: usize| candidates[at].latency.unwrap_or(Duration::MAX);
    match (policy, affinity) {
        (Policy::Affinity, Some(affinity)) => {
            order.sort_by_cached_key(|&at| Reverse(weight(candidates[at].name, affinity)));
        }
        (Policy::Nearest | Policy::Affinity, _) => {
            order.sort_by_key(|&at| latency(at));
            if let Some(stays) = staying(candidates, &order, current) {
                to_front(&mut order, stays);
            }
        }
        (Policy::Ordered { hold_off }, _) => {
            if let Some(first) = first_again(candidates, current, hold_off, now) {
                to_front(&mut order, first);
            }
        }
        (Policy::Race { .. }, _) => order.sort_by_key(|&at| latency(at)),
    }
    // A stable sort: within each of the three the policy's order stays.
    order.sort_by_key(|&at| match candidates[at].standing {
        Standing::Well { .. } => (0, now),
        Standing::Unknown => (1, now),
        Standing::Banned { until, .. } if until <= now => (1, now),
        Standing::Banned { until, .. } => (2, until),
    });
    order
}

/// The current node, unless another is so much nearer that it is worth the change.
fn staying(candidates: &[Candidate], by_latency: &[usize], current: Option<&str>) -> Option<usize> {
    let at = place(candidates, current?)?;
    let nearest = by_latency.iter().find(|&&at| candidates[at].standing.is_well())?;
    let (own, other) = (candidates[at].latency?, candidates[*nearest].latency.unwrap_or(Duration::MAX));
    let worth = WORTH_A_CHANGE.max(own / 4);
    (other.saturating_add(worth) >= own).then_some(at)
}

/// The first node that is well and, where it stands before the current one, has been so for long enough.
fn first_again(candidates: &[Candidate], current: Option<&str>, hold_off: Duration, now: Instant) -> Option<usize> {
    // Where the current one is out, the first that is well has to do.
    let current = place(candidates, current?).filter(|&at| candidates[at].standing.is_well())?;
    let proven = |candidate: &Candidate| match candidate.standing {
        Standing::Well { since: None, .. } => true,
        Standing::Well { since: Some(since), .. } => now.saturating_duration_since(since) >= hold_off,
        Standing::Unknown | Standing::Banned { .. } => false,
    };
    candidates[..current].iter().position(proven).or(Some(current))
}

fn place(candidates: &[Candidate], name: &str) -> Option<usize> {
    candidates.iter().position(|candidate| candidate.name == name)
}

fn to_front(order: &mut [usize], first: usize) {
    if let Some(at) = order.iter().position(|&it| it == first) {
        order[..=at].rotate_right(1);
    }
}

/// The weight of a node for what the work is about: the heaviest gets it.
///
/// The first eight bytes of SHA-256 over the node's name, a zero byte and the affinity: the same in every process, of
/// any version of this crate, which is the point of it.
///
/// # Source
///
/// Thaler and Ravishankar, "Using name-based mappings to increase hit rates" (1998): rendezvous, or highest random weight.
fn weight(node: &str, affinity: &str) -> u64 {
    let mut hash = Sha256::new();
    hash.update(node);
    hash.update([0]);
    hash.update(affinity);
    hash.finalize().iter().take(8).fold(0, |weight, byte| weight << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::farm::HOLD_OFF;

    const WELL: Standing = Standing::Well { since: None, bans: 0 };
    const SECOND: Duration = Duration::from_secs(1);

    fn node(name: &str, standing: Standing, latency_us: u64) -> Candidate<'_> {
        Candidate { name, standing, latency: Some(Duration::from_micros(latency_us)) }
    }

    fn names<'a>(policy: Policy, candidates: &[Candidate<'a>], current: Option<&str>, now: Instant) -> Vec<&'a str> {
        pick(policy, candidates, current, None, now).into_iter().map(|at| candidates[at].name).collect()
    }

    #[test]
    fn nearest() {
        let now = Instant::now();
        let out = Standing::Banned { since: now, until: now + SECOND, bans: 1 };
        let three = |one, two, three| [node("n1", WELL, one), node("n2", WELL, two), node("n3", WELL, three)];
        for (name, candidates, current, expected) in [
            ("the nearest, then the others by distance", three(900, 300, 600), None, ["n2", "n3", "n1"]),
            ("it stays where it is for a little", three(1_200, 300, 600), Some("n1"), ["n1", "n2", "n3"]),
            ("and for less than a quarter", three(30_000, 23_000, 24_000), Some("n1"), ["n1", "n2", "n3"]),
            ("but not for more", three(30_000, 22_000, 24_000), Some("n1"), ["n2", "n3", "n1"]),
            ("nor for much more than a millisecond", three(3_000, 500, 600), Some("n1"), ["n2", "n3", "n1"]),
            ("a current one that is gone counts for nothing", three(900, 300, 600), Some("n4"), ["n2", "n3", "n1"]),
            (
                "a current one that is banned comes last",
                [node("n1", out, 100), node("n2", WELL, 300), node("n3", WELL, 200)],
                Some("n1"),
                ["n3", "n2", "n1"],
            ),
            (
                "one without a latency is the farthest",
                [Candidate { name: "n1", standing: WELL, latency: None }, node("n2", WELL, 300), node("n3", WELL, 200)],
                None,
                ["n3", "n2", "n1"],
            ),
            (
                "which is nearer among the banned says nothing of how near the current one is",
                [node("n1", WELL, 9_000), node("n2", out, 100), node("n3", WELL, 8_900)],
                Some("n1"),
                ["n1", "n3", "n2"],
            ),
        ] {
            assert_eq!(names(Policy::Nearest, &candidates, current, now), expected, "{name}");
        }
    }

    #[test]
    fn ordered() {
        let now = Instant::now();
        let policy = Policy::Ordered { hold_off: HOLD_OFF };
        let out = Standing::Banned { since: now, until: now + SECOND, bans: 1 };
        let back = |ago: Duration| Standing::Well { since: Some(now - ago), bans: 1 };
        // Latency counts for nothing.
        let three = |one, two, three| [node("n1", one, 9_000), node("n2", two, 100), node("n3", three, 10)];
        for (name, candidates, current, expected) in [
            ("the first", three(WELL, WELL, WELL), None, ["n1", "n2", "n3"]),
            ("the second while the first is out", three(out, WELL, WELL), Some("n1"), ["n2", "n3", "n1"]),
            (
                "it stays there when the first is just back",
                three(back(SECOND), WELL, WELL),
                Some("n2"),
                ["n2", "n1", "n3"],
            ),
            ("and goes back after the hold-off", three(back(HOLD_OFF), WELL, WELL), Some("n2"), ["n1", "n2", "n3"]),
            ("at once to one that was never away", three(WELL, WELL, WELL), Some("n2"), ["n1", "n2", "n3"]),
            (
                "a later one needs no hold-off when there is no other",
                three(out, back(SECOND), out),
                Some("n1"),
                ["n2", "n1", "n3"],
            ),
            (
                "just back is good enough when the current one is out",
                three(back(SECOND), out, WELL),
                Some("n2"),
                ["n1", "n3", "n2"],
            ),
            (
                "the middle one was away for less",
                three(back(SECOND), back(HOLD_OFF), WELL),
                Some("n3"),
                ["n2", "n1", "n3"],
            ),
        ] {
            assert_eq!(names(policy, &candidates, current, now), expected, "{name}");
        }
    }

    #[test]
    fn race() {
        let now = Instant::now();
        let candidates = [node("n1", WELL, 300), node("n2", WELL, 100), node("n3", Standing::Unknown, 10)];
        let policy = Policy::named("race").unwrap();
        assert_eq!(names(policy, &candidates, Some("n1"), now), ["n2", "n1", "n3"], "nobody has a right to be first");
    }

    #[test]
    fn where_none_is_well() {
        let now = Instant::now();
        let banned = |until| Standing::Banned { since: now - SECOND, until, bans: 1 };
        let candidates = [
            node("late", banned(now + 9 * SECOND), 1),
            node("soon", banned(now + SECOND), 900),
            node("over", banned(now), 500),
            node("new", Standing::Unknown, 700),
        ];
        for policy in Policy::NAMES.map(|name| Policy::named(name).unwrap()) {
            let order = names(policy, &candidates, Some("late"), now);
            assert_eq!(order[2..], ["soon", "late"], "{policy:?}: the ban that ends first");
            assert!(order[..2].contains(&"over") && order[..2].contains(&"new"), "{policy:?}: {order:?}");
        }
        assert!(names(Policy::Nearest, &[], None, now).is_empty());
    }

    #[test]
    fn affinity_is_the_same_everywhere_and_always() {
        let now = Instant::now();
        let choose = |nodes: &[&'static str], id: &str| {
            let candidates: Vec<Candidate> = nodes.iter().map(|name| node(name, WELL, 1)).collect();
            nodes[pick(Policy::Affinity, &candidates, Some("n3"), Some(id), now)[0]]
        };
        // What other processes of other versions choose, too: these must never change.
        for (id, expected) in [("2026-11-22T01:02:03Z12345", "n1"), ("2026-11-22T01:02:03.5Z54321", "n3"), ("", "n3")] {
            for nodes in [["n1", "n2", "n3"], ["n3", "n1", "n2"]] {
                assert_eq!(choose(&nodes, id), expected, "{id:?}");
            }
        }
        // Even shares, and only the sessions of the node that goes move.
        let ids: Vec<String> = (0..3000).map(|n| format!("2026-11-22T01:02:03Z{n:05}")).collect();
        let mut shares = std::collections::BTreeMap::new();
        for id in &ids {
            let (of_three, of_two) = (choose(&["n1", "n2", "n3"], id), choose(&["n1", "n3"], id));
            *shares.entry(of_three).or_insert(0) += 1;
            assert!(of_three == of_two || of_three == "n2", "{id}");
        }
        assert!(shares.values().all(|share| (900..1100).contains(share)), "{shares:?}");
    }

    #[test]
    fn affinity_of_nothing_is_the_nearest() {
        let candidates = [node("n1", WELL, 300), node("n2", WELL, 100)];
        assert_eq!(names(Policy::Affinity, &candidates, None, Instant::now()), ["n2", "n1"]);
    }
}
