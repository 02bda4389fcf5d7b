//! What kind of servers this run is against, and what a test may ask of them.
//!
//! `cargo xtask test --engine ENGINE` says it by `CSQLSTORE_TEST_ENGINE` and `CSQLSTORE_TEST_SERVER_ROOT`; without them
//! it is MariaDB with Galera.

use std::path::PathBuf;
use std::sync::OnceLock;

use csqlstore::sandbox;

/// What kind of servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Three nodes of MariaDB with Galera.
    Galera,
    /// One MySQL.
    MySql,
    /// Three members of Group Replication, one of them the primary.
    Group,
    /// Three members of Group Replication, all primaries.
    Primaries,
}

/// What a test cannot do without; most need nothing of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    /// Galera: its variables, its switches, its behaviour.
    Galera,
    /// MariaDB, whether in a cluster or not.
    MariaDb,
    /// More nodes than one.
    Nodes,
    /// More nodes than one that take writes.
    Writers,
    /// Rows in a table that has no key.
    KeylessRows,
}

impl Engine {
    /// Its name, as xtask takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Galera => "galera",
            Self::MySql => "mysql-9",
            Self::Group => "mysql-9-gr",
            Self::Primaries => "mysql-9-gr-multi",
        }
    }

    /// Whether the servers are members of a group.
    pub fn is_group(self) -> bool {
        matches!(self, Self::Group | Self::Primaries)
    }

    /// What `node status` calls it.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Galera => "galera",
            Self::MySql => "standalone",
            Self::Group | Self::Primaries => "group-replication",
        }
    }

    /// How the sandbox is to be made.
    pub fn options(self) -> sandbox::Options {
        let engine = match self {
            Self::Galera => sandbox::Engine::Galera,
            Self::MySql => sandbox::Engine::Standalone,
            Self::Group => sandbox::Engine::GroupReplication,
            Self::Primaries => sandbox::Engine::GroupReplicationMultiPrimary,
        };
        let server_root = (self != Self::Galera).then(|| {
            let root = std::env::var_os("CSQLSTORE_TEST_SERVER_ROOT");
            PathBuf::from(root.expect("CSQLSTORE_TEST_SERVER_ROOT names the folder of the server"))
        });
        sandbox::Options { engine, server_root, nodes: engine.usual_nodes(), ..sandbox::Options::default() }
    }

    /// Whether it has what a test needs.
    pub fn has(self, needs: Needs) -> bool {
        match needs {
            Needs::Nothing => true,
            Needs::Galera | Needs::MariaDb => self == Self::Galera,
            Needs::Nodes => self != Self::MySql,
            Needs::Writers => matches!(self, Self::Galera | Self::Primaries),
            Needs::KeylessRows => !self.is_group(),
        }
    }
}

/// What kind of servers this run is against.
pub fn engine() -> Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    *ENGINE.get_or_init(|| {
        let name = std::env::var("CSQLSTORE_TEST_ENGINE").unwrap_or_else(|_| "galera".to_owned());
        let all = [Engine::Galera, Engine::MySql, Engine::Group, Engine::Primaries];
        all.into_iter().find(|engine| engine.name() == name).unwrap_or_else(|| panic!("`{name}` is no engine"))
    })
}
