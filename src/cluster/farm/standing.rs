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
