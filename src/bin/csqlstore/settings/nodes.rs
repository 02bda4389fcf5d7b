//! Which nodes there are.

use std::path::{Path, PathBuf};

use csqlstore::Place;
use csqlstore::cluster::dsn::{Dsn, NamedDsn, Parsed, Secret, Tls};

use super::Node;
use super::env::Surroundings;
use super::error::Error;
use super::file::{ConfigFile, Entry, Section};
use super::origin::Origin;

/// Resolves the nodes: `flags`, else `$CSQLSTORE_NODES`, else the file's.
pub(super) fn resolve(
    flags: &[Secret],
    section: &Section,
    file: Option<&ConfigFile>,
    around: &Surroundings<'_>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Node>, Error> {
    let mut list = List { nodes: Vec::new(), file, warnings };
    if !flags.is_empty() {
        for entry in flags {
            list.entry(entry.expose(), Origin::Flag("--node"), around.folder())?;
        }
    } else if let Some(text) = around.text("CSQLSTORE_NODES")? {
        for entry in text.split_whitespace() {
            list.entry(entry, Origin::Environment("CSQLSTORE_NODES"), around.folder())?;
        }
    } else if let Some(file) = file {
        for entry in &section.nodes {
            let origin = entry.origin.clone();
            match &entry.value {
                Entry::Text(text) => list.entry(text, origin, file.folder())?,
                Entry::Fields { name, dsn } => list.fields(name.as_deref(), dsn, origin)?,
            }
        }
        let with_password = list.nodes.iter().any(|node| node.dsn.password.as_ref().is_some_and(is_some_secret));
        let exposed = file.exposed().filter(|_| with_password);
        list.warnings.extend(exposed);
    }
    Ok(list.nodes)
}

fn is_some_secret(password: &Secret) -> bool {
    !password.expose().is_empty()
}

struct List<'a> {
    nodes: Vec<Node>,
    file: Option<&'a ConfigFile>,
    warnings: &'a mut Vec<String>,
}

impl List<'_> {
    /// Adds `[NAME=]DSN`, whose relative paths begin in `folder`.
    fn entry(&mut self, text: &str, origin: Origin, folder: &Path) -> Result<(), Error> {
        let nth = self.nodes.len() + 1;
        let named = NamedDsn::parse(text);
        let NamedDsn { name, mut dsn, warnings } =
            named.map_err(|source| Error::Dsn { nth, origin: origin.clone(), source })?;
        if let Tls::Required(options) = &mut dsn.tls {
            for path in [&mut options.ca, &mut options.cert, &mut options.key] {
                *path = path.take().map(|path| folder.join(path));
            }
        }
        self.add(name, Parsed { dsn, warnings }, origin)
    }

    fn fields(&mut self, name: Option<&str>, text: &str, origin: Origin) -> Result<(), Error> {
        let nth = self.nodes.len() + 1;
        let parsed = Dsn::parse(text).map_err(|source| Error::Dsn { nth, origin: origin.clone(), source })?;
        let name = name.map_or_else(|| parsed.dsn.address.to_string(), str::to_owned);
        self.add(name, parsed, origin)
    }

    fn add(&mut self, name: String, parsed: Parsed, origin: Origin) -> Result<(), Error> {
        let Parsed { mut dsn, warnings } = parsed;
        if self.nodes.iter().any(|node| node.name == name) {
            return Err(Error::DuplicateNode { name, nth: self.nodes.len() + 1, origin, place: Place::here() });
        }
        if let Tls::Named(tls) = &dsn.tls {
            dsn.tls = Tls::Required(self.file.and_then(|file| file.tls.get(tls)).cloned().ok_or_else(|| {
                let file: Option<PathBuf> = self.file.map(|file| file.path.clone());
                Error::UnknownTls { node: name.clone(), name: tls.clone(), file, place: Place::here() }
            })?);
        }
        self.warnings.extend(warnings.iter().map(|warning| format!("node `{name}` of {origin}: {warning}")));
        self.nodes.push(Node { name, dsn, origin, password: None });
        Ok(())
    }
}
