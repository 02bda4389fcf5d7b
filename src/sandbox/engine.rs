//! What kind of servers a sandbox has.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of servers a sandbox has, and how they hang together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// MariaDB with Galera: every node takes writes.
    #[default]
    Galera,
    /// MySQL Group Replication in its single-primary mode: one node takes writes, and the others would take over.
    GroupReplication,
    /// MySQL Group Replication with every member a primary.
    GroupReplicationMultiPrimary,
    /// One server on its own: MariaDB, or MySQL where a server's tree is given.
    Standalone,
}

impl Engine {
    /// Returns the word for it, which is the same for both modes of Group Replication.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Galera => "galera",
            Self::GroupReplication | Self::GroupReplicationMultiPrimary => "group-replication",
            Self::Standalone => "standalone",
        }
    }

    /// Returns whether the nodes are members of a group.
    #[must_use]
    pub fn is_group(self) -> bool {
        matches!(self, Self::GroupReplication | Self::GroupReplicationMultiPrimary)
    }

    /// Returns how many nodes a sandbox has if nobody says: three where they form a cluster.
    #[must_use]
    pub fn usual_nodes(self) -> u16 {
        if self == Self::Standalone { 1 } else { 3 }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
