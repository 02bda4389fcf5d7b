//! Settings: flag over environment over file over default, resolved once.
//!
//! A setting is taken whole from the strongest origin that has it: `--node` replaces the file's nodes, `--key-file` its
//! key files. Nothing here connects, and secret files are read only by the two that need them:
//! [`Settings::nodes_or_error`] and [`Settings::read_keys`].

mod accounts;
mod clustersql;
mod env;
mod error;
mod file;
mod keys;
mod nodes;
mod option_file;
mod origin;
#[cfg(test)]
mod tests;
mod toml_file;
mod trust;

use std::path::{Path, PathBuf};
use std::time::Duration;

use csqlstore::Place;
use csqlstore::cluster::dsn::{Dsn, Secret};
use csqlstore::cluster::{self, Cluster};
use csqlstore::schema::Table;

use self::accounts::Accounts;
pub(crate) use self::env::Surroundings;
pub(crate) use self::error::Error;
use self::file::{ConfigFile, DEFAULT_CLUSTER, Section};
pub(crate) use self::keys::{KeySource, Keys};
pub(crate) use self::origin::{Origin, Setting};
pub(crate) use self::trust::Exposure;
use self::trust::Trust;

/// How long a connect or a short answer may take.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(3);

/// What the command line says of the settings.
#[derive(Clone, Debug, Default)]
pub(crate) struct GlobalFlags {
    /// `--config FILE`
    pub(crate) config: Option<PathBuf>,
    /// `--cluster NAME`
    pub(crate) cluster: Option<String>,
    /// `--node [NAME=]DSN`, each
    pub(crate) nodes: Vec<Secret>,
    /// `--table NAME`
    pub(crate) table: Option<String>,
    /// `--timeout DURATION`
    pub(crate) timeout: Option<Duration>,
    /// `--key-file FILE`, each, of commands that verify
    pub(crate) key_files: Vec<PathBuf>,
    /// `--name NAME`, each, of commands that verify
    pub(crate) names: Vec<String>,
}

/// The settings of this run. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The configuration file, if one was found.
    pub(crate) file: Option<PathBuf>,
    /// The name of the cluster.
    pub(crate) cluster: Setting<String>,
    /// The nodes as they are configured, perhaps none, and without passwords from elsewhere: to show, not to connect.
    pub(crate) nodes: Vec<Node>,
    /// The session table.
    pub(crate) table: Setting<Table>,
    /// How long a connect or a short answer may take; never zero.
    pub(crate) timeout: Setting<Duration>,
    /// Names of sessions, which are those of their cookies; perhaps none.
    pub(crate) names: Setting<Vec<String>>,
    /// Where the keys are.
    pub(crate) keys: Keys,
    /// What the person should be told, one sentence each.
    pub(crate) warnings: Vec<String>,
    accounts: Accounts,
    token: Option<Secret>,
    trust: Trust,
    /// The named clusters of the file.
    clusters: Vec<String>,
}

/// A node, and who said so.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) dsn: Dsn,
    pub(crate) origin: Origin,
    /// Where the password comes from, if not from the DSN.
    pub(crate) password: Option<Origin>,
}

impl Settings {
    /// Resolves the settings.
    ///
    /// # Errors
    ///
    /// [`Error`], whose every variant is a wrong configuration. That there is no node is none: commands that work
    /// offline need none.
    pub(crate) fn resolve(flags: &GlobalFlags, around: &Surroundings<'_>) -> Result<Self, Error> {
        let GlobalFlags { config, cluster, nodes, table, timeout, key_files, names } = flags;
        let (file, mut warnings) = file::find(config.as_deref(), around)?;
        let file = file.as_ref();
        warnings.extend(file.iter().flat_map(|file| file.warnings.clone()));

        let cluster = chosen(cluster.as_deref(), file);
        let none = Section::default();
        let section = section(&cluster, file)?.unwrap_or(&none);

        let nodes = nodes::resolve(nodes, section, file, around, &mut warnings)?;
        let keys = keys(key_files, section, around)?;
        let accounts = Accounts::resolve(section, around)?;
        warnings.extend(keys.warnings().iter().map(ToString::to_string));
        warnings.extend(accounts.warnings());
        Ok(Self {
            file: file.map(|file| file.path.clone()),
            nodes,
            table: strongest(table.clone().map(|name| Setting::new(name, Origin::Flag("--table"))), &section.table)
                .map_or_else(|| Ok(Setting::new(Table::default(), Origin::Default)), into_table)?,
            timeout: strongest(timeout.map(|time| Setting::new(time, Origin::Flag("--timeout"))), &section.timeout)
                .map_or_else(|| Ok(Setting::new(DEFAULT_TIMEOUT, Origin::Default)), some_time)?,
            names: self::names(names, section, around)?,
            keys,
            warnings,
            accounts,
            token: around.text("CSQLSTORE_SERVE_TOKEN")?.map(|text| Secret::new(text.as_str())),
            trust: around.trust().clone(),
            clusters: file.map(|file| file.clusters.keys().cloned().collect()).unwrap_or_default(),
            cluster,
        })
    }

    /// Returns the nodes, ready to connect: users and passwords that their DSNs do not name are filled in.
    ///
    /// # Errors
    ///
    /// [`Error::NoNodes`] if there is none anywhere; [`Error::Read`] and [`Error::Content`] of the files that hold
    /// passwords.
    #[track_caller]
    pub(crate) fn nodes_or_error(&self) -> Result<Vec<Node>, Error> {
        if self.nodes.is_empty() {
            let (clusters, file) = (self.clusters.clone(), self.file.clone());
            return Err(Error::NoNodes { clusters, file, place: Place::here() });
        }
        let mut nodes = self.nodes.clone();
        self.accounts.fill(&mut nodes)?;
        Ok(nodes)
    }

    /// Returns the cluster of these nodes, not connected yet.
    ///
    /// # Errors
    ///
    /// As [`nodes_or_error`](Self::nodes_or_error).
    #[track_caller]
    pub(crate) fn cluster_or_error(&self) -> Result<Cluster, Error> {
        let nodes = self.nodes_or_error()?.into_iter().map(|node| cluster::Node::new(node.name, node.dsn)).collect();
        Ok(Cluster::new(self.cluster.value.clone(), nodes, self.timeout.value))
    }

    /// Returns where a DSN without a password gets one from: what it is called, the file if it is one, and who said so.
    pub(crate) fn password_sources(&self) -> Vec<(&'static str, Option<&Path>, &Origin)> {
        self.accounts.sources()
    }

    /// Returns the token that callers of `node serve` have to show, and what to say of its file: the file's that is named,
    /// or else `$CSQLSTORE_SERVE_TOKEN`.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] and [`Error::Content`] of the file.
    pub(crate) fn serve_token(&self, file: Option<&Path>) -> Result<(Option<Secret>, Option<Exposure>), Error> {
        let Some(path) = file else { return Ok((self.token.clone(), None)) };
        let exposure = trust::exposed_on_disk(error::What::Token, path);
        Ok((Some(accounts::one_line(&self.trust, error::What::Token, path)?), exposure))
    }

    /// Reads the key files, or the variable, that keys are to be taken from. An empty answer means that nobody named any.
    ///
    /// # Errors
    ///
    /// [`Error::Read`], [`Error::Content`] and [`Error::Untrusted`] of a key file.
    pub(crate) fn read_keys(&self) -> Result<KeySource, Error> {
        self.keys.read(&self.trust)
    }
}

fn strongest<T: Clone>(first: Option<Setting<T>>, file: &Option<Setting<T>>) -> Option<Setting<T>> {
    first.or_else(|| file.clone())
}

fn chosen(flag: Option<&str>, file: Option<&ConfigFile>) -> Setting<String> {
    let flag = flag.map(|name| Setting::new(name.to_owned(), Origin::Flag("--cluster")));
    strongest(flag, file.map_or(&None, |file| &file.cluster))
        .unwrap_or_else(|| Setting::new(DEFAULT_CLUSTER.to_owned(), Origin::Default))
}

/// Returns the file's section of the chosen cluster, `None` if there is no file and it is the one that needs none.
fn section<'f>(cluster: &Setting<String>, file: Option<&'f ConfigFile>) -> Result<Option<&'f Section>, Error> {
    let named = file.and_then(|file| file.clusters.get(&cluster.value));
    match (named, file) {
        (Some(section), _) => Ok(Some(section)),
        (None, file) if cluster.value == DEFAULT_CLUSTER => Ok(file.map(|file| &file.top)),
        (None, file) => Err(Error::UnknownCluster {
            cluster: cluster.value.clone(),
            origin: cluster.origin.clone(),
            known: file.map(|file| file.clusters.keys().cloned().collect()).unwrap_or_default(),
            file: file.map(|file| file.path.clone()),
            place: Place::here(),
        }),
    }
}

fn into_table(name: Setting<String>) -> Result<Setting<Table>, Error> {
    name.try_map(|name, origin| Table::new(name).map_err(|source| Error::Table { origin: origin.clone(), source }))
}

fn some_time(timeout: Setting<Duration>) -> Result<Setting<Duration>, Error> {
    timeout.try_map(|timeout, origin| {
        if timeout.is_zero() {
            return Err(Error::Value {
                setting: "time-out",
                origin: origin.clone(),
                reason: "is zero, and no answer comes in no time",
                place: Place::here(),
            });
        }
        Ok(timeout)
    })
}

fn keys(flags: &[PathBuf], section: &Section, around: &Surroundings<'_>) -> Result<Keys, Error> {
    if !flags.is_empty() {
        let file = |path: &PathBuf| Setting::new(around.absolute(path), Origin::Flag("--key-file"));
        return Ok(Keys::Files(flags.iter().map(file).collect()));
    }
    if let Some(text) = around.text("CSQLSTORE_KEYS")? {
        return Ok(Keys::Environment(Secret::new(text.as_str())));
    }
    Ok(match &section.key_files {
        Some(Setting { value, origin }) if !value.is_empty() => {
            Keys::Files(value.iter().map(|path| Setting::new(path.clone(), origin.clone())).collect())
        }
        _ => Keys::Nowhere,
    })
}

/// Tells whether a session can have this name: gorilla makes none that is not the name of a cookie (RFC 6265, `token`).
pub(crate) fn is_session_name(name: &str) -> bool {
    let right = |c: char| c.is_ascii_graphic() && !"()<>@,;:\\\"/[]?={}".contains(c);
    !name.is_empty() && name.chars().all(right)
}

fn names(flags: &[String], section: &Section, around: &Surroundings<'_>) -> Result<Setting<Vec<String>>, Error> {
    let names = if !flags.is_empty() {
        Setting::new(flags.to_vec(), Origin::Flag("--name"))
    } else if let Some(text) = around.text("CSQLSTORE_NAMES")? {
        let names = text.split_whitespace().map(str::to_owned).collect();
        Setting::new(names, Origin::Environment("CSQLSTORE_NAMES"))
    } else {
        section.names.clone().unwrap_or_else(|| Setting::new(Vec::new(), Origin::Default))
    };
    names.try_map(|names, origin| {
        if names.iter().all(|name| is_session_name(name)) {
            return Ok(names);
        }
        Err(Error::Value {
            setting: "name of a session",
            origin: origin.clone(),
            reason: "holds what the name of a cookie may not, or is empty",
            place: Place::here(),
        })
    })
}
