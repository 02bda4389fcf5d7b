//! What is to be written, and how it gets there: all or nothing, readable to its owner alone.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use csqlstore::cluster::Dsn;
use csqlstore::schema::Table;
use zeroize::Zeroizing;

use super::super::super::key;
use super::keys::KeyFile;
use crate::failure::Failure;

/// What was answered.
pub(super) struct Draft {
    /// Names and DSNs.
    pub(super) nodes: Vec<(String, Dsn)>,
    pub(super) table: Table,
    pub(super) names: Vec<String>,
    pub(super) keys: Option<KeyFile>,
}

/// What is in the file's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Old {
    /// Nothing, and nothing that comes there meanwhile is overwritten.
    None,
    /// A file that may go.
    Replaced,
}

impl Draft {
    /// Returns the file's text with `***` for passwords.
    pub(super) fn masked(&self) -> String {
        self.with_dsns(Dsn::masked_url).to_string()
    }

    /// Returns the file's text, passwords included.
    fn text(&self) -> Zeroizing<String> {
        self.with_dsns(|dsn| dsn.expose_url().expose().to_owned())
    }

    fn with_dsns(&self, url: impl Fn(&Dsn) -> String) -> Zeroizing<String> {
        let urls: Vec<Zeroizing<String>> = self.nodes.iter().map(|(_, dsn)| Zeroizing::new(url(dsn))).collect();
        let room = urls.iter().map(|url| url.len() + 128).sum::<usize>();
        let path = self.keys.as_ref().map_or(0, |keys| keys.path().as_os_str().len());
        // In one piece: a text that moved while it grew would leave passwords behind.
        let mut text = Zeroizing::new(String::with_capacity(1024 + room + 8 * path));
        text.push_str(
            "# Written by `csqlstore config init`; `csqlstore config init --example` explains every setting.\n",
        );
        text.push_str("nodes = [\n");
        for ((name, _), url) in self.nodes.iter().zip(&urls) {
            // A name and a URL hold nothing that would have to be escaped.
            for piece in ["    \"", name, "=", url, "\",\n"] {
                text.push_str(piece);
            }
        }
        text.push_str("]\n");
        if self.table != Table::default() {
            text.push_str(&format!("table = {}\n", quoted(self.table.name())));
        }
        if !self.names.is_empty() {
            let names: Vec<String> = self.names.iter().map(|name| quoted(name)).collect();
            text.push_str(&format!("names = [{}]\n", names.join(", ")));
        }
        if let Some(keys) = &self.keys {
            text.push_str(&format!("key_file = {}\n", quoted(&keys.path().to_string_lossy())));
        }
        text
    }

    /// Writes the file, and the keys if they are new ones: both or neither.
    ///
    /// # Errors
    ///
    /// Exit 2 if one of them cannot be written, or is there and was not to be replaced.
    pub(super) fn write(&self, file: &Path, old: Old) -> Result<(), Failure> {
        let made = self.keys.as_ref().and_then(|keys| keys.new_text().zip(keys.made()));
        if let Some((line, path)) = made {
            // A first configuration may be the first file in its folder, and its keys go beside it.
            make_folder(path).map_err(|error| failed(path, &error))?;
            key::create_file(path, line)?;
        }
        self.put(file, old).map_err(|error| {
            if let Some((_, path)) = made {
                // It was made a moment ago, and nothing is signed by it yet.
                let _ = fs::remove_file(path);
            }
            failed(file, &error)
        })
    }

    fn put(&self, file: &Path, old: Old) -> io::Result<()> {
        let folder = make_folder(file)?;
        // Made with the mode 0600, and seen under its name only when all of it is there.
        let mut draft = tempfile::Builder::new().prefix(".csqlstore-").tempfile_in(folder)?;
        draft.write_all(self.text().as_bytes())?;
        draft.as_file().sync_all()?;
        match old {
            Old::None => draft.persist_noclobber(file),
            Old::Replaced => draft.persist(file),
        }?;
        Ok(())
    }
}

/// Makes the folder of a file, if it is not there, and returns it.
fn make_folder(file: &Path) -> io::Result<&Path> {
    let folder = file.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(folder).map(|()| folder)
}

/// Looks early whether a file can be made there, before anything is asked.
///
/// # Errors
///
/// Exit 2 if its folder may not be written to.
pub(super) fn writable(file: &Path) -> Result<(), Failure> {
    if file.is_dir() {
        return Err(Failure::request(format!("`{}` is a folder", file.display())).hint("name a file in it"));
    }
    let there = file.ancestors().skip(1).find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    rustix::fs::access(there, rustix::fs::Access::WRITE_OK).map_err(|error| failed(file, &error.into()))
}

#[track_caller]
fn failed(file: &Path, error: &io::Error) -> Failure {
    let failure = Failure::request(format!("the file `{}` cannot be written", file.display()));
    let hint = match error.kind() {
        io::ErrorKind::AlreadyExists => "it came while you were asked; look at it, and begin anew",
        _ => "name another file with `--config FILE`",
    };
    Failure { causes: vec![error.to_string()], ..failure }.hint(hint)
}

/// Writes a text as TOML does.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Returns a path as it is put into the file: whole, so that it is found from everywhere.
pub(super) fn absolute(path: &str, folder: &Path) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => folder.join(path),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn draft(keys: Option<KeyFile>) -> Draft {
        let dsn = |text| Dsn::parse(text).unwrap().dsn;
        let nodes = vec![
            ("n1".to_owned(), dsn("app:Pl4nted\"@tcp(db1:3306)/web?tls=true")),
            ("n2".to_owned(), dsn("app:Pl4nted\"@tcp(db2:3306)/web")),
        ];
        Draft { nodes, table: Table::new("sessions").unwrap(), names: vec!["sid".to_owned()], keys }
    }

    #[test]
    fn what_is_shown_is_what_is_written_without_the_passwords() {
        let draft = draft(Some(KeyFile::There(PathBuf::from("/etc/my \"keys\""))));
        assert_eq!(draft.masked().replace("***", "Pl4nted%22"), *draft.text());
        assert!(!draft.masked().contains("Pl4nted"));
        let text = draft.text().clone();
        let table: toml::Table = text.parse().unwrap();
        assert_eq!(table["key_file"].as_str(), Some("/etc/my \"keys\""));
        assert_eq!(table["nodes"].as_array().map(Vec::len), Some(2));
        assert_eq!((table["table"].as_str(), table["names"][0].as_str()), (Some("sessions"), Some("sid")));
    }

    #[test]
    fn both_files_are_written_or_neither() {
        let folder = tempfile::tempdir().unwrap();
        let (file, keys) = (folder.path().join("deep/csqlstore.toml"), folder.path().join("keys"));
        let new = || KeyFile::New { path: keys.clone(), line: Zeroizing::new("raw:new".to_owned()) };
        draft(Some(new())).write(&file, Old::None).unwrap();
        for path in [&file, &keys] {
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
        }
        // The file is there: the keys that were made before it go again.
        fs::remove_file(&keys).unwrap();
        assert!(draft(Some(new())).write(&file, Old::None).is_err());
        assert!(!keys.exists());
        draft(None).write(&file, Old::Replaced).unwrap();
        assert!(!fs::read_to_string(&file).unwrap().contains("key_file"));
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
        // Keys that are there are nobody's to overwrite.
        fs::write(&keys, "raw:old\n").unwrap();
        assert!(draft(Some(new())).write(&file, Old::Replaced).is_err());
        assert_eq!(fs::read_to_string(&keys).unwrap(), "raw:old\n");
    }

    #[test]
    fn a_folder_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(writable(folder.path()).is_err());
        assert!(writable(&folder.path().join("new/deeper/csqlstore.toml")).is_ok());
    }
}
