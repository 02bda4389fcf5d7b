//! What a command works with: the settings, resolved once.

use std::time::Duration;

use csqlstore::cluster::dsn::NamedDsn;
use csqlstore::cluster::{Cluster, Node};
use csqlstore::schema::Table;
use csqlstore::securecookie::Keyring;

use crate::cli::GlobalArgs;
use crate::commands::verify::VerifyArgs;
use crate::failure::{Failure, Status};
use crate::keys;
use crate::stop::Stop;
use crate::ui::Ui;

/// The settings and what follows from them.
pub(crate) struct Context {
    cluster: Cluster,
    table: Table,
    stop: Stop,
}

impl Context {
    /// Resolves the settings: flag, environment, file, default.
    pub(crate) fn resolve(global: &GlobalArgs, stop: Stop, _ui: &Ui) -> Result<Self, Failure> {
        let table = global.table.clone().map_or_else(|| Ok(Table::default()), Table::new)?;
        let timeout = global.timeout.map_or(Duration::from_secs(3), Into::into);
        let listed = std::env::var("CSQLSTORE_NODES").unwrap_or_default();
        let entries: Vec<&str> = match global.nodes.as_slice() {
            [] => listed.split_whitespace().collect(),
            given => given.iter().map(String::as_str).collect(),
        };
        let mut nodes = Vec::new();
        for entry in entries {
            let named = NamedDsn::parse(entry).map_err(|e| Failure::of(Status::Request, &e, e.place()))?;
            nodes.push(Node::new(named.name, named.dsn));
        }
        Ok(Self { cluster: Cluster::new("default", nodes, timeout), table, stop })
    }

    /// Returns the cluster.
    ///
    /// # Errors
    ///
    /// Exit 2, with a hint where nodes are configured, if there is no node.
    #[track_caller]
    pub(crate) fn cluster(&self) -> Result<&Cluster, Failure> {
        if self.cluster.nodes().is_empty() {
            return Err(Failure::request("no node is configured").hint(
                "name one with `--node mysql://user@host/database`, list them in `csqlstore.toml`, or start some with `csqlstore sandbox up`",
            ));
        }
        Ok(&self.cluster)
    }

    /// Returns the session table.
    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    /// Returns the keys to verify with.
    ///
    /// # Errors
    ///
    /// Exit 2 if there is none, or a keyring does not parse.
    #[track_caller]
    pub(crate) fn keyring(&self, verify: &VerifyArgs, ui: &Ui) -> Result<Keyring, Failure> {
        keys::keyring(&verify.key_files, ui)
    }

    /// Returns the session names to verify under.
    pub(crate) fn names(&self, verify: &VerifyArgs) -> Vec<String> {
        keys::names(&verify.names)
    }

    /// Tells whether the program was asked to stop.
    pub(crate) fn stop(&self) -> &Stop {
        &self.stop
    }
}
