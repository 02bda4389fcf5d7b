//! What was waited for, by reason.

use std::time::Duration;

use super::Throttle;

/// A reason to wait, and how often and how long was waited for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Throttles {
    /// The reason, as [`Throttle::reason`].
    pub reason: &'static str,
    /// The node that was the reason.
    pub node: Option<String>,
    /// How many waits there were.
    pub count: u64,
    /// How long they took together.
    pub waited: Duration,
}

impl Throttles {
    /// Counts a wait to those of its reason.
    pub(crate) fn add(all: &mut Vec<Self>, throttle: &Throttle, waited: Duration) {
        let (reason, node) = (throttle.reason(), throttle.node());
        match all.iter_mut().find(|known| known.reason == reason && known.node.as_deref() == node) {
            Some(known) => {
                known.count += 1;
                known.waited += waited;
            }
            None => all.push(Self { reason, node: node.map(str::to_owned), count: 1, waited }),
        }
    }
}
