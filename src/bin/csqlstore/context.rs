//! What a command works with: the settings, resolved once.

use std::sync::OnceLock;

use csqlstore::cluster::Cluster;
use csqlstore::schema::Table;
use csqlstore::securecookie::Keyring;

use crate::cli::GlobalArgs;
use crate::commands::verify::KeyArgs;
use crate::failure::Failure;
use crate::keys::{self, LocatedKeys};
use crate::settings::{GlobalFlags, Keys, Origin, Settings, Surroundings};
use crate::stop::Stop;
use crate::ui::{Ui, kept_by};

/// The settings and what follows from them.
pub(crate) struct Context {
    settings: Settings,
    /// Made when it is first wanted: only then are passwords read.
    cluster: OnceLock<Cluster>,
    stop: Stop,
}

impl Context {
    /// Resolves the settings: flag, environment, file, default.
    ///
    /// # Errors
    ///
    /// Exit 2 if a flag, a variable or the file says what cannot be.
    pub(crate) fn resolve(
        global: &GlobalArgs,
        keys: Option<&KeyArgs>,
        names: &[String],
        stop: Stop,
        ui: &Ui,
    ) -> Result<Self, Failure> {
        let flags = GlobalFlags {
            config: global.config.clone(),
            cluster: global.cluster.clone(),
            nodes: global.nodes.clone(),
            table: global.table.clone(),
            timeout: global.timeout.map(Into::into),
            key_files: keys.map(|keys| keys.key_files.clone()).unwrap_or_default(),
            names: names.to_vec(),
        };
        let settings = Settings::resolve(&flags, &Surroundings::of_process(&|name| std::env::var_os(name)))?;
        for warning in &settings.warnings {
            ui.warning(warning);
        }
        // Nodes that were named otherwise are others than the file's.
        let of_file = settings.nodes.iter().all(|node| matches!(node.origin, Origin::File { .. }));
        if let Some(file) = settings.file.as_deref().filter(|_| of_file) {
            kept_by(file);
        }
        Ok(Self { settings, cluster: OnceLock::new(), stop })
    }

    /// Returns the cluster.
    ///
    /// # Errors
    ///
    /// Exit 2, with a hint where nodes are configured, if there is no node, or if the password of one cannot be read.
    #[track_caller]
    pub(crate) fn cluster(&self) -> Result<&Cluster, Failure> {
        if let Some(cluster) = self.cluster.get() {
            return Ok(cluster);
        }
        let cluster = self.settings.cluster_or_error()?;
        Ok(self.cluster.get_or_init(|| cluster))
    }

    /// Returns the settings, to show them.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns the session table.
    pub(crate) fn table(&self) -> &Table {
        &self.settings.table.value
    }

    /// Returns the keys to verify with.
    ///
    /// # Errors
    ///
    /// Exit 2 if there is none, or a keyring does not parse.
    #[track_caller]
    pub(crate) fn keyring(&self, ui: &Ui) -> Result<Keyring, Failure> {
        keys::keyring(&self.settings, ui)
    }

    /// Returns the keys, with where each pair stands.
    ///
    /// # Errors
    ///
    /// As [`keyring`](Self::keyring).
    #[track_caller]
    pub(crate) fn located_keys(&self, ui: &Ui) -> Result<LocatedKeys, Failure> {
        keys::located(&self.settings, ui)
    }

    /// Returns whether somebody said where keys are, so that nobody has to be asked.
    pub(crate) fn has_keys(&self) -> bool {
        !matches!(self.settings.keys, Keys::Nowhere)
    }

    /// Returns the session names to verify under.
    pub(crate) fn names(&self) -> &[String] {
        &self.settings.names.value
    }

    /// Tells whether the program was asked to stop.
    pub(crate) fn stop(&self) -> &Stop {
        &self.stop
    }
}
