//! The configuration file: where it is looked for, and what stands in it.
//!
//! The top level is the cluster `default`; each `[clusters.NAME]` is a cluster with the same keys. A cluster takes
//! nothing over from another or from the top level, so that no table, key or password is used where it was not meant.
//! Paths in the file are relative to the file's folder; `~/` is the home directory.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use csqlstore::Place;
use csqlstore::cluster::dsn::{TlsOptions, Verify};
use toml::de::DeTable;
use zeroize::Zeroizing;

use super::clustersql;
use super::env::Surroundings;
use super::error::{Error, What, is_name};
use super::origin::{Origin, Setting};
use super::toml_file::{Item, One, Source};
use super::trust::exposed;

/// The name of the cluster at the top level of a file, and of the only one where there is no file.
pub(crate) const DEFAULT_CLUSTER: &str = "default";

const CLUSTER_KEYS: [&str; 7] = ["nodes", "table", "timeout", "key_file", "names", "password_file", "defaults_file"];
const TOP_KEYS: [&str; 10] =
    ["nodes", "table", "timeout", "key_file", "names", "password_file", "defaults_file", "cluster", "clusters", "tls"];
const TLS_KEYS: [&str; 4] = ["ca", "cert", "key", "verify"];

/// What stands in a configuration file.
pub(super) struct ConfigFile {
    pub(super) path: PathBuf,
    pub(super) cluster: Option<Setting<String>>,
    pub(super) top: Section,
    pub(super) clusters: BTreeMap<String, Section>,
    pub(super) tls: BTreeMap<String, TlsOptions>,
    pub(super) warnings: Vec<String>,
    mode: Option<u32>,
}

/// What a file says of one cluster.
#[derive(Default)]
pub(super) struct Section {
    pub(super) nodes: Vec<Setting<Entry>>,
    pub(super) table: Option<Setting<String>>,
    pub(super) timeout: Option<Setting<Duration>>,
    pub(super) key_files: Option<Setting<Vec<PathBuf>>>,
    pub(super) names: Option<Setting<Vec<String>>>,
    pub(super) password_file: Option<Setting<PathBuf>>,
    pub(super) defaults_file: Option<Setting<PathBuf>>,
}

/// A node as the file has it.
pub(super) enum Entry {
    /// `[NAME=]DSN`.
    Text(Zeroizing<String>),
    /// A name and a DSN, put together of clustersql's fields.
    Fields { name: Option<String>, dsn: Zeroizing<String> },
}

/// Finds and reads the configuration file: `flag`, then `$CSQLSTORE_CONFIG`, then the three usual places.
///
/// Returns what to warn of beside it.
pub(super) fn find(flag: Option<&Path>, around: &Surroundings<'_>) -> Result<(Option<ConfigFile>, Vec<String>), Error> {
    let named = match flag {
        Some(path) => Some((path.to_owned(), Origin::Flag("--config"))),
        None => around.path("CSQLSTORE_CONFIG").map(|path| (path, Origin::Environment("CSQLSTORE_CONFIG"))),
    };
    if let Some((path, origin)) = named {
        let path = around.absolute(&path);
        if !path.try_exists().unwrap_or(true) {
            return Err(Error::Missing { what: What::Config, path, origin, place: Place::here() });
        }
        return Ok((Some(read(path, around)?), Vec::new()));
    }
    let [here, own, _] = around.usual_files();
    for path in [here, own].into_iter().flatten() {
        match path.metadata() {
            Ok(found) if !found.is_file() => {
                let reason = "is not a regular file";
                return Err(Error::Content { what: What::Config, path, reason, place: Place::here() });
            }
            Err(error) if is_absent(&error) => {}
            // One that is there and cannot be read is not passed over: the next might name another cluster.
            _ => return Ok((Some(read(path, around)?), Vec::new())),
        }
    }
    match read(around.system_file().to_owned(), around) {
        Ok(file) => Ok((Some(file), Vec::new())),
        Err(Error::Read { source, .. }) if is_absent(&source) => Ok((None, Vec::new())),
        // Whoever has no right to the machine's own configuration can still decode a cookie; nothing comes after it.
        Err(Error::Read { source, path, .. }) if source.kind() == io::ErrorKind::PermissionDenied => {
            Ok((None, vec![format!("`{}` may not be read by this user, and is not used", path.display())]))
        }
        Err(error) => Err(error),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn read(path: PathBuf, around: &Surroundings<'_>) -> Result<ConfigFile, Error> {
    let read = around.trust().read(What::Config, &path)?;
    let mut file = parse(&path, &read.text, around)?;
    file.mode = read.mode;
    Ok(file)
}

impl ConfigFile {
    /// Returns what to say if everyone may read or write the file, which is known to hold a password.
    pub(super) fn exposed(&self) -> Option<String> {
        exposed(What::Config, &self.path, self.mode).map(|exposure| exposure.to_string())
    }

    /// Returns the folder that the file's relative paths begin in.
    pub(super) fn folder(&self) -> &Path {
        folder_of(&self.path)
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

fn parse(path: &Path, text: &str, around: &Surroundings<'_>) -> Result<ConfigFile, Error> {
    let source = Source { path, text };
    let content = source.parse()?;
    let reader = Reader { source, around };
    let mut file = ConfigFile {
        path: path.to_owned(),
        cluster: None,
        top: Section::default(),
        clusters: BTreeMap::new(),
        tls: BTreeMap::new(),
        warnings: Vec::new(),
        mode: None,
    };
    let items = source.items("", &content);
    let of_clustersql = items.iter().any(|item| clustersql::nodes(item).is_some());
    for item in items {
        match item.key {
            _ if clustersql::nodes(&item).is_some() => file.top.nodes = clustersql::read(&item)?,
            "cluster" => file.cluster = Some(item.string()?.try_map(|text, _| Ok::<_, Error>(text.to_owned()))?),
            "clusters" => {
                for cluster in source.items("clusters", item.table()?) {
                    let section = reader.cluster(&cluster)?;
                    file.clusters.insert(cluster.key.to_owned(), section);
                }
            }
            "tls" => {
                for tls in source.items("tls", item.table()?) {
                    let options = reader.tls(&tls, &mut file.warnings)?;
                    file.tls.insert(tls.key.to_owned(), options);
                }
            }
            _ if reader.cluster_key(&item, &mut file.top)? => {}
            // The Go program that the file was written for passes over what it does not know.
            _ if of_clustersql => file.warnings.push(format!(
                "`{}` line {}: a key that has no meaning here is not used",
                path.display(),
                item.line()
            )),
            _ => return Err(item.unknown(&TOP_KEYS)),
        }
    }
    Ok(file)
}

struct Reader<'a> {
    source: Source<'a>,
    around: &'a Surroundings<'a>,
}

impl<'a> Reader<'a> {
    fn cluster(&self, cluster: &Item<'a>) -> Result<Section, Error> {
        named(cluster)?;
        if cluster.key == DEFAULT_CLUSTER {
            return Err(cluster.wrong("a cluster of another name: the top level of the file is the cluster `default`"));
        }
        let name = format!("clusters.{}", cluster.key);
        let mut section = Section::default();
        for item in self.source.items(&name, cluster.table()?) {
            if !self.cluster_key(&item, &mut section)? {
                return Err(item.unknown(&CLUSTER_KEYS));
            }
        }
        Ok(section)
    }

    /// Takes a key of a cluster; `false` if it is none.
    fn cluster_key(&self, item: &Item<'_>, section: &mut Section) -> Result<bool, Error> {
        match item.key {
            "nodes" => {
                let secret = |text: &str| Entry::Text(Zeroizing::new(text.to_owned()));
                let texts = item.strings(One::Refused)?.value;
                section.nodes = texts.into_iter().map(|text| Setting::new(secret(text.value), text.origin)).collect();
            }
            "table" => section.table = Some(owned(item.string()?)),
            "timeout" => section.timeout = Some(item.string()?.try_map(timeout)?),
            "key_file" => {
                let paths = item.strings(One::Allowed)?;
                let list = paths.value.iter().map(|path| self.path(path.value)).collect();
                section.key_files = Some(Setting::new(list, paths.origin));
            }
            "names" => {
                let names = item.strings(One::Allowed)?;
                let list = names.value.into_iter().map(|name| name.value.to_owned()).collect();
                section.names = Some(Setting::new(list, names.origin));
            }
            "password_file" => section.password_file = Some(self.path_of(item)?),
            "defaults_file" => section.defaults_file = Some(self.path_of(item)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn tls(&self, tls: &Item<'a>, warnings: &mut Vec<String>) -> Result<TlsOptions, Error> {
        named(tls)?;
        let name = format!("tls.{}", tls.key);
        let mut options = TlsOptions { verify: Verify::Identity, ca: None, cert: None, key: None };
        let content: &DeTable<'_> = tls.table()?;
        for item in self.source.items(&name, content) {
            match item.key {
                "ca" => options.ca = Some(self.path_of(&item)?.value),
                "cert" => options.cert = Some(self.path_of(&item)?.value),
                "key" => options.key = Some(self.path_of(&item)?.value),
                "verify" => {
                    options.verify = match item.string()?.value {
                        "identity" => Verify::Identity,
                        "ca" => Verify::Ca,
                        "none" => Verify::None,
                        _ => return Err(item.wrong("\"identity\", \"ca\" or \"none\"")),
                    }
                }
                _ => return Err(item.unknown(&TLS_KEYS)),
            }
        }
        if options.cert.is_some() != options.key.is_some() {
            return Err(tls.wrong("a table with both `cert` and `key`, or neither"));
        }
        if options.verify == Verify::None && options.ca.take().is_some() {
            warnings.push(format!("{}: `ca` is not used where `verify` is \"none\"", tls.origin()));
        }
        Ok(options)
    }

    fn path_of(&self, item: &Item<'_>) -> Result<Setting<PathBuf>, Error> {
        let Setting { value, origin } = item.string()?;
        if value.is_empty() {
            return Err(item.wrong("the path of a file"));
        }
        Ok(Setting::new(self.path(value), origin))
    }

    fn path(&self, text: &str) -> PathBuf {
        self.around.expanded(Path::new(text), folder_of(self.source.path))
    }
}

/// Refuses a table whose name could not be asked for, or not be shown.
fn named(table: &Item<'_>) -> Result<(), Error> {
    if is_name(table.key) { Ok(()) } else { Err(table.wrong("named with letters, digits, `_`, `.` and `-`")) }
}

fn owned(text: Setting<&str>) -> Setting<String> {
    Setting::new(text.value.to_owned(), text.origin)
}

fn timeout(text: &str, origin: &Origin) -> Result<Duration, Error> {
    humantime::parse_duration(text).map_err(|_| Error::Value {
        setting: "`timeout`",
        origin: origin.clone(),
        reason: "is no duration: write it as \"3s\" or \"500ms\"",
        place: Place::here(),
    })
}
