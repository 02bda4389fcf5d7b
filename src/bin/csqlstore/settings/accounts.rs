//! Passwords and users for the nodes whose DSNs name none.

use std::path::{Path, PathBuf};

use csqlstore::Place;
use csqlstore::cluster::dsn::Secret;

use super::Node;
use super::env::Surroundings;
use super::error::{Error, What};
use super::file::Section;
use super::option_file::{self, Account};
use super::origin::{Origin, Setting};
use super::trust::{Trust, exposed_on_disk};

/// Where a password is kept.
#[derive(Clone, Debug)]
enum Kept {
    Here(Secret),
    File(PathBuf),
}

/// Where passwords and users come from, for DSNs without one.
///
/// The files are read only when a node is wanted: decoding a cookie needs no right to them.
#[derive(Clone, Debug)]
pub(super) struct Accounts {
    password: Option<Setting<Kept>>,
    option_file: Option<Setting<PathBuf>>,
    trust: Trust,
}

impl Accounts {
    /// Finds out where to look: `$CSQLSTORE_PASSWORD` or `$CSQLSTORE_PASSWORD_FILE`, the file's `password_file`, its
    /// `defaults_file`.
    pub(super) fn resolve(section: &Section, around: &Surroundings<'_>) -> Result<Self, Error> {
        let text = around.text("CSQLSTORE_PASSWORD")?;
        let file = around.path("CSQLSTORE_PASSWORD_FILE").map(|path| around.absolute(&path));
        let password = match (text, file, &section.password_file) {
            (Some(_), Some(_), _) => return Err(Error::TwoPasswords { place: Place::here() }),
            (Some(text), None, _) => {
                Some(Setting::new(Kept::Here(Secret::new(text.as_str())), Origin::Environment("CSQLSTORE_PASSWORD")))
            }
            (None, Some(path), _) => {
                Some(Setting::new(Kept::File(path), Origin::Environment("CSQLSTORE_PASSWORD_FILE")))
            }
            (None, None, Some(file)) => Some(Setting::new(Kept::File(file.value.clone()), file.origin.clone())),
            (None, None, None) => None,
        };
        Ok(Self { password, option_file: section.defaults_file.clone(), trust: around.trust().clone() })
    }

    /// Returns where a DSN without a password gets one from, and what is shown of it: the name of a file.
    pub(super) fn sources(&self) -> Vec<(&'static str, Option<&Path>, &Origin)> {
        let password = self.password.iter().map(|Setting { value, origin }| match value {
            Kept::File(path) => ("password_file", Some(path.as_path()), origin),
            Kept::Here(_) => ("password", None, origin),
        });
        let options = self.option_file.iter().map(|file| ("defaults_file", Some(file.value.as_path()), &file.origin));
        password.chain(options).collect()
    }

    /// Returns what to say of files that everyone may read.
    pub(super) fn warnings(&self) -> Vec<String> {
        let password = match &self.password {
            Some(Setting { value: Kept::File(path), .. }) => exposed_on_disk(What::Password, path),
            _ => None,
        };
        let options = self.option_file.as_ref().and_then(|file| exposed_on_disk(What::OptionFile, &file.value));
        password.into_iter().chain(options).map(|exposure| exposure.to_string()).collect()
    }

    /// Gives each node the user and the password that its DSN does not name.
    pub(super) fn fill(&self, nodes: &mut [Node]) -> Result<(), Error> {
        let without_user = nodes.iter().any(|node| node.dsn.user.is_empty());
        let without_password = nodes.iter().any(|node| node.dsn.password.is_none());
        let mut account = Account::default();
        if let Some(file) = self.option_file.as_ref().filter(|_| {
            // Not read for a password that another source gives.
            without_user || (without_password && self.password.is_none())
        }) {
            account = option_file::parse(&self.trust.read(What::OptionFile, &file.value)?.text);
        }
        let password = match &self.password {
            Some(kept) if without_password => Some(Setting::new(self.secret(&kept.value)?, kept.origin.clone())),
            Some(_) => None,
            None => account
                .password
                .zip(self.option_file.as_ref())
                .map(|(password, file)| Setting::new(password, Origin::File { path: file.value.clone(), line: None })),
        };
        for node in nodes {
            if let (true, Some(user)) = (node.dsn.user.is_empty(), &account.user) {
                node.dsn.user.clone_from(user);
            }
            if let (None, Some(password)) = (&node.dsn.password, &password) {
                node.dsn.password = Some(password.value.clone());
                node.password = Some(password.origin.clone());
            }
        }
        Ok(())
    }

    fn secret(&self, kept: &Kept) -> Result<Secret, Error> {
        match kept {
            Kept::Here(secret) => Ok(secret.clone()),
            Kept::File(path) => one_line(&self.trust, What::Password, path),
        }
    }
}

/// Reads a file that holds one secret in one line.
pub(super) fn one_line(trust: &Trust, what: What, path: &Path) -> Result<Secret, Error> {
    let content = |reason| Error::Content { what, path: path.to_owned(), reason, place: Place::here() };
    let read = trust.read(what, path)?;
    let secret = read.text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(content("is empty"));
    }
    if secret.contains(['\r', '\n']) {
        return Err(content("has more than one line"));
    }
    Ok(Secret::new(secret))
}
