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
    /// MySQL, whether in a group or not.
    AnyMySql,
    /// One MySQL, in no group.
    MySql,
    /// Group Replication.
    Group,
    /// Group Replication with one primary.
    OnePrimary,
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
        // A MariaDB is the first that PATH finds.
        let server_root = (self != Self::Galera).then(|| {
            let root = std::env::var_os("CSQLSTORE_TEST_SERVER_ROOT");
            PathBuf::from(root.expect("CSQLSTORE_TEST_SERVER_ROOT names the folder of the server"))
        });
        sandbox::Options { engine, server_root, nodes: engine.usual_nodes(), ..sandbox::Options::default() }
    }

    /// The statement that lets a session of root's wait for the other nodes, where there are any.
    pub fn waiting(self) -> Option<&'static str> {
        match self {
            Self::MySql => None,
            Self::Galera => Some("SET SESSION wsrep_sync_wait=15"),
            Self::Group | Self::Primaries => Some("SET SESSION group_replication_consistency='BEFORE'"),
        }
    }

    /// The statement that keeps what a session of root's does from the other nodes.
    pub fn alone(self) -> &'static str {
        if self == Self::Galera { "SET SESSION wsrep_on = OFF" } else { "SET SESSION sql_log_bin = OFF" }
    }

    /// The right that small row images need.
    pub fn right_to_set_row_image(self) -> &'static str {
        if self == Self::Galera { "BINLOG ADMIN" } else { "SESSION_VARIABLES_ADMIN" }
    }

    /// The variable that lets no table be without a primary key.
    pub fn key_required(self) -> &'static str {
        if self == Self::Galera { "innodb_force_primary_key" } else { "sql_require_primary_key" }
    }

    /// The service that it is, where a system's packages put it.
    pub fn service(self) -> &'static str {
        if self == Self::Galera { "mariadb" } else { "mysql" }
    }

    /// How the server calls an event that another node is to run.
    pub fn elsewhere(self) -> &'static str {
        if self == Self::Galera { "SLAVESIDE_DISABLED" } else { "REPLICA_SIDE_DISABLED" }
    }

    /// Returns the node itself if there is one of that name, else the first.
    pub fn existing(self, node: &str) -> &str {
        if self.has(Needs::Nodes) { node } else { "n1" }
    }

    /// Returns the node itself if it takes writes, else the first, which does.
    pub fn writable(self, node: &str) -> &str {
        if self.has(Needs::Writers) { node } else { "n1" }
    }

    /// Whether it has what a test needs.
    pub fn has(self, needs: Needs) -> bool {
        match needs {
            Needs::Nothing => true,
            Needs::Galera | Needs::MariaDb => self == Self::Galera,
            Needs::Nodes => self != Self::MySql,
            Needs::Writers => matches!(self, Self::Galera | Self::Primaries),
            Needs::KeylessRows => !self.is_group(),
            Needs::AnyMySql => self != Self::Galera,
            Needs::MySql => self == Self::MySql,
            Needs::Group => self.is_group(),
            Needs::OnePrimary => self == Self::Group,
        }
    }
}

/// What kind of servers this run is against.
pub fn engine() -> Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    *ENGINE.get_or_init(|| {
        let name = std::env::var("CSQLSTORE_TEST_ENGINE").unwrap_or_else(|_| "galera".to_owned());
        if name == "mariadb-11" {
            // Its tests are the same; which of the two is found is a matter of PATH.
            return Engine::Galera;
        }
        let all = [Engine::Galera, Engine::MySql, Engine::Group, Engine::Primaries];
        all.into_iter().find(|engine| engine.name() == name).unwrap_or_else(|| panic!("`{name}` is no engine"))
    })
}
