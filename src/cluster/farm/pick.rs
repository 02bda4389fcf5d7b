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
