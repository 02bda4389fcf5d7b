//! How long after its end a lease may be taken over, by what is known of the nodes' clocks.

use std::fmt;
use std::time::Duration;

use crate::cluster::{Clocks, Refusal};

/// The shortest margin: what clocks drift, and statements take, between two looks.
pub const MARGIN: Duration = Duration::from_secs(5);
/// The margin where the clock of some node is not known: clocks that are further apart would be noticed by all who use
/// the sessions.
pub const BLIND_MARGIN: Duration = Duration::from_secs(60);

/// How long after its end, by the clock of whoever wants it, a lease counts as run out, and why so long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Margin {
    /// How long.
    pub length: Duration,
    /// How far the clocks that are known are apart at most.
    pub spread: Duration,
    /// Whose clocks are not known, and why: a node and a reason each.
    pub unmeasured: Vec<String>,
}

impl Default for Margin {
    /// [`MARGIN`], before any clock was asked for.
    fn default() -> Self {
        Self { length: MARGIN, spread: Duration::ZERO, unmeasured: Vec::new() }
    }
}

impl Margin {
    /// Works out the margin: [`MARGIN`], the spread of the clocks if that is more, and [`BLIND_MARGIN`] if that is more
    /// and there is a node whose clock is not known.
    #[must_use]
    pub fn of(clocks: &Clocks) -> Self {
        let mut unmeasured: Vec<String> =
            clocks.unknown.iter().map(|Refusal { node, reason, .. }| format!("`{node}` ({reason})")).collect();
        match clocks.unlisted {
            0 => {}
            1 => unmeasured.push("a member of the cluster that is not configured".to_owned()),
            more => unmeasured.push(format!("{more} members of the cluster that are not configured")),
        }
        let spread = clocks.spread();
        let least = if unmeasured.is_empty() { MARGIN } else { BLIND_MARGIN };
        Self { length: spread.max(least), spread, unmeasured }
    }
}

impl fmt::Display for Margin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { length, spread, unmeasured } = self;
        write!(f, "{:.0} s", length.as_secs_f64().ceil())?;
        if spread == length {
            write!(f, ", which is how far the nodes' clocks may be apart")?;
        } else if !unmeasured.is_empty() {
            write!(f, ", because of clocks that could not be read: {}", unmeasured.join(", ").escape_debug())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Place;
    use crate::cluster::{Class, Clock};

    fn clocks(offsets_ms: &[i64], down: &[&str], unlisted: u64) -> Clocks {
        let clock = |offset_ms: &i64| {
            let clock = Clock { offset_us: offset_ms * 1000, uncertainty: Duration::from_millis(50) };
            ("n".to_owned(), clock)
        };
        let refusal = |node: &&str| Refusal {
            node: (*node).to_owned(),
            reason: "Connection refused".into(),
            code: None,
            obstacle: None,
            class: Class::Node,
            place: Place::here(),
        };
        Clocks { known: offsets_ms.iter().map(clock).collect(), unknown: down.iter().map(refusal).collect(), unlisted }
    }

    #[test]
    fn the_margin_outlasts_what_the_clocks_may_be_apart_and_what_nobody_knows() {
        for (name, clocks, expected_ms) in [
            ("alike", clocks(&[0, 3, -2], &[], 0), 5_000),
            ("apart, and less than the least", clocks(&[0, 4_000], &[], 0), 5_000),
            ("apart", clocks(&[0, 20_000, 3], &[], 0), 20_100),
            ("a node is down", clocks(&[0, 3], &["n3"], 0), 60_000),
            ("a member is not configured", clocks(&[0], &[], 2), 60_000),
            ("down, and far apart", clocks(&[0, -90_000], &["n3"], 0), 90_100),
            ("none is known", clocks(&[], &["n1", "n2"], 0), 60_000),
        ] {
            assert_eq!(Margin::of(&clocks).length, Duration::from_millis(expected_ms), "{name}");
        }
    }

    #[test]
    fn what_is_not_known_is_said() {
        for (clocks, expected) in [
            (clocks(&[0, 3], &[], 0), "5 s"),
            (clocks(&[0, 20_000], &[], 0), "21 s, which is how far the nodes' clocks may be apart"),
            (
                clocks(&[0], &["n3"], 1),
                "60 s, because of clocks that could not be read: `n3` (Connection refused), a member of the cluster \
                 that is not configured",
            ),
        ] {
            assert_eq!(Margin::of(&clocks).to_string(), expected);
        }
    }
}
