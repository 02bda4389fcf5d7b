//! How a node stands: well, banned, or not yet known.

use std::time::{Duration, Instant};

use crate::backoff;

/// How a node stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// It has not been looked at yet.
    #[default]
    Unknown,
    /// It may take work: its last probe found no objection, and nothing went wrong since.
    Well {
        /// When it came back; `None` if it was never away.
        since: Option<Instant>,
        /// How many bans went before, one close upon the other.
        bans: u32,
    },
    /// Something went wrong on it, or it objects. It is not used while another one is well.
    Banned {
        /// When the ban began.
        since: Instant,
        /// When it ends.
        until: Instant,
        /// How many bans there were, one close upon the other, this one included: from 1.
        bans: u32,
    },
}

/// The shortest ban: nobody notices it, and a node that is merely full is less so after it.
pub const SHORTEST_BAN: Duration = Duration::from_millis(250);
/// The longest.
pub const LONGEST_BAN: Duration = Duration::from_secs(30);

impl Standing {
    /// Returns the standing after something went wrong on the node.
    ///
    /// Bans double from [`SHORTEST_BAN`] to [`LONGEST_BAN`], each between half and all of that (never less than the
    /// shortest), so that many processes do not come back at one moment. A node that was well for as long as the longest
    /// ban begins anew. What goes wrong during a ban, on work that was begun before, is the same trouble and changes nothing.
    #[must_use]
    pub fn banned(self, now: Instant) -> Self {
        let before = match self {
            Self::Banned { until, .. } if until > now => return self,
            Self::Banned { bans, .. } => bans,
            Self::Well { since: Some(since), bans } if now.saturating_duration_since(since) < LONGEST_BAN => bans,
            Self::Well { .. } | Self::Unknown => 0,
        };
        let length = backoff::jittered(backoff::doubled(SHORTEST_BAN, before, LONGEST_BAN)).max(SHORTEST_BAN);
        Self::Banned { since: now, until: now + length, bans: before.saturating_add(1) }
    }

    /// Returns the standing after a probe that was begun at some moment and found no objection.
    ///
    /// It ends every ban but one that is younger than the shortest: what went wrong a moment ago is not proven wrong by an
    /// answer of the same moment.
    #[must_use]
    pub fn cleared(self, probed: Instant, now: Instant) -> Self {
        match self {
            Self::Unknown => Self::Well { since: None, bans: 0 },
            Self::Well { .. } => self,
            Self::Banned { since, .. } if probed < since + SHORTEST_BAN => self,
            Self::Banned { bans, .. } => Self::Well { since: Some(now), bans },
        }
    }

    /// Returns whether the node may take work.
    #[must_use]
    pub fn is_well(&self) -> bool {
        matches!(self, Self::Well { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(standing: Standing) -> Duration {
        match standing {
            Standing::Banned { since, until, .. } => until - since,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn bans_grow_from_the_shortest_to_the_longest_and_never_beyond() {
        let mut now = Instant::now();
        let mut standing = Standing::Unknown;
        for doublings in 0..12 {
            standing = standing.banned(now);
            let most = backoff::doubled(SHORTEST_BAN, doublings, LONGEST_BAN);
            let length = length(standing);
            assert!(length <= most && length >= (most / 2).max(SHORTEST_BAN), "{doublings}: {length:?}");
            now += length;
        }
        assert!(length(standing) >= LONGEST_BAN / 2);
    }

    #[test]
    fn bans_are_not_all_of_one_length() {
        let now = Instant::now();
        let worse = Standing::Banned { since: now, until: now, bans: 9 };
        let first = length(worse.banned(now));
        assert!((0..100).any(|_| length(worse.banned(now)) != first));
    }

    #[test]
    fn trouble_during_a_ban_does_not_make_it_longer() {
        let now = Instant::now();
        let banned = Standing::Unknown.banned(now);
        assert_eq!(banned.banned(now + SHORTEST_BAN / 2), banned);
    }

    #[test]
    fn what_a_node_was_before_decides_how_long_it_is_banned() {
        let now = Instant::now();
        let (ago, long_ago) = (now - LONGEST_BAN / 2, now - LONGEST_BAN);
        for (name, before, expected) in [
            ("never looked at", Standing::Unknown, 1),
            ("never away", Standing::Well { since: None, bans: 0 }, 1),
            ("back a moment ago", Standing::Well { since: Some(ago), bans: 4 }, 5),
            ("back for long", Standing::Well { since: Some(long_ago), bans: 4 }, 1),
            ("a ban that is over", Standing::Banned { since: ago, until: now, bans: 2 }, 3),
            ("many", Standing::Banned { since: ago, until: now, bans: u32::MAX }, u32::MAX),
        ] {
            let Standing::Banned { bans, until, .. } = before.banned(now) else { panic!("{name}") };
            assert_eq!(bans, expected, "{name}");
            assert!(until > now, "{name}");
        }
    }

    #[test]
    fn a_good_probe_ends_a_ban_that_is_older_than_the_shortest() {
        let now = Instant::now();
        let banned = Standing::Banned { since: now, until: now + LONGEST_BAN, bans: 7 };
        let soon = now + SHORTEST_BAN / 2;
        assert_eq!(banned.cleared(soon, soon + SHORTEST_BAN), banned, "the probe was begun too early");
        let later = now + SHORTEST_BAN;
        assert_eq!(banned.cleared(later, later), Standing::Well { since: Some(later), bans: 7 });
        let well = Standing::Well { since: None, bans: 0 };
        assert_eq!(Standing::Unknown.cleared(now, now), well);
        assert_eq!(well.cleared(now, now), well);
    }
}
