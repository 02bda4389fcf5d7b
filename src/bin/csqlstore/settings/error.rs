//! Why the settings cannot be used. All of it is the fault of the configuration: exit 2.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use csqlstore::cluster::dsn::DsnError;
use csqlstore::{Place, schema};

use super::origin::Origin;

/// Why the settings cannot be used.
///
/// No message repeats a value of a file or a variable that may hold a password or a key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Error {
    /// A file that was asked for is not there.
    #[error("{what} `{}`, named by {origin}, does not exist", path.display())]
    Missing { what: What, path: PathBuf, origin: Origin, place: Place },
    /// A file cannot be read.
    #[error("reading {what} `{}` failed", path.display())]
    Read { what: What, path: PathBuf, source: io::Error, place: Place },
    /// A file that is far too long, is no text, or is no file.
    #[error("{what} `{}` {reason}", path.display())]
    Content { what: What, path: PathBuf, reason: &'static str, place: Place },
    /// A file in the working folder that somebody else could have put there or changed.
    #[error("{what} `{}` is not trusted: {distrust}", path.display())]
    Untrusted { what: What, path: PathBuf, distrust: Distrust, place: Place },
    /// The file is no TOML.
    #[error("`{}` is not valid TOML, at line {line}: {message}", path.display())]
    Syntax { path: PathBuf, line: usize, message: String, place: Place },
    /// A key that means nothing.
    #[error("`{}` has an unknown key {key} in line {line}", path.display())]
    UnknownKey {
        path: PathBuf,
        line: usize,
        key: Key,
        near: Option<&'static str>,
        known: Vec<&'static str>,
        place: Place,
    },
    /// A key has a value of the wrong kind.
    #[error("{key} in `{}` line {line} is to be {expected}", path.display())]
    WrongType { path: PathBuf, line: usize, key: Key, expected: &'static str, place: Place },
    /// A value of the right kind that cannot be.
    #[error("the {setting} of {origin} {reason}")]
    Value { setting: &'static str, origin: Origin, reason: &'static str, place: Place },
    /// An environment variable is not UTF-8 text.
    #[error("the environment variable `{name}` is not UTF-8 text")]
    NotUtf8 { name: &'static str, place: Place },
    /// The password is given twice.
    #[error("both `CSQLSTORE_PASSWORD` and `CSQLSTORE_PASSWORD_FILE` are set")]
    TwoPasswords { place: Place },
    /// An entry of the nodes is no DSN.
    #[error("node {nth} of {origin} cannot be used")]
    Dsn { nth: usize, origin: Origin, source: DsnError },
    /// Two nodes have one name.
    #[error("two nodes are called `{name}`: the second is node {nth} of {origin}")]
    DuplicateNode { name: String, nth: usize, origin: Origin, place: Place },
    /// The session table cannot have this name.
    #[error("the session table of {origin} cannot be used")]
    Table { origin: Origin, source: schema::Error },
    /// No such cluster in the file.
    #[error("there is no cluster `{cluster}`, named by {origin}")]
    UnknownCluster { cluster: String, origin: Origin, known: Vec<String>, file: Option<PathBuf>, place: Place },
    /// Go's `tls=NAME`, and nothing says what NAME is.
    #[error("node `{node}` asks for `tls={name}`, and no `[tls.{name}]` says what that is")]
    UnknownTls { node: String, name: String, file: Option<PathBuf>, place: Place },
    /// There is no node anywhere.
    #[error("no node is configured")]
    NoNodes { clusters: Vec<String>, file: Option<PathBuf>, place: Place },
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Config,
    Keys,
    Password,
    OptionFile,
    Token,
}

/// Why a file in the working folder is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distrust {
    /// It belongs to somebody who is neither us nor root.
    Owner { uid: u32 },
    /// Others than its owner may write it.
    Writable { mode: u32 },
}

/// A key of a TOML file, in the table that holds it.
///
/// `Display` shows it only if it looks like a key: a DSN that was written as one would show its password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Key {
    table: String,
    name: String,
}

impl Key {
    pub(super) fn new(table: &str, name: &str) -> Self {
        Self { table: table.to_owned(), name: name.to_owned() }
    }
}

/// Tells whether a text looks like a name: of a key, a cluster, a TLS configuration.
pub(super) fn is_name(text: &str) -> bool {
    let right = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    !text.is_empty() && text.len() <= 64 && text.chars().all(right)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = is_name(&self.name) && (self.table.is_empty() || is_name(&self.table));
        match (shown, self.table.as_str()) {
            (false, _) => f.write_str("(not shown, since it may hold a secret)"),
            (true, "") => write!(f, "`{}`", self.name),
            (true, table) => write!(f, "`{}` of `{table}`", self.name),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Config => "the configuration file",
            Self::Keys => "the key file",
            Self::Password => "the password file",
            Self::OptionFile => "the option file",
            Self::Token => "the token file",
        })
    }
}

impl fmt::Display for Distrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owner { uid } => write!(f, "it lies in the working folder and belongs to user {uid}"),
            Self::Writable { mode } => {
                write!(f, "it lies in the working folder and others may write it (mode {:03o})", mode & 0o777)
            }
        }
    }
}

impl Error {
    /// Returns where the error was made.
    pub(crate) fn place(&self) -> Place {
        match self {
            Self::Missing { place, .. }
            | Self::Read { place, .. }
            | Self::Content { place, .. }
            | Self::Untrusted { place, .. }
            | Self::Syntax { place, .. }
            | Self::UnknownKey { place, .. }
            | Self::WrongType { place, .. }
            | Self::Value { place, .. }
            | Self::NotUtf8 { place, .. }
            | Self::TwoPasswords { place }
            | Self::DuplicateNode { place, .. }
            | Self::UnknownCluster { place, .. }
            | Self::UnknownTls { place, .. }
            | Self::NoNodes { place, .. } => *place,
            Self::Dsn { source, .. } => source.place(),
            Self::Table { source, .. } => source.place(),
        }
    }

    /// Returns what to do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Untrusted { path, distrust: Distrust::Writable { .. }, .. } => {
                Some(format!("if its content is yours: `chmod go-w {}`", path.display()))
            }
            Self::Untrusted { what: What::Config, distrust: Distrust::Owner { .. }, .. } => {
                Some("read it; if it is right, keep a copy of your own and name that with `--config`".into())
            }
            Self::Untrusted { distrust: Distrust::Owner { .. }, .. } => {
                Some("keep a copy of your own in a folder of your own".into())
            }
            Self::Missing { .. } => Some("a relative path begins in the working folder; is it that of another one?".into()),
            Self::Read { what, path, source, .. } => read_hint(*what, path, source),
            Self::UnknownKey { near: None, known, .. } => {
                let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
                Some(format!("the keys there are {}", known.join(", ")))
            }
            Self::Dsn { source: DsnError::Malformed { .. }, .. } => Some(
                "a password with `@`, `/` or `:` is better kept out of it: CSQLSTORE_PASSWORD, or `%40`, `%2F` and `%3A` in a URL".into(),
            ),
            Self::Value { setting: "time-out", .. } => Some("without it, it is 3s".into()),
            Self::UnknownKey { near: Some(near), .. } => Some(format!("did you mean `{near}`?")),
            Self::Syntax { .. } => {
                Some("texts stand in quotes, and a list in `[` and `]`: `table = \"session_cluster\"`, `nodes = [\"n1=mysql://…\"]`".into())
            }
            Self::TwoPasswords { .. } => Some("unset one of them".into()),
            Self::DuplicateNode { .. } => Some("put a name of its own before the DSN: `n2=mysql://…`".into()),
            Self::UnknownCluster { known, file, .. } => Some(match file {
                None => "no configuration file was found, and only that can name clusters".into(),
                Some(file) => format!("`{}` has {}", file.display(), listed(known)),
            }),
            Self::UnknownTls { name, file, .. } => Some(format!(
                "say it in {}: `[tls.{name}]` with `ca = \"/path/to/ca.pem\"`, or use `tls=true` or `tls=skip-verify`",
                file.as_deref().map_or_else(|| "a `csqlstore.toml`".to_owned(), shown)
            )),
            Self::NoNodes { clusters, file, .. } => Some(no_nodes(clusters, file.as_deref())),
            _ => None,
        }
    }
}

fn read_hint(what: What, path: &Path, source: &io::Error) -> Option<String> {
    if source.kind() != io::ErrorKind::NotFound {
        return None;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Some(match what {
        // It may have been masked on its way.
        What::Keys if ["raw:", "hex:", "base64:"].iter().any(|form| name.starts_with(form)) => {
            "this is to be the name of a file: write the key into one, or set CSQLSTORE_KEYS".into()
        }
        What::Keys => "`csqlstore key generate --out FILE` makes one with a new pair".into(),
        What::Config | What::Password | What::OptionFile | What::Token => {
            "a relative path begins in the working folder, one in a file in that file's folder".into()
        }
    })
}

fn shown(path: &Path) -> String {
    format!("`{}`", path.display())
}

fn listed(clusters: &[String]) -> String {
    let names: Vec<_> = clusters.iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "no named cluster".to_owned() } else { format!("the clusters {}", names.join(", ")) }
}

fn no_nodes(clusters: &[String], file: Option<&Path>) -> String {
    if !clusters.is_empty() {
        return format!(
            "choose one with `--cluster NAME`: {} has {}",
            file.map_or_else(|| "the file".into(), shown),
            listed(clusters)
        );
    }
    let file = file
        .map_or_else(|| "in a configuration file, `csqlstore.toml`".to_owned(), |file| format!("in {}", shown(file)));
    format!(
        "name one with `--node mysql://user@host:3306/database`, list them {file} (`nodes = [\"mysql://…\"]`), which `csqlstore \
         config init` does step by step, or start some on this machine with `csqlstore sandbox up`"
    )
}
